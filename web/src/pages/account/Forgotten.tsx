// SPDX-License-Identifier: ISC
import { useText } from "../../i18n";
import { AskMail } from "./AskMail";
import { Narrow } from "./form";

export default function Forgotten() {
	const t = useText("account");
	return (
		<Narrow title={t("forgotten")}>
			<p className="mb-4">{t("forgotten.text")}</p>
			<AskMail path="/api/customers/password/forgot" />
		</Narrow>
	);
}
