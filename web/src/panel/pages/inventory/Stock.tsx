// SPDX-License-Identifier: ISC
// What lies where, to be adjusted in its line.
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { call, type Schemas } from "../../../api/client";
import { useText } from "../../../i18n";
import { DataTable, type Column } from "../../components/DataTable";
import { Dialog } from "../../components/Confirm";
import { PageHead } from "../../components/PageHead";
import { RecordForm } from "../../components/RecordForm";
import { Badge } from "../../components/Shown";
import { send, type Versioned } from "../../record";
import { useMay } from "../../session";
import { AdjustButton } from "./Adjust";
import { base, placeOptions, useLocations, usePlaceName, type Stock } from "./stock";

const tag = ({ version }: Stock) => `"${version}"`;

async function rowNow({ variant_id, location }: Stock):
	Promise<Versioned<Stock>> {
	const { stock } = await call<Schemas["VariantStock"]>(
		`${base}/${variant_id}`);
	const data = stock.find((one) => one.location === location)!;
	return { data, etag: tag(data) };
}

function Threshold({ row, close, done }: { row: Stock; close: () => void;
	done: () => void }) {
	const t = useText("panel_inventory");
	const placeName = usePlaceName();
	return (
		<Dialog title={t("settings.title", { sku: row.sku,
			location: placeName(row.location) })} close={close}>
			<RecordForm name="stock" id={`${row.variant_id}-${row.location}`}
				stored={row} etag={tag(row)} cancel={close}
				fetch={() => rowNow(row)} fields={[
					{ name: "low_at", label: t("lowat"), kind: "number",
						min: 1, max: 1000000, hint: t("lowat.hint") },
					{ name: "back_order", label: t("backorder"),
						kind: "check" }]}
				save={({ changes, etag }) => send<Stock>("PATCH",
					`${base}/${row.variant_id}`,
					{ location: row.location, ...changes }, etag)}
				saved={() => {
					done();
					close();
				}} />
		</Dialog>
	);
}

export function Ways() {
	const t = useText("panel_inventory");
	return (
		<nav aria-label={t("ways")} className="flex flex-wrap gap-2">
			{(["low", "movements", "places"] as const).map((to) =>
				<Link key={to} className="btn btn-sm"
					to={`/inventory/${to}`}>{t(`to.${to}`)}</Link>)}
		</nav>
	);
}

export default function StockPage() {
	const t = useText("panel_inventory");
	const client = useQueryClient();
	const write = useMay("inventory.write");
	const places = useLocations().data;
	const placeName = usePlaceName();
	const [open, setOpen] = useState<Stock>();
	const again = () => void client.invalidateQueries({
		queryKey: ["list", base] });
	const columns: Column<Stock>[] = [
		{ key: "sku", title: t("sku"), always: true, cell: (s) => s.sku },
		{ key: "name", title: t("name"), cell: (s) => <>
			{s.name}{Object.values(s.options).length > 0 &&
				<span className="opacity-80"> {Object.values(s.options)
					.join(", ")}</span>}</> },
		{ key: "location", title: t("location"),
			cell: (s) => placeName(s.location) },
		{ key: "on_hand", title: t("onhand"), figure: true,
			cell: (s) => s.on_hand },
		{ key: "reserved", title: t("reserved"), figure: true,
			cell: (s) => s.reserved },
		{ key: "available", title: t("available"), figure: true,
			cell: (s) => <>{s.low && <><Badge state="low" text={t("low")} />
				{" "}</>}{s.available}</> },
		{ key: "low_at", title: t("lowat"), figure: true, cell: (s) => write
			? <button type="button" className="link" aria-label={
				`${s.low_at ?? "–"}: ${t("settings.title", { sku: s.sku,
					location: placeName(s.location) })}`}
			onClick={() => setOpen(s)}>{s.low_at ?? "–"}</button>
			: s.low_at ?? "–" },
		...write ? [{ key: "adjust", title: t("adjust"), cell: (s: Stock) =>
			<AdjustButton variant={s.variant_id} sku={s.sku} done={again}
				location={s.location} onHand={s.on_hand} /> }] : [],
	];
	return (
		<>
			<PageHead title={t("inventory")} actions={<Ways />} />
			<DataTable<Stock> name="stock" path={base} label={t("inventory")}
				rowKey={(s) => `${s.variant_id} ${s.location}`}
				rowName={(s) => s.sku} columns={columns} empty={t("none")}
				filters={[{ name: "q", kind: "search", label: t("search") },
					{ name: "location", kind: "select", label: t("location"),
						options: placeOptions(places) },
					{ name: "low", kind: "check", label: t("low.only") }]}
				to={(s) => `/products/${s.product_id}?part=stock`} />
			{open && <Threshold row={open} done={again}
				close={() => setOpen(undefined)} />}
		</>
	);
}
