// SPDX-License-Identifier: ISC
import { useText } from "../../../i18n";
import { PageHead } from "../../components/PageHead";
import { useMember } from "../../session";

export default function Home() {
	const t = useText("panel_home");
	const me = useMember();
	return <PageHead title={me.name ? t("hello", { name: me.name })
		: t("home")} />;
}
