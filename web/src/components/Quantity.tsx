// SPDX-License-Identifier: ISC
// How many: a number with a button to either side.
import { useText } from "../i18n";

export function Quantity({ value, most, set, of, small = false, least = 1 }: {
	value: number; most: number; set: (n: number) => void;
	of?: string; small?: boolean; least?: number;
}) {
	const t = useText("common");
	const size = small ? "btn-sm" : "";
	const bounded = (n: number) =>
		Math.max(least, Math.min(most, Math.round(n) || least));
	const label = of ? t("quantity.of", { name: of }) : t("quantity");
	return (
		<div className="join" role="group" aria-label={label}>
			<button type="button" className={`btn join-item ${size}`}
				aria-label={t("quantity.less")} disabled={value <= least}
				onClick={() => set(bounded(value - 1))}>−</button>
			<input type="number" inputMode="numeric" min={least} max={most}
				value={value} aria-label={label} className={`input join-item
				w-14 px-1 text-center ${small ? "input-sm" : ""}`}
				onChange={({ target }) =>
					set(bounded(target.valueAsNumber))} />
			<button type="button" className={`btn join-item ${size}`}
				aria-label={t("quantity.more")} disabled={value >= most}
				onClick={() => set(bounded(value + 1))}>+</button>
		</div>
	);
}
