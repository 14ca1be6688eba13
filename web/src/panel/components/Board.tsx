// SPDX-License-Identifier: ISC
// Cards in columns, moved by pointer or by keys: the button of a card lifts
// it (Space or Enter), arrows carry it, Space or Enter puts it down, Escape
// puts it back.
//
//	<Board label={t("board")} columns={[{ id, title, beside, items, foot }]}
//		itemKey={(task) => task.id} itemName={(task) => task.title}
//		card={(task) => <…>} move={may ? (task, column, after) => … :
//			undefined} />
//
// `move` says in which column, and below which card (null: first), a card is
// now; until its promise ends the card stays where it was put.
import { useEffect, useRef, useState, type PointerEvent as Pointed,
	type ReactNode } from "react";
import { useText } from "../../i18n";

export interface BoardColumn<Item> {
	id: string;
	title: string;
	beside?: ReactNode;
	items: Item[];
	foot?: ReactNode;
}

interface At {
	key: string;
	column: string;
	index: number;
}

export interface BoardProps<Item> {
	label: string;
	columns: BoardColumn<Item>[];
	itemKey: (item: Item) => string;
	itemName: (item: Item) => string;
	card: (item: Item) => ReactNode;
	move?: (item: Item, column: string, after: string | null) =>
		Promise<unknown>;
	empty: string;
}

const Grip = () => <svg viewBox="0 0 24 24" className="size-5"
	aria-hidden="true" fill="currentColor"><path d="M8 5h2v2H8zM14 5h2v2h-2zM8 11h2v2H8zM14 11h2v2h-2zM8 17h2v2H8zM14 17h2v2h-2z" /></svg>;

