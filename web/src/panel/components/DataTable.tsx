// SPDX-License-Identifier: ISC
// A list of records.
//
//	<DataTable name="orders" path="/api/orders" news="orders"
//		label={t("orders")} rowKey={(row) => row.id}
//		rowName={(row) => row.number} to={(row) => `/orders/${row.id}`}
//		columns={[{ key: "number", title: t("number"), always: true,
//			cell: (row) => row.number }, …]}
//		filters={[{ name: "q", kind: "search", label: t("search") },
//			{ name: "state", kind: "select", label: t("state"),
//				options: [["pending", t("state.pending")], …] }]}
//		bulk={[{ id: "export", name: t("export"), run: async (rows) => … }]}
//		empty={t("none")} />
//
// The API answers { items, next, total? } and takes each filter by its name
// and `cursor`.  Filters are in the address, so that a link says the same;
// which columns are shown is kept in this browser.  j and k go through the
// rows, Enter opens one, x selects it, / goes to the search.  What is
// selected is the rows themselves; `bulk` actions get them, and what they
// throw is shown.
import { useEffect, useRef, useState, type ReactNode } from "react";
import { Link, useNavigate } from "react-router";
import { Failure, useProblemText } from "../../components/Failure";
import { useToast } from "../../components/Toasts";
import { number, useText } from "../../i18n";
import { isTyping } from "../actions";
import { useColumns, useFilters, useRows, type Filters } from "../list";
import { ColumnChoice } from "./ColumnChoice";
import { FilterBar, sentFilters, type Filter } from "./FilterBar";

export type { Filter };

export interface Column<Row> {
	key: string;
	title: string;
	cell: (row: Row) => ReactNode;
	/** Not in the choice: always there (what names the row, say). */
	always?: boolean;
	/** Only shown where chosen. */
	extra?: boolean;
	/** Figures: to the right. */
	figure?: boolean;
	/** Values of the filter "sort" by this column: up, and down. */
	sort?: [string, string?] | [undefined, string];
}

export interface Bulk<Row> {
	id: string;
	name: string;
	danger?: boolean;
	/** Throws what went wrong; the rows are asked for again after it. */
	run: (rows: Row[]) => Promise<unknown> | unknown;
	/** What is selected stays so afterwards. */
	keep?: boolean;
}

export interface DataTableProps<Row> {
	/** In this browser: whose columns these are. */
	name: string;
	/** What screen readers call it. */
	label: string;
	path: string;
	columns: Column<Row>[];
	rowKey: (row: Row) => string;
	/** What names a row in "Select NAME". */
	rowName: (row: Row) => string;
	/** Where a row leads. */
	to?: (row: Row) => string;
	/** Or what happens to it. */
	onOpen?: (row: Row) => void;
	filters?: Filter[];
	/** Filters where the address says nothing ({ state: "pending" }). */
	standard?: Filters;
	/** Always sent, and not shown. */
	fixed?: Filters;
	bulk?: Bulk<Row>[];
	/** What is said when nothing fits no filter. */
	empty?: ReactNode;
	/** Beside the filters: saved views, exports. */
	tools?: ReactNode;
	news?: string;
	/** The class of a row: "opacity-60" for what is gone. */
	rowClass?: (row: Row) => string;
}

type Rows<Row> = ReturnType<typeof useRows<Row>>;

/** Which rows are selected: by key, and as they were when they were. */
function useSelection<Row>(rows: Row[] | undefined,
	rowKey: (row: Row) => string, reset: string) {
	const [picked, setPicked] = useState<Map<string, Row>>(new Map());
	useEffect(() => setPicked(new Map()), [reset]);
	const current = new Map([...picked].map(([key, row]) =>
		[key, rows?.find((one) => rowKey(one) === key) ?? row]));
	return {
		picked: [...current.values()], has: (key: string) => picked.has(key),
		toggle: (row: Row) => setPicked((now) => {
			const next = new Map(now);
			if (!next.delete(rowKey(row)))
				next.set(rowKey(row), row);
			return next;
		}),
		all: (on: boolean) => setPicked(on ? new Map((rows ?? [])
			.map((row) => [rowKey(row), row])) : new Map()),
	};
}

