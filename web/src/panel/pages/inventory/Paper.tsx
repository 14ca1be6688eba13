// SPDX-License-Identifier: ISC
// What receipts and transfers have in common: lines of what was meant and
// what came, and their end by version.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "react-router";
import type { Schemas } from "../../../api/client";
import { problemOf } from "../../../api/problem";
import { useToast } from "../../../components/Toasts";
import { useText } from "../../../i18n";
import { send } from "../../record";

/** Ends a paper; who comes second sees what the first did. */
export function usePaper(path: string, etag?: string) {
	const t = useText("panel_inventory");
	const client = useQueryClient();
	const toast = useToast();
	return useMutation({
		mutationFn: ({ act, body }: { act: string; body?: object }) =>
			send("POST", `${path}/${act}`, body, etag),
		onSuccess: () => toast(t("saved")),
		onError: (error) => problemOf(error)?.status === 412 &&
			toast(t("overtaken"), "info"),
		onSettled: () => client.invalidateQueries({ predicate: ({ queryKey }) =>
			["record", "list", "stock"].includes(String(queryKey[0])) }),
	});
}

export interface PaperLine {
	variant: Schemas["VariantName"];
	was: number | null;
	came: string;
}

/** Which of a product's variants: its name, and what sets it apart. */
export const VariantName = ({ of }: { of: Schemas["VariantName"] }) =>
	<>{of.name}{Object.values(of.options).length > 0 && <span
		className="opacity-80">{" "}{Object.values(of.options).join(", ")}
	</span>}</>;

export function PaperLines({ caption, first, lines, set }: {
	caption: string; first: string; lines: PaperLine[];
	set?: (sku: string, came: string) => void;
}) {
	const t = useText("panel_inventory");
	return (
		<div className="overflow-x-auto" tabIndex={0} role="region"
			aria-label={caption}>
			<table className="table table-sm">
				<thead><tr><th>{t("sku")}</th><th>{t("name")}</th>
					<th className="text-right">{first}</th>
					<th className="text-right">{t("came")}</th>
					<th className="text-right">{t("difference")}</th>
				</tr></thead>
				<tbody>{lines.map(({ variant, was, came }) => {
					const difference = came === "" || was === null ? null
						: Number(came) - was;
					return (
						<tr key={variant.variant_id}>
							<td><Link className="link" to={`/products/${
								variant.product_id}?part=stock`}>
								{variant.sku}</Link></td>
							<td><VariantName of={variant} /></td>
							<td className="text-right">{was ?? "–"}</td>
							<td className="text-right">{set ? <input
								type="number" min={0} step={1} value={came}
								className="input input-sm w-24 text-right"
								aria-label={t("line.came",
									{ sku: variant.sku })}
								onChange={({ target }) =>
									set(variant.sku, target.value)} />
								: came || "–"}</td>
							<td className={`text-right ${difference
								? "font-semibold" : ""}`}>{difference === null
									? "–" : difference > 0 ? `+${difference}`
									: difference}</td>
						</tr>);
				})}</tbody>
			</table>
		</div>
	);
}
