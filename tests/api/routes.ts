// SPDX-License-Identifier: ISC
// The route tables as the contract shows them, and requests made from them.
import { contract } from "./harness.js";

export interface Schema {
	$ref?: string;
	type?: string | string[];
	properties?: Record<string, Schema>;
	items?: Schema;
	enum?: unknown[];
	const?: unknown;
	format?: string;
	pattern?: string;
	minimum?: number;
	maximum?: number;
	minLength?: number;
	maxLength?: number;
	minItems?: number;
	maxItems?: number;
	required?: string[];
	anyOf?: Schema[];
}

export interface Parameter {
	name: string;
	in: "path" | "query" | "header";
	required?: boolean;
	schema: Schema;
}

export interface Route {
	method: string;
	path: string;
	access: string;
	permission?: string;
	parameters: Parameter[];
	body?: { type: string; schema: Schema; example?: any };
}

export const routes: Route[] = Object.entries(contract.paths)
	.flatMap(([path, methods]) => Object.entries(methods)
		.map(([method, operation]: [string, any]) => {
			const content = operation.requestBody?.content;
			const type = content ? Object.keys(content)[0] : "";
			return {
				method: method.toUpperCase(),
				path,
				access: operation["x-access"],
				permission: operation["x-permission"],
				parameters: operation.parameters ?? [],
				body: content ? { type, ...content[type] } : undefined,
			};
		}));

export const nobody = "00000000-0000-4000-8000-000000000000";

/** The path with its parameters filled in: `id` for UUIDs, else a word. */
export function fill(route: Route, id = nobody): string {
	return route.path.replace(/\{([^}]+)\}/g, (_, name: string) =>
		name === "id" || name.endsWith("_id") ? id : "no-such-thing");
}

/** Query parameters that must be there, by values that fit. */
export function neededQuery(route: Route): string {
	const pairs = route.parameters.filter((p) =>
		p.in === "query" && p.required).map((p) =>
		`${p.name}=${encodeURIComponent(sample(p.schema))}`);
	return pairs.length ? "?" + pairs.join("&") : "";
}

function sample(schema: Schema): string {
	if (schema.enum)
		return String(schema.enum[0]);
	switch (schema.format) {
	case "uuid": return nobody;
	case "date": return "2026-01-31";
	case "date-time": return "2026-01-31T00:00:00Z";
	}
	return schema.type === "integer" ? String(schema.minimum ?? 1) : "abc";
}
