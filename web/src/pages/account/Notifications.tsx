// SPDX-License-Identifier: ISC
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useSearchParams } from "react-router";
import { useGrowing, useUnread } from "../../api/account";
import { call, type Schemas } from "../../api/client";
import { Failure, useProblemText } from "../../components/Failure";
import { useToast } from "../../components/Toasts";
import { dateTime, useText } from "../../i18n";
import { Empty, LineSkeletons, More } from "./lists";
import { sayNotice, type Notice } from "./notice";
import { Preferences } from "./Preferences";

const path = "/api/customers/notifications";

function useRead() {
	const client = useQueryClient();
	const toast = useToast();
	const problem = useProblemText();
	return useMutation({
		mutationFn: (what: { ids: string[] } | { all: true }) =>
			call<Schemas["ReadCount"]>(`${path}/read`, { method: "POST",
				body: JSON.stringify(what) }),
		onSuccess: ({ unread }) => {
			client.setQueryData(["account", "unread"], { count: unread });
			return client.invalidateQueries({ predicate: ({ queryKey }) =>
				String(queryKey[1]).startsWith(path) });
		},
		onError: (error) => toast(problem(error), "error"),
	});
}

function One({ notice, read }: { notice: Notice;
	read: ReturnType<typeof useRead> }) {
	const t = useText("account");
	const { text, note, to } = sayNotice(t, notice);
	const unread = notice.read_at === null;
	const mark = () => unread && read.mutate({ ids: [notice.id] });
	return (
		<li className={`flex flex-wrap items-start justify-between gap-x-4
			gap-y-2 px-4 py-3 ${unread ? "bg-base-200" : ""}`}>
			<div className="min-w-0 flex-1 basis-52">
				<p className={`wrap-anywhere ${unread ? "font-semibold" : ""}`}>
					{unread && <span className="badge badge-secondary badge-xs
						mr-2">{t("notice.new")}</span>}
					{to ? <Link to={to} className="link-hover link"
						onClick={mark}>{text}</Link> : text}
				</p>
				{note && <p className="text-sm wrap-anywhere">{note}</p>}
				<p className="text-sm opacity-80">
					{dateTime(notice.created_at)}</p>
			</div>
			{unread && <button type="button" className="btn btn-ghost btn-sm"
				aria-label={`${t("notice.read")}: ${text}`}
				disabled={read.isPending} onClick={mark}>
				{t("notice.read")}</button>}
		</li>
	);
}

function List() {
	const t = useText("account");
	const [query, setQuery] = useSearchParams();
	const only = query.has("unread");
	const found = useGrowing<Notice>(
		`${path}?limit=20${only ? "&unread=true" : ""}`);
	const unread = useUnread();
	const read = useRead();
	return (
		<section>
			<div className="mb-4 flex flex-wrap items-center justify-between
				gap-3">
				<label className="flex cursor-pointer items-center gap-3">
					<input type="checkbox" className="toggle toggle-primary"
						checked={only} onChange={({ target }) => setQuery(
							target.checked ? { unread: "" } : {},
							{ replace: true })} />
					{t("notices.unread")}
				</label>
				<button type="button" className="btn btn-sm"
					disabled={unread === 0 || read.isPending}
					onClick={() => read.mutate({ all: true })}>
					{t("notices.all")}</button>
			</div>
			<p role="status" className="sr-only">{unread
				? t.count("unread", unread) : t("unread.none")}</p>
			{found.error ? <Failure error={found.error}
				retry={found.refetch} />
				: !found.items ? <LineSkeletons />
				: found.items.length === 0
					? <Empty text={t(only ? "unread.none"
						: "notices.none")} />
					: <ul className="divide-y divide-base-300 overflow-hidden
						rounded-box border border-base-300">
						{found.items.map((notice) => <One key={notice.id}
							notice={notice} read={read} />)}</ul>}
			<More list={found} />
		</section>
	);
}

export default function Notifications() {
	return (
		<>
			<List />
			<Preferences />
		</>
	);
}
