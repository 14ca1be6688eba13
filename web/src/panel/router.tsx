// SPDX-License-Identifier: ISC
// All pages of the panel, in the order of the navigation; each area says its
// own in pages/AREA/pages.ts.
import { matchPath } from "react-router";
import analytics from "./pages/analytics/pages";
import companies from "./pages/companies/pages";
import customers from "./pages/customers/pages";
import home from "./pages/home/pages";
import inventory from "./pages/inventory/pages";
import loyalty from "./pages/loyalty/pages";
import messages from "./pages/messages/pages";
import orders from "./pages/orders/pages";
import outbox from "./pages/outbox/pages";
import products from "./pages/products/pages";
import promotions from "./pages/promotions/pages";
import reviews from "./pages/reviews/pages";
import segments from "./pages/segments/pages";
import settings from "./pages/settings/pages";
import tasks from "./pages/tasks/pages";
import team from "./pages/team/pages";
import type { Entry } from "./table";

export const root = "/admin-panel";

export const pages: Entry[] = [
	home, tasks, analytics,
	orders, promotions, loyalty,
	products, inventory, reviews,
	customers, segments, companies, messages,
	team, settings, outbox,
].flat();

/** The page at an address of the browser. */
export function pageAt(pathname: string): Entry | undefined {
	const below = pathname.slice(root.length) || "/";
	return pages.filter(({ path }) => matchPath(`/${path}`, below))
		.sort((a, b) => colons(a.path) - colons(b.path))[0];
}

const colons = (path: string) => path.split(/[:*]/).length;
