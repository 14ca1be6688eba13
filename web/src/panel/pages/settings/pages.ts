// SPDX-License-Identifier: ISC
import { area } from "../../table";

const permission = "settings.read";

export default area("settings", [
	{ path: "settings", permission, nav: "office", title: { en: "Settings",
		fr: "Réglages", pt: "Definições" },
		load: () => import("./Settings") },
	{ path: "settings/hours", permission, title: { en: "Opening hours",
		fr: "Heures d'ouverture", pt: "Horário de abertura" },
		load: () => import("./Hours") },
	{ path: "settings/tax", permission, title: { en: "Taxes",
		fr: "Taxes", pt: "Impostos" }, load: () => import("./Tax") },
	{ path: "settings/shipping", permission, title: { en: "Shipping",
		fr: "Livraison", pt: "Envio" }, load: () => import("./Shipping") },
	{ path: "settings/mails", permission, title: { en: "Mail texts",
		fr: "Textes des e-mails", pt: "Textos dos e-mails" },
		load: () => import("./Mails") },
	{ path: "settings/mails/:template", permission, title: {
		en: "Mail text", fr: "Texte d'un e-mail", pt: "Texto de e-mail" },
		load: () => import("./Mail") },
]);
