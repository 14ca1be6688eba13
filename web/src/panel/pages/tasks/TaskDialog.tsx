// SPDX-License-Identifier: ISC
// One task, new or stored: its form, what was said of it, what became of it.
import { useQueryClient } from "@tanstack/react-query";
import type { Schemas } from "../../../api/client";
import { Failure, useProblemText } from "../../../components/Failure";
import { useToast } from "../../../components/Toasts";
import { useText } from "../../../i18n";
import { Dialog, useConfirm } from "../../components/Confirm";
import { RecordForm } from "../../components/RecordForm";
import { When } from "../../components/Shown";
import { useRows } from "../../list";
import { fetchRecord, filled, send, useRecord, type Versioned } from "../../record";
import { useMay } from "../../session";
import { Comments } from "./Comments";
import { About } from "./List";
import { flat, useFields, useOpenTask, useTasksChanged, type Task } from
	"./tasks";

const flatten = ({ data, etag }: Versioned<Task>) =>
	({ data: flat(data), etag });

function History({ path }: { path: string }) {
	const t = useText("panel_tasks");
	const list = useRows<Schemas["TaskEvent"]>(`${path}/events`, {});
	const value = (kind: string, said: string | null) => said === null ? "–"
		: kind === "status" || kind === "created"
		? t(`status.${said}` as "status.open")
		: kind === "priority" ? t(`priority.${said}` as "priority.low")
		: kind === "due" ? <When at={said} exact /> : said;
	return (
		<details className="mt-4">
			<summary className="cursor-pointer font-semibold">
				{t("history")}</summary>
			<ol className="mt-2 space-y-1 text-sm">
				{list.rows?.map(({ id, kind, from, to, by, at }) => (
					<li key={id}>
						<When at={at} exact /> · {by?.name ?? t("shop")} ·{" "}
						{t(`event.${kind}`)}{" "}
						{kind !== "created" && kind !== "reminded" &&
							<>{value(kind, from)} → </>}{value(kind, to)}
					</li>
				))}
			</ol>
			{list.hasNextPage && <button type="button"
				className="btn btn-ghost btn-sm"
				onClick={() => void list.fetchNextPage()}>{t("more")}</button>}
		</details>
	);
}

function New({ close }: { close: () => void }) {
	const t = useText("panel_tasks");
	const { query, open } = useOpenTask();
	const changed = useTasksChanged();
	const about = Object.fromEntries(["customer_id", "order_id", "note_id",
		"company_id", "deal_id"].flatMap((name) => query.get(name)
		? [[name, query.get(name)!]] : []));
	const made = "order_id" in about || "note_id" in about;
	const fields = useFields().map((field) => field.name === "title"
		? { ...field, required: !made,
			hint: made ? t("title.made") : undefined } : field);
	return (
		<RecordForm name="task" id={`new${Object.values(about).join("")}`}
			stored={{ title: "", text: "", status: "open", priority: "normal" }}
			fields={fields} anyway={made} act={t("make")} cancel={close}
			save={({ values }) => send<Task>("POST", "/api/tasks", {
				...about, ...filled(values) })}
			saved={({ data }) => {
				void changed();
				open(data.id);
			}} />
	);
}

function Stored({ task, etag, close }: { task: Task; etag?: string;
	close: () => void }) {
	const t = useText("panel_tasks");
	const client = useQueryClient();
	const changed = useTasksChanged();
	const may = useMay("tasks.write");
	const toast = useToast();
	const problem = useProblemText();
	const [question, confirm] = useConfirm();
	const fields = useFields(!may);
	const path = `/api/tasks/${task.id}`;
	const saved = (now: Versioned<object>) => {
		client.setQueryData(["record", path], now);
		void client.invalidateQueries({
			queryKey: ["list", `${path}/events`] });
		void changed();
	};
	const remove = async () => {
		if (!await confirm({ title: t("remove.title"), act: t("remove"),
			text: t("remove.text"), danger: true }))
			return;
		try {
			await send("DELETE", path, undefined, etag);
			await changed();
			close();
		} catch (error) {
			toast(problem(error), "error");
		}
	};
	return (
		<>
			<div className="mb-4 flex flex-wrap gap-x-4 text-sm">
				<span>#{task.number}</span>
				<span>{t("made.by", { name: task.created_by?.name ?? "–" })}{" "}
					<When at={task.created_at} /></span>
				<About task={task} />
			</div>
			<RecordForm name="task" id={task.id} stored={flat(task)} etag={etag}
				fields={fields} fixed={!may}
				save={async ({ changes, etag: of }) => flatten(
					await send<Task>("PATCH", path, changes, of))}
				fetch={async () => flatten(await fetchRecord<Task>(path))}
				saved={saved} />
			<Comments path={path} />
			<History path={path} />
			<div className="modal-action">
				{may && <button type="button" className="btn btn-error btn-soft
					mr-auto" onClick={() => void remove()}>{t("remove")}</button>}
				<button type="button" className="btn" onClick={close}>
					{t("close")}</button>
			</div>
			{question}
		</>
	);
}

export function TaskDialog({ id, close }: { id: string | null;
	close: () => void }) {
	const t = useText("panel_tasks");
	const record = useRecord<Task>(`/api/tasks/${id}`, id !== null);
	return (
		<Dialog wide title={id === null ? t("new") : t("task")} close={close}>
			{id === null ? <New close={close} />
				: record.error ? <Failure error={record.error}
					retry={() => record.refetch()} />
				: record.data ? <Stored task={record.data.data}
					etag={record.data.etag} close={close} />
				: <div className="skeleton h-64" />}
		</Dialog>
	);
}
