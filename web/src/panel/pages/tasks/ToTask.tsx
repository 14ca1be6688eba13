// SPDX-License-Identifier: ISC
// A task's own address: the list with the task open beside it.
import { Navigate, useParams } from "react-router";

export default function ToTask() {
	const { id } = useParams();
	return <Navigate replace to={`/tasks?task=${id}`} />;
}
