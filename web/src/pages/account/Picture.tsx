// SPDX-License-Identifier: ISC
// The picture of oneself: sent as it is, made small by the shop; or the one
// that the shop draws.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { usePicture } from "../../api/account";
import { call, type Schemas } from "../../api/client";
import { useProblemText } from "../../components/Failure";
import { useToast } from "../../components/Toasts";
import { useText } from "../../i18n";

const types = ["image/jpeg", "image/png", "image/webp", "image/gif"];
const most = 10 * 1024 * 1024;

function useChange() {
	const t = useText("account");
	const client = useQueryClient();
	const toast = useToast();
	return useMutation({
		mutationFn: async (file: File | null) => {
			if (file && !types.includes(file.type))
				throw new Refusal(t("picture.type"));
			if (file && file.size > most)
				throw new Refusal(t("picture.large"));
			return call<Schemas["ProfilePicture"] | undefined>(
				"/api/media/profile-picture", file
					? { method: "PUT", body: file,
						headers: { "Content-Type": file.type } }
					: { method: "DELETE" });
		},
		onSuccess: (_, file) => {
			toast(t(file ? "picture.taken" : "picture.removed"));
			return client.invalidateQueries({
				queryKey: ["account", "picture"] });
		},
	});
}

class Refusal extends Error {}

export function Picture() {
	const t = useText("account");
	const { data } = usePicture();
	const change = useChange();
	const problem = useProblemText();
	const input = useRef<HTMLInputElement>(null);
	return (
		<section className="flex flex-wrap items-center gap-5">
			{data ? <img src={data.url} alt={t("picture")} width="96"
				height="96" className="size-24 rounded-full object-cover" />
				: <div className="skeleton size-24 rounded-full" />}
			<div className="min-w-0 flex-1 basis-52">
				<div className="flex flex-wrap gap-2">
					<button type="button" className="btn btn-sm"
						disabled={change.isPending}
						onClick={() => input.current?.click()}>
						{t(data?.drawn ?? true ? "picture.choose"
							: "picture.replace")}</button>
					{data && !data.drawn && <button type="button"
						className="btn btn-ghost btn-sm"
						disabled={change.isPending}
						onClick={() => change.mutate(null)}>
						{t("picture.remove")}</button>}
				</div>
				<input ref={input} type="file" accept={types.join(",")} hidden
					aria-label={t("picture.choose")}
					onChange={({ target }) => {
						const file = target.files?.[0];
						if (file)
							change.mutate(file);
						target.value = "";
					}} />
				<p className="mt-2 text-sm opacity-80">{t("picture.rules")}</p>
				<p role="alert" className="text-sm text-error">
					{change.error && (change.error instanceof Refusal
						? change.error.message : problem(change.error))}</p>
			</div>
		</section>
	);
}
