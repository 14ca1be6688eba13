// SPDX-License-Identifier: ISC
// What the pages of products share: the tree as a list, makers, money.
import { useQuery } from "@tanstack/react-query";
import { call, type Schemas } from "../../../api/client";
import { useText } from "../../../i18n";
import type { FieldSpec } from "../../components/RecordForm";

export type Product = Schemas["StaffProduct"];
export type Variant = Schemas["Variant"];
export type Branch = Schemas["CategoryBranch"];
export const products = "/api/catalog/staff/products";

export const statuses = ["draft", "active", "archived"] as const;
export const taxClasses = ["standard", "reduced", "second_reduced", "zero",
	"exempt"] as const;

export const useTree = () => useQuery({ queryKey: ["catalog", "tree"],
	queryFn: () => call<Schemas["CategoryTree"]>("/api/catalog/categories") });

export const useBrands = () => useQuery({ queryKey: ["catalog", "brands"],
	queryFn: () => call<Schemas["BrandPage"]>("/api/catalog/brands") });

export const useAttributes = () => useQuery({
	queryKey: ["catalog", "attributes"], queryFn: () =>
		call<Schemas["AttributePage"]>("/api/catalog/attributes") });

export const useCurrency = () => useQuery({ queryKey: ["catalog", "terms"],
	staleTime: Infinity, queryFn: () => call<Schemas["CatalogTerms"]>(
		"/api/catalog/staff/terms") }).data?.currency;

/** Slug and name of each category, its depth before the name. */
export function branchOptions(tree: Branch[] | undefined, depth = 0):
	(readonly [string, string])[] {
	return (tree ?? []).flatMap((one) => [
		[one.slug, `${"– ".repeat(depth)}${one.name}`] as const,
		...branchOptions(one.children, depth + 1)]);
}

/** What each category is called, by its slug. */
export const branchNames = (tree: Branch[] | undefined):
	Map<string, string> => new Map((tree ?? []).flatMap((one) =>
	[[one.slug, one.name] as const, ...branchNames(one.children)]));

export const brandOptions = (page: Schemas["BrandPage"] | undefined) =>
	(page?.items ?? []).map(({ slug, name }) => [slug, name] as const);

/** The selects of status, category, brand and tax class. */
export function usePlaceFields(): FieldSpec[] {
	const t = useText("panel_products");
	const tree = useTree().data?.items;
	const brands = useBrands().data;
	return [
		{ name: "status", label: t("status"), kind: "select", required: true,
			options: statuses.map((one) => [one, t(`status.${one}`)]) },
		{ name: "category", label: t("category"), kind: "select",
			options: branchOptions(tree) },
		{ name: "brand", label: t("brand"), kind: "select",
			options: brandOptions(brands) },
		{ name: "tax_class", label: t("tax"), kind: "select", required: true,
			options: taxClasses.map((one) => [one, t(`tax.${one}`)]) },
	];
}

export const optionsText = (options: Record<string, unknown>) =>
	Object.entries(options).map(([name, value]) =>
		`${name}: ${String(value)}`).join(", ");
