// SPDX-License-Identifier: ISC
import { Link } from "react-router";
import { useTitle } from "../../components/title";
import { useText } from "../../i18n";

export default function Offline() {
	const t = useText("shop");
	useTitle(t("offline.title"));
	return (
		<div className="py-16 text-center">
			<h1>{t("offline.title")}</h1>
			<p className="my-4">{t("offline.text")}</p>
			<Link to="/cart" className="btn">{t("offline.cart")}</Link>
		</div>
	);
}
