// SPDX-License-Identifier: ISC
// Browser and system as people call them, of a User-Agent; the order matters,
// for browsers also name those before them.
const browsers = [[/\bEdgA?\//, "Edge"], [/\bOPR\//, "Opera"],
	[/\bSamsungBrowser\//, "Samsung Internet"],
	[/\b(Firefox|FxiOS)\//, "Firefox"],
	[/\b(Headless)?(Chrome|Chromium|CriOS)\//, "Chrome"],
	[/\bVersion\/.*Safari\//, "Safari"], [/^curl\//, "curl"]] as const;
const systems = [[/\bAndroid\b/, "Android"], [/\b(iPhone|iPod)\b/, "iPhone"],
	[/\biPad\b/, "iPad"], [/\bWindows\b/, "Windows"],
	[/\b(Mac OS X|Macintosh)\b/, "macOS"], [/\bCrOS\b/, "ChromeOS"],
	[/\bLinux\b/, "Linux"]] as const;

const find = (from: readonly (readonly [RegExp, string])[], agent: string) =>
	from.find(([pattern]) => pattern.test(agent))?.[1];

export function deviceOf(agent: string): string | undefined {
	const parts = [find(browsers, agent), find(systems, agent)]
		.filter(Boolean);
	return parts.join(" · ") || agent.slice(0, 40) || undefined;
}
