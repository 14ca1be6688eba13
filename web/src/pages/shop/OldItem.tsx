// SPDX-License-Identifier: ISC
// Addresses of the old shop: /item/, /item/{slug}, /item/{id}, /item/?id=.
import { useQuery } from "@tanstack/react-query";
import { Navigate, useParams, useSearchParams } from "react-router";
import { api, take } from "../../api/client";
import { PageSkeleton } from "../../components/Skeletons";
import NotFound from "./NotFound";

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export default function OldItem() {
	const { slug } = useParams();
	const [query] = useSearchParams();
	const name = slug ?? query.get("id") ?? query.get("slug") ?? "";
	const byId = uuid.test(name);
	const { data, error } = useQuery({ queryKey: ["product-id", name],
		enabled: byId, queryFn: () => take(api.GET(
			"/api/catalog/products/{id}", { params: { path: { id: name } } })) });
	if (name === "")
		return <Navigate replace to="/" />;
	if (!byId)
		return <Navigate replace to={`/product/${name}`} />;
	if (error)
		return <NotFound />;
	return data ? <Navigate replace to={`/product/${data.slug}`} />
		: <PageSkeleton />;
}
