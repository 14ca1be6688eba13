// SPDX-License-Identifier: ISC
// One order: for its customer, for the guest whose browser placed it, and for
// who has the link from the mail, whose key is behind the "#".
import { useState } from "react";
import { Link, useLocation, useNavigate, useParams } from "react-router";
import { orderKey, savePaper, useOrder, useOrderEvents, useReorder,
	type Order as OrderData, type OrderLine } from "../../api/orders";
import { problemOf } from "../../api/problem";
import { loginPath } from "../../api/session";
import { AddressText } from "../../components/AddressFields";
import { Failure, useProblemText } from "../../components/Failure";
import { PageSkeleton } from "../../components/Skeletons";
import { useTitle } from "../../components/title";
import { useToast } from "../../components/Toasts";
import { Totals } from "../../components/Totals";
import { date, dateTime, money, useText } from "../../i18n";
import { Cancel, Return } from "./Claims";
import { optionsText } from "./Lines";

const steps = ["pending", "confirmed", "processing", "shipped",
	"delivered"] as const;

function Progress({ order }: { order: OrderData }) {
	const t = useText("account");
	if (order.state === "cancelled")
		return <p className="alert my-5">{t("order.cancelled")}</p>;
	const at = steps.indexOf(order.state);
	return (
		<ol className="steps steps-vertical my-5 w-full sm:steps-horizontal">
			{steps.map((step, i) => (
				<li key={step} className={`step ${i <= at ?
					"step-primary" : ""}`}
					aria-current={i === at ? "step" : undefined}>
					{t(`order.${step}`)}</li>
			))}
		</ol>
	);
}

function Transfer({ payment }: { payment: OrderData["payment"] }) {
	const t = useText("checkout");
	const rows = [[t("transfer.holder"), payment.holder],
		["IBAN", payment.iban?.replace(/(.{4})(?=.)/g, "$1 ")], ["BIC", payment.bic],
		[t("transfer.reference"), payment.reference],
		[t("sum.total"), payment.amount && money(payment.amount)]];
	return (
		<div className="my-5 rounded-box border-2 border-accent bg-base-200 p-4">
			<p className="font-semibold">{payment.due_at
				? t("transfer.until", { date: date(payment.due_at) })
				: t("transfer")}</p>
			<dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
				{rows.map(([name, value]) => value && (
					<div key={name} className="contents">
						<dt className="opacity-80">{name}</dt>
						<dd className="break-words font-medium">{value}</dd>
					</div>
				))}
			</dl>
		</div>
	);
}

function Line({ line, review }: { line: OrderLine; review?: string }) {
	const t = useText("checkout");
	return (
		<li className="flex justify-between gap-4 border-b border-base-300
			py-3">
			<div className="min-w-0">
				<p className="font-medium break-words">
					{line.quantity} × {line.name}</p>
				<p className="text-sm opacity-80">{optionsText(line.options)}</p>
				{line.refunded > 0 && <p className="text-sm text-secondary">
					{t.count("line.refunded", line.refunded)}</p>}
				{review && <Link to={review} className="link text-sm">
					{t("review.write")}
					<span className="sr-only">: {line.name}</span></Link>}
			</div>
			<p className="shrink-0 tabular-nums">{money(line.subtotal)}</p>
		</li>
	);
}

function Goods({ order }: { order: OrderData }) {
	const t = useText("checkout");
	const { hash } = useLocation();
	const review = (line: OrderLine) => order.state === "delivered" &&
		line.refunded < line.quantity
		? `/review/${line.product_id}?order=${order.id}${hash}` : undefined;
	return (
		<section className="mt-6">
			<h2>{t("order.goods")}</h2>
			<ul>{order.lines.map((line) => <Line key={line.id} line={line}
				review={review(line)} />)}</ul>
			<div className="ml-auto max-w-sm pt-3"><Totals of={order} />
				{order.refunded.amount > 0 && <p className="flex justify-between
					pt-2 font-semibold"><span>{t("sum.refunded")}</span>
					<span>−{money(order.refunded)}</span></p>}
			</div>
		</section>
	);
}

