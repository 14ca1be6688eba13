// SPDX-License-Identifier: ISC
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "react-router";
import type { Schemas } from "../../../api/client";
import { Failure, useProblemText } from "../../../components/Failure";
import { useToast } from "../../../components/Toasts";
import { useText } from "../../../i18n";
import { useConfirm } from "../../components/Confirm";
import { PageHead } from "../../components/PageHead";
import { RecordForm, type FieldSpec } from "../../components/RecordForm";
import type { Values } from "../../components/fields";
import { fetchRecord, send, useRecord, type Versioned } from "../../record";
import { useMay } from "../../session";
import { useShopCurrency } from "../../shop";

type Reward = Schemas["ManagedReward"];
const path = "/api/loyalty/manage/rewards";
const kinds = ["amount_off", "percent_off", "free_shipping"] as const;
const tiers = ["bronze", "silver", "gold", "platinum", "diamond"];
const blank = { name: "", about: "", kind: "amount_off", amount: null,
	percent: null, cost: null, tier: "bronze", starts_at: null, ends_at: null,
	active: true };

function useFields(): FieldSpec[] {
	const t = useText("panel_loyalty");
	const currency = useShopCurrency();
	return [
		{ name: "name", label: t("name"), required: true, max: 100,
			wide: true },
		{ name: "about", label: t("about"), kind: "textarea", rows: 2,
			max: 1000, empty: "" },
		{ name: "kind", label: t("kind"), kind: "select", required: true,
			options: kinds.map((kind) => [kind, t(`kind.${kind}`)] as const) },
		{ name: "amount", label: t("amount"), kind: "money", currency, min: 0,
			required: true, when: ({ kind }) => kind === "amount_off" },
		{ name: "percent", label: t("percent"), kind: "number", min: 0.01,
			max: 100, step: "any", required: true,
			when: ({ kind }) => kind === "percent_off" },
		{ name: "cost", label: t("cost"), kind: "number", min: 1,
			max: 100000000, required: true },
		{ name: "tier", label: t("from"), kind: "select", required: true,
			options: tiers.map((tier) => [tier, tier[0]!.toUpperCase() +
				tier.slice(1)] as const) },
		{ name: "starts_at", label: t("starts_at"), kind: "datetime" },
		{ name: "ends_at", label: t("ends_at"), kind: "datetime" },
		{ name: "active", label: t("active"), kind: "check" },
	];
}

/** What another kind had is cleared with it. */
const sent = (said: Values, kind: unknown): Values => ({ ...said,
	...kind === "amount_off" ? {} : { amount: null },
	...kind === "percent_off" ? {} : { percent: null } });

function Editor({ stored, etag }: { stored?: Reward; etag?: string }) {
	const client = useQueryClient();
	const navigate = useNavigate();
	const fixed = !useMay("loyalty.write");
	const fields = useFields();
	const own = `${path}/${stored?.id}`;
	return (
		<RecordForm<Versioned<Reward>> name="reward" id={stored?.id}
			stored={stored ?? blank} etag={etag} fields={fields} fixed={fixed}
			save={({ changes, values, etag: version }) => stored
				? send("PATCH", own, sent(changes, values.kind), version)
				: send("POST", path, sent(values, values.kind))}
			fetch={stored && (() => fetchRecord(own))}
			saved={(now) => {
				void client.invalidateQueries({ queryKey: ["list"] });
				client.setQueryData(["record", `${path}/${now.data.id}`], now);
				if (!stored)
					void navigate(`/loyalty/rewards/${now.data.id}`,
						{ replace: true });
			}} />
	);
}

function Remove({ reward, etag }: { reward: Reward; etag?: string }) {
	const t = useText("panel_loyalty");
	const client = useQueryClient();
	const navigate = useNavigate();
	const toast = useToast();
	const problem = useProblemText();
	const [dialog, confirm] = useConfirm();
	const remove = async () => {
		if (!await confirm({ act: t("delete"), danger: true,
			title: t("delete.title", { name: reward.name }) }))
			return;
		try {
			await send("DELETE", `${path}/${reward.id}`, undefined, etag);
			toast(t("deleted"));
			await client.invalidateQueries({ queryKey: ["list"] });
			await navigate("/loyalty");
		} catch (error) {
			toast(problem(error), "error");
		}
	};
	return <>
		<button type="button" className="btn btn-sm"
			onClick={() => void remove()}>{t("delete")}</button>
		{dialog}
	</>;
}

export default function RewardPage() {
	const { id = "new" } = useParams();
	const t = useText("panel_loyalty");
	const common = useText("common");
	const may = useMay("loyalty.write");
	const found = useRecord<Reward>(`${path}/${id}`, id !== "new");
	const reward = found.data?.data;
	const back = [{ to: "/loyalty", text: t("loyalty") }];
	if (id === "new")
		return <><PageHead title={t("reward.new")} back={back} /><Editor /></>;
	if (found.error)
		return <Failure error={found.error} retry={found.refetch} />;
	return reward ? (
		<>
			<PageHead title={reward.name} back={back} actions={may &&
				reward.used === 0 && <Remove reward={reward}
				etag={found.data?.etag} />} />
			<Editor key={reward.id} stored={reward} etag={found.data?.etag} />
		</>
	) : <p role="status">{common("loading")}</p>;
}
