// SPDX-License-Identifier: ISC
import { useState, type FormEvent } from "react";
import { Link } from "react-router";
import { piecesOf, useCart, useShipBy, useShipTo, type Cart as CartData }
	from "../../api/cart";
import { countries, countryName, useCheckoutOptions } from "../../api/places";
import { problemOf } from "../../api/problem";
import { Failure, useProblemText } from "../../components/Failure";
import { Field, Select } from "../../components/Field";
import { LockIcon } from "../../components/icons";
import { PageSkeleton } from "../../components/Skeletons";
import { useTitle } from "../../components/title";
import { Totals } from "../../components/Totals";
import { money, useText } from "../../i18n";
import { Coupons, Loyalty } from "./Extras";
import { Lines } from "./Lines";

function Where({ cart }: { cart: CartData }) {
	const t = useText("checkout");
	const common = useText("common");
	const { data: options } = useCheckoutOptions();
	const [country, setCountry] = useState<string>();
	const [postcode, setPostcode] = useState(cart.postcode ?? "");
	const ship = useShipTo();
	const problem = useProblemText();
	const faults = problemOf(ship.error)?.fields ?? {};
	const chosen = country ?? cart.country ?? options?.country ?? "";
	const submit = (event: FormEvent) => {
		event.preventDefault();
		ship.mutate({ country: chosen,
			...(postcode.trim() ? { postcode: postcode.trim() } : {}) });
	};
	return (
		<form onSubmit={submit} className="grid grid-cols-2 gap-x-3 pt-2"
			noValidate>
			<div className="col-span-2"><Select name="country"
				label={common("address.country")} value={chosen}
				error={faults.country} autoComplete="shipping country"
				onChange={({ target }) => {
					setCountry(target.value);
					setPostcode("");
					ship.mutate({ country: target.value });
				}}>{countries(options?.countries).map(({ code, name }) =>
					<option key={code} value={code}>{name}</option>)}
			</Select></div>
			<Field label={common("address.postcode")} name="postcode"
				maxLength={12} value={postcode} error={faults.postcode}
				autoComplete="shipping postal-code"
				onChange={({ target }) => setPostcode(target.value)} />
			<button className="btn mt-6" disabled={ship.isPending}>
				{t("where.apply")}</button>
			{ship.error && Object.keys(faults).length === 0 && <p role="alert"
				className="col-span-2 text-sm text-error">
				{problem(ship.error)}</p>}
		</form>
	);
}

export function Methods({ cart, among }: { cart: CartData;
	among?: (method: CartData["quote"]["shipping_methods"][number]) =>
		boolean }) {
	const t = useText("checkout");
	const ship = useShipBy();
	const problem = useProblemText();
	const { shipping, shipping_methods } = cart.quote;
	const offered = shipping_methods.filter(among ?? (() => true));
	return (
		<fieldset aria-label={t("method.title")} disabled={ship.isPending}>
			{offered.map((method) => (
				<label key={method.method_id} className="mb-2 flex
					cursor-pointer items-center gap-3 rounded-field border
					border-base-300 p-3 has-checked:border-primary">
					<input type="radio" name="shipping_method"
						className="radio radio-sm"
						checked={shipping?.method_id === method.method_id}
						onChange={() => ship.mutate(method.method_id)} />
					<span className="flex-1">{method.name}</span>
					<span className="tabular-nums">
						{method.price.amount - method.discount.amount === 0
						? t("sum.free") : money({ ...method.price,
							amount: method.price.amount -
								method.discount.amount })}</span>
				</label>
			))}
			{offered.length === 0 && <p className="text-sm">
				{t("method.none")}</p>}
			{ship.error && <p role="alert" className="text-sm text-error">
				{problem(ship.error)}</p>}
		</fieldset>
	);
}

function Shipping({ cart }: { cart: CartData }) {
	const t = useText("checkout");
	const { data: options } = useCheckoutOptions();
	const country = cart.country ?? options?.country;
	return (
		<details className="border-b border-base-300 py-3">
			<summary className="cursor-pointer py-1 font-semibold">
				{t("where.title")}{" "}
				<span className="font-normal opacity-80">
					{country && countryName(country)}</span></summary>
			<Where cart={cart} />
			<Methods cart={cart} />
		</details>
	);
}

function Empty() {
	const t = useText("checkout");
	return (
		<div className="py-16 text-center">
			<h1>{t("cart.title")}</h1>
			<p className="my-4">{t("cart.empty")}</p>
			<Link to="/" className="btn btn-primary">{t("cart.shop")}</Link>
		</div>
	);
}

function Summary({ cart }: { cart: CartData }) {
	const t = useText("checkout");
	const short = cart.unavailable.length > 0 || cart.quote.lines.some(
		(line) => !line.gift && line.quantity > line.available);
	return (
		<section aria-label={t("summary")} className="h-fit rounded-box
			bg-base-200 p-4 sm:p-6 lg:sticky lg:top-36">
			<Shipping cart={cart} />
			<Coupons cart={cart} />
			<Loyalty cart={cart} />
			<div className="pt-3"><Totals of={cart.quote} /></div>
			{short ? <p role="alert" className="mt-4 text-sm text-error">
				{t("cart.short")}</p>
				: <Link to="/checkout" className="btn btn-primary btn-lg mt-4
					w-full"><LockIcon />{t("checkout.go")}</Link>}
		</section>
	);
}

export default function Cart() {
	const t = useText("checkout");
	const { data: cart, error, refetch } = useCart();
	useTitle(t("cart.title"));
	if (!cart)
		return error ? <Failure error={error} retry={refetch} />
			: <PageSkeleton />;
	if (cart.quote.lines.length === 0 && cart.unavailable.length === 0)
		return <Empty />;
	return (
		<>
			<h1>{t("cart.title")}{" "}
				<span className="text-base font-normal opacity-80">
					{t.count("cart.count", piecesOf(cart))}</span></h1>
			<div className="mt-4 grid gap-8 lg:grid-cols-[1fr_24rem]">
				<div><Lines cart={cart} /></div>
				<Summary cart={cart} />
			</div>
		</>
	);
}
