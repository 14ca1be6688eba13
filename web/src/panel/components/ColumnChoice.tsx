// SPDX-License-Identifier: ISC
import { useRef, useState } from "react";
import { useClosing } from "../../components/useClosing";
import { useText } from "../../i18n";

interface One { key: string; title: string; always?: boolean }

export function ColumnChoice({ columns, choice }: { columns: One[];
	choice: { shown: string[]; set: (next: string[]) => void;
		reset: () => void } }) {
	const t = useText("panel");
	const [open, setOpen] = useState(false);
	const root = useRef<HTMLDivElement>(null);
	const [close] = useState(() => () => setOpen(false));
	useClosing(open, close, root);
	const free = columns.filter(({ always }) => !always);
	return free.length > 0 && (
		<div ref={root} className="relative">
			<button type="button" className="btn btn-sm" aria-expanded={open}
				onClick={() => setOpen(!open)}>{t("columns")}</button>
			{open && <div role="group" aria-label={t("columns")}
				className="absolute right-0 top-full z-30 mt-1 max-h-80 w-60
				overflow-y-auto rounded-box border border-base-300 bg-base-100
				p-3 shadow-xl">
				{free.map(({ key, title }) => (
					<label key={key} className="flex cursor-pointer items-center
						gap-3 py-1.5">
						<input type="checkbox" className="checkbox checkbox-sm"
							checked={choice.shown.includes(key)}
							onChange={({ target }) => choice.set(target.checked
								? [...choice.shown, key]
								: choice.shown.filter((one) => one !== key))} />
						{title}
					</label>
				))}
				<button type="button" className="btn btn-ghost btn-sm mt-2 w-full"
					onClick={choice.reset}>{t("columns.reset")}</button>
			</div>}
		</div>
	);
}
