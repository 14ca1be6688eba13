// SPDX-License-Identifier: ISC
// The tree: put in order by dragging, or by the buttons of each.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { Schemas } from "../../../api/client";
import { Failure, useProblemText } from "../../../components/Failure";
import { useToast } from "../../../components/Toasts";
import { useText } from "../../../i18n";
import { Dialog, useConfirm } from "../../components/Confirm";
import { PageHead } from "../../components/PageHead";
import { RecordForm, type FieldSpec } from "../../components/RecordForm";
import { fetchRecord, send, useRecord, type Versioned } from "../../record";
import { useMay } from "../../session";
import { useTree, type Branch } from "./catalog";

type Category = Schemas["Category"];
const path = (slug: string) => `/api/catalog/categories/${slug}`;

export function useNamedFields(stored: boolean): FieldSpec[] {
	const t = useText("panel_products");
	return [
		{ name: "name", label: t("name"), required: true, max: 100,
			wide: true },
		...stored ? [{ name: "slug", label: t("slug"), required: true,
			max: 120, hint: t("slug.hint"), wide: true }] : [],
		{ name: "description", label: t("description"), kind: "textarea",
			max: 4000, empty: "", wide: true },
	];
}

function Form({ slug, parent, close }: { slug?: string; parent?: string;
	close: () => void }) {
	const t = useText("panel_products");
	const client = useQueryClient();
	const fields = useNamedFields(slug !== undefined);
	const { data } = useRecord<Category>(path(slug ?? ""),
		slug !== undefined);
	const saved = () => {
		void client.invalidateQueries({ queryKey: ["catalog"] });
		void client.invalidateQueries({ queryKey: ["record"] });
		close();
	};
	return (
		<Dialog title={slug ? data?.data.name ?? slug : t("category.new")}
			close={close}>
			{slug === undefined ? <RecordForm<Versioned<Category>>
				name="category" id={`new-${parent ?? ""}`} stored={{}}
				fields={fields} cancel={close} saved={saved}
				save={({ values }) => send<Category>("POST",
					"/api/catalog/categories", { ...values, ...parent &&
						{ parent } })} />
				: data && <RecordForm<Versioned<Category>> name="category"
					id={slug} stored={data.data} etag={data.etag}
					fields={fields} cancel={close} saved={saved}
					save={({ changes, etag }) => send<Category>("PATCH",
						path(slug), changes, etag)}
					fetch={() => fetchRecord<Category>(path(slug))} />}
		</Dialog>
	);
}

interface Move {
	slug: string;
	parent: string | null;
	before: string | null;
}

/** Where the buttons of a branch bring it; null: nowhere. */
function ways(likes: Branch[], at: number, above: Branch[],
	uncles: Branch[]): Record<"up" | "down" | "in" | "out", Move | null> {
	const { slug } = likes[at]!;
	const parent = above.at(-1)?.slug ?? null;
	const older = likes[at - 1];
	const place = uncles.findIndex((one) => one.slug === parent);
	return {
		up: older ? { slug, parent, before: older.slug } : null,
		down: at + 1 < likes.length ? { slug, parent,
			before: likes[at + 2]?.slug ?? null } : null,
		in: older ? { slug, parent: older.slug, before: null } : null,
		out: parent ? { slug, parent: above.at(-2)?.slug ?? null,
			before: uncles[place + 1]?.slug ?? null } : null,
	};
}

interface Doing {
	move: (move: Move) => void;
	edit: (slug: string) => void;
	add: (parent: string) => void;
	remove: (branch: Branch) => void;
	dragged: React.RefObject<string>;
	write: boolean;
}

