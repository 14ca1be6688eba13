// SPDX-License-Identifier: ISC
// Values as people read them: <Money of={total} />, <When at={placed_at} />,
// <Badge state={order.state} text={t(`state.${order.state}`)} />.
import { date, dateTime, language, money } from "../../i18n";

export function Money({ of, signed = false }: {
	of: { amount: number; currency: string } | null | undefined;
	/** With a + before what is more than nothing. */
	signed?: boolean;
}) {
	return <span className="whitespace-nowrap tabular-nums">{of
		? `${signed && of.amount > 0 ? "+" : ""}${money(of)}` : "–"}</span>;
}

const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
const units = [["day", 86400], ["hour", 3600], ["minute", 60]] as const;

function ago(at: Date): string {
	const seconds = (at.getTime() - Date.now()) / 1000;
	const [unit, size] = units.find(([, one]) => Math.abs(seconds) >= one) ??
		["minute", 60];
	return relative.format(Math.round(seconds / size), unit);
}

/** A time; what is near (a week) as "2 hours ago", with all of it on hover.
 * `day`: a date without time.  `exact`: never "ago". */
export function When({ at, day = false, exact = false }: {
	at: string | null | undefined; day?: boolean; exact?: boolean;
}) {
	if (!at)
		return <>–</>;
	const when = new Date(at);
	const near = !exact && !day &&
		Math.abs(when.getTime() - Date.now()) < 7 * 86400_000;
	return <time dateTime={at} title={dateTime(at)}
		className="whitespace-nowrap">
		{near ? ago(when) : day ? date(at) : dateTime(at)}</time>;
}

/** What a state means for whoever looks: nothing to do, waiting for
 * somebody, done, gone wrong. */
const tones: Record<string, string> = Object.fromEntries([
	["badge-info", "confirmed processing packed in_progress asked requested approved authorized sent received draft"],
	["badge-warning", "pending pending_payment open partly_shipped partially_shipped partly_refunded waiting unpaid low urgent high held part_paid scheduled"],
	["badge-success", "shipped delivered completed paid published active verified done won yes applied"],
	["badge-error", "cancelled failed rejected refused refunded returned lost overdue out expired disabled bounced dead spam"],
].flatMap(([tone, states]) => states!.split(" ").map((one) =>
	[one, tone!])));

/** @param state  as the API has it; it chooses the colour
 * @param text  what is shown */
export function Badge({ state, text }: { state: string; text: string }) {
	return <span className={`badge badge-sm badge-soft whitespace-nowrap
		text-base-content ${tones[state] ?? "badge-neutral"}`}>{text}</span>;
}
