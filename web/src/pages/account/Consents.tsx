// SPDX-License-Identifier: ISC
// What one agrees to.  With each word goes the text that was shown; the date
// is of the last one.
import { useMutation, useQuery, useQueryClient } from
	"@tanstack/react-query";
import { useState } from "react";
import { call, type Schemas } from "../../api/client";
import { setViewsConsent, viewsConsent } from "../../api/views";
import { Failure, useProblemText } from "../../components/Failure";
import { forgetSearches } from "../../components/recentSearches";
import { useToast } from "../../components/Toasts";
import { dateTime, useText } from "../../i18n";
import { LineSkeletons } from "./lists";

type Consent = Schemas["Consent"];
const purposes = ["marketing", "reminders", "surveys"] as const;
const channels = ["email", "sms", "push"] as const;
type Purpose = typeof purposes[number];
type Channel = typeof channels[number];

const key = ["account", "consents"];
const path = "/api/customers/consents";

/** The words that rule now; older ones of the ledger are left out. */
async function latest(): Promise<Consent[]> {
	const found: Consent[] = [];
	let cursor: string | null = null;
	do {
		const page: Schemas["ConsentPage"] = await call(`${path}?limit=100${
			cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
		found.push(...page.items.filter((consent) => consent.latest));
		cursor = page.next;
	} while (cursor && found.length < purposes.length * channels.length);
	return found;
}

function useAnswer() {
	const t = useText("account");
	const client = useQueryClient();
	const toast = useToast();
	const problem = useProblemText();
	return useMutation({ scope: { id: "consents" },
		mutationFn: (answer: { purpose: Purpose; channel: Channel;
			given: boolean; text?: string }) => call<Consent>(path, {
			method: "POST", body: JSON.stringify({ ...answer,
				source: "account" }) }),
		onSuccess: (said) => {
			client.setQueryData<Consent[]>(key, (now) => [said,
				...(now ?? []).filter((old) => old.purpose !== said.purpose ||
					old.channel !== said.channel)]);
			toast(t(said.given ? "consent.given" : "consent.taken"));
			return client.invalidateQueries({
				queryKey: ["account", "preferences"] });
		},
		onError: (error) => toast(problem(error), "error"),
	});
}

function One({ purpose, channel, now, answer }: { purpose: Purpose;
	channel: Channel; now?: Consent;
	answer: ReturnType<typeof useAnswer> }) {
	const t = useText("account");
	const text = t("consent.words", { what: t(`purpose.${purpose}.text`),
		channel: t(`by.${channel}`) });
	return (
		<label className="flex cursor-pointer items-start gap-3 py-2">
			<input type="checkbox" className="toggle toggle-primary mt-0.5
				shrink-0" checked={now?.given ?? false}
				onChange={({ target: { checked: given } }) => answer.mutate({
					purpose, channel, given, ...given && { text } })} />
			<span>{text}
				<span className="block text-sm opacity-80">{now
					? t(now.given ? "consent.since" : "consent.until",
						{ when: dateTime(now.at) }) : t("consent.never")}
				</span>
			</span>
		</label>
	);
}

function Views() {
	const t = useText("account");
	const [given, setGiven] = useState(viewsConsent);
	const toast = useToast();
	const problem = useProblemText();
	const client = useQueryClient();
	const forget = useMutation({
		mutationFn: () => call("/api/recommend/recent",
			{ method: "DELETE" }),
		onSuccess: () => {
			forgetSearches();
			toast(t("views.forgotten"));
			return client.invalidateQueries({ predicate: ({ queryKey }) =>
				JSON.stringify(queryKey).includes("recommend") });
		},
		onError: (error) => toast(problem(error), "error"),
	});
	return (
		<section className="mt-8">
			<h2 className="mb-2">{t("views")}</h2>
			<label className="flex cursor-pointer items-start gap-3 py-2">
				<input type="checkbox" className="toggle toggle-primary mt-0.5
					shrink-0" checked={given} onChange={({ target }) => {
						setViewsConsent(target.checked);
						setGiven(target.checked);
						toast(t(target.checked ? "consent.given"
							: "consent.taken"));
					}} />
				<span>{t("views.text")}</span>
			</label>
			<button type="button" className="btn btn-sm mt-2"
				disabled={forget.isPending} onClick={() => forget.mutate()}>
				{t("views.forget")}</button>
		</section>
	);
}

export default function Consents() {
	const t = useText("account");
	const { data, error, refetch } = useQuery({ queryKey: key,
		queryFn: latest });
	const answer = useAnswer();
	if (error)
		return <Failure error={error} retry={refetch} />;
	return (
		<div className="max-w-2xl">
			<p className="mb-2">{t("consents.text")}</p>
			{!data ? <LineSkeletons count={3} height="h-40" />
				: purposes.map((purpose) => (
					<fieldset key={purpose} className="mt-6">
						<legend className="text-xl font-semibold
							tracking-tight">{t(`purpose.${purpose}`)}</legend>
						{channels.map((channel) => <One key={channel}
							purpose={purpose} channel={channel} answer={answer}
							now={data.find((consent) =>
								consent.purpose === purpose &&
								consent.channel === channel)} />)}
					</fieldset>
				))}
			<Views />
		</div>
	);
}
