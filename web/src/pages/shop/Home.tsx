// SPDX-License-Identifier: ISC
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { optional, useCategories, useProductList, type Branch,
	type ProductItem } from "../../api/catalog";
import { Failure } from "../../components/Failure";
import { LockIcon, ReturnIcon, TruckIcon } from "../../components/icons";
import { Picture, ProductGrid } from "../../components/ProductCard";
import { Recent } from "../../components/Recent";
import { CardSkeletons } from "../../components/Skeletons";
import { shopName, useTitle } from "../../components/title";
import { useText } from "../../i18n";

interface Recommended {
	featured?: ProductItem[];
	new?: ProductItem[];
	popular?: ProductItem[];
	for_you?: ProductItem[];
}

const places = ["left-0 top-4 -rotate-6", "right-0 top-0 rotate-3",
	"bottom-0 left-1/4 rotate-1"];

function Hero() {
	const t = useText("shop");
	const { data } = useProductList(
		"category=fresh-produce&sort=name&in_stock=true&limit=3");
	return (
		<section className="grid items-center gap-8 overflow-hidden
			rounded-box bg-primary px-6 py-10 text-primary-content sm:px-12
			md:grid-cols-2 lg:py-4">
			<div>
			<p className="font-medium">{shopName}</p>
			<h1 className="mt-2 max-w-2xl text-3xl sm:text-5xl">
				{t("home.title")}</h1>
			<p className="mt-4 max-w-xl">{t("home.text")}</p>
			<Link to="/category/fresh-produce" className="btn btn-accent mt-6">
				{t("home.fresh")}</Link>
			</div>
			<div className="relative hidden h-72 md:block lg:h-96"
				aria-hidden="true">
				{(data?.items ?? []).slice(0, 3).map(({ id, image }, i) => (
					<img key={id} src={image ?? ""} alt="" width="480"
						height="480" className={`absolute w-1/2 rounded-box
						object-cover shadow-2xl ${places[i]}`} />
				))}
			</div>
		</section>
	);
}

function Promises() {
	const t = useText("shop");
	return (
		<ul className="my-6 grid gap-3 sm:grid-cols-3">
			{([[TruckIcon, "promise.shipping"], [ReturnIcon, "promise.returns"],
				[LockIcon, "promise.secure"]] as const).map(([Icon, text]) => (
				<li key={text} className="flex items-center gap-3 rounded-box
					bg-base-200 px-4 py-3 text-sm">
					<Icon />{t(text)}</li>
			))}
		</ul>
	);
}

function Tile({ slug, name, count }: Branch) {
	const t = useText("common");
	const { data } = useProductList(`category=${slug}&limit=1&sort=name`);
	return (
		<li className="group relative">
			<Picture src={data?.items[0]?.image} alt="" />
			<Link to={`/category/${slug}`} className="mt-2 block font-semibold
				after:absolute after:inset-0 group-hover:underline">{name}</Link>
			<p className="text-sm opacity-80">{t.count("products", count)}</p>
		</li>
	);
}

function Categories() {
	const t = useText("shop");
	const { data, error, refetch } = useCategories();
	if (error)
		return <Failure error={error} retry={refetch} />;
	const top = (data?.items ?? []).filter(({ count }) => count > 0)
		.sort((a, b) => b.count - a.count).slice(0, 8);
	return (
		<section className="below my-10">
			<h2 className="mb-4">{t("home.categories")}</h2>
			{data ? <ul className="grid grid-cols-2 gap-4 sm:grid-cols-4">
				{top.map((branch) => <Tile key={branch.slug} {...branch} />)}
			</ul> : <CardSkeletons count={8} />}
		</section>
	);
}

function Row({ title, items }: { title: string;
	items: ProductItem[] | undefined }) {
	return items?.length ? (
		<section className="below my-10">
			<h2 className="mb-4">{title}</h2>
			<ProductGrid items={items.slice(0, 8)} eager={0} />
		</section>
	) : null;
}

export default function Home() {
	const t = useText("shop");
	useTitle("");
	const recommended = useQuery({ queryKey: ["recommend", "home"],
		staleTime: 60_000, queryFn: () =>
			optional<Recommended>("/api/recommend/home") });
	const fresh = useProductList("sort=newest&in_stock=true&limit=8");
	const given = recommended.data;
	return (
		<>
			<Hero />
			<Promises />
			<Row title={t("home.foryou")} items={given?.for_you} />
			<Categories />
			<Row title={t("home.featured")} items={given?.featured} />
			<section className="below my-10">
				<h2 className="mb-4">{t("home.new")}</h2>
				{fresh.error
					? <Failure error={fresh.error} retry={fresh.refetch} />
					: fresh.data ? <ProductGrid items={fresh.data.items}
						eager={0} /> : <CardSkeletons />}
			</section>
			<Row title={t("home.popular")} items={given?.popular} />
			<Recent />
		</>
	);
}
