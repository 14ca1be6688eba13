// SPDX-License-Identifier: ISC
// Roles of a member: those that are not one's own to give can be seen only.
import { useText } from "../../../i18n";
import { useRights } from "./rights";

export function RoleChoice({ value, set, error, fixed }: { value: unknown;
	set: (value: unknown) => void; error?: string; fixed: boolean }) {
	const t = useText("panel_team");
	const { roles, mayGive } = useRights();
	const given = (value ?? []) as string[];
	return (
		<fieldset className="mb-4">
			<legend className="mb-1 text-sm font-medium">{t("roles")}</legend>
			{roles?.filter(({ name }) => mayGive(name) || given.includes(name))
				.map(({ name, about }) => (
					<label key={name} className="flex cursor-pointer items-start
						gap-3 py-1.5">
						<input type="checkbox" name="roles" value={name}
							className="checkbox checkbox-sm mt-0.5"
							checked={given.includes(name)}
							disabled={fixed || !mayGive(name)}
							onChange={({ target }) => set(target.checked
								? [...given, name].sort()
								: given.filter((one) => one !== name))} />
						<span><span className="font-medium">{name}</span>
							<span className="block text-sm opacity-80">{about}
							</span></span>
					</label>
				))}
			{error && <p role="alert" className="mt-1 text-sm text-error">
				{error}</p>}
		</fieldset>
	);
}
