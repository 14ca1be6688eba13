// SPDX-License-Identifier: ISC
// One customer: who it is, what was agreed, what staff noted, and all that
// happened.
import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "react-router";
import { countryName } from "../../../api/places";
import { Failure, useProblemText } from "../../../components/Failure";
import { useToast } from "../../../components/Toasts";
import { number, useText } from "../../../i18n";
import { useConfirm } from "../../components/Confirm";
import { PageHead } from "../../components/PageHead";
import { RecordForm } from "../../components/RecordForm";
import { Badge, Money, When } from "../../components/Shown";
import { fetchRecord, send, useRecord, type Versioned } from "../../record";
import { useMays } from "../../session";
import { customers, nameOf, tierName, usePerson, type Customer as One } from
	"./customer";
import { Pairs } from "./Doubles";
import { Notes } from "./Notes";
import { Timeline } from "./Timeline";

function Figures({ one }: { one: One }) {
	const t = useText("panel_customers");
	const see = useMays();
	return (
		<dl className="mb-6 flex flex-wrap gap-x-10 gap-y-3 max-sm:grid
			max-sm:grid-cols-2 [&_dd]:font-semibold [&_dt]:text-sm">
			<div><dt>{t("number")}</dt><dd>#{one.number}</dd></div>
			<div><dt>{t("orders")}</dt><dd>
				{see("orders.read") && one.orders > 0 ? <Link className="link"
					to={`/orders?customer_id=${one.id}`}>{number(one.orders)}
				</Link> : number(one.orders)}</dd></div>
			<div><dt>{t("spent")}</dt><dd><Money of={one.spent} /></dd></div>
			<div><dt>{t("last_order")}</dt>
				<dd><When at={one.last_order_at} day /></dd></div>
			<div><dt>{t("points")}</dt><dd>{one.points
				? `${number(one.points.balance)} · ${tierName(one.points.tier)}`
				: "–"}</dd></div>
			<div><dt>{t("last_seen")}</dt>
				<dd><When at={one.last_seen_at} /></dd></div>
		</dl>
	);
}

function Consents({ one }: { one: One }) {
	const t = useText("panel_customers");
	return (
		<section aria-labelledby="consents" className="mb-8">
			<h2 id="consents" className="mb-2">{t("consents")}</h2>
			{one.current_consents.length === 0 && <p>{t("consents.none")}</p>}
			<ul className="space-y-1 text-sm">{one.current_consents.map((it) =>
				<li key={`${it.purpose} ${it.channel}`}>
					<Badge state={it.given ? "yes" : "refused"}
						text={it.given ? t("consent.yes") : t("consent.no")} />{" "}
					{t("consent.of", { purpose: t(`purpose.${it.purpose}` as
						"purpose.marketing"), channel: t(`channel.${it.channel
						}` as "channel.email") })}{" · "}
					<When at={it.at} exact />{" · "}
					{t(`source.${it.source}` as "source.account")}
					{it.address && <> · {it.address}</>}
					{it.text_digest && <span className="block text-xs
						opacity-80" title={it.text_digest}>{t("consent.text",
							{ mark: it.text_digest.slice(0, 12) })}</span>}
				</li>)}</ul>
		</section>
	);
}

function Addresses({ one }: { one: One }) {
	const t = useText("panel_customers");
	return (
		<section aria-labelledby="addresses" className="mb-8">
			<h2 id="addresses" className="mb-2">{t("addresses")}</h2>
			{one.addresses.length === 0 && <p>{t("addresses.none")}</p>}
			<ul className="space-y-2 text-sm">{one.addresses.map((at) =>
				<li key={at.id}>{[at.label, at.name, at.company, at.line1,
					at.line2, at.postcode, at.city, at.region,
					countryName(at.country), at.phone].filter(Boolean).join(", ")}</li>)}</ul>
		</section>
	);
}

