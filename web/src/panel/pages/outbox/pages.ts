// SPDX-License-Identifier: ISC
import { area } from "../../table";

const permission = "outbox.read";

export default area("outbox", [
	{ path: "outbox", permission, nav: "office", count: "outbox",
		title: { en: "Outbox", fr: "Boîte d'envoi", pt: "Caixa de saída" },
		words: ["panel_settings"], load: () => import("./Outbox") },
	{ path: "outbox/:id", permission, title: { en: "A mail",
		fr: "Un e-mail", pt: "Um e-mail" }, words: ["panel_settings"],
		load: () => import("./Mail") },
]);
