// SPDX-License-Identifier: ISC
// The panel's groups of words: its frame's, and one an area.
import type frame from "./en/panel";
import type tables from "./en/panel_tables";
import type home from "./en/panel_home";
import type team from "./en/panel_team";
import type customers from "./en/panel_customers";
import type tasks from "./en/panel_tasks";
import type companies from "./en/panel_companies";
import type segments from "./en/panel_segments";
import type promotions from "./en/panel_promotions";
import type loyalty from "./en/panel_loyalty";
import type reviews from "./en/panel_reviews";
import type orders from "./en/panel_orders";
import type products from "./en/panel_products";
import type inventory from "./en/panel_inventory";
import type settings from "./en/panel_settings";
import type outbox from "./en/panel_outbox";
import type messages from "./en/panel_messages";
import type analytics from "./en/panel_analytics";

export interface PanelGroups {
	panel: typeof frame;
	panel_tables: typeof tables;
	panel_home: typeof home;
	panel_team: typeof team;
	panel_customers: typeof customers;
	panel_tasks: typeof tasks;
	panel_companies: typeof companies;
	panel_segments: typeof segments;
	panel_promotions: typeof promotions;
	panel_loyalty: typeof loyalty;
	panel_reviews: typeof reviews;
	panel_orders: typeof orders;
	panel_products: typeof products;
	panel_inventory: typeof inventory;
	panel_settings: typeof settings;
	panel_outbox: typeof outbox;
	panel_messages: typeof messages;
	panel_analytics: typeof analytics;
}
