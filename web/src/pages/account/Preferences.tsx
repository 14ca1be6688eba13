// SPDX-License-Identifier: ISC
// Of what one wants to be told, and how: each switch is kept at once.
import { useMutation, useQuery, useQueryClient } from
	"@tanstack/react-query";
import { Link } from "react-router";
import { call, type Schemas } from "../../api/client";
import { Failure, useProblemText } from "../../components/Failure";
import { useToast } from "../../components/Toasts";
import { useText } from "../../i18n";
import { LineSkeletons } from "./lists";

type List = Schemas["NotificationPreferenceList"];
type One = Schemas["NotificationPreference"];

const key = ["account", "preferences"];
const path = "/api/customers/notification-preferences";
const ask = () => call<List>(path);

/** They are replaced whole, so those of now are asked for first. */
async function put({ kind, channel, on }: One): Promise<List> {
	const { items } = await ask();
	return call<List>(path, { method: "PUT", body: JSON.stringify({
		items: items.map((one) => ({ kind: one.kind, channel: one.channel,
			on: one.kind === kind && one.channel === channel ? on
				: one.on })) }) });
}

function Switch({ one, change }: { one: One;
	change: (on: boolean) => void }) {
	const t = useText("account");
	if (one.fixed)
		return <span className="flex items-center gap-2 text-sm"><span
			aria-hidden="true">✓</span>{t(`channel.${one.channel}`)}</span>;
	const label = `${t(`kind.${one.kind}`)}: ${t(`channel.${one.channel}`)}`;
	return (
		<label className="flex cursor-pointer items-center gap-2">
			<input type="checkbox" className="toggle toggle-primary toggle-sm"
				aria-label={label} checked={one.on}
				onChange={({ target }) => change(target.checked)} />
			<span aria-hidden="true" className="text-sm">
				{t(`channel.${one.channel}`)}</span>
		</label>
	);
}

function Kind({ items, change }: { items: One[];
	change: (one: One) => void }) {
	const t = useText("account");
	const { kind } = items[0]!;
	const mail = items.find(({ channel }) => channel === "email");
	return (
		<li className="flex flex-wrap items-center justify-between gap-x-6
			gap-y-2 px-4 py-3">
			<div className="min-w-0 flex-1 basis-56">
				<p className="font-medium">{t(`kind.${kind}`)}</p>
				{mail?.fixed && <p className="text-sm opacity-80">
					{t("preference.fixed")}</p>}
				{mail?.on && mail.consented === false && <p
					className="text-sm">{t("preference.consent")} <Link
					className="link" to="/account/consents">
					{t("nav.consents")}</Link></p>}
			</div>
			<div className="flex gap-5">
				{items.map((one) => <Switch key={one.channel} one={one}
					change={(on) => change({ ...one, on })} />)}
			</div>
		</li>
	);
}

function useChange() {
	const t = useText("account");
	const client = useQueryClient();
	const toast = useToast();
	const problem = useProblemText();
	return useMutation({
		mutationFn: put, scope: { id: "preferences" },
		onMutate: (one) => client.setQueryData<List>(key, (now) => now && {
			...now, items: now.items.map((old) => old.kind === one.kind &&
				old.channel === one.channel ? one : old) }),
		onSuccess: (now) => {
			client.setQueryData(key, now);
			toast(t("saved"));
		},
		onError: (error) => {
			toast(problem(error), "error");
			return client.invalidateQueries({ queryKey: key });
		},
	});
}

export function Preferences() {
	const t = useText("account");
	const { data, error, refetch } = useQuery({ queryKey: key,
		queryFn: ask });
	const change = useChange();
	const kinds = [...new Set(data?.items.map(({ kind }) => kind))];
	return (
		<section className="mt-10">
			<h2 className="mb-1">{t("preferences")}</h2>
			<p className="mb-4 max-w-prose text-sm">{t("preferences.text")}</p>
			{error ? <Failure error={error} retry={refetch} />
				: !data ? <LineSkeletons height="h-14" />
				: <ul className="divide-y divide-base-300 rounded-box border
					border-base-300">
					{kinds.map((kind) => <Kind key={kind}
						items={data.items.filter((one) => one.kind === kind)}
						change={change.mutate} />)}</ul>}
		</section>
	);
}
