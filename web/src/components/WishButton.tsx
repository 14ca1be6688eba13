// SPDX-License-Identifier: ISC
// Keeps a product in mind; a guest is asked to sign in first.
import { useMutation, useQuery, useQueryClient } from
	"@tanstack/react-query";
import { useLocation, useNavigate } from "react-router";
import { optional } from "../api/catalog";
import { call } from "../api/client";
import { useMe } from "../api/session";
import { useText } from "../i18n";
import { useProblemText } from "./Failure";
import { HeartIcon } from "./icons";
import { useToast } from "./Toasts";

interface Wishes {
	items: { id?: string; product_id?: string; product?: { id: string } }[];
}

export function WishButton({ product }: { product: string }) {
	const t = useText("common");
	const { data: me } = useMe();
	const client = useQueryClient();
	const navigate = useNavigate();
	const { pathname } = useLocation();
	const toast = useToast();
	const problem = useProblemText();
	const { data } = useQuery({ queryKey: ["wishlist"], enabled: !!me,
		queryFn: () => optional<Wishes>(
			"/api/customers/wishlist?limit=100") });
	const wished = data?.items.some((item) => product ===
		(item.product_id ?? item.product?.id ?? item.id)) ?? false;
	const change = useMutation({
		mutationFn: () => call(`/api/customers/wishlist/${product}`,
			{ method: wished ? "DELETE" : "PUT" }),
		onSuccess: () => {
			toast(t(wished ? "wish.dropped" : "wish.kept"));
			return client.invalidateQueries({ queryKey: ["wishlist"] });
		},
		onError: (error) => toast(problem(error), "error"),
	});
	if (me && data === null)
		return null;
	return (
		<button type="button" className="btn btn-square" aria-pressed={wished}
			aria-label={t("wish")} title={t("wish")}
			disabled={change.isPending} onClick={() => me ? change.mutate()
				: navigate(`/login/?next=${encodeURIComponent(pathname)}`)}>
			<HeartIcon full={wished} />
		</button>
	);
}
