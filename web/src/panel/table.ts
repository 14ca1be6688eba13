// SPDX-License-Identifier: ISC
// What an area tells of its pages (pages/AREA/pages.ts): navigation, palette,
// rights and addresses all come from here.
//
//	export default area("customers", [
//		{ path: "customers", permission: "customers.read",
//			nav: "people", title: { en: "Customers", fr: "Clients",
//			pt: "Clientes" }, load: () => import("./List") },
//		{ path: "customers/:id", permission: "customers.read", ...
//
// A page is a module with a default component; the words of panel_AREA (and
// of `words`) have come when it is drawn.
import { lazy, type ComponentType, type LazyExoticComponent } from "react";
import { language, loadTexts, type Group, type Language } from "../i18n";

export type Area = "home" | "team" | "customers" | "tasks" | "companies" |
	"segments" | "promotions" | "loyalty" | "reviews" | "orders" |
	"products" | "inventory" | "settings" | "outbox" | "messages" |
	"analytics";

/** Parts of the navigation, in their order. */
export const places = ["overview", "sales", "goods", "people", "office"] as
	const;
export type Place = typeof places[number];

export interface PanelPage {
	/** Below /admin-panel/, as react-router has it: "orders/:id". */
	path: string;
	/** What one must be permitted to see it; of several, one is enough.
	 * Nothing: every member of staff may. */
	permission?: string | string[];
	/** What it is called in navigation, palette and crumbs. */
	title: Record<Language, string>;
	/** Where it stands in the navigation; nowhere if it isn't said (and it
	 * can't be if the path has a ":"). */
	nav?: Place;
	/** Of what waits there: the name of a count of /api/reports/news. */
	count?: string;
	/** May be opened by whoever isn't signed in (a mail's link). */
	open?: boolean;
	/** Words that it needs besides its area's. */
	words?: Group[];
	load: () => Promise<{ default: ComponentType }>;
}

export interface Entry extends Omit<PanelPage, "load"> {
	area: Area;
	/** In the page's language. */
	name: string;
	Page: LazyExoticComponent<ComponentType>;
	load: () => Promise<{ default: ComponentType }>;
}

export function area(name: Area, pages: PanelPage[]): Entry[] {
	return pages.map((page) => {
		const load = async () => {
			const [module] = await Promise.all([page.load(),
				...[`panel_${name}` as const, ...page.words ?? []]
					.map(loadTexts)]);
			return module;
		};
		return { ...page, area: name, name: page.title[language], load,
			Page: lazy(load) };
	});
}
