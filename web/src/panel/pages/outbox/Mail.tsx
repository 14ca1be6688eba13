// SPDX-License-Identifier: ISC
// One mail of the outbox, with what it says.
import { useParams, Link } from "react-router";
import type { Schemas } from "../../../api/client";
import { Failure, useProblemText } from "../../../components/Failure";
import { PageSkeleton } from "../../../components/Skeletons";
import { useToast } from "../../../components/Toasts";
import { useText } from "../../../i18n";
import { MailFrame } from "../../components/MailFrame";
import { PageHead } from "../../components/PageHead";
import { Badge, When } from "../../components/Shown";
import { useRecord } from "../../record";
import { useMay } from "../../session";
import { mayAgain, mayCancel, useMailName, useMoves } from "./moves";

type Whole = Schemas["OutboxMail"];

function Facts({ mail }: { mail: Whole }) {
	const t = useText("panel_outbox");
	const mailName = useMailName();
	const customers = useMay("customers.read");
	const lines = [
		[t("recipient"), mail.customer_id && customers ? <Link
			className="link" to={`/customers/${mail.customer_id}`}>
			{mail.recipient}</Link> : mail.recipient],
		[t("template"), mailName(mail.template)],
		[t("created"), <When at={mail.created_at} />],
		[t("due"), mail.due_at && <When at={mail.due_at} />],
		[t("sent"), mail.sent_at && <When at={mail.sent_at} />],
		[t("tries"), mail.tries],
		[t("error"), mail.last_error],
		[t("attachment"), mail.attachment],
		[t("again.count"), mail.again || null],
		[t("moved"), mail.moved_by && <>{mail.moved_by},{" "}
			<When at={mail.moved_at} /></>],
	] as const;
	return (
		<dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
			{lines.filter(([, value]) => value !== null && value !== "")
				.map(([name, value]) => <div key={name} className="contents">
					<dt className="opacity-80">{name}</dt>
					<dd className="wrap-anywhere">{value}</dd></div>)}
		</dl>
	);
}

export default function Mail() {
	const t = useText("panel_outbox");
	const mailName = useMailName();
	const { id } = useParams();
	const may = useMay("outbox.write");
	const moves = useMoves();
	const toast = useToast();
	const problem = useProblemText();
	const { data, error, refetch } = useRecord<Whole>(`/api/outbox/${id}`);
	const mail = data?.data;
	const run = (work: Promise<unknown>) => void work.catch((fault) =>
		toast(problem(fault), "error"));
	return (
		<>
			<PageHead title={mail?.says?.subject ??
				(mail && mailName(mail.template)) ??
				t("title")} back={[{ to: "/outbox", text: t("title") }]}
				beside={mail && <Badge state={mail.state}
					text={t(`state.${mail.state}`)} />}
				actions={mail && may && <>
					{mayAgain(mail) && <button type="button"
						className="btn btn-sm btn-primary"
						onClick={() => run(moves.again([mail]))}>
						{t("again")}</button>}
					{mayCancel(mail) && <button type="button"
						className="btn btn-sm"
						onClick={() => run(moves.cancel([mail]))}>
						{t("cancel")}</button>}
				</>} />
			{error && <Failure error={error} retry={refetch} />}
			{!mail && !error && <PageSkeleton />}
			{mail && <div className="grid gap-8 lg:grid-cols-[24rem_1fr]">
				<Facts mail={mail} />
				{mail.says ? <div>
					<p className="mb-2 text-sm opacity-80">{t("keys")}</p>
					<MailFrame html={mail.says.html}
						title={mail.says.subject} />
					<details className="mt-3">
						<summary className="cursor-pointer text-sm">
							{t("plain")}</summary>
						<pre className="mt-2 rounded-box border
							border-base-300 p-3 text-sm whitespace-pre-wrap
							wrap-anywhere">{mail.says.text}</pre>
					</details>
				</div> : <p>{t("forgotten")}</p>}
			</div>}
		</>
	);
}
