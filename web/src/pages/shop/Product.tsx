// SPDX-License-Identifier: ISC
import { useEffect, useState } from "react";
import { Link, useParams } from "react-router";
import { useProduct, type Product as ProductData } from
	"../../api/catalog";
import { problemOf } from "../../api/problem";
import { noteView } from "../../api/views";
import { Crumbs } from "../../components/Crumbs";
import { Failure } from "../../components/Failure";
import { ReturnIcon, TruckIcon } from "../../components/icons";
import { Picture, useAdd } from "../../components/ProductCard";
import { Quantity } from "../../components/Quantity";
import { Recent } from "../../components/Recent";
import { Reviews } from "../../components/Reviews";
import { Stars } from "../../components/Stars";
import { Together } from "../../components/Together";
import { useTitle } from "../../components/title";
import { WishButton } from "../../components/WishButton";
import { money, number, useText } from "../../i18n";
import NotFound from "./NotFound";

type Variant = ProductData["variants"][number];

function Gallery({ product, variant }: { product: ProductData;
	variant: Variant | undefined }) {
	const t = useText("shop");
	const [at, setAt] = useState(0);
	const { images, name } = product;
	const own = images.findIndex((image) =>
		image.variant_id !== null && image.variant_id === variant?.id);
	useEffect(() => {
		if (own >= 0)
			setAt(own);
	}, [own]);
	const shown = images[at] ?? images[0];
	return (
		<div>
			<Picture src={shown?.url} alt={shown?.alt || name} eager />
			{images.length > 1 && (
				<ul className="mt-3 flex gap-2 overflow-x-auto p-1">
					{images.map((image, i) => (
						<li key={image.url}>
							<button type="button" aria-pressed={i === at}
								aria-label={t("picture", { n: i + 1,
									of: images.length })}
								onClick={() => setAt(i)} className={`block size-20
								overflow-hidden rounded-field border-2 ${i === at ?
								"border-primary" : "border-transparent"}`}>
								<img src={image.url} alt="" width="80" height="80"
									className="size-full object-cover" />
							</button>
						</li>
					))}
				</ul>)}
		</div>
	);
}

const optionsText = (variant: Variant) =>
	Object.values(variant.options).join(", ") || variant.sku;

function Variants({ product, chosen, choose }: { product: ProductData;
	chosen: string | undefined; choose: (id: string) => void }) {
	const t = useText("shop");
	if (product.variants.length < 2)
		return null;
	const names = Object.keys(product.variants[0]?.options ?? {});
	return (
		<fieldset className="my-5">
			<legend className="mb-2 font-semibold first-letter:uppercase">
				{names.join(", ") || t("variant")}</legend>
			<div className="flex flex-wrap gap-2">
				{product.variants.map((variant, i) => {
					const there = product.availability[i]?.in_stock ?? false;
					return (
						<label key={variant.id} className={`cursor-pointer
							rounded-field border-2 px-4 py-2
							has-focus-visible:outline-3
							has-focus-visible:outline-accent
							${variant.id === chosen ? "border-primary" :
							"border-base-300"}`}>
							<input type="radio" name="variant" className="sr-only"
								checked={variant.id === chosen}
								onChange={() => choose(variant.id)} />
							<span className={there ? "" : "line-through"}>
								{optionsText(variant)}</span>
							<span className="ml-2 text-sm opacity-80">
								{money(variant.price)}</span>
							{!there && <span className="sr-only">
								{t("soldout")}</span>}
						</label>
					);
				})}
			</div>
		</fieldset>
	);
}

function Stock({ available }: { available: number }) {
	const t = useText("shop");
	const [tone, text] = available === 0
		? ["text-error", t("soldout")]
		: available <= 5
		? ["text-secondary", t.count("stock.few", available)]
		: ["text-success", t("instock")];
	return <p className={`my-3 font-medium ${tone}`}>{text}</p>;
}

function Buy({ product, variant, available }: { product: ProductData;
	variant: Variant; available: number }) {
	const t = useText("shop");
	const [quantity, setQuantity] = useState(1);
	const { add, pending } = useAdd();
	const most = Math.max(1, Math.min(available, 99));
	useEffect(() => setQuantity(1), [variant.id]);
	return (
		<div className="flex flex-wrap gap-2 sm:gap-3">
			<Quantity value={quantity} most={most} set={setQuantity} />
			<button type="button" className="btn btn-primary min-w-32 flex-1"
				disabled={pending || available === 0}
				onClick={() => add(variant.id, product.name, quantity)}>
				{available === 0 ? t("soldout") : t("tocart")}</button>
			<WishButton product={product.id} variant={
				product.variants.length > 1 ? variant.id : null} />
		</div>
	);
}

