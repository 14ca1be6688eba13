// SPDX-License-Identifier: ISC
import { useText } from "../../i18n";

export default function NotFound() {
	const t = useText("shop");
	return <h1>{t("notfound.title")}</h1>;
}
