// SPDX-License-Identifier: ISC
import type { ReactNode } from "react";
import { useTitle } from "./title";

/** A page of text. */
export function Prose({ title, children }: { title: string;
	children: ReactNode }) {
	useTitle(title);
	return (
		<article className="mx-auto max-w-2xl space-y-4 leading-relaxed
			[&_h2]:pt-4">
			<h1>{title}</h1>
			{children}
		</article>
	);
}
