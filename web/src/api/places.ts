// SPDX-License-Identifier: ISC
// Countries by their names in the page's language.
import { useQuery } from "@tanstack/react-query";
import { language } from "../i18n";
import { api, take } from "./client";

/** What the shop offers at its checkout: payments, countries. */
export function useCheckoutOptions() {
	return useQuery({ queryKey: ["checkout"], staleTime: 60_000,
		queryFn: () => take(api.GET("/api/checkout/options")) });
}

const names = new Intl.DisplayNames(language, { type: "region",
	fallback: "none" });
export const countryName = (code: string) => names.of(code) ?? code;

const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
const everywhere = () => letters.flatMap((a) => letters.map((b) => a + b))
	.filter((code) => names.of(code) !== undefined &&
		!["EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"].includes(code));

/** Codes and names, by name.
 * @param codes  null: all there are; undefined: not known yet */
export function countries(codes: string[] | null | undefined) {
	return (codes === null ? everywhere() : codes ?? [])
		.map((code) => ({ code, name: countryName(code) }))
		.sort((a, b) => a.name.localeCompare(b.name, language));
}
