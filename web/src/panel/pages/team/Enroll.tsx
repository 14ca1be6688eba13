// SPDX-License-Identifier: ISC
// What a member sees whose role wants a second factor, and who has none.
import { useState } from "react";
import { useTitle } from "../../../components/title";
import { useText } from "../../../i18n";
import { useForget, useLogout } from "../../session";
import { RecoveryList, SetUp } from "./SecondFactor";

export default function Enroll({ done }: { done: () => void }) {
	const t = useText("panel_team");
	const leave = useText("common")("logout");
	const forget = useForget();
	const logout = useLogout();
	const [codes, setCodes] = useState<string[]>();
	useTitle(t("totp"));
	return (
		<>
			<h1 className="mb-2">{t("totp")}</h1>
			{codes ? <RecoveryList codes={codes} done={() =>
				void forget().then(done)} />
				: <>
					<p className="mb-6 opacity-80">{t("totp.wanted")}</p>
					<SetUp given={setCodes} />
					<p className="mt-8"><button type="button" className="link"
						onClick={() => logout.mutate(false)}>{leave}</button></p>
				</>}
		</>
	);
}
