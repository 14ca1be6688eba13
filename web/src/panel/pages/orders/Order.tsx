// SPDX-License-Identifier: ISC
// One order: what is in it, what may be done now, and all that happened.
import { useState } from "react";
import { Link, useParams } from "react-router";
import { countryName } from "../../../api/places";
import { Failure, useProblemText } from "../../../components/Failure";
import { PageSkeleton } from "../../../components/Skeletons";
import { useToast } from "../../../components/Toasts";
import { useText } from "../../../i18n";
import { useActions } from "../../actions";
import { PageHead } from "../../components/PageHead";
import { Badge, Money, When } from "../../components/Shown";
import { useRecord } from "../../record";
import { useMay } from "../../session";
import { Change } from "./Change";
import { Cancel, OpenReturn, Parcel, Refund, Ship } from "./dialogs";
import { History, Notes } from "./History";
import { left, orders, paper, useCounts, useDo, type Order } from "./orders";

function Lines({ order }: { order: Order }) {
	const t = useText("panel_orders");
	return (
		<section className="overflow-x-auto" aria-label={t("lines")}
			tabIndex={0}>
			<table className="table">
				<thead><tr>
					<th>{t("article")}</th>
					<th className="text-right">{t("pieces")}</th>
					<th className="text-right">{t("unit")}</th>
					<th className="text-right">{t("total")}</th>
				</tr></thead>
				<tbody>{order.lines.map((line) => (
					<tr key={line.id}>
						<td className="flex items-center gap-3">
							{line.image && <img src={line.image} alt=""
								width={40} height={40} loading="lazy"
								className="size-10 rounded object-cover" />}
							<span className="min-w-28">
								<Link to={`/products/${line.product_id}`}
									className="link link-hover">{line.name}</Link>
								<span className="block text-sm opacity-80">
									{[line.sku, ...Object.values(line.options)]
										.join(" · ")}</span>
							</span>
						</td>
						<td className="text-right tabular-nums">
							{line.quantity}
							{line.shipped > 0 && <span className="block
								text-sm opacity-80">{t("shipped.of",
								{ n: line.shipped })}</span>}
							{line.refunded > 0 && <span className="block
								text-sm opacity-80">{t("refunded.of",
								{ n: line.refunded })}</span>}
						</td>
						<td className="text-right">
							<Money of={line.unit_price} /></td>
						<td className="text-right"><Money of={line.total} />
							{line.discount.amount > 0 && <span
								className="block text-sm opacity-80">−
								<Money of={line.discount} /></span>}</td>
					</tr>
				))}</tbody>
			</table>
		</section>
	);
}

function Sums({ order }: { order: Order }) {
	const t = useText("panel_orders");
	const rows: [string, Order["total"] | null | undefined, boolean?][] = [
		[t("goods"), order.subtotal],
		...order.discounts.map((one): [string, Order["total"]] =>
			[`− ${one.name}`, one.amount]),
		[order.shipping ? `${t("shipping")}: ${order.shipping.name}`
			: t("shipping"), order.shipping?.total],
		[t("total"), order.total, true],
		[t("tax"), order.tax],
		...order.refunded.amount ? [[t("refunded"), order.refunded] as
			[string, Order["total"]]] : [],
		...order.due.amount ? [[t("due"), order.due, true] as
			[string, Order["total"], boolean]] : [],
	];
	return (
		<dl className="ml-auto grid w-full max-w-sm grid-cols-[1fr_auto] gap-x-6
			gap-y-1 p-4">
			{rows.map(([name, value, strong], i) => (
				<div key={i} className={`contents ${strong ? "font-bold" : ""}`}>
					<dt className={strong ? "font-bold" : ""}>{name}</dt>
					<dd className={`text-right ${strong ? "font-bold" : ""}`}>
						<Money of={value} /></dd>
				</div>
			))}
		</dl>
	);
}

function Address({ title, of }: { title: string;
	of: Order["shipping_address"] }) {
	if (!of)
		return null;
	return (
		<section className="rounded-box border border-base-300 p-4">
			<h2 className="mb-2 text-base">{title}</h2>
			<address className="wrap-anywhere not-italic">
				{[of.name, of.company, of.line1, of.line2,
					[of.postcode, of.city].filter(Boolean).join(" "),
					of.region, countryName(of.country), of.phone].filter(Boolean)
					.map((line, i) => <span key={i} className="block">
						{line}</span>)}
			</address>
		</section>
	);
}

