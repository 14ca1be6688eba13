// SPDX-License-Identifier: ISC
// Who may act on whom, as the database has it: on who may no more than
// oneself, and superadmins on superadmins.
import { useQuery } from "@tanstack/react-query";
import { call, type Schemas } from "../../../api/client";
import { useText } from "../../../i18n";
import { useMember } from "../../session";

export type Member = Schemas["Member"];
export type Role = Schemas["Role"];
export type Permission = Schemas["Permission"];

export const useRoles = (enabled = true) => useQuery({ enabled,
	queryKey: ["list", "/api/staff/roles"],
	queryFn: async () => (await call<Schemas["RoleList"]>(
		"/api/staff/roles")).items });

export const usePermissions = (enabled = true) => useQuery({ enabled,
	queryKey: ["list", "/api/staff/permissions"],
	queryFn: async () => (await call<Schemas["PermissionList"]>(
		"/api/staff/permissions")).items });

/** What a permission allows, in the page's language; of one that it doesn't
 * know, what the database says. */
export function useAllows() {
	const t = useText("panel_team");
	const known = (key: string, otherwise: string) => {
		const words = t(key as "team");
		return words === key ? otherwise : words;
	};
	return { allows: ({ name, about }: Pick<Permission, "name" | "about">) =>
		known(`may.${name}`, about),
	area: (name: string) => known(`area.${name}`, name) };
}

export function useRights() {
	const me = useMember();
	const { data: roles } = useRoles();
	const superadmin = me.roles.includes("superadmin");
	/** Whether the role is one's own to give. */
	const mayGive = (name: string) => {
		const role = roles?.find((one) => one.name === name);
		return role !== undefined && (superadmin || !role.fixed &&
			role.permissions.every((one) => me.permissions.includes(one)));
	};
	return { me, roles, superadmin, mayGive,
		mayActOn: (member: Member) => member.id !== me.id &&
			me.permissions.includes("staff.write") &&
			member.roles.every(mayGive) };
}

/** "orders.read" under "orders". */
export function byArea<T extends { name: string }>(all: T[]): [string, T[]][] {
	const areas = new Map<string, T[]>();
	for (const one of all) {
		const area = one.name.split(".")[0]!;
		areas.set(area, [...areas.get(area) ?? [], one]);
	}
	return [...areas];
}
