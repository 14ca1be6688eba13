// SPDX-License-Identifier: ISC
// What is wished for, with its price of then and of now.  What is removed goes
// when it can't be taken back any more: after some seconds, or with the page.
import { useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { useGrowing } from "../../api/account";
import { dropWish, useWish, wishlistPath, type Wish } from
	"../../api/wishes";
import { Failure, useProblemText } from "../../components/Failure";
import { Picture, useAdd } from "../../components/ProductCard";
import { CardSkeletons } from "../../components/Skeletons";
import { useToast } from "../../components/Toasts";
import { date, money, number, useText } from "../../i18n";
import { Empty, More } from "./lists";

const patience = 6000;

/** What was removed and may come back yet. */
function useRemoval() {
	const t = useText("account");
	const common = useText("common");
	const toast = useToast();
	const problem = useProblemText();
	const { mutate } = useWish();
	const waiting = useRef(new Map<string, ReturnType<typeof setTimeout>>());
	const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
	const show = (id: string) => setGone((now) =>
		new Set([...now].filter((other) => other !== id)));
	useEffect(() => {
		const list = waiting.current;
		const leave = () => {
			for (const [id, timer] of list) {
				clearTimeout(timer);
				void dropWish(id, true).catch(() => undefined);
			}
			list.clear();
		};
		addEventListener("pagehide", leave);
		return () => {
			removeEventListener("pagehide", leave);
			for (const [id, timer] of list) {
				clearTimeout(timer);
				mutate({ product: id, variant: null, on: false });
			}
			list.clear();
		};
	}, [mutate]);
	const remove = ({ id, name, variant }: Wish) => {
		setGone((now) => new Set(now).add(id));
		waiting.current.set(id, setTimeout(() => {
			waiting.current.delete(id);
			mutate({ product: id, variant: null, on: false }, {
				onError: (error) => {
					show(id);
					toast(problem(error), "error");
				} });
		}, patience));
		toast(t("wish.removed", { name }), "info", { text: common("undo"),
			act: () => {
				const timer = waiting.current.get(id);
				clearTimeout(timer);
				if (!waiting.current.delete(id))
					mutate({ product: id, variant: variant?.id ?? null,
						on: true });
				show(id);
			} });
	};
	return { gone, remove };
}

function Price({ wish }: { wish: Wish }) {
	const t = useText("account");
	const common = useText("common");
	const { price, price_added: then } = wish;
	if (!price)
		return <p className="pt-1 text-sm font-medium">
			{t("wish.unsold")}</p>;
	const less = price.currency === then.currency && then.amount > 0
		? Math.round(100 - 100 * price.amount / then.amount) : 0;
	return (
		<>
			<p className="pt-1">
				{!wish.variant && wish.variant_count > 1 && <span
					className="text-sm opacity-80">{common("from")} </span>}
				<span className="font-bold">{money(price)}</span>
				{less > 0 && <span className="badge badge-secondary badge-sm
					ml-2">{t("wish.less", { percent: number(less) })}</span>}
			</p>
			<p className="text-sm opacity-80">{price.amount === then.amount
				? t("wish.same", { date: date(wish.added_at) })
				: t("wish.then", { price: money(then),
					date: date(wish.added_at) })}</p>
		</>
	);
}

function Action({ wish }: { wish: Wish }) {
	const t = useText("account");
	const common = useText("common");
	const { add, pending } = useAdd();
	if (!wish.for_sale)
		return null;
	if (!wish.in_stock)
		return <p className="py-2 text-sm font-medium">{t("wish.away")}</p>;
	if (!wish.variant && wish.variant_count > 1)
		return <Link to={`/product/${wish.slug}`} className="btn btn-sm
			w-full" aria-label={t("wish.choose", { name: wish.name })}>
			{common("choose")}</Link>;
	return <button type="button" className="btn btn-primary btn-sm w-full"
		disabled={pending || !wish.variant_id}
		aria-label={common("add.named", { name: wish.name })}
		onClick={() => add(wish.variant_id!, wish.name)}>
		{common("add")}</button>;
}

function Card({ wish, remove }: { wish: Wish; remove: () => void }) {
	const t = useText("account");
	const chosen = Object.values(wish.variant?.options ?? {}).join(", ");
	const picture = <Picture src={wish.image} alt="" />;
	return (
		<li className="flex flex-col">
			{wish.for_sale ? <Link to={`/product/${wish.slug}`} tabIndex={-1}
				aria-hidden="true">{picture}</Link> : picture}
			<p className="mt-2 text-xs opacity-80">{wish.brand?.name}</p>
			<h2 className="line-clamp-2 text-sm font-medium leading-snug
				sm:text-base">{wish.for_sale ? <Link
				className="hover:underline" to={`/product/${wish.slug}`}>
				{wish.name}</Link> : wish.name}</h2>
			{chosen && <p className="text-sm opacity-80">{chosen}</p>}
			<Price wish={wish} />
			<div className="mt-auto space-y-2 pt-2">
				<Action wish={wish} />
				<button type="button" className="btn btn-ghost btn-sm w-full"
					aria-label={t("remove.named", { name: wish.name })}
					onClick={remove}>{t("remove")}</button>
			</div>
		</li>
	);
}

export default function Wishlist() {
	const t = useText("account");
	const list = useGrowing<Wish>(`${wishlistPath}?limit=24`);
	const { gone, remove } = useRemoval();
	const top = useRef<HTMLParagraphElement>(null);
	if (list.error)
		return <Failure error={list.error} retry={list.refetch} />;
	if (!list.items)
		return <CardSkeletons />;
	const items = list.items.filter(({ id }) => !gone.has(id));
	if (items.length === 0 && !list.hasNextPage)
		return <Empty text={t("wish.none")} to="/" link={t("shop")} />;
	return (
		<>
			<p ref={top} tabIndex={-1} className="mb-5 max-w-prose
				outline-none">{t("wish.about")} <Link className="link"
				to="/account/consents">{t("wish.consents")}</Link></p>
			<ul className="product-grid">
				{items.map((wish) => <Card key={wish.id} wish={wish}
					remove={() => {
						remove(wish);
						top.current?.focus();
					}} />)}
			</ul>
			<More list={list} />
		</>
	);
}
