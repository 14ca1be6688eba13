// SPDX-License-Identifier: ISC
import { useQuery } from "@tanstack/react-query";
import { call, type Schemas } from "../../../api/client";
import { Failure, useProblemText } from "../../../components/Failure";
import { useToast } from "../../../components/Toasts";
import { useText } from "../../../i18n";
import { Board } from "../../components/Board";
import { FilterBar } from "../../components/FilterBar";
import { Badge } from "../../components/Shown";
import { useFilters, withQuery } from "../../list";
import { send } from "../../record";
import { useMay } from "../../session";
import { Head } from "./Head";
import { About, Due } from "./List";
import { useAssignees, useOpenTask, useTasksChanged, type Line } from
	"./tasks";

function Card({ task, open }: { task: Line; open: (id: string) => void }) {
	const t = useText("panel_tasks");
	return (
		<>
			<button type="button" className="link link-hover wrap-anywhere
				cursor-pointer text-left font-medium"
				onClick={() => open(task.id)}>{task.title}</button>
			<div className="mt-1 flex flex-wrap gap-x-2 gap-y-1 text-sm">
				{task.priority !== "normal" && <Badge state={task.priority}
					text={t(`priority.${task.priority}`)} />}
				{task.due_at && <Due task={task} />}
				{task.assignee && <span>{task.assignee.name}</span>}
				<About task={task} />
			</div>
		</>
	);
}

export default function TaskBoard() {
	const t = useText("panel_tasks");
	const may = useMay("tasks.write");
	const toast = useToast();
	const problem = useProblemText();
	const people = useAssignees();
	const { open } = useOpenTask();
	const changed = useTasksChanged();
	const { filters, set } = useFilters(["q", "list", "assignee_id", "limit"],
		{ list: "team", limit: "50" });
	const board = useQuery({ queryKey: ["tasks", "board", filters],
		queryFn: ({ signal }) => call<Schemas["TaskBoard"]>(
			withQuery("/api/tasks/board", filters), { signal }),
		placeholderData: (before) => before });
	const move = async (task: Line, status: string, after: string | null) => {
		try {
			await send("PATCH", `/api/tasks/${task.id}`,
				{ status, after_id: after }, `"${task.version}"`);
		} catch (error) {
			toast(problem(error), "error");
		}
		await changed();
	};
	return (
		<>
			<Head />
			<div className="mb-3 flex flex-wrap items-end gap-2">
				<FilterBar filters={filters} set={set} fields={[
					{ name: "q", kind: "search", label: t("search") },
					{ name: "list", kind: "select", must: true,
						label: t("list"), options: (["team", "mine", "overdue"] as
							const).map((one) => [one, t(`list.${one}`)]) },
					{ name: "assignee_id", kind: "select",
						label: t("assignee"), options: people.map(
							({ id, name }) => [id, name]) },
				]} />
			</div>
			{board.error && <Failure error={board.error}
				retry={() => board.refetch()} />}
			{board.data && <Board<Line> label={t("view/board")}
				empty={t("none.here")} itemKey={({ id }) => id}
				itemName={({ title }) => title}
				move={may ? move : undefined}
				card={(task) => <Card task={task} open={open} />}
				columns={board.data.columns.map((column) => ({
					id: column.status, title: t(`status.${column.status}`),
					items: column.items,
					beside: <span className="text-sm">{t.count("tasks",
						column.count)}</span>,
					foot: column.next && Number(filters.limit) < 100 &&
						<button type="button" className="btn btn-ghost btn-sm"
							onClick={() => set({ limit: "100" })}>
							{t("more")}</button> }))} />}
		</>
	);
}
