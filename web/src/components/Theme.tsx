// SPDX-License-Identifier: ISC
// Light or dark: as the system has it until one chooses.
import { useState } from "react";
import { useText } from "../i18n";
import { MoonIcon, SunIcon } from "./icons";

const systemDark = () => matchMedia("(prefers-color-scheme: dark)").matches;

function chosen(): boolean {
	const kept = localStorage.getItem("theme");
	return kept ? kept === "duka-dark" : systemDark();
}

/** Before the first paint. */
export function applyTheme() {
	const kept = localStorage.getItem("theme");
	if (kept)
		document.documentElement.dataset.theme = kept;
}

export function ThemeSwitch() {
	const t = useText("common");
	const [dark, setDark] = useState(chosen);
	const change = () => {
		const theme = dark ? "duka" : "duka-dark";
		localStorage.setItem("theme", theme);
		applyTheme();
		setDark(!dark);
	};
	return (
		<button type="button" className="btn btn-ghost btn-square"
			aria-label={t(dark ? "theme.light" : "theme.dark")}
			onClick={change}>
			{dark ? <SunIcon /> : <MoonIcon />}
		</button>
	);
}
