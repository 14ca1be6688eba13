/* SPDX-License-Identifier: ISC */
/* The pipeline at the desk: deals, and the stages that they go through. */

#include "desk.h"
#include "desk_deals.sql.h"

#define KINDS	"open won lost"
#define FILTERS								\
	{ "mine", CRM_BOOL, .about = "One's own, or those of others" },	\
	{ "owner_id", CRM_UUID },					\
	{ "company_id", CRM_UUID },					\
	{ "customer_id", CRM_UUID },					\
	{ "close_from", CRM_DATE,					\
	    .about = "Expected to close then or later" },		\
	{ "close_to", CRM_DATE, .about = "Or then or before" },		\
	{ "q", CRM_TEXT, .min = 1, .max = 200, .example = "rice",	\
	    .about = "Part of the title, or near to it; or a number" }

static const struct crm_field filter[] = {
	FILTERS,
	{ "stage_id", CRM_UUID },
	{ "kind", CRM_ENUM, .values = KINDS },
	{ "sort", CRM_ENUM, .values = "newest updated close board",
	    .standard = "newest" },
	DESK_PAGE,
	CRM_END
};

static const struct crm_field columns[] = {
	FILTERS,
	{ "limit", CRM_INTEGER, .min = 1, .max = 100, .standard = "20" },
	CRM_END
};

#define WITH								\
	{ "company_id", CRM_UUID, .nullable = true,			\
	    .about = "This or customer_id" },				\
	{ "customer_id", CRM_UUID, .nullable = true },			\
	{ "owner_id", CRM_UUID, .nullable = true,			\
	    .about = "A member of staff who is active" },		\
	{ "value", CRM_MONEY, .nullable = true },			\
	{ "expected_close", CRM_DATE, .nullable = true },		\
	{ "stage_id", CRM_UUID, .about = "The first, unless told" },	\
	{ "lost_reason", CRM_TEXT, .max = 500,				\
	    .about = "Needed where the stage is a lost one" },		\
	{ "order_id", CRM_UUID, .nullable = true,			\
	    .about = "The order that came of it" },			\
	{ "notes", CRM_TEXT, .max = 5000 }

static const struct crm_field deal[] = {
	{ "title", CRM_TEXT, .required = true, .min = 1, .max = 200,
	    .example = "Rice for the canteens" },
	WITH,
	CRM_END
};

static const struct crm_field change[] = {
	{ "title", CRM_TEXT, .min = 1, .max = 200,
	    .example = "Rice for the canteens" },
	WITH,
	{ "after_id", CRM_UUID, .nullable = true,
	    .about = "The deal that stands above it in its stage; null: it "
	    "stands first" },
	CRM_END
};

static const struct crm_field page[] = { DESK_PAGE, CRM_END };

static const struct crm_field stage[] = {
	{ "name", CRM_TEXT, .required = true, .min = 1, .max = 60,
	    .example = "Tasting" },
	{ "kind", CRM_ENUM, .values = KINDS, .standard = "open" },
	{ "probability", CRM_INTEGER, .min = 0, .max = 100,
	    .about = "In percent; 50 unless told. Of won and lost ones it "
	    "is 100 and 0" },
	CRM_END
};

static const struct crm_field stage_change[] = {
	{ "name", CRM_TEXT, .min = 1, .max = 60, .example = "Tasting" },
	{ "probability", CRM_INTEGER, .min = 0, .max = 100 },
	CRM_END
};

static const struct crm_field order[] = {
	{ "ids", CRM_LIST, .of = CRM_UUID, .min = 1, .max = 50,
	    .required = true, .about = "All stages, each once" },
	CRM_END
};

#define READ	CRM_STAFF("deals.read")
#define WRITE	CRM_STAFF("deals.write")
#define DEALS	"/api/desk/deals"
#define STAGES	"/api/desk/stages"

static const struct crm_route routes[] = {
	{ "GET", DEALS, READ, filter, &desk_deals_list,
	    .answer = "DealPage", .about = "Deals" },
	{ "POST", DEALS, WRITE, deal, &desk_deal_create, .status = 201,
	    .idempotent = true, .answer = "Deal", .about = "Opens a deal" },
	{ "GET", DEALS "/board", READ, columns, &desk_deals_board,
	    .answer = "DealBoard", .about = "By stage, with what they are "
	    "worth; the list goes on with sort=board" },
	{ "GET", DEALS "/{id}", READ, NULL, &desk_deal, .answer = "Deal",
	    .about = "One deal, with its version" },
	{ "PATCH", DEALS "/{id}", WRITE, change, &desk_deal_change,
	    .if_match = true, .answer = "Deal",
	    .about = "Changes what is given; moves it on the board" },
	{ "DELETE", DEALS "/{id}", WRITE, NULL, &desk_deal_remove,
	    .if_match = true, .status = 204, .about = "Removes it" },
	{ "GET", DEALS "/{id}/events", READ, page, &desk_deal_events,
	    .answer = "DealEventPage", .about = "What became of it, and "
	    "who did that, oldest first" },
	{ "GET", STAGES, READ, NULL, &desk_stages, .answer = "StageList",
	    .about = "The stages in their order" },
	{ "POST", STAGES, WRITE, stage, &desk_stage_create, .status = 201,
	    .answer = "Stage", .about = "Adds a stage, as the last" },
	{ "PUT", STAGES, WRITE, order, &desk_stages_order,
	    .if_match = true, .answer = "StageList",
	    .about = "Puts them in another order" },
	{ "PATCH", STAGES "/{id}", WRITE, stage_change, &desk_stage_change,
	    .if_match = true, .answer = "Stage",
	    .about = "Its name and probability" },
	{ "DELETE", STAGES "/{id}", WRITE, NULL, &desk_stage_remove,
	    .if_match = true, .status = 204,
	    .about = "Removes it, if no deal is in it" },
	CRM_END
};

const struct desk_part desk_deals = { routes, desk_deals_statements };
