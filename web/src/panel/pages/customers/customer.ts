// SPDX-License-Identifier: ISC
// What the pages of customers share.
import type { Schemas } from "../../../api/client";
import { useText } from "../../../i18n";
import type { FieldSpec } from "../../components/fields";

export type Row = Schemas["DeskCustomerRow"];
export type Customer = Schemas["DeskCustomer"];
export const customers = "/api/desk/customers";

/** What somebody is called: by name, mail or number. */
export const nameOf = (one: { given_name: string; family_name: string;
	email?: string | null; username?: string | null; number: number }) =>
	`${one.given_name} ${one.family_name}`.trim() || one.email ||
	one.username || `#${one.number}`;

export const tiers = ["bronze", "silver", "gold", "platinum", "diamond"]
	.map((one) => [one, one[0]!.toUpperCase() + one.slice(1)] as const);

export const tierName = (code: string) =>
	tiers.find(([one]) => one === code)?.[1] ?? code;

const languages = ["en", "fr", "sw", "pt", "ar", "es", "de", "it", "nl", "ga"];

/** The fields of a form of a customer. */
export function usePerson(): FieldSpec[] {
	const t = useText("panel_customers");
	return [
		{ name: "email", label: t("email"), kind: "email", required: true,
			max: 254 },
		{ name: "username", label: t("username"), max: 50 },
		{ name: "given_name", label: t("given_name"), max: 100, empty: "" },
		{ name: "family_name", label: t("family_name"), max: 100, empty: "" },
		{ name: "phone", label: t("phone"), kind: "tel",
			hint: t("phone.hint") },
		{ name: "date_of_birth", label: t("date_of_birth"), kind: "date" },
		{ name: "gender", label: t("gender"), kind: "select",
			options: ["female", "male", "non_binary", "other", "undisclosed"]
				.map((one) => [one, t(`gender.${one}` as "gender")]) },
		{ name: "language", label: t("language"), kind: "select",
			required: true, options: languages.map((one) =>
				[one, new Intl.DisplayNames([one], { type: "language" })
					.of(one) ?? one]) },
		{ name: "tags", label: t("tags"), kind: "tags", hint: t("tags.hint"),
			wide: true },
	];
}
