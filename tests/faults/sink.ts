// SPDX-License-Identifier: ISC
// A mail server that takes everything:  sink.js FILE  listens on a free port
// (in FILE.port) and writes a line "RECIPIENT MESSAGE-ID" for each mail to
// FILE before it says that it took it.
import { appendFileSync, writeFileSync } from "node:fs";
import net from "node:net";

const file = process.argv[2];

function greet(socket: net.Socket): void {
	let rest = "", recipient = "", letter: string[] | undefined;
	const say = (line: string): void => {
		socket.write(`${line}\r\n`);
	};
	const take = (): void => {
		const id = letter!.find((line) => /^message-id:/i.test(line)) ?? "";
		appendFileSync(file, `${recipient} ${id.slice(11).trim()}\n`);
		letter = undefined;
		say("250 taken");
	};
	const hear = (line: string): void => {
		if (letter) {
			if (line === ".")
				take();
			else
				letter.push(line);
			return;
		}
		const [word] = line.toUpperCase().split(/[ :]/);
		if (word === "RCPT")
			recipient = line.match(/<([^>]*)>/)?.[1] ?? "";
		if (word === "DATA") {
			letter = [];
			say("354 go on");
		} else if (word === "QUIT") {
			say("221 bye");
			socket.end();
		} else
			say("250 sink");
	};
	socket.on("error", () => undefined);
	socket.on("data", (bytes) => {
		const lines = (rest + bytes.toString("latin1")).split("\r\n");
		rest = lines.pop()!;
		lines.forEach(hear);
	});
	say("220 sink");
}

const server = net.createServer(greet);
server.listen(0, "127.0.0.1", () => {
	writeFileSync(file, "");
	writeFileSync(`${file}.port`,
		String((server.address() as net.AddressInfo).port));
});
