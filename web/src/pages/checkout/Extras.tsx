// SPDX-License-Identifier: ISC
// What takes something off the total: coupons, points, rewards.
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { Link } from "react-router";
import { useAddCoupon, useDropCoupon, useSpendPoints, useTakeReward,
	type Cart } from "../../api/cart";
import { api, take } from "../../api/client";
import { problemOf } from "../../api/problem";
import { loginPath, useMe } from "../../api/session";
import { useProblemText } from "../../components/Failure";
import { Field } from "../../components/Field";
import { money, number, useText } from "../../i18n";

function Coupon({ coupon }: { coupon: Cart["coupons"][number] }) {
	const t = useText("checkout");
	const drop = useDropCoupon();
	return (
		<li className="flex items-center justify-between gap-2 py-1 text-sm">
			<span className="min-w-0 break-words"><b>{coupon.code}</b>{" "}
				{coupon.name}
				{coupon.problem && <span className="block text-error">
					{t(`coupon.${coupon.problem}`)}</span>}</span>
			<button type="button" className="btn btn-ghost btn-sm"
				disabled={drop.isPending}
				aria-label={t("remove.named", { name: coupon.code })}
				onClick={() => drop.mutate(coupon.code)}>{t("remove")}</button>
		</li>
	);
}

export function Coupons({ cart }: { cart: Cart }) {
	const t = useText("checkout");
	const [code, setCode] = useState("");
	const add = useAddCoupon();
	const problem = useProblemText();
	const submit = (event: FormEvent) => {
		event.preventDefault();
		if (code.trim())
			add.mutate(code.trim(), { onSuccess: () => setCode("") });
	};
	return (
		<details className="border-b border-base-300 py-3"
			open={cart.coupons.length > 0}>
			<summary className="cursor-pointer py-1 font-semibold">
				{t("coupon.title")}</summary>
			<ul>{cart.coupons.map((coupon) =>
				<Coupon key={coupon.code} coupon={coupon} />)}</ul>
			<form onSubmit={submit} className="flex items-start gap-2 pt-2"
				noValidate>
				<div className="flex-1"><Field label={t("coupon.code")}
					name="code" value={code} maxLength={40}
					autoComplete="off" autoCapitalize="characters"
					error={add.error ? problemOf(add.error)?.fields.code ??
						problem(add.error) : undefined}
					onChange={({ target }) => {
						setCode(target.value);
						add.reset();
					}} /></div>
				<button className="btn mt-6" disabled={add.isPending}>
					{t("coupon.add")}</button>
			</form>
		</details>
	);
}

function Points({ points }: {
	points: NonNullable<Cart["quote"]["points"]> }) {
	const t = useText("checkout");
	const spend = useSpendPoints();
	const problem = useProblemText();
	const [wanted, setWanted] = useState("");
	const submit = (event: FormEvent) => {
		event.preventDefault();
		const n = Math.floor(Number(wanted));
		if (n > 0)
			spend.mutate(n, { onSuccess: () => setWanted("") });
	};
	if (points.wanted > 0)
		return (
			<div className="flex items-center justify-between gap-2 py-1">
				<span className="text-sm">{t("points.spent",
					{ points: number(points.redeemed),
						amount: money(points.amount) })}</span>
				<button type="button" className="btn btn-ghost btn-sm"
					disabled={spend.isPending} onClick={() => spend.mutate(0)}>
					{t("remove")}</button>
			</div>
		);
	return (
		<form onSubmit={submit} className="flex items-start gap-2 pt-2"
			noValidate>
			<div className="flex-1"><Field label={t("points.label")}
				type="number" inputMode="numeric" min={1}
				max={points.balance} value={wanted} autoComplete="off"
				error={spend.error ? problemOf(spend.error)?.fields.points ??
					problem(spend.error) : undefined}
				onChange={({ target }) => {
					setWanted(target.value);
					spend.reset();
				}} /></div>
			<button className="btn mt-6" disabled={spend.isPending}>
				{t("points.use")}</button>
		</form>
	);
}

function Rewards({ cart }: { cart: Cart }) {
	const t = useText("checkout");
	const { data } = useQuery({ queryKey: ["rewards"],
		queryFn: () => take(api.GET("/api/loyalty/rewards")) });
	const choose = useTakeReward();
	const problem = useProblemText();
	const { reward, points } = cart.quote;
	const within = data?.items.filter(({ id, cost }) =>
		cost <= (points?.balance ?? 0) || id === cart.reward_id) ?? [];
	if (within.length === 0)
		return null;
	return (
		<fieldset className="pt-3" disabled={choose.isPending}>
			<legend className="text-sm font-medium">{t("reward.title")}
			</legend>
			{[...within, null].map((item) => (
				<label key={item?.id ?? "none"} className="flex cursor-pointer
					items-center gap-3 py-1.5 text-sm">
					<input type="radio" name="reward"
						className="radio radio-sm"
						checked={cart.reward_id === (item?.id ?? null)}
						onChange={() => choose.mutate(item?.id ?? null)} />
					<span className="flex-1">{item ? item.name
						: t("reward.none")}</span>
					{item && <span className="opacity-80">{t.count("points",
						item.cost)}</span>}
				</label>
			))}
			{reward && !reward.applied && <p className="text-sm
				text-secondary">{t("reward.idle")}</p>}
			{choose.error && <p role="alert" className="text-sm text-error">
				{problem(choose.error)}</p>}
		</fieldset>
	);
}

export function Loyalty({ cart }: { cart: Cart }) {
	const t = useText("checkout");
	const { data: me } = useMe();
	const { points } = cart.quote;
	if (me === null)
		return <p className="border-b border-base-300 py-4 text-sm">
			<Link className="link" to={loginPath("/cart")}>{t("points.login")}
			</Link> {t("points.why")}</p>;
	if (!points)
		return null;
	return (
		<details className="border-b border-base-300 py-3"
			open={points.wanted > 0 || cart.reward_id !== null}>
			<summary className="cursor-pointer py-1 font-semibold">
				{t("points.title")}{" "}
				<span className="font-normal opacity-80">
					{t.count("points", points.balance)}</span></summary>
			{points.balance > 0 && <Points points={points} />}
			<Rewards cart={cart} />
			<p className="pt-2 text-sm opacity-80">
				{t.count("points.earns", points.earns)}</p>
		</details>
	);
}
