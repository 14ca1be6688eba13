// SPDX-License-Identifier: ISC
// A product's variants: a grid, and a form for each.
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useText } from "../../../i18n";
import { Dialog } from "../../components/Confirm";
import { RecordForm, type FieldSpec, type Saving } from
	"../../components/RecordForm";
import { Badge, Money } from "../../components/Shown";
import { fetchRecord, send, useRecord, type Versioned } from "../../record";
import { useMay } from "../../session";
import { optionsText, products, useCurrency, type Product, type Variant } from
	"./catalog";
import { PairsEditor, pairsOf, rowsOf, type Rows } from "./Pairs";

export function useVariantFields(stored: boolean): FieldSpec[] {
	const t = useText("panel_products");
	const currency = useCurrency() ?? "EUR";
	return [
		{ name: "sku", label: t("sku"), required: true, max: 64 },
		{ name: "price", label: t("price"), kind: "money", currency,
			required: true, min: 0 },
		{ name: "compare_at", label: t("compare"), kind: "money", currency,
			hint: t("compare.hint") },
		{ name: "weight_grams", label: t("weight"), kind: "number", min: 0 },
		...stored ? [{ name: "position", label: t("position"),
			kind: "number", min: 0, required: true }, { name: "status",
			label: t("status"), kind: "select", required: true,
			options: (["active", "archived"] as const).map((one) =>
				[one, t(`status.${one}`)] as const) }] satisfies FieldSpec[]
			: [],
		{ name: "rows", label: t("options"), kind: "own", show: (value) =>
			(value as Rows | null)?.map((row) => row.join(": "))
				.join("; ") ?? "–",
		draw: ({ value, set, error, fixed }) => <PairsEditor
			label={t("options")} rows={(value as Rows | null) ?? []}
			set={set} error={error} fixed={fixed} /> },
	];
}

/** As the API takes it; an empty price is one that wasn't said. */
export function variantSent({ rows, ...rest }: Record<string, unknown>) {
	return { ...rest, ...rows !== undefined && { options: pairsOf(
		(rows as Rows | null) ?? [], [], true) } };
}

const withRows = (variant: Variant) => ({ ...variant,
	rows: rowsOf(variant.options) });

function Edit({ product, variant, close }: { product: Product;
	variant: Variant; close: () => void }) {
	const t = useText("panel_products");
	const client = useQueryClient();
	const path = `/api/catalog/products/${product.id}/variants/${variant.id}`;
	const { data } = useRecord<Variant>(path);
	const fields = useVariantFields(true);
	const whole = ({ data: now, etag }: Versioned<Variant>) =>
		({ data: withRows(now), etag });
	return (
		<Dialog title={t("variant.edit", { sku: variant.sku })} wide
			close={close}>
			{data && <RecordForm<Versioned<Variant>> name="variant"
				id={variant.id} stored={withRows(data.data)} etag={data.etag}
				fields={fields} cancel={close}
				save={async ({ changes, etag }: Saving) => whole(
					await send<Variant>("PATCH", path, variantSent(changes),
						etag))}
				fetch={async () => whole(await fetchRecord<Variant>(path))}
				saved={(now) => {
					client.setQueryData(["record", path], now);
					void client.invalidateQueries({ queryKey: ["record",
						`${products}/${product.id}`] });
					close();
				}} />}
		</Dialog>
	);
}

function Add({ product, close }: { product: Product; close: () => void }) {
	const t = useText("panel_products");
	const client = useQueryClient();
	const fields = useVariantFields(false);
	return (
		<Dialog title={t("variant.add")} wide close={close}>
			<RecordForm<Versioned<Variant>> name="variant"
				id={`new-${product.id}`} stored={{ rows: [] }} fields={fields}
				cancel={close} save={({ values }) => send<Variant>("POST",
					`/api/catalog/products/${product.id}/variants`,
					variantSent(values))}
				saved={() => {
					void client.invalidateQueries({ queryKey: ["record",
						`${products}/${product.id}`] });
					close();
				}} />
		</Dialog>
	);
}

export function Variants({ product }: { product: Product }) {
	const t = useText("panel_products");
	const write = useMay("catalog.write");
	const [open, setOpen] = useState<Variant | "new">();
	const close = () => setOpen(undefined);
	return (
		<section>
			<div className="overflow-x-auto" tabIndex={0} role="region"
				aria-label={t("part.variants")}>
				<table className="table table-sm">
					<thead><tr><th>{t("sku")}</th><th>{t("options")}</th>
						<th className="text-right">{t("price")}</th>
						<th className="text-right">{t("compare")}</th>
						<th className="text-right">{t("weight")}</th>
						<th className="text-right">{t("stock")}</th>
						<th>{t("status")}</th></tr></thead>
					<tbody>{product.variants.map((one) => (
						<tr key={one.id} className={one.status === "archived"
							? "opacity-70" : ""}>
							<td>{write ? <button type="button"
								className="link font-medium"
								onClick={() => setOpen(one)}>{one.sku}
							</button> : one.sku}</td>
							<td>{optionsText(one.options) || "–"}</td>
							<td className="text-right">
								<Money of={one.price_now} />
								{one.price_now.amount !== one.price.amount &&
									<> <s><Money of={one.price} /></s></>}</td>
							<td className="text-right">
								<Money of={one.compare_at} /></td>
							<td className="text-right">
								{one.weight_grams ?? "–"}</td>
							<td className="text-right">{one.available}</td>
							<td><Badge state={one.status}
								text={t(`status.${one.status}`)} /></td>
						</tr>))}</tbody>
				</table>
			</div>
			{write && <button type="button" className="btn btn-sm mt-3"
				onClick={() => setOpen("new")}>{t("variant.add")}</button>}
			{open === "new" && <Add product={product} close={close} />}
			{open && open !== "new" && <Edit product={product} variant={open}
				close={close} />}
		</section>
	);
}
