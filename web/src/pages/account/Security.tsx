// SPDX-License-Identifier: ISC
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { useGrowing } from "../../api/account";
import { call, type Schemas } from "../../api/client";
import { problemOf } from "../../api/problem";
import { useLogout } from "../../api/session";
import { Failure, useProblemText } from "../../components/Failure";
import { Field } from "../../components/Field";
import { useToast } from "../../components/Toasts";
import { dateTime, useText } from "../../i18n";
import { useProfile } from "./Account";
import { Confirm } from "./Confirm";
import { Form, useFaults, valuesOf, type Values } from "./form";
import { LineSkeletons, More } from "./lists";
import { deviceOf } from "./device";

type Session = Schemas["Session"];

const list = "/api/customers/sessions";

function Password() {
	const t = useText("account");
	const { email, username } = useProfile();
	const client = useQueryClient();
	const toast = useToast();
	const form = useRef<HTMLFormElement>(null);
	const change = useMutation({ gcTime: 0,
		mutationFn: (sent: HTMLFormElement) => {
			form.current = sent;
			return call("/api/customers/change-password", { method: "POST",
				body: JSON.stringify(valuesOf(sent)) });
		},
		onSuccess: () => {
			form.current?.reset();
			toast(t("password.changed"));
			return client.invalidateQueries({ queryKey: ["account", list] });
		},
	});
	const faults = useFaults(change.error);
	return (
		<section className="max-w-md">
			<h2 className="mb-4">{t("password.change")}</h2>
			<Form error={change.error} onSubmit={(sent) => change.mutate(sent)}
				among={["current_password", "new_password"]}>
				<input type="text" autoComplete="username" hidden readOnly
					value={email ?? username ?? ""} />
				<Field label={t("password.current")} name="current_password"
					type="password" autoComplete="current-password" required
					maxLength={200} error={faults.current_password} />
				<Field label={t("password.new")} name="new_password"
					type="password" autoComplete="new-password" required
					maxLength={200} hint={t("password.rules")}
					error={faults.new_password} />
				<button className="btn btn-primary"
					disabled={change.isPending}>{t("password.change")}</button>
			</Form>
		</section>
	);
}

function Email() {
	const t = useText("account");
	const { email } = useProfile();
	const ask = useMutation({ gcTime: 0, mutationFn: (values: Values) =>
		call("/api/customers/change-email", { method: "POST",
			body: JSON.stringify(values) }) });
	const faults = useFaults(ask.error, "password");
	return (
		<section className="mt-10 max-w-md">
			<h2 className="mb-1">{t("email.change")}</h2>
			<p className="mb-4 text-sm wrap-anywhere">{email
				? t("email.now", { email }) : t("email.none")}</p>
			{ask.isSuccess ? <p role="status" className="alert alert-success
				wrap-anywhere">{t("email.asked",
					{ email: ask.variables.email ?? "" })}</p>
				: <Form error={ask.error} among={["email", "password"]}
					onSubmit={(form) => ask.mutate(valuesOf(form))}>
					<Field label={t("email.new")} name="email" type="email"
						autoComplete="email" required maxLength={254}
						error={faults.email} />
					<Field label={t("password")} name="password"
						type="password" autoComplete="current-password"
						required maxLength={200} error={faults.password} />
					<button className="btn btn-primary"
						disabled={ask.isPending}>{t("email.change")}</button>
				</Form>}
		</section>
	);
}

function One({ session }: { session: Session }) {
	const t = useText("account");
	const client = useQueryClient();
	const toast = useToast();
	const problem = useProblemText();
	const end = useMutation({
		mutationFn: () => call(`${list}/${session.id}`,
			{ method: "DELETE" }),
		onSuccess: () => toast(t("session.ended")),
		onError: (error) => problemOf(error)?.status === 404 ||
			toast(problem(error), "error"),
		onSettled: () => client.invalidateQueries({
			queryKey: ["account", list] }),
	});
	const device = deviceOf(session.user_agent) ?? t("session.unknown");
	return (
		<li className="flex flex-wrap items-center justify-between gap-3
			px-4 py-3">
			<div className="min-w-0">
				<p className="font-semibold" title={session.user_agent}>
					{device}{session.current && <span className="badge
						badge-success badge-sm ml-2">{t("session.this")}</span>}
				</p>
				<p className="text-sm opacity-80">
					{t("session.used", { when: dateTime(session.used_at) })}
					{session.address && ` · ${session.address}`}</p>
				<p className="text-sm opacity-80">{t("session.since",
					{ when: dateTime(session.created_at) })}</p>
			</div>
			{!session.current && <button type="button" className="btn btn-sm"
				aria-label={t("session.end.named", { device })}
				disabled={end.isPending} onClick={() => end.mutate()}>
				{t("session.end")}</button>}
		</li>
	);
}

function Everywhere() {
	const t = useText("account");
	const logout = useLogout();
	const toast = useToast();
	const problem = useProblemText();
	return (
		<Confirm className="btn btn-outline mt-5" yes={t("logout.everywhere")}
			button={t("logout.everywhere")} title={t("logout.everywhere")}
			text={t("logout.everywhere.text")} disabled={logout.isPending}
			act={() => logout.mutate(true, {
				onSuccess: () => toast(t("logout.everywhere.done")),
				onError: (error) => toast(problem(error), "error"),
			})} />
	);
}

export default function Security() {
	const t = useText("account");
	const sessions = useGrowing<Session>(list);
	return (
		<>
			<Password />
			<Email />
			<section className="mt-10">
				<h2 className="mb-1">{t("sessions")}</h2>
				<p className="mb-4 max-w-prose text-sm">{t("sessions.text")}</p>
				{sessions.error
					? <Failure error={sessions.error}
						retry={sessions.refetch} />
					: !sessions.items ? <LineSkeletons count={3} />
					: <ul className="divide-y divide-base-300 rounded-box
						border border-base-300">
						{sessions.items.map((session) => <One
							key={session.id} session={session} />)}</ul>}
				<More list={sessions} />
				<Everywhere />
			</section>
		</>
	);
}
