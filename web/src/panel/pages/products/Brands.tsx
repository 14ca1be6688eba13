// SPDX-License-Identifier: ISC
// Makers: their names and what is said of them.
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Schemas } from "../../../api/client";
import { Failure, useProblemText } from "../../../components/Failure";
import { useToast } from "../../../components/Toasts";
import { useText } from "../../../i18n";
import { Dialog, useConfirm } from "../../components/Confirm";
import { PageHead } from "../../components/PageHead";
import { RecordForm } from "../../components/RecordForm";
import { fetchRecord, send, useRecord, type Versioned } from "../../record";
import { useMay } from "../../session";
import { useBrands } from "./catalog";
import { useNamedFields } from "./Categories";

type Brand = Schemas["Brand"];

export function BrandForm({ slug, close }: { slug?: string;
	close: () => void }) {
	const t = useText("panel_products");
	const client = useQueryClient();
	const fields = useNamedFields(slug !== undefined);
	const path = `/api/catalog/brands/${slug}`;
	const { data } = useRecord<Brand>(path, slug !== undefined);
	const saved = () => {
		void client.invalidateQueries({ queryKey: ["catalog"] });
		void client.invalidateQueries({ queryKey: ["record", path] });
		close();
	};
	return (
		<Dialog title={slug ? data?.data.name ?? slug : t("brand.new")}
			close={close}>
			{slug === undefined ? <RecordForm<Versioned<Brand>> name="brand"
				stored={{}} fields={fields} cancel={close} saved={saved}
				save={({ values }) => send<Brand>("POST",
					"/api/catalog/brands", values)} />
				: data && <RecordForm<Versioned<Brand>> name="brand" id={slug}
					stored={data.data} etag={data.etag} fields={fields}
					cancel={close} saved={saved}
					save={({ changes, etag }) => send<Brand>("PATCH", path,
						changes, etag)}
					fetch={() => fetchRecord<Brand>(path)} />}
		</Dialog>
	);
}

export default function Brands() {
	const t = useText("panel_products");
	const write = useMay("catalog.write");
	const toast = useToast();
	const problem = useProblemText();
	const client = useQueryClient();
	const { data, error, refetch } = useBrands();
	const [open, setOpen] = useState<{ slug?: string }>();
	const [dialog, confirm] = useConfirm();
	const remove = async ({ slug, name, version }: Brand) => {
		if (!await confirm({ title: t("remove.title", { name }),
			act: t("remove"), danger: true }))
			return;
		try {
			await send("DELETE", `/api/catalog/brands/${slug}`, undefined,
				`"${version}"`);
			toast(t("removed"));
		} catch (failed) {
			toast(problem(failed), "error");
		}
		void client.invalidateQueries({ queryKey: ["catalog"] });
	};
	return (
		<>
			<PageHead title={t("brands")} actions={write && <button
				type="button" className="btn btn-primary btn-sm"
				onClick={() => setOpen({})}>{t("brand.new")}</button>} />
			{error && <Failure error={error} retry={refetch} />}
			<ul className="divide-y divide-base-300">{data?.items.map((one) =>
				<li key={one.id} className="flex items-center gap-2 py-2">
					<span className="flex-1">{one.name}</span>
					{write && <>
						<button type="button" className="btn btn-sm"
							aria-label={t("change.what", { name: one.name })}
							onClick={() => setOpen({ slug: one.slug })}>
							{t("change")}</button>
						<button type="button" className="btn btn-sm"
							aria-label={t("remove.what", { name: one.name })}
							onClick={() => void remove(one)}>{t("remove")}
						</button></>}
				</li>)}</ul>
			{open && <BrandForm {...open} close={() => setOpen(undefined)} />}
			{dialog}
		</>
	);
}
