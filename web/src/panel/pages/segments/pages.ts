// SPDX-License-Identifier: ISC
import { area } from "../../table";

export default area("segments", [
	{ path: "segments", permission: "customers.read", nav: "people",
		title: { en: "Segments", fr: "Segments", pt: "Segmentos" },
		load: () => import("./List") },
	{ path: "segments/new", permission: "segments.write",
		title: { en: "New segment", fr: "Nouveau segment",
			pt: "Novo segmento" }, load: () => import("./Segment") },
	{ path: "segments/:id", permission: "customers.read",
		title: { en: "Segment", fr: "Segment", pt: "Segmento" },
		load: () => import("./Segment") },
]);
