// SPDX-License-Identifier: ISC
// A promotion's coupons: single codes, many at once, and who used them.
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useProblemText } from "../../../components/Failure";
import { useToast } from "../../../components/Toasts";
import { number, useText } from "../../../i18n";
import { Dialog, useConfirm } from "../../components/Confirm";
import { DataTable } from "../../components/DataTable";
import { RecordForm, type FieldSpec } from "../../components/RecordForm";
import { Badge, When } from "../../components/Shown";
import { fetchRecord, send, useRecord } from "../../record";
import { useMay } from "../../session";
import { path, type Coupon } from "./promotion";

const coupons = `${path}/coupons`;

function useLimits(): FieldSpec[] {
	const t = useText("panel_promotions");
	return [
		{ name: "max_uses", label: t("coupon.max_uses"), kind: "number",
			min: 1, max: 100000000, hint: t("coupon.unlimited") },
		{ name: "max_uses_each", label: t("coupon.max_uses_each"),
			kind: "number", min: 1, max: 1000000,
			hint: t("coupon.unlimited") },
		{ name: "starts_at", label: t("starts_at"), kind: "datetime" },
		{ name: "ends_at", label: t("ends_at"), kind: "datetime" },
	];
}

function useAgain() {
	const client = useQueryClient();
	return () => {
		void client.invalidateQueries({ queryKey: ["list"] });
		void client.invalidateQueries({ queryKey: ["record"] });
	};
}

function NewCoupon({ of, close }: { of: string; close: () => void }) {
	const t = useText("panel_promotions");
	const limits = useLimits();
	const again = useAgain();
	return (
		<Dialog title={t("coupon.new")} close={close}>
			<RecordForm name="coupon" id={`new-${of}`} cancel={close}
				stored={{ code: "", max_uses: null, max_uses_each: null,
					starts_at: null, ends_at: null }} act={t("coupon.new")}
				fields={[{ name: "code", label: t("coupon.code"), max: 40,
					required: true, hint: t("coupon.code.hint"), wide: true },
				...limits]}
				save={({ values }) => send<Coupon>("POST",
					`${path}/${of}/coupons`, values)}
				saved={() => {
					again();
					close();
				}} />
		</Dialog>
	);
}

function Bulk({ of, close }: { of: string; close: () => void }) {
	const t = useText("panel_promotions");
	const toast = useToast();
	const limits = useLimits();
	const again = useAgain();
	return (
		<Dialog title={t("coupon.bulk")} close={close}>
			<RecordForm name="coupons" id={`new-${of}`} cancel={close} anyway
				stored={{ count: 100, prefix: "", length: 10, max_uses: 1,
					max_uses_each: null, starts_at: null, ends_at: null }}
				act={t("bulk.make")} done="" fields={[
					{ name: "count", label: t("bulk.count"), kind: "number",
						min: 1, max: 5000, required: true },
					{ name: "length", label: t("bulk.length"), kind: "number",
						min: 6, max: 12, required: true },
					{ name: "prefix", label: t("bulk.prefix"), max: 20,
						empty: "" }, ...limits]}
				save={({ values }) => send<{ batch: string; count: number }>(
					"POST", `${path}/${of}/coupons/bulk`, values)}
				saved={({ data }) => {
					toast(t("bulk.made", { count: number(data.count) }));
					again();
					close();
				}} />
		</Dialog>
	);
}

interface Use { order_id: string; number: string; state: string; at: string }

function One({ id, close, may }: { id: string; close: () => void;
	may: boolean }) {
	const t = useText("panel_promotions");
	const limits = useLimits();
	const again = useAgain();
	const orders = useMay("orders.read");
	const found = useRecord<Coupon>(`${coupons}/${id}`);
	if (!found.data)
		return null;
	const { data, etag } = found.data;
	return (
		<Dialog title={t("coupon", { code: data.code })} close={close} wide>
			<RecordForm name="coupon" id={id} stored={data} etag={etag}
				fixed={!may} fields={[...limits, { name: "active",
					label: t("active"), kind: "check" }]}
				save={({ changes, etag: version }) => send<Coupon>("PATCH",
					`${coupons}/${id}`, changes, version)}
				fetch={() => fetchRecord(`${coupons}/${id}`)}
				saved={again} cancel={close} />
			<h3 className="mt-6 mb-2">{t("coupon.uses")}</h3>
			<DataTable<Use> name="coupon-uses" label={t("coupon.uses")}
				path={`${coupons}/${id}/uses`}
				rowKey={(use) => use.order_id} rowName={(use) => use.number}
				to={orders ? (use) => `/orders/${use.order_id}` : undefined}
				empty={t("coupon.uses.none")} columns={[
					{ key: "order", title: t("order"), always: true,
						cell: (use) => use.number },
					{ key: "state", title: t("state"), cell: ({ state }) =>
						<Badge state={state} text={t(`coupon.${
							state as "held" | "used" | "released"}`)} /> },
					{ key: "at", title: t("at"), cell: ({ at }) =>
						<When at={at} /> }]} />
		</Dialog>
	);
}

