// SPDX-License-Identifier: ISC
import { Link } from "react-router";
import { useAddToCart } from "../api/cart";
import type { ProductItem } from "../api/catalog";
import { money, useText } from "../i18n";
import { useProblemText } from "./Failure";
import { Stars } from "./Stars";
import { useToast } from "./Toasts";

export function Picture({ src, alt, eager = false }: {
	src: string | null | undefined; alt: string; eager?: boolean;
}) {
	return src
		? <img src={src} alt={alt} width="480" height="480"
			loading={eager ? "eager" : "lazy"} decoding="async"
			className="aspect-square w-full rounded-box bg-base-200
			object-cover" />
		: <div className="aspect-square w-full rounded-box bg-base-200" />;
}

/** Puts one into the cart and says so. */
export function useAdd() {
	const t = useText("common");
	const add = useAddToCart();
	const toast = useToast();
	const problem = useProblemText();
	return { pending: add.isPending, add: (variant_id: string, name: string,
		quantity = 1) => add.mutate({ variant_id, quantity }, {
		onSuccess: (cart) => cart.notes.length > 0
			? toast(t("added.less", { name }), "info",
				{ to: "/cart", text: t("cart.open") })
			: toast(t("added", { name }), "success",
				{ to: "/cart", text: t("cart.open") }),
		onError: (error) => toast(problem(error), "error"),
	}) };
}

function Action({ item }: { item: ProductItem }) {
	const t = useText("common");
	const { add, pending } = useAdd();
	if (!item.in_stock)
		return <p className="py-2 text-sm font-medium opacity-80">
			{t("soldout")}</p>;
	if (item.variant_count > 1)
		return <Link to={`/product/${item.slug}`} tabIndex={-1}
			aria-hidden="true" className="btn btn-sm relative w-full">
			{t("choose")}</Link>;
	return <button type="button" disabled={pending}
		className="btn btn-primary btn-sm relative w-full"
		aria-label={t("add.named", { name: item.name })}
		onClick={() => add(item.variant_id, item.name)}>{t("add")}</button>;
}

export function ProductCard({ item, eager }: { item: ProductItem;
	eager?: boolean }) {
	const t = useText("common");
	return (
		<article className="group relative flex flex-col">
			<div className="relative overflow-hidden rounded-box">
				<Picture src={item.image} alt="" eager={eager} />
				{item.compare_at && <span className="badge badge-secondary
					absolute left-2 top-2 font-semibold">{t("sale")}</span>}
			</div>
			<p className="mt-2 text-xs opacity-80">{item.brand?.name}</p>
			<h3 className="line-clamp-2 text-sm font-medium leading-snug
				sm:text-base">
				<Link to={`/product/${item.slug}`}
					className="after:absolute after:inset-0
					group-hover:underline">{item.name}</Link>
			</h3>
			{item.rating !== null && <Stars rating={item.rating}
				count={item.review_count} />}
			<p className="mb-2 mt-auto pt-1">
				{item.variant_count > 1 && <span className="text-sm opacity-80">
					{t("from")} </span>}
				<span className="font-bold">{money(item.price)}</span>
				{item.compare_at && <s className="ml-2 text-sm opacity-80">
					<span className="sr-only">{t("before")} </span>
					{money(item.compare_at)}</s>}
			</p>
			<Action item={item} />
		</article>
	);
}

export function ProductGrid({ items, eager = 4 }: { items: ProductItem[];
	eager?: number }) {
	return (
		<div className="product-grid">
			{items.map((item, i) => <ProductCard key={item.id} item={item}
				eager={i < eager} />)}
		</div>
	);
}
