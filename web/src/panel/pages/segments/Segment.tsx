// SPDX-License-Identifier: ISC
// One segment, new or stored: its rules with the count of now beside them.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { problemOf } from "../../../api/problem";
import { Failure, useProblemText } from "../../../components/Failure";
import { useToast } from "../../../components/Toasts";
import { number, useText } from "../../../i18n";
import { useConfirm } from "../../components/Confirm";
import { DataTable } from "../../components/DataTable";
import { PageHead } from "../../components/PageHead";
import { RecordForm, type FieldSpec } from "../../components/RecordForm";
import { When } from "../../components/Shown";
import { fetchRecord, send, useRecord, type Versioned } from "../../record";
import { useMay } from "../../session";
import { Builder } from "./Builder";
import { blank, preview, sentRules, useCount, useFacts, type Fact,
	type Group, type Person, type Segment } from "./rules";

const path = "/api/desk/segments";

/** How many there are now, or what is missing; and some of them. */
function Now({ rules }: { rules: Group }) {
	const t = useText("panel_segments");
	const { data, error, busy } = useCount(rules);
	const problem = useProblemText();
	const some = useMutation({ mutationFn: () => preview(rules) });
	const open = problemOf(error)?.status === 422;
	return (
		<div className="my-3 rounded-box bg-base-200 p-3">
			<div className="flex flex-wrap items-center gap-3">
				<p role="status" aria-busy={busy}>{t("count.now")}{": "}
					{error ? open ? t("count.open", { why: problemOf(error)!
						.faults[0]?.message ?? problem(error) })
						: problem(error)
						: data ? <strong className="tabular-nums">
							{t.count(data.exact ? "count" : "about", data.count)}
						</strong>
							: t("count.busy")}
				</p>
				<button type="button" className="btn btn-sm"
					disabled={!!error || some.isPending}
					onClick={() => some.mutate()}>{t("preview")}</button>
			</div>
			{some.error && <Failure error={some.error} />}
			{some.data && <section aria-label={t("preview.title")}>
				<h3 className="mt-3 text-sm font-medium">{t("preview.title")}
				</h3>
				{some.data.items.length === 0 ? <p>{t("preview.none")}</p>
					: <ul className="mt-1 text-sm">{some.data.items.map((one) =>
						<li key={one.id}><Link to={`/customers/${one.id}`}
							className="link-hover wrap-anywhere">{who(one)}</Link>
						</li>)}</ul>}
			</section>}
		</div>
	);
}

const who = ({ name, number: of, email }: Person) =>
	`${name || email || `#${of}`}${name && email ? ` · ${email}` : ""}`;

function useFields(facts: Fact[], fixed: boolean): FieldSpec[] {
	const t = useText("panel_segments");
	return [
		{ name: "name", label: t("name"), required: true, max: 100 },
		{ name: "kind", label: t("kind"), kind: "select", required: true,
			options: [["living", t("kind.living")],
				["snapshot", t("kind.snapshot")]], hint: t("kind.hint") },
		{ name: "about", label: t("about"), kind: "textarea", rows: 2,
			max: 1000, empty: "" },
		{ name: "rules", label: t("rules"), kind: "own",
			draw: ({ value, set, error }) => (
				<div className="min-w-0">
					<Builder facts={facts} value={value as Group} set={set}
						fixed={fixed} />
					{error && <p role="alert"
						className="mt-1 text-sm text-error">{error}</p>}
					{!fixed && <Now rules={value as Group} />}
				</div>
			) },
	];
}

function Members({ segment }: { segment: Segment }) {
	const t = useText("panel_segments");
	return (
		<section className="mt-8">
			<h2 className="mb-2">{t("members")}</h2>
			<DataTable<Person> name="segment-members" label={t("members")}
				path={`${path}/${segment.id}/members`}
				rowKey={({ id }) => id}
				rowName={({ name, number: of }) => name || `#${of}`}
				to={({ id }) => `/customers/${id}`} empty={t("preview.none")}
				columns={[{ key: "who", title: t("name"), always: true,
					cell: who },
				{ key: "number", title: "#", figure: true,
					cell: ({ number: of }) => of }]} />
		</section>
	);
}

