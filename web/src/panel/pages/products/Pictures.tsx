// SPDX-License-Identifier: ISC
// A product's pictures: sent by choosing or dropping them, put in order by
// dragging or by buttons, each with words for who doesn't see it.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { call, type Schemas } from "../../../api/client";
import { Failure } from "../../../components/Failure";
import { useText } from "../../../i18n";
import { RecordForm, type FieldSpec } from "../../components/RecordForm";
import { fetchRecord, send, type Versioned } from "../../record";
import { useMay } from "../../session";
import { products, type Product } from "./catalog";

type Picture = Schemas["ProductImage"];
const types = ["image/jpeg", "image/png", "image/webp", "image/gif"];

/** Sends them one after the other, each as it is. */
const upload = async (files: File[]): Promise<Picture[]> => {
	const made: Picture[] = [];
	for (const file of files) {
		const { url } = await call<Schemas["Picture"]>(
			"/api/media/manage/pictures", { method: "PUT", body: file,
				headers: { "Content-Type": file.type } });
		made.push({ url, alt: "", variant_id: null });
	}
	return made;
};

function moved<T>(list: T[], from: number, to: number): T[] {
	const rest = list.filter((_, i) => i !== from);
	return [...rest.slice(0, to), list[from]!, ...rest.slice(to)];
}

function Line({ picture, at, of, product, put, move, remove, drag }: {
	picture: Picture; at: number; of: number; product: Product;
	put: (picture: Picture) => void; move: (to: number) => void;
	remove: () => void;
	drag: { start: () => void; drop: () => boolean; end: () => void };
}) {
	const t = useText("panel_products");
	const name = { n: at + 1 };
	const button = (to: number, sign: string, label: string) => (
		<button type="button" className="btn btn-sm" aria-label={label}
			disabled={to < 0 || to >= of} onClick={() => move(to)}>{sign}
		</button>);
	return (
		<li draggable onDragStart={(event) => {
			// Without, some browsers drag nothing.
			event.dataTransfer.setData("text/plain", String(at));
			drag.start();
		}} onDragEnd={drag.end} onDrop={(event) => {
			// What comes from elsewhere is one more picture.
			if (!drag.drop())
				return;
			event.preventDefault();
			event.stopPropagation();
		}} onDragOver={(event) => event.preventDefault()}
			className="mb-2 flex flex-wrap items-center gap-3 rounded-box
			border border-base-300 p-2">
			<img src={picture.url} alt="" draggable={false}
				className="size-16 cursor-grab rounded object-cover" />
			<label className="min-w-40 flex-1 text-sm">
				{t("picture.alt", name)}
				<input className="input input-sm w-full" maxLength={300}
					value={picture.alt} onChange={({ target }) =>
						put({ ...picture, alt: target.value })} /></label>
			{product.variants.length > 1 && <label className="text-sm">
				{t("picture.variant")}
				<select className="select select-sm block w-36"
					value={picture.variant_id ?? ""} onChange={({ target }) =>
						put({ ...picture, variant_id: target.value || null })}>
					<option value="">{t("picture.all")}</option>
					{product.variants.map(({ id, sku }) =>
						<option key={id} value={id}>{sku}</option>)}
				</select></label>}
			<span className="flex gap-1">
				{button(at - 1, "↑", t("picture.up", name))}
				{button(at + 1, "↓", t("picture.down", name))}
				<button type="button" className="btn btn-sm" onClick={remove}
					aria-label={t("picture.remove", name)}>×</button>
			</span>
		</li>
	);
}

function Editor({ pictures, set, product }: { pictures: Picture[];
	set: (pictures: Picture[]) => void; product: Product }) {
	const t = useText("panel_products");
	const from = useRef<number | undefined>(undefined);
	const [over, setOver] = useState(false);
	const [said, setSaid] = useState("");
	const newest = useRef(pictures);
	newest.current = pictures;
	const take = useMutation({ mutationFn: upload,
		onSuccess: (made) => set([...newest.current, ...made]) });
	const send = (files: FileList | null) => {
		const all = [...files ?? []];
		const list = all.filter(({ type }) => types.includes(type));
		if (list.length)
			take.mutate(list);
		setSaid(list.length < all.length ? t("picture.refused") : "");
	};
	const move = (at: number, to: number) => {
		set(moved(pictures, at, to));
		setSaid(t("picture.moved", { n: at + 1, to: to + 1 }));
	};
	return (
		<div onDragOver={(event) => {
			event.preventDefault();
			setOver(true);
		}} onDragLeave={() => setOver(false)} onDrop={(event) => {
			event.preventDefault();
			setOver(false);
			if (from.current === undefined)
				send(event.dataTransfer.files);
		}} className={`mb-4 rounded-box border-2 border-dashed p-3 ${over
			? "border-primary bg-base-200" : "border-base-300"}`}>
			<p className={said === t("picture.refused") ? "mb-2 text-error"
				: "sr-only"} role="status">{said}</p>
			<ol aria-label={t("pictures")}>{pictures.map((picture, at) => (
				<Line key={`${picture.url} ${at}`} picture={picture} at={at}
					of={pictures.length} product={product}
					put={(one) => set(pictures.map((old, i) =>
						i === at ? one : old))}
					move={(to) => move(at, to)}
					remove={() => set(pictures.filter((_, i) => i !== at))}
					drag={{ start: () => { from.current = at; },
						end: () => { from.current = undefined; },
						drop: () => {
							const was = from.current;
							if (was !== undefined && was !== at)
								move(was, at);
							return was !== undefined;
						} }} />))}</ol>
			{take.error && <Failure error={take.error} />}
			<label className="block text-sm font-medium">
				{t(take.isPending ? "picture.sending" : "picture.add")}
				<input type="file" multiple accept={types.join(",")}
					className="file-input mt-1 block w-full max-w-sm"
					disabled={take.isPending} onChange={({ target }) => {
						send(target.files);
						target.value = "";
					}} /></label>
			<p className="mt-1 text-sm opacity-80">{t("picture.hint")}</p>
		</div>
	);
}

export function Pictures({ product, etag }: { product: Product;
	etag?: string }) {
	const t = useText("panel_products");
	const client = useQueryClient();
	const write = useMay("catalog.write");
	const path = `${products}/${product.id}`;
	const fields: FieldSpec[] = [{ name: "images", label: t("pictures"),
		kind: "own", show: (value) => (value as Picture[] | null)?.map(
			({ url, alt }) => alt || url.slice(-24)).join("; ") || "–",
		draw: ({ value, set }) => write ? <Editor product={product} set={set}
			pictures={(value as Picture[] | null) ?? []} />
			: <ul>{product.images.map(({ url, alt }) => <li key={url}>
				<img src={url} alt={alt} className="mb-2 size-24 rounded
					object-cover" /></li>)}</ul> }];
	return (
		<RecordForm<Versioned<Product>> name="pictures" id={product.id}
			stored={product} etag={etag} fields={fields} fixed={!write}
			save={({ values, etag: version }) => send<Product>("PUT",
				`/api/catalog/products/${product.id}/images`,
				{ images: values.images }, version)}
			fetch={() => fetchRecord<Product>(path)}
			saved={(now) => client.setQueryData(["record", path], now)} />
	);
}
