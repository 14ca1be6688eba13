// SPDX-License-Identifier: ISC
// Ways of shipping and places to pick up: where, for how much.
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Schemas } from "../../../api/client";
import { Failure, useProblemText } from "../../../components/Failure";
import { PageSkeleton } from "../../../components/Skeletons";
import { useToast } from "../../../components/Toasts";
import { majorUnits, minorUnits, money, number, useText } from
	"../../../i18n";
import { Dialog, useConfirm } from "../../components/Confirm";
import { PageHead } from "../../components/PageHead";
import { RecordForm, type FieldSpec } from "../../components/RecordForm";
import { Badge } from "../../components/Shown";
import { fetchRecord, send, useRecord } from "../../record";
import { Parcel } from "./Parcel";
import { Fixed, Parts, useMayWrite } from "./Parts";
import { classes, type Zone } from "./Tax";

type Method = Schemas["ShippingMethod"];
type Step = Method["steps"][number];
const path = "/api/settings/shipping";

function useStepText() {
	const t = useText("panel_settings");
	return (by: string, { from, amount }: Step, currency: string) => {
		const price = money({ amount, currency });
		return by === "flat" ? price : t("step.from", { price,
			from: by === "weight" ? `${number(from)} g`
				: money({ amount: from, currency }) });
	};
}

function Steps({ value, set, currency, fixed, error }: { value: Step[];
	set: (value: Step[]) => void; currency: string; fixed: boolean;
	error?: string }) {
	const t = useText("panel_settings");
	const put = (n: number, change: Partial<Step>) =>
		set(value.map((one, i) => i === n ? { ...one, ...change } : one));
	return (
		<fieldset className="mb-4">
			<legend className="mb-1 text-sm font-medium">{t("steps")}</legend>
			{value.map((step, n) => <div key={n}
				className="mb-2 flex flex-wrap items-center gap-2">
				<label className="text-sm">{t("steps.from")}{" "}
					<input type="number" min={0} className="input input-sm w-28"
						value={step.from} disabled={fixed} required
						onChange={({ target }) =>
							put(n, { from: Number(target.value) })} /></label>
				<label className="text-sm">{t("price")}{" "}
					<input type="number" min={0} step={majorUnits(1, currency)}
						className="input input-sm w-28" disabled={fixed}
						required value={majorUnits(step.amount, currency)}
						onChange={({ target }) => put(n, { amount: minorUnits(
							Number(target.value), currency) })} /></label>
				{!fixed && value.length > 1 && <button type="button"
					className="btn btn-ghost btn-sm btn-square"
					aria-label={t("step.drop", { n: n + 1 })}
					onClick={() => set(value.filter((_, i) => i !== n))}>
					×</button>}
			</div>)}
			{!fixed && value.length < 50 && <button type="button"
				className="btn btn-sm" onClick={() => set([...value,
					{ from: (value.at(-1)?.from ?? 0) + 1000,
						amount: value.at(-1)?.amount ?? 0 }])}>
				{t("step.add")}</button>}
			<p className="mt-1 text-sm opacity-80">{t("steps.hint")}</p>
			{error && <p role="alert" className="text-sm text-error">
				{error}</p>}
		</fieldset>
	);
}

function useFields(fresh: boolean, currency: string, zones: Zone[]):
	FieldSpec[] {
	const t = useText("panel_settings");
	return [
		{ name: "name", label: t("name"), required: true, max: 100 },
		{ name: "code", label: t("code"), required: true, max: 40,
			fixed: !fresh, hint: t("code.hint") },
		{ name: "about", label: t("about"), kind: "textarea", max: 500,
			rows: 2, empty: "", hint: t("about.hint") },
		{ name: "zone_id", label: t("zone"), kind: "select",
			options: zones.map(({ id, name }) => [id, name]),
			hint: t("zone.hint") },
		{ name: "price_by", label: t("by"), kind: "select", required: true,
			options: ["flat", "weight", "total"].map((one) =>
				[one, t(`by.${one}` as "title")]) },
		{ name: "steps", label: t("steps"), kind: "own", wide: true,
			show: (value) => (value as Step[]).map(({ from, amount }) =>
				`${from}: ${money({ amount, currency })}`).join(", "),
			draw: (at) => <Steps {...at} value={at.value as Step[]}
				currency={currency} /> },
		{ name: "free_from", label: `${t("free")} (${currency})`,
			kind: "minor", currency, min: 0, hint: t("free.hint") },
		{ name: "tax_class", label: t("class"), kind: "select",
			required: true, options: classes.map((one) =>
				[one, t(`class.${one}` as "title")]) },
		{ name: "position", label: t("position"), kind: "number", min: 0,
			required: true },
		{ name: "needs_address", label: t("needs"), kind: "check" },
		{ name: "active", label: t("offered"), kind: "check" },
	];
}

