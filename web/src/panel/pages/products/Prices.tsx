// SPDX-License-Identifier: ISC
// What a variant costs, will cost and did cost.
import { useInfiniteQuery, useMutation, useQueryClient } from
	"@tanstack/react-query";
import { useState } from "react";
import { call, type Schemas } from "../../../api/client";
import { Failure } from "../../../components/Failure";
import { Select } from "../../../components/Field";
import { useToast } from "../../../components/Toasts";
import { dateTime, useText } from "../../../i18n";
import { Dialog } from "../../components/Confirm";
import { RecordForm, type FieldSpec } from "../../components/RecordForm";
import { Badge, Money, When } from "../../components/Shown";
import { send } from "../../record";
import { useMay } from "../../session";
import { optionsText, products, useCurrency, type Product } from "./catalog";

type Prices = Schemas["VariantPrices"];
type Planned = Schemas["PlannedPrice"];
const etagOf = ({ version }: Planned) => `"${version}"`;

function usePrices(path: string) {
	return useInfiniteQuery({ queryKey: ["prices", path],
		initialPageParam: "", queryFn: ({ pageParam }) => call<Prices>(
			pageParam ? `${path}?cursor=${pageParam}` : path),
		getNextPageParam: (page) => page.next ?? undefined });
}

function PlanForm({ path, planned, close, done }: { path: string;
	planned?: Planned; close: () => void; done: () => void }) {
	const t = useText("panel_products");
	const currency = useCurrency() ?? "EUR";
	const running = planned?.state === "running";
	const fields: FieldSpec[] = [
		{ name: "price", label: t("price"), kind: "money", currency,
			required: true, min: 0 },
		{ name: "note", label: t("note"), max: 200, empty: "",
			hint: t("plan.note") },
		...running ? [] : [{ name: "starts_at", label: t("starts"),
			kind: "datetime", hint: t("starts.hint") }] satisfies FieldSpec[],
		{ name: "ends_at", label: t("ends"), kind: "datetime",
			hint: t("ends.hint") },
	];
	const body = ({ starts_at, ...rest }: Record<string, unknown>) =>
		starts_at ? { ...rest, starts_at } : rest;
	return (
		<Dialog title={t(planned ? "plan.change" : "plan")} close={close}>
			<RecordForm name="price" id={planned?.id ?? `new-${path}`}
				stored={planned ?? { note: "" }} fields={fields}
				etag={planned && etagOf(planned)} cancel={close}
				save={({ changes, values, etag }) => planned
					? send("PATCH", `${path}/${planned.id}`, body(changes),
						etag)
					: send("POST", path, body(values))}
				fetch={async () => {
					const now = (await call<Prices>(path)).planned.find(
						({ id }) => id === planned?.id) ?? planned!;
					return { data: now, etag: etagOf(now) };
				}}
				saved={() => {
					done();
					close();
				}} />
		</Dialog>
	);
}

function PlannedTable({ path, prices, done }: { path: string;
	prices: Prices; done: () => void }) {
	const t = useText("panel_products");
	const write = useMay("catalog.write");
	const toast = useToast();
	const [open, setOpen] = useState<Planned>();
	const drop = useMutation({
		mutationFn: (one: Planned) => send("DELETE", `${path}/${one.id}`,
			undefined, etagOf(one)),
		onSuccess: () => toast(t("plan.dropped")), onSettled: done,
	});
	if (prices.planned.length === 0)
		return <p className="mb-3">{t("plan.none")}</p>;
	return (
		<div className="mb-3 overflow-x-auto" tabIndex={0} role="region"
			aria-label={t("planned")}>
			{drop.error && <Failure error={drop.error} />}
			<table className="table table-sm">
				<thead><tr><th className="text-right">{t("price")}</th>
					<th>{t("starts")}</th><th>{t("ends")}</th>
					<th>{t("status")}</th><th>{t("note")}</th><td /></tr></thead>
				<tbody>{prices.planned.map((one) => (
					<tr key={one.id}>
						<td className="text-right"><Money of={one.price} /></td>
						<td>{dateTime(one.starts_at)}</td>
						<td>{one.ends_at ? dateTime(one.ends_at)
							: t("ends.never")}</td>
						<td><Badge state={one.state === "running" ? "active"
							: "scheduled"} text={t(`plan.${one.state}`)} /></td>
						<td>{one.note || "–"}</td>
						<td className="whitespace-nowrap">{write && <>
							<button type="button" className="btn btn-sm mr-1"
								onClick={() => setOpen(one)}>
								{t("change")}</button>
							<button type="button" className="btn btn-sm"
								disabled={drop.isPending}
								onClick={() => drop.mutate(one)}>
								{t(one.state === "running" ? "plan.end"
									: "plan.drop")}</button></>}</td>
					</tr>))}</tbody>
			</table>
			{open && <PlanForm path={path} planned={open} done={done}
				close={() => setOpen(undefined)} />}
		</div>
	);
}