function Shipments({ order, open, deliver }: { order: Order;
	open: (id: string) => void; deliver: (id: string) => void }) {
	const t = useText("panel_orders");
	const write = useMay("orders.write");
	if (!order.shipments.length)
		return null;
	return (
		<section className="mt-6">
			<h2 className="mb-2">{t("shipments")}</h2>
			<ul className="grid gap-3 sm:grid-cols-2">
				{order.shipments.map((one, i) => (
					<li key={one.id} className="rounded-box border
						border-base-300 p-4">
						<p className="font-semibold">{t("parcel", { n: i + 1 })}
							{" · "}<When at={one.shipped_at} /></p>
						<p className="text-sm">{[one.carrier,
							one.tracking_number].filter(Boolean).join(" · ")
							|| t("tracking.none")}</p>
						<ul className="my-2 text-sm">{one.lines.map((line) =>
							<li key={line.line_id}>{line.quantity} ×{" "}
								{line.name}</li>)}</ul>
						{one.delivered_at ? <p className="text-sm">
							{t("delivered.at")} <When at={one.delivered_at} />
						</p> : null}
						<p className="mt-2 flex flex-wrap gap-2">
							<button type="button" className="btn btn-xs"
								onClick={() => paper(`${order.id}/` +
									`packing-slip.pdf?shipment_id=${one.id}`)}>
								{t("slip")}</button>
							{write && <button type="button"
								className="btn btn-xs"
								onClick={() => open(one.id)}>
								{t("tracking.edit")}</button>}
							{write && !one.delivered_at && <button
								type="button" className="btn btn-xs"
								onClick={() => deliver(one.id)}>
								{t("deliver")}</button>}
						</p>
					</li>
				))}
			</ul>
		</section>
	);
}

function Claims({ order, settle }: { order: Order;
	settle: (id: string, to: string) => void }) {
	const t = useText("panel_orders");
	const refund = useMay("orders.refund");
	return (
		<>
			{order.returns.length > 0 && <section className="mt-6">
				<h2 className="mb-2">{t("returns")}</h2>
				<ul>{order.returns.map((one) => (
					<li key={one.id} className="mb-1">
						<Link className="link" to={`/returns/${one.id}`}>
							{order.number}/{one.number}</Link>{" "}
						<Badge state={one.state}
							text={t(`return.${one.state}`)} />
					</li>))}</ul>
			</section>}
			{order.refunds.length > 0 && <section className="mt-6">
				<h2 className="mb-2">{t("refunds")}</h2>
				<ul>{order.refunds.map((one) => (
					<li key={one.id} className="mb-2 flex flex-wrap
						items-center gap-2">
						<Money of={one.amount} />
						<Badge state={one.state === "done" ? "applied"
							: one.state} text={t(`refund.${one.state}`)} />
						{one.cause === "edit" && <span className="text-sm">
							{t("refund.edit")}</span>}
						<span className="text-sm">{one.reason}</span>
						{one.state === "done" && one.cause === "goods" &&
							<button type="button" className="btn btn-xs"
								onClick={() => paper(`${order.id}/refunds/` +
									`${one.id}/credit-note.pdf`)}>
								{t("credit")}</button>}
						{one.state === "pending" && refund && <>
							<button type="button" className="btn btn-xs"
								onClick={() => settle(one.id, "done")}>
								{t("refund.say.done")}</button>
							{one.cause === "goods" && <button type="button"
								className="btn btn-xs"
								onClick={() => settle(one.id, "failed")}>
								{t("refund.say.failed")}</button>}
						</>}
					</li>))}</ul>
			</section>}
		</>
	);
}

type Asked = "ship" | "refund" | "cancel" | "return" | "change" |
	{ parcel: string };

