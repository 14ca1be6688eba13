// SPDX-License-Identifier: ISC
// What was typed into the checkout stays for as long as the tab is open, so
// that a reload loses nothing; an order that was placed clears it.
import { useEffect, useState } from "react";
import type { AddressPart, AddressValues } from
	"../../components/AddressFields";

const place = "checkout";

export interface Draft {
	email: string;
	/** Of the book; "" is the one typed in below. */
	address_id?: string;
	shipping: AddressValues;
	billing_differs: boolean;
	billing: AddressValues;
	payment?: string;
	note: string;
}

const empty: Draft = { email: "", shipping: {}, billing_differs: false,
	billing: {}, note: "" };

function read(): Draft {
	try {
		return { ...empty,
			...JSON.parse(sessionStorage.getItem(place) ?? "{}") };
	} catch {
		return empty;
	}
}

export const forgetDraft = () => sessionStorage.removeItem(place);

export function useDraft() {
	const [draft, setDraft] = useState(read);
	useEffect(() => sessionStorage.setItem(place, JSON.stringify(draft)),
		[draft]);
	const change = (some: Partial<Draft>) =>
		setDraft((now) => ({ ...now, ...some }));
	const changePart = (of: "shipping" | "billing", part: AddressPart,
		value: string) => setDraft((now) =>
		({ ...now, [of]: { ...now[of], [part]: value } }));
	return { draft, change, changePart };
}

/** What was filled in, or nothing. */
export function filled(values: AddressValues) {
	const entries = Object.entries(values).map(([part, value]) =>
		[part, value.trim()] as const).filter(([, value]) => value !== "");
	return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}
