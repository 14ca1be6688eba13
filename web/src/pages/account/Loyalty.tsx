// SPDX-License-Identifier: ISC
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { useGrowing, useLoyalty } from "../../api/account";
import { useTakeReward } from "../../api/cart";
import { api, take, type Schemas } from "../../api/client";
import { Failure, useProblemText } from "../../components/Failure";
import { useToast } from "../../components/Toasts";
import { date, dateTime, money, number, useText } from "../../i18n";
import { Empty, LineSkeletons, More } from "./lists";
import { TierProgress } from "./TierProgress";

type Account = Schemas["Loyalty"];
type Reward = Schemas["Reward"];
type Entry = Schemas["PointsEntry"];

const kinds: Entry["kind"][] = ["earn", "bonus", "adjust", "redeem",
	"return", "reverse", "expire"];

function Balance({ account }: { account: Account }) {
	const t = useText("account");
	return (
		<div className="grid gap-4 md:grid-cols-2">
			<div className="rounded-box bg-primary p-5 text-primary-content">
				<p className="text-sm">{t("points.balance")}</p>
				<p className="text-3xl font-bold">{number(account.balance)}</p>
				<p className="mt-1 text-sm">{account.balance < 0
					? t("points.negative") : t("points.worth",
						{ worth: money(account.worth) })}</p>
				{account.expires_at && <p className="mt-1 text-sm">
					{t("points.expire", { date: date(account.expires_at) })}
				</p>}
			</div>
			<TierProgress account={account} />
		</div>
	);
}

function useReward() {
	const t = useText("account");
	const take = useTakeReward();
	const toast = useToast();
	const problem = useProblemText();
	return { pending: take.isPending, take: (id: string) => take.mutate(id, {
		onSuccess: () => toast(t("reward.taken"), "success",
			{ to: "/cart", text: t("login.cart") }),
		onError: (error) => toast(problem(error), "error"),
	}) };
}

function Offer({ reward, tiers }: { reward: Reward;
	tiers?: Schemas["Tier"][] }) {
	const t = useText("account");
	const { take, pending } = useReward();
	const tier = tiers?.find(({ code }) => code === reward.tier)?.name ??
		reward.tier;
	const worth = reward.kind === "amount_off" && reward.amount
		? t("reward.amount_off", { amount: money(reward.amount) })
		: reward.kind === "percent_off"
			? t("reward.percent_off", { percent: reward.percent ?? "" })
			: t("reward.free_shipping");
	return (
		<li className="flex flex-col rounded-box border border-base-300 p-4">
			<p className="font-semibold wrap-anywhere">{reward.name}</p>
			<p className="text-sm">{worth}</p>
			{reward.about && <p className="mt-1 text-sm opacity-80
				wrap-anywhere">{reward.about}</p>}
			<p className="mt-2 font-bold">
				{t.count("points.count", reward.cost)}</p>
			{reward.ends_at && <p className="text-sm opacity-80">
				{t("reward.until", { date: date(reward.ends_at) })}</p>}
			<div className="mt-auto pt-3">
				{!reward.tier_reached
					? <p className="text-sm">{t("reward.tier", { tier })}</p>
					: !reward.affordable
						? <p className="text-sm">{t("reward.dear")}</p>
						: <button type="button" className="btn btn-primary
							btn-sm" disabled={pending}
							aria-label={t("reward.take.named",
								{ name: reward.name })}
							onClick={() => take(reward.id)}>
							{t("reward.take")}</button>}
			</div>
		</li>
	);
}

function useTiers() {
	return useQuery({ queryKey: ["tiers"], staleTime: 300_000,
		queryFn: () => take(api.GET("/api/loyalty/tiers")) });
}

function Rewards() {
	const t = useText("account");
	const tiers = useTiers();
	const { data, error, refetch } = useQuery({
		queryKey: ["account", "rewards"],
		queryFn: () => take(api.GET("/api/loyalty/rewards")) });
	return (
		<section className="mt-10">
			<h2 className="mb-4">{t("rewards")}</h2>
			{error ? <Failure error={error} retry={refetch} />
				: !data ? <LineSkeletons count={1} height="h-40" />
				: data.items.length === 0 ? <Empty text={t("rewards.none")} />
				: <ul className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
					{data.items.map((reward) => <Offer key={reward.id}
						reward={reward} tiers={tiers.data?.items} />)}
				</ul>}
		</section>
	);
}

function Tiers({ own }: { own?: string }) {
	const t = useText("account");
	const { data } = useTiers();
	return (
		<section className="mt-10">
			<h2 className="mb-4">{t("tiers")}</h2>
			{!data ? <LineSkeletons count={5} height="h-14" />
				: <ul className="divide-y divide-base-300 rounded-box border
					border-base-300">
					{data.items.map((tier) => (
						<li key={tier.code} className="px-4 py-3">
							<p className="flex flex-wrap items-baseline gap-x-3">
								<span className="font-semibold">{tier.name}</span>
								{tier.code === own && <span className="badge
									badge-success badge-sm">{t("tier.own")}</span>}
								<span className="text-sm">{t("tier.from",
									{ points: number(tier.points) })} · {t(
									"tier.multiplier",
									{ times: number(Number(tier.multiplier)) })}
								</span>
							</p>
							{tier.advantages.length > 0 && <ul className="mt-1
								list-disc pl-5 text-sm">
								{tier.advantages.map((text) => <li key={text}>
									{text}</li>)}</ul>}
						</li>
					))}
				</ul>}
		</section>
	);
}

function Line({ entry }: { entry: Entry }) {
	const t = useText("account");
	return (
		<li className="flex items-center justify-between gap-4 px-4 py-3">
			<div className="min-w-0">
				<p className="font-medium">{kinds.includes(entry.kind)
					? t(`entry.${entry.kind}`) : entry.kind}</p>
				<p className="text-sm opacity-80 wrap-anywhere">
					{dateTime(entry.at)}
					{entry.kind === "adjust" && entry.reason &&
						` · ${entry.reason}`}
					{entry.order_id && <> · <Link className="link"
						to={`/account/orders/${entry.order_id}`}>
						{t("entry.order")}</Link></>}
				</p>
			</div>
			<p className="shrink-0 text-right">
				<span className="block font-bold">
					{entry.points > 0 ? "+" : entry.points < 0 ? "−" : ""}
					{number(Math.abs(entry.points))}</span>
				<span className="text-sm opacity-80">
					{t("entry.balance", { points: number(entry.balance) })}
				</span>
			</p>
		</li>
	);
}

function History() {
	const t = useText("account");
	const found = useGrowing<Entry>("/api/loyalty/history");
	return (
		<section className="mt-10">
			<h2 className="mb-4">{t("points.history")}</h2>
			{found.error ? <Failure error={found.error}
				retry={found.refetch} />
				: !found.items ? <LineSkeletons />
				: found.items.length === 0
					? <Empty text={t("points.none")} to="/"
						link={t("shop")} />
					: <ul className="divide-y divide-base-300 rounded-box
						border border-base-300">
						{found.items.map((entry) => <Line key={entry.id}
							entry={entry} />)}</ul>}
			<More list={found} />
		</section>
	);
}

export default function Loyalty() {
	const { data, error, refetch } = useLoyalty();
	return (
		<>
			{error ? <Failure error={error} retry={refetch} />
				: data ? <Balance account={data} />
				: <LineSkeletons count={1} height="h-36" />}
			<Rewards />
			<Tiers own={data?.tier.code} />
			<History />
		</>
	);
}
