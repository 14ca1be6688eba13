// SPDX-License-Identifier: ISC
// One promotion, new or stored: what it does in a sentence, its form, a cart
// to try it on, its coupons and the orders it gave something.
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "react-router";
import type { Schemas } from "../../../api/client";
import { Failure, useProblemText } from "../../../components/Failure";
import { useToast } from "../../../components/Toasts";
import { number, useText } from "../../../i18n";
import { useConfirm } from "../../components/Confirm";
import { DataTable } from "../../components/DataTable";
import { PageHead } from "../../components/PageHead";
import { RecordForm } from "../../components/RecordForm";
import { Badge, Money, When } from "../../components/Shown";
import { fetchRecord, send, useRecord, type Versioned } from "../../record";
import { useMay } from "../../session";
import { Coupons } from "./Coupons";
import { useFields } from "./Fields";
import { Preview } from "./Preview";
import { blank, formOf, path, sentOf, useSentence, type Promotion } from
	"./promotion";

type Formed = Versioned<ReturnType<typeof formOf>>;
const formed = ({ data, etag }: Versioned<Promotion>): Formed =>
	({ data: formOf(data), etag });

function Editor({ stored, etag }: { stored?: Promotion; etag?: string }) {
	const t = useText("panel_promotions");
	const client = useQueryClient();
	const navigate = useNavigate();
	const says = useSentence();
	const fixed = !useMay("promotions.write");
	const fields = useFields(stored);
	const own = `${path}/${stored?.id}`;
	return (
		<RecordForm<Formed> name="promotion" id={stored?.id} fields={fields}
			stored={stored ? formOf(stored) : blank} etag={etag} fixed={fixed}
			save={async ({ changes, values, etag: version }) =>
				formed(stored
					? await send<Promotion>("PATCH", own, sentOf({
						kind: values.kind, ...changes }), version)
					: await send<Promotion>("POST", path, sentOf(values)))}
			fetch={stored && (async () =>
				formed(await fetchRecord<Promotion>(own)))}
			saved={(now) => {
				void client.invalidateQueries({ queryKey: ["list"] });
				client.setQueryData(["record", `${path}/${now.data.id}`], now);
				if (!stored)
					void navigate(`/promotions/${now.data.id}`,
						{ replace: true });
			}}>
			{(values) => <>
				<p role="status" className="alert alert-soft mb-4 text-base">
					{says({ ...stored ? formOf(stored) : {}, ...values },
						values.segment_id === (stored?.segment?.id ?? null)
							? stored?.segment?.name : undefined)}</p>
				{stored && stored.orders > 0 && !fixed &&
					<p className="mb-4 text-sm">{t("used.fixed")}</p>}
				<Preview draft={values} id={stored?.id} />
			</>}
		</RecordForm>
	);
}

type Use = Schemas["PromotionUses"]["items"][number];

function Uses({ of }: { of: string }) {
	const t = useText("panel_promotions");
	const orders = useMay("orders.read");
	return (
		<section className="mt-8">
			<h2 className="mb-2">{t("uses")}</h2>
			<DataTable<Use> name="promotion-uses" label={t("uses")}
				path={`${path}/${of}/uses`} empty={t("uses.none")}
				rowKey={(use) => use.order_id} rowName={(use) => use.number}
				to={orders ? (use) => `/orders/${use.order_id}` : undefined}
				columns={[
					{ key: "order", title: t("order"), always: true,
						cell: (use) => use.number },
					{ key: "code", title: t("coupon.code"),
						cell: ({ code }) => code ?? "–" },
					{ key: "amount", title: t("given"), figure: true,
						cell: ({ amount }) => <Money of={amount} /> },
					{ key: "at", title: t("at"), cell: ({ at }) =>
						<When at={at} /> }]} />
		</section>
	);
}

function useActs(promotion: Promotion, etag?: string) {
	const t = useText("panel_promotions");
	const panel = useText("panel");
	const client = useQueryClient();
	const navigate = useNavigate();
	const toast = useToast();
	const problem = useProblemText();
	const [dialog, confirm] = useConfirm();
	const own = `${path}/${promotion.id}`;
	const failed = (error: unknown) => toast(problem(error), "error");
	const turn = async (active: boolean, version?: string) => {
		const now = await send<Promotion>("PATCH", own, { active }, version);
		client.setQueryData(["record", own], now);
		void client.invalidateQueries({ queryKey: ["list"] });
		return now;
	};
	const toggle = async () => {
		const { active } = promotion;
		const now = await turn(!active, etag);
		toast(t(active ? "switched.off" : "switched.on"), "success", {
			text: panel("undo"),
			act: () => void turn(active, now.etag).catch(failed) });
	};
	const remove = async () => {
		if (!await confirm({ act: t("delete"), danger: true,
			title: t("delete.title", { name: promotion.name }),
			text: t("delete.text") }))
			return;
		await send("DELETE", own, undefined, etag);
		toast(t("deleted"));
		await client.invalidateQueries({ queryKey: ["list"] });
		await navigate("/promotions");
	};
	return { dialog, toggle: () => void toggle().catch(failed),
		remove: () => void remove().catch(failed) };
}

function Stored({ promotion, etag }: { promotion: Promotion;
	etag?: string }) {
	const t = useText("panel_promotions");
	const may = useMay("promotions.write");
	const { dialog, toggle, remove } = useActs(promotion, etag);
	return (
		<>
			<PageHead title={promotion.name} back={[{ to: "/promotions",
				text: t("promotions") }]} beside={<Badge
				state={promotion.state} text={t(`state.${promotion.state}`)} />}
			actions={may && <>
				<button type="button" className="btn btn-sm" onClick={toggle}>
					{t(promotion.active ? "switch.off" : "switch.on")}</button>
				{promotion.orders === 0 && <button type="button"
					className="btn btn-sm" onClick={remove}>
					{t("delete")}</button>}
			</>} />
			<p className="mb-4 text-sm">{t("orders")}{": "}
				{number(promotion.orders)}{" · "}{t("given")}{": "}
				<Money of={promotion.given} /></p>
			<Editor key={promotion.id} stored={promotion} etag={etag} />
			{(promotion.needs_coupon || promotion.coupons > 0) &&
				<Coupons of={promotion.id} />}
			<Uses of={promotion.id} />
			{dialog}
		</>
	);
}

export default function PromotionPage() {
	const { id = "new" } = useParams();
	const t = useText("panel_promotions");
	const common = useText("common");
	const found = useRecord<Promotion>(`${path}/${id}`, id !== "new");
	if (id === "new")
		return (
			<>
				<PageHead title={t("new")} back={[{ to: "/promotions",
					text: t("promotions") }]} />
				<Editor />
			</>
		);
	if (found.error)
		return <Failure error={found.error} retry={found.refetch} />;
	return found.data
		? <Stored promotion={found.data.data} etag={found.data.etag} />
		: <p role="status">{common("loading")}</p>;
}
