// SPDX-License-Identifier: ISC
// Pictures: what is taken, what is made of it, what is refused; and what
// hostile ones cost.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync, utimesSync, existsSync }
	from "node:fs";
import { before, describe, test } from "node:test";
import { deflateSync } from "node:zlib";
import { base, customer, program, raw, sql, staff, type Person } from
	"./harness.js";
import { gif, gifSaying, jpeg, jpegSaying, png, chunk, webp, webpSize } from
	"./pictures.js";

const path = "/api/media/pictures";
const profile = "/api/media/profile-picture";
const managed = "/api/media/manage/pictures";
const folder = `${process.env.DUKA_MEDIA}/p`;
let ada: Person, ben: Person, boss: Person;

before(async () => {
	ada = await customer();
	ben = await customer();
	boss = await staff("superadmin");
});

const send = (body: Uint8Array | string, type = "image/png",
	options: { token?: string; to?: string } = {}) =>
	raw("PUT", options.to ?? path, { body, type,
		token: options.token ?? ada.token });

async function file(url: string): Promise<{ status: number;
	headers: Headers; bytes: Buffer }> {
	const answer = await fetch(base + url);
	return { status: answer.status, headers: answer.headers,
		bytes: Buffer.from(await answer.arrayBuffer()) };
}

const refused = (answer: { status: number; json: any; text: string },
	status: number, code: string) =>
	assert.deepEqual([answer.status, answer.json?.code], [status, code],
		answer.text);

const unreadable = (answer: Awaited<ReturnType<typeof send>>) =>
	refused(answer, 422, "PICTURE_NOT_READABLE");

const small = png({ width: 40, height: 30 });

describe("a picture", () => {
	test("becomes WebP files of some widths", async () => {
		const made = await send(await png({ width: 1600, height: 900 }));
		assert.equal(made.status, 201, made.text);
		assert.deepEqual([made.json.width, made.json.height], [1280, 720]);
		assert.deepEqual(made.json.sizes.map((s: any) => s.width),
			[160, 320, 640, 1280]);
		for (const { width, url } of made.json.sizes) {
			const { status, headers, bytes } = await file(url);
			assert.equal(status, 200);
			assert.match(url, /^\/media\/p\/[0-9a-f]{64}-\d+\.webp$/);
			assert.equal(headers.get("content-type"), "image/webp");
			assert.equal(headers.get("x-content-type-options"), "nosniff");
			assert.match(headers.get("content-security-policy")!,
				/default-src 'none'; sandbox/);
			assert.match(headers.get("cache-control")!, /immutable/);
			assert.deepEqual(webpSize(bytes),
				{ width, height: Math.round(width * 900 / 1600) });
		}
		assert.equal(made.headers.get("location"),
			`${path}/${made.json.id}`);
		const seen = await raw("GET", `${path}/${made.json.id}`,
			{ token: ada.token });
		assert.deepEqual(seen.json, made.json);
	});

	test("is never made larger", async () => {
		const made = await send(await png({ width: 200, height: 50,
			bits: 8 }));
		assert.deepEqual(made.json.sizes.map((s: any) => s.width),
			[160, 200]);
		const point = await send(await png({ width: 1, height: 1 }));
		assert.deepEqual([point.json.width, point.json.height], [1, 1]);
	});

	test("is turned, and keeps nothing that it told", async () => {
		const made = await send(jpeg, "image/jpeg");
		assert.deepEqual([made.json.width, made.json.height], [60, 100]);
		const { bytes } = await file(made.json.url);
		assert.deepEqual(webpSize(bytes), { width: 60, height: 100 });
		assert.ok(jpeg.includes("WHERE-I-LIVE"));
		assert.ok(!bytes.includes("WHERE-I-LIVE"));
		assert.ok(!bytes.includes("EXIF") && !bytes.includes("Exif"));
	});

	for (const [name, bytes] of [["webp", webp], ["gif", gif]] as const)
		test(`may be a ${name}`, async () => {
			const made = await send(bytes, `image/${name}`);
			assert.equal(made.status, 201, made.text);
			assert.deepEqual([made.json.width, made.json.height],
				[100, 60]);
		});

	test("sent again is the same, another's is another", async () => {
		const first = await send(await small), again = await send(await small);
		assert.equal(again.status, 201);
		assert.deepEqual(again.json, first.json);
		const other = await send(await small, "image/png",
			{ token: ben.token });
		assert.notEqual(other.json.id, first.json.id);
		assert.equal(other.json.url, first.json.url);
	});

	test("is its owner's, who may remove it", async () => {
		const made = await send(await png({ width: 41, height: 41 }));
		const its = `${path}/${made.json.id}`;
		refused(await raw("GET", its, { token: ben.token }), 404, "NOT_FOUND");
		refused(await raw("DELETE", its, { token: ben.token }), 404,
			"NOT_FOUND");
		assert.equal((await file(made.json.url)).status, 200);
		assert.equal((await raw("DELETE", its, { token: ada.token })).status,
			204);
		assert.equal((await file(made.json.url)).status, 404);
		refused(await raw("DELETE", its, { token: ada.token }), 404,
			"NOT_FOUND");
	});

	test("removed by one stays for another", async () => {
		const bytes = await png({ width: 42, height: 42 });
		const mine = await send(bytes);
		await send(bytes, "image/png", { token: ben.token });
		await raw("DELETE", `${path}/${mine.json.id}`, { token: ada.token });
		assert.equal((await file(mine.json.url)).status, 200);
	});

	test("is one of so many", async () => {
		const eve = await customer();
		await sql("update setting set value = '1' where key = 'media.pictures_most'");
		// Workers don't read this one: the database does.
		try {
			const first = await send(await small, "image/png",
				{ token: eve.token });
			assert.equal(first.status, 201, first.text);
			refused(await send(gif, "image/gif", { token: eve.token }),
				409, "PICTURES_FULL");
		} finally {
			await sql("update setting set value = '300' where key = 'media.pictures_most'");
		}
	});
});

