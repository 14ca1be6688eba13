// SPDX-License-Identifier: ISC
// The head of each page: its only h1, the name in the tab, the way back, and
// what can be done with the whole of it.
//
//	<PageHead title={order.number} back={[{ to: "/orders", text: t("orders") }]}
//		actions={may("orders.write") && <button …>} />
import type { ReactNode } from "react";
import { Crumbs } from "../../components/Crumbs";
import { useTitle } from "../../components/title";

export function PageHead({ title, back, beside, actions }: {
	title: string;
	/** Pages above this one; the panel's first is named by itself. */
	back?: { to: string; text: string }[];
	/** Next to the title: badges. */
	beside?: ReactNode;
	actions?: ReactNode;
}) {
	useTitle(title);
	return (
		<div className="mb-5">
			{back && <Crumbs steps={back} last={title} />}
			<div className="flex flex-wrap items-center gap-x-4 gap-y-2">
				<h1 className="wrap-anywhere">{title}</h1>
				{beside}
				{actions && <div className="ml-auto flex flex-wrap gap-2">
					{actions}</div>}
			</div>
		</div>
	);
}
