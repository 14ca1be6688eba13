// SPDX-License-Identifier: ISC
// A deal's own address: the pipeline with the deal open beside it.
import { Navigate, useParams } from "react-router";

export default function ToDeal() {
	const { id } = useParams();
	return <Navigate replace to={`/deals?deal=${id}`} />;
}