describe("what is no picture", () => {
	const svg = `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)` +
		`</script></svg>`;
	const html = "<!doctype html><script>alert(1)</script>";

	test("of a type that isn't taken", async () => {
		for (const type of ["image/svg+xml", "text/html", "image/tiff",
			"application/pdf", "image/*", "application/octet-stream"])
			refused(await send(svg, type), 415, "TYPE_NOT_SUPPORTED");
	});

	test("of another type than was said", async () => {
		refused(await send(await small, "image/jpeg"), 415,
			"TYPE_NOT_SUPPORTED");
		refused(await send(jpeg, "image/webp"), 415, "TYPE_NOT_SUPPORTED");
	});

	for (const [name, bytes] of [
		["SVG", svg], ["HTML", html], ["nothing", ""], ["one byte", "G"],
		["PDF", "%PDF-1.7\n1 0 obj\n"], ["TIFF", "II*\0\b\0\0\0"],
		["ImageMagick's language", "push graphic-context\n"],
		["libvips' own", "\x08\xf2\xa6\xb6" + "\0".repeat(60)],
		["RIFF of sound", "RIFF\x24\0\0\0WAVEfmt "],
	] as const)
		test(`${name} under a picture's name`, async () => {
			for (const type of ["image/png", "image/jpeg", "image/webp",
				"image/gif"])
				unreadable(await send(Buffer.from(bytes, "latin1"), type));
		});

	test("HTML behind a picture's first bytes", async () => {
		for (const [magic, type] of [["GIF89a", "gif"], ["GIF87a", "gif"],
			["\x89PNG\r\n\x1a\n", "png"], ["\xff\xd8\xff\xe0", "jpeg"],
			["RIFF\x40\0\0\0WEBP", "webp"]] as const)
			unreadable(await send(Buffer.from(magic + html.repeat(20),
				"latin1"), `image/${type}`));
	});

	test("broken off", async () => {
		const whole = await png({ width: 300, height: 300,
			shade: (y) => y * 7919 });
		for (const [bytes, type] of [[whole, "png"], [jpeg, "jpeg"],
			[webp, "webp"]] as const)
			for (const part of [0.1, 0.5])
				unreadable(await send(bytes.subarray(0,
					Math.floor(bytes.length * part)), `image/${type}`));
	});

	test("a GIF that breaks off: what there is of it is made anew",
		async () => {
			unreadable(await send(gif.subarray(0, 14), "image/gif"));
			const made = await send(gif.subarray(0, 70), "image/gif");
			assert.ok([201, 422].includes(made.status), made.text);
		});

	test("with bytes changed: refused or made anew, and nothing breaks",
		async () => {
			let made = 0;
			for (const [bytes, type] of [[await small, "png"],
				[jpeg, "jpeg"], [webp, "webp"], [gif, "gif"]] as const)
				for (let i = 0; i < 12; i++) {
					const copy = Buffer.from(bytes);
					for (let n = 0; n <= i; n++)
						copy[12 + (i * 7919 + n * 104729) %
							(copy.length - 12)] ^= 1 + (i * 37 + n) % 255;
					const answer = await send(copy, `image/${type}`);
					assert.ok([201, 422].includes(answer.status),
						answer.text);
					made += Number(answer.status === 201);
				}
			assert.ok(made > 0);
		});
});

