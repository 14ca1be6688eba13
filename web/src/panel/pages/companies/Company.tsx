// SPDX-License-Identifier: ISC
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { Failure, useProblemText } from "../../../components/Failure";
import { Field } from "../../../components/Field";
import { useToast } from "../../../components/Toasts";
import { useText } from "../../../i18n";
import { useConfirm } from "../../components/Confirm";
import { PageHead } from "../../components/PageHead";
import { RecordForm } from "../../components/RecordForm";
import { Badge, Money } from "../../components/Shown";
import { useRows } from "../../list";
import { fetchRecord, send, useRecord, type Versioned } from "../../record";
import { useMay } from "../../session";
import { useCompanyFields, type Company as Stored, type Deal } from
	"./companies";
import { Pick, type Picked } from "./Pick";

type Person = Stored["people"][number];
/** Is told what stands now, if that is known. */
type Done = (now?: Versioned<Stored>) => void;

function Add({ path, etag, done }: { path: string; etag?: string;
	done: Done }) {
	const t = useText("panel_companies");
	const toast = useToast();
	const problem = useProblemText();
	const [who, setWho] = useState<Picked | null>(null);
	const [title, setTitle] = useState("");
	const [main, setMain] = useState(false);
	const add = async () => {
		try {
			done(await send<Stored>("PUT", `${path}/people/${who!.id}`,
				{ title, main }, etag));
			setWho(null);
			setTitle("");
			setMain(false);
		} catch (error) {
			toast(problem(error), "error");
			done();
		}
	};
	return (
		<form className="mt-3 max-w-md" onSubmit={(event) => {
			event.preventDefault();
			if (who)
				void add();
		}}>
			<Pick label={t("person")} path="/api/desk/customers" value={who}
				set={setWho} />
			{who && <>
				<Field label={t("person.title")} maxLength={100} value={title}
					autoComplete="off"
					onChange={({ target }) => setTitle(target.value)} />
				<label className="mb-3 flex cursor-pointer items-center gap-2">
					<input type="checkbox" className="checkbox checkbox-sm"
						checked={main} onChange={({ target }) =>
							setMain(target.checked)} />{t("person.main")}</label>
				<button className="btn btn-sm">{t("person.add")}</button>
			</>}
		</form>
	);
}

function People({ company, etag, path, done }: { company: Stored;
	etag?: string; path: string; done: Done }) {
	const t = useText("panel_companies");
	const may = useMay("companies.write");
	const see = useMay("customers.read");
	const toast = useToast();
	const problem = useProblemText();
	const change = async (method: string, { customer_id: id }: Person,
		body?: unknown) => {
		try {
			const now = await send<Stored>(method, `${path}/people/${id}`,
				body, etag);
			done(method === "PUT" ? now : undefined);
		} catch (error) {
			toast(problem(error), "error");
			done();
		}
	};
	if (!see)
		return null;
	return (
		<section className="mt-8" aria-label={t("people")}>
			<h2 className="mb-2">{t("people")}</h2>
			{company.people.length === 0 && <p>{t("people.none")}</p>}
			<ul className="space-y-2">
				{company.people.map((one) => (
					<li key={one.customer_id} className="flex flex-wrap
						items-center gap-x-3 gap-y-1">
						<Link className="link" to={`/customers/${
							one.customer_id}`}>{one.name}</Link>
						<span>{one.title}</span>
						{one.main && <Badge state="active"
							text={t("person.main")} />}
						<span className="text-sm">{[one.email, one.phone]
							.filter(Boolean).join(" · ")}</span>
						{may && <span className="flex gap-2">
							{!one.main && <button type="button"
								className="btn btn-xs"
								aria-label={t("person.make.main.of",
									{ name: one.name })}
								onClick={() => void change("PUT", one,
									{ main: true })}>{t("person.make.main")}
							</button>}
							<button type="button" className="btn btn-xs"
								aria-label={t("person.remove.of",
									{ name: one.name })}
								onClick={() => void change("DELETE", one)}>
								{t("person.remove")}</button>
						</span>}
					</li>
				))}
			</ul>
			{may && <Add path={path} etag={etag} done={done} />}
		</section>
	);
}

function Deals({ id }: { id: string }) {
	const t = useText("panel_companies");
	const list = useRows<Deal>("/api/desk/deals", { company_id: id });
	return (
		<section className="mt-8" aria-label={t("deals")}>
			<h2 className="mb-2">{t("deals")}</h2>
			{list.rows?.length === 0 && <p>{t("deals.none")}</p>}
			<ul className="space-y-1">
				{list.rows?.map((deal) => (
					<li key={deal.id} className="flex flex-wrap gap-3">
						<Link className="link" to={`/deals?deal=${deal.id}`}>
							{deal.title}</Link>
						<Badge state={deal.stage.kind} text={deal.stage.name} />
						<Money of={deal.value} />
					</li>
				))}
			</ul>
			{list.hasNextPage && <button type="button"
				className="btn btn-ghost btn-sm"
				onClick={() => void list.fetchNextPage()}>{t("more")}</button>}
		</section>
	);
}

export default function Company() {
	const { id } = useParams();
	const t = useText("panel_companies");
	const path = `/api/desk/companies/${id}`;
	const record = useRecord<Stored>(path);
	const client = useQueryClient();
	const navigate = useNavigate();
	const may = useMay("companies.write");
	const deals = useMay("deals.read");
	const tasks = useMay("tasks.write");
	const toast = useToast();
	const problem = useProblemText();
	const fields = useCompanyFields();
	const [question, confirm] = useConfirm();
	if (record.error)
		return <Failure error={record.error} retry={() => record.refetch()} />;
	if (!record.data)
		return <div className="skeleton h-64" />;
	const { data: company, etag } = record.data;
	const again: Done = (now) => now
		? client.setQueryData(["record", path], now)
		: void client.invalidateQueries({ queryKey: ["record", path] });
	const remove = async () => {
		if (!await confirm({ title: t("remove.title",
			{ name: company.name }), act: t("remove"), danger: true }))
			return;
		try {
			await send("DELETE", path, undefined, etag);
			void navigate("/companies");
		} catch (error) {
			toast(problem(error), "error");
		}
	};
	return (
		<>
			<PageHead title={company.name} back={[{ to: "/companies",
				text: t("companies") }]} actions={<>
				{tasks && <Link className="btn btn-sm" to={`/tasks?new=1&` +
					`company_id=${id}`}>{t("task.new")}</Link>}
				{may && <button type="button" className="btn btn-sm btn-error
					btn-soft" onClick={() => void remove()}>{t("remove")}
				</button>}</>} />
			<RecordForm name="company" id={id} stored={company} etag={etag}
				fields={fields} fixed={!may}
				save={({ changes, etag: of }) =>
					send<Stored>("PATCH", path, changes, of)}
				fetch={() => fetchRecord<Stored>(path)}
				saved={(now) => client.setQueryData(["record", path], now)} />
			<People company={company} etag={etag} path={path} done={again} />
			{deals && <Deals id={company.id} />}
			{question}
		</>
	);
}
