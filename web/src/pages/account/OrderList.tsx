// SPDX-License-Identifier: ISC
import { Link } from "react-router";
import type { Money } from "../../api/client";
import { date, money, useText } from "../../i18n";

export const orderStates = ["pending", "confirmed", "processing", "shipped",
	"delivered", "cancelled"] as const;
type State = typeof orderStates[number];

const colours: Record<State, string> = { pending: "badge-warning",
	confirmed: "badge-info", processing: "badge-info",
	shipped: "badge-info", delivered: "badge-success",
	cancelled: "badge-neutral" };
const payments = ["unpaid", "authorised", "paid", "partly_refunded",
	"refunded", "failed"] as const;

interface Order {
	id: string;
	number: string;
	state: string;
	payment_state: string;
	total: Money;
	quantity?: number;
	placed_at: string;
}

function One({ order }: { order: Order }) {
	const t = useText("account");
	const state = order.state as State;
	const payment = order.payment_state as typeof payments[number];
	return (
		<li className="relative flex flex-wrap items-center justify-between
			gap-x-4 gap-y-2 px-4 py-4 hover:bg-base-200 sm:flex-nowrap">
			<div className="min-w-40 basis-full sm:basis-auto">
				<Link to={`/account/orders/${order.id}`} className="font-semibold
					underline-offset-4 after:absolute after:inset-0
					hover:underline">{t("order.number",
						{ number: order.number })}</Link>
				<p className="text-sm opacity-80">{date(order.placed_at)}
					{order.quantity !== undefined &&
						` · ${t.count("pieces", order.quantity)}`}</p>
			</div>
			<p className="flex flex-1 flex-wrap gap-2">
				<span className={`badge ${colours[state] ?? ""}`}>
					{orderStates.includes(state) ? t(`order.${state}`) : state}
				</span>
				<span className="badge badge-outline">
					{payments.includes(payment) ? t(`payment.${payment}`)
						: payment}</span>
			</p>
			<p className="font-bold">{money(order.total)}</p>
		</li>
	);
}

export function OrderList({ items }: { items: Order[] }) {
	return (
		<ul className="divide-y divide-base-300 overflow-hidden rounded-box
			border border-base-300">
			{items.map((order) => <One key={order.id} order={order} />)}
		</ul>
	);
}
