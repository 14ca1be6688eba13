// SPDX-License-Identifier: ISC
// Keeps a product in mind; a guest is asked to sign in first, and comes back.
import { useLocation, useNavigate } from "react-router";
import { loginPath, useMe } from "../api/session";
import { useWish, useWished } from "../api/wishes";
import { useText } from "../i18n";
import { useProblemText } from "./Failure";
import { HeartIcon } from "./icons";
import { useToast } from "./Toasts";

/** @param variant  the one that is meant, if there are several */
export function WishButton({ product, variant = null }: { product: string;
	variant?: string | null }) {
	const t = useText("common");
	const { data: me } = useMe();
	const navigate = useNavigate();
	const { pathname, search } = useLocation();
	const toast = useToast();
	const problem = useProblemText();
	const wished = useWished(product);
	const change = useWish();
	const press = () => {
		if (!me)
			return navigate(loginPath(pathname + search));
		return change.mutate({ product, variant, on: !wished }, {
			onSuccess: () => wished ? toast(t("wish.dropped"))
				: toast(t("wish.kept"), "success",
					{ to: "/account/wishlist", text: t("wish.open") }),
			onError: (error) => toast(problem(error), "error"),
		});
	};
	return (
		<button type="button" className="btn btn-square" aria-pressed={wished}
			aria-label={t("wish")} title={t("wish")}
			disabled={change.isPending || me === undefined} onClick={press}>
			<HeartIcon full={wished} />
		</button>
	);
}