function Editor({ id, facts, stored, etag }: { id?: string; facts: Fact[];
	stored: object; etag?: string }) {
	const client = useQueryClient();
	const navigate = useNavigate();
	const fixed = !useMay("segments.write");
	const fields = useFields(facts, fixed);
	const own = `${path}/${id}`;
	return (
		<RecordForm<Versioned<Segment>> name="segment" id={id} stored={stored}
			etag={etag} fields={fields} fixed={fixed}
			save={({ changes, values, etag: version }) => {
				const body = id ? changes : values;
				const said = "rules" in body ? { ...body,
					rules: sentRules(body.rules as Group) } : body;
				return id ? send("PATCH", own, said, version)
					: send("POST", path, said);
			}}
			fetch={id ? () => fetchRecord(own) : undefined}
			saved={(now) => {
				void client.invalidateQueries({ queryKey: ["list"] });
				client.setQueryData(["record", `${path}/${now.data.id}`], now);
				if (!id)
					void navigate(`/segments/${now.data.id}`,
						{ replace: true });
			}} />
	);
}

function useRefresh(id: string) {
	const t = useText("panel_segments");
	const client = useQueryClient();
	const toast = useToast();
	const problem = useProblemText();
	return useMutation({
		mutationFn: () => send<Segment>("POST", `${path}/${id}/refresh`),
		onSuccess: (now) => {
			client.setQueryData(["record", `${path}/${id}`], now);
			void client.invalidateQueries({ queryKey: ["list"] });
			toast(t("refreshed", { count: number(now.data.members) }));
		},
		onError: (error) => toast(problem(error), "error"),
	});
}

function useRemove(segment: Segment, etag?: string) {
	const t = useText("panel_segments");
	const client = useQueryClient();
	const navigate = useNavigate();
	const toast = useToast();
	const problem = useProblemText();
	const [dialog, confirm] = useConfirm();
	const remove = async () => {
		if (!await confirm({ title: t("delete.title", { name: segment.name }),
			text: t("delete.text"), act: t("delete"), danger: true }))
			return;
		try {
			await send("DELETE", `${path}/${segment.id}`, undefined,
				etag);
			toast(t("deleted"));
			await client.invalidateQueries({ queryKey: ["list"] });
			await navigate("/segments");
		} catch (error) {
			toast(problem(error), "error");
		}
	};
	return [dialog, remove] as const;
}

function Stored({ segment, etag, facts }: { segment: Segment; etag?: string;
	facts: Fact[] }) {
	const t = useText("panel_segments");
	const may = useMay("segments.write");
	const refresh = useRefresh(segment.id);
	const [dialog, remove] = useRemove(segment, etag);
	return (
		<>
			<PageHead title={segment.name} back={[{ to: "/segments",
				text: t("segments") }]} actions={may && <>
				<button type="button" className="btn btn-sm"
					disabled={refresh.isPending}
					onClick={() => refresh.mutate()}>{t("refresh")}</button>
				{segment.promotions === 0 && <button type="button"
					className="btn btn-sm" onClick={() => void remove()}>
					{t("delete")}</button>}
			</>} />
			<p className="mb-4 text-sm">
				{t("members")}{": "}{number(segment.members)}{" · "}
				{t("computed")}{": "}<When at={segment.computed_at} />
				{segment.promotions > 0 && <>{" · "}{t("used",
					{ count: segment.promotions })}</>}
			</p>
			<Editor key={segment.id} id={segment.id} facts={facts}
				stored={segment} etag={etag} />
			<Members segment={segment} />
			{dialog}
		</>
	);
}

function New({ facts }: { facts: Fact[] }) {
	const t = useText("panel_segments");
	const [stored] = useState(() => ({ name: "", about: "", kind: "living",
		rules: { match: "all", rules: [blank(facts.find(({ fact }) =>
			fact === "orders") ?? facts[0]!)] } }));
	return (
		<>
			<PageHead title={t("new")} back={[{ to: "/segments",
				text: t("segments") }]} />
			<Editor facts={facts} stored={stored} />
		</>
	);
}

export default function SegmentPage() {
	const { id = "new" } = useParams();
	const common = useText("common");
	const facts = useFacts();
	const found = useRecord<Segment>(`${path}/${id}`, id !== "new");
	const error = facts.error ?? found.error;
	if (error)
		return <Failure error={error} retry={() => facts.error
			? facts.refetch() : found.refetch()} />;
	if (facts.data && id === "new")
		return <New facts={facts.data} />;
	if (facts.data && found.data)
		return <Stored segment={found.data.data} etag={found.data.etag}
			facts={facts.data} />;
	return <p role="status">{common("loading")}</p>;
}
