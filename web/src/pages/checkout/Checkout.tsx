// SPDX-License-Identifier: ISC
// From the cart to an order, on one page.
import { useIsMutating } from "@tanstack/react-query";
import { useEffect, useRef, useState, type FormEvent, type ReactNode } from
	"react";
import { Link, useNavigate } from "react-router";
import { useCart, useShipBy, useShipTo, type Cart } from "../../api/cart";
import { useAddresses, type Address } from "../../api/addresses";
import { useCheckOut } from "../../api/orders";
import { useCheckoutOptions } from "../../api/places";
import { problemOf } from "../../api/problem";
import { loginPath, useMe, type Profile } from "../../api/session";
import { AddressFields, AddressText, type AddressPart } from
	"../../components/AddressFields";
import { Failure, useProblemText } from "../../components/Failure";
import { Field, TextArea } from "../../components/Field";
import { LockIcon } from "../../components/icons";
import { PageSkeleton } from "../../components/Skeletons";
import { useTitle } from "../../components/title";
import { Totals } from "../../components/Totals";
import { money, useText } from "../../i18n";
import { Methods } from "./Cart";
import { filled, forgetDraft, useDraft, type Draft } from "./draft";
import { Coupons, Loyalty } from "./Extras";
import { optionsText } from "./Lines";

type Drafting = ReturnType<typeof useDraft>;
type Faults = Record<string, string>;

function Step({ title, children }: { title: string; children: ReactNode }) {
	return (
		<section className="border-b border-base-300 py-5">
			<h2 className="mb-3">{title}</h2>
			{children}
		</section>
	);
}

function Choice({ name, checked, choose, children }: { name: string;
	checked: boolean; choose: () => void; children: ReactNode }) {
	return (
		<label className="mb-2 flex cursor-pointer items-start gap-3
			rounded-field border border-base-300 p-3
			has-checked:border-primary">
			<input type="radio" name={name} checked={checked}
				className="radio radio-sm mt-0.5" onChange={choose} />
			<span className="min-w-0 flex-1">{children}</span>
		</label>
	);
}

function Contact({ me, faults, draft, change }: Drafting & {
	me: Profile | null; faults: Faults }) {
	const t = useText("checkout");
	const common = useText("common");
	return (
		<Step title={t("contact")}>
			{me ? <p>{me.given_name} {me.family_name}<br />{me.email}</p> : <>
				<p className="mb-3 text-sm">{t("contact.known")}{" "}
					<Link className="link" to={loginPath("/checkout")}>
						{common("login")}</Link></p>
				<Field label={t("contact.email")} name="email" type="email"
					autoComplete="email" maxLength={254} required
					value={draft.email} error={faults.email}
					hint={t("contact.why")} onChange={({ target }) =>
						change({ email: target.value })} />
			</>}
		</Step>
	);
}

/** The book's addresses first, and one that is typed in. */
function Where({ book, faults, draft, change, changePart, moved }: Drafting & {
	book: Address[]; faults: Faults;
	moved: (country: string, postcode: string) => void }) {
	const t = useText("checkout");
	const typed = book.length === 0 || draft.address_id === "";
	const type = (part: AddressPart, value: string) => {
		changePart("shipping", part, value);
		if (part === "country" && value)
			moved(value, draft.shipping.postcode ?? "");
		if (part === "postcode" && draft.shipping.country)
			moved(draft.shipping.country, value);
	};
	return (
		<>
			{book.map((address) => (
				<Choice key={address.id} name="address"
					checked={draft.address_id === address.id}
					choose={() => {
						change({ address_id: address.id });
						moved(address.country, address.postcode ?? "");
					}}>
					{address.label && <b>{address.label}</b>}
					<AddressText value={plain(address)} />
				</Choice>
			))}
			{book.length > 0 && <Choice name="address" checked={typed}
				choose={() => change({ address_id: "" })}>
				{t("where.other")}</Choice>}
			{(faults.address_id ?? faults.shipping_address) && <p role="alert"
				className="text-sm text-error">
				{faults.address_id ?? faults.shipping_address}</p>}
			{typed && <AddressFields kind="shipping" values={draft.shipping}
				change={type}
				fault={(part) => faults[`shipping_address.${part}`]} />}
		</>
	);
}

