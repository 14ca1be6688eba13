// SPDX-License-Identifier: ISC
import { Link } from "react-router";
import { Prose } from "../../components/Prose";
import { useText } from "../../i18n";

const parts = [1, 2, 3, 4] as const;

export default function Shipping() {
	const t = useText("shop");
	return (
		<Prose title={t("shipping.title")}>
			<p>{t("shipping.intro")}</p>
			{parts.map((n) => (
				<section key={n}>
					<h2>{t(`shipping.${n}.title`)}</h2>
					<p className="mt-2">{t(`shipping.${n}.text`)}</p>
				</section>
			))}
			<p><Link className="link" to="/contact">{t("write")}</Link></p>
		</Prose>
	);
}