const blank = { price_by: "flat", steps: [{ from: 0, amount: 0 }],
	tax_class: "standard", position: 10, needs_address: true, active: true };

function Edit({ method, currency, zones, close }: { method?: Method;
	currency: string; zones: Zone[]; close: () => void }) {
	const t = useText("panel_settings");
	const client = useQueryClient();
	const fields = useFields(!method, currency, zones);
	const at = method && `${path}/${method.id}`;
	return (
		<Dialog title={method?.name ?? t("method.new")} close={close} wide>
			<RecordForm name="shipping" id={method?.id} fields={fields}
				stored={method ?? blank} fixed={!useMayWrite()}
				etag={method && `"${method.version}"`}
				save={({ changes, values, etag }) => at
					? send<Method>("PATCH", at, changes, etag)
					: send<Method>("POST", path, values)}
				fetch={at ? () => fetchRecord<Method>(at) : undefined}
				saved={() => {
					void client.invalidateQueries({ queryKey: ["record"] });
					close();
				}} cancel={close} />
		</Dialog>
	);
}

function Row({ method, edit, drop }: { method: Method; edit: () => void;
	drop: () => void }) {
	const t = useText("panel_settings");
	const step = useStepText();
	const may = useMayWrite();
	const { currency, free_from: free } = method;
	return (
		<li className={`grid items-start gap-4 border-b border-base-300
			py-4 sm:grid-cols-[1fr_14rem_11rem] ${method.active ? "" : "opacity-80"}`}>
			<div className="min-w-0">
				<p className="font-semibold">{method.name}{" "}
					{!method.active && <Badge state="closed"
						text={t("closed.way")} />}{" "}
					{!method.needs_address && <Badge state="pickup"
						text={t("pickup")} />}</p>
				<p className="text-sm">{method.zone ?? t("everywhere")}</p>
				{method.about && <p className="text-sm whitespace-pre-line
					opacity-80">{method.about}</p>}
			</div>
			<ul className="text-sm">
				{method.steps.map((one) => <li key={one.from}>
					{step(method.price_by, one, currency)}</li>)}
				{free !== null && <li>{t("free.at", { amount: money({
					amount: free, currency }) })}</li>}
			</ul>
			<div className="flex gap-2 sm:justify-end">
				<button type="button" className="btn btn-sm" onClick={edit}>
					{t(may ? "change" : "see")}
					<span className="sr-only"> {method.name}</span></button>
				{may && !method.ordered && <button type="button"
					className="btn btn-ghost btn-sm" onClick={drop}>
					{t("drop")}<span className="sr-only"> {method.name}</span>
				</button>}
			</div>
		</li>
	);
}

export default function Shipping() {
	const t = useText("panel_settings");
	const client = useQueryClient();
	const toast = useToast();
	const problem = useProblemText();
	const may = useMayWrite();
	const [open, setOpen] = useState<Method | "new">();
	const [question, confirm] = useConfirm();
	const { data, error, refetch } = useRecord<{ items: Method[] }>(path);
	const zones = useRecord<{ items: Zone[] }>("/api/settings/zones");
	const methods = data?.data.items;
	const currency = methods?.[0]?.currency ?? "EUR";
	const drop = async (method: Method) => {
		if (!await confirm({ title: t("method.drop", { name: method.name }),
			act: t("drop"), danger: true }))
			return;
		try {
			await send("DELETE", `${path}/${method.id}`, undefined,
				`"${method.version}"`);
			toast(t("dropped"));
		} catch (fault) {
			toast(problem(fault), "error");
		}
		void client.invalidateQueries({ queryKey: ["record", path] });
	};
	return (
		<>
			<PageHead title={t("shipping")} actions={may && <button
				type="button" className="btn btn-primary btn-sm"
				onClick={() => setOpen("new")}>{t("method.new")}</button>} />
			<Parts />
			<Fixed />
			{error && <Failure error={error} retry={refetch} />}
			{!methods && !error && <PageSkeleton />}
			<ul>{methods?.map((method) => <Row key={method.id}
				method={method} edit={() => setOpen(method)}
				drop={() => void drop(method)} />)}</ul>
			{methods && <Parcel currency={currency}
				stamp={JSON.stringify(methods)} />}
			{open && zones.data && <Edit currency={currency}
				zones={zones.data.data.items}
				method={open === "new" ? undefined : open}
				close={() => setOpen(undefined)} />}
			{question}
		</>
	);
}