const plain = ({ name, company, line1, line2, city, region, postcode,
	country }: Address) => ({ name, company: company ?? "", line1,
	line2: line2 ?? "", city, region: region ?? "",
	postcode: postcode ?? "", country });

function Delivery({ cart, book, faults, setMoving, ...drafting }: Drafting & {
	cart: Cart; book: Address[]; faults: Faults;
	/** Told while the price is for another place than the address. */
	setMoving: (moving: boolean) => void }) {
	const t = useText("checkout");
	const shipBy = useShipBy();
	const shipTo = useShipTo();
	const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
	const { shipping_methods: all, shipping } = cart.quote;
	const chosen = all.find(({ method_id }) =>
		method_id === shipping?.method_id);
	const sent = chosen?.needs_address ?? true;
	const first = (needs: boolean) =>
		all.find(({ needs_address }) => needs_address === needs)?.method_id;
	const wanted = shipping ? undefined : first(true) ?? first(false);
	useEffect(() => {
		if (wanted && !shipBy.isPending)
			shipBy.mutate(wanted);
	}, [wanted]);
	const moved = (country: string, postcode: string) => {
		setMoving(true);
		clearTimeout(timer.current);
		timer.current = setTimeout(() => shipTo.mutate({ country,
			...(postcode.trim() ? { postcode: postcode.trim() } : {}) },
			{ onSettled: () => setMoving(false) }), 300);
	};
	useBookFirst({ book, cart, moved, ...drafting });
	return (
		<Step title={t("delivery")}>
			{first(true) && first(false) && (
				<div className="mb-4 grid gap-x-2 sm:grid-cols-2">
					<Choice name="kind" checked={sent}
						choose={() => shipBy.mutate(first(true)!)}>
						{t("delivery.send")}</Choice>
					<Choice name="kind" checked={!sent}
						choose={() => shipBy.mutate(first(false)!)}>
						{t("delivery.collect")}</Choice>
				</div>)}
			{(sent || !first(false)) && <Where {...{ book, faults, moved }}
				{...drafting} />}
			<h3 className="mb-2 mt-3 font-semibold">{t("method.title")}</h3>
			<Methods cart={cart} among={({ needs_address }) =>
				needs_address === sent} />
			{faults.shipping_method_id && <p role="alert"
				className="text-sm text-error">
				{faults.shipping_method_id}</p>}
		</Step>
	);
}

/** Who has addresses begins with the usual one; the price is for it. */
function useBookFirst({ book, cart, draft, change, moved }: Drafting & {
	book: Address[]; cart: Cart;
	moved: (country: string, postcode: string) => void }) {
	const usual = book.find((one) => one.is_default_shipping) ?? book[0];
	const known = draft.address_id === "" ||
		book.some(({ id }) => id === draft.address_id);
	useEffect(() => {
		if (!usual || known)
			return;
		change({ address_id: usual.id });
		if (usual.country !== cart.country ||
			(usual.postcode ?? null) !== cart.postcode)
			moved(usual.country, usual.postcode ?? "");
	}, [usual?.id, known]);
}

function Billing({ draft, change, changePart, faults, sent }: Drafting & {
	faults: Faults; sent: boolean }) {
	const t = useText("checkout");
	return (
		<Step title={t("billing")}>
			<label className="mb-3 flex cursor-pointer items-center gap-3">
				<input type="checkbox" className="checkbox checkbox-sm"
					checked={draft.billing_differs} onChange={({ target }) =>
						change({ billing_differs: target.checked })} />
				{t(sent ? "billing.differs" : "billing.wanted")}</label>
			{draft.billing_differs && <AddressFields kind="billing"
				values={draft.billing} change={(part, value) =>
					changePart("billing", part, value)}
				fault={(part) => faults[`billing_address.${part}`]} />}
		</Step>
	);
}

