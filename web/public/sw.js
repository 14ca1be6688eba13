// SPDX-License-Identifier: ISC
// Keeps the shell: pages open without a connection, with what was last seen
// of the catalogue and the cart.  What changes something always goes out; the
// staff's panel is none of its business.
const shell = "duka-shell-1", data = "duka-data-1";
const kept = /^\/api\/(catalog\/(products|categories|brands)|cart$)/;

self.addEventListener("install", (event) => {
	event.waitUntil(caches.open(shell).then((cache) => cache.addAll(
		["/offline", "/icon.svg", "/manifest.webmanifest"]))
		.then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
	event.waitUntil(caches.keys().then((names) => Promise.all(names
		.filter((name) => name !== shell && name !== data)
		.map((name) => caches.delete(name))))
		.then(() => self.clients.claim()));
});

async function keep(name, request, response) {
	if (response.ok) {
		const cache = await caches.open(name);
		await cache.put(request, response.clone());
		const keys = await cache.keys();
		await Promise.all(keys.slice(0, Math.max(0, keys.length - 200))
			.map((key) => cache.delete(key)));
	}
	return response;
}

// Names of assets tell their content.
const asset = async (request) => await caches.match(request) ??
	keep(shell, request, await fetch(request));

async function page(request) {
	try {
		const response = await fetch(request);
		if (response.ok && new URL(request.url).pathname === "/")
			await (await caches.open(shell)).put("/offline",
				response.clone());
		return response;
	} catch {
		return await caches.match("/offline") ?? Response.error();
	}
}

async function fresh(request) {
	try {
		return await keep(data, request, await fetch(request));
	} catch {
		return await caches.match(request) ?? Response.error();
	}
}

self.addEventListener("fetch", (event) => {
	const { request } = event;
	const { origin, pathname } = new URL(request.url);
	if (request.method !== "GET" || origin !== location.origin)
		return;
	if (/^\/(admin-panel|assets\/panel-)/.test(pathname))
		return;
	if (request.mode === "navigate" && !/^\/(api|media|bot)\//.test(pathname))
		event.respondWith(page(request));
	else if (pathname.startsWith("/assets/"))
		event.respondWith(asset(request));
	else if (kept.test(pathname))
		event.respondWith(fresh(request));
});

async function keepAssets(addresses) {
	const cache = await caches.open(shell);
	for (const address of addresses)
		if (!await cache.match(address))
			await cache.add(address).catch(() => undefined);
}

// Signing out leaves nothing of the cart behind.
self.addEventListener("message", (event) => {
	if (event.data === "forget")
		event.waitUntil(caches.delete(data));
	else if (Array.isArray(event.data?.keep))
		event.waitUntil(keepAssets(event.data.keep));
});
