// SPDX-License-Identifier: ISC
import { useMutation } from "@tanstack/react-query";
import { type FormEvent } from "react";
import { callOnce } from "../../api/once";
import { problemOf } from "../../api/problem";
import { useMe } from "../../api/session";
import { Failure } from "../../components/Failure";
import { Field, TextArea } from "../../components/Field";
import { Prose } from "../../components/Prose";
import { ShopFacts } from "../../components/ShopFacts";
import { useText } from "../../i18n";

type Values = Record<string, string>;

function Sent({ email }: { email: string }) {
	const t = useText("shop");
	return <div role="status" className="alert alert-success">
		{t("contact.sent", { email })}</div>;
}

export default function Contact() {
	const t = useText("shop");
	const { data: me } = useMe();
	const send = useMutation({ mutationFn: (values: Values) =>
		callOnce("/api/messages/contact", values) });
	const faults = problemOf(send.error)?.fields ?? {};
	const submit = (event: FormEvent<HTMLFormElement>) => {
		event.preventDefault();
		send.mutate(Object.fromEntries([...new FormData(event.currentTarget)]
			.map(([name, value]) => [name, String(value).trim()])
			.filter(([, value]) => value !== "")));
	};
	return (
		<Prose title={t("contact.title")}>
			<p>{t("contact.intro")}</p>
			{send.isSuccess ? <Sent email={send.variables.email ?? ""} />
				: <form key={me?.id ?? "guest"} onSubmit={submit} noValidate>
				{send.error && Object.keys(faults).length === 0 &&
					<Failure error={send.error} />}
				<Field label={t("contact.name")} name="name" maxLength={200}
					autoComplete="name" required error={faults.name}
					defaultValue={[me?.given_name, me?.family_name]
						.filter(Boolean).join(" ")} />
				<Field label={t("contact.email")} name="email" type="email"
					autoComplete="email" required error={faults.email}
					defaultValue={me?.email ?? ""} />
				<Field label={t("contact.order")} name="order_number"
					maxLength={30} error={faults.order_number}
					hint={t("contact.order.hint")} />
				<Field label={t("contact.subject")} name="subject"
					maxLength={200} required error={faults.subject} />
				<TextArea label={t("contact.text")} name="text" rows={7}
					maxLength={5000} required error={faults.text} />
				<div hidden><label>Website<input name="website"
					tabIndex={-1} autoComplete="off" /></label></div>
				<button className="btn btn-primary" disabled={send.isPending}>
					{t(send.isPending ? "contact.sending" : "contact.send")}
				</button>
			</form>}
			<ShopFacts />
		</Prose>
	);
}
