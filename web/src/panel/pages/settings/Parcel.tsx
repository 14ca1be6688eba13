// SPDX-License-Identifier: ISC
// What a parcel would cost somewhere, by the code that prices carts.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call, type Schemas } from "../../../api/client";
import { countries } from "../../../api/places";
import { Failure } from "../../../components/Failure";
import { Field, Select } from "../../../components/Field";
import { minorUnits, useText } from "../../../i18n";
import { Money } from "../../components/Shown";

export function Parcel({ currency, stamp }: { currency: string;
	stamp: string }) {
	const t = useText("panel_settings");
	const [asked, setAsked] = useState({ country: "IE", postcode: "",
		weight: "1000", total: "50" });
	const put = (name: keyof typeof asked) =>
		({ target }: { target: { value: string } }) =>
			setAsked({ ...asked, [name]: target.value });
	const query = new URLSearchParams({ country: asked.country,
		weight: asked.weight || "0", total: String(minorUnits(
			Number(asked.total || 0), currency)),
		...asked.postcode ? { postcode: asked.postcode } : {} });
	const { data, error } = useQuery({ placeholderData: keepPreviousData,
		queryKey: ["parcel", String(query), stamp],
		queryFn: ({ signal }) => call<Schemas["ParcelPreview"]>(
			`/api/settings/shipping/preview?${query}`, { signal }) });
	return (
		<section className="mt-8 rounded-box border border-base-300 p-4">
			<h2 className="mb-3 text-lg">{t("parcel")}</h2>
			<div className="grid gap-x-4 sm:grid-cols-2 lg:grid-cols-4">
				<Select label={t("country")} value={asked.country}
					onChange={put("country")}>
					{countries(null).map(({ code, name }) =>
						<option key={code} value={code}>{name}</option>)}
				</Select>
				<Field label={t("postcode")} maxLength={12}
					value={asked.postcode} onChange={put("postcode")} />
				<Field label={t("weight")} type="number" min={0}
					value={asked.weight} onChange={put("weight")} />
				<Field label={`${t("worth")} (${currency})`} type="number"
					min={0} step="any" value={asked.total}
					onChange={put("total")} />
			</div>
			{error && <Failure error={error} />}
			{data && <div role="status">
				<p className="text-sm opacity-80">{data.zone
					? t("parcel.zone", { name: data.zone.name })
					: t("parcel.nowhere")}</p>
				<ul className="mt-2">{data.shipping_methods.map((one) =>
					<li key={one.method_id} className="flex max-w-md
						justify-between gap-4 py-1">
						<span>{one.name}</span><strong>
							<Money of={one.total} /></strong></li>)}</ul>
				{data.shipping_methods.length === 0 &&
					<p>{t("parcel.none")}</p>}
			</div>}
		</section>
	);
}
