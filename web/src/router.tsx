// SPDX-License-Identifier: ISC
// Which page is where: one line a page.  A page comes when it is asked for,
// with the words of its group.
import { lazy, type ComponentType, type LazyExoticComponent } from "react";
import { loadTexts, type Group } from "./i18n";

type Module = { default: ComponentType };
export interface Page {
	path: string;
	Page: LazyExoticComponent<ComponentType>;
	load: () => Promise<Module>;
}

function page(path: string, group: Group, fetch: () => Promise<Module>):
	Page {
	const load = async () => {
		const [module] = await Promise.all([fetch(), loadTexts(group)]);
		return module;
	};
	return { path, load, Page: lazy(load) };
}

/** An order's states have the account's words. */
const order = async () => {
	const [module] = await Promise.all([import("./pages/checkout/Order"),
		loadTexts("account")]);
	return module;
};

export const pages: Page[] = [
	page("/", "shop", () => import("./pages/shop/Home")),
	page("/category/:slug", "shop", () => import("./pages/shop/Listing")),
	page("/search", "shop", () => import("./pages/shop/Listing")),
	page("/product/:slug", "shop", () => import("./pages/shop/Product")),
	page("/item/:slug?", "shop", () => import("./pages/shop/OldItem")),
	page("/about", "shop", () => import("./pages/shop/About")),
	page("/contact", "shop", () => import("./pages/shop/Contact")),
	page("/shipping-and-returns", "shop",
		() => import("./pages/shop/Shipping")),
	page("/privacy", "shop", () => import("./pages/shop/Privacy")),
	page("/offline", "shop", () => import("./pages/shop/Offline")),
	page("/cart", "checkout", () => import("./pages/checkout/Cart")),
	page("/checkout/cart", "checkout",
		() => import("./pages/checkout/Cart")),
	page("/checkout", "checkout",
		() => import("./pages/checkout/Checkout")),
	page("/checkout/checkout", "checkout",
		() => import("./pages/checkout/Checkout")),
	page("/order/:id", "checkout", order),
	page("/review/:product_id", "account",
		() => import("./pages/review/Review")),
	// Signing in and the account: pages/account/, words in account.ts.
	page("/login", "account",
		() => import("./pages/account/Login")),
	page("/register", "account",
		() => import("./pages/account/Register")),
	page("/verify-email", "account",
		() => import("./pages/account/VerifyEmail")),
	page("/forgotten", "account",
		() => import("./pages/account/Forgotten")),
	page("/reset", "account",
		() => import("./pages/account/Reset")),
	page("/unsubscribe", "account",
		() => import("./pages/account/Unsubscribe")),
	// The pages below are in pages/account/pages.ts.
	page("/account/*", "account",
		() => import("./pages/account/Account")),
	page("*", "shop", () => import("./pages/shop/NotFound")),
];
