// SPDX-License-Identifier: ISC
import { area } from "../../table";

const permission = "tasks.read";

export default area("tasks", [
	{ path: "tasks", permission, nav: "overview", count: "tasks",
		title: { en: "Tasks", fr: "Tâches", pt: "Tarefas" },
		load: () => import("./List") },
	{ path: "tasks/board", permission, title: { en: "Task board",
		fr: "Tableau des tâches", pt: "Quadro de tarefas" },
		load: () => import("./TaskBoard") },
	{ path: "tasks/calendar", permission, title: { en: "Task calendar",
		fr: "Calendrier des tâches", pt: "Calendário de tarefas" },
		load: () => import("./Calendar") },
	{ path: "tasks/:id", permission, title: { en: "Task", fr: "Tâche",
		pt: "Tarefa" }, load: () => import("./ToTask") },
]);
