// SPDX-License-Identifier: ISC
// The own second factor: set up with an app that shows codes, recovery codes,
// given up.  The QR code is drawn here; the secret goes nowhere else.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { encode } from "uqr";
import { call, type Schemas } from "../../../api/client";
import { problemOf } from "../../../api/problem";
import { Failure } from "../../../components/Failure";
import { Field } from "../../../components/Field";
import { PageSkeleton } from "../../../components/Skeletons";
import { useToast } from "../../../components/Toasts";
import { useText } from "../../../i18n";
import { Dialog } from "../../components/Confirm";
import { When } from "../../components/Shown";
import { useForget } from "../../session";

type Secret = Schemas["TotpSecret"];
type Codes = Schemas["RecoveryCodes"];
const path = "/api/staff/totp";
const key = ["staff", "totp"];

/** Asks for the password before `act`, which gets it. */
export function PasswordAsk<T>({ title, text, act, danger, run, done, close }: {
	title: string; text: string; act: string; danger?: boolean;
	run: (password: string) => Promise<T>; done: (answer: T) => void;
	close: () => void;
}) {
	const t = useText("panel_team");
	const cancel = useText("panel")("cancel");
	const send = useMutation({ mutationFn: run, onSuccess: done });
	const fault = problemOf(send.error)?.fields.password;
	return (
		<Dialog title={title} close={close}>
			<form noValidate onSubmit={(event: FormEvent<HTMLFormElement>) => {
				event.preventDefault();
				send.mutate(String(new FormData(event.currentTarget)
					.get("password")));
			}}>
				<p className="mb-4">{text}</p>
				{send.error && !fault && <Failure error={send.error} />}
				<Field label={t("password.own")} name="password"
					type="password" autoComplete="current-password"
					maxLength={200} required autoFocus error={fault} />
				<div className="modal-action">
					<button type="button" className="btn" onClick={close}>
						{cancel}</button>
					<button className={`btn ${danger ? "btn-error"
						: "btn-primary"}`} disabled={send.isPending}>{act}
					</button>
				</div>
			</form>
		</Dialog>
	);
}

/** Black on white whatever the theme: cameras want it so. */
function QrCode({ text, label }: { text: string; label: string }) {
	const { data, size } = encode(text, { border: 3 });
	const dark = data.flatMap((row, y) => row.flatMap((on, x) =>
		on ? [`M${x} ${y}h1v1h-1z`] : [])).join("");
	return (
		<svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}
			className="mx-auto my-4 w-56 max-w-full" shapeRendering="crispEdges">
			<rect width={size} height={size} fill="#fff" />
			<path d={dark} fill="#000" />
		</svg>
	);
}

export function RecoveryList({ codes, done }: { codes: string[];
	done: () => void }) {
	const t = useText("panel_team");
	const toast = useToast();
	return (
		<div>
			<p className="mb-4">{t("codes.text")}</p>
			<ul className="mb-4 grid gap-1 rounded-box bg-base-200 p-4 font-mono
				sm:grid-cols-2" aria-label={t("codes")}>
				{codes.map((code) => <li key={code}>{code}</li>)}
			</ul>
			<div className="flex flex-wrap gap-2">
				<button type="button" className="btn" onClick={() =>
					void navigator.clipboard.writeText(codes.join("\n"))
						.then(() => toast(t("copied")))}>{t("copy")}</button>
				<button type="button" className="btn btn-primary"
					onClick={done}>{t("codes.kept")}</button>
			</div>
		</div>
	);
}

