// SPDX-License-Identifier: ISC
// Zones: where they are, and what is taxed there.
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Schemas } from "../../../api/client";
import { countryName } from "../../../api/places";
import { Failure, useProblemText } from "../../../components/Failure";
import { PageSkeleton } from "../../../components/Skeletons";
import { TextArea } from "../../../components/Field";
import { useToast } from "../../../components/Toasts";
import { useText } from "../../../i18n";
import { Dialog, useConfirm } from "../../components/Confirm";
import { PageHead } from "../../components/PageHead";
import { RecordForm, type FieldSpec } from "../../components/RecordForm";
import { fetchRecord, send, useRecord } from "../../record";
import { Fixed, Parts, useMayWrite } from "./Parts";

export type Zone = Schemas["Zone"];
const path = "/api/settings/zones";
export const classes = ["standard", "reduced", "second_reduced", "zero",
	"exempt"] as const;
type Rate = Zone["rates"][number];
type Place = Zone["areas"][number];

const placesText = (areas: Place[]) => areas.map(
	({ country, postcode_start: start }) => start ? `${country}:${start}`
		: country).join(" ");
const placesOf = (text: string): Place[] => text.toUpperCase()
	.split(/[\s,;]+/).filter(Boolean).map((one) => {
		const [country, start] = one.split(":");
		return { country: country!, postcode_start: start ?? "" };
	});
/** "0.23" is 23; no digit of it is lost. */
const percent = (rate: string) => String(Number((Number(rate) * 100)
	.toFixed(4)));

function Rates({ value, set, fixed }: { value: Rate[]; fixed: boolean;
	set: (value: Rate[]) => void }) {
	const t = useText("panel_settings");
	const put = (tax_class: string, change: Partial<Rate>) => {
		const old = value.find((one) => one.tax_class === tax_class) ??
			{ tax_class, name: t(`class.${tax_class}` as "title"), rate: "0" };
		set([...value.filter((one) => one.tax_class !== tax_class),
			{ ...old, ...change }]);
	};
	return (
		<div className="mb-4 overflow-x-auto" tabIndex={0} role="region"
			aria-label={t("rates")}><table className="table table-sm">
			<caption className="text-left text-sm font-medium">
				{t("rates")}</caption>
			<thead><tr>
				<th scope="col">{t("class")}</th>
				<th scope="col">{t("rate.name")}</th>
				<th scope="col">{t("rate")}</th></tr></thead>
			<tbody>{classes.map((one) => {
				const rate = value.find(({ tax_class }) => tax_class === one);
				const name = t(`class.${one}` as "title");
				return <tr key={one}>
					<td>{name}</td>
					<td><input className="input input-sm w-full min-w-28"
						maxLength={60}
						aria-label={`${t("rate.name")}: ${name}`}
						value={rate?.name ?? ""} disabled={fixed || !rate}
						onChange={({ target }) =>
							put(one, { name: target.value })} /></td>
					<td><input className="input input-sm w-24" type="number"
						min={0} max={100} step="any" disabled={fixed}
						aria-label={`${t("rate")}: ${name}`}
						value={rate ? percent(rate.rate) : ""}
						onChange={({ target }) => target.value === ""
							? set(value.filter(({ tax_class }) =>
								tax_class !== one))
							: put(one, { rate: String(Number((
								Number(target.value) / 100)
								.toFixed(6))) })} /></td>
				</tr>;
			})}</tbody>
		</table></div>
	);
}

/** Keeps what is typed as it is typed. */
function Places({ value, set, error, fixed }: { value: Place[];
	set: (value: Place[]) => void; error?: string; fixed: boolean }) {
	const t = useText("panel_settings");
	const [typed, setTyped] = useState(placesText(value));
	return <TextArea label={t("areas")} rows={3} hint={t("areas.hint")}
		value={typed} error={error} disabled={fixed}
		onChange={({ target }) => {
			setTyped(target.value);
			set(placesOf(target.value));
		}} />;
}