function Level({ likes, above, uncles, doing }: { likes: Branch[];
	above: Branch[]; uncles: Branch[]; doing: Doing }) {
	const t = useText("panel_products");
	const signs = { up: "↑", down: "↓", in: "→", out: "←" } as const;
	return (
		<ul className={above.length ? "ml-6" : ""}>{likes.map((one, at) => {
			const way = ways(likes, at, above, uncles);
			const dropped = (move: Omit<Move, "slug">) => {
				const slug = doing.dragged.current;
				doing.dragged.current = "";
				if (slug && slug !== one.slug)
					doing.move({ slug, ...move });
			};
			return (
				<li key={one.id}>
					<div className="h-1.5" onDragOver={(event) =>
						event.preventDefault()} onDrop={(event) => {
						event.preventDefault();
						dropped({ parent: above.at(-1)?.slug ?? null,
							before: one.slug });
					}} />
					<div draggable={doing.write} onDragStart={() => {
						doing.dragged.current = one.slug;
					}} onDragOver={(event) => event.preventDefault()}
						onDrop={(event) => {
							event.preventDefault();
							dropped({ parent: one.slug, before: null });
						}} className="flex flex-wrap items-center gap-1
							rounded-box border border-base-300 px-3 py-1">
						<span className="min-w-32 flex-1">{one.name}{" "}
							<span className="text-sm opacity-80">
								{t.count("count", one.count)}</span></span>
						{doing.write && <>
							{(["up", "down", "in", "out"] as const).map((to) =>
								<button key={to} type="button"
									className="btn btn-ghost btn-sm"
									aria-label={t(`tree.${to}`,
										{ name: one.name })}
									disabled={!way[to]}
									onClick={() => doing.move(way[to]!)}>
									{signs[to]}</button>)}
							<button type="button" className="btn btn-sm"
								aria-label={t("change.what",
									{ name: one.name })}
								onClick={() => doing.edit(one.slug)}>
								{t("change")}</button>
							<button type="button" className="btn btn-sm"
								aria-label={t("tree.add", { name: one.name })}
								onClick={() => doing.add(one.slug)}>+</button>
							<button type="button" className="btn btn-sm"
								aria-label={t("remove.what",
									{ name: one.name })}
								onClick={() => doing.remove(one)}>×</button>
						</>}
					</div>
					{one.children.length > 0 && <Level doing={doing}
						likes={one.children} above={[...above, one]}
						uncles={likes} />}
				</li>
			);
		})}</ul>
	);
}

export default function Categories() {
	const t = useText("panel_products");
	const write = useMay("catalog.write");
	const toast = useToast();
	const problem = useProblemText();
	const client = useQueryClient();
	const { data, error, refetch } = useTree();
	const [open, setOpen] = useState<{ slug?: string; parent?: string }>();
	const [dialog, confirm] = useConfirm();
	const dragged = useRef("");
	const again = () => client.invalidateQueries({ queryKey: ["catalog"] });
	const failed = (one: unknown) => toast(problem(one), "error");
	const move = useMutation({
		mutationFn: async ({ slug, parent, before }: Move) => {
			const { etag } = await fetchRecord<Category>(path(slug));
			return send("POST", `${path(slug)}/move`, { parent, before }, etag);
		}, onError: failed, onSuccess: () => toast(t("tree.moved")),
		onSettled: again,
	});
	const remove = async ({ slug, name }: Branch) => {
		const seen = await fetchRecord<Category>(path(slug)).catch(failed);
		if (!seen || !await confirm({ title: t("remove.title", { name }),
			act: t("remove"), danger: true }))
			return;
		await send("DELETE", path(slug), undefined, seen.etag).then(
			() => toast(t("removed")), failed);
		void again();
	};
	return (
		<>
			<PageHead title={t("categories")} actions={write && <button
				type="button" className="btn btn-primary btn-sm"
				onClick={() => setOpen({})}>{t("category.new")}</button>} />
			{error && <Failure error={error} retry={refetch} />}
			{write && <p className="mb-3 text-sm opacity-80">{t("tree.hint")}
			</p>}
			{data && <Level likes={data.items} above={[]} uncles={[]}
				doing={{ move: move.mutate, dragged, write,
					edit: (slug) => setOpen({ slug }),
					add: (parent) => setOpen({ parent }),
					remove: (one) => void remove(one) }} />}
			{open && <Form {...open} close={() => setOpen(undefined)} />}
			{dialog}
		</>
	);
}