/** The secret and its first code. */
function FirstCode({ secret, done }: { secret: Secret;
	done: (codes: string[]) => void }) {
	const t = useText("panel_team");
	const send = useMutation({
		mutationFn: (code: string) => call<Codes>(`${path}/confirm`, {
			method: "POST", body: JSON.stringify({ code }) }),
		onSuccess: ({ recovery_codes }) => done(recovery_codes),
	});
	const fault = problemOf(send.error)?.fields.code;
	return (
		<form noValidate className="max-w-md" onSubmit={(event) => {
			event.preventDefault();
			send.mutate(String(new FormData(event.currentTarget).get("code")));
		}}>
			<p>{t("totp.scan")}</p>
			<QrCode text={secret.uri} label={t("totp.qr")} />
			<p className="mb-4 text-sm">{t("totp.type")}{" "}
				<code className="wrap-anywhere" data-secret>{secret.secret}
				</code></p>
			{send.error && !fault && <Failure error={send.error} />}
			<Field label={t("totp.code")} name="code" inputMode="numeric"
				autoComplete="one-time-code" maxLength={10} required
				error={fault} />
			<button className="btn btn-primary" disabled={send.isPending}>
				{t("totp.confirm")}</button>
		</form>
	);
}

/** From nothing to recovery codes, which are given to whoever shows them. */
export function SetUp({ given }: { given: (codes: string[]) => void }) {
	const t = useText("panel_team");
	const [asking, setAsking] = useState(false);
	const [secret, setSecret] = useState<Secret>();
	if (secret)
		return <FirstCode secret={secret} done={given} />;
	return (
		<>
			<p className="mb-4">{t("totp.text")}</p>
			<button type="button" className="btn btn-primary"
				onClick={() => setAsking(true)}>{t("totp.setup")}</button>
			{asking && <PasswordAsk title={t("totp.setup")}
				text={t("totp.ask")} act={t("totp.go")}
				close={() => setAsking(false)}
				run={(password) => call<Secret>(path, { method: "POST",
					body: JSON.stringify({ password }) })}
				done={(made) => {
					setAsking(false);
					setSecret(made);
				}} />}
		</>
	);
}

function Standing({ left, given, again }: { left: number;
	given: (codes: string[]) => void; again: () => void }) {
	const t = useText("panel_team");
	const [asking, setAsking] = useState<"" | "codes" | "off">("");
	const close = () => setAsking("");
	return (
		<>
			<p className={`mb-4 ${left < 3 ? "font-semibold" : ""}`}>
				{t.count("codes.left", left)}</p>
			<div className="flex flex-wrap gap-2">
				<button type="button" className="btn"
					onClick={() => setAsking("codes")}>{t("codes.new")}</button>
				<button type="button" className="btn btn-error btn-outline"
					onClick={() => setAsking("off")}>{t("totp.off")}</button>
			</div>
			{asking === "codes" && <PasswordAsk title={t("codes.new")}
				text={t("codes.ask")} act={t("codes.new")} close={close}
				run={(password) => call<Codes>(`${path}/recovery-codes`,
					{ method: "POST", body: JSON.stringify({ password }) })}
				done={({ recovery_codes }) => {
					close();
					given(recovery_codes);
				}} />}
			{asking === "off" && <PasswordAsk title={t("totp.off")} danger
				text={t("totp.off.text")} act={t("totp.off")} close={close}
				run={(password) => call(`${path}/disable`, { method: "POST",
					body: JSON.stringify({ password }) })}
				done={() => {
					close();
					again();
				}} />}
		</>
	);
}

export function SecondFactor() {
	const t = useText("panel_team");
	const client = useQueryClient();
	const forget = useForget();
	// Shown this once: nothing that is asked for meanwhile takes them away.
	const [codes, setCodes] = useState<string[]>();
	const { data, error, refetch } = useQuery({ queryKey: key,
		queryFn: () => call<Schemas["Totp"]>(path) });
	// Whether it is there is also said of who is signed in.
	const again = async () => {
		await client.invalidateQueries({ queryKey: key });
		await forget();
	};
	if (codes)
		return <RecoveryList codes={codes} done={() => {
			setCodes(undefined);
			void again();
		}} />;
	if (!data)
		return error ? <Failure error={error} retry={refetch} />
			: <PageSkeleton />;
	return data.enabled ? <>
		<p className="mb-2">{t("totp.since")} <When at={data.since} exact /></p>
		<Standing left={data.recovery_codes_left} given={setCodes}
			again={() => void again()} />
	</> : <SetUp given={setCodes} />;
}