/** The WebP with one chunk more, of an even length. */
function withChunk(file: Buffer, name: string, text: string): Buffer {
	const content = Buffer.from(text.padEnd(text.length + text.length % 2));
	const head = Buffer.from(`${name}....`);
	head.writeUInt32LE(content.length, 4);
	const all = Buffer.concat([file, head, content]);
	all.writeUInt32LE(all.length - 8, 4);
	return all;
}

describe("a picture that is something else too", () => {
	const script = "<script>alert('polyglot')</script>";

	test("loses it", async () => {
		const comment = chunk("tEXt", Buffer.from(`Comment\0${script}`));
		const hidden = chunk("prIv", Buffer.from(`PK\x03\x04${script}`));
		const carrier = await png({ width: 77, height: 55,
			more: [comment, hidden] });
		for (const [bytes, type] of [
			[Buffer.concat([carrier, Buffer.from(script)]), "png"],
			[Buffer.concat([gif, Buffer.from(script)]), "gif"],
			[Buffer.concat([jpeg, Buffer.from(`PK\x03\x04${script}`)]),
				"jpeg"],
			// In a comment of JPEG's own, as the first segment.
			[Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xfe, 0,
				script.length + 2]), Buffer.from(script),
				jpeg.subarray(2)]), "jpeg"],
			// A comment of GIF's own that closes one of script's.
			[Buffer.concat([gif.subarray(0, -1), Buffer.from([0x21, 0xfe,
				script.length]), Buffer.from(script), Buffer.from([0]),
				gif.subarray(-1)]), "gif"],
			// Chunks of WebP's own, within its size and behind it.
			[withChunk(webp, "XMP ", script), "webp"],
			[Buffer.concat([webp, Buffer.from(script)]), "webp"],
		] as const) {
			assert.ok(bytes.includes("polyglot"));
			const made = await send(bytes, `image/${type}`);
			assert.equal(made.status, 201, made.text);
			for (const { url } of made.json.sizes) {
				const kept = (await file(url)).bytes;
				assert.ok(!kept.includes("polyglot"));
				assert.ok(!kept.includes("PK\x03\x04"));
				assert.equal(kept.readUInt32LE(4) + 8, kept.length);
			}
		}
	});
});

// The decoders, as the kernel sees them.

interface Seen { peak: number; decoders: number }

/** Looks at the workers of this stack and their children until `work` ends:
 * the largest memory (kB) that one ever had, or one of the workers. */
