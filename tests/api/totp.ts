// SPDX-License-Identifier: ISC
// An authenticator app (RFC 6238), and sheets of paper for its codes.
import { createHmac } from "node:crypto";
import { sql } from "./harness.js";

function base32(text: string): Buffer {
	let held = 0, bits = 0;
	const bytes: number[] = [];
	for (const letter of text) {
		held = held << 5 | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter);
		bits += 5;
		if (bits >= 8) {
			bits -= 8;
			bytes.push(held >> bits & 255);
		}
	}
	return Buffer.from(bytes);
}

/** The code of now, or of so many steps later. */
export function code(secret: string, later = 0): string {
	const moment = Buffer.alloc(8);
	moment.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + later));
	const digest = createHmac("sha1", base32(secret)).update(moment).digest();
	const at = digest[19] & 15;
	return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000)
		.padStart(6, "0");
}

/** As if the code that was taken last had been taken long ago. */
export const later = (staffId: string) =>
	sql("update staff_totp set last_step = 0 where staff_id = $1", [staffId]);
