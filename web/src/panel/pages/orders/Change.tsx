// SPDX-License-Identifier: ISC
// An order that is not packed yet, to be changed: goods and address, with
// what it then comes to as the API computes it.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call, type Schemas } from "../../../api/client";
import { countries } from "../../../api/places";
import { Failure } from "../../../components/Failure";
import { Field, Select, TextArea } from "../../../components/Field";
import { Quantity } from "../../../components/Quantity";
import { useToast } from "../../../components/Toasts";
import { useText } from "../../../i18n";
import { Money } from "../../components/Shown";
import { send } from "../../record";
import type { Act } from "./dialogs";
import { orders, type Order } from "./orders";

interface Added {
	variant_id: string;
	name: string;
	quantity: number;
}

function Finder({ add }: { add: (one: Added) => void }) {
	const t = useText("panel_orders");
	const [typed, setTyped] = useState("");
	const { data } = useQuery({ queryKey: ["orders", "find", typed],
		enabled: typed.trim().length > 1, queryFn: ({ signal }) =>
			call<Schemas["Found"]>(`/api/search?limit=5&q=${
				encodeURIComponent(typed.trim())}`, { signal }) });
	const choose = async (hit: Schemas["Found"]["items"][number]) => {
		const { variants } = await call<Schemas["Product"]>(
			`/api/catalog/products/${hit.id}`);
		variants.forEach((one) => add({
			variant_id: one.id, quantity: variants.length === 1 ? 1 : 0,
			name: [hit.name, ...Object.values(one.options)].join(" · ") }));
		setTyped("");
	};
	return (
		<div className="my-3 max-w-md">
			<Field label={t("change.add")} type="search" value={typed}
				autoComplete="off" onChange={({ target }) =>
					setTyped(target.value)} />
			{typed.trim().length > 1 && <ul>{data?.items.map((hit) => (
				<li key={hit.id}><button type="button" onClick={() =>
					void choose(hit)} className="btn btn-ghost btn-sm
					w-full justify-start">{hit.name}{" "}
					<Money of={hit.price} /></button></li>))}</ul>}
		</div>
	);
}

const fields = ["name", "company", "line1", "line2", "city", "region",
	"postcode", "phone", "country"] as const;

function AddressForm({ value, set }: { value: Record<string, string>;
	set: (value: Record<string, string>) => void }) {
	const t = useText("panel_orders");
	return (
		<details className="my-3"><summary className="cursor-pointer
			font-semibold">{t("address.shipping")}</summary>
		<div className="mt-2 grid gap-x-4 sm:grid-cols-2">
			{fields.map((name) => name === "country" ? <Select key={name}
				name={name} label={t("address.country")} required
				value={value[name] ?? ""} onChange={({ target }) =>
					set({ ...value, [name]: target.value })}>
				<option value="">–</option>
				{countries(null).map((one) => <option key={one.code}
					value={one.code}>{one.name}</option>)}
			</Select> : <Field key={name} name={name}
				label={t(`address.${name}`)} value={value[name] ?? ""}
				maxLength={200} autoComplete="off" onChange={({ target }) =>
					set({ ...value, [name]: target.value })} />)}
		</div></details>
	);
}

