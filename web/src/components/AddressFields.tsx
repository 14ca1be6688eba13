// SPDX-License-Identifier: ISC
// The fields of an address, filled in by the browser where it can.
import type { ChangeEvent } from "react";
import { countries, useCheckoutOptions } from "../api/places";
import { useText } from "../i18n";
import { Field, Select } from "./Field";

export const addressParts = ["name", "company", "line1", "line2", "city",
	"region", "postcode", "country", "phone"] as const;
export type AddressPart = (typeof addressParts)[number];
export type AddressValues = Partial<Record<AddressPart, string>>;

const filledBy: Record<AddressPart, string> = { name: "name",
	company: "organization", line1: "address-line1",
	line2: "address-line2", city: "address-level2",
	region: "address-level1", postcode: "postal-code", country: "country",
	phone: "tel" };
const longest: Record<AddressPart, number> = { name: 200, company: 200,
	line1: 200, line2: 200, city: 100, region: 100, postcode: 12,
	country: 2, phone: 20 };
const needed = ["name", "line1", "city", "country"];

/** @param kind  "shipping" or "billing", for the browser's own book
 * @param fault  what is wrong with a part, if anything is */
export function AddressFields({ kind, values, change, fault }: {
	kind: "shipping" | "billing"; values: AddressValues;
	change: (part: AddressPart, value: string) => void;
	fault: (part: AddressPart) => string | undefined;
}) {
	const t = useText("common");
	const { data: options } = useCheckoutOptions();
	const of = (part: AddressPart) => ({
		label: t(`address.${part}`),
		name: `${kind}.${part}`,
		value: values[part] ?? "",
		onChange: ({ target }: ChangeEvent<HTMLInputElement |
			HTMLSelectElement>) => change(part, target.value),
		error: fault(part),
		required: needed.includes(part),
		autoComplete: `${kind} ${filledBy[part]}`,
	});
	const input = (part: AddressPart) => <Field {...of(part)}
		type={part === "phone" ? "tel" : "text"} maxLength={longest[part]}
		hint={part === "phone" ? t("address.phone.hint") : undefined} />;
	return (
		<div className="sm:grid sm:grid-cols-2 sm:gap-x-4">
			<div className="sm:col-span-2">
				<Select {...of("country")}>
					<option value="">{t("address.country.choose")}</option>
					{countries(options?.countries).map(({ code, name }) =>
						<option key={code} value={code}>{name}</option>)}
				</Select>
			</div>
			<div className="sm:col-span-2">{input("name")}</div>
			<div className="sm:col-span-2">{input("line1")}</div>
			{input("line2")}
			{input("company")}
			{input("postcode")}
			{input("city")}
			{input("region")}
			{input("phone")}
		</div>
	);
}

export function AddressText({ value }: { value: AddressValues }) {
	const lines = [value.name, value.company, value.line1, value.line2,
		[value.postcode, value.city].filter(Boolean).join(" "),
		value.region, value.country && countries([value.country])[0]!.name];
	return <address className="not-italic leading-relaxed">
		{lines.filter(Boolean).map((line, i) =>
			<span key={i} className="block">{line}</span>)}</address>;
}
