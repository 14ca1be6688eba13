// SPDX-License-Identifier: ISC
// What the pages of companies and deals have in common.
import type { Schemas } from "../../../api/client";
import { countries } from "../../../api/places";
import { Field, Select } from "../../../components/Field";
import { useText } from "../../../i18n";
import type { FieldSpec } from "../../components/fields";

export type Company = Schemas["Company"];
export type Deal = Schemas["Deal"];
type Address = Company["addresses"][number];

function Addresses({ value, set, error, fixed }: { value: Address[];
	set: (value: Address[]) => void; error?: string; fixed: boolean }) {
	const t = useText("panel_companies");
	const names = ["label", "line1", "line2", "postcode", "city", "region"] as
		const;
	const put = (at: number, name: string, words: string) =>
		set(value.map((one, n) => {
			const { [name as "label"]: _, ...rest } = one;
			return n === at ? words === "" && !["line1", "city",
				"country"].includes(name) ? rest as Address
				: { ...one, [name]: words } : one;
		}));
	return (
		<div className="mb-4">
			{value.map((one, n) => (
				<fieldset key={n} className="mb-3 rounded-box border
					border-base-300 p-3">
					<legend className="text-sm font-medium">{t("address",
						{ number: n + 1 })}</legend>
					<div className="grid gap-x-4 md:grid-cols-2">
						{names.map((name) => <Field key={name}
							label={t(`address.${name}`)} disabled={fixed}
							autoComplete="off" required={["line1",
								"city"].includes(name)}
							maxLength={200} value={one[name] ?? ""}
							onChange={({ target }) => put(n, name,
								target.value)} />)}
						<Select label={t("address.country")} required
							disabled={fixed} value={one.country}
							onChange={({ target }) => put(n, "country",
								target.value)}>
							<option value="">–</option>
							{countries(null).map(({ code, name }) =>
								<option key={code} value={code}>{name}
								</option>)}
						</Select>
					</div>
					{!fixed && <button type="button" className="btn btn-sm"
						onClick={() => set(value.filter((_, i) => i !== n))}>
						{t("address.remove")}</button>}
				</fieldset>
			))}
			{error && <p role="alert" className="text-sm text-error">{error}</p>}
			{!fixed && value.length < 20 && <button type="button"
				className="btn btn-sm" onClick={() => set([...value,
					{ line1: "", city: "", country: "" }])}>
				{t("address.add")}</button>}
		</div>
	);
}

export function useCompanyFields(): FieldSpec[] {
	const t = useText("panel_companies");
	return [
		{ name: "name", label: t("name"), required: true, max: 200,
			wide: true },
		{ name: "registration_number", label: t("registration"), max: 40 },
		{ name: "vat_number", label: t("vat"), max: 20 },
		{ name: "website", label: t("website"), kind: "url", max: 2000 },
		{ name: "phone", label: t("phone"), kind: "tel" },
		{ name: "payment_days", label: t("payment.days"), kind: "number",
			min: 0, max: 365, hint: t("payment.hint") },
		{ name: "notes", label: t("notes"), kind: "textarea", max: 10000,
			empty: "" },
		{ name: "addresses", label: t("addresses"), kind: "own",
			show: (value) => ((value as Address[] | null) ?? [])
				.map(({ line1, city }) => `${line1}, ${city}`).join("; "),
			draw: ({ value, set, error, fixed }) => <Addresses
				value={(value as Address[] | null) ?? []} set={set}
				error={error} fixed={fixed} /> },
	];
}
