// SPDX-License-Identifier: ISC
// What went wrong, as RFC 9457 has it, in the page's language; status 0 when
// nothing came back.
import { problemWords } from "../i18n";

export interface Fault {
	field: string;
	code: string;
	message: string;
}

export class ProblemError extends Error {
	constructor(readonly status: number, readonly code: string,
		readonly title: string, readonly detail?: string,
		readonly faults: Fault[] = [],
		readonly data: Record<string, unknown> = {}) {
		super(detail ?? title);
	}

	/** By field, for showing each next to its own. */
	get fields(): Record<string, string> {
		return Object.fromEntries(
			this.faults.map((fault) => [fault.field, fault.message]));
	}
}

interface Sent {
	code?: string;
	title?: string;
	detail?: string;
	errors?: Fault[];
	data?: Record<string, unknown>;
}

export function asProblem(sent: unknown, status: number): ProblemError {
	const { code, title, detail, errors, data } = (sent ?? {}) as Sent;
	const own = code && problemWords(code);
	return new ProblemError(status, code ?? (status ? "ODD" : "OFFLINE"),
		own ?? title ?? "", own ? undefined : detail,
		errors?.map((fault) => ({ ...fault, message:
			problemWords(`fault.${fault.code}`) ?? fault.message })), data);
}

export function problemOf(error: unknown): ProblemError | undefined {
	return error instanceof ProblemError ? error : undefined;
}

/** Queries aren't asked again for what won't change by asking. */
export function worthRetrying(count: number, error: unknown): boolean {
	const status = problemOf(error)?.status ?? 500;
	return count < 2 && (status === 0 || status >= 502);
}