export function Board<Item>(props: BoardProps<Item>) {
	const { columns, itemKey, itemName, move } = props;
	const t = useText("panel");
	const box = useRef<HTMLDivElement>(null);
	const [at, setAt] = useState<At>();
	const [how, setHow] = useState<"keys" | "pointer" | "settling">();
	const [said, setSaid] = useState("");
	const start = useRef<{ key: string; x: number; y: number }>(undefined);
	const newest = useRef(at);
	newest.current = at;
	const all = columns.flatMap(({ items }) => items);
	const find = (key: string) => all.find((one) => itemKey(one) === key);
	const rest = (column: string, key: string) => columns.find(({ id }) =>
		id === column)!.items.filter((one) => itemKey(one) !== key);
	const place = (key: string): At | undefined => {
		for (const { id, items } of columns) {
			const index = items.findIndex((one) => itemKey(one) === key);
			if (index >= 0)
				return { key, column: id, index };
		}
		return undefined;
	};
	const held = at && find(at.key);
	const shown = columns.map((column) => {
		if (!at || !held)
			return column;
		const items = rest(column.id, at.key);
		if (column.id === at.column)
			items.splice(at.index, 0, held);
		return { ...column, items };
	});
	const tell = (to: At) => setSaid(t("board.at", {
		name: itemName(find(to.key)!), place: to.index + 1,
		of: rest(to.column, to.key).length + 1,
		column: columns.find(({ id }) => id === to.column)!.title }));
	const back = (words = "") => {
		setAt(undefined);
		setHow(undefined);
		setSaid(words);
	};
	const drop = () => {
		const to = newest.current;
		const was = to && place(to.key);
		if (!to || !was || !move)
			return back();
		if (to.column === was.column && to.index === was.index)
			return back(t("board.same"));
		const above = rest(to.column, to.key)[to.index - 1];
		setHow("settling");
		tell(to);
		void move(find(to.key)!, to.column, above ? itemKey(above) : null)
			.finally(() => back(t("board.put")));
	};
	const carry = (step: number, side: number) => {
		const now = newest.current!;
		const column = Math.max(0, Math.min(columns.length - 1,
			columns.findIndex(({ id }) => id === now.column) + side));
		const id = columns[column]!.id;
		const index = Math.max(0, Math.min(rest(id, now.key).length,
			now.index + step));
		const to = { key: now.key, column: id, index };
		setAt(to);
		tell(to);
	};
	const keys = (key: string, item: Item) => {
		if (how === "settling")
			return false;
		if (how !== "keys") {
			if (key !== " " && key !== "Enter")
				return false;
			setAt(place(itemKey(item)));
			setHow("keys");
			setSaid(t("board.lifted", { name: itemName(item) }));
			return true;
		}
		const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0],
			ArrowLeft: [0, -1], ArrowRight: [0, 1] }[key];
		if (step)
			carry(step[0]!, step[1]!);
		else if (key === " " || key === "Enter")
			drop();
		else if (key === "Escape" || key === "Tab")
			back(t("board.back"));
		return key !== "Tab";
	};
	// The button of what is carried keeps the focus, wherever it goes.
	useEffect(() => {
		if (how === "keys" && at)
			box.current?.querySelector<HTMLElement>(
				`[data-grip="${at.key}"]`)?.focus();
	}, [at, how]);
	const under = (key: string, x: number, y: number) => {
		const found = document.elementFromPoint(x, y)
			?.closest<HTMLElement>("[data-column]");
		if (!found || !box.current?.contains(found))
			return;
		const cards = [...found.querySelectorAll<HTMLElement>("[data-card]")]
			.filter(({ dataset }) => dataset.card !== key);
		const index = cards.filter((card) => {
			const { top, height } = card.getBoundingClientRect();
			return y > top + height / 2;
		}).length;
		const column = found.dataset.column!;
		setAt((now) => now && now.column === column && now.index === index
			? now : { key, column, index });
	};
	const pointer = useRef({ under, drop, back });
	pointer.current = { under, drop, back };
	useEffect(() => {
		if (!move)
			return;
		const moved = (event: PointerEvent) => {
			const from = start.current;
			if (!from)
				return;
			if (Math.hypot(event.clientX - from.x, event.clientY - from.y) > 6
				|| newest.current) {
				setHow("pointer");
				pointer.current.under(from.key, event.clientX, event.clientY);
			}
		};
		const ended = () => {
			const from = start.current;
			start.current = undefined;
			if (from && newest.current)
				pointer.current.drop();
		};
		const given = (event: Event) => {
			if (!start.current || event instanceof KeyboardEvent &&
				event.key !== "Escape")
				return;
			start.current = undefined;
			pointer.current.back();
		};
		addEventListener("pointermove", moved);
		addEventListener("pointerup", ended);
		addEventListener("pointercancel", given);
		addEventListener("keydown", given);
		return () => {
			removeEventListener("pointermove", moved);
			removeEventListener("pointerup", ended);
			removeEventListener("pointercancel", given);
			removeEventListener("keydown", given);
		};
	}, [move === undefined]);
	const lift = (event: Pointed, item: Item) => {
		const target = event.target as HTMLElement;
		if (!move || how || event.button !== 0 ||
			!target.closest("[data-grip]") && (event.pointerType !== "mouse"
				|| target.closest("a, button, select, input")))
			return;
		start.current = { key: itemKey(item), x: event.clientX,
			y: event.clientY };
	};
	return (
		<div ref={box}>
			<p className="sr-only" role="status" aria-live="assertive">{said}</p>
			<div role="region" tabIndex={0} aria-label={props.label}
				className={`flex snap-x gap-3 overflow-x-auto pb-3 ${how ===
				"pointer" ? "cursor-grabbing select-none" : ""}`}>
				{shown.map((column) => (
					<section key={column.id} data-column={column.id}
						aria-label={column.title} className="flex w-72 shrink-0
						snap-start flex-col rounded-box bg-base-200 p-2
						lg:w-auto lg:min-w-60 lg:flex-1">
						<div className="mb-2 px-1">
							<h2 className="text-base font-semibold">
								{column.title}</h2>
							{column.beside}
						</div>
						<ul className="flex min-h-24 grow flex-col gap-2">
							{column.items.map((item) => {
								const key = itemKey(item);
								return (
									<li key={key} data-card={key}
										onPointerDown={(event) =>
											lift(event, item)}
										className={`flex gap-1 rounded-box border
										bg-base-100 p-2 shadow-sm ${at?.key === key
										? "border-primary ring-2 ring-primary"
										: "border-base-300"}`}>
										<div className="min-w-0 grow">
											{props.card(item)}</div>
										{move && <button type="button"
											data-grip={key}
											aria-pressed={at?.key === key}
											className="btn btn-ghost btn-xs btn-square
											cursor-grab touch-none"
											aria-label={t("board.move",
												{ name: itemName(item) })}
											onBlur={() => how === "keys" &&
												document.hasFocus() &&
												setTimeout(() => {
													const on = document.activeElement;
													if (on !== document.body && !(on
														instanceof HTMLElement &&
														on.dataset.grip === key))
														back();
												})}
											onKeyDown={(event) => {
												if (keys(event.key, item)) {
													event.preventDefault();
													event.stopPropagation();
												}
											}}><Grip /></button>}
									</li>
								);
							})}
							{column.items.length === 0 && <li className="p-2
								text-sm opacity-80">{props.empty}</li>}
						</ul>
						{column.foot}
					</section>
				))}
			</div>
			{move && <p className="text-sm opacity-80">{t("board.how")}</p>}
		</div>
	);
}
