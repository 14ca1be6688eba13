// SPDX-License-Identifier: ISC
// All products, drafts and archived ones too, and changes of many.
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import type { Schemas } from "../../../api/client";
import { useText } from "../../../i18n";
import { useActions } from "../../actions";
import { DataTable, type Column, type Filter } from
	"../../components/DataTable";
import { PageHead } from "../../components/PageHead";
import { Badge, Money, When } from "../../components/Shown";
import { useMay } from "../../session";
import { BulkEdit } from "./BulkEdit";
import { branchNames, branchOptions, brandOptions, products, statuses, useBrands,
	useCurrency, useTree } from "./catalog";

type Item = Schemas["StaffProductItem"];

function useListColumns(): Column<Item>[] {
	const t = useText("panel_products");
	const categories = branchNames(useTree().data?.items);
	const brands = new Map(brandOptions(useBrands().data));
	return [
		{ key: "name", title: t("name"), always: true, sort: ["name"],
			cell: (p) => p.name },
		{ key: "picture", title: t("picture"), cell: (p) => p.image
			? <img src={p.image} alt="" loading="lazy"
				className="size-9 rounded object-cover" /> : "–" },
		{ key: "sku", title: t("sku"), cell: (p) => p.skus.length > 1
			? `${p.skus[0]} +${p.skus.length - 1}` : p.skus[0] ?? "–" },
		{ key: "status", title: t("status"), cell: (p) =>
			<Badge state={p.status} text={t(`status.${p.status}`)} /> },
		{ key: "category", title: t("category"),
			cell: (p) => p.category
			? categories.get(p.category) ?? p.category : "–" },
		{ key: "brand", title: t("brand"), extra: true,
			cell: (p) => p.brand
			? brands.get(p.brand) ?? p.brand : "–" },
		{ key: "price", title: t("price"), figure: true,
			sort: ["price_asc", "price_desc"], cell: (p) => <>
				<Money of={p.price} />{p.price_most && p.price &&
					p.price_most.amount > p.price.amount && " +"}</> },
		{ key: "stock", title: t("stock"), figure: true, sort: ["stock"],
			cell: (p) => <>{p.available}{p.low && <> <Badge state="low"
				text={t("stock.low")} /></>}</> },
		{ key: "updated", title: t("updated"), sort: [undefined, "updated"],
			cell: (p) => <When at={p.updated_at} /> },
	];
}

function useListFilters(): Filter[] {
	const t = useText("panel_products");
	const tree = useTree().data?.items;
	const brands = useBrands().data;
	const currency = useCurrency();
	return [
		{ name: "q", kind: "search", label: t("search") },
		{ name: "status", kind: "select", label: t("status"),
			options: statuses.map((one) => [one, t(`status.${one}`)]) },
		{ name: "category", kind: "select", label: t("category"),
			options: branchOptions(tree) },
		{ name: "brand", kind: "select", label: t("brand"),
			options: brandOptions(brands) },
		{ name: "stock", kind: "select", label: t("stock"), options:
			(["in", "low", "out"] as const).map((one) =>
				[one, t(`stock.${one}`)]) },
		{ name: "pictured", kind: "select", label: t("pictures"), options: [
			["true", t("pictured.yes")], ["false", t("pictured.no")]] },
		{ name: "price_min", kind: "money", label: t("price.min"), currency },
		{ name: "price_max", kind: "money", label: t("price.max"), currency },
		{ name: "tag", kind: "search", label: t("tag") },
	];
}

export default function List() {
	const t = useText("panel_products");
	const write = useMay("catalog.write");
	const navigate = useNavigate();
	const [many, setMany] = useState<{ rows: Item[]; done: () => void }>();
	useActions(write ? [{ id: "new", name: t("new"), key: "n",
		run: () => void navigate("/products/new") },
	{ id: "import", name: t("import"),
		run: () => void navigate("/products/import") }] : []);
	return (
		<>
			<PageHead title={t("products")} actions={<>
				<a className="btn btn-sm" href="/api/catalog/export"
					download>{t("export")}</a>
				{write && <>
					<Link className="btn btn-sm" to="/products/import">
						{t("import")}</Link>
					<Link className="btn btn-primary btn-sm"
						to="/products/new">{t("new")}</Link></>}
			</>} />
			<DataTable<Item> name="products" path={products}
				label={t("products")} rowKey={(p) => p.id}
				rowName={(p) => p.name} to={(p) => `/products/${p.id}`}
				columns={useListColumns()} filters={useListFilters()}
				rowClass={(p) => p.status === "archived" ? "opacity-70" : ""}
				empty={t("none")} bulk={write ? [{ id: "edit",
					name: t("bulk"), run: (rows) => new Promise<void>((done) =>
						setMany({ rows, done })) }] : []} />
			{many && <BulkEdit rows={many.rows} close={() => {
				many.done();
				setMany(undefined);
			}} />}
		</>
	);
}
