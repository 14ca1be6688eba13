// SPDX-License-Identifier: ISC
// Short words about what was done: const toast = useToast();
// toast("Saved"), toast("That didn't work", "error"), or with a link or
// something to do: toast("Gone", "info", { text: "Undo", act: putBack }).
import { createContext, useCallback, useContext, useState, type ReactNode }
	from "react";
import { Link } from "react-router";

type Kind = "success" | "error" | "info";
interface Toast {
	id: number;
	text: string;
	kind: Kind;
	link?: { to: string; text: string } | { act: () => void; text: string };
}
type Show = (text: string, kind?: Kind, link?: Toast["link"]) => void;

const Context = createContext<Show>(() => undefined);
export const useToast = () => useContext(Context);

let last = 0;

export function ToastProvider({ children }: { children: ReactNode }) {
	const [toasts, setToasts] = useState<Toast[]>([]);
	const drop = useCallback((id: number) => setToasts((now) =>
		now.filter((toast) => toast.id !== id)), []);
	const show = useCallback<Show>((text, kind = "success", link) => {
		const id = ++last;
		setToasts((now) => [...now.slice(-2), { id, text, kind, link }]);
		setTimeout(() => drop(id), 6000);
	}, [drop]);
	return (
		<Context.Provider value={show}>
			{children}
			<div className="toast toast-center sm:toast-end z-50 max-w-full
				whitespace-normal" role="status" aria-live="polite">
				{toasts.map(({ id, text, kind, link }) => (
					<div key={id} className={`alert shadow-lg ${kinds[kind]}`}>
						<span>{text}</span>
						{link && ("to" in link
							? <Link to={link.to} className="link font-semibold">
								{link.text}</Link>
							: <button type="button"
								className="link font-semibold" onClick={() => {
									drop(id);
									link.act();
								}}>{link.text}</button>)}
					</div>
				))}
			</div>
		</Context.Provider>
	);
}

const kinds = { success: "alert-success", error: "alert-error",
	info: "alert-info" };