/** What can be done with the whole of a customer. */
function Whole({ one, etag, again }: { one: One; etag?: string;
	again: () => unknown }) {
	const t = useText("panel_customers");
	const may = useMays();
	const toast = useToast();
	const problem = useProblemText();
	const navigate = useNavigate();
	const client = useQueryClient();
	const [dialog, confirm] = useConfirm();
	const path = `${customers}/${one.id}`;
	const put = async (state: string, undo: boolean) => {
		try {
			// Of whatever version: the way back is from the state alone.
			const now = undo ? await fetchRecord<One>(path) : { etag };
			await send("PUT", `${path}/state`, { state }, now.etag);
			toast(t(state === "active" ? "activated" : "deactivated"),
				"success", undo ? undefined : { text: t("undo"),
					act: () => void put(one.state, true) });
		} catch (error) {
			toast(problem(error), "error");
		}
		await again();
	};
	const erase = async () => {
		if (!await confirm({ title: t("erase"), danger: true, act: t("erase"),
			text: t("erase.text"), type: String(one.number) }))
			return;
		try {
			await send("DELETE", path, undefined, etag);
			toast(t("erased"));
			void client.invalidateQueries({ queryKey: ["list", customers] });
			void navigate("/customers");
		} catch (error) {
			toast(problem(error), "error");
		}
	};
	if (one.state === "erased")
		return null;
	return (
		<>
			{may("tasks.write") && <Link className="btn btn-sm"
				to={`/tasks?new=1&customer_id=${one.id}`}>{t("task.new")}</Link>}
			{may("customers.write") && <button type="button"
				className="btn btn-sm" onClick={() => void put(
					one.state === "active" ? "disabled" : "active", false)}>
				{one.state === "active" ? t("deactivate") : t("activate")}
			</button>}
			{may("customers.erase") && <button type="button"
				className="btn btn-error btn-sm" onClick={() => void erase()}>
				{t("erase")}</button>}
			{dialog}
		</>
	);
}

function Gone({ one }: { one: One }) {
	const t = useText("panel_customers");
	return <p role="status" className="alert mb-6">{one.merged_into ? <>
		{t("merged.into")} <Link className="link"
			to={`/customers/${one.merged_into.id}`}>
			{nameOf(one.merged_into)} (#{one.merged_into.number})</Link></>
		: t("erased.text")}</p>;
}

function Shown({ record, id }: { record: Versioned<One>; id: string }) {
	const t = useText("panel_customers");
	const may = useMays();
	const client = useQueryClient();
	const fields = usePerson();
	const { data: one, etag } = record;
	const path = `${customers}/${id}`;
	const told = () => client.invalidateQueries({ queryKey:
		["timeline", id] });
	const again = () => Promise.all([told(),
		client.invalidateQueries({ queryKey: ["record", path] }),
		client.invalidateQueries({ queryKey: ["list", customers] })]);
	const gone = one.state === "erased";
	return (
		<>
			<PageHead title={nameOf(one)} back={[{ to: "/customers",
				text: t("customers") }]} beside={<>
				<Badge state={one.state} text={t(`state.${one.state}`)} />
				{one.verified && <Badge state="verified" text={t("verified")} />}
				{one.tags.map((tag) => <Badge key={tag} state="" text={tag} />)}
			</>} actions={<Whole one={one} etag={etag} again={again} />} />
			{gone && <Gone one={one} />}
			<Figures one={one} />
			{one.doubles > 0 && <section aria-labelledby="doubles"
				className="mb-8"><h2 id="doubles" className="mb-2">
					{t("doubles")}</h2><Pairs of={id} /></section>}
			<div className="grid gap-8 lg:grid-cols-2">
				<div className="min-w-0">
					{!gone && <section aria-labelledby="profile"
						className="mb-8">
						<h2 id="profile" className="mb-3">{t("profile")}</h2>
						<RecordForm<Versioned<One>> name="customer" id={id}
							stored={one} etag={etag} fields={fields}
							fixed={!may("customers.write")}
							save={({ changes, etag: version }) => send<One>(
								"PATCH", path, changes, version)}
							fetch={() => fetchRecord<One>(path)}
							saved={(now) => {
								client.setQueryData(["record", path], now);
								void again();
							}} />
					</section>}
					<Addresses one={one} />
					<Consents one={one} />
				</div>
				<div className="min-w-0">
					{!gone && <Notes id={id} told={told} />}
					<Timeline id={id} />
				</div>
			</div>
		</>
	);
}

export default function Customer() {
	const { id = "" } = useParams();
	const record = useRecord<One>(`${customers}/${id}`);
	if (record.error)
		return <Failure error={record.error} retry={record.refetch} />;
	if (!record.data)
		return <div className="skeleton h-40 w-full" />;
	return <Shown key={id} record={record.data} id={id} />;
}
