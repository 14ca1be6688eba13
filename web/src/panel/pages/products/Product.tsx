// SPDX-License-Identifier: ISC
// One product: what it is, its variants, pictures, prices and stock.
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { Failure } from "../../../components/Failure";
import { PageSkeleton } from "../../../components/Skeletons";
import { useToast } from "../../../components/Toasts";
import { useText } from "../../../i18n";
import { useConfirm } from "../../components/Confirm";
import { PageHead } from "../../components/PageHead";
import { RecordForm, type FieldSpec } from "../../components/RecordForm";
import { Badge } from "../../components/Shown";
import { fetchRecord, send, useRecord, type Versioned } from "../../record";
import { useMay } from "../../session";
import { products, useAttributes, usePlaceFields, type Product } from
	"./catalog";
import { PairsEditor, pairsOf, rowsOf, type Rows } from "./Pairs";
import { Pictures } from "./Pictures";
import { Prices } from "./Prices";
import { ProductStock } from "./ProductStock";
import { Variants } from "./Variants";

const parts = ["base", "variants", "pictures", "prices", "stock"] as const;

function useBaseFields(): FieldSpec[] {
	const t = useText("panel_products");
	const definitions = useAttributes().data?.items;
	return [
		{ name: "name", label: t("name"), required: true, max: 200,
			wide: true },
		...usePlaceFields(),
		{ name: "slug", label: t("slug"), required: true, max: 160,
			hint: t("slug.hint") },
		{ name: "tags", label: t("tags"), kind: "tags",
			hint: t("bulk.tags.hint") },
		{ name: "description", label: t("description"), kind: "textarea",
			rows: 8, max: 20000, empty: "", wide: true },
		{ name: "specs", label: t("specs"), kind: "own", show: (value) =>
			(value as Rows | null)?.map((row) => row.join(": "))
				.join("; ") ?? "–",
		draw: ({ value, set, error, fixed }) => <PairsEditor
			label={t("specs")} rows={value as Rows} set={set} error={error}
			fixed={fixed} definitions={definitions} /> },
	];
}

const withSpecs = (product: Product) => ({ ...product,
	specs: rowsOf(product.attributes) });

function Base({ product, etag }: { product: Product; etag?: string }) {
	const client = useQueryClient();
	const write = useMay("catalog.write");
	const definitions = useAttributes().data?.items;
	const path = `${products}/${product.id}`;
	const shown = ({ data, etag: now }: Versioned<Product>) =>
		({ data: withSpecs(data), etag: now });
	return (
		<RecordForm<Versioned<Product>> name="product" id={product.id}
			stored={withSpecs(product)} etag={etag} fields={useBaseFields()}
			fixed={!write} save={async ({ changes, etag: version }) => {
				const { specs, ...rest } = changes;
				return shown(await send<Product>("PATCH",
					`/api/catalog/products/${product.id}`, { ...rest,
						...specs !== undefined && { attributes: pairsOf(
							specs as Rows, definitions) } }, version));
			}}
			fetch={async () => shown(await fetchRecord<Product>(path))}
			saved={(now) => {
				client.setQueryData(["record", path], now);
				void client.invalidateQueries({ queryKey: ["list", products] });
			}} />
	);
}

function Archive({ product, etag }: { product: Product; etag?: string }) {
	const t = useText("panel_products");
	const client = useQueryClient();
	const navigate = useNavigate();
	const toast = useToast();
	const [dialog, confirm] = useConfirm();
	return (
		<>
			{dialog}
			<button type="button" className="btn btn-sm" onClick={async () => {
				if (!await confirm({ title: t("archive.title"),
					text: t("archive.text"), act: t("archive"),
					danger: true }))
					return;
				try {
					await send("DELETE", `/api/catalog/products/${
						product.id}`, undefined, etag);
					toast(t("archived"));
					void client.invalidateQueries({ queryKey: ["list",
						products] });
					void navigate("/products");
				} catch {
					toast(t("archive.changed"), "error");
					void client.invalidateQueries({ queryKey: ["record"] });
				}
			}}>{t("archive")}</button>
		</>
	);
}

export default function ProductPage() {
	const t = useText("panel_products");
	const { id = "" } = useParams();
	const may = useMay("catalog.write");
	const stock = useMay("inventory.read");
	const [query, setQuery] = useSearchParams();
	const { data, error, refetch } = useRecord<Product>(`${products}/${id}`);
	if (error)
		return <Failure error={error} retry={refetch} />;
	if (!data)
		return <PageSkeleton />;
	const { data: product, etag } = data;
	const shown = parts.filter((one) => one !== "stock" || stock);
	const part = shown.find((one) => one === query.get("part")) ?? "base";
	return (
		<>
			<PageHead title={product.name} back={[{ to: "/products",
				text: t("products") }]} beside={<Badge state={product.status}
				text={t(`status.${product.status}`)} />} actions={<>
				{product.status === "active" && <a className="btn btn-sm"
					href={`/product/${product.slug}`}>{t("shop")}</a>}
				{may && product.status !== "archived" &&
					<Archive product={product} etag={etag} />}</>} />
			<nav aria-label={t("parts")} className="tabs tabs-border mb-4
				flex-wrap">
				{shown.map((one) => <button key={one} type="button"
					className={`tab text-base-content! ${one === part
						? "tab-active" : ""}`}
					aria-current={one === part ? "page" : undefined}
					onClick={() => setQuery({ part: one },
						{ replace: true })}>{t(`part.${one}`)}</button>)}
			</nav>
			{part === "base" && <Base product={product} etag={etag} />}
			{part === "variants" && <Variants product={product} />}
			{part === "pictures" && <Pictures product={product} etag={etag} />}
			{part === "prices" && <Prices product={product} />}
			{part === "stock" && <ProductStock product={product} />}
		</>
	);
}
