// SPDX-License-Identifier: ISC
// The panel as a whole: who isn't signed in is asked to, where they are, and
// goes on there.
import { lazy, Suspense, useEffect, useState } from "react";
import { useLocation } from "react-router";
import { Failure } from "../../components/Failure";
import { PageSkeleton } from "../../components/Skeletons";
import { loadTexts } from "../../i18n";
import { pageAt, root } from "../router";
import { useOtherTabs, useStaff } from "../session";
import { Bare, SignIn } from "./SignIn";
import { Shell } from "./Shell";

/** Without the second factor that a role wants, there is nothing else. */
const Enroll = lazy(async () => (await Promise.all([
	import("../pages/team/Enroll"), loadTexts("panel_team")]))[0]);

export function Panel() {
	const { pathname } = useLocation();
	const { data: me, error, refetch } = useStaff();
	const page = pageAt(root + pathname);
	// Until its recovery codes are kept, not only until it is set up.
	const [enrolling, setEnrolling] = useState(false);
	const lacking = me?.totp_required === true && !me.totp;
	useEffect(() => {
		if (lacking || me === null)
			setEnrolling(lacking);
	}, [lacking, me]);
	useOtherTabs();
	if (page?.open)
		return <Bare><Suspense fallback={<PageSkeleton />}>
			<page.Page /></Suspense></Bare>;
	if (me && (lacking || enrolling))
		return <Bare><Suspense fallback={<PageSkeleton />}>
			<Enroll done={() => setEnrolling(false)} /></Suspense></Bare>;
	if (me)
		return <Shell key={me.id} />;
	if (me === null)
		return <SignIn />;
	return <Bare>{error ? <Failure error={error} retry={refetch} />
		: <PageSkeleton />}</Bare>;
}
