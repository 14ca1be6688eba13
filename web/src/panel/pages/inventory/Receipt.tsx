// SPDX-License-Identifier: ISC
// One receipt; what was expected is received here, whole or in part.
import { useState } from "react";
import { useParams } from "react-router";
import type { Schemas } from "../../../api/client";
import { Failure } from "../../../components/Failure";
import { PageSkeleton } from "../../../components/Skeletons";
import { date, useText } from "../../../i18n";
import { useConfirm } from "../../components/Confirm";
import { PageHead } from "../../components/PageHead";
import { Badge, When } from "../../components/Shown";
import { useRecord } from "../../record";
import { useMay } from "../../session";
import { PaperLines, usePaper } from "./Paper";
import { base } from "./stock";

type Receipt = Schemas["Receipt"];

function Waiting({ receipt, etag }: { receipt: Receipt; etag?: string }) {
	const t = useText("panel_inventory");
	const path = `${base}/receipts/${receipt.id}`;
	const paper = usePaper(path, etag);
	const [dialog, confirm] = useConfirm();
	const [came, setCame] = useState<Record<string, string>>({});
	return (
		<>
			{dialog}
			{paper.error && <Failure error={paper.error} />}
			<PaperLines caption={t("lines")} first={t("expected")}
				lines={receipt.lines.map((one) => ({ variant: one.variant,
					was: one.expected ?? 0, came: came[one.variant.sku] ??
						String(one.expected ?? 0) }))}
				set={(sku, count) => setCame({ ...came, [sku]: count })} />
			<div className="mt-4 flex gap-2">
				<button type="button" className="btn btn-primary"
					disabled={paper.isPending} onClick={() => paper.mutate({
						act: "receive", body: { lines: receipt.lines.map(
							({ variant, expected }) => ({ sku: variant.sku,
								quantity: Number(came[variant.sku] ??
									expected ?? 0) })) } })}>
					{t("receive")}</button>
				<button type="button" className="btn" onClick={async () => {
					if (await confirm({ title: t("receipt.cancel"),
						act: t("receipt.cancel"), danger: true }))
						paper.mutate({ act: "cancel" });
				}}>{t("receipt.cancel")}</button>
			</div>
		</>
	);
}

export default function ReceiptPage() {
	const t = useText("panel_inventory");
	const { id = "" } = useParams();
	const write = useMay("inventory.write");
	const { data, error, refetch } = useRecord<Receipt>(
		`${base}/receipts/${id}`);
	if (!data)
		return error ? <Failure error={error} retry={refetch} />
			: <PageSkeleton />;
	const { data: receipt, etag } = data;
	const waits = receipt.state === "expected" && write;
	return (
		<>
			<PageHead title={`R-${receipt.number}`} back={[
				{ to: "/inventory", text: t("inventory") },
				{ to: "/inventory/receipts", text: t("receipts") }]}
				beside={<Badge state={receipt.state === "expected" ? "pending"
					: receipt.state === "received" ? "done" : receipt.state}
				text={t(`receipt.${receipt.state}`)} />} />
			<dl className="mb-4 flex flex-wrap gap-x-8 gap-y-2">
				{([["supplier", receipt.supplier?.name],
					["reference", receipt.reference],
					["location", receipt.location.name],
					["expected.on", receipt.expected_on &&
						date(receipt.expected_on)],
					["note", receipt.note],
					["who", (receipt.received_by ?? receipt.by)?.name],
				] as const).map(([key, value]) => value && <div key={key}>
					<dt className="text-sm opacity-80">{t(key)}</dt>
					<dd>{value}</dd></div>)}
				<div><dt className="text-sm opacity-80">{t("when")}</dt>
					<dd><When exact at={receipt.received_at ??
						receipt.created_at} /></dd></div>
			</dl>
			{waits ? <Waiting receipt={receipt} etag={etag} />
				: <PaperLines caption={t("lines")} first={t("expected")}
					lines={receipt.lines.map((one) => ({
						variant: one.variant, was: one.expected,
						came: one.received === null ? ""
							: String(one.received) }))} />}
		</>
	);
}