async function watched(work: () => Promise<unknown>, workers = false):
	Promise<Seen> {
	const mark = `DUKA_WORKER_OF=${process.env.DUKA_STACK}\0`;
	const mine = new Map<string, boolean>(), decoders = new Set<string>();
	let peak = 0, ended = false;
	const look = () => {
		for (const pid of readdirSync("/proc").filter((n) => /^\d+$/.test(n)))
			try {
				if (!mine.has(pid))
					mine.set(pid, readFileSync(`/proc/${pid}/environ`,
						"latin1").includes(mark) &&
						/media$/.test(readFileSync(
							`/proc/${pid}/comm`, "latin1").trim()));
				if (!mine.get(pid))
					continue;
				const status = readFileSync(`/proc/${pid}/status`, "latin1");
				const parent = /PPid:\s+(\d+)/.exec(status)![1];
				if (mine.get(parent))
					decoders.add(pid);
				if (!workers || !decoders.has(pid))
					peak = Math.max(peak,
						Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
			} catch {
				mine.delete(pid);
			}
	};
	const watching = (async () => {
		while (!ended) {
			look();
			await new Promise((resolve) => setTimeout(resolve, 3));
		}
	})();
	try {
		await work();
	} finally {
		ended = true;
		await watching;
	}
	return { peak, decoders: decoders.size };
}

// kB; a sanitizer's own memory comes to it, and it takes the limit away.
const bound = (process.env.DUKA_SANITIZED ? 512 : 256) * 1024;
/** A worker holds what it is sent (in a file in memory), and what is made. */
const worker = (process.env.DUKA_SANITIZED ? 256 : 64) * 1024;

describe("a picture that is too much", () => {
	test("by its points: 50,000 × 50,000", async () => {
		const bomb = await png({ width: 50000, height: 50000, bits: 1,
			shade: () => 0 });
		assert.ok(bomb.length < 3 << 20);
		const seen = await watched(async () => {
			refused(await send(bomb), 422, "PICTURE_TOO_LARGE");
			refused(await send(jpegSaying(50000, 50000), "image/jpeg"),
				422, "PICTURE_TOO_LARGE");
			refused(await send(gifSaying(50000, 50000), "image/gif"),
				422, "PICTURE_TOO_LARGE");
			refused(await send(await png({ width: 6400, height: 6400,
				bits: 1 })), 422, "PICTURE_TOO_LARGE");
		});
		assert.ok(seen.peak < bound / 2, `${seen.peak} kB`);
	});

	test("as large as is allowed costs a bounded memory", async () => {
		const most = await png({ width: 6300, height: 6300, bits: 32,
			shade: (y) => y >> 3 });
		const seen = await watched(async () => {
			const made = await send(most);
			assert.equal(made.status, 201, made.text);
			assert.equal(made.json.width, 1280);
		});
		assert.ok(seen.decoders > 0, "no decoder was seen");
		assert.ok(seen.peak < bound, `${seen.peak} kB`);
		console.log(`39.7 million points: ${seen.peak} kB`);
	});

	test("that says what isn't so ends its decoder only", async () => {
		const seen = await watched(async () => {
			for (const [bytes, type] of [
				[jpegSaying(6300, 6300), "jpeg"],
				[gifSaying(6300, 6300), "gif"],
				[await png({ width: 4000, height: 4000, bits: 32,
					interlaced: true }), "png"],
			] as const) {
				const answer = await send(bytes, `image/${type}`);
				assert.ok([201, 422].includes(answer.status), answer.text);
			}
		});
		assert.ok(seen.peak < bound, `${seen.peak} kB`);
		assert.equal((await send(await small)).status, 201);
	});

	test("long and thin", async () => {
		unreadable(await send(await png({ width: 9000, height: 2 })));
		unreadable(await send(await png({ width: 1, height: 9 })));
	});

	test("by its bytes", async () => {
		const full = Buffer.alloc(10 << 20);
		(await small).copy(full);
		const made = await send(full);
		assert.equal(made.status, 201, made.text);
		const refusal = await fetch(base + path, { method: "PUT",
			headers: { "Content-Type": "image/png",
				Authorization: `Bearer ${ada.token}` },
			body: Buffer.alloc((10 << 20) + 1) });
		assert.equal(refusal.status, 413);
	});

	test("100 MB don't come through", async () => {
		const piece = Buffer.alloc(1 << 20);
		let left = 100;
		const body = new ReadableStream({ pull(controller) {
			if (left-- > 0)
				controller.enqueue(piece);
			else
				controller.close();
		} });
		const before = readdirSync(folder).length;
		let status = -1;
		const seen = await watched(async () => {
			status = await fetch(base + path, { method: "PUT", body,
				duplex: "half", headers: { "Content-Type": "image/png",
					Authorization: `Bearer ${ada.token}` } } as any)
				.then((answer) => answer.status, () => 0);
		});
		assert.ok([413, 0].includes(status), `${status}`);
		assert.equal(seen.decoders, 0);
		assert.ok(seen.peak < worker, `${seen.peak} kB`);
		assert.equal(readdirSync(folder).length, before);
	});

	test("in a compressed text or profile beside its points", async () => {
		const zeros = deflateSync(Buffer.alloc(300 << 20));
		assert.ok(zeros.length < 1 << 20);
		const seen = await watched(async () => {
			for (const bomb of [
				chunk("zTXt", Buffer.concat([Buffer.from("Comment\0\0"),
					zeros])),
				chunk("iCCP", Buffer.concat([Buffer.from("profile\0\0"),
					zeros])),
			]) {
				const answer = await send(await png({ width: 43, height: 43,
					more: [bomb] }));
				assert.ok([201, 422].includes(answer.status), answer.text);
			}
		});
		assert.ok(seen.peak < bound, `${seen.peak} kB`);
		assert.equal((await send(await small)).status, 201);
	});

	test("costs the worker nothing: its decoder carries it", async () => {
		const most = await png({ width: 4000, height: 4000, bits: 24 });
		const seen = await watched(() => send(most), true);
		assert.ok(seen.peak > 0 && seen.peak < worker, `${seen.peak} kB`);
		console.log(`a worker: ${seen.peak} kB`);
	});

	test("several at once", async () => {
		// Few and small: all are to be done before nginx gives one up.
		const bytes = await png({ width: 600, height: 400 });
		const answers = await Promise.all(Array.from({ length: 6 }, () =>
			raw("PUT", path, { body: bytes, type: "image/png",
				token: ada.token, parallel: true })));
		assert.deepEqual(new Set(answers.map((a) => a.status)),
			new Set([201]));
		assert.equal(new Set(answers.map((a) => a.json.id)).size, 1);
		assert.ok(!readdirSync(folder).some((n) => n.startsWith(".new-")));
	});
});

describe("a picture of oneself", () => {
	test("is drawn until one is sent", async () => {
		const eve = await customer({ given_name: "<Eve>",
			family_name: "&Co" });
		const drawn = await raw("GET", profile, { token: eve.token });
		assert.deepEqual([drawn.json.drawn, drawn.json.picture],
			[true, null]);
		const svg = await raw("GET", drawn.json.url);
		assert.equal(svg.headers.get("content-type"), "image/svg+xml");
		assert.match(svg.headers.get("content-security-policy")!,
			/default-src 'none'/);
		assert.match(svg.text, />&lt;&amp;<\/text>/);

		const first = await send(await png({ width: 300, height: 300 }),
			"image/png", { token: eve.token, to: profile });
		assert.equal(first.status, 200, first.text);
		assert.equal(first.json.drawn, false);
		assert.equal((await file(first.json.url)).status, 200);
		const second = await send(jpeg, "image/jpeg",
			{ token: eve.token, to: profile });
		assert.notEqual(second.json.url, first.json.url);
		assert.equal((await file(first.json.url)).status, 404);
		const mine = await raw("GET", "/api/customers/export",
			{ token: eve.token });
		assert.deepEqual(mine.json.pictures.map((p: any) => p.kind),
			["profile"]);

		// It is no upload of theirs, to be removed as one.
		refused(await raw("DELETE", `${path}/${second.json.picture.id}`,
			{ token: eve.token }), 404, "NOT_FOUND");
		assert.equal((await raw("DELETE", profile,
			{ token: eve.token })).status, 204);
		refused(await raw("DELETE", profile, { token: eve.token }), 404,
			"NOT_FOUND");
		assert.deepEqual((await raw("GET", profile,
			{ token: eve.token })).json, drawn.json);
	});

	test("and all others are gone with the account", async () => {
		const eve = await customer();
		const upload = await send(await png({ width: 51, height: 51 }),
			"image/png", { token: eve.token });
		const own = await send(await png({ width: 52, height: 52 }),
			"image/png", { token: eve.token, to: profile });
		const gone = await raw("POST", "/api/customers/account/delete", {
			token: eve.token, body: { password: eve.password } });
		assert.equal(gone.status, 204, gone.text);
		assert.deepEqual(await sql("select from picture where customer_id = $1",
			[eve.id]), []);
		program("media", ["sweep"]);
		for (const { json } of [upload, own])
			assert.equal((await file(json.url)).status, 404);
	});

	test("nobody's is a figure without letters", async () => {
		const svg = await raw("GET",
			"/api/media/avatars/00000000-0000-4000-8000-000000000000");
		assert.equal(svg.status, 200);
		assert.ok(!svg.text.includes("<text"));
	});
});

describe("a product's picture", () => {
	test("is sent by staff and stays while a product shows it", async () => {
		const made = await send(await png({ width: 700, height: 500 }),
			"image/png", { token: boss.token, to: managed });
		assert.equal(made.status, 201, made.text);
		const product = await raw("POST", "/api/catalog/products", {
			token: boss.token, body: { name: `Pictured ${made.json.id}`,
				images: [{ url: made.json.url, alt: "A bag of gari" }],
				variants: [{ sku: `P-${made.json.id.slice(0, 8)}`,
					price: { amount: 100, currency: "EUR" } }] } });
		assert.equal(product.status, 201, product.text);
		refused(await raw("DELETE", `${managed}/${made.json.id}`,
			{ token: boss.token }), 409, "PICTURE_SHOWN");
		await sql("update picture set created_at = now() - interval '3 days' where id = $1",
			[made.json.id]);
		program("media", ["sweep"]);
		assert.equal((await file(made.json.url)).status, 200);
		const emptied = await raw("PUT",
			`/api/catalog/products/${product.json.id}/images`, {
				token: boss.token, body: { images: [] },
				headers: { "If-Match": '"1"' } });
		assert.equal(emptied.status, 200, emptied.text);
		assert.equal((await raw("DELETE", `${managed}/${made.json.id}`,
			{ token: boss.token })).status, 204);
		assert.equal((await file(made.json.url)).status, 404);
	});

	test("customers' and staff's are apart", async () => {
		const made = await send(await png({ width: 53, height: 53 }));
		refused(await raw("DELETE", `${managed}/${made.json.id}`,
			{ token: boss.token }), 404, "NOT_FOUND");
		refused(await send(await small, "image/png", { to: managed }), 401,
			"UNAUTHENTICATED");
	});
});

describe("what nothing shows", () => {
	test("is swept, and only that", async () => {
		const old = await send(await png({ width: 61, height: 61 }));
		const young = await send(await png({ width: 62, height: 62 }));
		await sql("update picture set created_at = now() - interval '25 hours' where id = $1",
			[old.json.id]);
		const stray = `${folder}/${"ab".repeat(32)}-160.webp`;
		const half = `${folder}/.new-half`, fresh = `${folder}/.new-fresh`;
		const other = `${folder}/README`;
		for (const name of [stray, half, fresh, other])
			writeFileSync(name, "x");
		utimesSync(half, 1, 1);
		assert.match(program("media", ["sweep", "-v"]), /^\d+ pictures/);
		assert.equal((await file(old.json.url)).status, 404);
		assert.equal((await file(young.json.url)).status, 200);
		assert.deepEqual([stray, half, fresh, other].map((n) =>
			existsSync(n)), [false, false, true, true]);
	});
});

describe("the folder", () => {
	test("shows what is in it and nothing else", async () => {
		for (const name of ["", ".new-fresh", "../nginx/nginx.conf",
			"%2e%2e/nginx/nginx.conf", "x.webp"])
			assert.notEqual((await file(`/media/p/${name}`)).status, 200,
				name);
	});
});