function History({ prices }: { prices: ReturnType<typeof usePrices> }) {
	const t = useText("panel_products");
	const rows = prices.data?.pages.flatMap(({ items }) => items) ?? [];
	return (
		<>
			<h2 className="mt-6 mb-2">{t("history")}</h2>
			<div className="overflow-x-auto" tabIndex={0} role="region"
				aria-label={t("history")}>
				<table className="table table-sm">
					<thead><tr><th>{t("when")}</th><th>{t("cause")}</th>
						<th className="text-right">{t("from")}</th>
						<th className="text-right">{t("to")}</th>
						<th className="text-right">{t("own")}</th>
						<th>{t("who")}</th></tr></thead>
					<tbody>{rows.map((one) => (
						<tr key={one.id}><td><When at={one.at} exact /></td>
							<td>{t(`cause.${one.cause}`)}</td>
							<td className="text-right">
								<Money of={one.cost_was} /></td>
							<td className="text-right"><Money of={one.cost} />
							</td>
							<td className="text-right"><Money of={one.own} />
							</td>
							<td>{one.by?.name ?? "–"}</td></tr>))}</tbody>
				</table>
			</div>
			{prices.hasNextPage && <button type="button"
				className="btn btn-sm mt-2" disabled={
					prices.isFetchingNextPage}
				onClick={() => void prices.fetchNextPage()}>{t("more")}
			</button>}
		</>
	);
}

function OfVariant({ path, product }: { path: string; product: string }) {
	const t = useText("panel_products");
	const client = useQueryClient();
	const write = useMay("catalog.write");
	const [open, setOpen] = useState(false);
	const prices = usePrices(path);
	const now = prices.data?.pages[0];
	const done = () => {
		void client.invalidateQueries({ queryKey: ["prices", path] });
		void client.invalidateQueries({ queryKey: ["record",
			`${products}/${product}`] });
	};
	if (!now)
		return prices.error ? <Failure error={prices.error}
			retry={prices.refetch} /> : <div className="skeleton h-32" />;
	return (
		<>
			<dl className="mb-4 flex flex-wrap gap-x-8 gap-y-2">
				{([["price.now", now.price], ["own", now.own],
					["compare", now.compare_at],
					["lowest", now.lowest_30_days]] as const).map(
					([key, value]) => <div key={key}>
						<dt className="text-sm opacity-80">{t(key)}</dt>
						<dd className="font-semibold"><Money of={value} /></dd>
					</div>)}
			</dl>
			<h2 className="mb-2">{t("planned")}</h2>
			<PlannedTable path={path} prices={now} done={done} />
			{write && <button type="button" className="btn btn-primary btn-sm"
				onClick={() => setOpen(true)}>{t("plan")}</button>}
			{open && <PlanForm path={path} done={done}
				close={() => setOpen(false)} />}
			<History prices={prices} />
		</>
	);
}

export function Prices({ product }: { product: Product }) {
	const t = useText("panel_products");
	const [chosen, setChosen] = useState(product.variants[0]?.id ?? "");
	return (
		<section>
			{product.variants.length > 1 && <div className="max-w-sm">
				<Select label={t("variant")} value={chosen}
					onChange={({ target }) => setChosen(target.value)}>
					{product.variants.map(({ id, sku, options }) => <option
						key={id} value={id}>{sku} {optionsText(options)}
					</option>)}</Select></div>}
			{chosen && <OfVariant key={chosen} product={product.id}
				path={`/api/catalog/products/${product.id}/variants/${
					chosen}/prices`} />}
		</section>
	);
}
