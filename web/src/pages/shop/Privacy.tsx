// SPDX-License-Identifier: ISC
import { useState } from "react";
import { Link } from "react-router";
import { setViewsConsent, viewsConsent } from "../../api/views";
import { Prose } from "../../components/Prose";
import { useText } from "../../i18n";

const parts = [1, 2, 3, 4] as const;

function Consent() {
	const t = useText("shop");
	const [given, setGiven] = useState(viewsConsent);
	return (
		<label className="flex cursor-pointer items-center gap-3 rounded-box
			bg-base-200 p-4">
			<input type="checkbox" className="toggle toggle-primary"
				checked={given} onChange={({ target }) => {
					setViewsConsent(target.checked);
					setGiven(target.checked);
				}} />
			{t("privacy.views")}
		</label>
	);
}

export default function Privacy() {
	const t = useText("shop");
	return (
		<Prose title={t("privacy.title")}>
			<p>{t("privacy.intro")}</p>
			{parts.map((n) => (
				<section key={n}>
					<h2>{t(`privacy.${n}.title`)}</h2>
					<p className="mt-2">{t(`privacy.${n}.text`)}</p>
				</section>
			))}
			<Consent />
			<p><Link className="link" to="/contact">{t("write")}</Link></p>
		</Prose>
	);
}
