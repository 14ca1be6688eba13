// SPDX-License-Identifier: ISC
// A setting as a field, by its kind: values are texts in the API.
import { useState } from "react";
import { call, type Schemas } from "../../../api/client";
import { countries, countryName } from "../../../api/places";
import { useProblemText } from "../../../components/Failure";
import { languages, useText } from "../../../i18n";
import type { FieldSpec } from "../../components/fields";
import { useMay } from "../../session";

export type Setting = Schemas["Setting"];
type Words = ReturnType<typeof useText<"panel_settings">>;

/** A setting's name: in the page's words, or what is said about it. */
export function nameOf(t: Words, setting: Setting): string {
	const key = `key.${setting.key}`;
	const own = t(key as "title");
	return own === key ? setting.about : own;
}

/** What a field takes for a value, and the value for what it gives. */
export const typedValue = ({ kind, value }: Setting): unknown =>
	kind === "switch" ? value === "on" : kind === "money" ? Number(value)
		: value;
export const sentValue = (typed: unknown): string =>
	typed === true ? "on" : typed === false ? "off" : String(typed ?? "");

function Picture({ value, set, label, url, fixed }: { value: string;
	set: (value: unknown) => void; label: string; url?: string;
	fixed: boolean }) {
	const t = useText("panel_settings");
	const problem = useProblemText();
	const may = useMay("media.write") && !fixed;
	const [shown, setShown] = useState(url);
	const [fault, setFault] = useState("");
	const upload = async (file: File) => {
		try {
			const picture = await call<Schemas["Picture"]>(
				"/api/media/manage/pictures", { method: "PUT", body: file,
					headers: { "Content-Type": file.type } });
			setFault("");
			setShown(picture.url);
			set(picture.id);
		} catch (error) {
			setFault(problem(error));
		}
	};
	return (
		<fieldset className="mb-4">
			<legend className="mb-1 text-sm font-medium">{label}</legend>
			{value !== "" && shown && <img src={shown} alt={label}
				className="mb-2 max-h-24 rounded-box bg-base-200 p-2" />}
			{may && <div className="flex flex-wrap gap-2">
				<input type="file" aria-label={t("picture.choose")}
					accept="image/png,image/jpeg,image/webp,image/gif"
					className="file-input file-input-sm"
					onChange={({ target }) => target.files?.[0] &&
						void upload(target.files[0])} />
				{value !== "" && <button type="button" className="btn btn-sm"
					onClick={() => set("")}>{t("picture.none")}</button>}
			</div>}
			{fault && <p role="alert" className="mt-1 text-sm text-error">
				{fault}</p>}
		</fieldset>
	);
}

const zones = (): [string, string][] =>
	Intl.supportedValuesOf("timeZone").map((zone) => [zone, zone]);
const withNow = (options: [string, string][], now: string) =>
	options.some(([code]) => code === now) ? options
		: [[now, now] as [string, string], ...options];

const inputs: Partial<Record<Setting["kind"], FieldSpec["kind"]>> = {
	email: "email", phone: "tel", uri: "url", integer: "number",
	lines: "textarea", switch: "check", money: "minor" };

export function fieldOf(t: Words, setting: Setting, currency: string):
	FieldSpec {
	const { key, kind, value, standard, optional, fixed } = setting;
	const label = nameOf(t, setting);
	const hints = [fixed && t("fixed.orders"),
		kind === "limit" && t("limit.hint"),
		kind === "uri" && t("uri.hint"),
		standard !== "" && standard !== value && kind !== "switch" &&
			kind !== "choice" && kind !== "money" && t("standard",
			{ value: kind === "country" ? countryName(standard)
				: standard })];
	const common: FieldSpec = { name: key, label, required: !optional &&
		kind !== "switch", fixed, empty: "", currency,
		hint: hints.filter(Boolean).join(" ") || undefined };
	switch (kind) {
	case "choice":
		return { ...common, kind: "select", options: setting.choices.map(
			(one) => [one, languages[one as "en"] ??
				t(`choice.${one}` as "title")]) };
	case "country":
		return { ...common, kind: "select", options: countries(null).map(
			({ code, name }) => [code, name]) };
	case "time_zone":
		return { ...common, kind: "select", options: withNow(zones(), value) };
	case "picture":
		return { ...common, kind: "own", draw: ({ value, set, fixed }) =>
			<Picture value={String(value ?? "")} set={set} label={label}
				url={setting.picture?.url} fixed={fixed} /> };
	case "integer":
		return { ...common, kind: "number", min: setting.least ?? undefined,
			max: setting.most ?? undefined, step: 1 };
	default:
		return { ...common, kind: inputs[kind] ?? "text",
			max: kind === "money" ? undefined : setting.most ?? undefined };
	}
}
