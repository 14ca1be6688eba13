// SPDX-License-Identifier: ISC
// Where to go after signing in: a path of this shop, nothing else.
export function ownPath(wanted: string | null, standard = "/account") {
	if (!wanted?.startsWith("/"))
		return standard;
	try {
		const url = new URL(wanted, location.origin);
		return url.origin === location.origin &&
			!/^\/\/|^\/login\b/.test(url.pathname)
			? url.pathname + url.search + url.hash : standard;
	} catch {
		return standard;
	}
}
