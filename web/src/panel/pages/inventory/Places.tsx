// SPDX-License-Identifier: ISC
// Where goods lie and who they come from.
import { useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import type { Schemas } from "../../../api/client";
import { Failure } from "../../../components/Failure";
import { useText } from "../../../i18n";
import { Dialog } from "../../components/Confirm";
import { PageHead } from "../../components/PageHead";
import { RecordForm, type FieldSpec } from "../../components/RecordForm";
import { Badge } from "../../components/Shown";
import { fetchRecord, send, type Versioned } from "../../record";
import { useMay } from "../../session";
import { base, useLocations, useSuppliers } from "./stock";

type Location = Schemas["Location"];
type Supplier = Schemas["Supplier"];
interface Row { id: string; name: string; active: boolean; version: number }

function usePlaceFields(stored: boolean): FieldSpec[] {
	const t = useText("panel_inventory");
	return [
		...stored ? [] : [{ name: "code", label: t("code"), required: true,
			max: 40, hint: t("code.hint") }],
		{ name: "name", label: t("name"), required: true, max: 100 },
		{ name: "position", label: t("position"), kind: "number", min: 0,
			required: true, hint: t("position.hint") },
		...stored ? [{ name: "active", label: t("place.active"),
			kind: "check" }] satisfies FieldSpec[] : [],
	];
}

function useSupplierFields(stored: boolean): FieldSpec[] {
	const t = useText("panel_inventory");
	return [
		{ name: "name", label: t("name"), required: true, max: 100 },
		{ name: "email", label: t("email"), kind: "email", max: 254 },
		{ name: "phone", label: t("phone"), kind: "tel", max: 40,
			empty: "" },
		{ name: "lead_days", label: t("lead"), kind: "number", min: 0,
			max: 365 },
		{ name: "cover_days", label: t("cover"), kind: "number", min: 1,
			max: 365 },
		{ name: "note", label: t("note"), kind: "textarea", max: 2000,
			empty: "", wide: true },
		...stored ? [{ name: "active", label: t("supplier.active"),
			kind: "check" }] satisfies FieldSpec[] : [],
	];
}

function Edit<T extends Row>({ kind, row, fields, close }: { kind:
	"locations" | "suppliers"; row?: T; fields: FieldSpec[];
	close: () => void }) {
	const t = useText("panel_inventory");
	const client = useQueryClient();
	const path = `${base}/${kind}`;
	const now = async () => {
		const { data } = await fetchRecord<{ items: T[] }>(path);
		const found = data.items.find(({ id }) => id === row?.id) ?? row!;
		return { data: found, etag: `"${found.version}"` };
	};
	return (
		<Dialog title={row?.name ?? t(`new.${kind}`)} close={close}>
			<RecordForm<Versioned<T>> name={kind} id={row?.id}
				stored={row ?? (kind === "locations" ? { position: 0 } : {})}
				etag={row && `"${row.version}"`} fields={fields}
				cancel={close} save={({ changes, values, etag }) => row
					? send<T>("PATCH", `${path}/${row.id}`, changes, etag)
					: send<T>("POST", path, values)}
				fetch={now} saved={() => {
					void client.invalidateQueries({ queryKey: ["stock"] });
					close();
				}} />
		</Dialog>
	);
}

function Part<T extends Row>({ kind, rows, error, form, about }: {
	kind: "locations" | "suppliers"; rows?: T[]; error: unknown;
	form: [FieldSpec[], FieldSpec[]]; about: (row: T) => ReactNode;
}) {
	const t = useText("panel_inventory");
	const write = useMay("inventory.write");
	const [open, setOpen] = useState<{ row?: T }>();
	return (
		<section className="mb-8">
			<div className="flex items-center gap-3">
				<h2 className="flex-1">{t(kind)}</h2>
				{write && <button type="button" className="btn btn-sm"
					onClick={() => setOpen({})}>{t(`new.${kind}`)}</button>}
			</div>
			{error != null && <Failure error={error} />}
			<ul className="divide-y divide-base-300">{rows?.map((row) =>
				<li key={row.id} className="flex items-center gap-3 py-2">
					<span className="min-w-0 flex-1">{row.name}{" "}
						<span className="text-sm opacity-80">{about(row)}
						</span></span>
					{!row.active && <Badge state="disabled"
						text={t("inactive")} />}
					{write && <button type="button" className="btn btn-sm"
						aria-label={t("change.what", { name: row.name })}
						onClick={() => setOpen({ row })}>{t("change.it")}
					</button>}
				</li>)}</ul>
			{open && <Edit<T> kind={kind} row={open.row} fields={
				form[open.row ? 1 : 0]} close={() => setOpen(undefined)} />}
		</section>
	);
}

export default function Places() {
	const t = useText("panel_inventory");
	const places = useLocations();
	const suppliers = useSuppliers();
	return (
		<>
			<PageHead title={t("to.places")} back={[{ to: "/inventory",
				text: t("inventory") }]} />
			<Part<Location> kind="locations" rows={places.data?.items}
				error={places.error} about={({ code }) => code}
				form={[usePlaceFields(false), usePlaceFields(true)]} />
			<Part<Supplier> kind="suppliers" rows={suppliers.data?.items}
				error={suppliers.error} about={({ lead_days: days }) =>
					days === null ? "" : t.count("lead.days", days)}
				form={[useSupplierFields(false), useSupplierFields(true)]} />
		</>
	);
}
