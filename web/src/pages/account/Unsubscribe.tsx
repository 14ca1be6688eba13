// SPDX-License-Identifier: ISC
// The way out of mail, by the link that each such mail has.  Opening it ends
// nothing: programs that look at links do that too.
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { api, call, take } from "../../api/client";
import { problemOf } from "../../api/problem";
import { Failure } from "../../components/Failure";
import { PageSkeleton } from "../../components/Skeletons";
import { useText } from "../../i18n";
import { Narrow, useMailToken } from "./form";

const path = "/api/customers/unsubscribe";

function Ended({ purpose }: { purpose: string }) {
	const t = useText("account");
	return (
		<>
			<p role="status" className="alert alert-success">
				{t("unsubscribe.done", { purpose })}</p>
			<p className="mt-4">{t("unsubscribe.orders")}</p>
			<Link className="btn mt-5" to="/account/consents">
				{t("nav.consents")}</Link>
		</>
	);
}

function Way({ token }: { token: string }) {
	const t = useText("account");
	const about = useQuery({ queryKey: ["unsubscribe", token], retry: false,
		staleTime: Infinity,
		queryFn: () => take(api.GET(path,
			{ params: { query: { token } } })) });
	const end = useMutation({ mutationFn: () => call(
		`${path}?${new URLSearchParams({ token })}`, { method: "POST",
			headers: { "Content-Type": "application/x-www-form-urlencoded" },
			body: "List-Unsubscribe=One-Click" }) });
	if (problemOf(about.error)?.status === 422)
		return <p role="alert">{t("unsubscribe.wrong")}</p>;
	if (about.error)
		return <Failure error={about.error} retry={about.refetch} />;
	if (!about.data)
		return <PageSkeleton />;
	const purpose = t(`purpose.${about.data.purpose}`);
	if (end.isSuccess || !about.data.subscribed)
		return <Ended purpose={purpose} />;
	return (
		<>
			<p className="mb-5">{t("unsubscribe.text", { purpose })}</p>
			{end.error && <Failure error={end.error} />}
			<button type="button" className="btn btn-primary"
				disabled={end.isPending} onClick={() => end.mutate()}>
				{t("unsubscribe")}</button>
		</>
	);
}

export default function Unsubscribe() {
	const t = useText("account");
	const token = useMailToken();
	return (
		<Narrow title={t("unsubscribe.title")}>
			{token ? <Way token={token} /> : <p>{t("link.missing")}</p>}
		</Narrow>
	);
}