function Payment({ draft, change, faults }: Drafting & { faults: Faults }) {
	const t = useText("checkout");
	const { data: options } = useCheckoutOptions();
	const methods = options?.payment_methods ?? [];
	const only = methods[0]?.method;
	useEffect(() => {
		if (only && !methods.some(({ method }) => method === draft.payment))
			change({ payment: only });
	}, [only]);
	return (
		<Step title={t("payment")}>
			<fieldset aria-label={t("payment")}>
				{methods.map(({ method }) => (
					<Choice key={method} name="payment"
						checked={draft.payment === method}
						choose={() => change({ payment: method })}>
						<b className="font-medium">{t(`pay.${method}`)}</b>
						<span className="block text-sm opacity-80">
							{t(`pay.${method}.how`)}</span>
					</Choice>
				))}
			</fieldset>
			{faults.payment_method && <p role="alert"
				className="text-sm text-error">{faults.payment_method}</p>}
			<TextArea label={t("note")} name="note" rows={2}
				maxLength={1000} value={draft.note} error={faults.note}
				onChange={({ target }) => change({ note: target.value })} />
		</Step>
	);
}

function Review({ cart, children }: { cart: Cart; children: ReactNode }) {
	const t = useText("checkout");
	return (
		<aside aria-label={t("summary")} className="h-fit rounded-box
			bg-base-200 p-4 sm:p-6 lg:sticky lg:top-36">
			<h2 className="flex justify-between">{t("review")}
				<Link to="/cart" className="link text-sm font-normal">
					{t("review.change")}</Link></h2>
			<ul className="my-3 max-h-72 overflow-y-auto" tabIndex={0}>
				{cart.quote.lines.map((line) => (
					<li key={line.id + (line.gift ? "gift" : "")}
						className="flex justify-between gap-3 py-1 text-sm">
						<span className="min-w-0">{line.quantity} × {line.name}
							<span className="block opacity-80">
								{optionsText(line.options)}</span></span>
						<span className="shrink-0 tabular-nums">
							{money(line.subtotal)}</span>
					</li>
				))}
			</ul>
			<Coupons cart={cart} />
			<Loyalty cart={cart} />
			<div className="pt-3"><Totals of={cart.quote} /></div>
			{children}
		</aside>
	);
}

interface Short { sku: string; name: string; wanted: number;
	available: number }

/** Why the order wasn't taken, where no field is at fault. */
function Refusal({ error, total }: { error: unknown; total: string }) {
	const t = useText("checkout");
	const problem = problemOf(error);
	const text = useProblemText();
	const short = (problem?.data.lines ?? []) as Short[];
	if (!problem)
		return null;
	return (
		<div role="alert" tabIndex={-1} className="alert alert-error alert-soft
			my-4 block">
			{problem.code === "PRICE_CHANGED"
				? t("changed", { total })
				: problem.faults.length > 0 ? t("look")
				: problem.status === 0 ? t("lost") : text(error)}
			{short.map(({ sku, name, wanted, available }) => <p key={sku}>
				{t("short", { name, wanted, available })}</p>)}
			{(short.length > 0 || problem.code === "CART_EMPTY") &&
				<p><Link className="link" to="/cart">{t("cart.back")}</Link></p>}
		</div>
	);
}

function bodyOf(draft: Draft, me: Profile | null, cart: Cart, sent: boolean) {
	const ofBook = me !== null && !!draft.address_id;
	const address = filled(draft.shipping);
	const billing = draft.billing_differs ? filled(draft.billing) ?? {}
		: undefined;
	return {
		...(me ? {} : { email: draft.email.trim() || undefined }),
		...(!sent ? {} : ofBook ? { address_id: draft.address_id }
			: { shipping_address: address }),
		...(billing ? { billing_address: billing } : {}),
		shipping_method_id: cart.quote.shipping?.method_id,
		payment_method: draft.payment,
		note: draft.note.trim() || undefined,
		expected_total: cart.quote.total,
	};
}

