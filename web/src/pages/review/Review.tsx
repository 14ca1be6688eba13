// SPDX-License-Identifier: ISC
// Writing of a product, or changing what one wrote: a customer signed in, or
// a guest by the key of a mail, ?order=ID#key=TOKEN.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Link, Navigate, useLocation, useParams, useSearchParams } from
	"react-router";
import { api, take, type Schemas } from "../../api/client";
import { orderKey } from "../../api/orders";
import { useRemoveReview, useSaveReview, useWriting, type OwnReview } from
	"../../api/reviews";
import { loginPath, useMe } from "../../api/session";
import { Failure } from "../../components/Failure";
import { Field, TextArea } from "../../components/Field";
import { PageSkeleton } from "../../components/Skeletons";
import { StarInput } from "../../components/StarInput";
import { useTitle } from "../../components/title";
import { useText } from "../../i18n";
import { Confirm } from "../account/Confirm";
import { Form, useFaults } from "../account/form";
import { Pictures } from "./Pictures";
import { ReviewState } from "./ReviewState";

type Product = Schemas["ReviewedProduct"];

function Thing({ product }: { product: Product }) {
	return (
		<Link to={`/product/${product.slug}`} className="link-hover link mb-5
			flex items-center gap-4">
			{product.image && <img src={product.image} alt="" width="72"
				height="72" className="size-18 shrink-0 rounded-field bg-white
				object-contain" />}
			<span className="font-semibold wrap-anywhere">{product.name}</span>
		</Link>
	);
}

/** What is typed stays when what is stored turns out to be newer. */
function useWords(was: OwnReview | undefined) {
	const [stars, setStars] = useState(was?.stars ?? 0);
	const [title, setTitle] = useState(was?.title ?? "");
	const [text, setText] = useState(was?.text ?? "");
	const [pictures, setPictures] = useState(was?.pictures ?? []);
	return { stars, setStars, title, setTitle, text, setText, pictures,
		setPictures };
}

function Write({ product, guestKey, was, saved }: { product: Product;
	guestKey?: string; was?: OwnReview; saved: (now: OwnReview) => void }) {
	const t = useText("account");
	const words = useWords(was);
	const [busy, setBusy] = useState(false);
	const save = useSaveReview(product.id, guestKey, was, saved);
	const faults = useFaults(save.error);
	const { stars, title, text, pictures } = words;
	return (
		<Form error={save.error} className="max-w-2xl"
			among={["stars", "title", "text", "pictures"]}
			onSubmit={() => save.mutate({ ...stars ? { stars } : {}, title,
				text, ...guestKey ? {} : { pictures: pictures.map(
					({ id }) => id) } })}>
			<StarInput legend={t("review.stars")} value={stars}
				change={words.setStars} error={faults.stars} />
			<Field label={t("review.title")} name="title" maxLength={120}
				value={title} error={faults.title}
				onChange={({ target }) => words.setTitle(target.value)} />
			<TextArea label={t("review.text")} name="text" maxLength={5000}
				rows={7} required value={text} error={faults.text}
				hint={t("review.text.hint")}
				onChange={({ target }) => words.setText(target.value)} />
			{!guestKey && <Pictures shown={pictures} busy={setBusy}
				change={words.setPictures} error={faults.pictures} />}
			{was?.state === "approved" && <p className="mb-4 text-sm">
				{t("review.again")}</p>}
			<button className="btn btn-primary"
				disabled={save.isPending || busy}>
				{t(was ? "review.save" : "review.send")}</button>
		</Form>
	);
}

function Thanks({ review, guestKey }: { review: OwnReview;
	guestKey?: string }) {
	const t = useText("account");
	const [query] = useSearchParams();
	const order = query.get("order");
	const top = useRef<HTMLHeadingElement>(null);
	useEffect(() => top.current?.focus(), []);
	return (
		<section>
			<h2 ref={top} tabIndex={-1} className="outline-none">
				{t("review.thanks")}</h2>
			<p className="mt-2">{t(review.state === "approved"
				? "review.shown" : "review.waits")}</p>
			<div className="mt-5 flex flex-wrap gap-3">
				<Link className="btn btn-primary"
					to={`/product/${review.product.slug}#reviews`}>
					{t("review.see")}</Link>
				{!guestKey ? <Link className="btn" to="/account/reviews">
					{t("review.others")}</Link>
					: order && <Link className="btn"
						to={`/order/${order}#key=${guestKey}`}>
						{t("review.order")}</Link>}
			</div>
		</section>
	);
}

function Remove({ review, guestKey, removed }: { review: OwnReview;
	guestKey?: string; removed: () => void }) {
	const t = useText("account");
	const remove = useRemoveReview(review.product.id, guestKey,
		removed);
	return (
		<div className="mt-8">
			<Confirm button={t("review.remove")}
				className="btn btn-ghost btn-sm"
				title={t("review.remove.sure")} yes={t("review.remove")}
				disabled={remove.isPending} act={() =>
					remove.mutate(review.id)} />
			{remove.error && <Failure error={remove.error} />}
		</div>
	);
}

/** Whoever can't write it reads why. */
function Closed({ id }: { id: string }) {
	const t = useText("account");
	const product = useQuery({ queryKey: ["product", "id", id],
		queryFn: () => take(api.GET("/api/catalog/products/{id}",
			{ params: { path: { id } } })) });
	if (product.error)
		return <Failure error={product.error} />;
	return (
		<div className="rounded-box bg-base-200 p-8 text-center">
			<p>{t("review.closed")}</p>
			{product.data && <Link className="btn btn-primary mt-4"
				to={`/product/${product.data.slug}`}>
				{product.data.name}</Link>}
		</div>
	);
}

function Page({ id, guestKey }: { id: string; guestKey?: string }) {
	const t = useText("account");
	const [done, setDone] = useState<OwnReview | "removed">();
	const { data, error, refetch } = useWriting(id, guestKey, true);
	if (done === "removed")
		return <p role="status">{t("review.removed")}</p>;
	if (done)
		return <Thanks review={done} guestKey={guestKey} />;
	if (error && !data)
		return <Failure error={error} retry={refetch} />;
	if (!data)
		return <PageSkeleton />;
	const product = data.review?.product ?? data.open?.product;
	if (!product)
		return <Closed id={id} />;
	return <>
		<Thing product={product} />
		{data.review && <ReviewState review={data.review} />}
		<Write key={data.review?.id ?? "new"} product={product}
			guestKey={guestKey} was={data.review} saved={setDone} />
		{data.review && <Remove review={data.review} guestKey={guestKey}
			removed={() => setDone("removed")} />}
	</>;
}

export default function Review() {
	const t = useText("account");
	const { product_id: id = "" } = useParams();
	const { pathname, search, hash } = useLocation();
	const guestKey = orderKey(hash);
	const me = useMe();
	useTitle(t("review"));
	if (!guestKey && me.data === null)
		return <Navigate replace to={loginPath(pathname + search)} />;
	return (
		<section className="mx-auto max-w-2xl">
			<h1 className="mb-5">{t("review")}</h1>
			{guestKey || me.data ? <Page key={id} {...{ id, guestKey }} />
				: me.error ? <Failure error={me.error} retry={me.refetch} />
					: <PageSkeleton />}
		</section>
	);
}
