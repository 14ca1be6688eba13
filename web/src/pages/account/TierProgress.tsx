// SPDX-License-Identifier: ISC
import { useId } from "react";
import type { Schemas } from "../../api/client";
import { number, useText } from "../../i18n";

/** How far it is to the next tier. */
export function TierProgress({ account }:
	{ account: Schemas["Loyalty"] }) {
	const t = useText("account");
	const id = useId();
	const { tier, next_tier: next, earned_in_year: earned } = account;
	return (
		<div className="rounded-box bg-base-200 p-5">
			<p className="flex flex-wrap items-baseline justify-between gap-x-4">
				<span className="text-lg font-semibold">{tier.name}</span>
				<span className="text-sm">{t("tier.multiplier",
					{ times: number(Number(tier.multiplier)) })}</span>
			</p>
			{next ? <>
				<progress className="progress progress-primary my-2 h-3 w-full"
					aria-labelledby={id} max={next.points}
					value={Math.min(earned, next.points)} />
				<p id={id} className="text-sm">{t.count("tier.togo",
					next.to_go, { tier: next.name })}</p>
			</> : <p className="mt-2 text-sm">{t("tier.highest")}</p>}
		</div>
	);
}
