// SPDX-License-Identifier: ISC
// What one looked at last, for who agreed to its being kept.
import { useQuery } from "@tanstack/react-query";
import { api, take } from "../api/client";
import { viewsConsent } from "../api/views";
import { useText } from "../i18n";
import { ProductGrid } from "./ProductCard";

/** @param but  the product that is being looked at */
export function Recent({ but }: { but?: string }) {
	const t = useText("shop");
	const { data } = useQuery({ queryKey: ["recent"], staleTime: 5_000,
		enabled: viewsConsent(), retry: false,
		queryFn: () => take(api.GET("/api/recommend/recent",
			{ params: { query: { limit: 5 } } })) });
	const items = data?.items.filter(({ id }) => id !== but).slice(0, 4);
	return items?.length ? (
		<section className="below my-10">
			<h2 className="mb-4">{t("recent")}</h2>
			<ProductGrid items={items} eager={0} />
		</section>
	) : null;
}
