// SPDX-License-Identifier: ISC
import { area } from "../../table";

export default area("promotions", [
	{ path: "promotions", permission: "promotions.read", nav: "sales",
		title: { en: "Promotions", fr: "Promotions", pt: "Promoções" },
		load: () => import("./List") },
	{ path: "promotions/new", permission: "promotions.write",
		title: { en: "New promotion", fr: "Nouvelle promotion",
			pt: "Nova promoção" }, load: () => import("./Promotion") },
	{ path: "promotions/:id", permission: "promotions.read",
		title: { en: "Promotion", fr: "Promotion", pt: "Promoção" },
		load: () => import("./Promotion") },
]);
