// SPDX-License-Identifier: ISC
// Where an account is signed in.
import { useMutation } from "@tanstack/react-query";
import { call, type Schemas } from "../../../api/client";
import { Failure, useProblemText } from "../../../components/Failure";
import { useToast } from "../../../components/Toasts";
import { useText } from "../../../i18n";
import { useRows } from "../../list";
import { Badge, When } from "../../components/Shown";

type Session = Schemas["Session"];

/** A browser's name out of all that it says of itself. */
function device(agent: string): string {
	const [, name] = /(Edg|OPR|Firefox|Chrome|Safari)[A-Za-z]*\//.exec(agent) ??
		[];
	const [system] = /Windows|Android|iPhone|iPad|Mac OS X|Linux/.exec(agent) ??
		[];
	const known = { Edg: "Edge", OPR: "Opera" } as Record<string, string>;
	return name ? [known[name] ?? name, system].filter(Boolean).join(", ")
		: agent || "–";
}

/** @param may  whether they can be ended here */
export function Sessions({ path, may }: { path: string; may: boolean }) {
	const t = useText("panel_team");
	const more = useText("panel")("rows.more");
	const toast = useToast();
	const problem = useProblemText();
	const list = useRows<Session>(path, {});
	const end = useMutation({
		mutationFn: (id: string) => call(`${path}/${id}`,
			{ method: "DELETE" }),
		onSuccess: () => toast(t("session.ended")),
		onError: (error) => toast(problem(error), "error"),
		onSettled: () => list.refetch(),
	});
	if (list.error)
		return <Failure error={list.error} retry={list.refetch} />;
	return (
		<>
			<ul className="divide-y divide-base-300">
				{list.rows?.map((one) => (
					<li key={one.id} className="flex flex-wrap items-center
						gap-x-4 gap-y-1 py-3">
						<div className="min-w-0 flex-1">
							<p className="wrap-anywhere font-medium"
								title={one.user_agent}>
								{device(one.user_agent)}{" "}
								{one.current && <Badge state="active"
									text={t("session.current")} />}</p>
							<p className="text-sm opacity-80">
								{one.address ?? "–"} · {t("session.used")}{" "}
								<When at={one.used_at} /></p>
						</div>
						{may && !one.current && <button type="button"
							className="btn btn-sm" disabled={end.isPending}
							onClick={() => end.mutate(one.id)}>
							{t("session.end")}</button>}
					</li>
				))}
			</ul>
			{list.rows?.length === 0 && <p>{t("sessions.none")}</p>}
			{list.hasNextPage && <button type="button" className="btn btn-sm
				mt-2" onClick={() => void list.fetchNextPage()}>{more}</button>}
		</>
	);
}
