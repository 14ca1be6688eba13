// SPDX-License-Identifier: ISC
// The pages of the account: one line a page, in the order of the navigation.
// Words of another group than "account" are named with it.
import { lazy, type ComponentType, type LazyExoticComponent } from "react";
import { loadTexts, type Group, type Groups } from "../../i18n";

export interface AccountPage {
	path: string;
	word: keyof Groups["account"];
	Page: LazyExoticComponent<ComponentType>;
	/** One of a list: it has a heading of its own, and no link here. */
	one?: true;
}

function at(path: string, word: AccountPage["word"],
	fetch: () => Promise<{ default: ComponentType }>, group?: Group):
	AccountPage {
	return { path, word, Page: lazy(async () => {
		const [module] = await Promise.all([fetch(),
			group && loadTexts(group)]);
		return module;
	}) };
}

/** `path` is below /account; what is from ":" on isn't linked to. */
export const accountPages: AccountPage[] = [
	at("", "nav.overview", () => import("./Dashboard")),
	at("orders", "nav.orders", () => import("./Orders")),
	{ ...at("orders/:id", "nav.orders", () => import("../checkout/Order"),
		"checkout"), one: true },
	at("reviews", "nav.reviews", () => import("./Reviews")),
	at("notifications", "nav.notifications",
		() => import("./Notifications")),
	at("messages/:id?", "nav.messages", () => import("./Messages")),
	at("wishlist", "nav.wishlist", () => import("./Wishlist")),
	at("searches", "nav.searches", () => import("./Searches")),
	at("loyalty", "nav.loyalty", () => import("./Loyalty")),
	at("profile", "nav.profile", () => import("./Profile")),
	at("addresses", "nav.addresses", () => import("./Addresses")),
	at("security", "nav.security", () => import("./Security")),
	at("consents", "nav.consents", () => import("./Consents")),
	at("privacy", "nav.privacy", () => import("./Privacy")),
];

export const NotFound = at("*", "account", () => import("../shop/NotFound"),
	"shop").Page;
