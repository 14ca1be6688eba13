// SPDX-License-Identifier: ISC
import { area } from "../../table";

export default area("companies", [
	{ path: "companies", permission: "companies.read", nav: "people",
		title: { en: "Companies", fr: "Entreprises", pt: "Empresas" },
		load: () => import("./List") },
	{ path: "companies/:id", permission: "companies.read",
		title: { en: "Company", fr: "Entreprise", pt: "Empresa" },
		load: () => import("./Company") },
	{ path: "deals", permission: "deals.read", nav: "sales",
		title: { en: "Pipeline", fr: "Affaires", pt: "Negócios" },
		load: () => import("./Deals") },
	{ path: "deals/:id", permission: "deals.read", title: { en: "Deal",
		fr: "Affaire", pt: "Negócio" }, load: () => import("./ToDeal") },
]);
