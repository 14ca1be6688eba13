// SPDX-License-Identifier: ISC
// The head of the three pages of tasks, and the task that is open on them.
import { NavLink } from "react-router";
import { useText } from "../../../i18n";
import { useActions } from "../../actions";
import { PageHead } from "../../components/PageHead";
import { useMay } from "../../session";
import { TaskDialog } from "./TaskDialog";
import { useOpenTask } from "./tasks";

export function Head() {
	const t = useText("panel_tasks");
	const may = useMay("tasks.write");
	const { id, isNew, make, close } = useOpenTask();
	useActions(may ? [{ id: "task", name: t("new"), key: "n", run: make }]
		: []);
	return (
		<>
			<PageHead title={t("tasks")} actions={<>
				<nav aria-label={t("views")} className="join">
					{(["", "/board", "/calendar"] as const).map((path) =>
						<NavLink key={path} to={`/tasks${path}`} end
							className={({ isActive }) => `btn btn-sm join-item ${
								isActive ? "btn-active" : ""}`}>
							{t(`view${path}`)}</NavLink>)}
				</nav>
				{may && <button type="button" className="btn btn-primary btn-sm"
					onClick={make}>{t("new")}</button>}
			</>} />
			{(id || isNew && may) && <TaskDialog key={id ?? "new"} id={id}
				close={close} />}
		</>
	);
}
