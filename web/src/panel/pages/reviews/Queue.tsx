// SPDX-License-Identifier: ISC
// Reviews, those that wait first: a shows one, r refuses it, j and k go on
// and back.
import { useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { Failure } from "../../../components/Failure";
import { TextArea } from "../../../components/Field";
import { Stars } from "../../../components/Stars";
import { useText } from "../../../i18n";
import { useActions } from "../../actions";
import { Dialog } from "../../components/Confirm";
import { FilterBar } from "../../components/FilterBar";
import { PageHead } from "../../components/PageHead";
import { Badge, When } from "../../components/Shown";
import { useFilters, useRows } from "../../list";
import { useMay } from "../../session";
import { useDecisions, type Decision, type Review } from "./decide";

function Pictures({ review }: { review: Review }) {
	const t = useText("panel_reviews");
	return review.pictures.length > 0 && (
		<ul className="mt-3 flex flex-wrap gap-2">
			{review.pictures.map((picture, i) => (
				<li key={picture.id}>
					<a href={picture.url} target="_blank" rel="noreferrer">
						<img src={picture.sizes[0]?.url ?? picture.url}
							alt={t("picture", { number: i + 1 })}
							width={picture.width} height={picture.height}
							loading="lazy"
							className="h-24 w-auto rounded-field" />
					</a>
				</li>
			))}
		</ul>
	);
}

function Card({ review, at, may, decide }: { review: Review; at: boolean;
	may: boolean; decide: (decision: Decision["decision"]) => void }) {
	const t = useText("panel_reviews");
	const orders = useMay("orders.read");
	const by = t("by", { author: review.author || t("nobody"),
		number: review.order.number });
	return (
		<article tabIndex={-1} data-review={review.id} aria-current={at}
			aria-label={review.title || review.product.name}
			className={`rounded-box border p-4 ${at ? "border-primary"
				: "border-base-300"}`}>
			<div className="flex flex-wrap items-center gap-x-3 gap-y-1">
				<Stars rating={review.stars} />
				<h2 className="text-base font-semibold wrap-anywhere">
					{review.title || review.product.name}</h2>
				<Badge state={review.state} text={t(`state.${review.state}`)} />
				<span className="ml-auto text-sm">
					<When at={review.edited_at ?? review.created_at} />
					{review.edited_at && ` (${t("edited")})`}</span>
			</div>
			<p className="mt-2 whitespace-pre-line wrap-anywhere">
				{review.text}</p>
			<Pictures review={review} />
			{review.reason && <p className="mt-2 text-sm">
				{t("reason.is", { reason: review.reason })}</p>}
			<div className="mt-3 flex flex-wrap items-center gap-2 text-sm">
				<a className="link" href={`/product/${review.product.slug}`}
					target="_blank" rel="noreferrer">{review.product.name}</a>
				{orders ? <Link className="link-hover"
					to={`/orders/${review.order.id}`}>{by}</Link>
					: <span>{by}</span>}
				{may && <span className="ml-auto flex gap-2">
					{review.state !== "approved" && <button type="button"
						className="btn btn-sm btn-primary"
						aria-keyshortcuts="a" onClick={() =>
							decide("approve")}>{t("approve")}</button>}
					{review.state !== "rejected" && <button type="button"
						className="btn btn-sm" aria-keyshortcuts="r"
						onClick={() => decide("reject")}>
						{t("reject")}</button>}
				</span>}
			</div>
		</article>
	);
}

function Refusal({ close, refuse }: { close: () => void;
	refuse: (reason: string) => void }) {
	const t = useText("panel_reviews");
	const panel = useText("panel");
	const [reason, setReason] = useState("");
	return (
		<Dialog title={t("reject.title")} close={close}>
			<form onSubmit={(event) => {
				event.preventDefault();
				refuse(reason.trim());
			}}>
				<TextArea label={t("reason")} hint={t("reason.hint")} autoFocus
					required maxLength={1000} rows={3} value={reason}
					onChange={({ target }) => setReason(target.value)} />
				<div className="modal-action">
					<button type="button" className="btn" onClick={close}>
						{panel("cancel")}</button>
					<button className="btn btn-primary"
						disabled={reason.trim() === ""}>{t("reject")}</button>
				</div>
			</form>
		</Dialog>
	);
}

const states = ["pending", "approved", "rejected"] as const;

function useFilterFields() {
	const t = useText("panel_reviews");
	return [
		{ name: "state", kind: "select" as const, label: t("state"),
			options: states.map((state) =>
				[state, t(`state.${state}`)] as const) },
		{ name: "stars", kind: "select" as const, label: t("stars"),
			options: ["1", "2", "3", "4", "5"].map((n) =>
				[n, t("stars.of", { stars: n })] as const) },
		{ name: "sort", kind: "select" as const, label: t("sort"), must: true,
			options: [["oldest", t("oldest")], ["newest", t("newest")]] as
				const },
	].map((field) => ({ ...field, options: [...field.options] }));
}

/** Which review the keys mean. */
function useAt(rows: Review[]) {
	const [id, setId] = useState<string>();
	const box = useRef<HTMLDivElement>(null);
	const found = rows.findIndex((one) => one.id === id);
	const last = useRef(0);
	const at = found >= 0 ? found : Math.min(last.current, rows.length - 1);
	useEffect(() => { last.current = Math.max(0, at); }, [at]);
	const go = (step: number) => {
		const next = rows[Math.max(0, Math.min(rows.length - 1, at + step))];
		if (!next)
			return;
		setId(next.id);
		box.current?.querySelector<HTMLElement>(
			`[data-review="${next.id}"]`)?.focus();
	};
	return { box, at, go, setId };
}

export default function Reviews() {
	const t = useText("panel_reviews");
	const panel = useText("panel");
	const common = useText("common");
	const may = useMay("reviews.write");
	const fields = useFilterFields();
	const { filters, set } = useFilters(["state", "stars", "sort"],
		{ state: "pending", sort: "oldest" });
	const list = useRows<Review>("/api/catalog/staff/reviews", filters,
		"reviews");
	const { taken, decide } = useDecisions();
	const rows = (list.rows ?? []).filter(({ id }) => !taken.includes(id));
	const { box, at, go, setId } = useAt(rows);
	const [refusing, setRefusing] = useState<Review>();
	const judge = (review: Review | undefined,
		decision: Decision["decision"]) => {
		if (!review || review.state === (decision === "approve" ? "approved"
			: "rejected"))
			return;
		if (decision === "reject")
			setRefusing(review);
		else
			decide(review, { decision });
	};
	useActions([
		{ id: "review-next", name: t("next"), key: "j", run: () => go(1) },
		{ id: "review-before", name: t("before"), key: "k",
			run: () => go(-1) },
		...may ? [
			{ id: "review-approve", name: t("approve"), key: "a",
				run: () => judge(rows[at], "approve") },
			{ id: "review-reject", name: t("reject"), key: "r",
				run: () => judge(rows[at], "reject") }] : []]);
	return (
		<>
			<PageHead title={t("reviews")} />
			<div className="mb-3 flex flex-wrap items-end gap-2">
				<FilterBar fields={fields} filters={filters} set={set} />
			</div>
			{may && <p className="mb-3 text-sm opacity-80">{t("keys")}</p>}
			{list.error && <Failure error={list.error} retry={list.refetch} />}
			{!list.rows && !list.error && <p role="status">
				{common("loading")}</p>}
			<div ref={box} className="grid gap-3" aria-busy={list.isFetching}>
				{rows.map((review, i) => (
					<div key={review.id} onFocus={() => setId(review.id)}>
						<Card review={review} at={i === at} may={may}
							decide={(decision) => judge(review, decision)} />
					</div>))}
			</div>
			{list.rows && rows.length === 0 && <p className="rounded-box
				bg-base-200 p-8 text-center">{t("none")}</p>}
			{list.hasNextPage && <button type="button" className="btn mt-4"
				disabled={list.isFetchingNextPage}
				onClick={() => void list.fetchNextPage()}>
				{panel("rows.more")}</button>}
			{refusing && <Refusal close={() => setRefusing(undefined)}
				refuse={(reason) => {
					decide(refusing, { decision: "reject", reason });
					setRefusing(undefined);
				}} />}
		</>
	);
}
