// SPDX-License-Identifier: ISC
// More or less of something at a place, and why.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { Schemas } from "../../../api/client";
import { Failure } from "../../../components/Failure";
import { Field, Select } from "../../../components/Field";
import { useToast } from "../../../components/Toasts";
import { useText } from "../../../i18n";
import { Dialog } from "../../components/Confirm";
import { send } from "../../record";
import { base, causes, usePlaceName } from "./stock";

interface Props {
	variant: string;
	sku: string;
	location: string;
	onHand: number;
	done: () => void;
}

function Form({ variant, sku, location, onHand, done, close }: Props & {
	close: () => void }) {
	const t = useText("panel_inventory");
	const placeName = usePlaceName();
	const toast = useToast();
	const [counted, setCounted] = useState(false);
	const [amount, setAmount] = useState("");
	const [cause, setCause] = useState("correction");
	const [reason, setReason] = useState("");
	const save = useMutation({
		mutationFn: () => send<Schemas["Stock"]>("POST",
			`${base}/adjustments`, { variant_id: variant, location, cause,
				reason, [counted ? "counted" : "change"]: Number(amount) }),
		onSuccess: ({ data }) => {
			toast(t("adjusted", { sku, count: data.on_hand }));
			done();
			close();
		},
		onError: done,
	});
	return (
		<Dialog title={t("adjust.title", { sku,
			location: placeName(location) })} close={close}>
			<form onSubmit={(event) => {
				event.preventDefault();
				event.stopPropagation();
				save.mutate();
			}}>
				<p className="mb-3">{t("adjust.now", { count: onHand })}</p>
				{save.error && <Failure error={save.error} />}
				<Select label={t("adjust.how")} value={counted ? "1" : ""}
					onChange={({ target }) => setCounted(target.value === "1")}>
					<option value="">{t("adjust.change")}</option>
					<option value="1">{t("adjust.counted")}</option>
				</Select>
				<Field label={t(counted ? "adjust.counted" : "adjust.change")}
					type="number" required step={1} min={counted ? 0 : -1000000}
					max={100000000} value={amount} autoFocus
					onChange={({ target }) => setAmount(target.value)} />
				<Select label={t("cause")} value={cause}
					onChange={({ target }) => setCause(target.value)}>
					{causes.map((one) => <option key={one} value={one}>
						{t(`cause.${one}`)}</option>)}
				</Select>
				<Field label={t("note")} required={cause === "other"}
					maxLength={500} value={reason} autoComplete="off"
					onChange={({ target }) => setReason(target.value)} />
				<div className="modal-action">
					<button type="button" className="btn" onClick={close}>
						{t("cancel")}</button>
					<button className="btn btn-primary"
						disabled={save.isPending}>{t("adjust")}</button>
				</div>
			</form>
		</Dialog>
	);
}

export function AdjustButton(props: Props) {
	const t = useText("panel_inventory");
	const placeName = usePlaceName();
	const [open, setOpen] = useState(false);
	return (
		<>
			<button type="button" className="btn btn-xs"
				aria-label={t("adjust.what", { sku: props.sku,
					location: placeName(props.location) })}
				onClick={() => setOpen(true)}>{t("adjust")}</button>
			{open && <Form {...props} close={() => setOpen(false)} />}
		</>
	);
}
