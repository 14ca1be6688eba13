// SPDX-License-Identifier: ISC
// The form of one record, new or stored.
//
//	const customer = useRecord<Customer>(path);
//	<RecordForm name="customer" id={id} stored={customer.data.data}
//		etag={customer.data.etag} fields={fields}
//		save={({ changes, etag }) => send("PATCH", path, changes, etag)}
//		fetch={() => fetchRecord<Customer>(path)}
//		saved={(now) => client.setQueryData(["record", path], now)} />
//
// `save` gets what was changed (`changes`) and all of it (`values`), as the
// API takes it, and answers what is stored now with its version (or, of a new
// record, what it likes: `saved` gets it).  What the API finds wrong stands
// next to its field.  What is written is kept in this browser until it is
// saved or thrown away, and comes back with a word about it.  If it changed
// meanwhile (412), nothing is overwritten: `fetch` brings what stands now,
// and both are shown field by field to choose from.  Ctrl+S saves.
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, type FormEvent, type ReactNode } from "react";
import { problemOf, type Fault } from "../../api/problem";
import { Failure } from "../../components/Failure";
import { useToast } from "../../components/Toasts";
import { dateTime, useText } from "../../i18n";
import { useForm, type Clash } from "../form";
import type { Versioned } from "../record";
import { useMember } from "../session";
import { Drawn, sentOf, shownOf, type FieldSpec, type Values } from
	"./fields";

export type { FieldSpec };

export interface Saving {
	changes: Values;
	values: Values;
	etag?: string;
}

export interface RecordFormProps<T> {
	/** Which kind of record, and which: names the draft. */
	name: string;
	id?: string;
	/** What is stored, or what a new one begins with. */
	stored: object;
	etag?: string;
	fields: FieldSpec[];
	save: (saving: Saving) => Promise<T>;
	saved?: (now: T) => void;
	/** What stands now, after a 412. */
	fetch?: () => Promise<Versioned<object>>;
	/** What the button says; "Save" unless told. */
	act?: string;
	/** What the toast says; none if "". */
	done?: string;
	/** May be saved though nothing was written (a new record). */
	anyway?: boolean;
	/** All is shown, nothing can be changed. */
	fixed?: boolean;
	cancel?: () => void;
	/** Below the fields; a function gets what stands in them, as it would be
	 * sent. */
	children?: ReactNode | ((values: Values) => ReactNode);
	/** Is told what is written, for a preview. */
	watch?: (values: Values) => void;
}

function Compare({ clash, fields, choose, values }: { clash: Clash;
	fields: FieldSpec[]; values: Values;
	choose: (name: string, theirs: boolean) => void }) {
	const t = useText("panel");
	const box = useRef<HTMLDivElement>(null);
	const words = { yes: t("yes"), no: t("no") };
	useEffect(() => {
		box.current?.focus({ preventScroll: true });
		box.current?.scrollIntoView({ block: "center" });
	}, [clash.theirs]);
	const changed = fields.filter(({ name }) => name in clash.theirs);
	return (
		<div ref={box} tabIndex={-1} role="alert" className="mb-5 rounded-box
			border border-warning p-4">
			<p className="font-semibold">{t("clash")}</p>
			<p className="mt-1 text-sm">{t(clash.open.length
				? "clash.choose" : "clash.merged")}</p>
			{changed.map((field) => {
				const { name, label } = field;
				const both = JSON.stringify(clash.mine[name] ?? null) !==
					JSON.stringify(clash.base[name] ?? null);
				const side = (theirs: boolean) => {
					const value = theirs ? clash.theirs[name]
						: clash.mine[name];
					return (
						<label className="flex cursor-pointer items-start gap-2">
							<input type="radio" name={`clash-${name}`}
								className="radio radio-sm mt-0.5 shrink-0"
								checked={!clash.open.includes(name) &&
									JSON.stringify(values[name] ?? null) ===
									JSON.stringify(value ?? null)}
								onChange={() => choose(name, theirs)} />
							<span className="min-w-0 wrap-anywhere">
								<span className="font-medium">{t(theirs
									? "clash.theirs" : "clash.mine")}</span>{" "}
								{shownOf(field, value, words)}</span>
						</label>
					);
				};
				return (
					<fieldset key={name} className="mt-3">
						<legend className="text-sm font-semibold">{label}
							<span className="font-normal opacity-80"> ({t(
								"clash.base", { value: shownOf(field,
									clash.base[name], words) })})</span></legend>
						{both ? <>{side(false)}{side(true)}</>
							: <p className="wrap-anywhere">{t("clash.now",
								{ value: shownOf(field, clash.theirs[name],
									words) })}</p>}
					</fieldset>
				);
			})}
		</div>
	);
}

/** By field, the API's words; those for a part ("lines/0/x", "address.city")
 * stand with the whole. */
