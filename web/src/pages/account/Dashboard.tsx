// SPDX-License-Identifier: ISC
import { Link } from "react-router";
import { useDashboard, useLoyalty, usePicture, useUnread, type Dashboard as
	Facts } from "../../api/account";
import { Failure } from "../../components/Failure";
import { date, money, number, useText } from "../../i18n";
import { useProfile } from "./Account";
import { Empty, LineSkeletons } from "./lists";
import { OrderList } from "./OrderList";
import { TierProgress } from "./TierProgress";

function Greeting({ facts }: { facts?: Facts }) {
	const t = useText("account");
	const me = useProfile();
	const { data: picture } = usePicture();
	return (
		<div className="mb-6 flex items-center gap-4">
			{picture ? <img src={picture.url} alt="" width="64" height="64"
				className="size-16 shrink-0 rounded-full object-cover" />
				: <div className="skeleton size-16 shrink-0 rounded-full" />}
			<div className="min-w-0">
				<p className="text-lg font-semibold wrap-anywhere">
					{me.given_name ? t("hello", { name: me.given_name })
						: t("hello.nobody")}</p>
				<p className="min-h-6 text-sm opacity-80">{facts &&
					t("member.since", { date: date(facts.member_since) })}</p>
			</div>
		</div>
	);
}

function Fact({ name, value, to, link }: { name: string; value: string;
	to: string; link: string }) {
	return (
		<div className="flex flex-col rounded-box border border-base-300 p-4">
			<dt className="text-sm opacity-80">{name}</dt>
			<dd className="mt-1 font-bold
				wrap-anywhere min-[400px]:text-lg sm:text-2xl">{value}</dd>
			<dd className="mt-auto pt-2"><Link className="link text-sm" to={to}>
				{link}</Link></dd>
		</div>
	);
}

function Figures({ facts }: { facts: Facts }) {
	const t = useText("account");
	const unread = useUnread();
	const { orders, spent, points } = facts;
	return (
		<dl className="grid grid-cols-2 gap-3 xl:grid-cols-4">
			<Fact name={t("points")} value={number(points)}
				to="/account/loyalty" link={t("points.see")} />
			<Fact name={t("orders.count")} value={number(orders.count)}
				to="/account/orders" link={orders.open
					? t.count("orders.open", orders.open) : t("orders.see")} />
			<Fact name={t("spent")} value={spent.map(money).join(" + ") ||
				"–"} to="/account/orders" link={t("orders.see")} />
			<Fact name={t("nav.notifications")} value={unread
				? t.count("unread", unread) : t("unread.none")}
				to="/account/notifications" link={t("notices.see")} />
		</dl>
	);
}

function Tier() {
	const { data } = useLoyalty();
	return data ? <TierProgress account={data} />
		: <div className="skeleton h-28 w-full" />;
}

function Unverified() {
	const t = useText("account");
	return (
		<div role="status" className="alert alert-warning mb-6">
			<span>{t("unverified")}</span>
			<Link className="btn btn-sm" to="/verify-email">
				{t("link.again")}</Link>
		</div>
	);
}

export default function Dashboard() {
	const t = useText("account");
	const { data, error, refetch } = useDashboard();
	if (error)
		return <Failure error={error} retry={refetch} />;
	return (
		<>
			<Greeting facts={data} />
			{data && data.customer.email && !data.customer.email_verified &&
				<Unverified />}
			{data ? <Figures facts={data} />
				: <div className="skeleton h-32 w-full" />}
			<section className="mt-6"><Tier /></section>
			<section className="mt-8">
				<h2 className="mb-3">{t("orders.last")}</h2>
				{!data ? <LineSkeletons count={3} />
					: data.last_orders.length === 0
						? <Empty text={t("orders.none")} to="/"
							link={t("shop")} />
						: <OrderList items={data.last_orders} />}
			</section>
		</>
	);
}
