// SPDX-License-Identifier: ISC
// Saved searches: opened, named anew, removed.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { api, take } from "../../api/client";
import { problemOf } from "../../api/problem";
import { searchesKey, useSearches, type SavedSearch } from
	"../../api/wishes";
import { Failure, useProblemText } from "../../components/Failure";
import { Field } from "../../components/Field";
import { useToast } from "../../components/Toasts";
import { date, useText } from "../../i18n";
import { Confirm } from "./Confirm";
import { Form, useFaults, valuesOf } from "./form";
import { Empty, LineSkeletons } from "./lists";

const at = (id: string) => ({ params: { path: { id } } });

function Rename({ search, done }: { search: SavedSearch;
	done: () => void }) {
	const t = useText("account");
	const client = useQueryClient();
	const problem = useProblemText();
	const form = useRef<HTMLDivElement>(null);
	useEffect(() => form.current?.querySelector("input")?.select(), []);
	const rename = useMutation({
		mutationFn: (name: string) => take(api.PATCH(
			"/api/customers/saved-searches/{id}",
			{ ...at(search.id), body: { name } })),
		onSuccess: async () => {
			await client.invalidateQueries({ queryKey: searchesKey });
			done();
		},
	});
	const faults = useFaults(rename.error);
	const taken = problemOf(rename.error)?.code === "SEARCH_NAME_TAKEN";
	return (
		<div ref={form} className="w-full max-w-md">
			<Form error={taken ? null : rename.error} among={["name"]}
				onSubmit={(element) =>
					rename.mutate(valuesOf(element).name ?? "")}>
				<Field label={t("search.name")} name="name" required
					maxLength={100} defaultValue={search.name}
					autoComplete="off" error={taken ? problem(rename.error)
						: faults.name} />
				<div className="flex flex-wrap gap-3">
					<button className="btn btn-primary btn-sm"
						disabled={rename.isPending}>{t("save")}</button>
					<button type="button" className="btn btn-sm"
						onClick={done}>{t("cancel")}</button>
				</div>
			</Form>
		</div>
	);
}

function useRemove() {
	const t = useText("account");
	const client = useQueryClient();
	const toast = useToast();
	const problem = useProblemText();
	return useMutation({
		mutationFn: (id: string) => take(api.DELETE(
			"/api/customers/saved-searches/{id}", at(id))),
		onSuccess: () => toast(t("search.removed")),
		onError: (error) => problemOf(error)?.status === 404 ||
			toast(problem(error), "error"),
		onSettled: () => client.invalidateQueries({ queryKey: searchesKey }),
	});
}

function One({ search }: { search: SavedSearch }) {
	const t = useText("account");
	const [renaming, setRenaming] = useState(false);
	const remove = useRemove();
	const button = useRef<HTMLButtonElement>(null);
	const { name } = search;
	const done = () => {
		setRenaming(false);
		setTimeout(() => button.current?.focus());
	};
	return (
		<li className="flex flex-wrap items-center gap-3 rounded-box border
			border-base-300 p-4">
			{renaming ? <Rename search={search} done={done} /> : <>
				<div className="min-w-0 flex-1 basis-48">
					<Link className="font-semibold hover:underline
						wrap-anywhere" to={search.path}>{name}</Link>
					<p className="text-sm opacity-80">{t("search.since",
						{ date: date(search.created_at) })}</p>
				</div>
				<Link className="btn btn-primary btn-sm" to={search.path}
					aria-label={t("search.open.named", { name })}>
					{t("search.open")}</Link>
				<button ref={button} type="button" className="btn btn-sm"
					aria-label={t("search.rename.named", { name })}
					onClick={() => setRenaming(true)}>
					{t("search.rename")}</button>
				<Confirm className="btn btn-ghost btn-sm" button={t("remove")}
					label={t("remove.named", { name })}
					title={t("search.remove", { name })} yes={t("remove")}
					disabled={remove.isPending}
					act={() => remove.mutate(search.id)} />
			</>}
		</li>
	);
}

export default function Searches() {
	const t = useText("account");
	const { data, error, refetch } = useSearches();
	if (error)
		return <Failure error={error} retry={refetch} />;
	if (!data)
		return <LineSkeletons count={3} />;
	if (data.items.length === 0)
		return <Empty text={t("search.none")} to="/search"
			link={t("shop")} />;
	return (
		<ul className="space-y-3">
			{data.items.map((search) => <One key={search.id}
				search={search} />)}
		</ul>
	);
}
