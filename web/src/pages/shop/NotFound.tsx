// SPDX-License-Identifier: ISC
import { Link } from "react-router";
import { useTitle } from "../../components/title";
import { useText } from "../../i18n";

export default function NotFound() {
	const t = useText("shop");
	useTitle(t("notfound.title"));
	return (
		<div className="py-16 text-center">
			<p className="text-6xl font-bold text-primary" aria-hidden="true">
				404</p>
			<h1 className="mt-4">{t("notfound.title")}</h1>
			<p className="my-4">{t("notfound.text")}</p>
			<Link to="/" className="btn btn-primary">{t("gohome")}</Link>
		</div>
	);
}
