// SPDX-License-Identifier: ISC
// One mail in the shop's own words, beside it as it would be sent.
import { keepPreviousData, useQuery, useQueryClient } from
	"@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { useParams, useSearchParams } from "react-router";
import { call, type Schemas } from "../../../api/client";
import { problemOf } from "../../../api/problem";
import { Failure, useProblemText } from "../../../components/Failure";
import { PageSkeleton } from "../../../components/Skeletons";
import { useToast } from "../../../components/Toasts";
import { languages, useText, type Language } from "../../../i18n";
import { useConfirm } from "../../components/Confirm";
import { MailFrame } from "../../components/MailFrame";
import { PageHead } from "../../components/PageHead";
import { RecordForm, type FieldSpec } from "../../components/RecordForm";
import { fetchRecord, send, useRecord } from "../../record";
import { Fixed, useMayWrite } from "./Parts";

type MailText = Schemas["Mail"];
interface Words { subject: string; text: string }

/** The own words, or what they begin with. */
const wordsOf = (mail: MailText): Words => ({
	subject: mail.subject ?? mail.shipped.subject,
	text: mail.text ?? mail.shipped.text });

function useLater<T>(value: T, milliseconds: number): T {
	const [late, setLate] = useState(value);
	useEffect(() => {
		const timer = setTimeout(() => setLate(value), milliseconds);
		return () => clearTimeout(timer);
	}, [value, milliseconds]);
	return late;
}

/** @param words  nothing: as it would be sent now */
function Preview({ path, language, words }: { path: string;
	language: Language; words?: Words }) {
	const t = useText("panel_settings");
	const [plain, setPlain] = useState(false);
	const body = JSON.stringify({ language, ...words });
	const { data, error } = useQuery({ retry: false,
		queryKey: ["preview", path, body], placeholderData: keepPreviousData,
		queryFn: ({ signal }) => call<Schemas["MailPreview"]>(
			`${path}/preview`, { method: "POST", body, signal }) });
	const faults = problemOf(error)?.faults ?? [];
	return (
		<section aria-label={t("preview")}>
			<div className="mb-2 flex items-center gap-2">
				<h2 className="text-lg">{t("preview")}</h2>
				<label className="ml-auto flex cursor-pointer items-center gap-2
					text-sm"><input type="checkbox" checked={plain}
					className="toggle toggle-sm"
					onChange={({ target }) => setPlain(target.checked)} />
					{t("preview.plain")}</label>
			</div>
			{faults.length > 0 ? <ul role="alert" className="mb-2 text-error">
				{faults.map(({ field, message }) => <li key={field}>
					{t(field as "subject")}: {message}</li>)}</ul>
				: error && <Failure error={error} />}
			{data && <div className={error ? "opacity-60" : ""}>
				<p className="mb-2 font-semibold">{data.subject}</p>
				{plain ? <pre className="rounded-box border
					border-base-300 p-3 text-sm whitespace-pre-wrap">
					{data.text}</pre>
					: <MailFrame html={data.html} title={t("preview")} />}
			</div>}
		</section>
	);
}

function Names({ mail }: { mail: MailText }) {
	const t = useText("panel_settings");
	return (
		<details className="mb-4 text-sm">
			<summary className="cursor-pointer">{t("names")}</summary>
			<p className="mt-2">{t("names.text")}</p>
			<p className="mt-2 leading-7">{mail.placeholders.map((name) =>
				<code key={name} className="mr-2 rounded bg-base-200 px-1">
					{`{{${name}}}`}{mail.needed.includes(name) && " *"}
				</code>)}</p>
		</details>
	);
}

