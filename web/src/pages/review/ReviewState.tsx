// SPDX-License-Identifier: ISC
// Whether others can read a review, and if not, why.
import type { OwnReview } from "../../api/reviews";
import { useText } from "../../i18n";

const looks = { pending: "badge-warning", approved: "badge-success",
	rejected: "badge-error" };

export function ReviewState({ review }: { review: OwnReview }) {
	const t = useText("account");
	return (
		<div className="mb-4">
			<p className={`badge badge-soft ${looks[review.state]}`}>
				{t(`review.${review.state}`)}</p>
			{review.reason && <p className="mt-1 text-sm wrap-anywhere">
				{t("review.reason", { reason: review.reason })}</p>}
		</div>
	);
}
