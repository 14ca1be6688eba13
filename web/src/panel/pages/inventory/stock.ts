// SPDX-License-Identifier: ISC
// What the pages of inventory share.
import { useQuery } from "@tanstack/react-query";
import { call, type Schemas } from "../../../api/client";

export type Stock = Schemas["Stock"];
export const base = "/api/inventory";
export const causes = ["damaged", "expired", "lost", "stolen", "found",
	"sample", "own_use", "correction", "other"] as const;
export const kinds = ["adjustment", "count", "import", "shipment", "return",
	"receipt", "transfer", "other"] as const;

export const useLocations = () => useQuery({ queryKey: ["stock", "places"],
	queryFn: () => call<Schemas["LocationPage"]>(`${base}/locations`) });

/** What a location is called, by its code. */
export function usePlaceName() {
	const { data } = useLocations();
	return (code: string) => data?.items.find((one) =>
		one.code === code)?.name ?? code;
}

export const useSuppliers = () => useQuery({
	queryKey: ["stock", "suppliers"],
	queryFn: () => call<Schemas["SupplierPage"]>(`${base}/suppliers`) });

export const placeOptions = (page: Schemas["LocationPage"] | undefined) =>
	(page?.items ?? []).map(({ code, name }) => [code, name] as const);

export const nameOptions = (page: Schemas["SupplierPage"] | undefined) =>
	(page?.items ?? []).map(({ id, name }) => [id, name] as const);
