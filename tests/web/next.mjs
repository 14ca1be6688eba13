// SPDX-License-Identifier: ISC
// Signing in leads nowhere but into this shop: `next.mjs next.js`.
import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";

globalThis.location = { origin: "https://shop.example" };
const { ownPath } = await import(pathToFileURL(process.argv[2]));

const elsewhere = [null, "", "account", "//evil.example", "/\\evil.example",
	"\\/evil.example", "///evil.example", "/\t/evil.example",
	"/\n/evil.example", "\t//evil.example", "/.//evil.example",
	"/a/..//evil.example", "/./\\evil.example", "https://evil.example/",
	"HTTPS:evil.example", "https:/evil.example", "javascript:alert(1)",
	"data:text/html,x", "mailto:x@evil.example", " /account",
	"/login", "/login/?next=%2Flogin", "//shop.example:x@evil.example",
	"//["];
for (const wanted of elsewhere)
	assert.equal(ownPath(wanted), "/account", JSON.stringify(wanted));

const own = ["/", "/account/orders?state=shipped", "/checkout#payment",
	"/product/gari?variant=1", "/search?q=%2F%2Fevil.example"];
for (const wanted of own)
	assert.equal(ownPath(wanted), wanted);
assert.equal(ownPath("/a/../cart"), "/cart");
assert.equal(ownPath("//evil.example", "/cart"), "/cart");
