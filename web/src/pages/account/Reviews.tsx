// SPDX-License-Identifier: ISC
// What may be reviewed, and what one wrote.
import { Link } from "react-router";
import { useGrowing } from "../../api/account";
import type { OwnReview, Reviewable } from "../../api/reviews";
import { Failure } from "../../components/Failure";
import { ReviewPictures } from "../../components/Reviews";
import { Stars } from "../../components/Stars";
import { date, useText } from "../../i18n";
import { ReviewState } from "../review/ReviewState";
import { Empty, LineSkeletons, More } from "./lists";

function Thumb({ image }: { image: string | null }) {
	return image ? <img src={image} alt="" width="56" height="56"
		loading="lazy" className="size-14 shrink-0 rounded-field bg-white
		object-contain" />
		: <div className="size-14 shrink-0 rounded-field bg-base-200" />;
}

function Open() {
	const t = useText("account");
	const list = useGrowing<Reviewable>("/api/catalog/reviews/reviewable");
	if (list.error)
		return <Failure error={list.error} retry={list.refetch} />;
	if (!list.items)
		return <LineSkeletons count={3} />;
	if (list.items.length === 0)
		return <Empty text={t("reviews.open.none")} />;
	return <>
		<ul>{list.items.map(({ product, order, ordered_at }) => (
			<li key={product.id} className="flex flex-wrap items-center gap-4
				border-b border-base-300 py-3">
				<Thumb image={product.image} />
				<div className="min-w-0 flex-1 basis-40">
					<Link to={`/product/${product.slug}`} className="link-hover
						link font-medium wrap-anywhere">{product.name}</Link>
					<p className="text-sm opacity-80">{t("reviews.ordered",
						{ number: order.number, date: date(ordered_at) })}</p>
				</div>
				<Link to={`/review/${product.id}`} className="btn btn-sm
					btn-primary">{t("reviews.write")}
					<span className="sr-only">: {product.name}</span></Link>
			</li>
		))}</ul>
		<More list={list} />
	</>;
}

function Mine() {
	const t = useText("account");
	const list = useGrowing<OwnReview>("/api/catalog/reviews/mine");
	if (list.error)
		return <Failure error={list.error} retry={list.refetch} />;
	if (!list.items)
		return <LineSkeletons count={3} height="h-32" />;
	if (list.items.length === 0)
		return <Empty text={t("reviews.mine.none")} />;
	return <>
		<ul>{list.items.map((review) => (
			<li key={review.id} className="flex gap-4 border-b border-base-300
				py-4">
				<Thumb image={review.product.image} />
				<div className="min-w-0 flex-1">
					<p className="font-medium wrap-anywhere">
						{review.product.name}</p>
					<Stars rating={review.stars} />
					{review.title && <p className="mt-1 font-semibold
						wrap-anywhere">{review.title}</p>}
					<p className="mt-1 mb-2 max-w-prose whitespace-pre-line
						wrap-anywhere">{review.text}</p>
					<ReviewPictures review={review} />
					<div className="mt-3"><ReviewState review={review} /></div>
					<Link to={`/review/${review.product.id}`}
						className="btn btn-sm">{t("reviews.change")}
						<span className="sr-only">: {review.product.name}</span>
					</Link>
				</div>
			</li>
		))}</ul>
		<More list={list} />
	</>;
}

export default function Reviews() {
	const t = useText("account");
	return <>
		<section>
			<h2 className="mb-3">{t("reviews.open")}</h2>
			<Open />
		</section>
		<section className="mt-10">
			<h2 className="mb-3">{t("reviews.mine")}</h2>
			<Mine />
		</section>
	</>;
}
