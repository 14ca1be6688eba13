// SPDX-License-Identifier: ISC
// Notes about a customer; who is mentioned by @ is told.
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from
	"@tanstack/react-query";
import { useRef, useState } from "react";
import { call, type Schemas } from "../../../api/client";
import { Failure, useProblemText } from "../../../components/Failure";
import { useToast } from "../../../components/Toasts";
import { useText } from "../../../i18n";
import { useConfirm } from "../../components/Confirm";
import { When } from "../../components/Shown";
import { useActions } from "../../actions";
import { send } from "../../record";
import { useMay, useMember } from "../../session";
import { customers } from "./customer";

type Note = Schemas["Note"];
type Colleague = Schemas["DeskColleague"];

/** The colleagues that a text names: "@Mary Byrne". */
const named = (text: string, colleagues: Colleague[]) =>
	colleagues.filter(({ name }) => text.includes(`@${name}`));

function Write({ id, done }: { id: string; done: () => unknown }) {
	const t = useText("panel_customers");
	const box = useRef<HTMLTextAreaElement>(null);
	const key = `note:${id}`;
	const [text, setText] = useState(localStorage.getItem(key) ?? "");
	const { data } = useQuery({ queryKey: ["colleagues"],
		staleTime: 300_000, queryFn: () =>
			call<{ items: Colleague[] }>("/api/desk/colleagues") });
	const colleagues = data?.items ?? [];
	const put = (next: string) => {
		setText(next);
		if (next)
			localStorage.setItem(key, next);
		else
			localStorage.removeItem(key);
	};
	const write = useMutation({ mutationFn: () => send("POST",
		`${customers}/${id}/notes`, { text, mentions:
			named(text, colleagues).map((one) => one.id) }),
	onSuccess: () => {
		put("");
		return done();
	} });
	useActions([{ id: "note", name: t("note.add"), key: "n",
		run: () => box.current?.focus() }]);
	const begun = /@([^@\n]{0,30})$/.exec(text)?.[1];
	const offered = begun === undefined ? [] : colleagues.filter(({ name }) =>
		name.toLowerCase().startsWith(begun.toLowerCase()) &&
		name !== begun).slice(0, 5);
	return (
		<form onSubmit={(event) => {
			event.preventDefault();
			write.mutate();
		}}>
			<textarea ref={box} className="textarea w-full" rows={3}
				aria-label={t("note.add")} maxLength={10000} value={text}
				placeholder={t("note.hint")}
				onChange={({ target }) => put(target.value)} />
			{offered.length > 0 && <div role="group"
				aria-label={t("note.mention")} className="flex flex-wrap gap-1">
				{offered.map(({ id: who, name }) => <button key={who}
					type="button" className="btn btn-xs" onClick={() => {
						put(`${text.slice(0, text.length -
							(begun?.length ?? 0))}${name} `);
						box.current?.focus();
					}}>@{name}</button>)}</div>}
			{write.error && <Failure error={write.error} />}
			<button className="btn btn-primary btn-sm mt-2"
				disabled={!text.trim() || write.isPending}>
				{t("note.add")}</button>
		</form>
	);
}

function One({ note, again }: { note: Note; again: () => unknown }) {
	const t = useText("panel_customers");
	const toast = useToast();
	const problem = useProblemText();
	const mayWrite = useMay("notes.write");
	const me = useMember();
	const [dialog, confirm] = useConfirm();
	const run = (work: Promise<unknown>) => work.then(again,
		(error: unknown) => toast(problem(error), "error"));
	const path = `/api/desk/notes/${note.id}`;
	const remove = async () => {
		if (await confirm({ title: t("note.remove"), danger: true,
			act: t("note.remove"), text: note.text.slice(0, 200) }))
			await run(send("DELETE", path));
	};
	return (
		<li className={`rounded-box border p-3 ${note.pinned
			? "border-primary" : "border-base-300"}`}>
			<p className="whitespace-pre-wrap wrap-anywhere">{note.text}</p>
			<div className="mt-2 flex flex-wrap items-center gap-2 text-sm">
				<span>{note.author.name}</span> <When at={note.created_at} />
				{note.pinned && <span>{t("note.pinned")}</span>}
				{mayWrite && <button type="button" className="btn btn-xs ml-auto"
					onClick={() => void run(send("PATCH", path,
						{ pinned: !note.pinned }, `"${note.version}"`))}>
					{note.pinned ? t("note.unpin") : t("note.pin")}</button>}
				{mayWrite && note.author.id === me.id && <button
					type="button" className="btn btn-xs"
					onClick={() => void remove()}>{t("note.remove")}</button>}
			</div>
			{dialog}
		</li>
	);
}

export function Notes({ id, told }: { id: string; told: () => unknown }) {
	const t = useText("panel_customers");
	const client = useQueryClient();
	const mayWrite = useMay("notes.write");
	const list = useInfiniteQuery({ queryKey: ["notes", id],
		initialPageParam: "", queryFn: ({ pageParam }) =>
			call<{ items: Note[]; next: string | null }>(`${customers}/${id
			}/notes${pageParam ? `?cursor=${pageParam}` : ""}`),
		getNextPageParam: ({ next }) => next ?? undefined });
	const again = async () => {
		await client.invalidateQueries({ queryKey: ["notes", id] });
		return told();
	};
	const notes = list.data?.pages.flatMap(({ items }) => items) ?? [];
	return (
		<section aria-labelledby="notes" className="mb-8">
			<h2 id="notes" className="mb-3">{t("notes")}</h2>
			{mayWrite && <Write id={id} done={again} />}
			{list.error && <Failure error={list.error} retry={list.refetch} />}
			<ul className="mt-3 space-y-2">{notes.map((note) => <One
				key={note.id} note={note} again={again} />)}</ul>
			{list.hasNextPage && <button type="button" className="btn btn-sm mt-2"
				onClick={() => void list.fetchNextPage()}>{t("more")}</button>}
		</section>
	);
}
