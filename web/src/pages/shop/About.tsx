// SPDX-License-Identifier: ISC
import { Link } from "react-router";
import { Prose } from "../../components/Prose";
import { useText } from "../../i18n";

const parts = [1, 2, 3, 4] as const;

export default function About() {
	const t = useText("shop");
	return (
		<Prose title={t("about.title")}>
			<p>{t("about.intro")}</p>
			{parts.map((n) => (
				<section key={n}>
					<h2>{t(`about.${n}.title`)}</h2>
					<p className="mt-2">{t(`about.${n}.text`)}</p>
				</section>
			))}
			<p><Link className="link" to="/contact">{t("write")}</Link></p>
		</Prose>
	);
}
