// SPDX-License-Identifier: ISC
// What the promotion, as it stands in the form, would do to a cart.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { call, type Schemas } from "../../../api/client";
import { Failure } from "../../../components/Failure";
import { useText } from "../../../i18n";
import type { Values } from "../../components/fields";
import { Money } from "../../components/Shown";
import { ProductSearch } from "../../components/Things";
import { path, sentOf } from "./promotion";

interface Line { id: string; name: string; quantity: number }
type Found = Schemas["PromotionPreview"];

async function asked(lines: Line[], draft: Values, id?: string) {
	const products = await Promise.all(lines.map((line) =>
		call<Schemas["Product"]>(`/api/catalog/products/${line.id}`)));
	return call<Found>(`${path}/preview`, { method: "POST",
		body: JSON.stringify({ ...id ? { promotion_id: id } : {},
			promotion: sentOf(draft),
			lines: lines.map(({ quantity }, i) => ({ quantity,
				variant_id: products[i]!.variants[0]!.id })) }) });
}

function Sums({ found }: { found: Found }) {
	const t = useText("panel_promotions");
	const rows = [["preview.goods.sum", "subtotal"],
		["preview.discount", "discount"], ["preview.total", "total"]] as const;
	return (
		<div role="status">
			<p className="my-2 font-medium">{t(found.applies
				? "preview.applies" : "preview.not")}</p>
			{!found.for_customer && <p className="mb-2 text-sm">
				{t("preview.guest")}</p>}
			<table className="table table-sm max-w-md">
				<thead><tr><td />
					<th scope="col" className="text-right">
						{t("preview.without")}</th>
					<th scope="col" className="text-right">
						{t("preview.with")}</th></tr></thead>
				<tbody>{rows.map(([word, name]) => (
					<tr key={name}>
						<th scope="row">{t(word)}</th>
						<td className="text-right">
							<Money of={found.without[name]} /></td>
						<td className="text-right">
							<Money of={found.with[name]} /></td>
					</tr>))}</tbody>
			</table>
		</div>
	);
}

export function Preview({ draft, id }: { draft: Values; id?: string }) {
	const t = useText("panel_promotions");
	const [lines, setLines] = useState<Line[]>([]);
	const compute = useMutation({ mutationFn: () => asked(lines, draft, id) });
	return (
		<section aria-labelledby="preview" className="mt-6 rounded-box border
			border-base-300 p-4">
			<h2 id="preview" className="mb-2">{t("preview")}</h2>
			<ProductSearch label={t("preview.goods")} add={(thing) =>
				setLines((now) => now.some(({ id: one }) => one === thing.id)
					? now : [...now, { ...thing, quantity: 1 }])} />
			<ul className="my-3 grid gap-2">{lines.map((line) => (
				<li key={line.id} className="flex flex-wrap items-center gap-2">
					<input type="number" min="1" max="999"
						onKeyDown={(event) => event.key === "Enter" &&
							event.preventDefault()}
						className="input input-sm w-20" value={line.quantity}
						aria-label={t("preview.quantity", { name: line.name })}
						onChange={({ target }) => setLines((now) => now.map(
							(one) => one.id === line.id ? { ...one, quantity:
								Math.max(1, Number(target.value)) } : one))} />
					<span className="wrap-anywhere">{line.name}</span>
				</li>))}</ul>
			<button type="button" className="btn btn-sm"
				disabled={lines.length === 0 || compute.isPending}
				onClick={() => compute.mutate()}>{t("preview.run")}</button>
			{compute.error && <Failure error={compute.error} />}
			{compute.data && <Sums found={compute.data} />}
		</section>
	);
}
