// SPDX-License-Identifier: ISC
// Values side by side, as bars; with the same as a table for who can't see
// them.
//
//	<Chart label={t("sales")} bars={days.map((day) => ({ key: day.day,
//		name: date(day.day), value: day.amount, text: money(…) }))} />
import { useText } from "../../i18n";

export interface Bar {
	key: string;
	name: string;
	value: number;
	/** The value as it is read. */
	text: string;
}

export function Chart({ label, bars }: { label: string; bars: Bar[] }) {
	const t = useText("panel");
	const most = Math.max(1, ...bars.map(({ value }) => value));
	const top = bars.find(({ value }) => value === most);
	return (
		<figure>
			<figcaption className="mb-2 flex justify-between gap-3 text-sm">
				<span className="font-semibold">{label}</span>
				{top && <span className="opacity-80">{t("chart.most",
					{ value: top.text, name: top.name })}</span>}
			</figcaption>
			<svg viewBox={`0 0 ${Math.max(1, bars.length) * 10} 100`}
				preserveAspectRatio="none" aria-hidden="true"
				className="h-44 w-full text-primary">
				{bars.map(({ key, name, value, text }, i) => {
					const height = Math.max(value > 0 ? 1 : 0.4,
						value / most * 100);
					return (
						<g key={key}>
							<title>{`${name}: ${text}`}</title>
							<rect x={i * 10} y="0" width="10" height="100"
								fill="transparent" />
							<rect x={i * 10 + 1} y={100 - height} width="8"
								height={height} fill="currentColor"
								className="hover:opacity-70" />
						</g>
					);
				})}
			</svg>
			<div className="mt-1 flex justify-between text-xs opacity-80"
				aria-hidden="true">
				<span>{bars[0]?.name}</span>
				{bars.length > 1 && <span>{bars.at(-1)!.name}</span>}
			</div>
			<details className="mt-2 text-sm">
				<summary className="cursor-pointer">{t("chart.table")}</summary>
				<div className="max-h-64 overflow-auto" tabIndex={0}
					role="region" aria-label={label}>
					<table className="table table-xs"><tbody>
						{bars.map(({ key, name, text }) => <tr key={key}>
							<th scope="row" className="font-normal">{name}</th>
							<td className="text-right tabular-nums">{text}</td>
						</tr>)}
					</tbody></table>
				</div>
			</details>
		</figure>
	);
}