function useFields(fresh: boolean): FieldSpec[] {
	const t = useText("panel_settings");
	return [
		{ name: "name", label: t("name"), required: true, max: 100 },
		{ name: "code", label: t("code"), required: true, max: 40,
			fixed: !fresh, hint: t("code.hint") },
		{ name: "areas", label: t("areas"), kind: "own", wide: true,
			show: (value) => placesText(value as Place[]),
			draw: (at) => <Places {...at} value={at.value as Place[]} /> },
		{ name: "rates", label: t("rates"), kind: "own", wide: true,
			show: (value) => (value as Rate[]).map((one) =>
				`${one.name} ${percent(one.rate)} %`).join(", "),
			draw: (at) => <Rates {...at} value={at.value as Rate[]} /> },
	];
}

function Edit({ zone, close }: { zone?: Zone; close: () => void }) {
	const t = useText("panel_settings");
	const client = useQueryClient();
	const fields = useFields(!zone);
	const at = zone && `${path}/${zone.id}`;
	return (
		<Dialog title={zone?.name ?? t("zone.new")} close={close} wide>
			<RecordForm name="zone" id={zone?.id} fields={fields}
				stored={zone ?? { areas: [], rates: [] }}
				etag={zone && `"${zone.version}"`} fixed={!useMayWrite()}
				save={({ changes, values, etag }) => at
					? send<Zone>("PATCH", at, changes, etag)
					: send<Zone>("POST", path, values)}
				fetch={at ? () => fetchRecord<Zone>(at) : undefined}
				saved={() => {
					void client.invalidateQueries(
						{ queryKey: ["record", path] });
					close();
				}} cancel={close} />
		</Dialog>
	);
}

function Card({ zone, edit, drop }: { zone: Zone; edit: () => void;
	drop: () => void }) {
	const t = useText("panel_settings");
	const may = useMayWrite();
	return (
		<section className="rounded-box border border-base-300 p-4">
			<h2 className="text-lg">{zone.name}</h2>
			<p className="mt-1 text-sm">{zone.areas.map((one) =>
				countryName(one.country) + (one.postcode_start
					? ` ${one.postcode_start}…` : "")).join(", ") ||
				t("areas.none")}</p>
			<ul className="my-2 text-sm">{zone.rates.map((rate) =>
				<li key={rate.tax_class}>{rate.name}:{" "}
					<strong>{percent(rate.rate)} %</strong></li>)}</ul>
			<p className="text-sm opacity-80">
				{t.count("zone.methods", zone.methods)}
				{zone.home && ` · ${t("zone.home")}`}</p>
			<div className="mt-3 flex gap-2">
				<button type="button" className="btn btn-sm" onClick={edit}>
					{t(may ? "change" : "see")}
					<span className="sr-only"> {zone.name}</span></button>
				{may && !zone.home && zone.methods === 0 &&
					<button type="button" className="btn btn-ghost btn-sm"
						onClick={drop}>{t("drop")}
						<span className="sr-only"> {zone.name}</span>
					</button>}
			</div>
		</section>
	);
}

export default function Tax() {
	const t = useText("panel_settings");
	const client = useQueryClient();
	const toast = useToast();
	const problem = useProblemText();
	const may = useMayWrite();
	const [open, setOpen] = useState<Zone | "new">();
	const [question, confirm] = useConfirm();
	const { data, error, refetch } = useRecord<{ items: Zone[] }>(path);
	const drop = async (zone: Zone) => {
		if (!await confirm({ title: t("zone.drop", { name: zone.name }),
			act: t("drop"), danger: true }))
			return;
		try {
			await send("DELETE", `${path}/${zone.id}`, undefined,
				`"${zone.version}"`);
			toast(t("dropped"));
		} catch (fault) {
			toast(problem(fault), "error");
		}
		void client.invalidateQueries({ queryKey: ["record", path] });
	};
	return (
		<>
			<PageHead title={t("tax")} actions={may && <button type="button"
				className="btn btn-primary btn-sm"
				onClick={() => setOpen("new")}>{t("zone.new")}</button>} />
			<Parts />
			<Fixed />
			{error && <Failure error={error} retry={refetch} />}
			{!data && !error && <PageSkeleton />}
			<div className="grid gap-4 md:grid-cols-2 xl:grid-cols-3">
				{data?.data.items.map((zone) => <Card key={zone.id} zone={zone}
					edit={() => setOpen(zone)}
					drop={() => void drop(zone)} />)}
			</div>
			{open && <Edit zone={open === "new" ? undefined : open}
				close={() => setOpen(undefined)} />}
			{question}
		</>
	);
}