function Parcels({ order }: { order: OrderData }) {
	const t = useText("checkout");
	if (order.shipments.length === 0)
		return null;
	return (
		<section className="mt-6">
			<h2 className="mb-2">{t("parcels")}</h2>
			{order.shipments.map((parcel) => (
				<div key={parcel.id} className="mb-3 rounded-box border
					border-base-300 p-4">
					<p className="font-medium">{t("parcel.sent",
						{ date: date(parcel.shipped_at) })}</p>
					{(parcel.carrier || parcel.tracking_number) && <p>
						{parcel.carrier} {parcel.tracking_number && <>
							{t("parcel.number")}{" "}
							<b className="break-all">{parcel.tracking_number}</b>
						</>}</p>}
					{parcel.note && <p>{parcel.note}</p>}
					<p className="text-sm opacity-80">{parcel.lines.map((line) =>
						`${line.quantity} × ${line.name}`).join(", ")}</p>
				</div>
			))}
		</section>
	);
}

function GoneBack({ order }: { order: OrderData }) {
	const t = useText("checkout");
	if (order.refunds.length + order.returns.length === 0)
		return null;
	return (
		<section className="mt-6">
			<h2 className="mb-2">{t("back")}</h2>
			{order.returns.map((one) => (
				<div key={one.id} className="mb-3 rounded-box border
					border-base-300 p-4">
					<p className="font-medium">{t("return.number",
						{ number: one.number })}: {t(`return.${one.state}`)}</p>
					<p className="text-sm opacity-80">{one.lines.map((line) =>
						`${line.quantity} × ${line.name}`).join(", ")}</p>
					{one.decision_note && <p>{one.decision_note}</p>}
				</div>
			))}
			{order.refunds.map((one) => (
				<p key={one.id} className="mb-2">{t(`refund.${one.state}`,
					{ amount: money(one.amount), date: date(one.settled_at ??
						one.created_at) })}
					{one.reason && <span className="block text-sm opacity-80">
						{one.reason}</span>}</p>
			))}
		</section>
	);
}

function Story({ order, by }: { order: OrderData; by?: string }) {
	const t = useText("checkout");
	const words = useText("account");
	const { data } = useOrderEvents(order.id, by);
	const said = ({ kind, to }: { kind: string; to: string | null }) =>
		kind === "state" && to ? words(`order.${to as "pending"}`)
			: kind === "payment" && to ? words(`payment.${to as "paid"}`)
			: kind === "shipment" && to && to !== "shipped"
			? t(`event.shipment.${to as "delivered"}`)
			: kind === "return" && to
			? t(`event.return.${to as "received"}`)
			: t(`event.${kind as "placed"}`);
	return (
		<section className="mt-6">
			<h2 className="mb-2">{t("story")}</h2>
			<ol className="border-l-2 border-base-300 pl-4">
				{(data?.items ?? []).map((event) => (
					<li key={event.id} className="mb-3">
						<p className="font-medium">{said(event)}</p>
						{event.note && <p>{event.note}</p>}
						<time dateTime={event.at} className="text-sm
							opacity-80">{dateTime(event.at)}</time>
					</li>
				))}
			</ol>
		</section>
	);
}

/** A paper, fetched with the key of the mail's link where there is one. */
function Paper({ order, by, paper }: { order: OrderData; by?: string;
	paper: "invoice" | "credit-note" }) {
	const t = useText("checkout");
	const toast = useToast();
	const problem = useProblemText();
	const [busy, setBusy] = useState(false);
	const fetchIt = async () => {
		setBusy(true);
		try {
			await savePaper(order, by, paper);
		} catch (error) {
			toast(problem(error), "error");
		} finally {
			setBusy(false);
		}
	};
	return <button type="button" className="btn" disabled={busy}
		onClick={() => void fetchIt()}>{t(paper === "invoice" ? "invoice" : "credit")}</button>;
}