/** j, k, Enter and x, as long as no field or dialog has the keys. */
function useRowKeys<Row>(box: React.RefObject<HTMLElement | null>,
	rows: Row[], open: (row: Row) => void, pick?: (row: Row) => void) {
	const [at, setAt] = useState(-1);
	useEffect(() => {
		const pressed = (event: KeyboardEvent) => {
			if (isTyping(event))
				return;
			const row = rows[at];
			const step = { j: 1, k: -1 }[event.key];
			const on = event.target as HTMLElement;
			if (step && rows.length) {
				const next = Math.max(0, Math.min(rows.length - 1, at + step));
				setAt(next);
				box.current?.querySelectorAll<HTMLElement>("tbody tr")[next]
					?.focus();
			} else if (event.key === "x" && row && pick)
				pick(row);
			else if (event.key === "Enter" && row && on.matches("tr"))
				open(row);
			else if (event.key === "/")
				box.current?.querySelector<HTMLElement>("[type=search]")
					?.focus();
			else
				return;
			event.preventDefault();
		};
		addEventListener("keydown", pressed);
		return () => removeEventListener("keydown", pressed);
	});
	return { at: Math.min(at, rows.length - 1), setAt };
}

function Head<Row>({ column, sort, setSort }: { column: Column<Row>;
	sort: string; setSort: (sort: string) => void }) {
	const [up, down] = column.sort ?? [];
	const side = column.figure ? "text-right" : "";
	if (!column.sort)
		return <th scope="col" className={side}>{column.title}</th>;
	const now = sort && sort === up ? "ascending"
		: sort && sort === down ? "descending" : "none";
	const next = (now === "ascending" ? down ?? up : up ?? down)!;
	return (
		<th scope="col" aria-sort={now} className={side}>
			<button type="button" className="link-hover cursor-pointer
				font-semibold" onClick={() => setSort(next)}>{column.title}
				<span aria-hidden="true" className="ml-1">{{
					ascending: "↑", descending: "↓", none: "↕" }[now]}</span>
			</button>
		</th>
	);
}

/** Whether a click means the row: no control of its own, nothing marked. */
const isPlain = (target: HTMLElement) =>
	!target.closest("a, button, input, label, select, summary") &&
	getSelection()?.isCollapsed !== false;

function BulkBar<Row>({ actions, rows, clear, again }: {
	actions: Bulk<Row>[]; rows: Row[]; clear: () => void;
	again: () => unknown;
}) {
	const t = useText("panel");
	const toast = useToast();
	const problem = useProblemText();
	const [busy, setBusy] = useState("");
	const run = async (action: Bulk<Row>) => {
		setBusy(action.id);
		try {
			await action.run(rows);
			if (!action.keep)
				clear();
		} catch (error) {
			toast(problem(error), "error");
		} finally {
			setBusy("");
			void again();
		}
	};
	return (
		<div role="group" aria-label={t("bulk")} className="sticky bottom-2 z-20
			mt-2 flex flex-wrap items-center gap-2 rounded-box border
			border-base-300 bg-base-200 p-2 shadow-lg">
			<span className="px-2 font-semibold" role="status">
				{t.count("selected", rows.length)}</span>
			{actions.map((action) => (
				<button key={action.id} type="button" disabled={busy !== ""}
					className={`btn btn-sm ${action.danger
						? "btn-error" : ""}`}
					onClick={() => void run(action)}>{action.name}</button>
			))}
			<button type="button" className="btn btn-ghost btn-sm ml-auto"
				onClick={clear}>{t("selected.clear")}</button>
		</div>
	);
}

function Waiting({ columns }: { columns: number }) {
	const common = useText("common");
	return (
		<>{Array.from({ length: 8 }, (_, i) => (
			<tr key={i}>
				<td colSpan={columns}>
					{i === 0 && <span className="sr-only" role="status">
						{common("loading")}</span>}
					<div className="skeleton h-5 w-full" />
				</td>
			</tr>
		))}</>
	);
}

/** What stands below the rows: none, some failed, or more. */
function Foot<Row>({ list, filtered, empty, clear }: { list: Rows<Row>;
	filtered: boolean; empty?: ReactNode; clear: () => void }) {
	const t = useText("panel");
	const { rows, total, error } = list;
	if (error)
		return <Failure error={error} retry={() => rows
			? list.fetchNextPage() : list.refetch()} />;
	if (!rows)
		return null;
	if (rows.length === 0)
		return (
			<div className="rounded-box bg-base-200 p-8 text-center">
				{filtered || !empty ? t("none") : empty}
				{filtered && <p className="mt-3"><button type="button"
					className="btn btn-sm" onClick={clear}>
					{t("filters.clear")}</button></p>}
			</div>
		);
	return (
		<div className="flex flex-wrap items-center gap-4 py-3 text-sm">
			<span role="status">{total === undefined
				? t.count("rows", rows.length)
				: t("rows.of", { count: number(rows.length),
					of: number(total) })}</span>
			{list.hasNextPage && <button type="button" className="btn btn-sm"
				disabled={list.isFetchingNextPage}
				onClick={() => void list.fetchNextPage()}>
				{t("rows.more")}</button>}
		</div>
	);
}

