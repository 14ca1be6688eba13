// SPDX-License-Identifier: ISC
import { area } from "../../table";

export default area("customers", [
	{ path: "customers", permission: "customers.read", nav: "people",
		title: { en: "Customers", fr: "Clients", pt: "Clientes" },
		load: () => import("./List") },
	{ path: "customers/new", permission: "customers.write",
		title: { en: "New customer", fr: "Nouveau client",
			pt: "Novo cliente" }, load: () => import("./New") },
	{ path: "customers/import", permission: "customers.write",
		title: { en: "Import customers", fr: "Importer des clients",
			pt: "Importar clientes" }, load: () => import("./Import") },
	{ path: "customers/doubles", permission: "customers.read",
		title: { en: "Possible doubles", fr: "Doublons possibles",
			pt: "Possíveis duplicados" },
		words: ["panel_tables"], load: () => import("./Doubles") },
	{ path: "customers/:id", permission: "customers.read",
		title: { en: "Customer", fr: "Client", pt: "Cliente" },
		words: ["panel_orders", "panel_outbox", "panel_reviews",
			"panel_settings", "panel_tables", "panel_tasks"],
		load: () => import("./Customer") },
	{ path: "notifications", permission: "staff.self",
		title: { en: "Notifications", fr: "Notifications",
			pt: "Notificações" }, load: () => import("./Notifications") },
]);
