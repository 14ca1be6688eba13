// SPDX-License-Identifier: ISC
import { Link } from "react-router";
import { useText } from "../../../i18n";
import { DataTable } from "../../components/DataTable";
import { Badge, When } from "../../components/Shown";
import { useMays } from "../../session";
import { Head } from "./Head";
import { priorities, statuses, useAssignees, useOpenTask, type Line } from
	"./tasks";

export function About({ task }: { task: Line }) {
	const may = useMays();
	const { customer, order, company, deal } = task;
	const parts = [
		order && may("orders.read") && { to: `/orders/${order.id}`,
			text: order.number },
		customer && may("customers.read") && { to: `/customers/${
			customer.id}`, text: customer.name },
		company && may("companies.read") && { to: `/companies/${company.id}`,
			text: company.name },
		deal && may("deals.read") && { to: `/deals?deal=${deal.id}`,
			text: deal.title },
	].filter((one) => one !== null && one !== false);
	return (
		<span className="flex flex-wrap gap-x-3">{parts.map(({ to, text }) =>
			<Link key={to} to={to} className="link link-hover">{text}</Link>)}
		</span>
	);
}

export function Due({ task }: { task: Line }) {
	const t = useText("panel_tasks");
	return (
		<span className="inline-flex flex-wrap items-center gap-1">
			<When at={task.due_at} />
			{task.overdue && <Badge state="overdue" text={t("overdue")} />}
		</span>
	);
}

export default function List() {
	const t = useText("panel_tasks");
	const { open } = useOpenTask();
	const people = useAssignees();
	return (
		<>
			<Head />
			<DataTable<Line> name="tasks" path="/api/tasks" news="tasks"
				label={t("tasks")} rowKey={(task) => task.id}
				rowName={(task) => task.title} onOpen={({ id }) => open(id)}
				rowClass={({ status }) => status === "completed"
					? "opacity-80" : ""}
				standard={{ list: "team", open: "true" }}
				columns={[
					{ key: "title", title: t("title"), always: true,
						cell: (task) => task.title },
					{ key: "number", title: t("number"), extra: true,
						figure: true, sort: [undefined, "newest"],
						cell: (task) => task.number },
					{ key: "status", title: t("status"), cell: ({ status }) =>
						<Badge state={status} text={t(`status.${status}`)} /> },
					{ key: "priority", title: t("priority"),
						sort: ["priority"], cell: ({ priority }) => <Badge
							state={priority} text={t(`priority.${priority}`)} /> },
					{ key: "due", title: t("due"), sort: ["due"],
						cell: (task) => <Due task={task} /> },
					{ key: "assignee", title: t("assignee"),
						cell: ({ assignee: who }) => !who ? "–" : who.active
							? who.name : t("gone", { name: who.name }) },
					{ key: "about", title: t("about"),
						cell: (task) => <About task={task} /> },
					{ key: "comments", title: t("comments"), extra: true,
						figure: true, cell: ({ comments }) => comments },
					{ key: "updated", title: t("updated"), extra: true,
						sort: [undefined, "updated"],
						cell: ({ updated_at: at }) => <When at={at} /> },
				]}
				filters={[
					{ name: "q", kind: "search", label: t("search") },
					{ name: "list", kind: "select", must: true,
						label: t("list"), options: (["team", "mine", "overdue"] as
							const).map((one) => [one, t(`list.${one}`)]) },
					{ name: "status", kind: "select", label: t("status"),
						options: statuses.map((one) => [one,
							t(`status.${one}`)]) },
					{ name: "priority", kind: "select", label: t("priority"),
						options: priorities.map((one) => [one,
							t(`priority.${one}`)]) },
					{ name: "assignee_id", kind: "select",
						label: t("assignee"), options: people.map(
							({ id, name }) => [id, name]) },
					{ name: "open", kind: "check", label: t("only.open") },
					{ name: "unassigned", kind: "check",
						label: t("only.unassigned") },
					{ name: "assignee_inactive", kind: "check",
						label: t("only.inactive") },
				]}
				empty={t("none")} />
		</>
	);
}
