// SPDX-License-Identifier: ISC
// The mails that the shop sends, and which of them it says in its own words.
import { Link } from "react-router";
import type { Schemas } from "../../../api/client";
import { Failure } from "../../../components/Failure";
import { PageSkeleton } from "../../../components/Skeletons";
import { languages, useText } from "../../../i18n";
import { PageHead } from "../../components/PageHead";
import { Badge } from "../../components/Shown";
import { useRecord } from "../../record";
import { Fixed, Parts } from "./Parts";

type Entry = Schemas["MailEntry"];

export default function Mails() {
	const t = useText("panel_settings");
	const { data, error, refetch } = useRecord<{ items: Entry[] }>(
		"/api/settings/mails");
	const mails = data?.data.items ?? [];
	const groups = [...new Set(mails.map(({ group }) => group))];
	return (
		<>
			<PageHead title={t("mails")} />
			<Parts />
			<Fixed />
			{error && <Failure error={error} retry={refetch} />}
			{!data && !error && <PageSkeleton />}
			<div className="grid gap-x-8 md:grid-cols-2">
				{groups.map((group) => <section key={group} className="mb-6">
					<h2 className="mb-2 text-lg">
						{t(`mails.${group}` as "title")}</h2>
					<ul>{mails.filter((one) => one.group === group).map(
						({ template, own, audience }) => <li key={template}
							className="flex flex-wrap items-center gap-2
							border-b border-base-300 py-2">
							<Link className="link link-hover"
								to={`/settings/mails/${template}`}>
								{t(`mail.${template}` as "title")}</Link>
							{audience === "staff" && <Badge state="staff"
								text={t("mail.to.staff")} />}
							{own.map(({ language }) => <Badge key={language}
								state="active" text={t("mail.own", { language:
									languages[language as "en"] })} />)}
						</li>)}</ul>
				</section>)}
			</div>
		</>
	);
}
