// SPDX-License-Identifier: ISC
// Keys of the panel as a whole: ? shows them, g and a letter goes somewhere,
// and each page's own (actions.ts).
import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { useText } from "../../i18n";
import { isTyping, useRegistered } from "../actions";
import { pages } from "../router";
import { useMays } from "../session";
import { Dialog } from "./Confirm";

const ways: Record<string, string> = { h: "", o: "orders", c: "customers",
	p: "products", i: "inventory", t: "tasks", m: "messages",
	a: "analytics" };

function useWays() {
	const may = useMays();
	return Object.entries(ways).flatMap(([key, path]) => {
		const page = pages.find((one) => one.path === path);
		return page && may(page.permission) ? [{ key, page }] : [];
	});
}

function Line({ keys, text }: { keys: string; text: string }) {
	return (
		<div className="flex justify-between gap-4 py-1">
			<dt>{text}</dt>
			<dd className="whitespace-nowrap">{keys.split(" ").map((key) =>
				<kbd key={key} className="kbd kbd-sm ml-1">{key}</kbd>)}</dd>
		</div>
	);
}

function Help({ close }: { close: () => void }) {
	const t = useText("panel");
	const actions = useRegistered().filter(({ key }) => key);
	const to = useWays();
	return (
		<Dialog title={t("keys")} close={close}>
			<dl>
				<Line keys="Ctrl K" text={t("palette.open")} />
				<Line keys="?" text={t("keys")} />
				<Line keys="/" text={t("keys.search")} />
				<Line keys="j k" text={t("keys.rows")} />
				<Line keys="Enter" text={t("keys.open")} />
				<Line keys="x" text={t("keys.select")} />
				<Line keys="Ctrl S" text={t("keys.save")} />
				{actions.map(({ id, key, name }) =>
					<Line key={id} keys={key!} text={name} />)}
				{to.map(({ key, page }) => <Line key={key} keys={`g ${key}`}
					text={page.name} />)}
			</dl>
			<div className="modal-action"><button type="button" className="btn"
				data-first="" onClick={close}>{t("close")}</button></div>
		</Dialog>
	);
}

export function Keys() {
	const [help, setHelp] = useState(false);
	const navigate = useNavigate();
	const actions = useRegistered();
	const to = useWays();
	const going = useRef(0);
	useEffect(() => {
		const pressed = (event: KeyboardEvent) => {
			if (isTyping(event))
				return;
			const { key } = event;
			const way = Date.now() - going.current < 1500 &&
				to.find((one) => one.key === key);
			going.current = key === "g" ? Date.now() : 0;
			const action = actions.find((one) => one.key === key);
			if (way)
				void navigate(`/${way.page.path}`);
			else if (key === "?")
				setHelp(true);
			else if (action)
				action.run();
			else
				return;
			event.preventDefault();
		};
		addEventListener("keydown", pressed);
		return () => removeEventListener("keydown", pressed);
	});
	return help && <Help close={() => setHelp(false)} />;
}
