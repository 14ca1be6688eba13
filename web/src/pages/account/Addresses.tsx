// SPDX-License-Identifier: ISC
// The address book.  Which address is being edited is in the address bar:
// ?edit=new or ?edit=ID.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { Link, useNavigate, useSearchParams } from "react-router";
import { addressesKey, useAddresses, type Address } from
	"../../api/addresses";
import { call } from "../../api/client";
import { problemOf } from "../../api/problem";
import { AddressFields, addressParts, AddressText } from
	"../../components/AddressFields";
import { Failure, useProblemText } from "../../components/Failure";
import { Check, Field } from "../../components/Field";
import { useToast } from "../../components/Toasts";
import { useText } from "../../i18n";
import { useProfile } from "./Account";
import { Confirm } from "./Confirm";
import { Overtaken, useDraft, type Draft } from "./draft";
import { Form, useFaults, type Values } from "./form";
import { Empty, LineSkeletons } from "./lists";

const most = 50;
const flags = ["is_default_shipping", "is_default_billing"] as const;
const names = ["label", ...addressParts, ...flags] as const;
const path = "/api/customers/addresses";

const textOf = (address: Partial<Address>): Values => Object.fromEntries(
	names.map((name) => [name, String(address[name] ?? "")]));

function sentOf(name: string, text: string): unknown {
	if (name.startsWith("is_"))
		return text === "true";
	return text === "" && !["label", "name", "line1", "city", "country"]
		.includes(name) ? null : text;
}

function useSave(draft: Draft<Partial<Address>>, done: () => void) {
	const t = useText("account");
	const client = useQueryClient();
	const toast = useToast();
	const { id, version } = draft.base;
	const sent = () => JSON.stringify(Object.fromEntries(
		(id ? draft.changed : names).map((name) =>
			[name, sentOf(name, draft.values[name]!.trim())])));
	return useMutation({
		mutationFn: () => id
			? call<Address>(`${path}/${id}`, { method: "PATCH",
				headers: { "If-Match": `"${version}"` }, body: sent() })
			: call<Address>(path, { method: "POST", body: sent() }),
		onSuccess: async () => {
			await client.invalidateQueries({ queryKey: addressesKey });
			toast(t("saved"));
			done();
		},
		onError: async (error) => {
			if (id && problemOf(error)?.status === 412)
				draft.overtaken(await call<Address>(`${path}/${id}`));
		},
	});
}

function Edit({ stored, done }: { stored: Partial<Address>;
	done: () => void }) {
	const t = useText("account");
	const common = useText("common");
	const draft = useDraft(stored, textOf);
	const save = useSave(draft, done);
	const faults = useFaults(save.error);
	const label = (name: string) => name === "label" || name.startsWith("is_")
		? t(name as "label") : common(`address.${name}` as "address.name");
	const top = useRef<HTMLHeadingElement>(null);
	useEffect(() => top.current?.focus(), []);
	return (
		<section className="max-w-2xl">
			<h2 ref={top} tabIndex={-1} className="mb-4 outline-none">
				{t(stored.id ? "address.edit" : "address.new")}</h2>
			<Form error={problemOf(save.error)?.status === 412 ? null
				: save.error} among={[...names]} onSubmit={() =>
				stored.id && !draft.changed.length ? done() : save.mutate()}>
				<Overtaken draft={draft} label={label}
					shown={(name, now) => name.startsWith("is_")
						? t(now === "true" ? "yes" : "no") : now} />
				<Field label={t("label")} name="label" maxLength={50}
					hint={t("label.hint")} value={draft.values.label}
					error={faults.label} onChange={({ target }) =>
						draft.set("label", target.value)} />
				<AddressFields kind="shipping" values={draft.values}
					change={draft.set} fault={(part) => faults[part]} />
				{flags.map((flag) => <Check key={flag} name={flag}
					label={t(flag)} checked={draft.values[flag] === "true"}
					error={faults[flag]} onChange={({ target }) =>
						draft.set(flag, String(target.checked))} />)}
				<div className="mt-4 flex flex-wrap gap-3">
					<button className="btn btn-primary"
						disabled={save.isPending}>{t("save")}</button>
					<button type="button" className="btn" onClick={done}>
						{t("cancel")}</button>
				</div>
			</Form>
		</section>
	);
}

function useRemove() {
	const t = useText("account");
	const client = useQueryClient();
	const toast = useToast();
	const problem = useProblemText();
	return useMutation({
		mutationFn: (id: string) => call(`${path}/${id}`,
			{ method: "DELETE" }),
		onSuccess: () => toast(t("address.removed")),
		onError: (error) => problemOf(error)?.status === 404 ||
			toast(problem(error), "error"),
		onSettled: () => client.invalidateQueries({ queryKey: addressesKey }),
	});
}

function One({ address }: { address: Address }) {
	const t = useText("account");
	const remove = useRemove();
	const name = address.label || address.line1;
	return (
		<li className="flex flex-col rounded-box border border-base-300 p-4">
			<p className="mb-2 flex flex-wrap items-center gap-2">
				{address.label && <span className="font-semibold
					wrap-anywhere">{address.label}</span>}
				{flags.map((flag) => address[flag] && <span key={flag}
					className="badge badge-outline badge-sm">
					{t(`${flag}.short`)}</span>)}
			</p>
			<div className="wrap-anywhere"><AddressText
				value={textOf(address)} /></div>
			{address.phone && <p className="text-sm">{address.phone}</p>}
			<div className="mt-auto flex gap-2 pt-3">
				<Link className="btn btn-sm" to={`?edit=${address.id}`}
					aria-label={t("edit.named", { name })}>{t("edit")}</Link>
				<Confirm className="btn btn-ghost btn-sm" button={t("remove")}
					label={t("remove.named", { name })}
					title={t("address.remove", { name })}
					text={t("address.remove.text")} yes={t("remove")}
					disabled={remove.isPending}
					act={() => remove.mutate(address.id)} />
			</div>
		</li>
	);
}

function Book({ items }: { items: Address[] }) {
	const t = useText("account");
	return (
		<>
			{items.length === 0 ? <Empty text={t("address.none")} />
				: <ul className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
					{items.map((address) => <One key={address.id}
						address={address} />)}
				</ul>}
			{items.length < most
				? <Link className="btn btn-primary mt-5" to="?edit=new">
					{t("address.new")}</Link>
				: <p className="mt-5">{t("address.full")}</p>}
		</>
	);
}

export default function Addresses() {
	const [query] = useSearchParams();
	const navigate = useNavigate();
	const { data, error, refetch } = useAddresses();
	const { given_name, family_name, phone } = useProfile();
	const edit = query.get("edit");
	const stored = edit === "new" ? { phone,
		name: `${given_name} ${family_name}`.trim() }
		: data?.items.find(({ id }) => id === edit);
	if (error)
		return <Failure error={error} retry={refetch} />;
	if (!data)
		return <LineSkeletons count={2} height="h-40" />;
	return edit && stored
		? <Edit key={edit} stored={stored} done={() =>
			navigate("/account/addresses", { replace: true })} />
		: <Book items={data.items} />;
}
