// SPDX-License-Identifier: ISC
// What others bought with it; until that is known, its neighbours.
import { useQuery } from "@tanstack/react-query";
import { optional, useProductList, type Product, type ProductItem } from
	"../api/catalog";
import { useText } from "../i18n";
import { ProductGrid } from "./ProductCard";

export function Together({ product }: { product: Product }) {
	const t = useText("shop");
	const { data, isSuccess } = useQuery({
		queryKey: ["together", product.id], staleTime: 300_000,
		queryFn: () => optional<{ items: ProductItem[] }>(
			`/api/recommend/products/${product.id}/together`) });
	const place = product.category?.at(-1)?.slug;
	const near = useProductList(`limit=5&in_stock=true${place ?
		`&category=${place}` : ""}`);
	if (!isSuccess)
		return null;
	const known = data?.items?.length ? data.items : undefined;
	const items = (known ?? near.data?.items ?? [])
		.filter(({ id }) => id !== product.id).slice(0, 4);
	return items.length > 0 ? (
		<section className="mt-12">
			<h2 className="mb-4">{t(known ? "together" : "alike")}</h2>
			<ProductGrid items={items} eager={0} />
		</section>
	) : null;
}
