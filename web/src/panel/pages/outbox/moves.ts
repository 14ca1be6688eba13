// SPDX-License-Identifier: ISC
// What can be done with mails: again, or not at all; each can be taken back.
import { useQueryClient } from "@tanstack/react-query";
import { call, type Schemas } from "../../../api/client";
import { useProblemText } from "../../../components/Failure";
import { useToast } from "../../../components/Toasts";
import { useText } from "../../../i18n";

export type Mail = Schemas["OutboxEntry"];
export const mayAgain = ({ state }: Mail) =>
	state === "dead" || state === "cancelled";
export const mayCancel = ({ state }: Mail) =>
	state === "dead" || state === "waiting";

/** What a mail is called, by its template. */
export function useMailName() {
	const t = useText("panel_settings");
	return (template: string) => t(`mail.${template}` as "mail.welcome")
		.replace(/^mail\./, "");
}

export function useMoves() {
	const t = useText("panel_outbox");
	const panel = useText("panel");
	const client = useQueryClient();
	const toast = useToast();
	const problem = useProblemText();
	const move = async (what: "again" | "cancel", body: object) => {
		const { moved } = await call<Schemas["OutboxMoved"]>(
			`/api/outbox/${what}`, { method: "POST",
				body: JSON.stringify(body) });
		for (const key of [["list", "/api/outbox"], ["record"], ["outbox"]])
			void client.invalidateQueries({ queryKey: key });
		return moved;
	};
	const back = (ids: string[]) => move("again", { ids }).catch((error) =>
		toast(problem(error), "error"));
	return {
		again: async (mails: Mail[]) => {
			const moved = await move("again", { ids: mails.map(
				({ id }) => id) });
			toast(t.count("again.done", moved));
		},
		cancel: async (mails: Mail[]) => {
			const ids = mails.filter(mayCancel).map(({ id }) => id);
			if (ids.length === 0)
				return toast(t("cancel.none"), "info");
			const moved = await move("cancel", { ids });
			toast(t.count("cancel.done", moved), "info",
				{ text: panel("undo"), act: () => void back(ids) });
		},
		againAll: async () => {
			toast(t.count("again.done", await move("again", {})));
		},
	};
}
