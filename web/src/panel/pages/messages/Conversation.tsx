// SPDX-License-Identifier: ISC
// One conversation.  An answer says which message was the last one seen, so
// that nobody answers without having read what a colleague wrote.
import { useMutation, useQuery, useQueryClient } from
	"@tanstack/react-query";
import { useEffect, useState } from "react";
import { Link, useParams } from "react-router";
import type { Schemas } from "../../../api/client";
import { problemOf } from "../../../api/problem";
import { Failure } from "../../../components/Failure";
import { TextArea } from "../../../components/Field";
import { PageSkeleton } from "../../../components/Skeletons";
import { useToast } from "../../../components/Toasts";
import { useText } from "../../../i18n";
import { PageHead } from "../../components/PageHead";
import { Badge, When } from "../../components/Shown";
import { dropDraft, keepDraft, readDraft } from "../../drafts";
import { fetchRecord, send, type Versioned } from "../../record";
import { useMay, useMember } from "../../session";
import { stateOf } from "./Messages";

type Whole = Schemas["ManagedConversation"];

function useConversation(path: string) {
	return useQuery({ queryKey: ["record", path], refetchInterval: 5_000,
		refetchOnWindowFocus: true,
		queryFn: ({ signal }) => fetchRecord<Whole>(path, signal) });
}

function Letters({ all, name }: { all: Whole["messages"]; name: string }) {
	const t = useText("panel_messages");
	return (
		<ol className="mb-6 space-y-3">
			{all.map((one) => <li key={one.number} className={`max-w-2xl
				rounded-box border border-base-300 p-3 ${one.author === "staff"
				? "ml-auto bg-base-200" : ""}`}>
				<p className="mb-1 flex gap-3 text-sm">
					<strong>{one.author === "staff" ? one.name ?? t("shop")
						: name || t("customer")}</strong>
					<span className="ml-auto opacity-80">
						<When at={one.at} /></span></p>
				<p className="whitespace-pre-line wrap-anywhere">{one.text}</p>
			</li>)}
		</ol>
	);
}

/** What is written stays in this browser until it is sent. */
function useWritten(key: string) {
	const [text, setText] = useState(() =>
		String(readDraft(key)?.values.text ?? ""));
	useEffect(() => {
		if (text)
			keepDraft(key, { base: {}, values: { text } });
		else
			dropDraft(key);
	}, [key, text]);
	return [text, setText] as const;
}

function Reply({ path, conversation }: { path: string;
	conversation: Whole }) {
	const t = useText("panel_messages");
	const client = useQueryClient();
	const toast = useToast();
	const me = useMember();
	const [text, setText] = useWritten(`${me.id}:reply:${conversation.id}`);
	// What was on the page when writing began, or was looked at again.
	const [seen, setSeen] = useState(conversation.last_number);
	const last = conversation.last_number;
	useEffect(() => {
		if (text === "")
			setSeen(last);
	}, [text, last]);
	const reply = useMutation({
		mutationFn: (close: boolean) => send<Whole>("POST",
			`${path}/replies`, { text, last_seen: seen, close }),
		onSuccess: (now: Versioned<Whole>) => {
			client.setQueryData(["record", path], now);
			void client.invalidateQueries(
				{ queryKey: ["list", "/api/messages"] });
			setText("");
			toast(t("sent"));
		},
		onError: () => void client.invalidateQueries(
			{ queryKey: ["record", path] }),
	});
	const code = problemOf(reply.error)?.code;
	const newer = last > seen;
	return (
		<form className="max-w-3xl" onSubmit={(event) => {
			event.preventDefault();
			reply.mutate(false);
		}}>
			{(newer || code === "CONVERSATION_WENT_ON") && <div role="alert"
				className="alert alert-warning mb-4">
				<span>{t(conversation.last_author === "staff" ? "went.on"
					: "went.on.customer")}</span>
				<button type="button" className="btn btn-sm" onClick={() => {
					setSeen(last);
					reply.reset();
				}}>{t("went.seen")}</button>
			</div>}
			{reply.error && code !== "CONVERSATION_WENT_ON" &&
				<Failure error={reply.error} />}
			<TextArea label={t("reply")} rows={6} maxLength={5000} required
				value={text} onChange={({ target }) =>
					setText(target.value)} />
			<div className="flex flex-wrap gap-2">
				<button className="btn btn-primary" disabled={!text.trim() ||
					reply.isPending}>{t("send")}</button>
				<button type="button" className="btn" disabled={!text.trim() ||
					reply.isPending} onClick={() => reply.mutate(true)}>
					{t("send.close")}</button>
			</div>
		</form>
	);
}

