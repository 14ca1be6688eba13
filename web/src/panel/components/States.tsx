// SPDX-License-Identifier: ISC
// Where there is nothing to see, and why.
import { Link } from "react-router";
import { useText } from "../../i18n";
import type { Entry } from "../table";
import { PageHead } from "./PageHead";

function Way() {
	const t = useText("panel");
	return <Link to="/" className="btn btn-primary mt-5">{t("start")}</Link>;
}

export function NotFound() {
	const t = useText("panel");
	return (
		<div className="py-10">
			<PageHead title={t("notfound")} />
			<p>{t("notfound.text")}</p>
			<Way />
		</div>
	);
}

export function NotPermitted({ page }: { page: Entry }) {
	const t = useText("panel");
	return (
		<div className="py-10">
			<PageHead title={t("notpermitted")} />
			<p>{t("notpermitted.text", { page: page.name })}</p>
			<p className="mt-2 text-sm opacity-80">{t("notpermitted.needs")}{" "}
				<code>{[page.permission].flat().join(", ")}</code></p>
			<Way />
		</div>
	);
}
