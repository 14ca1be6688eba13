// SPDX-License-Identifier: ISC
// What one was told: mentions in notes, tasks and their deadlines.
import { useInfiniteQuery, useMutation, useQueryClient } from
	"@tanstack/react-query";
import { Link } from "react-router";
import { call, type Schemas } from "../../../api/client";
import { Failure } from "../../../components/Failure";
import { useText } from "../../../i18n";
import { PageHead } from "../../components/PageHead";
import { When } from "../../components/Shown";
import { send } from "../../record";

type Notice = Schemas["StaffNotification"];
const path = "/api/desk/notifications";
const kinds = { task_assigned: "told.task_assigned",
	task_mention: "told.task_mention", task_comment: "told.task_comment",
	task_reminder: "told.task_reminder",
	deal_assigned: "told.deal_assigned" } as const;

export default function Notifications() {
	const t = useText("panel_customers");
	const client = useQueryClient();
	const list = useInfiniteQuery({ queryKey: ["notifications"],
		initialPageParam: "", refetchInterval: 60_000,
		queryFn: ({ pageParam }) => call<{ items: Notice[];
			next: string | null }>(`${path}${pageParam
			? `?cursor=${pageParam}` : ""}`),
		getNextPageParam: ({ next }) => next ?? undefined });
	const read = useMutation({ mutationFn: (ids?: string[]) =>
		send("POST", `${path}/read`, ids ? { ids } : { all: true }),
	onSuccess: () => client.invalidateQueries({ queryKey:
		["notifications"] }) });
	const notices = list.data?.pages.flatMap(({ items }) => items) ?? [];
	const said = ({ kind, data: known }: Notice) => {
		const data = known as Record<string, string>;
		return kind === "mention" ? t("told.mention", {
			by: (known as { by?: { name: string } }).by?.name ?? "",
			customer: data.customer ?? "" })
			: kind in kinds ? t(kinds[kind as "task_assigned"],
				{ title: data.title ?? "" }) : data.title ?? "";
	};
	const leads = ({ data: known }: Notice) => {
		const data = known as Record<string, string>;
		return data.deal_id ? `/deals/${data.deal_id}`
			: data.task_id ? `/tasks/${data.task_id}`
			: data.customer_id ? `/customers/${data.customer_id}` : undefined;
	};
	return (
		<>
			<PageHead title={t("told")} actions={notices.some((one) =>
				!one.read_at) && <button type="button" className="btn btn-sm"
				onClick={() => read.mutate(undefined)}>
				{t("told.all")}</button>} />
			{list.error && <Failure error={list.error} retry={list.refetch} />}
			{list.data && notices.length === 0 && <p>{t("told.none")}</p>}
			<ul className="space-y-2">{notices.map((one) => {
				const to = leads(one);
				return (
					<li key={one.id} className={`rounded-box border p-3
						${one.read_at ? "border-base-300" : "border-primary"}`}>
						{to ? <Link to={to} className="link" onClick={() =>
							one.read_at ?? read.mutate([one.id])}>
							{said(one)}</Link> : said(one)}
						<span className="ml-3 text-sm opacity-80">
							<When at={one.at} /></span>
						<p className="text-sm wrap-anywhere">
							{String((one.data as { text?: string }).text ?? "")}
						</p>
					</li>
				);
			})}</ul>
			{list.hasNextPage && <button type="button" className="btn btn-sm mt-3"
				onClick={() => void list.fetchNextPage()}>{t("more")}</button>}
		</>
	);
}
