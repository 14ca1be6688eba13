// SPDX-License-Identifier: ISC
// The drawings of areas, of 24 by 24.
import type { Area } from "../table";

const drawings: Record<Area, string> = {
	home: "M4 11l8-7 8 7v9h-5v-6H9v6H4z",
	tasks: "M9 6h11M9 12h11M9 18h11M4 6l1 1 2-2M4 12l1 1 2-2M4 18l1 1 2-2",
	analytics: "M4 20V4M4 20h16M8 16v-4M12 16V8M16 16v-6",
	orders: "M6 3h12v18l-3-2-3 2-3-2-3 2zM9 8h6M9 12h6",
	promotions: "M3 12V4h8l10 10-8 8zM7.5 8.5h.01",
	loyalty: "M12 3l2.8 5.7 6.2.9-4.5 4.4 1 6.2-5.5-2.9-5.5 2.9 1-6.2L3 9.6l6.2-.9z",
	products: "M12 3l8 4.5v9L12 21l-8-4.5v-9zM4 7.5l8 4.5 8-4.5M12 12v9",
	inventory: "M3 9l9-5 9 5v11H3zM7 20v-8h10v8M7 16h10",
	reviews: "M4 5h16v11H9l-5 4zM8 9h8M8 12h5",
	customers: "M9 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM2 20a7 7 0 0 1 14 0M16 4a4 4 0 0 1 0 8M18 14a7 7 0 0 1 4 6",
	segments: "M12 3a9 9 0 1 0 9 9h-9zM15 3a9 9 0 0 1 6 6h-6z",
	companies: "M5 21V4h9v17M14 9h5v12M3 21h18M8 8h3M8 12h3M8 16h3",
	messages: "M3 5h18v14H3zM3 6l9 7 9-7",
	team: "M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM5 21a7 7 0 0 1 14 0M12 14v4",
	settings: "M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM4 12h2M18 12h2M12 4v2M12 18v2M6.3 6.3l1.4 1.4M16.3 16.3l1.4 1.4M6.3 17.7l1.4-1.4M16.3 7.7l1.4-1.4",
	outbox: "M3 13l3-9h12l3 9v7H3zM3 13h5l1 3h6l1-3h5",
};

export const AreaIcon = ({ area }: { area: Area }) => (
	<svg viewBox="0 0 24 24" className="size-5 shrink-0" aria-hidden="true"
		fill="none" stroke="currentColor" strokeWidth="1.8"
		strokeLinecap="round" strokeLinejoin="round">
		<path d={drawings[area]} />
	</svg>
);
