// SPDX-License-Identifier: ISC
import { area } from "../../table";

export default area("orders", [
	{ path: "orders", permission: "orders.read", nav: "sales",
		count: "orders", title: { en: "Orders", fr: "Commandes",
			pt: "Encomendas" }, load: () => import("./Orders") },
	{ path: "orders/:id", permission: "orders.read",
		title: { en: "Order", fr: "Commande", pt: "Encomenda" },
		load: () => import("./Order") },
	{ path: "returns", permission: "orders.read", nav: "sales",
		count: "returns", title: { en: "Returns", fr: "Retours",
			pt: "Devoluções" }, load: () => import("./Returns") },
	{ path: "returns/:id", permission: "orders.read",
		title: { en: "Return", fr: "Retour", pt: "Devolução" },
		load: () => import("./Return") },
]);
