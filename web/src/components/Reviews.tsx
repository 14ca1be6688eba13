// SPDX-License-Identifier: ISC
// What buyers say.  Where reviews aren't there, nothing is shown.
import { useInfiniteQuery, keepPreviousData } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../api/client";
import { date, number, useText } from "../i18n";
import { Stars } from "./Stars";

interface Review {
	id: string;
	stars: number;
	title: string | null;
	text: string;
	author?: string | null;
	author_name?: string | null;
	created_at: string;
	helpful?: number;
	helpful_count?: number;
	pictures?: { url: string }[];
}
interface ReviewPage {
	items: Review[];
	next: string | null;
	mean?: number | null;
	rating?: number | null;
	total?: number;
	count?: number;
	distribution?: Record<string, number> | number[];
}

const orders = ["newest", "helpful", "highest", "lowest"] as const;

function useReviews(product: string, sort: string, stars: number) {
	return useInfiniteQuery({
		queryKey: ["reviews", product, sort, stars],
		initialPageParam: "", retry: false,
		placeholderData: keepPreviousData,
		queryFn: ({ pageParam }) => call<ReviewPage>(
			`/api/catalog/products/${product}/reviews?sort=${sort}` +
			(stars ? `&stars=${stars}` : "") +
			(pageParam && `&cursor=${encodeURIComponent(pageParam)}`)),
		getNextPageParam: (page) => page.next ?? undefined,
	});
}

function counted(page: ReviewPage): number[] {
	const given = page.distribution;
	return [5, 4, 3, 2, 1].map((n) => Array.isArray(given)
		? given[n - 1] ?? 0 : given?.[String(n)] ?? 0);
}

function Distribution({ page, chosen, choose }: { page: ReviewPage;
	chosen: number; choose: (stars: number) => void }) {
	const t = useText("shop");
	const counts = counted(page);
	const sum = counts.reduce((a, b) => a + b, 0);
	return (
		<ul className="max-w-sm">
			{counts.map((count, i) => {
				const stars = 5 - i;
				return (
					<li key={stars}><button type="button" className="flex w-full
						items-center gap-3 py-1 text-sm hover:underline"
						aria-pressed={chosen === stars} disabled={count === 0}
						onClick={() => choose(chosen === stars ? 0 : stars)}>
						<span className="w-16 text-left">
							{t.count("reviews.stars", stars)}</span>
						<progress className="progress progress-warning flex-1"
							aria-hidden="true" value={count} max={sum || 1} />
						<span className="w-8 text-right">{number(count)}</span>
					</button></li>
				);
			})}
		</ul>
	);
}

function One({ review }: { review: Review }) {
	const t = useText("shop");
	const helpful = review.helpful_count ?? review.helpful ?? 0;
	const author = review.author_name ?? review.author;
	return (
		<li className="border-b border-base-300 py-5">
			<Stars rating={review.stars} />
			{review.title && <h3 className="mt-1 font-semibold">
				{review.title}</h3>}
			<p className="mt-1 max-w-prose whitespace-pre-line
				wrap-anywhere">{review.text}</p>
			{!!review.pictures?.length && <ul className="mt-2 flex gap-2">
				{review.pictures.map(({ url }) => <li key={url}>
					<img src={url} alt="" loading="lazy" width="96" height="96"
						className="size-24 rounded-field object-cover" /></li>)}
			</ul>}
			<p className="mt-2 text-sm opacity-80">
				{author && <span className="wrap-anywhere">{author} · </span>}
				{date(review.created_at)}
				{helpful > 0 && ` · ${t.count("reviews.helpful", helpful)}`}
			</p>
		</li>
	);
}

export function Reviews({ product }: { product: string }) {
	const t = useText("shop");
	const [sort, setSort] = useState<string>("newest");
	const [stars, setStars] = useState(0);
	const found = useReviews(product, sort, stars);
	const first = found.data?.pages[0];
	if (!first)
		return null;
	const items = found.data!.pages.flatMap((page) => page.items);
	const mean = first.mean ?? first.rating;
	return (
		<section id="reviews" className="mt-12 scroll-mt-36">
			<h2 className="mb-3">{t("reviews")}</h2>
			{items.length === 0 && stars === 0
				? <p>{t("reviews.none")}</p>
				: <>
					{mean != null && <Stars rating={mean}
						count={first.total ?? first.count} />}
					<div className="my-4 flex flex-wrap items-end
						justify-between gap-4">
						<Distribution page={first} chosen={stars}
							choose={setStars} />
						<label className="text-sm">{t("sort")}
							<select className="select select-sm ml-2 w-44"
								value={sort} onChange={({ target }) =>
									setSort(target.value)}>
								{orders.map((order) => <option key={order}
									value={order}>{t(`reviews.${order}`)}
								</option>)}
							</select></label>
					</div>
					<ul>{items.map((review) => <One key={review.id}
						review={review} />)}</ul>
					{found.hasNextPage && <button type="button"
						className="btn mt-4" disabled={found.isFetchingNextPage}
						onClick={() => found.fetchNextPage()}>
						{t("more")}</button>}
				</>}
		</section>
	);
}
