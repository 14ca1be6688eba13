// SPDX-License-Identifier: ISC
// What lies where of a product's variants, and how it is ordered again.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { call, type Schemas } from "../../../api/client";
import { Failure } from "../../../components/Failure";
import { useText } from "../../../i18n";
import { RecordForm, type FieldSpec } from "../../components/RecordForm";
import { fetchRecord, send, useRecord, type Versioned } from "../../record";
import { useMay } from "../../session";
import { AdjustButton } from "../inventory/Adjust";
import { usePlaceName, useSuppliers } from "../inventory/stock";
import { optionsText, type Product } from "./catalog";

type Restock = Schemas["Restock"];

const stored = ({ data, etag }: Versioned<Restock>) => ({ etag,
	data: { ...data, supplier_id: data.supplier?.id ?? null } });

function Again({ product }: { product: string }) {
	const t = useText("panel_inventory");
	const client = useQueryClient();
	const write = useMay("inventory.write");
	const path = `/api/inventory/restock/${product}`;
	const { data, error } = useRecord<Restock>(path);
	const suppliers = useSuppliers().data?.items ?? [];
	const fields: FieldSpec[] = [
		{ name: "supplier_id", label: t("supplier"), kind: "select",
			options: suppliers.map(({ id, name }) => [id, name] as const) },
		{ name: "pack", label: t("pack"), kind: "number", required: true,
			min: 1, max: 100000 },
		{ name: "lead_days", label: t("lead"), kind: "number", min: 0,
			max: 365, hint: t("lead.hint") },
		{ name: "cover_days", label: t("cover"), kind: "number", min: 1,
			max: 365, hint: t("lead.hint") },
	];
	if (!data)
		return error ? <Failure error={error} /> : null;
	const now = stored(data);
	return (
		<>
			<h2 className="mt-6 mb-2">{t("restock")}</h2>
			<RecordForm<Versioned<object>> name="restock" id={product}
				stored={now.data} etag={now.etag} fields={fields}
				fixed={!write} save={async ({ values, etag }) => stored(
					await send<Restock>("PUT", path, values, etag))}
				fetch={async () => stored(await fetchRecord<Restock>(path))}
				saved={() => void client.invalidateQueries({
					queryKey: ["record", path] })} />
		</>
	);
}

function OfVariant({ id }: { id: string }) {
	const write = useMay("inventory.write");
	const placeName = usePlaceName();
	const path = `/api/inventory/${id}`;
	const { data, error, refetch } = useQuery({ queryKey: ["stock", id],
		queryFn: () => call<Schemas["VariantStock"]>(path) });
	if (error)
		return <tr><td colSpan={5}><Failure error={error} retry={refetch} />
		</td></tr>;
	if (!data)
		return <tr><td colSpan={5}><div className="skeleton h-5" /></td></tr>;
	const rows = data.stock.length ? data.stock : [undefined];
	return (
		<>{rows.map((row, i) => (
			<tr key={row?.location ?? "none"}>
				<td>{i === 0 && <>{data.sku}{" "}
					<span className="opacity-80">
						{optionsText(data.options)}</span></>}</td>
				<td>{row ? placeName(row.location) : "–"}</td>
				<td className="text-right">{row?.on_hand ?? 0}</td>
				<td className="text-right">{row?.reserved ?? 0}</td>
				<td>{write && <AdjustButton variant={id} sku={data.sku}
					location={row?.location ?? "main"}
					onHand={row?.on_hand ?? 0} done={() => void refetch()} />}
				</td>
			</tr>))}</>
	);
}

export function ProductStock({ product }: { product: Product }) {
	const t = useText("panel_inventory");
	return (
		<section>
			<div className="overflow-x-auto" tabIndex={0} role="region"
				aria-label={t("stock")}>
				<table className="table table-sm">
					<thead><tr><th>{t("sku")}</th><th>{t("location")}</th>
						<th className="text-right">{t("onhand")}</th>
						<th className="text-right">{t("reserved")}</th><td />
					</tr></thead>
					<tbody>{product.variants.map(({ id }) =>
						<OfVariant key={id} id={id} />)}</tbody>
				</table>
			</div>
			<Again product={product.id} />
		</section>
	);
}