export function Change({ order, act, close }: { order: Order; act: Act;
	close: () => void }) {
	const t = useText("panel_orders");
	const panel = useText("panel");
	const toast = useToast();
	const [counts, setCounts] = useState<Record<string, number>>({});
	const [added, setAdded] = useState<Added[]>([]);
	const was = Object.fromEntries(Object.entries(
		order.shipping_address ?? {})) as Record<string, string>;
	const [address, setAddress] = useState(was);
	const [refund, setRefund] = useState("pending");
	const [note, setNote] = useState("");
	const [busy, setBusy] = useState(false);
	const [fault, setFault] = useState<unknown>();
	const moved = fields.some((name) =>
		(address[name] ?? "") !== (was[name] ?? ""));
	const body = {
		lines: [...Object.entries(counts).filter(([id, n]) => n !==
			order.lines.find((line) => line.id === id)?.quantity)
			.map(([line_id, quantity]) => ({ line_id, quantity })),
		...added.filter(({ quantity }) => quantity > 0).map(
			({ variant_id, quantity }) => ({ variant_id, quantity }))],
		...moved ? { shipping_address: Object.fromEntries(fields.flatMap(
			(name) => address[name] ? [[name, address[name]]] : [])) } : {},
	};
	const some = body.lines.length > 0 || moved;
	const { data, error, isFetching } = useQuery({ queryKey: ["orders",
		"change", order.id, order.version, body], enabled: some, retry: false,
	queryFn: () => send<Schemas["OrderChange"]>("POST",
		`${orders}/${order.id}/changes/preview`, body) });
	const said = some ? data?.data : undefined;
	const gifts = new Set(order.discounts.flatMap(({ promotion_id }) =>
		promotion_id ?? []));
	const bought = order.lines.filter((line) => line.total.amount > 0 ||
		!line.discounts.some(({ promotion_id }) => promotion_id !== null &&
			gifts.has(promotion_id)));
	const save = async () => {
		setBusy(true);
		setFault(undefined);
		try {
			await act("changes", { ...body, refund, note,
				expected_total: said?.total });
			toast(t("done"));
			close();
		} catch (problem) {
			setFault(problem);
		} finally {
			setBusy(false);
		}
	};
	return (
		<form aria-label={t("change")} className="rounded-box border
			border-base-300 p-4" onSubmit={(event) => {
			event.preventDefault();
			void save();
		}}>
			<h2 className="mb-2">{t("change")}</h2>
			<ul>{bought.map((line) => (
				<li key={line.id} className="flex flex-wrap items-center gap-3
					border-b border-base-300 py-2">
					<span className="min-w-40 flex-1 wrap-anywhere">
						{line.name}<span className="block text-sm opacity-80">
							{line.sku}</span></span>
					<Quantity small least={0} most={999} of={line.name}
						value={counts[line.id] ?? line.quantity}
						set={(n) => setCounts({ ...counts, [line.id]: n })} />
				</li>))}
			{added.map((one) => (
				<li key={one.variant_id} className="flex flex-wrap
					items-center gap-3 border-b border-base-300 py-2">
					<span className="min-w-40 flex-1">{one.name}</span>
					<Quantity small least={0} most={999} of={one.name}
						value={one.quantity} set={(quantity) =>
							setAdded(added.map((other) => other === one
								? { ...one, quantity } : other))} />
				</li>))}</ul>
			<Finder add={(one) => setAdded((now) => now.some((other) =>
				other.variant_id === one.variant_id) || order.lines.some(
				(line) => line.variant_id === one.variant_id)
				? now : [...now, one])} />
			{order.shipping_address && <AddressForm value={address}
				set={setAddress} />}
			<TextArea label={t("note.shown")} name="note" rows={2}
				maxLength={1000} value={note} onChange={({ target }) =>
					setNote(target.value)} />
			{said && said.back.amount > 0 && <Select label={t("change.back")}
				value={refund} onChange={({ target }) =>
					setRefund(target.value)}>
				<option value="pending">{t("cancel.pending")}</option>
				<option value="done">{t("cancel.done")}</option>
			</Select>}
			<div role="status" className="my-3">{some && error
				? <Failure error={error} /> : said && <p>
					{t("total")}: <Money of={said.before} /> →{" "}
					<strong><Money of={said.total} /></strong>
					{said.back.amount > 0 && <>{" · "}{t("change.goes")}{" "}
						<Money of={said.back} /></>}
					{said.due.amount > 0 && <>{" · "}{t("due")}{" "}
						<Money of={said.due} /></>}</p>}</div>
			{fault !== undefined && <Failure error={fault} />}
			<p className="flex gap-2">
				<button className="btn btn-primary" disabled={busy || !said ||
					isFetching || !!error}>{panel("save")}</button>
				<button type="button" className="btn" onClick={close}>
					{panel("cancel")}</button>
			</p>
		</form>
	);
}
