// SPDX-License-Identifier: ISC
// Ctrl+K: pages, what the page at hand can do (actions.ts), and records by
// what is typed, as far as one may see them.
import { useQueries } from "@tanstack/react-query";
import { useEffect, useId, useState } from "react";
import { useNavigate } from "react-router";
import { call } from "../../api/client";
import { useText } from "../../i18n";
import { useRegistered } from "../actions";
import { pages } from "../router";
import { useMays } from "../session";
import { Dialog } from "./Confirm";
import { records } from "./records";

interface Choice {
	id: string;
	kind: string;
	name: string;
	beside?: string;
	run: () => void;
}

const plain = (text: string) => text.normalize("NFD")
	.replace(/\p{M}/gu, "").toLowerCase();

const fits = (name: string, words: string) => plain(words).split(/\s+/)
	.every((word) => plain(name).includes(word));

/** What was typed, when typing paused. */
function usePaused(value: string): string {
	const [paused, setPaused] = useState(value);
	useEffect(() => {
		const timer = setTimeout(() => setPaused(value), 200);
		return () => clearTimeout(timer);
	}, [value]);
	return paused;
}

function useFound(words: string): { found: Choice[]; busy: boolean } {
	const may = useMays();
	const navigate = useNavigate();
	const t = useText("panel");
	const wanted = usePaused(words.trim());
	const asked = records.filter(({ permission }) => may(permission));
	const answers = useQueries({ queries: asked.map(({ kind, path }) => ({
		queryKey: ["palette", kind, wanted], enabled: wanted.length >= 2,
		retry: false, staleTime: 30_000,
		queryFn: ({ signal }: { signal: AbortSignal }) =>
			call<{ items: Record<string, unknown>[] }>(path(wanted),
				{ signal }),
	})) });
	return { busy: answers.some(({ isFetching }) => isFetching),
		found: asked.flatMap(({ kind, show }, i) =>
			(answers[i]!.data?.items ?? []).slice(0, 5).map((item) => {
				const { id, name, beside, to } = show(item);
				return { id: `${kind}-${id}`, kind: t(`palette.${kind}`), name,
					beside, run: () => void navigate(to) };
			})) };
}

function useChoices(words: string): { choices: Choice[]; busy: boolean } {
	const t = useText("panel");
	const may = useMays();
	const navigate = useNavigate();
	const actions = useRegistered();
	const { found, busy } = useFound(words);
	const acts = actions.filter(({ name }) => fits(name, words))
		.map(({ id, name, key, run }) => ({ id: `act-${id}`, name, run,
			beside: key, kind: t("palette.action") }));
	const goes = pages.filter(({ path, permission, open, name }) =>
		!path.includes(":") && !open && may(permission) && fits(name, words))
		.map(({ path, name }) => ({ id: `page-${path}`, name,
			kind: t("palette.page"), run: () => void navigate(`/${path}`) }));
	return { choices: [...acts, ...goes, ...found], busy };
}

function Finder({ close }: { close: () => void }) {
	const t = useText("panel");
	const id = useId();
	const [words, setWords] = useState("");
	const [at, setAt] = useState(0);
	const { choices, busy } = useChoices(words);
	const chosen = Math.min(at, choices.length - 1);
	const run = (choice: Choice | undefined) => {
		if (choice === undefined)
			return;
		close();
		choice.run();
	};
	useEffect(() => {
		document.getElementById(`${id}-${chosen}`)
			?.scrollIntoView({ block: "nearest" });
	}, [id, chosen]);
	const pressed = (event: React.KeyboardEvent) => {
		const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
		if (step && choices.length)
			setAt((chosen + step + choices.length) % choices.length);
		else if (event.key === "Enter")
			run(choices[chosen]);
		else
			return;
		event.preventDefault();
	};
	return (
		<>
			<input className="input w-full" role="combobox" data-first=""
				aria-label={t("palette.open")} aria-expanded="true"
				aria-controls={`${id}-list`} aria-autocomplete="list"
				aria-activedescendant={choices.length ? `${id}-${chosen}`
					: undefined} placeholder={t("palette.hint")} value={words}
				onChange={({ target }) => {
					setWords(target.value);
					setAt(0);
				}} onKeyDown={pressed} />
			<ul id={`${id}-list`} role="listbox" aria-label={t("palette.found")}
				className="mt-3 max-h-[50vh] overflow-y-auto">
				{choices.map((choice, i) => (
					<li key={choice.id} id={`${id}-${i}`} role="option"
						aria-selected={i === chosen} className="flex
						cursor-pointer items-baseline gap-3 rounded-field px-3
						py-2 aria-selected:bg-base-300"
						onPointerMove={() => setAt(i)}
						onClick={() => run(choice)}>
						<span className="min-w-0 wrap-break-word">
							{choice.name}{" "}{choice.beside && <span
								className="ml-2 text-sm opacity-80
								wrap-anywhere">{choice.beside}</span>}</span>
						<span className="ml-auto shrink-0 text-xs opacity-80">
							{choice.kind}</span>
					</li>
				))}
			</ul>
			<p role="status" className="mt-2 min-h-5 text-sm opacity-80">
				{busy ? t("palette.busy") : choices.length ? ""
					: t("palette.none")}</p>
		</>
	);
}

export function Palette({ open, setOpen }: { open: boolean;
	setOpen: (open: boolean) => void }) {
	const t = useText("panel");
	useEffect(() => {
		const pressed = (event: KeyboardEvent) => {
			if ((event.ctrlKey || event.metaKey) && !event.altKey &&
				!event.shiftKey && event.key.toLowerCase() === "k") {
				event.preventDefault();
				setOpen(true);
			}
		};
		addEventListener("keydown", pressed);
		return () => removeEventListener("keydown", pressed);
	}, [setOpen]);
	return open && <Dialog title={t("palette.title")}
		close={() => setOpen(false)}>
		<Finder close={() => setOpen(false)} />
	</Dialog>;
}
