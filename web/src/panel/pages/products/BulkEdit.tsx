// SPDX-License-Identifier: ISC
// Changes of many products: said, shown, done just so, and taken back.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Schemas } from "../../../api/client";
import { Failure, useProblemText } from "../../../components/Failure";
import { Field, Select } from "../../../components/Field";
import { useToast } from "../../../components/Toasts";
import { minorUnits, money, useText } from "../../../i18n";
import { Dialog } from "../../components/Confirm";
import { send } from "../../record";
import { branchOptions, brandOptions, products, statuses, taxClasses,
	useBrands, useCurrency, useTree } from "./catalog";

type Result = Schemas["BulkResult"];
interface Said {
	status: string; category: string; brand: string; tax_class: string;
	by: string; much: string; rounding: string; add: string; remove: string;
}
const nothing: Said = { status: "", category: "", brand: "", tax_class: "",
	by: "percent", much: "", rounding: "unit", add: "", remove: "" };
const roundings = ["unit", "five", "ten", "whole", "ninety_nine",
	"ninety_five"] as const;

const words = (text: string) => text.split(",").map((one) => one.trim())
	.filter(Boolean);
const orNull = (value: string) => value === "-" ? null : value;

function changeOf(said: Said, currency: string) {
	const much = Number(said.much);
	return {
		...said.status && { status: said.status },
		...said.category && { category: orNull(said.category) },
		...said.brand && { brand: orNull(said.brand) },
		...said.tax_class && { tax_class: said.tax_class },
		...said.much && { price: { rounding: said.rounding,
			...said.by === "percent" ? { percent: String(much) } : { amount:
				{ amount: minorUnits(much, currency), currency } } } },
		...said.add && { tags_add: words(said.add) },
		...said.remove && { tags_remove: words(said.remove) },
	};
}

function shown(value: unknown): string {
	if (value === null || value === undefined)
		return "–";
	if (Array.isArray(value))
		return value.join(", ") || "–";
	return typeof value === "object"
		? money(value as { amount: number; currency: string }) : String(value);
}

function Preview({ result }: { result: Result }) {
	const t = useText("panel_products");
	return (
		<>
			<p role="status" className="my-3 font-semibold">
				{t.count("bulk.changes", result.changed)}</p>
			<div className="max-h-72 overflow-auto" tabIndex={0} role="region"
				aria-label={t("bulk.preview")}>
				<table className="table table-xs">
					<thead><tr><th>{t("name")}</th><th>{t("bulk.field")}</th>
						<th>{t("bulk.before")}</th><th>{t("bulk.after")}</th>
					</tr></thead>
					<tbody>{result.items.flatMap((line) => line.changes.map(
						(one, i) => <tr key={`${line.product_id} ${i}`}>
							<td>{i === 0 ? line.name : ""}</td>
							<td>{one.field}{one.sku && ` (${one.sku})`}</td>
							<td>{shown(one.before)}</td>
							<td>{shown(one.after)}</td></tr>))}</tbody>
				</table>
			</div>
		</>
	);
}

function Inputs({ said, set }: { said: Said;
	set: (change: Partial<Said>) => void }) {
	const t = useText("panel_products");
	const tree = useTree().data?.items;
	const brands = useBrands().data;
	const choose = (name: keyof Said, label: string,
		options: (readonly [string, string])[], empty = false) => (
		<Select label={label} value={said[name]}
			onChange={({ target }) => set({ [name]: target.value })}>
			<option value="">{t("bulk.same")}</option>
			{empty && <option value="-">{t("bulk.none")}</option>}
			{options.map(([code, text]) => <option key={code} value={code}>
				{text}</option>)}
		</Select>);
	const text = (name: keyof Said, label: string, hint?: string) => (
		<Field label={label} hint={hint} value={said[name]} autoComplete="off"
			onChange={({ target }) => set({ [name]: target.value })} />);
	return (
		<div className="grid gap-x-4 sm:grid-cols-2">
			{choose("status", t("status"), statuses.map((one) =>
				[one, t(`status.${one}`)]))}
			{choose("tax_class", t("tax"), taxClasses.map((one) =>
				[one, t(`tax.${one}`)]))}
			{choose("category", t("category"), branchOptions(tree), true)}
			{choose("brand", t("brand"), brandOptions(brands), true)}
			<Field label={t("bulk.price")} type="number" step="any"
				hint={t("bulk.price.hint")} value={said.much}
				onChange={({ target }) => set({ much: target.value })} />
			<div className="grid grid-cols-2 gap-2">
				<Select label={t("bulk.by")} value={said.by}
					onChange={({ target }) => set({ by: target.value })}>
					<option value="percent">{t("bulk.percent")}</option>
					<option value="amount">{t("bulk.amount")}</option>
				</Select>
				<Select label={t("bulk.rounding")} value={said.rounding}
					onChange={({ target }) => set({ rounding: target.value })}>
					{roundings.map((one) => <option key={one} value={one}>
						{t(`rounding.${one}`)}</option>)}
				</Select>
			</div>
			{text("add", t("bulk.tags.add"), t("bulk.tags.hint"))}
			{text("remove", t("bulk.tags.remove"))}
		</div>
	);
}

export function BulkEdit({ rows, close }: {
	rows: Schemas["StaffProductItem"][]; close: () => void }) {
	const t = useText("panel_products");
	const toast = useToast();
	const problem = useProblemText();
	const client = useQueryClient();
	const currency = useCurrency() ?? "EUR";
	const [said, setSaid] = useState(nothing);
	const again = () => client.invalidateQueries({
		queryKey: ["list", products] });
	const ask = async (more: object) => (await send<Result>("POST",
		"/api/catalog/bulk", { products: rows.map(({ id }) => id),
			change: changeOf(said, currency), ...more })).data;
	const preview = useMutation({ mutationFn: () => ask({ dry_run: true }) });
	const undo = async (id: string) => {
		try {
			const { data } = await send<Schemas["BulkUndone"]>("POST",
				`/api/catalog/bulk/${id}/undo`);
			toast(data.kept.length ? t.count("bulk.kept", data.kept.length)
				: t("bulk.undone"), data.kept.length ? "info" : "success");
		} catch (error) {
			toast(problem(error), "error");
		}
		void again();
	};
	const apply = useMutation({
		mutationFn: () => ask({ digest: preview.data!.digest }),
		onSuccess: (result) => {
			const { id } = result;
			toast(t.count("bulk.done", result.changed), "success", id
				? { text: t("undo"), act: () => void undo(id) } : undefined);
			void again();
			close();
		},
	});
	const error = apply.error ?? preview.error;
	return (
		<Dialog title={t.count("bulk.title", rows.length)} wide close={close}>
			<form onSubmit={(event) => {
				event.preventDefault();
				event.stopPropagation();
				if (preview.data)
					apply.mutate();
				else
					preview.mutate();
			}}>
				<Inputs said={said} set={(change) => {
					preview.reset();
					apply.reset();
					setSaid((now) => ({ ...now, ...change }));
				}} />
				{error && <Failure error={error} />}
				{preview.data && <Preview result={preview.data} />}
				<div className="modal-action">
					<button type="button" className="btn" onClick={close}>
						{t("cancel")}</button>
					<button className="btn btn-primary" disabled={
						preview.isPending || apply.isPending ||
						JSON.stringify(changeOf(said, currency)) === "{}" ||
						preview.data?.changed === 0}>
						{preview.data ? t("bulk.apply") : t("bulk.show")}
					</button>
				</div>
			</form>
		</Dialog>
	);
}