function Hints() {
	const t = useText("shop");
	return (
		<ul className="mt-6 space-y-3 rounded-box bg-base-200 p-4 text-sm">
			<li className="flex gap-3"><TruckIcon />
				<span>{t("hint.shipping")} <Link className="link"
					to="/shipping-and-returns">{t("hint.more")}</Link></span></li>
			<li className="flex gap-3"><ReturnIcon />{t("hint.returns")}</li>
		</ul>
	);
}

function Specifications({ product }: { product: ProductData }) {
	const t = useText("shop");
	if (product.attributes.length === 0)
		return null;
	const text = (value: string | number | boolean) => value === true
		? t("yes") : value === false ? t("no")
		: typeof value === "number" ? number(value) : value;
	return (
		<section className="mt-10">
			<h2 className="mb-3">{t("specifications")}</h2>
			<table className="table max-w-2xl">
				<tbody>{product.attributes.map(({ name, label, value,
					unit }) => (
					<tr key={name}><th scope="row"
						className="w-1/2 font-medium">{label}</th>
						<td>{text(value)}{unit && ` ${unit}`}</td></tr>
				))}</tbody>
			</table>
		</section>
	);
}

function Skeleton() {
	return (
		<div className="grid gap-8 pt-10 md:grid-cols-2" aria-hidden="true">
			<div className="skeleton aspect-square w-full" />
			<div className="space-y-4">
				<div className="skeleton h-9 w-3/4" />
				<div className="skeleton h-8 w-32" />
				<div className="skeleton h-40 w-full" />
			</div>
		</div>
	);
}

function Price({ variant }: { variant: Variant }) {
	const t = useText("common");
	const shop = useText("shop");
	const least = variant.lowest_30_days;
	return (<>
		<p className="mt-3 text-2xl font-bold">
			{money(variant.price)}
			{variant.compare_at && <s className="ml-3 text-base font-normal
				opacity-80"><span className="sr-only">{t("before")} </span>
				{money(variant.compare_at)}</s>}
		</p>
		{variant.compare_at && least && <p className="text-sm opacity-80">
			{shop("price.lowest", { price: money(least) })}</p>}
	</>);
}

export default function Product() {
	const { slug = "" } = useParams();
	const { data: product, error, refetch } = useProduct(slug);
	const [wanted, setWanted] = useState<string>();
	useTitle(product?.name);
	useEffect(() => {
		if (product)
			noteView(product.id);
	}, [product?.id]);
	if (problemOf(error)?.status === 404)
		return <NotFound />;
	if (error)
		return <Failure error={error} retry={refetch} />;
	if (!product)
		return <Skeleton />;
	const at = Math.max(0, product.variants.findIndex(({ id }, i) => wanted
		? id === wanted : product.availability[i]?.in_stock));
	const variant = product.variants[at];
	const available = product.availability[at]?.available ?? 0;
	return (
		<>
			<Crumbs last={product.name} steps={(product.category ?? []).map(
				(step) => ({ to: `/category/${step.slug}`,
					text: step.name }))} />
			<div className="grid gap-8 md:grid-cols-2 lg:gap-12">
				<Gallery key={product.id} product={product} variant={variant} />
				<div>
					{product.brand && <Link className="link-hover link text-sm"
						to={`/search?brand=${product.brand.slug}`}>
						{product.brand.name}</Link>}
					<h1 className="mt-1">{product.name}</h1>
					{product.rating !== null && <a href="#reviews"
						className="mt-2 inline-block"><Stars
						rating={product.rating} count={product.review_count} />
					</a>}
					{variant && <Price variant={variant} />}
					<Variants product={product} chosen={variant?.id}
						choose={setWanted} />
					<Stock available={available} />
					{variant && <Buy {...{ product, variant, available }} />}
					<Hints />
					<p className="mt-6 whitespace-pre-line leading-relaxed">
						{product.description}</p>
				</div>
			</div>
			<Specifications product={product} />
			<Together product={product} />
			<Recent but={product.id} />
			<Reviews product={product.id} />
		</>
	);
}
