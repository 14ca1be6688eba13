// SPDX-License-Identifier: ISC
// What buyers say of a product: how many give how many stars, and their words
// in the order one likes.
import { useState } from "react";
import { Link, useLocation, useNavigate } from "react-router";
import { orders, useReviews, useStanding, useVote, type Order, type Review,
	type ReviewPage } from "../api/reviews";
import { loginPath, useMe } from "../api/session";
import { date, number, useText } from "../i18n";
import { Failure, useProblemText } from "./Failure";
import { Stars } from "./Stars";
import { useToast } from "./Toasts";

function Distribution({ page, chosen, choose }: { page: ReviewPage;
	chosen: number; choose: (stars: number) => void }) {
	const t = useText("shop");
	return (
		<ul className="w-full max-w-sm">
			{[5, 4, 3, 2, 1].map((stars) => {
				const count = page.distribution[stars - 1] ?? 0;
				return (
					<li key={stars}><button type="button" className="flex w-full
						items-center gap-3 rounded-field py-1 text-sm
						not-disabled:hover:underline aria-pressed:font-semibold"
						aria-pressed={chosen === stars}
						disabled={count === 0 && chosen !== stars}
						onClick={() => choose(chosen === stars ? 0 : stars)}>
						<span className="w-20 text-left">
							{t.count("reviews.stars", stars)}</span>
						<progress className="progress progress-warning flex-1"
							aria-hidden="true" value={count}
							max={page.count || 1} />
						<span className="w-8 text-right tabular-nums">
							{number(count)}</span>
					</button></li>
				);
			})}
		</ul>
	);
}

export function ReviewPictures({ review }: { review: Review }) {
	const t = useText("common");
	return review.pictures.length > 0 && (
		<ul className="mt-3 flex flex-wrap gap-2">
			{review.pictures.map((picture, i) => (
				<li key={picture.id}>
					<a href={picture.url} target="_blank" rel="noreferrer">
						<img src={(picture.sizes[0] ?? picture).url}
							alt={t("picture.of", { n: i + 1,
								name: review.author })}
							loading="lazy" width="96" height="96"
							className="size-24 rounded-field object-cover" />
					</a></li>
			))}
		</ul>
	);
}

function Helpful({ review, product, voted, own }: { review: Review;
	product: string; voted: boolean; own: boolean }) {
	const t = useText("shop");
	const { data: me } = useMe();
	const { pathname } = useLocation();
	const navigate = useNavigate();
	const vote = useVote(product);
	const toast = useToast();
	const problem = useProblemText();
	const count = review.helpful > 0 &&
		<span className="opacity-80">
			{t.count("reviews.helpful", review.helpful)}</span>;
	if (own)
		return <>{count}<Link className="link" to={`/review/${product}`}>
			{t("reviews.own")}</Link></>;
	return <>
		<button type="button" className={`btn btn-sm ${voted ? "btn-active"
			: ""}`} aria-pressed={voted}
			disabled={vote.isPending || me === undefined}
			onClick={() => me ? vote.mutate({ id: review.id,
				helpful: !voted }, { onError: (error) =>
				toast(problem(error), "error") })
				: navigate(loginPath(`${pathname}#reviews`))}>
			{t("reviews.vote")}
			<span className="sr-only">: {review.title || review.author}</span>
		</button>{count}</>;
}

function One({ review, product, voted, own }: { review: Review;
	product: string; voted: boolean; own: boolean }) {
	const t = useText("shop");
	return (
		<li className="border-b border-base-300 py-5">
			<Stars rating={review.stars} />
			{review.title && <h3 className="mt-1 font-semibold
				wrap-anywhere">{review.title}</h3>}
			<p className="mt-1 max-w-prose whitespace-pre-line
				wrap-anywhere">{review.text}</p>
			<ReviewPictures review={review} />
			<p className="mt-2 text-sm opacity-80">
				<span className="wrap-anywhere">
					{review.author || t("reviews.somebody")}</span>
				{" · "}{date(review.created_at)}
				{review.edited_at && ` · ${t("reviews.edited",
					{ date: date(review.edited_at) })}`}
			</p>
			<p className="mt-2 flex flex-wrap items-center gap-3 text-sm">
				<Helpful {...{ review, product, voted, own }} /></p>
		</li>
	);
}

function Sort({ sort, choose }: { sort: Order;
	choose: (sort: Order) => void }) {
	const t = useText("shop");
	return (
		<label className="text-sm">{t("sort")}
			<select className="select select-sm ml-2 w-44" value={sort}
				onChange={({ target }) => choose(target.value as Order)}>
				{orders.map((order) => <option key={order} value={order}>
					{t(`reviews.${order}`)}</option>)}
			</select>
		</label>
	);
}

function List({ product }: { product: string }) {
	const t = useText("shop");
	const [sort, setSort] = useState<Order>("newest");
	const [stars, setStars] = useState(0);
	const found = useReviews(product, sort, stars);
	const { data: standing } = useStanding(product);
	const first = found.data?.pages[0];
	if (found.error)
		return <Failure error={found.error} retry={found.refetch} />;
	if (!first)
		return <div className="skeleton h-40 w-full" />;
	if (first.count === 0)
		return <p>{t("reviews.none")}</p>;
	return <>
		{first.mean !== null && <Stars rating={first.mean}
			count={first.count} />}
		<div className="my-4 flex flex-wrap items-end justify-between gap-4">
			<Distribution page={first} chosen={stars} choose={setStars} />
			<Sort sort={sort} choose={setSort} />
		</div>
		<ul aria-busy={found.isPlaceholderData}>
			{found.data!.pages.flatMap((page) => page.items).map((review) =>
				<One key={review.id} {...{ review, product }}
					voted={standing?.votes.includes(review.id) ?? false}
					own={standing?.own === review.id} />)}
		</ul>
		{found.hasNextPage && <button type="button" className="btn mt-4"
			disabled={found.isFetchingNextPage}
			onClick={() => found.fetchNextPage()}>{t("more")}</button>}
	</>;
}

export function Reviews({ product }: { product: string }) {
	const t = useText("shop");
	return (
		<section id="reviews" className="mt-12 scroll-mt-36">
			<div className="mb-3 flex flex-wrap items-center justify-between
				gap-3">
				<h2>{t("reviews")}</h2>
				<Link className="btn btn-sm" to={`/review/${product}`}>
					{t("reviews.write")}</Link>
			</div>
			<List product={product} />
		</section>
	);
}
