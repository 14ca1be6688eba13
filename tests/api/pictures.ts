// SPDX-License-Identifier: ISC
// Pictures made here, good ones and bad ones.
import { once } from "node:events";
import { createDeflate, crc32 } from "node:zlib";

/** 100 × 60, to be turned by a quarter; tells in its Exif WHERE-I-LIVE. */
export const jpeg = Buffer.from(`
/9j/4QA7RXhpZgAASUkqAAgAAAACABIBAwABAAAABgAAADsBAgANAAAAJgAAAAAAAABXSEVSRS1J
LUxJVkUA/9sAQwANCQoLCggNCwoLDg4NDxMgFRMSEhMnHB4XIC4pMTAuKS0sMzpKPjM2RjcsLUBX
QUZMTlJTUjI+WmFaUGBKUVJP/9sAQwEODg4TERMmFRUmTzUtNU9PT09PT09PT09PT09PT09PT09P
T09PT09PT09PT09PT09PT09PT09PT09PT09PT09P/8AAEQgAPABkAwEiAAIRAQMRAf/EAB8AAAEF
AQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFB
BhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RV
VldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrC
w8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/EAB8BAAMBAQEBAQEBAQEAAAAA
AAABAgMEBQYHCAkKC//EALURAAIBAgQEAwQHBQQEAAECdwABAgMRBAUhMQYSQVEHYXETIjKBCBRC
kaGxwQkjM1LwFWJy0QoWJDThJfEXGBkaJicoKSo1Njc4OTpDREVGR0hJSlNUVVZXWFlaY2RlZmdo
aWpzdHV2d3h5eoKDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT
1NXW19jZ2uLj5OXm5+jp6vLz9PX29/j5+v/aAAwDAQACEQMRAD8Agooorwz6IKKKKACiiigAoooo
AKKKKACiiigAooooAKKKKACiiigAooooAKKKKACiiigAooooAKKKKACiiigAooooAKKKKACiiigA
ooooAKKKKACiiigAooooAKKKKACiiigAooooAKKKKACiiigAooooA//Z`, "base64");
/** 100 × 60 each. */
export const webp = Buffer.from(`
UklGRjIBAABXRUJQVlA4WAoAAAAIAAAAYwAAOwAAVlA4IFIAAADQBACdASpkADwAPpFIoUylpCMi
ISgAsBIJaQDWXoB+AAAJ8WdOt+UWTJkyZMmSyAD+15X//hVuGIZqv/+SmULoa/xrHG9lct62hhMC
0GcAAAAARVhJRroAAABFeGlmAABJSSoACAAAAAYAEgEDAAEAAAABAAAAGgEFAAEAAABWAAAAGwEF
AAEAAABeAAAAKAEDAAEAAAACAAAAEwIDAAEAAAABAAAAaYcEAAEAAABmAAAAAAAAADhjAADoAwAA
OGMAAOgDAAAGAACQBwAEAAAAMDIxMAGRBwAEAAAAAQIDAACgBwAEAAAAMDEwMAGgAwABAAAA//8A
AAKgBAABAAAAZAAAAAOgBAABAAAAPAAAAAAAAAA=`, "base64");
export const gif = Buffer.from(`
R0lGODlhZAA8AIAAAEdwTMhaHiH/C05FVFNDQVBFMi4wAwEAAAAh+QQFAAAAACwAAAAAZAA8AAAC
VYyPqcvtD6OctNqLs968+w+G4kiW5omm6sq27gvH8kzX9o3n+s73/g8MCofEovGITCqXzKbzCY1K
p9Sq9YrNarfcrvcLDovH5LL5jE6r1+y2+w2PJwoAOw==`, "base64");

export function chunk(type: string, content: Buffer): Buffer {
	const body = Buffer.concat([Buffer.from(type, "latin1"), content]);
	const part = Buffer.alloc(body.length + 8);
	part.writeUInt32BE(content.length, 0);
	body.copy(part, 4);
	part.writeUInt32BE(crc32(body), body.length + 4);
	return part;
}

export interface Png {
	width: number;
	height: number;
	/** Bits of a grey point; 24 and 32 are colours. */
	bits?: 1 | 8 | 24 | 32;
	/** What the rows' bytes are, by row. */
	shade?: (row: number) => number;
	/** Chunks before the points. */
	more?: Buffer[];
	interlaced?: boolean;
}

const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");

/** Row by row: the points of a bomb don't fit into memory. */
export async function png(how: Png): Promise<Buffer> {
	const { width, height, bits = 24, shade = (y) => y & 255 } = how;
	const head = Buffer.alloc(13);
	head.writeUInt32BE(width, 0);
	head.writeUInt32BE(height, 4);
	head[8] = bits === 1 ? 1 : 8;
	head[9] = bits === 24 ? 2 : bits === 32 ? 6 : 0;
	head[12] = how.interlaced ? 1 : 0;
	const deflate = createDeflate({ level: 1 });
	const parts: Buffer[] = [];
	deflate.on("data", (part) => parts.push(part));
	const row = Buffer.alloc(1 + Math.ceil(width * bits / 8));
	for (let y = 0; y < height; y++) {
		row.fill(shade(y), 1);
		if (!deflate.write(Buffer.from(row)))
			await once(deflate, "drain");
	}
	deflate.end();
	await once(deflate, "end");
	return Buffer.concat([signature, chunk("IHDR", head),
		...how.more ?? [], chunk("IDAT", Buffer.concat(parts)),
		chunk("IEND", Buffer.alloc(0))]);
}

/** A JPEG that says it is larger than it is. */
export function jpegSaying(width: number, height: number): Buffer {
	const copy = Buffer.from(jpeg);
	const frame = copy.indexOf(Buffer.from([0xff, 0xc0]));
	copy.writeUInt16BE(height, frame + 5);
	copy.writeUInt16BE(width, frame + 7);
	return copy;
}

/** A GIF likewise: its screen, and its one frame. */
export function gifSaying(width: number, height: number): Buffer {
	const copy = Buffer.from(gif);
	const frame = copy.indexOf(Buffer.from([0x2c, 0, 0, 0, 0]));
	for (const at of [6, frame + 5]) {
		copy.writeUInt16LE(width, at);
		copy.writeUInt16LE(height, at + 2);
	}
	return copy;
}

/** The size in a WebP of one frame, as libwebp writes it. */
export function webpSize(bytes: Buffer): { width: number; height: number } {
	const vp8 = bytes.indexOf("VP8 ", 12, "latin1");
	if (vp8 > 0)
		return { width: bytes.readUInt16LE(vp8 + 14) & 0x3fff,
			height: bytes.readUInt16LE(vp8 + 16) & 0x3fff };
	const lossless = bytes.readUInt32LE(bytes.indexOf("VP8L") + 9);
	return { width: (lossless & 0x3fff) + 1,
		height: (lossless >> 14 & 0x3fff) + 1 };
}
