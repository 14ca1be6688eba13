// SPDX-License-Identifier: ISC
// What is in the cart, line by line.
import { useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { useAddToCart, useSetQuantity, type Cart, type CartLine } from
	"../../api/cart";
import { useProblemText } from "../../components/Failure";
import { Quantity } from "../../components/Quantity";
import { useToast } from "../../components/Toasts";
import { money, useText } from "../../i18n";

export const optionsText = (options: Record<string, unknown>) =>
	Object.values(options).join(", ");

/** What the buttons say now; the cart is told when they come to rest. */
function useRestingQuantity(line: CartLine) {
	const change = useSetQuantity();
	const toast = useToast();
	const problem = useProblemText();
	const [wanted, setWanted] = useState<number>();
	const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
	useEffect(() => () => clearTimeout(timer.current), []);
	const set = (quantity: number) => {
		setWanted(quantity);
		clearTimeout(timer.current);
		timer.current = setTimeout(() => change.mutate(
			{ id: line.id, quantity }, {
				onSettled: () => setWanted(undefined),
				onError: (error) => toast(problem(error), "error"),
			}), 400);
	};
	return { quantity: wanted ?? line.quantity, set };
}

function useRemove() {
	const t = useText("checkout");
	const common = useText("common");
	const change = useSetQuantity();
	const add = useAddToCart();
	const toast = useToast();
	const problem = useProblemText();
	return (line: { id: string; variant_id: string; quantity: number;
		name: string }, again = true) => change.mutate(
		{ id: line.id, quantity: 0 }, {
			onSuccess: () => toast(t("removed", { name: line.name }), "info",
				again ? { text: common("undo"), act: () => add.mutate({
					variant_id: line.variant_id, quantity: line.quantity }) }
				: undefined),
			onError: (error) => toast(problem(error), "error"),
		});
}

function Thumb({ line, to }: { line: CartLine; to: string }) {
	return (
		<Link to={to} tabIndex={-1} aria-hidden="true" className="shrink-0">
			{line.image
				? <img src={line.image} alt="" width="96" height="96"
					className="size-20 rounded-box bg-base-200 object-cover
					sm:size-24" />
				: <div className="size-20 rounded-box bg-base-200 sm:size-24" />}
		</Link>
	);
}

function Prices({ line }: { line: CartLine }) {
	const t = useText("checkout");
	const free = line.discount.amount === line.subtotal.amount;
	return (
		<div className="text-right tabular-nums">
			<p className="font-bold">{line.gift && free ? t("sum.free")
				: money(line.subtotal)}</p>
			{line.quantity > 1 && !line.gift && <p className="text-sm
				opacity-80">{t("each", { price: money(line.unit_price) })}</p>}
		</div>
	);
}

function Notes({ line }: { line: CartLine }) {
	const t = useText("checkout");
	return (
		<>
			{line.price_changed_from && <p className="text-sm text-secondary">
				{t("price.changed", { before: money(line.price_changed_from),
					now: money(line.unit_price) })}</p>}
			{line.quantity > line.available && <p role="alert"
				className="text-sm text-error">{line.available > 0
				? t.count("only", line.available) : t("gone")}</p>}
		</>
	);
}

function Line({ line }: { line: CartLine }) {
	const t = useText("checkout");
	const { quantity, set } = useRestingQuantity(line);
	const remove = useRemove();
	const to = `/product/${line.slug}`;
	return (
		<li className="flex gap-4 border-b border-base-300 py-4">
			<Thumb line={line} to={to} />
			<div className="flex min-w-0 flex-1 flex-col gap-1">
				<div className="flex justify-between gap-3">
					<div className="min-w-0">
						<h2 className="text-base font-medium leading-snug">
							<Link to={to} className="link-hover link break-words">
								{line.name}</Link></h2>
						<p className="text-sm opacity-80">
							{optionsText(line.options)}</p>
					</div>
					<Prices line={line} />
				</div>
				<Notes line={line} />
				<div className="mt-1 flex flex-wrap items-center gap-2">
					{line.gift ? <p className="text-sm">
						{t.count("gift", line.quantity)}</p> : <>
						<Quantity value={quantity} small set={set}
							of={line.name} most={Math.max(1, Math.min(999,
								Math.max(line.available, line.quantity)))} />
						<button type="button" className="btn btn-ghost btn-sm"
							aria-label={t("remove.named", { name: line.name })}
							onClick={() => remove(line)}>{t("remove")}</button>
					</>}
				</div>
			</div>
		</li>
	);
}

export function Lines({ cart }: { cart: Cart }) {
	const t = useText("checkout");
	const remove = useRemove();
	return (
		<>
			{cart.notes.map((note) => <p key={note.variant_id} role="status"
				className="alert alert-warning mb-2">{t("capped",
				{ name: note.name, quantity: note.quantity })}</p>)}
			<ul aria-label={t("cart.title")}>
				{cart.quote.lines.map((line) =>
					<Line key={line.id + (line.gift ? "gift" : "")}
						line={line} />)}
			</ul>
			{cart.unavailable.map((line) => (
				<div key={line.id} role="alert" className="mt-3 flex items-center gap-3
					rounded-box border-2 border-accent p-4 flex-wrap justify-between">
					<span>{t("unavailable", { name: line.name })}</span>
					<button type="button" className="btn btn-sm"
						aria-label={t("remove.named", { name: line.name })}
						onClick={() => remove(line, false)}>{t("remove")}
					</button>
				</div>
			))}
		</>
	);
}