function Move({ path, conversation, etag }: { path: string; etag?: string;
	conversation: Whole }) {
	const t = useText("panel_messages");
	const panel = useText("panel");
	const client = useQueryClient();
	const toast = useToast();
	const open = conversation.state === "open";
	const move = useMutation({
		mutationFn: ({ state, version }: { state: string;
			version?: string }) => send<Whole>("PATCH", path, { state },
			version),
		onSuccess: (now, { state }) => {
			client.setQueryData(["record", path], now);
			void client.invalidateQueries(
				{ queryKey: ["list", "/api/messages"] });
			toast(t(state === "closed" ? "closed" : "reopened"), "success",
				{ text: panel("undo"), act: () => move.mutate({
					state: state === "closed" ? "open" : "closed",
					version: now.etag }) });
		},
		onError: (error) => {
			toast(problemOf(error)?.status === 412 ? t("changed")
				: problemOf(error)?.title ?? "", "error");
			void client.invalidateQueries({ queryKey: ["record", path] });
		},
	});
	return <button type="button" className="btn btn-sm"
		disabled={move.isPending} onClick={() => move.mutate({
			state: open ? "closed" : "open", version: etag })}>
		{t(open ? "close" : "reopen")}</button>;
}

function Facts({ of }: { of: Whole }) {
	const t = useText("panel_messages");
	const customers = useMay("customers.read");
	const orders = useMay("orders.read");
	return (
		<p className="mb-5 flex flex-wrap gap-x-5 gap-y-1 text-sm">
			<span>{of.number}</span>
			<span>{of.customer_id && customers ? <Link className="link"
				to={`/customers/${of.customer_id}`}>
				{of.name || t("customer")}</Link> : of.name}</span>
			<span>{of.email ?? t("email.none")}</span>
			{of.order && (orders ? <Link className="link"
				to={`/orders/${of.order.id}`}>{of.order.number}</Link>
				: <span>{of.order.number}</span>)}
			{of.order && !of.order.theirs && <span className="text-warning">
				{t("order.others")}</span>}
			{!of.order && of.order_number && <span>{t("order.said",
				{ number: of.order_number })}</span>}
		</p>
	);
}

export default function Conversation() {
	const t = useText("panel_messages");
	const { id } = useParams();
	const may = useMay("messages.write");
	const path = `/api/messages/${id}`;
	const { data, error, refetch } = useConversation(path);
	const one = data?.data;
	return (
		<>
			<PageHead title={one?.subject ?? t("conversation")}
				back={[{ to: "/messages", text: t("title") }]}
				beside={one && <Badge state={stateOf(one)}
					text={t(`state.${stateOf(one)}`)} />}
				actions={one && may && <Move path={path} conversation={one}
					etag={data.etag} />} />
			{error && !one && <Failure error={error} retry={refetch} />}
			{!one && !error && <PageSkeleton />}
			{one && <>
				<Facts of={one} />
				{one.messages.length < one.last_number && <p
					className="mb-3 text-sm opacity-80">{t("older")}</p>}
				<Letters all={one.messages} name={one.name} />
				{may && <Reply key={one.id} path={path} conversation={one} />}
			</>}
		</>
	);
}
