// SPDX-License-Identifier: ISC
// A file of the API's, saved by the browser (a link wouldn't renew a session
// that is too old): await download("/api/reports/sales.csv", "sales.csv").
import { callFor } from "../api/client";

export async function download(path: string, name: string,
	init?: RequestInit) {
	const blob = await (await callFor(path, init)).blob();
	const link = document.createElement("a");
	link.href = URL.createObjectURL(blob);
	link.download = name;
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
