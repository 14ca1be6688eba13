// SPDX-License-Identifier: ISC
// The panel as a whole: who isn't signed in is asked to, where they are, and
// goes on there.
import { Suspense } from "react";
import { useLocation } from "react-router";
import { Failure } from "../../components/Failure";
import { PageSkeleton } from "../../components/Skeletons";
import { pageAt, root } from "../router";
import { useOtherTabs, useStaff } from "../session";
import { Bare, SignIn } from "./SignIn";
import { Shell } from "./Shell";

export function Panel() {
	const { pathname } = useLocation();
	const { data: me, error, refetch } = useStaff();
	const page = pageAt(root + pathname);
	useOtherTabs();
	if (page?.open)
		return <Bare><Suspense fallback={<PageSkeleton />}>
			<page.Page /></Suspense></Bare>;
	if (me)
		return <Shell key={me.id} />;
	if (me === null)
		return <SignIn />;
	return <Bare>{error ? <Failure error={error} retry={refetch} />
		: <PageSkeleton />}</Bare>;
}
