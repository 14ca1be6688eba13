// SPDX-License-Identifier: ISC
// What the pages of tasks have in common.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { call, type Schemas } from "../../../api/client";
import { useText } from "../../../i18n";
import type { FieldSpec } from "../../components/fields";

export type Task = Schemas["Task"];
export type Line = Schemas["TaskLine"];

export const statuses = ["open", "in_progress", "completed"] as const;
export const priorities = ["urgent", "high", "normal", "low"] as const;

/** Who can be given a task; and who is gone and still has some. */
export function useAssignees() {
	const { data } = useQuery({ queryKey: ["assignees"], staleTime: 60_000,
		queryFn: () => call<Schemas["TaskAssigneeList"]>(
			"/api/tasks/assignees") });
	return data?.items ?? [];
}

/** After a change: all that shows tasks looks again. */
export function useTasksChanged() {
	const client = useQueryClient();
	return () => Promise.all([["list", "/api/tasks"], ["tasks"], ["news"],
		["assignees"]].map((queryKey) =>
		client.invalidateQueries({ queryKey })));
}

/** The task that is open beside the page: its id is in the address. */
export function useOpenTask() {
	const [query, setQuery] = useSearchParams();
	const go = (id: string | null, isNew = false) => setQuery((now) => {
		const next = new URLSearchParams(now);
		for (const name of ["task", "new", "customer_id", "order_id",
			"note_id", "company_id", "deal_id"])
			next.delete(name);
		if (id !== null)
			next.set("task", id);
		if (isNew)
			next.set("new", "1");
		return next;
	}, { preventScrollReset: true });
	return { id: query.get("task"), isNew: query.has("new"), query,
		open: (id: string) => go(id), make: () => go(null, true),
		close: () => go(null) };
}

export const flat = (task: Task) =>
	({ ...task, assignee_id: task.assignee?.id ?? "" });

export function useFields(fixed = false): FieldSpec[] {
	const t = useText("panel_tasks");
	const people = useAssignees();
	return [
		{ name: "title", label: t("title"), required: true, max: 200,
			wide: true, fixed },
		{ name: "text", label: t("text"), kind: "textarea", max: 5000,
			empty: "", fixed },
		{ name: "status", label: t("status"), kind: "select", required: true,
			options: statuses.map((one) => [one, t(`status.${one}`)]), fixed },
		{ name: "priority", label: t("priority"), kind: "select",
			required: true, fixed,
			options: priorities.map((one) => [one, t(`priority.${one}`)]) },
		{ name: "assignee_id", label: t("assignee"), kind: "select", fixed,
			options: people.map(({ id, name, active }) => [id, active ? name
				: t("gone", { name })]) },
		{ name: "due_at", label: t("due"), kind: "datetime", fixed },
		{ name: "reminder_at", label: t("reminder"), kind: "datetime",
			hint: t("reminder.hint"), fixed },
	];
}
