// SPDX-License-Identifier: ISC
// Reviews: a product's, and the own ones, a guest's by the key of a mail.
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery,
	useQueryClient, type InfiniteData } from "@tanstack/react-query";
import { api, call, take, type Schemas } from "./client";
import { withKey } from "./orders";
import { useMe } from "./session";

export type Review = Schemas["Review"];
export type ReviewPage = Schemas["ReviewPage"];
export type OwnReview = Schemas["OwnReview"];
export type Reviewable = Schemas["ReviewablePage"]["items"][number];
export type Picture = Schemas["ReviewPicture"];

export const orders = ["newest", "helpful", "highest", "lowest"] as const;
export type Order = typeof orders[number];

/** @param stars  those alone that give so many; 0: all */
export function useReviews(id: string, sort: Order, stars: number) {
	return useInfiniteQuery({
		queryKey: ["reviews", id, sort, stars],
		initialPageParam: "", placeholderData: keepPreviousData,
		queryFn: ({ pageParam }) => take(api.GET(
			"/api/catalog/products/{id}/reviews", { params: {
				path: { id }, query: { sort, limit: 10,
					...stars ? { stars } : {},
					...pageParam ? { cursor: pageParam } : {} },
			} })),
		getNextPageParam: (page) => page.next ?? undefined,
	});
}

interface Standing { votes: string[]; own: string | undefined }
const standingOf = (product: string) =>
	["account", "reviews", product, "standing"];

/** Which of a product's reviews one found helpful, and the own one. */
export function useStanding(product_id: string) {
	const { data: me } = useMe();
	return useQuery({
		queryKey: standingOf(product_id), enabled: !!me,
		queryFn: async (): Promise<Standing> => {
			const query = { product_id };
			const [votes, mine] = await Promise.all([
				take(api.GET("/api/catalog/reviews/votes",
					{ params: { query } })),
				take(api.GET("/api/catalog/reviews/mine",
					{ params: { query } }))]);
			return { votes: votes.items, own: mine.items[0]?.id };
		},
	});
}

/** Finds a review helpful, or helpful no more; what is shown says it. */
export function useVote(product: string) {
	const client = useQueryClient();
	return useMutation({
		mutationFn: ({ id, helpful }: { id: string; helpful: boolean }) =>
			call<Schemas["ReviewVote"]>(`/api/catalog/reviews/${id}/vote`,
				{ method: helpful ? "PUT" : "DELETE" }),
		onSuccess: ({ review_id, helpful, voted }) => {
			client.setQueriesData<InfiniteData<ReviewPage>>(
				{ queryKey: ["reviews", product] }, (now) => now && ({ ...now,
					pages: now.pages.map((page) => ({ ...page,
						items: page.items.map((item) => item.id === review_id
							? { ...item, helpful } : item) })) }));
			client.setQueryData<Standing>(standingOf(product), (now) =>
				now && ({ ...now, votes: [...now.votes.filter((id) =>
					id !== review_id), ...voted ? [review_id] : []] }));
		},
	});
}

/** Whether one has written of a product, or what it would be written on. */
export function useWriting(product: string, key: string | undefined,
	enabled: boolean) {
	return useQuery({
		queryKey: ["account", "reviews", product, "writing", key], enabled,
		queryFn: async () => {
			const query = `?product_id=${product}`;
			const headers = withKey(key);
			const [mine, open] = await Promise.all([
				call<Schemas["OwnReviewPage"]>(
					`/api/catalog/reviews/mine${query}`, { headers }),
				call<Schemas["ReviewablePage"]>(
					`/api/catalog/reviews/reviewable${query}`,
					{ headers })]);
			return { review: mine.items[0], open: open.items[0] };
		},
	});
}

export interface Words {
	stars?: number;
	title: string;
	text: string;
	pictures?: string[];
}

function useChanged(product: string) {
	const client = useQueryClient();
	return () => {
		for (const queryKey of [["account"], ["reviews", product],
			["product"]])
			void client.invalidateQueries({ queryKey });
	};
}

/** @param was  the review to be changed; undefined: a new one
 * @param saved  called even if the form has gone by then */
export function useSaveReview(product: string, key: string | undefined,
	was: OwnReview | undefined, saved: (now: OwnReview) => void) {
	const changed = useChanged(product);
	return useMutation({
		mutationFn: (words: Words) => was
			? call<OwnReview>(`/api/catalog/reviews/${was.id}`, {
				method: "PATCH", body: JSON.stringify(words),
				headers: { ...withKey(key), "If-Match": `"${was.version}"` } })
			: call<OwnReview>(`/api/catalog/products/${product}/reviews`, {
				method: "POST", body: JSON.stringify(words),
				headers: withKey(key) }),
		onSuccess: saved,
		// What is stored may be another by now: the next try is on that.
		onSettled: changed,
	});
}

export function useRemoveReview(product: string, key: string | undefined,
	removed: () => void) {
	const changed = useChanged(product);
	return useMutation({
		mutationFn: (id: string) => call(`/api/catalog/reviews/${id}`,
			{ method: "DELETE", headers: withKey(key) }),
		onSuccess: () => {
			removed();
			changed();
		},
	});
}

export const sendPicture = (file: File) => call<Picture>(
	"/api/media/pictures", { method: "PUT", body: file,
		headers: { "Content-Type": file.type } });
