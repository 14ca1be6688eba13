// SPDX-License-Identifier: ISC
import { area } from "../../table";

export default area("reviews", [
	{ path: "reviews", permission: "reviews.read", nav: "goods",
		count: "reviews", title: { en: "Reviews", fr: "Avis",
			pt: "Avaliações" }, load: () => import("./Queue") },
]);
