// SPDX-License-Identifier: ISC
import { number, useText } from "../i18n";

export const star = "M10 1.6l2.6 5.3 5.8.8-4.2 4.1 1 5.8L10 14.9l-5.2 2.7 1-5.8L1.6 7.7l5.8-.8z";

export function Stars({ rating, count }: { rating: number;
	count?: number }) {
	const t = useText("common");
	return (
		<p className="flex items-center gap-1 text-sm">
			<span className="sr-only">
				{t("stars", { rating: number(rating) })}</span>
			{[1, 2, 3, 4, 5].map((n) => (
				<svg key={n} viewBox="0 0 20 20" aria-hidden="true"
					className={`size-4 ${rating >= n - 0.5 ?
					"fill-accent" : "fill-base-300"}`}><path d={star} /></svg>
			))}
			{count !== undefined && <span className="opacity-80">
				({number(count)})</span>}
		</p>
	);
}
