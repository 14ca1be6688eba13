// SPDX-License-Identifier: ISC
import { area } from "../../table";

export default area("loyalty", [
	{ path: "loyalty", permission: "loyalty.read", nav: "sales",
		title: { en: "Loyalty", fr: "Fidélité", pt: "Fidelidade" },
		load: () => import("./Loyalty") },
	{ path: "loyalty/rewards/new", permission: "loyalty.write",
		title: { en: "New reward", fr: "Nouvelle récompense",
			pt: "Nova recompensa" }, load: () => import("./Reward") },
	{ path: "loyalty/rewards/:id", permission: "loyalty.read",
		title: { en: "Reward", fr: "Récompense", pt: "Recompensa" },
		load: () => import("./Reward") },
]);
