// SPDX-License-Identifier: ISC
// Chooses one record of a list by searching it: a customer, a company, an
// order.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { call } from "../../../api/client";
import { Field } from "../../../components/Field";
import { useText } from "../../../i18n";
import type { Page } from "../../list";

export interface Picked {
	id: string;
	name: string;
}
interface Found {
	id: string;
	name?: string;
	given_name?: string;
	family_name?: string;
	/** An order's, which it is called by. */
	number?: string | number;
	placed_at?: string;
	email?: string | null;
	city?: string | null;
}

const nameOf = (one: Found) => one.placed_at !== undefined
	? String(one.number) : one.name || [one.given_name, one.family_name]
	.filter(Boolean).join(" ") || one.email || one.id;

export function Pick({ label, path, value, set, error, fixed }: {
	label: string; path: string; value: Picked | null;
	set: (value: Picked | null) => void; error?: string; fixed?: boolean;
}) {
	const t = useText("panel_companies");
	const [typed, setTyped] = useState("");
	const [q, setQ] = useState("");
	useEffect(() => {
		const timer = setTimeout(() => setQ(typed.trim()), 300);
		return () => clearTimeout(timer);
	}, [typed]);
	const found = useQuery({ queryKey: ["pick", path, q], enabled: q !== "",
		queryFn: ({ signal }) => call<Page<Found>>(
			`${path}?limit=6&q=${encodeURIComponent(q)}`, { signal }) });
	if (value)
		return (
			<div className="mb-4">
				<span className="mb-1 block text-sm font-medium">{label}</span>
				<span className="inline-flex flex-wrap items-center gap-2">
					{value.name}
					{!fixed && <button type="button" className="btn btn-xs"
						aria-label={t("pick.other.of", { label })}
						onClick={() => set(null)}>{t("pick.other")}</button>}
				</span>
				{error && <p role="alert" className="text-sm text-error">
					{error}</p>}
			</div>
		);
	if (fixed)
		return null;
	return (
		<div>
			<Field label={label} type="search" value={typed} error={error}
				autoComplete="off" hint={t("pick.hint")}
				onChange={({ target }) => setTyped(target.value)} />
			{q !== "" && found.data && <ul aria-label={t("pick.found",
				{ label })} className="mb-4 -mt-2 rounded-box border
				border-base-300">
				{found.data.items.map((one) => (
					<li key={one.id}><button type="button"
						className="btn btn-ghost btn-sm btn-block
						justify-start text-left" onClick={() => {
							setTyped("");
							set({ id: one.id, name: nameOf(one) });
						}}>{nameOf(one)}<span className="text-sm
							font-normal">{one.placed_at && `${one.name} `}
							{one.email ?? one.city ?? ""}</span>
					</button></li>
				))}
				{found.data.items.length === 0 && <li className="p-2 text-sm"
					role="status">{t("pick.none")}</li>}
			</ul>}
		</div>
	);
}
