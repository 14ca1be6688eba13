// SPDX-License-Identifier: ISC
import { problemOf } from "../api/problem";
import { useText } from "../i18n";

/** A problem in its own words, where the contract gave it some. */
export function useProblemText() {
	const t = useText("common");
	return (error: unknown) => {
		const problem = problemOf(error);
		if (problem?.status === 0)
			return t("problem.offline");
		return problem?.detail || problem?.title || t("problem.unknown");
	};
}

/** What couldn't be fetched, with a way to try again. */
export function Failure({ error, retry }:
	{ error: unknown; retry?: () => unknown }) {
	const t = useText("common");
	const text = useProblemText();
	return (
		<div role="alert" className="alert alert-error alert-soft my-6">
			<span>{text(error)}</span>
			{retry && <button type="button" className="btn btn-sm"
				onClick={() => retry()}>{t("retry")}</button>}
		</div>
	);
}