function faultsOf(error: unknown, fields: FieldSpec[]):
	{ own: Record<string, string>; rest: Fault[] } {
	const faults = problemOf(error)?.faults ?? [];
	const own: Record<string, string> = {};
	const rest = faults.filter(({ field, message }) => {
		const found = fields.find(({ name }) => name === field) ??
			fields.find(({ name }) => /^[/.[]/.test(field.slice(name.length)) &&
				field.startsWith(name));
		if (found)
			own[found.name] = message;
		return !found;
	});
	return { own, rest };
}

export function RecordForm<T>(props: RecordFormProps<T>) {
	const { name, id = "new", stored, fields, fixed } = props;
	const t = useText("panel");
	const toast = useToast();
	const me = useMember();
	const element = useRef<HTMLFormElement>(null);
	const etag = useRef(props.etag);
	const form = useForm(fields, stored, `${me.id}:${name}:${id}`);
	const { values, changed, dirty, clash } = form;
	const { watch } = props;
	useEffect(() => watch?.(values), [watch, values]);
	// A newer version counts only when it is what is shown.
	useEffect(() => {
		if (!dirty)
			etag.current = props.etag;
	}, [props.etag, dirty]);
	const all = Object.fromEntries(fields.filter(({ fixed: no }) => !no)
		.map((field) => [field.name, sentOf(field, values[field.name])]));
	const save = useMutation({
		mutationFn: () => props.save({ values: all, etag: etag.current,
			changes: Object.fromEntries(Object.entries(all)
				.filter(([one]) => changed.includes(one))) }),
		onSuccess: (now) => {
			const version = now as Partial<Versioned<object>> | undefined;
			if (version?.etag)
				etag.current = version.etag;
			if (version?.data)
				form.reset({ ...stored, ...version.data });
			else
				form.forget();
			if (props.done !== "")
				toast(props.done ?? t("saved"));
			props.saved?.(now);
		},
		onError: async (error) => {
			if (problemOf(error)?.status !== 412 || !props.fetch)
				return;
			const now = await props.fetch();
			etag.current = now.etag;
			form.overtaken(now.data);
			save.reset();
		},
	});
	const { own, rest } = faultsOf(save.error, fields);
	useEffect(() => {
		if (save.error)
			element.current?.querySelector<HTMLElement>(
				'[aria-invalid="true"], [role="alert"]')
				?.scrollIntoView({ block: "center" });
		element.current?.querySelector<HTMLElement>(
			'[aria-invalid="true"]')?.focus({ preventScroll: true });
	}, [save.error]);
	const ready = !fixed && !save.isPending && !clash?.open.length &&
		(dirty || props.anyway === true);
	const submit = (event?: FormEvent) => {
		event?.preventDefault();
		event?.stopPropagation();
		if (ready && element.current?.reportValidity())
			save.mutate();
	};
	return (
		<form ref={element} onSubmit={submit} onKeyDown={(event) => {
			if ((event.ctrlKey || event.metaKey) &&
				event.key.toLowerCase() === "s") {
				event.preventDefault();
				submit();
			}
		}}>
			{form.restored && dirty && <div role="status"
				className="alert alert-info alert-soft mb-5">
				<span>{t("draft.restored",
					{ when: dateTime(new Date(form.restored)) })}</span>
				<button type="button" className="btn btn-sm"
					onClick={() => form.reset(stored)}>
					{t("draft.discard")}</button>
			</div>}
			{clash && <Compare clash={clash} fields={fields}
				choose={form.choose} values={values} />}
			{save.error && (Object.keys(own).length === 0 || rest.length > 0) &&
				<Failure error={save.error} />}
			{rest.length > 0 && <ul className="mb-4 list-disc pl-5 text-error">
				{rest.map(({ field, message }) => <li key={field}>
					{field}: {message}</li>)}</ul>}
			<fieldset disabled={fixed} className="grid gap-x-5 md:grid-cols-2">
				{fields.filter(({ when }) => !when || when(values)).map(
					(field) => <div key={field.name} className={field.wide ||
						field.kind === "textarea" || field.kind === "own"
						? "md:col-span-2" : ""}>
						<Drawn field={fixed ? { ...field, fixed } : field}
							value={values[field.name]}
							set={(value) => form.set(field.name, value)}
							error={own[field.name]} />
					</div>)}
			</fieldset>
			{typeof props.children === "function" ? props.children(all)
				: props.children}
			{!fixed && <div className="mt-2 flex flex-wrap gap-2">
				<button className="btn btn-primary" disabled={!ready}>
					{props.act ?? t("save")}</button>
				{dirty && <button type="button" className="btn"
					onClick={() => form.reset(stored)}>
					{t("draft.discard")}</button>}
				{props.cancel && <button type="button"
					className="btn btn-ghost" onClick={props.cancel}>
					{t("cancel")}</button>}
			</div>}
		</form>
	);
}