function Editor({ mail, etag, path, language }: { mail: MailText;
	etag?: string; path: string; language: Language }) {
	const t = useText("panel_settings");
	const client = useQueryClient();
	const toast = useToast();
	const problem = useProblemText();
	const may = useMayWrite();
	const [question, confirm] = useConfirm();
	const at = `${path}?language=${language}`;
	const [written, setWritten] = useState<Words>(wordsOf(mail));
	const watch = useCallback((values: object) =>
		setWritten(values as Words), []);
	const late = useLater(written, 400);
	const asIs = mail.version === 0 && mail.shipped.subject === late.subject
		&& mail.shipped.text.trim() === late.text.trim();
	const fields: FieldSpec[] = [
		{ name: "subject", label: t("subject"), required: true, max: 200,
			wide: true },
		{ name: "text", label: t("text"), kind: "textarea", rows: 22,
			required: true, max: 10000 }];
	const attempt = async (work: () => Promise<string>) => {
		try {
			toast(await work());
		} catch (error) {
			toast(problem(error), "error");
		}
	};
	const reset = async () => {
		if (await confirm({ title: t("reset.title"), text: t("reset.text"),
			act: t("reset"), danger: true }))
			await attempt(async () => {
				await send("DELETE", at, undefined, etag);
				await client.invalidateQueries({ queryKey: ["record"] });
				return t("reset.done");
			});
	};
	const tryIt = () => attempt(async () => t("try.done",
		{ recipient: (await call<Schemas["MailTry"]>(`${path}/tries`,
			{ method: "POST", body: JSON.stringify(asIs ? { language }
				: { language, ...late }) })).recipient }));
	return (
		<div className="grid gap-8 xl:grid-cols-2">
			<div>
				<RecordForm name="mail" id={`${mail.template}.${language}`}
					stored={wordsOf(mail)} etag={etag} fields={fields}
					fixed={!may} watch={watch}
					save={async ({ values, etag: version }) => {
						const next = await send<MailText>("PUT", path,
							{ language, ...values }, version);
						client.setQueryData(["record", at], next);
						void client.invalidateQueries({ queryKey:
							["record", "/api/settings/mails"] });
						return { data: wordsOf(next.data),
							etag: next.etag };
					}}
					fetch={async () => {
						const next = await fetchRecord<MailText>(at);
						return { ...next, data: wordsOf(next.data) };
					}}>
					<Names mail={mail} />
				</RecordForm>
				{may && <div className="mt-2 flex flex-wrap gap-2">
					<button type="button" className="btn btn-sm"
						onClick={() => void tryIt()}>{t("try")}</button>
					{mail.version > 0 && <button type="button"
						className="btn btn-ghost btn-sm"
						onClick={() => void reset()}>{t("reset")}</button>}
				</div>}
			</div>
			<Preview path={path} language={language}
				words={asIs ? undefined : late} />
			{question}
		</div>
	);
}

export default function Mail() {
	const t = useText("panel_settings");
	const { template } = useParams();
	const [query, setQuery] = useSearchParams();
	const language = (query.get("language") ?? "en") as Language;
	const path = `/api/settings/mails/${template}`;
	const { data, error, refetch } = useRecord<MailText>(
		`${path}?language=${language}`);
	const mail = data?.data;
	return (
		<>
			<PageHead title={t(`mail.${template}` as "title")}
				back={[{ to: "/settings/mails", text: t("mails") }]} />
			<Fixed />
			<div role="group" aria-label={t("language")} className="join mb-4">
				{Object.entries(languages).map(([code, name]) =>
					<button key={code} type="button" aria-pressed={
						code === language} className={`btn btn-sm join-item
						${code === language ? "btn-active" : ""}`}
						onClick={() => setQuery({ language: code },
							{ replace: true })}>{name}</button>)}
			</div>
			{error && <Failure error={error} retry={refetch} />}
			{!mail && !error && <PageSkeleton />}
			{mail && <>
				<p className="mb-4 text-sm opacity-80">{mail.version > 0
					? t("mail.is.own") : mail.shipped.language === language
						? t("mail.is.shipped") : t("mail.is.other")}</p>
				<Editor key={`${template}.${language}.${mail.version === 0}`}
					mail={mail} etag={data.etag} path={path}
					language={language} />
			</>}
		</>
	);
}
