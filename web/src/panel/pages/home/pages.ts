// SPDX-License-Identifier: ISC
import { area } from "../../table";

export default area("home", [
	{ path: "", nav: "overview", title: { en: "Home", fr: "Accueil",
		pt: "Início" }, load: () => import("./Home") },
]);
