// SPDX-License-Identifier: ISC
// Permissions by area.  What isn't one's own can be seen and neither given
// nor taken away.
import { useText } from "../../../i18n";
import { byArea, useAllows, usePermissions } from "./rights";

export function PermissionChoice({ value, set, error, fixed, mine = false }: {
	value: unknown; set: (value: unknown) => void; error?: string;
	fixed: boolean;
	/** Show one's own alone. */
	mine?: boolean;
}) {
	const t = useText("panel_team");
	const { data } = usePermissions();
	const { allows, area: words } = useAllows();
	const given = (value ?? []) as string[];
	const shown = (data ?? []).filter((one) => !one.everybodys &&
		(!mine || one.mine));
	return (
		<fieldset className="mb-4">
			<legend className="mb-2 text-sm font-medium">
				{t("permissions")}</legend>
			<div className="grid gap-x-8 gap-y-4 sm:grid-cols-2">
				{byArea(shown).map(([area, list]) => (
					<fieldset key={area}>
						<legend className="mb-1 text-sm font-semibold">
							{words(area)}</legend>
						{list.map((one) => (
							<label key={one.name} className="flex cursor-pointer
								items-start gap-3 py-1">
								<input type="checkbox" value={one.name}
									className="checkbox checkbox-sm mt-0.5"
									checked={given.includes(one.name)}
									disabled={fixed || !one.mine}
									onChange={({ target }) => set(target.checked
										? [...given, one.name].sort()
										: given.filter((name) =>
											name !== one.name))} />
								<span><span className="block text-sm">
									{allows(one)}</span>
								<code className="text-xs opacity-80">
									{one.name}</code></span>
							</label>
						))}
					</fieldset>
				))}
			</div>
			{error && <p role="alert" className="mt-1 text-sm text-error">
				{error}</p>}
		</fieldset>
	);
}