/** Those of one batch end together; single ones by one. */
function useEnd(of: string) {
	const t = useText("panel_promotions");
	const toast = useToast();
	const [dialog, confirm] = useConfirm();
	const end = async (rows: Coupon[]) => {
		const batch = rows[0]?.batch;
		if (batch && rows.every((row) => row.batch === batch) &&
			await confirm({ title: t("bulk.stop"), act: t("bulk.stop"),
				danger: true })) {
			const { data } = await send<{ count: number }>("POST",
				`${path}/${of}/coupons/stop`, { batch });
			toast(t("bulk.stopped", { count: number(data.count) }));
		}
	};
	const turn = async (rows: Coupon[], active: boolean) => {
		for (const row of rows) {
			const { etag } = await fetchRecord<Coupon>(`${coupons}/${row.id}`);
			await send("PATCH", `${coupons}/${row.id}`, { active }, etag);
		}
	};
	return { dialog, end, turn };
}

export function Coupons({ of }: { of: string }) {
	const t = useText("panel_promotions");
	const panel = useText("panel");
	const may = useMay("promotions.write");
	const toast = useToast();
	const problem = useProblemText();
	const again = useAgain();
	const [open, setOpen] = useState<"new" | "bulk" | Coupon>();
	const { dialog, end, turn } = useEnd(of);
	const close = () => setOpen(undefined);
	const switchOff = async (rows: Coupon[]) => {
		await turn(rows, false);
		toast(t("switched.off"), "success", { text: panel("undo"),
			act: () => void turn(rows, true).then(again, (error: unknown) =>
				toast(problem(error), "error")) });
	};
	return (
		<section className="mt-8">
			<div className="mb-2 flex flex-wrap items-center gap-2">
				<h2 className="mr-auto">{t("coupons")}</h2>
				{may && <>
					<button type="button" className="btn btn-sm"
						onClick={() => setOpen("new")}>
						{t("coupon.new")}</button>
					<button type="button" className="btn btn-sm"
						onClick={() => setOpen("bulk")}>
						{t("coupon.bulk")}</button>
				</>}
				<a className="btn btn-sm" download="coupons.csv"
					href={`${path}/${of}/coupons/file`}>{t("coupon.file")}</a>
			</div>
			<DataTable<Coupon> name="coupons" label={t("coupons")}
				path={`${path}/${of}/coupons`} rowKey={({ id }) => id}
				rowName={({ code }) => code} onOpen={setOpen}
				empty={t("coupons.none")}
				filters={[{ name: "q", kind: "search",
					label: t("coupon.search") }]}
				bulk={may ? [{ id: "off", name: t("switch.off"),
					run: switchOff }, { id: "end", name: t("bulk.stop"),
					danger: true, run: end }] : []}
				columns={[
					{ key: "code", title: t("coupon.code"), always: true,
						cell: ({ code }) => <span className="font-mono">{code}
						</span> },
					{ key: "state", title: t("state"), cell: ({ state }) =>
						<Badge state={state} text={t(`state.${state}`)} /> },
					{ key: "held", title: t("coupon.held"), figure: true,
						cell: ({ held }) => number(held) },
					{ key: "used", title: t("coupon.used"), figure: true,
						cell: ({ used }) => number(used) },
					{ key: "released", title: t("coupon.released"),
						figure: true, extra: true,
						cell: ({ released }) => number(released) },
					{ key: "limit", title: t("coupon.limit"), figure: true,
						cell: (row) => row.max_uses === null ? "∞"
							: number(row.max_uses) },
					{ key: "ends", title: t("ends"),
						cell: (row) => <When at={row.ends_at} /> },
					{ key: "made", title: t("coupon.made"), extra: true,
						cell: (row) => <When at={row.created_at} /> },
				]} />
			{open === "new" && <NewCoupon of={of} close={close} />}
			{open === "bulk" && <Bulk of={of} close={close} />}
			{typeof open === "object" && <One id={open.id} close={close}
				may={may} />}
			{dialog}
		</section>
	);
}
