// SPDX-License-Identifier: ISC
// What holds the place of what is on its way, so that nothing jumps.
import { useText } from "../i18n";

export function PageSkeleton() {
	const t = useText("common");
	return (
		<div className="min-h-[70vh] space-y-4" role="status">
			<span className="sr-only">{t("loading")}</span>
			<div className="skeleton h-9 w-1/2" />
			<div className="skeleton h-64 w-full" />
			<div className="skeleton h-6 w-3/4" />
		</div>
	);
}

export function CardSkeletons({ count = 8 }: { count?: number }) {
	const t = useText("common");
	return (
		<div className="product-grid" role="status">
			<span className="sr-only">{t("loading")}</span>
			{Array.from({ length: count }, (_, i) => (
				<div key={i} className="space-y-3">
					<div className="skeleton aspect-square w-full" />
					<div className="skeleton h-4 w-3/4" />
					<div className="skeleton h-6 w-1/3" />
				</div>
			))}
		</div>
	);
}
