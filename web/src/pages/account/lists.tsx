// SPDX-License-Identifier: ISC
// What lists of the account share: waiting for them, nothing in them, more.
import { Link } from "react-router";
import { useText } from "../../i18n";

export function LineSkeletons({ count = 5, height = "h-20" }:
	{ count?: number; height?: string }) {
	const t = useText("common");
	return (
		<div className="space-y-2" role="status">
			<span className="sr-only">{t("loading")}</span>
			{Array.from({ length: count }, (_, i) =>
				<div key={i} className={`skeleton w-full ${height}`} />)}
		</div>
	);
}

export function Empty({ text, to, link }: { text: string; to?: string;
	link?: string }) {
	return (
		<div className="rounded-box bg-base-200 p-8 text-center">
			<p>{text}</p>
			{to && <Link to={to} className="btn btn-primary mt-4">{link}</Link>}
		</div>
	);
}

export function More({ list }: { list: { hasNextPage: boolean;
	isFetchingNextPage: boolean; fetchNextPage: () => unknown } }) {
	const t = useText("account");
	return list.hasNextPage && (
		<div className="mt-6 text-center">
			<button type="button" className="btn btn-wide"
				disabled={list.isFetchingNextPage}
				onClick={() => list.fetchNextPage()}>{t("more")}</button>
		</div>
	);
}
