// SPDX-License-Identifier: ISC
import { area } from "../../table";

export default area("analytics", [
	{ path: "analytics", permission: "reports.read", nav: "overview",
		title: { en: "Analytics", fr: "Analyses", pt: "Análises" },
		load: () => import("./Analytics") },
]);
