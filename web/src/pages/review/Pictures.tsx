// SPDX-License-Identifier: ISC
// Pictures of a review: sent as they are chosen, up to five, in order.
import { useMutation } from "@tanstack/react-query";
import { useId, useRef } from "react";
import { sendPicture, type Picture } from "../../api/reviews";
import { useProblemText } from "../../components/Failure";
import { useText } from "../../i18n";

const types = ["image/jpeg", "image/png", "image/webp", "image/gif"];
const largest = 10 * 1024 * 1024;
const most = 5;

class Refusal extends Error {}

function useSend(shown: Picture[], change: (shown: Picture[]) => void) {
	const t = useText("account");
	return useMutation({
		mutationFn: async (files: File[]) => {
			if (files.length + shown.length > most)
				throw new Refusal(t("review.pictures.most"));
			let now = shown;
			for (const file of files) {
				if (!types.includes(file.type))
					throw new Refusal(t("picture.type"));
				if (file.size > largest)
					throw new Refusal(t("picture.large"));
				const sent = await sendPicture(file);
				if (!now.some(({ id }) => id === sent.id))
					change(now = [...now, sent]);
			}
		},
	});
}

function Chosen({ picture, n, remove }: { picture: Picture; n: number;
	remove: () => void }) {
	const t = useText("account");
	return (
		<li className="relative">
			<img src={(picture.sizes[0] ?? picture).url} width="96" height="96"
				alt={t("review.picture", { n })}
				className="size-24 rounded-field object-cover" />
			<button type="button" className="btn btn-circle btn-sm absolute
				-top-2 -right-2" onClick={remove} aria-label={
				t("remove.named", { name: t("review.picture", { n }) })}>
				<span aria-hidden="true">✕</span></button>
		</li>
	);
}

export function Pictures({ shown, change, error, busy }: {
	shown: Picture[]; change: (shown: Picture[]) => void; error?: string;
	/** Told while pictures are under way. */
	busy: (now: boolean) => void;
}) {
	const t = useText("account");
	const id = useId();
	const send = useSend(shown, change);
	const problem = useProblemText();
	const input = useRef<HTMLInputElement>(null);
	const wrong = error ?? (send.error && (send.error instanceof Refusal
		? send.error.message : problem(send.error)));
	return (
		<fieldset className="mb-4" aria-describedby={`${id}-hint`}>
			<legend className="mb-1 text-sm font-medium">
				{t("review.pictures")}</legend>
			{shown.length > 0 && <ul className="my-2 flex flex-wrap gap-3">
				{shown.map((picture, i) => <Chosen key={picture.id}
					picture={picture} n={i + 1} remove={() => change(
						shown.filter((other) => other !== picture))} />)}
			</ul>}
			{shown.length < most && <button type="button" className="btn btn-sm"
				disabled={send.isPending}
				onClick={() => input.current?.click()}>
				{send.isPending && <span className="loading loading-spinner
					loading-xs" aria-hidden="true" />}
				{t("review.pictures.add")}</button>}
			<input ref={input} type="file" multiple hidden
				accept={types.join(",")} aria-label={t("review.pictures.add")}
				onChange={({ target }) => {
					const files = [...target.files ?? []];
					target.value = "";
					busy(true);
					send.mutate(files, { onSettled: () => busy(false) });
				}} />
			<p id={`${id}-hint`} className="mt-1 text-sm opacity-80">
				{t("review.pictures.rules")}</p>
			<p role="alert" className="text-sm text-error">{wrong}</p>
		</fieldset>
	);
}
