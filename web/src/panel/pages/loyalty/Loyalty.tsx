// SPDX-License-Identifier: ISC
// Tiers, and the rewards that points buy.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { call, type Schemas } from "../../../api/client";
import { Failure } from "../../../components/Failure";
import { TextArea } from "../../../components/Field";
import { number, useText } from "../../../i18n";
import { Dialog } from "../../components/Confirm";
import { DataTable } from "../../components/DataTable";
import { PageHead } from "../../components/PageHead";
import { RecordForm } from "../../components/RecordForm";
import { Badge, Money, When } from "../../components/Shown";
import { send } from "../../record";
import { useMay } from "../../session";

type Tier = Schemas["Tier"];
type Reward = Schemas["ManagedReward"];
const tiersPath = "/api/loyalty/tiers";

// Not from the browser's cache: what is changed has its version.
const fetchTiers = async () => (await call<{ items: Tier[] }>(tiersPath,
	{ cache: "no-cache" })).items;

function TierForm({ tier, close }: { tier: Tier; close: () => void }) {
	const t = useText("panel_loyalty");
	const client = useQueryClient();
	return (
		<Dialog title={t("tier", { name: tier.name })} close={close}>
			<RecordForm name="tier" id={tier.code} stored={tier}
				etag={`"${tier.version}"`} cancel={close} fields={[
					{ name: "name", label: t("name"), required: true, max: 50 },
					{ name: "points", label: t("points"), kind: "number",
						min: 1, max: 100000000, required: true,
						fixed: tier.points === 0 },
					{ name: "multiplier", label: t("multiplier"),
						kind: "number", min: 1, max: 10, step: 0.01,
						required: true },
					{ name: "advantages", label: t("advantages"), kind: "own",
						draw: ({ value, set, error }) => <TextArea rows={4}
							label={t("advantages")} error={error}
							hint={t("advantages.hint")}
							value={((value as string[] | null) ?? [])
								.join("\n")} onChange={({ target }) =>
								set(target.value.split("\n"))} /> },
				]}
				save={({ changes, etag }) => send<Tier>("PATCH",
					`/api/loyalty/manage/tiers/${tier.code}`, { ...changes,
						...changes.advantages ? { advantages:
							(changes.advantages as string[]).map((one) =>
								one.trim()).filter(Boolean) } : {} }, etag)}
				fetch={async () => {
					const now = (await fetchTiers()).find(({ code }) =>
						code === tier.code) ?? tier;
					return { data: now, etag: `"${now.version}"` };
				}}
				saved={(now) => {
					client.setQueryData<Tier[]>([tiersPath], (all) =>
						all?.map((one) => one.code === tier.code ? now.data
							: one));
					close();
				}} />
		</Dialog>
	);
}

function Tiers() {
	const t = useText("panel_loyalty");
	const may = useMay("loyalty.write");
	const [open, setOpen] = useState<Tier>();
	const tiers = useQuery({ queryKey: [tiersPath], queryFn: fetchTiers });
	if (tiers.error)
		return <Failure error={tiers.error} retry={tiers.refetch} />;
	return (
		<section className="mb-8">
			<h2 className="mb-1">{t("tiers")}</h2>
			<p className="mb-3 text-sm opacity-80">{t("tiers.text")}</p>
			<ul className="grid gap-3 sm:grid-cols-2 xl:grid-cols-5">
				{tiers.data?.map((tier) => (
					<li key={tier.code} className="flex flex-col rounded-box
						border border-base-300 p-4">
						<h3 className="font-semibold">{tier.name}</h3>
						<p className="text-sm">{tier.points === 0
							? t("tier.first") : t("tier.from",
								{ points: number(tier.points) })}
						{", "}{t("tier.times",
							{ multiplier: number(Number(
								tier.multiplier)) })}</p>
						<ul className="my-2 list-disc pl-5 text-sm">
							{tier.advantages.map((one) => <li key={one}>
								{one}</li>)}</ul>
						{may && <button type="button"
							className="btn btn-sm mt-auto self-start"
							aria-label={t("change.tier", { name: tier.name })}
							onClick={() => setOpen(tier)}>{t("change")}</button>}
					</li>))}
			</ul>
			{open && <TierForm tier={open} close={() => setOpen(undefined)} />}
		</section>
	);
}

function Rewards() {
	const t = useText("panel_loyalty");
	const may = useMay("loyalty.write");
	const tiers = useQuery({ queryKey: [tiersPath],
		queryFn: fetchTiers }).data;
	return (
		<section>
			<div className="mb-2 flex flex-wrap items-center gap-2">
				<h2 className="mr-auto">{t("rewards")}</h2>
				{may && <Link to="/loyalty/rewards/new"
					className="btn btn-primary btn-sm">{t("reward.new")}</Link>}
			</div>
			<DataTable<Reward> name="rewards" label={t("rewards")}
				path="/api/loyalty/manage/rewards" rowKey={({ id }) => id}
				rowName={({ name }) => name} empty={t("rewards.none")}
				to={({ id }) => `/loyalty/rewards/${id}`}
				filters={[{ name: "active", kind: "select",
					label: t("active"), options: [["true", t("active.yes")],
						["false", t("active.no")]] }]}
				rowClass={({ active }) => active ? "" : "opacity-70"}
				columns={[
					{ key: "name", title: t("name"), always: true,
						cell: ({ name }) => name },
					{ key: "kind", title: t("kind"), cell: ({ kind }) =>
						t(`kind.${kind}`) },
					{ key: "amount", title: t("amount"), figure: true,
						cell: (row) => row.percent ? `${row.percent} %`
							: <Money of={row.amount} /> },
					{ key: "cost", title: t("cost"), figure: true,
						cell: ({ cost }) => number(cost) },
					{ key: "tier", title: t("from"), cell: ({ tier }) =>
						tiers?.find((one) => one.code === tier)?.name
						?? tier },
					{ key: "active", title: t("active"),
						cell: ({ active }) => <Badge
							state={active ? "active" : "off"}
							text={t(active ? "active.yes" : "active.no")} /> },
					{ key: "used", title: t("used"), figure: true,
						cell: ({ used }) => number(used) },
					{ key: "ends", title: t("ends_at"), extra: true,
						cell: (row) => <When at={row.ends_at} /> },
				]} />
		</section>
	);
}

export default function Loyalty() {
	const t = useText("panel_loyalty");
	return (
		<>
			<PageHead title={t("loyalty")} />
			<Tiers />
			<Rewards />
		</>
	);
}