export default function OrderPage() {
	const { id = "" } = useParams();
	const t = useText("panel_orders");
	const toast = useToast();
	const problem = useProblemText();
	const [write, refund] = [useMay("orders.write"), useMay("orders.refund")];
	const tasks = useMay("tasks.write");
	const { data, error, refetch } = useRecord<Order>(`${orders}/${id}`);
	const act = useDo(id, data?.etag);
	const [asked, ask] = useState<Asked>();
	const [busy, setBusy] = useState(false);
	useCounts();
	const order = data?.data;
	const quickly = async (path: string, body: object, said: string) => {
		setBusy(true);
		try {
			await act(path, body);
			toast(said);
		} catch (fault) {
			toast(problem(fault), "error");
			void refetch();
		} finally {
			setBusy(false);
		}
	};
	const go = (to: string) => quickly("transitions", { to },
		t("done"));
	const can = (to: string) => write && !!order?.transitions.includes(to);
	useActions(order ? [
		...can("shipped") ? [{ id: "ship", name: t("ship"), key: "s",
			run: () => ask("ship") }] : [],
		{ id: "slip", name: t("slip"), key: "p",
			run: () => void paper(`${id}/packing-slip.pdf`) },
	] : []);
	if (error)
		return <><PageHead title={t("order")} />
			<Failure error={error} retry={refetch} /></>;
	if (!order)
		return <PageSkeleton />;
	const steps = ["confirmed", "processing", "delivered", "paid", "failed",
		"unpaid", "authorised"].filter(can);
	const packed = ["processing", "shipped", "delivered"].includes(order.state);
	const some = order.payment_state === "paid" ||
		order.payment_state === "partly_refunded";
	return (
		<>
			<PageHead title={order.number} back={[{ to: "/orders",
				text: t("orders") }]} beside={<>
				<Badge state={order.state} text={t(`state.${order.state}`)} />
				<Badge state={order.payment_state}
					text={t(`payment.${order.payment_state}`)} />
				{order.short_of_stock && <Badge state="low"
					text={t("short")} />}
			</>} actions={<>
				{steps.map((to) => <button key={to} type="button"
					disabled={busy} className={`btn btn-sm ${to === steps[0]
						&& order.state !== "cancelled"
						? "btn-primary" : ""}`} onClick={() => void go(to)}>
					{t(`do.${to as "paid"}`)}</button>)}
				{can("shipped") && order.lines.some((l) => left(l) > 0) &&
					<button type="button" className="btn btn-sm btn-primary"
						onClick={() => ask("ship")}>{t("ship")}</button>}
				{write && order.due.amount > 0 && <button type="button"
					className="btn btn-sm" disabled={busy}
					onClick={() => void quickly("payments", {}, t("done"))}>
					{t("due.came")}</button>}
				{write && order.can_edit && <button type="button"
					className="btn btn-sm" onClick={() => ask("change")}>
					{t("change")}</button>}
				{refund && some && (order.state === "cancelled" ||
					order.lines.some((l) => l.shipped > l.refunded) ||
					order.shipping) && <button type="button"
					className="btn btn-sm" onClick={() => ask("refund")}>
					{t("refund")}</button>}
				{write && order.state === "delivered" &&
					order.lines.some((l) => l.returnable > 0) &&
					<button type="button" className="btn btn-sm"
						onClick={() => ask("return")}>
						{t("return.new")}</button>}
				{order.state !== "cancelled" && <button type="button"
					className="btn btn-sm"
					onClick={() => paper(`${id}/packing-slip.pdf`)}>
					{t("slip")}</button>}
				{packed && <button type="button" className="btn btn-sm"
					onClick={() => paper(`${id}/invoice.pdf`)}>
					{t("invoice")}</button>}
				{order.credit_note && <button type="button"
					className="btn btn-sm"
					onClick={() => paper(`${id}/credit-note.pdf`)}>
					{t("credit")}</button>}
				{tasks && <Link className="btn btn-sm"
					to={`/tasks?new=1&order_id=${id}`}>{t("task")}</Link>}
				{can("cancelled") && <button type="button"
					className="btn btn-sm btn-error btn-outline"
					onClick={() => ask("cancel")}>{t("do.cancelled")}</button>}
			</>} />
			<p className="mb-4">{order.customer_id
				? <Link className="link" to={`/customers/${
					order.customer_id}`}>{order.name || order.email}</Link>
				: <>{order.name} ({t("guest")})</>}{" · "}{order.email}{" · "}
				<When at={order.placed_at} exact />{" · "}
				{order.payment.label}</p>
			{order.note && <p className="mb-4 rounded-box bg-base-200 p-3
				whitespace-pre-wrap">{order.note}</p>}
			{asked === "change"
				? <Change order={order} act={act} close={() => ask(undefined)} />
				: <div className="rounded-box border border-base-300">
					<Lines order={order} /><Sums order={order} /></div>}
			<Shipments order={order} open={(parcel) => ask({ parcel })}
				deliver={(one) => void quickly(`shipments/${one}/delivery`, {},
					t("done"))} />
			<Claims order={order} settle={(one, to) => void quickly(
				`refunds/${one}/outcome`, { to }, t("done"))} />
			<div className="mt-6 grid gap-4 sm:grid-cols-2">
				<Address title={t("address.shipping")}
					of={order.shipping_address} />
				<Address title={t("address.billing")}
					of={order.billing_address} />
			</div>
			<section className="mt-6">
				<h2 className="mb-2">{t("history")}</h2>
				{write && <Notes save={(note, shown) =>
					act("notes", { note, public: shown })} />}
				<History order={order} />
			</section>
			{asked === "ship" && <Ship {...{ order, act }}
				close={() => ask(undefined)} />}
			{asked === "refund" && <Refund {...{ order, act }}
				close={() => ask(undefined)} />}
			{asked === "cancel" && <Cancel {...{ order, act }}
				close={() => ask(undefined)} />}
			{asked === "return" && <OpenReturn {...{ order, act }}
				close={() => ask(undefined)} />}
			{typeof asked === "object" && <Parcel {...{ order, act }}
				id={asked.parcel} close={() => ask(undefined)} />}
		</>
	);
}
