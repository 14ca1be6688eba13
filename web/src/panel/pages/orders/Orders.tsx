// SPDX-License-Identifier: ISC
// All orders: tabs by what is to be done, filters, many at once.
import { Link, useSearchParams } from "react-router";
import { number, useText } from "../../../i18n";
import { DataTable, type Column, type Filter } from
	"../../components/DataTable";
import { PageHead } from "../../components/PageHead";
import { Badge, Money, When } from "../../components/Shown";
import { send } from "../../record";
import { useMay } from "../../session";
import { useShopCurrency } from "../../shop";
import { orders, paper, payments, states, useCounts, type Row } from
	"./orders";

/** What is said by tabs and by links, not among the filters. */
const names = ["state", "short_of_stock", "owed", "due"];
const linked = [...names, "customer_id", "shipping_method_id"];

function Tabs() {
	const t = useText("panel_orders");
	const counts = useCounts();
	const [query, setQuery] = useSearchParams();
	const count = (n: number | undefined) => n === undefined ? "" :
		counts && n > counts.most ? `${number(counts.most)}+` : number(n);
	const tabs: [string, string, string, number | undefined][] = [
		["", "", t("all"), undefined],
		...states.map((state): [string, string, string, number | undefined] =>
			["state", state, t(`state.${state}`), counts?.states[state]]),
		["short_of_stock", "true", t("short"), counts?.short_of_stock],
		["owed", "true", t("owed"), counts?.owed],
		["due", "true", t("due"), counts?.due],
	];
	const now = names.find((name) => query.get(name));
	return (
		<div role="group" aria-label={t("tabs")}
			className="mb-4 flex flex-wrap gap-1">
			{tabs.filter(([name, , , n]) => n !== 0 || name === "state" ||
				name === now).map(([name, value, text, n]) => {
				const chosen = name === "" ? !now : query.get(name) === value;
				return <button key={text} type="button" aria-pressed={chosen}
					className={`btn btn-sm ${chosen ? "btn-primary"
						: "btn-ghost"}`}
					onClick={() => setQuery((was) => {
						const next = new URLSearchParams(was);
						names.forEach((one) => next.delete(one));
						if (name)
							next.set(name, value);
						return next;
					})}>
					{text}{count(n) && <span className="badge badge-sm">
						{count(n)}</span>}
				</button>;
			})}
		</div>
	);
}

export default function Orders() {
	const t = useText("panel_orders");
	const write = useMay("orders.write");
	const currency = useShopCurrency();
	const [query] = useSearchParams();
	const fixed = Object.fromEntries(linked.flatMap((name) =>
		query.get(name) ? [[name, query.get(name)!]] : []));
	const columns: Column<Row>[] = [
		{ key: "number", title: t("number"), always: true,
			cell: (row) => row.number },
		{ key: "placed_at", title: t("placed"),
			sort: ["oldest", "newest"],
			cell: (row) => <When at={row.placed_at} /> },
		{ key: "name", title: t("customer"), cell: (row) =>
			row.name || row.email },
		{ key: "email", title: t("email"), extra: true,
			cell: (row) => row.email },
		{ key: "state", title: t("state"), cell: (row) => <>
			<Badge state={row.state} text={t(`state.${row.state}`)} />
			{row.short_of_stock && <> <Badge state="low"
				text={t("short")} /></>}
			{row.open_returns > 0 && <> <Badge state="waiting"
				text={t("return.open")} /></>}
		</> },
		{ key: "payment", title: t("payment"), cell: (row) =>
			<Badge state={row.payment_state}
				text={t(`payment.${row.payment_state}`)} /> },
		{ key: "pieces", title: t("pieces"), figure: true, cell: (row) =>
			row.shipped && row.shipped < row.quantity
				? `${row.shipped}/${row.quantity}` : row.quantity },
		{ key: "shipping", title: t("shipping"), extra: true,
			cell: (row) => row.shipping_method ?? "–" },
		{ key: "country", title: t("country"), extra: true,
			cell: (row) => row.country ?? "–" },
		{ key: "total", title: t("total"), figure: true,
			sort: ["cheapest", "dearest"],
			cell: (row) => <Money of={row.total} /> },
	];
	const filters: Filter[] = [
		{ name: "q", kind: "search", label: t("search") },
		{ name: "payment_state", kind: "select", label: t("payment"),
			options: payments.map((one) => [one, t(`payment.${one}`)]) },
		{ name: "returns", kind: "select", label: t("returns"),
			options: [["any", t("returns.any")], ["open", t("return.open")],
				["none", t("returns.none")]] },
		{ name: "from", other: "to", kind: "times", label: t("placed") },
		{ name: "unshipped", kind: "check", label: t("unshipped") },
		{ name: "total_min", kind: "money", label: t("total.min"), currency },
		{ name: "total_max", kind: "money", label: t("total.max"), currency },
	];
	return (
		<>
			<PageHead title={t("orders")} actions={
				<Link to="/returns" className="btn btn-sm">{t("returns")}</Link>} />
			<Tabs />
			{query.get("customer_id") && <p className="mb-3 text-sm">
				{t("of.customer")}{" "}<Link className="link" to="/orders">
					{t("of.all")}</Link></p>}
			<DataTable<Row> name="orders" path={orders} label={t("orders")}
				rowKey={(row) => row.id} rowName={(row) => row.number}
				to={(row) => `/orders/${row.id}`} columns={columns}
				filters={filters} fixed={fixed}
				bulk={[
					{ id: "slips", name: t("slips"), keep: true,
						run: (rows) => void paper(`packing-slips.pdf?${rows
							.slice(0, 100).map(({ id }) => `id=${id}`)
							.join("&")}`) },
					...write ? [{ id: "confirm", name: t("do.confirmed"),
						run: async (rows: Row[]) => {
							for (const row of rows)
								if (row.state === "pending")
									await send("POST",
										`${orders}/${row.id}/transitions`,
										{ to: "confirmed" },
										`"${row.version}"`);
						} }] : [],
				]} empty={t("none")} />
		</>
	);
}
