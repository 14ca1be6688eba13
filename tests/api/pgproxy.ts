// SPDX-License-Identifier: ISC
// Between a worker and its database: breaks the connection off just before or
// just after the database says that it has committed.
import { connect, createServer, type Server, type Socket } from "node:net";

/** One message of the database's: how long it is, if it is whole. */
function whole(bytes: Buffer): number | undefined {
	const length = bytes.length < 5 ? 0 : bytes.readInt32BE(1) + 1;
	return length && bytes.length >= length ? length : undefined;
}

const commits = (message: Buffer): boolean =>
	message.toString("latin1", 0, 1) === "C" &&
	message.toString("latin1", 5) === "COMMIT\0";

export class Proxy {
	/** Where the next COMMIT's answer is cut off. */
	cut: "before" | "after" | undefined;
	cuts = 0;
	private readonly server: Server;

	constructor(path: string, database: string) {
		this.server = createServer((worker) =>
			this.join(worker, connect(database))).listen(path);
	}

	private join(worker: Socket, database: Socket): void {
		let kept: Buffer = Buffer.alloc(0);
		worker.on("data", (bytes) => database.write(bytes));
		database.on("data", (bytes) => {
			kept = Buffer.concat([kept, bytes]);
			for (let n = whole(kept); n; n = whole(kept)) {
				const message = kept.subarray(0, n);
				kept = kept.subarray(n);
				if (!this.cut || !commits(message)) {
					worker.write(message);
					continue;
				}
				worker.end(this.cut === "after" ? message : "");
				database.destroy();
				this.cut = undefined;
				this.cuts++;
				return;
			}
		});
		for (const [one, other] of [[worker, database], [database, worker]]) {
			one.on("error", () => other.destroy());
			one.on("end", () => other.end());
		}
	}

	close(): void {
		this.server.close();
	}
}
