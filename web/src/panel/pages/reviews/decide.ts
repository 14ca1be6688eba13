// SPDX-License-Identifier: ISC
// Decisions wait some seconds before they are sent, so that one can be taken
// back: what a review brings its writer (points, a mail) can't be.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { Schemas } from "../../../api/client";
import { useProblemText } from "../../../components/Failure";
import { useToast } from "../../../components/Toasts";
import { useText } from "../../../i18n";
import { send } from "../../record";

export type Review = Schemas["StaffReview"];
export type Decision = { decision: "approve" | "reject"; reason?: string };

const wait = 6000;

interface Waiting { review: Review; said: Decision; timer: number }

const act = ({ review, said }: Waiting) =>
	send("POST", `/api/catalog/staff/reviews/${review.id}/decision`, said,
		`"${review.version}"`);

export function useDecisions() {
	const t = useText("panel_reviews");
	const panel = useText("panel");
	const client = useQueryClient();
	const toast = useToast();
	const problem = useProblemText();
	const waiting = useRef(new Map<string, Waiting>());
	const [taken, setTaken] = useState<string[]>([]);
	const give = (id: string) => setTaken((now) =>
		now.filter((one) => one !== id));
	const sendOff = async (one: Waiting) => {
		waiting.current.delete(one.review.id);
		try {
			await act(one);
		} catch (error) {
			toast(problem(error), "error");
		}
		await client.invalidateQueries({ queryKey: ["list"] });
		give(one.review.id);
	};
	const off = useRef(sendOff);
	off.current = sendOff;
	// Whoever goes away has decided.
	useEffect(() => {
		const all = waiting.current;
		const flush = () => all.forEach((one) => {
			clearTimeout(one.timer);
			void off.current(one);
		});
		addEventListener("pagehide", flush);
		return () => {
			removeEventListener("pagehide", flush);
			flush();
		};
	}, []);
	const decide = (review: Review, said: Decision) => {
		const one = { review, said, timer: 0 };
		one.timer = window.setTimeout(() => void off.current(one), wait);
		waiting.current.set(review.id, one);
		setTaken((now) => [...now, review.id]);
		toast(t(said.decision === "approve" ? "approved" : "rejected",
			{ what: review.title || review.text.slice(0, 40) }), "success", {
			text: panel("undo"), act: () => {
				if (!waiting.current.delete(review.id))
					return;
				clearTimeout(one.timer);
				give(review.id);
			} });
	};
	return { taken, decide };
}
