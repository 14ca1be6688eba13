// SPDX-License-Identifier: ISC
// The fields of a promotion's form.
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { call, type Schemas } from "../../../api/client";
import { useText } from "../../../i18n";
import type { FieldSpec } from "../../components/fields";
import { ProductSearch, Things, type ThingKind } from
	"../../components/Things";
import { callAll } from "../../list";
import { useMay } from "../../session";
import { useShopCurrency } from "../../shop";
import type { Promotion } from "./promotion";

const Labelled = ({ label, hint, error, children }: { label: string;
	hint?: string; error?: string; children: ReactNode }) => (
	<div className="mb-4">
		<p className="mb-1 text-sm font-medium">{label}</p>
		{children}
		{hint && <p className="mt-1 text-sm opacity-80">{hint}</p>}
		{error && <p role="alert" className="mt-1 text-sm text-error">
			{error}</p>}
	</div>
);

/** Which variant is given: a product is looked for, then one of its own. */
function Gift({ value, set, now, fixed }: { value: string | null;
	set: (id: string) => void; now?: Promotion["gift"]; fixed: boolean }) {
	const t = useText("panel_promotions");
	const [product, setProduct] = useVariants(now?.product_id, set);
	return (
		<div className="flex flex-wrap items-center gap-2">
			{product ? <>
				<span className="font-medium">{product.name}</span>
				<select aria-label={t("gift.variant")} value={value ?? ""}
					className="select select-sm w-auto" disabled={fixed}
					onChange={({ target }) => set(target.value)}>
					{product.variants.map((v) => <option key={v.id} value={v.id}>
						{[v.sku, ...Object.values(v.options)].join(" · ")}
					</option>)}
				</select>
			</> : now && <span>{`${now.name} (${now.sku})`}</span>}
			{!fixed && <ProductSearch label={t("gift")}
				add={({ id }) => setProduct(id)} />}
		</div>
	);
}

function useVariants(first: string | undefined, set: (id: string) => void) {
	const [id, setId] = useState(first);
	const { data } = useQuery({ queryKey: ["gift-product", id], retry: false,
		enabled: id !== undefined, staleTime: 60_000,
		queryFn: () => call<Schemas["Product"]>(
			`/api/catalog/products/${id}`) });
	return [data, async (next: string) => {
		setId(next);
		const found = await call<Schemas["Product"]>(
			`/api/catalog/products/${next}`);
		if (found.variants[0])
			set(found.variants[0].id);
	}] as const;
}

function useSegments() {
	const enabled = useMay("customers.read");
	return useQuery({ queryKey: ["segments", "all"], enabled,
		staleTime: 60_000, queryFn: () => callAll<{ id: string;
			name: string }>("/api/desk/segments") }).data;
}

export function useFields(stored?: Promotion): FieldSpec[] {
	const t = useText("panel_promotions");
	const currency = useShopCurrency();
	const segments = useSegments();
	const used = stored !== undefined && stored.orders > 0;
	const kind = (wanted: string) => (values: Record<string, unknown>) =>
		values.kind === wanted;
	const things = (name: string, one: ThingKind,
		known: { id: string; name: string }[] = []): FieldSpec => ({
		name: `${one}_ids`, label: t(name as "brands"), kind: "own",
		draw: ({ value, set, error, fixed }) => (
			<Labelled label={t(name as "brands")} hint={t("scope.hint")}
				error={error}>
				<Things kind={one} label={t(name as "brands")} known={known}
					value={(value as string[] | null) ?? []} set={set}
					fixed={fixed} />
			</Labelled>) });
	return [
		{ name: "name", label: t("name"), required: true, max: 100,
			hint: t("name.hint"), wide: true },
		{ name: "kind", label: t("kind"), kind: "select", required: true,
			fixed: used, options: (["percent", "amount", "free_shipping",
				"buy_x_get_y", "gift"] as const).map((one) =>
				[one, t(`kind.${one}`)] as const) },
		{ name: "level", label: t("level"), kind: "select", required: true,
			fixed: used, options: [["line", t("level.line")],
				["order", t("level.order")]],
			when: ({ kind: of }) => of !== "free_shipping" && of !== "gift" },
		{ name: "percent", label: t("percent"), kind: "number", fixed: used,
			min: 0.01, max: 100, step: "any", required: true,
			when: kind("percent") },
		{ name: "amount", label: t("amount"), kind: "money", currency,
			fixed: used, min: 0, required: true, when: kind("amount") },
		{ name: "buy", label: t("buy"), kind: "number", min: 1, max: 999,
			fixed: used, required: true, when: kind("buy_x_get_y") },
		{ name: "get", label: t("get"), kind: "number", min: 1, max: 999,
			fixed: used, required: true, when: kind("buy_x_get_y") },
		{ name: "gift_variant_id", label: t("gift"), kind: "own",
			fixed: used, when: kind("gift"),
			draw: ({ value, set, error, fixed }) => (
				<Labelled label={t("gift")} error={error}>
					<Gift value={value as string | null} set={set}
						now={stored?.gift} fixed={fixed} />
				</Labelled>) },
		{ name: "gift_quantity", label: t("gift.quantity"), kind: "number",
			fixed: used, min: 1, max: 99, when: kind("gift") },
		things("categories", "category", stored?.categories),
		things("brands", "brand", stored?.brands),
		things("products", "product", stored?.products),
		{ name: "minimum", label: t("minimum"), kind: "money", currency,
			min: 0 },
		...segments ? [{ name: "segment_id", label: t("segment"),
			kind: "select" as const, options: segments.map(({ id, name }) =>
				[id, name] as const) }] : [],
		{ name: "starts_at", label: t("starts_at"), kind: "datetime" },
		{ name: "ends_at", label: t("ends_at"), kind: "datetime" },
		{ name: "first_order", label: t("first_order"), kind: "check" },
		{ name: "customers_only", label: t("customers_only"),
			kind: "check" },
		{ name: "needs_coupon", label: t("needs_coupon"), kind: "check",
			fixed: used },
		{ name: "exclusive", label: t("exclusive"), kind: "check" },
		{ name: "stacking_group", label: t("stacking_group"), required: true,
			max: 40, hint: t("group.hint") },
		{ name: "priority", label: t("priority"), kind: "number", min: 0,
			max: 1000000, required: true, hint: t("priority.hint") },
		{ name: "active", label: t("active"), kind: "check" },
	];
}
