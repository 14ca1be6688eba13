// SPDX-License-Identifier: ISC
// Where the palette looks for records, and how it shows them; each list
// answers { items } and takes `q` or its like.
import { money } from "../../i18n";

type Item = Record<string, unknown>;
export interface Source {
	kind: "order" | "customer" | "product";
	permission: string;
	path: (words: string) => string;
	show: (item: Item) => { id: string; name: string; beside?: string;
		to: string };
}

const word = (value: unknown) => typeof value === "string" ? value : "";
const asked = encodeURIComponent;

export const records: Source[] = [
	{
		kind: "order", permission: "orders.read",
		path: (words) => `/api/orders/manage?limit=5&q=${asked(words)}`,
		show: (item) => ({ id: word(item.id), name: word(item.number),
			beside: money(item.total as
				{ amount: number; currency: string }),
			to: `/orders/${word(item.id)}` }),
	},
	{
		kind: "customer", permission: "customers.read",
		path: (words) => `/api/desk/customers?limit=5&q=${asked(words)}`,
		show: (item) => ({ id: word(item.id),
			name: word(item.name) || `${word(item.given_name)} ${
				word(item.family_name)}`.trim() || word(item.email),
			beside: word(item.email), to: `/customers/${word(item.id)}` }),
	},
	{
		kind: "product", permission: "catalog.read",
		path: (words) => `/api/catalog/staff/products?limit=5&q=${
			asked(words)}`,
		show: (item) => ({ id: word(item.id), name: word(item.name),
			beside: word(item.slug), to: `/products/${word(item.id)}` }),
	},
];
