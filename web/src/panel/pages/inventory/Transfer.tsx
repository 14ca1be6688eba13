// SPDX-License-Identifier: ISC
// One transfer; what was sent is received here, or comes back.
import { useState } from "react";
import { useParams } from "react-router";
import { Failure } from "../../../components/Failure";
import { PageSkeleton } from "../../../components/Skeletons";
import { useText } from "../../../i18n";
import { useConfirm } from "../../components/Confirm";
import { PageHead } from "../../components/PageHead";
import { Badge, When } from "../../components/Shown";
import { useRecord } from "../../record";
import { useMay } from "../../session";
import { PaperLines, usePaper } from "./Paper";
import { base } from "./stock";
import type { Transfer } from "./Transfers";

export default function TransferPage() {
	const t = useText("panel_inventory");
	const { id = "" } = useParams();
	const write = useMay("inventory.write");
	const path = `${base}/transfers/${id}`;
	const { data, error, refetch } = useRecord<Transfer>(path);
	const paper = usePaper(path, data?.etag);
	const [dialog, confirm] = useConfirm();
	const [came, setCame] = useState<Record<string, string>>({});
	if (!data)
		return error ? <Failure error={error} retry={refetch} />
			: <PageSkeleton />;
	const { data: transfer } = data;
	const waits = transfer.state === "sent" && write;
	const arrived = (sku: string, sent: number) => came[sku] ?? String(sent);
	return (
		<>
			{dialog}
			<PageHead title={`T-${transfer.number}`} back={[
				{ to: "/inventory", text: t("inventory") },
				{ to: "/inventory/transfers", text: t("transfers") }]}
				beside={<Badge state={transfer.state === "sent" ? "pending"
					: transfer.state === "received" ? "done"
					: transfer.state}
				text={t(`transfer.${transfer.state}`)} />} />
			<p className="mb-4">{transfer.from.name} → {transfer.to.name},{" "}
				<When exact at={transfer.sent_at} />{transfer.by &&
					`, ${transfer.by.name}`}{transfer.note &&
					`: ${transfer.note}`}</p>
			{paper.error && <Failure error={paper.error} />}
			<PaperLines caption={t("lines")} first={t("sent")}
				lines={transfer.lines.map((one) => ({ variant: one.variant,
					was: one.sent, came: waits
						? arrived(one.variant.sku, one.sent)
						: one.received === null ? "" : String(one.received),
				}))}
				set={waits ? (sku, count) => setCame({ ...came,
					[sku]: count }) : undefined} />
			{waits && <div className="mt-4 flex gap-2">
				<button type="button" className="btn btn-primary"
					disabled={paper.isPending} onClick={() => paper.mutate({
						act: "receive", body: { lines: transfer.lines.map(
							({ variant, sent }) => ({ sku: variant.sku,
								quantity: Number(arrived(variant.sku, sent)),
							})) } })}>{t("receive")}</button>
				<button type="button" className="btn" onClick={async () => {
					if (await confirm({ title: t("transfer.back"),
						text: t("transfer.back.text"),
						act: t("transfer.back") }))
						paper.mutate({ act: "cancel" });
				}}>{t("transfer.back")}</button>
			</div>}
		</>
	);
}
