// SPDX-License-Identifier: ISC
// What s3rver leaves out: the door of a store that checks AWS's signature,
// version 4, of what changes it, and that the bytes are those signed.
import { createHash, createHmac } from "node:crypto";
import http from "node:http";

const hmac = (key: Buffer | string, text: string): Buffer =>
	createHmac("sha256", key).update(text).digest();
const digest = (bytes: Buffer | string): string =>
	createHash("sha256").update(bytes).digest("hex");

function fault(request: http.IncomingMessage, body: Buffer, key: string,
	secret: string, region: string): string | undefined {
	const said = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/
		.exec(request.headers.authorization ?? "");
	if (!said)
		return "AccessDenied";
	const [, name, day, place, signed, signature] = said;
	const time = String(request.headers["x-amz-date"]);
	const sum = String(request.headers["x-amz-content-sha256"]);
	if (name !== key)
		return "InvalidAccessKeyId";
	if (place !== region)
		return "AuthorizationHeaderMalformed";
	if (signed.split(";").some((header) => !(header in request.headers)))
		return "SignatureDoesNotMatch";
	if (!signed.split(";").includes("host") || !time.startsWith(day))
		return "AccessDenied";
	if (sum !== digest(body))
		return "XAmzContentSHA256Mismatch";
	const [path, query = ""] = request.url!.split("?");
	const canonical = [request.method, path, query, ...signed.split(";").map(
		(header) => `${header}:${String(request.headers[header]).trim()}`),
		"", signed, sum].join("\n");
	const scope = `${day}/${region}/s3/aws4_request`;
	const wanted = hmac(hmac(hmac(hmac(hmac(`AWS4${secret}`, day), region),
		"s3"), "aws4_request"),
		`AWS4-HMAC-SHA256\n${time}\n${scope}\n${digest(canonical)}`);
	return wanted.toString("hex") === signature ? undefined :
		"SignatureDoesNotMatch";
}

/** Lets readers through to the store at `port`, and writers who sign. */
export function door(port: number, key: string, secret: string,
	region: string): http.Server {
	return http.createServer((request, answer) => {
		const parts: Buffer[] = [];
		request.on("data", (part) => parts.push(part));
		request.on("end", () => {
			const body = Buffer.concat(parts);
			const wrong = request.method === "GET" ||
				request.method === "HEAD" ? undefined :
				fault(request, body, key, secret, region);
			if (wrong) {
				answer.writeHead(403, { "Content-Type": "application/xml" });
				answer.end(`<?xml version="1.0"?><Error><Code>${wrong}</Code></Error>`);
				return;
			}
			const { authorization, ...headers } = request.headers;
			http.request({ port, host: "127.0.0.1", path: request.url,
				method: request.method, headers }, (from) => {
				answer.writeHead(from.statusCode!, from.headers);
				from.pipe(answer);
			}).on("error", () => answer.destroy()).end(body);
		});
	});
}
