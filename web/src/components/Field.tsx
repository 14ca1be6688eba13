// SPDX-License-Identifier: ISC
// A labelled input with its fault next to it.  `error` is of the API
// (problem.fields[name]) or of the page.
import { useId, type ComponentProps, type InputHTMLAttributes, type ReactNode,
	type SelectHTMLAttributes, type TextareaHTMLAttributes } from "react";

interface Common {
	label: string;
	error?: string;
	hint?: ReactNode;
}

function Frame({ id, label, error, hint, required, children }: Common & {
	id: string; required?: boolean; children: ReactNode;
}) {
	return (
		<div className="mb-4">
			<label htmlFor={id} className="mb-1 block text-sm font-medium">
				{label}
				{required && <span aria-hidden="true"
					className="text-error"> *</span>}
			</label>
			{children}
			{hint && <p id={`${id}-hint`}
				className="mt-1 text-sm opacity-80">{hint}</p>}
			{error && <p id={`${id}-error`} role="alert"
				className="mt-1 text-sm text-error">{error}</p>}
		</div>
	);
}

const describe = (id: string, { error, hint }: Common) =>
	[hint && `${id}-hint`, error && `${id}-error`].filter(Boolean)
		.join(" ") || undefined;

export function Field({ label, error, hint, className = "", ...input }:
	Common & InputHTMLAttributes<HTMLInputElement>) {
	const id = useId();
	return (
		<Frame id={id} {...{ label, error, hint }} required={input.required}>
			<input id={id} aria-invalid={error ? true : undefined}
				aria-describedby={describe(id, { label, error, hint })}
				className={`input w-full ${error ? "input-error" : ""}
				${className}`} {...input} />
		</Frame>
	);
}

export function TextArea({ label, error, hint, className = "", ...input }:
	Common & TextareaHTMLAttributes<HTMLTextAreaElement>) {
	const id = useId();
	return (
		<Frame id={id} {...{ label, error, hint }} required={input.required}>
			<textarea id={id} aria-invalid={error ? true : undefined}
				aria-describedby={describe(id, { label, error, hint })}
				className={`textarea w-full ${error ? "textarea-error" : ""}
				${className}`} {...input} />
		</Frame>
	);
}

export function Select({ label, error, hint, className = "", ...input }:
	Common & SelectHTMLAttributes<HTMLSelectElement>) {
	const id = useId();
	return (
		<Frame id={id} {...{ label, error, hint }} required={input.required}>
			<select id={id} aria-invalid={error ? true : undefined}
				aria-describedby={describe(id, { label, error, hint })}
				className={`select w-full ${error ? "select-error" : ""}
				${className}`} {...input} />
		</Frame>
	);
}

/** A box to tick, its words beside it. */
export function Check({ label, error, hint, className = "", ...input }:
	Common & ComponentProps<"input">) {
	const id = useId();
	return (
		<div className={`mb-3 ${className}`}>
			<label className="flex cursor-pointer items-start gap-3">
				<input type="checkbox" aria-invalid={error ? true : undefined}
					aria-describedby={describe(id, { label, error, hint })}
					className="checkbox checkbox-primary mt-0.5 shrink-0"
					{...input} />
				<span>{label}</span>
			</label>
			{hint && <p id={`${id}-hint`}
				className="mt-1 text-sm opacity-80">{hint}</p>}
			{error && <p id={`${id}-error`} role="alert"
				className="mt-1 text-sm text-error">{error}</p>}
		</div>
	);
}
