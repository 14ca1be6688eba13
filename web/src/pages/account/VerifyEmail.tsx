// SPDX-License-Identifier: ISC
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { Link } from "react-router";
import { call } from "../../api/client";
import { useMe } from "../../api/session";
import { Failure } from "../../components/Failure";
import { useText } from "../../i18n";
import { AskMail } from "./AskMail";
import { Narrow, useMailToken } from "./form";

export default function VerifyEmail() {
	const t = useText("account");
	const token = useMailToken();
	const client = useQueryClient();
	const { data: me } = useMe();
	const asked = useRef(false);
	const { mutate, error, isSuccess } = useMutation({
		mutationFn: () => call("/api/customers/verify-email",
			{ method: "POST", body: JSON.stringify({ token }) }),
		onSuccess: () => client.invalidateQueries({ queryKey: ["me"] }),
	});
	useEffect(() => {
		if (token && !asked.current) {
			asked.current = true;
			mutate();
		}
	}, [token, mutate]);
	return (
		<Narrow title={t("verify")}>
			{isSuccess ? <>
				<p role="status" className="alert alert-success">
					{t("verify.done")}</p>
				<Link className="btn btn-primary mt-5"
					to={me ? "/account" : "/login/"}>
					{t(me ? "account" : "login")}</Link>
			</> : token && !error ? <p role="status">{t("verify.busy")}</p>
			: <>
				{error && <Failure error={error} />}
				<p className="mb-4">{t("verify.again")}</p>
				<AskMail path="/api/customers/verify-email/resend" />
			</>}
		</Narrow>
	);
}
