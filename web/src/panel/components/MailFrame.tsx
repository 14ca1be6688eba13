// SPDX-License-Identifier: ISC
// A mail's HTML, in a frame with no origin, no links and no scripts of its
// own (nginx/duka-headers-mail.conf says what it may).
import { useEffect, useRef } from "react";

export function MailFrame({ html, title }: { html: string; title: string }) {
	const frame = useRef<HTMLIFrameElement>(null);
	const newest = useRef(html);
	newest.current = html;
	const show = () => frame.current?.contentWindow?.postMessage(
		newest.current, "*");
	useEffect(show, [html]);
	return <iframe ref={frame} title={title} src="/admin-panel/mail-frame"
		sandbox="allow-scripts" onLoad={show} className="h-[36rem] w-full
		rounded-box border border-base-300 bg-base-100" />;
}
