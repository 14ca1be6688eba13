// SPDX-License-Identifier: ISC
// The stages of the pipeline: their order, names and probabilities.
import { useState } from "react";
import type { Schemas } from "../../../api/client";
import { useProblemText } from "../../../components/Failure";
import { Field, Select } from "../../../components/Field";
import { useText } from "../../../i18n";
import { Dialog } from "../../components/Confirm";
import { send, useRecord } from "../../record";

type Stage = Schemas["Stage"];
type Act = (method: string, path: string, body?: unknown, etag?: string) =>
	Promise<boolean>;

function Line({ stage, at, stages, order, act }: { stage: Stage; at: number;
	stages: Stage[]; order?: string; act: Act }) {
	const t = useText("panel_companies");
	const [name, setName] = useState(stage.name);
	const [percent, setPercent] = useState(String(stage.probability));
	const path = `/${stage.id}`;
	const etag = `"${stage.version}"`;
	const dirty = name.trim() !== stage.name ||
		Number(percent) !== stage.probability;
	const step = (by: number) => {
		const ids = stages.map(({ id }) => id);
		ids.splice(at, 1);
		ids.splice(at + by, 0, stage.id);
		void act("PUT", "", { ids }, order);
	};
	return (
		<li className="flex flex-wrap items-end gap-x-2 border-b
			border-base-300 pt-2">
			<div className="min-w-40 grow"><Field label={t("name")} value={name}
				maxLength={60} autoComplete="off"
				onChange={({ target }) => setName(target.value)} /></div>
			<div className="w-24"><Field label={t("probability")} type="number"
				min={0} max={100} value={percent}
				disabled={stage.kind !== "open"}
				onChange={({ target }) => setPercent(target.value)} /></div>
			<div className="mb-4 flex flex-wrap gap-1">
				<button type="button" className="btn btn-sm" disabled={!dirty ||
					!name.trim()} onClick={() => void act("PATCH", path, {
					name: name.trim(), ...stage.kind === "open"
						? { probability: Number(percent) } : {} }, etag)}>
					{t("save")}</button>
				<button type="button" className="btn btn-sm btn-square"
					disabled={at === 0} aria-label={t("stage.up",
						{ name: stage.name })} onClick={() => step(-1)}>↑</button>
				<button type="button" className="btn btn-sm btn-square"
					disabled={at === stages.length - 1}
					aria-label={t("stage.down", { name: stage.name })}
					onClick={() => step(1)}>↓</button>
				<button type="button" className="btn btn-sm"
					aria-label={t("stage.remove", { name: stage.name })}
					onClick={() => void act("DELETE", path, undefined, etag)}>
					{t("remove")}</button>
			</div>
		</li>
	);
}

export function StagesDialog({ stages, close, changed }: { stages: Stage[];
	close: () => void; changed: () => Promise<unknown> }) {
	const t = useText("panel_companies");
	const problem = useProblemText();
	const { data, refetch } = useRecord<Schemas["StageList"]>(
		"/api/desk/stages");
	const lines = data?.data.items ?? stages;
	const [wrong, setWrong] = useState("");
	const [name, setName] = useState("");
	const [kind, setKind] = useState("open");
	const act: Act = async (method, path, body, etag) => {
		setWrong("");
		try {
			await send(method, `/api/desk/stages${path}`, body, etag);
			return true;
		} catch (error) {
			setWrong(problem(error));
			return false;
		} finally {
			await Promise.all([changed(), refetch()]);
		}
	};
	return (
		<Dialog wide title={t("stages")} close={close}>
			{wrong && <div role="alert" className="alert alert-error alert-soft
				mb-3">{wrong}</div>}
			<ol>{lines.map((stage, at) => <Line key={`${stage.id} ${
				stage.version}`} stage={stage} at={at} stages={lines}
				order={data?.etag} act={act} />)}</ol>
			<form className="mt-4 flex flex-wrap items-end gap-x-2"
				onSubmit={(event) => {
					event.preventDefault();
					event.stopPropagation();
					if (name.trim())
						void act("POST", "", { name: name.trim(), kind })
							.then((good) => good && setName(""));
				}}>
				<div className="min-w-40 grow"><Field label={t("stage.new")}
					value={name} maxLength={60} autoComplete="off"
					onChange={({ target }) => setName(target.value)} /></div>
				<Select label={t("stage.kind")} value={kind}
					onChange={({ target }) => setKind(target.value)}>
					{(["open", "won", "lost"] as const).map((one) =>
						<option key={one} value={one}>{t(`kind.${one}`)}</option>)}
				</Select>
				<button className="btn btn-sm mb-4" disabled={!name.trim()}>
					{t("stage.add")}</button>
			</form>
			<div className="modal-action"><button type="button" className="btn"
				onClick={close}>{t("close")}</button></div>
		</Dialog>
	);
}
