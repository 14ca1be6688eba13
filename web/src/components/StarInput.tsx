// SPDX-License-Identifier: ISC
// One to five stars to be chosen: five radio buttons, by mouse or arrow keys.
import { useId, useState } from "react";
import { useText } from "../i18n";
import { star } from "./Stars";

export function StarInput({ legend, value, change, error }: {
	legend: string; value: number; change: (stars: number) => void;
	error?: string;
}) {
	const t = useText("common");
	const id = useId();
	const [over, setOver] = useState(0);
	const lit = over || value;
	return (
		<fieldset className="mb-4" aria-describedby={error && `${id}-error`}>
			<legend className="mb-1 text-sm font-medium">{legend}
				<span aria-hidden="true" className="text-error"> *</span>
			</legend>
			<div className="flex items-center" onMouseLeave={() => setOver(0)}>
				{[1, 2, 3, 4, 5].map((n) => (
					<label key={n} onMouseEnter={() => setOver(n)}
						className="cursor-pointer rounded-field p-1.5
						has-focus-visible:outline-2
						has-focus-visible:outline-primary">
						<input type="radio" name="stars" value={n} required
							checked={value === n} onChange={() => change(n)}
							aria-invalid={error ? true : undefined}
							aria-label={t.count("stars.count", n)}
							className="sr-only" />
						<svg viewBox="0 0 20 20" aria-hidden="true"
							className={`size-8 ${n <= lit ? "fill-accent"
							: "fill-base-300"}`}><path d={star} /></svg>
					</label>
				))}
				<span className="ml-2 text-sm opacity-80" aria-hidden="true">
					{lit > 0 && t.count("stars.count", lit)}</span>
			</div>
			{error && <p id={`${id}-error`} role="alert"
				className="mt-1 text-sm text-error">{error}</p>}
		</fieldset>
	);
}
