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

function read(country: string): Draft {
	const fresh = { ...empty, shipping: { country }, billing: { country } };
	try {
		return { ...fresh,
			...JSON.parse(sessionStorage.getItem(place) ?? "{}") };
	} catch {
		return fresh;
	}
}

export const forgetDraft = () => sessionStorage.removeItem(place);

/** @param country  to begin with */
export function useDraft(country: string) {
	const [draft, setDraft] = useState(() => read(country));
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
