// SPDX-License-Identifier: ISC
// What the shop holds of a person, to take along or to erase.
import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { Link } from "react-router";
import { call } from "../../api/client";
import { useLeave } from "../../api/session";
import { useProblemText } from "../../components/Failure";
import { Check, Field } from "../../components/Field";
import { useToast } from "../../components/Toasts";
import { useText } from "../../i18n";
import { useProfile } from "./Account";
import { Form, useFaults, valuesOf } from "./form";

const kept = ["orders", "points", "consents", "mails"] as const;

function download(text: string, name: string) {
	const address = URL.createObjectURL(new Blob([text],
		{ type: "application/json" }));
	const link = document.createElement("a");
	link.href = address;
	link.download = name;
	link.click();
	setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

function Export() {
	const t = useText("account");
	const toast = useToast();
	const problem = useProblemText();
	const fetchAll = useMutation({ gcTime: 0,
		mutationFn: () => call<unknown>("/api/customers/export"),
		onSuccess: (data) => {
			download(JSON.stringify(data, null, "\t"), "my-data.json");
			toast(t("export.done"));
		},
		onError: (error) => toast(problem(error), "error"),
	});
	return (
		<section>
			<h2 className="mb-2">{t("export")}</h2>
			<p className="mb-4">{t("export.text")}</p>
			<button type="button" className="btn btn-primary"
				disabled={fetchAll.isPending} onClick={() =>
					fetchAll.mutate()}>{t("export.do")}</button>
		</section>
	);
}

function Erase() {
	const t = useText("account");
	const { email, username } = useProfile();
	const [sure, setSure] = useState(false);
	const [unsure, setUnsure] = useState(false);
	const box = useRef<HTMLInputElement>(null);
	const leave = useLeave();
	const toast = useToast();
	const erase = useMutation({ gcTime: 0,
		mutationFn: (form: HTMLFormElement) => call(
			"/api/customers/account/delete", { method: "POST",
				body: JSON.stringify({ password: "", ...valuesOf(form) }) }),
		onSuccess: () => {
			toast(t("erase.done"));
			return leave();
		},
	});
	const faults = useFaults(erase.error, "password");
	return (
		<section className="mt-10 rounded-box border border-error p-5">
			<h2 className="mb-2">{t("erase")}</h2>
			<p>{t("erase.text")}</p>
			<p className="mt-3 font-semibold">{t("erase.kept")}</p>
			<ul className="mb-4 mt-1 list-disc space-y-1 pl-5">
				{kept.map((what) => <li key={what}>{t(`kept.${what}`)}</li>)}
			</ul>
			<Form error={erase.error} among={["password"]}
				className="max-w-md" onSubmit={(form) => {
					setUnsure(!sure);
					if (sure)
						erase.mutate(form);
					else
						box.current?.focus();
				}}>
				<input type="text" autoComplete="username" hidden readOnly
					value={email ?? username ?? ""} />
				<Field label={t("password")} name="password" type="password"
					autoComplete="current-password" maxLength={200} required
					error={faults.password} />
				<Check ref={box} label={t("erase.sure")} checked={sure} required
					error={unsure && !sure ? t("erase.unsure") : undefined}
					onChange={({ target }) => setSure(target.checked)} />
				<button className="btn btn-error mt-2"
					disabled={erase.isPending}>{t("erase")}</button>
			</Form>
		</section>
	);
}

export default function Privacy() {
	const t = useText("account");
	return (
		<div className="max-w-2xl">
			<Export />
			<Erase />
			<p className="mt-8"><Link className="link" to="/privacy">
				{t("privacy.shop")}</Link></p>
		</div>
	);
}
