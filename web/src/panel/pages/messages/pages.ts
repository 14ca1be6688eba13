// SPDX-License-Identifier: ISC
import { area } from "../../table";

const permission = "messages.read";

export default area("messages", [
	{ path: "messages", permission, nav: "people", count: "messages",
		title: { en: "Messages", fr: "Messages", pt: "Mensagens" },
		load: () => import("./Messages") },
	{ path: "messages/:id", permission, title: { en: "Conversation",
		fr: "Conversation", pt: "Conversa" },
		load: () => import("./Conversation") },
]);
