// SPDX-License-Identifier: ISC
// A category, or what a search found.  All that was chosen is in the address
// bar, by the API's own names.
import { useEffect, useRef } from "react";
import { Link, useParams, useSearchParams } from "react-router";
import { narrowed, useCategory, useListing } from "../../api/catalog";
import { Crumbs } from "../../components/Crumbs";
import { Failure } from "../../components/Failure";
import { ActiveFilters, Filters } from "../../components/Filters";
import { FilterIcon } from "../../components/icons";
import { ProductGrid } from "../../components/ProductCard";
import { SaveSearch } from "../../components/SaveSearch";
import { CardSkeletons } from "../../components/Skeletons";
import { useTitle } from "../../components/title";
import { useText } from "../../i18n";

const sorts = ["newest", "price_asc", "price_desc", "name",
	"rating"] as const;

function Sort({ searching }: { searching: boolean }) {
	const t = useText("shop");
	const [query, setQuery] = useSearchParams();
	return (
		<label className="flex items-center gap-2 text-sm">
			<span className="max-sm:sr-only">{t("sort")}</span>
			<select className="select select-sm w-44"
				value={query.get("sort") ?? (searching ? "relevance" : "newest")}
				onChange={({ target }) => setQuery((now) => {
					now.set("sort", target.value);
					return now;
				}, { preventScrollReset: true })}>
				{searching && <option value="relevance">
					{t("sort.relevance")}</option>}
				{sorts.map((sort) => <option key={sort} value={sort}>
					{t(`sort.${sort}`)}</option>)}
			</select>
		</label>
	);
}

function useAsked(slug: string | undefined) {
	const [query] = useSearchParams();
	const asked = narrowed(query);
	if (slug)
		asked.set("category", slug);
	asked.set("limit", "24");
	return asked;
}

/** More, by a button and by itself when its end comes into sight. */
function More({ fetch, busy }: { fetch: () => void; busy: boolean }) {
	const t = useText("shop");
	const end = useRef<HTMLDivElement>(null);
	useEffect(() => {
		const seen = new IntersectionObserver(([entry]) => {
			if (entry?.isIntersecting && !busy)
				fetch();
		}, { rootMargin: "300px" });
		if (end.current)
			seen.observe(end.current);
		return () => seen.disconnect();
	}, [fetch, busy]);
	return (
		<div ref={end} className="mt-8 text-center">
			<button type="button" className="btn btn-wide" disabled={busy}
				onClick={fetch}>{t(busy ? "more.busy" : "more")}</button>
		</div>
	);
}

function Nothing({ words }: { words: string | null }) {
	const t = useText("shop");
	return (
		<div className="rounded-box bg-base-200 p-8 text-center">
			<p className="text-lg font-semibold">
				{words ? t("none.search", { words }) : t("none")}</p>
			<p className="mt-2">{t("none.hint")}</p>
			<Link to="/" className="btn btn-primary mt-4">{t("gohome")}</Link>
		</div>
	);
}

export default function Listing() {
	const t = useText("shop");
	const { slug } = useParams();
	const asked = useAsked(slug);
	const words = slug ? null : asked.get("q");
	const category = useCategory(slug);
	const found = useListing(asked);
	const drawer = useRef<HTMLDialogElement>(null);
	const title = slug ? category.data?.name
		: words ? t("found.title", { words }) : t("all");
	useTitle(title);
	const first = found.data?.pages[0];
	const items = found.data?.pages.flatMap((page) => page.items) ?? [];
	if (category.error)
		return <Failure error={category.error} retry={category.refetch} />;
	return (
		<>
			<Crumbs steps={(category.data?.trail ?? []).map((step) => ({
				to: `/category/${step.slug}`, text: step.name }))} />
			<h1 className="min-h-9">{title}</h1>
			{category.data?.description && <p className="mt-2 max-w-prose">
				{category.data.description}</p>}
			{first?.mode === "fuzzy" && first.total > 0 && <p className="mt-2">
				{t("found.alike")}</p>}
			<div className="mt-6 grid gap-8 lg:grid-cols-[16rem_1fr]">
				<aside className="hidden lg:block" aria-label={t("filters")}>
					{first && <Filters facets={first.facets} />}
				</aside>
				<section aria-labelledby="results"
					aria-busy={found.isFetching}>
					<h2 id="results" className="sr-only">{t("results")}</h2>
					<div className="mb-4 flex flex-wrap items-center
						justify-between gap-3">
						<p role="status" className="text-sm">
							{first && t.count("found", first.total)}</p>
						<button type="button" className="btn btn-sm lg:hidden"
							onClick={() => drawer.current?.showModal()}>
							<FilterIcon />{t("filters")}</button>
						{items.length > 0 && <SaveSearch
							name={words ?? title ?? ""} />}
						<Sort searching={words !== null} />
					</div>
					{first && <ActiveFilters facets={first.facets} />}
					{found.error
						? <Failure error={found.error} retry={found.refetch} />
						: !first ? <CardSkeletons count={12} />
						: items.length === 0 ? <Nothing words={words} />
						: <div className={found.isPlaceholderData ?
							"opacity-60" : ""}><ProductGrid items={items} /></div>}
					{found.hasNextPage && <More fetch={found.fetchNextPage}
						busy={found.isFetchingNextPage} />}
				</section>
			</div>
			<dialog ref={drawer} className="modal modal-bottom"
				aria-label={t("filters")}>
				<div className="modal-box max-h-[85vh]">
					{first && <Filters facets={first.facets} />}
					<form method="dialog" className="sticky -bottom-6 -mx-6
						-mb-6 mt-4 bg-base-100 px-6 py-3">
						<button className="btn btn-primary w-full">
							{first ? t.count("show", first.total) : t("close")}
						</button>
					</form>
				</div>
				<form method="dialog" className="modal-backdrop">
					<button tabIndex={-1}>{t("close")}</button>
				</form>
			</dialog>
		</>
	);
}
