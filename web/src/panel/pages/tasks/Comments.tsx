// SPDX-License-Identifier: ISC
// What was said of a task, and a word more; who is mentioned is told.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Schemas } from "../../../api/client";
import { Failure, useProblemText } from "../../../components/Failure";
import { TextArea } from "../../../components/Field";
import { useToast } from "../../../components/Toasts";
import { useText } from "../../../i18n";
import { When } from "../../components/Shown";
import { useRows } from "../../list";
import { send } from "../../record";
import { useMay } from "../../session";
import { useAssignees, useTasksChanged } from "./tasks";

type Comment = Schemas["TaskComment"];

function Mentions({ picked, set }: { picked: string[];
	set: (ids: string[]) => void }) {
	const t = useText("panel_tasks");
	const people = useAssignees().filter(({ active, self }) =>
		active && !self);
	return (
		<details className="mb-3">
			<summary className="cursor-pointer text-sm">{t("mention")}
				{picked.length > 0 && `: ${people.filter(({ id }) =>
					picked.includes(id)).map(({ name }) => name).join(", ")}`}
			</summary>
			<fieldset className="mt-2 flex max-h-40 flex-wrap gap-x-4 gap-y-1
				overflow-auto">
				<legend className="sr-only">{t("mention")}</legend>
				{people.map(({ id, name }) => (
					<label key={id} className="flex cursor-pointer items-center
						gap-2 text-sm">
						<input type="checkbox" className="checkbox checkbox-sm"
							checked={picked.includes(id)}
							onChange={({ target }) => set(target.checked
								? [...picked, id]
								: picked.filter((one) => one !== id))} />
						{name}
					</label>
				))}
			</fieldset>
		</details>
	);
}

/** One's own words, said otherwise. */
function Change({ comment, path, again, close }: { comment: Comment;
	path: string; again: () => void; close: () => void }) {
	const t = useText("panel_tasks");
	const [text, setText] = useState(comment.text);
	const save = useMutation({
		mutationFn: () => send("PATCH", `${path}/comments/${comment.id}`,
			{ text }, `"${comment.version}"`),
		onSuccess: close,
		onSettled: again,
	});
	return (
		<form className="mt-1" onSubmit={(event) => {
			event.preventDefault();
			event.stopPropagation();
			if (text.trim() && !save.isPending)
				save.mutate();
		}}>
			{save.error && <Failure error={save.error} />}
			<TextArea label={t("change.text")} rows={2} maxLength={5000}
				value={text} autoFocus
				onChange={({ target }) => setText(target.value)} />
			<div className="flex gap-2">
				<button className="btn btn-sm" disabled={!text.trim() ||
					text === comment.text || save.isPending}>
					{t("change.save")}</button>
				<button type="button" className="btn btn-ghost btn-sm"
					onClick={close}>{t("change.cancel")}</button>
			</div>
		</form>
	);
}

export function Comments({ path }: { path: string }) {
	const t = useText("panel_tasks");
	const may = useMay("tasks.write");
	const client = useQueryClient();
	const changed = useTasksChanged();
	const toast = useToast();
	const problem = useProblemText();
	const draft = `task-comment:${path}`;
	const [text, setText] = useState(() =>
		sessionStorage.getItem(draft) ?? "");
	const [picked, setPicked] = useState<string[]>([]);
	const [changing, change] = useState<string>();
	const list = useRows<Comment>(`${path}/comments`, {});
	const write = (words: string) => {
		setText(words);
		sessionStorage.setItem(draft, words);
	};
	const again = () => {
		void client.invalidateQueries({
			queryKey: ["list", `${path}/comments`] });
		void changed();
	};
	const say = useMutation({
		mutationFn: () => send("POST", `${path}/comments`,
			{ text, mentions: picked }),
		onSuccess: () => {
			write("");
			sessionStorage.removeItem(draft);
			setPicked([]);
			again();
		},
	});
	const takeBack = async (id: string) => {
		try {
			await send("DELETE", `${path}/comments/${id}`);
		} catch (error) {
			toast(problem(error), "error");
		}
		again();
	};
	return (
		<section className="mt-6" aria-label={t("comments")}>
			<h3 className="mb-2 font-semibold">{t("comments")}</h3>
			{list.error && <Failure error={list.error}
				retry={() => list.refetch()} />}
			<ol className="space-y-2">
				{list.rows?.map((comment) => (
					<li key={comment.id} className="rounded-box bg-base-200 p-3">
						<div className="flex flex-wrap items-center gap-x-3
							text-sm">
							<span className="font-semibold">
								{comment.by?.name ?? "–"}</span>
							<When at={comment.created_at} />
							{comment.edited_at && <span>{t("edited")}{" "}
								<When at={comment.edited_at} /></span>}
							{comment.mentions.map(({ id, name }) =>
								<span key={id}>@{name}</span>)}
							{may && comment.own && <span
								className="ml-auto flex gap-3">
								<button type="button" className="link
									link-hover cursor-pointer"
									onClick={() => change(comment.id)}>
									{t("change")}</button>
								<button type="button" className="link
									link-hover cursor-pointer"
									onClick={() => void takeBack(comment.id)}>
									{t("take.back")}</button>
							</span>}
						</div>
						{changing === comment.id ? <Change comment={comment}
							path={path} again={again}
							close={() => change(undefined)} />
							: <p className="mt-1 wrap-anywhere
								whitespace-pre-wrap">{comment.text}</p>}
					</li>
				))}
			</ol>
			{list.rows?.length === 0 && <p className="text-sm opacity-80">
				{t("none.said")}</p>}
			{list.hasNextPage && <button type="button"
				className="btn btn-ghost btn-sm"
				onClick={() => void list.fetchNextPage()}>{t("more")}</button>}
			{may && <form className="mt-3" onSubmit={(event) => {
				event.preventDefault();
				event.stopPropagation();
				if (text.trim() && !say.isPending)
					say.mutate();
			}}>
				{say.error && <Failure error={say.error} />}
				<TextArea label={t("say")} rows={2} maxLength={5000} value={text}
					onChange={({ target }) => write(target.value)} />
				<Mentions picked={picked} set={setPicked} />
				<button className="btn btn-sm"
					disabled={!text.trim() || say.isPending}>
					{t("say.send")}</button>
			</form>}
		</section>
	);
}