export function DataTable<Row>(props: DataTableProps<Row>) {
	const { columns, rowKey, rowName, to, onOpen, filters: fields = [],
		bulk = [] } = props;
	const t = useText("panel");
	const navigate = useNavigate();
	const box = useRef<HTMLDivElement>(null);
	const names = [...fields.flatMap(({ name, other }) => [name,
		...other ? [other] : []]), "sort"];
	const { filters, set, clear } = useFilters(names, props.standard);
	const list = useRows<Row>(props.path, { ...sentFilters(fields, filters),
		...props.fixed }, props.news);
	const choice = useColumns(props.name, columns.filter(({ extra }) => !extra)
		.map(({ key }) => key));
	const shown = columns.filter(({ key, always }) => always ||
		choice.shown.includes(key));
	const rows = list.rows ?? [];
	const selection = useSelection(list.rows, rowKey,
		JSON.stringify(filters));
	const open = (row: Row) => to ? void navigate(to(row)) : onOpen?.(row);
	const keys = useRowKeys(box, rows, open,
		bulk.length ? selection.toggle : undefined);
	const filtered = Object.entries(filters).some(([name, value]) =>
		name !== "sort" && value !== (props.standard?.[name] ?? ""));
	const width = shown.length + (bulk.length ? 1 : 0);
	return (
		<div ref={box}>
			<div className="mb-3 flex flex-wrap items-end gap-2">
				<FilterBar fields={fields} filters={filters} set={set} />
				{filtered && <button type="button"
					className="btn btn-ghost btn-sm" onClick={clear}>
					{t("filters.clear")}</button>}
				<div className="ml-auto flex flex-wrap gap-2">{props.tools}
					<ColumnChoice columns={columns} choice={choice} /></div>
			</div>
			<div className="relative max-h-[calc(100dvh-9rem)] overflow-auto
				rounded-box border border-base-300" tabIndex={0} role="region"
				aria-label={props.label} aria-busy={list.isFetching}>
				<table className="table table-sm table-pin-rows
					wrap-break-word">
					<thead><tr>
						{bulk.length > 0 && <th className="w-8">
							<input type="checkbox" className="checkbox checkbox-sm"
								aria-label={t("select.all")}
								checked={rows.length > 0 && rows.every((row) =>
									selection.has(rowKey(row)))}
								onChange={({ target }) =>
									selection.all(target.checked)} /></th>}
						{shown.map((column) => <Head key={column.key}
							column={column} sort={filters.sort ?? ""}
							setSort={(sort) => set({ sort })} />)}
					</tr></thead>
					<tbody>
						{list.isPending && <Waiting columns={width} />}
						{rows.map((row, i) => (
							<tr key={rowKey(row)} tabIndex={-1}
								onFocus={() => keys.setAt(i)}
								aria-selected={bulk.length
									? selection.has(rowKey(row)) : undefined}
								onClick={({ target }) => {
									if (isPlain(target as HTMLElement))
										open(row);
								}}
								className={`hover:bg-base-200 focus:bg-base-200
									${to || onOpen ? "cursor-pointer" : ""}
									aria-selected:bg-base-200
									${props.rowClass?.(row) ?? ""}`}>
								{bulk.length > 0 && <td>
									<input type="checkbox"
										className="checkbox checkbox-sm"
										aria-label={t("select.one",
											{ name: rowName(row) })}
										checked={selection.has(rowKey(row))}
										onChange={() => selection.toggle(row)} />
								</td>}
								{shown.map((column, at) => (
									<td key={column.key} className={column.figure
										? "text-right tabular-nums" : ""}>
										{at > 0 ? column.cell(row) : to
											? <Link to={to(row)} className="link-hover
												link font-medium">
												{column.cell(row)}</Link>
											: onOpen ? <button type="button"
												className="link-hover link
												cursor-pointer text-left font-medium"
												onClick={() => onOpen(row)}>
												{column.cell(row)}</button>
											: column.cell(row)}
									</td>
								))}
							</tr>
						))}
					</tbody>
				</table>
			</div>
			<Foot list={list} filtered={filtered} empty={props.empty}
				clear={clear} />
			{selection.picked.length > 0 && <BulkBar actions={bulk}
				rows={selection.picked} clear={() => selection.all(false)}
				again={list.refetch} />}
		</div>
	);
}
