// SPDX-License-Identifier: ISC
// What was written to the shop, and its answers: all conversations, or one.
import { useMutation, useQuery, useQueryClient } from
	"@tanstack/react-query";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { useGrowing } from "../../api/account";
import { api, take, type Schemas } from "../../api/client";
import { callOnce } from "../../api/once";
import { Failure } from "../../components/Failure";
import { TextArea } from "../../components/Field";
import { useToast } from "../../components/Toasts";
import { dateTime, useText } from "../../i18n";
import { Form, useFaults } from "./form";
import { Empty, LineSkeletons, More } from "./lists";

type Summary = Schemas["ConversationSummary"];
type Conversation = Schemas["Conversation"];

const path = "/api/messages/mine";
const keyOf = (id: string) => ["account", "conversation", id];

function All() {
	const t = useText("account");
	const found = useGrowing<Summary>(path);
	if (found.error)
		return <Failure error={found.error} retry={found.refetch} />;
	if (!found.items)
		return <LineSkeletons />;
	return (
		<>
			{found.items.length === 0 ? <Empty text={t("messages.none")} />
				: <ul className="divide-y divide-base-300 overflow-hidden
					rounded-box border border-base-300">
					{found.items.map((one) => (
						<li key={one.id} className="relative px-4 py-3
							hover:bg-base-200">
							<Link to={`/account/messages/${one.id}`}
								className="font-semibold wrap-anywhere
								after:absolute after:inset-0 hover:underline">
								{one.subject}</Link>
							<p className="text-sm opacity-80">{one.number} · {t(
								one.last_author === "staff"
									? "messages.answered" : "messages.waiting")}
								{" · "}{dateTime(one.last_at)}
								{one.state === "closed" &&
									` · ${t("messages.closed")}`}</p>
						</li>
					))}</ul>}
			<More list={found} />
			<Link to="/contact" className="btn btn-primary mt-5">
				{t("messages.write")}</Link>
		</>
	);
}

function Write({ id }: { id: string }) {
	const t = useText("account");
	const client = useQueryClient();
	const toast = useToast();
	const [text, setText] = useState("");
	const send = useMutation({
		mutationFn: () => callOnce(`${path}/${id}/messages`,
			{ text: text.trim() }),
		onSuccess: async () => {
			setText("");
			toast(t("messages.sent"));
			await client.invalidateQueries({ queryKey: keyOf(id) });
			await client.invalidateQueries({ queryKey: ["account", path] });
		},
	});
	const faults = useFaults(send.error);
	return (
		<Form error={send.error} among={["text"]} className="mt-6 max-w-2xl"
			onSubmit={() => send.mutate()}>
			<TextArea label={t("messages.text")} name="text" rows={5} required
				maxLength={5000} value={text} error={faults.text}
				onChange={({ target }) => setText(target.value)} />
			<button className="btn btn-primary" disabled={send.isPending}>
				{t("messages.send")}</button>
		</Form>
	);
}

function Said({ message }: { message: Schemas["Message"] }) {
	const t = useText("account");
	const own = message.author === "customer";
	return (
		<li className={`max-w-2xl rounded-box p-4 ${own
			? "ml-6 bg-base-200 sm:ml-16"
			: "mr-6 border border-base-300 sm:mr-16"}`}>
			<p className="mb-1 text-sm opacity-80"><span
				className="font-semibold">{own ? t("messages.you")
					: t("messages.shop")}</span> · {dateTime(message.at)}</p>
			<p className="whitespace-pre-line wrap-anywhere">{message.text}</p>
		</li>
	);
}

function One({ id }: { id: string }) {
	const t = useText("account");
	const { data, error, refetch } = useQuery<Conversation>({
		queryKey: keyOf(id), refetchInterval: 60_000,
		queryFn: () => take(api.GET("/api/messages/mine/{id}",
			{ params: { path: { id } } })) });
	return (
		<>
			<p className="mb-4"><Link className="link" to="/account/messages">
				{t("messages.all")}</Link></p>
			{error ? <Failure error={error} retry={refetch} />
				: !data ? <LineSkeletons count={3} height="h-28" />
				: <>
					<h2 className="wrap-anywhere">{data.subject}</h2>
					<p className="mb-4 text-sm opacity-80">{data.number}
						{data.order_number && ` · ${t("order.number",
							{ number: data.order_number })}`}
						{data.state === "closed" &&
							` · ${t("messages.closed")}`}</p>
					<ol className="space-y-3" aria-live="polite">
						{data.messages.map((message) => <Said
							key={message.number} message={message} />)}</ol>
					<Write id={id} />
				</>}
		</>
	);
}

export default function Messages() {
	const { id } = useParams();
	return id ? <One key={id} id={id} /> : <All />;
}