function Form({ cart, me, book, country }: { cart: Cart;
	me: Profile | null; book: Address[]; country: string }) {
	const t = useText("checkout");
	const navigate = useNavigate();
	const form = useRef<HTMLFormElement>(null);
	const drafting = useDraft(cart.country ?? country);
	const busy = useIsMutating({ mutationKey: ["cart"] }) > 0;
	const [moving, setMoving] = useState(false);
	const sending = useRef(false);
	const place = useCheckOut((order) => {
		forgetDraft();
		void navigate(`/order/${order.id}`,
			{ replace: true, state: { placed: true } });
	});
	const faults = problemOf(place.error)?.fields ?? {};
	const sent = cart.quote.shipping_methods.find(({ method_id }) =>
		method_id === cart.quote.shipping?.method_id)?.needs_address ?? true;
	const total = money(cart.quote.total);
	useEffect(() => {
		if (place.error)
			(form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')
				?? form.current?.querySelector<HTMLElement>('[role="alert"]'))
				?.focus();
	}, [place.error]);
	const submit = (event: FormEvent) => {
		event.preventDefault();
		// Two presses may come before the button is drawn as pressed.
		if (sending.current)
			return;
		sending.current = true;
		place.mutate(bodyOf(drafting.draft, me, cart, sent),
			{ onError: () => { sending.current = false; } });
	};
	const step = { faults, ...drafting };
	return (
		<div className="mt-2 grid gap-8 lg:grid-cols-[1fr_24rem]">
			<form ref={form} id="checkout" onSubmit={submit} noValidate>
				<Refusal error={place.error} total={total} />
				<Contact me={me} {...step} />
				<Delivery cart={cart} book={book} setMoving={setMoving}
					{...step} />
				<Billing sent={sent} {...step} />
				<Payment {...step} />
			</form>
			<Review cart={cart}>
				<p className="my-4 text-sm">{t("terms")}{" "}
					<Link className="link" to="/shipping-and-returns">
						{t("terms.returns")}</Link></p>
				<button form="checkout" className="btn btn-primary btn-lg
					w-full" aria-busy={place.isPending}
					disabled={place.isPending || place.isSuccess ||
						busy || moving}>
					<LockIcon />{place.isPending ? t("placing")
						: t("place", { total })}</button>
			</Review>
		</div>
	);
}

function Closed({ text, login }: { text: string; login?: boolean }) {
	const common = useText("common");
	return (
		<div className="py-16 text-center">
			<p className="my-4">{text}</p>
			{login && <Link to={loginPath("/checkout")}
				className="btn btn-primary">{common("login")}</Link>}
		</div>
	);
}

export default function Checkout() {
	const t = useText("checkout");
	const { data: cart, error, refetch } = useCart();
	const { data: me } = useMe();
	const { data: book } = useAddresses(!!me);
	const { data: options } = useCheckoutOptions();
	useTitle(t("checkout.title"));
	if (error && !cart)
		return <Failure error={error} retry={refetch} />;
	if (!cart || me === undefined || (me && !book) || !options)
		return <PageSkeleton />;
	if (!options.open)
		return <Closed text={t("closed")} />;
	if (me === null && !options.guests)
		return <Closed text={t("closed.guests")} login />;
	if (cart.quote.lines.length === 0)
		return (
			<div className="py-16 text-center">
				<h1>{t("checkout.title")}</h1>
				<p className="my-4">{t("cart.empty")}</p>
				<Link to="/" className="btn btn-primary">{t("cart.shop")}</Link>
			</div>
		);
	return (
		<>
			<h1>{t("checkout.title")}</h1>
			<Form key={me?.id ?? "guest"} cart={cart} me={me}
				country={options.country} book={book?.items ?? []} />
		</>
	);
}