function Again({ order }: { order: OrderData }) {
	const t = useText("checkout");
	const again = useReorder(order.id);
	const toast = useToast();
	const navigate = useNavigate();
	const problem = useProblemText();
	const run = () => again.mutate(undefined, {
		onSuccess: ({ added, capped, missing }) => {
			const lacking = [...missing, ...capped].map(({ name }) => name);
			if (lacking.length > 0)
				toast(t("again.lacking", { names: lacking.join(", ") }),
					"info");
			if (added > 0)
				void navigate("/cart");
		},
		onError: (error) => toast(problem(error), "error"),
	});
	return <button type="button" className="btn" disabled={again.isPending}
		onClick={run}>{t("again")}</button>;
}

function Addresses({ order }: { order: OrderData }) {
	const t = useText("checkout");
	const { shipping_address: to, billing_address: bill } = order;
	const same = JSON.stringify(to) === JSON.stringify(bill);
	return (
		<section className="mt-6 grid gap-6 sm:grid-cols-2">
			<div><h2 className="mb-2">{t("order.to")}</h2>
				{to ? <AddressText value={to} />
					: <p>{order.shipping?.name}</p>}</div>
			{bill && !same && <div><h2 className="mb-2">{t("billing")}</h2>
				<AddressText value={bill} /></div>}
			<div><h2 className="mb-2">{t("payment")}</h2>
				<p>{t(`pay.${order.payment.method as "on_delivery"}`)}</p></div>
			{order.note && <div><h2 className="mb-2">{t("note")}</h2>
				<p className="whitespace-pre-line">{order.note}</p></div>}
		</section>
	);
}

function NotYours() {
	const t = useText("checkout");
	const common = useText("common");
	const { pathname } = useLocation();
	useTitle(t("order.unknown"));
	return (
		<div className="py-16 text-center">
			<h1>{t("order.unknown")}</h1>
			<p className="my-4">{t("order.unknown.text")}</p>
			<Link className="btn btn-primary" to={loginPath(pathname)}>
				{common("login")}</Link>
		</div>
	);
}

function Thanks({ order }: { order: OrderData }) {
	const t = useText("checkout");
	return <div role="status" className="alert alert-success mb-5 block">
		<p className="text-lg font-bold">{t("thanks")}</p>
		<p>{t("thanks.mail", { email: order.email })}</p></div>;
}

export default function Order() {
	const t = useText("checkout");
	const words = useText("account");
	const { id = "" } = useParams();
	const { hash, state } = useLocation();
	const by = orderKey(hash);
	const { data: order, error, refetch } = useOrder(id, by);
	useTitle(order && words("order.number", { number: order.number }));
	const status = problemOf(error)?.status ?? 0;
	if (!order && [401, 403, 404, 422].includes(status))
		return <NotYours />;
	if (!order)
		return error ? <Failure error={error} retry={refetch} />
			: <PageSkeleton />;
	return (
		<article className="mx-auto max-w-3xl">
			{state?.placed && <Thanks order={order} />}
			<h1>{words("order.number", { number: order.number })}</h1>
			<p className="flex flex-wrap items-center gap-3 opacity-80">
				{date(order.placed_at)}
				<span className="badge badge-outline">
					{words(`payment.${order.payment_state}`)}</span></p>
			<Progress order={order} />
			{order.payment.iban && order.payment_state === "unpaid" &&
				order.state !== "cancelled" &&
				<Transfer payment={order.payment} />}
			<div className="flex flex-wrap gap-2 print:hidden">
				{!by && <Again order={order} />}
				{order.can_return && <Return order={order} by={by} />}
				{["processing", "shipped", "delivered"].includes(order.state)
					&& <Paper order={order} by={by} paper="invoice" />}
				{order.credit_note && <Paper order={order} by={by}
					paper="credit-note" />}
				{order.can_cancel && <Cancel order={order} by={by} />}
				<button type="button" className="btn"
					onClick={() => print()}>{t("print")}</button>
				<Link className="btn btn-ghost" to="/contact">
					{t("order.ask")}</Link>
			</div>
			<Goods order={order} />
			<Parcels order={order} />
			<GoneBack order={order} />
			<Addresses order={order} />
			<Story order={order} by={by} />
		</article>
	);
}
