/* SPDX-License-Identifier: ISC */
/* loyalty: points, tiers and rewards, for customers and for staff. */

#include <crm/crm.h>
#include "loyalty.sql.h"

#define TIERS	"bronze silver gold platinum diamond"

static const struct crm_field page[] = {
	{ "limit", CRM_INTEGER, .min = 1, .max = 100, .standard = "20" },
	{ "cursor", CRM_CURSOR },
	CRM_END
};

static const struct crm_field adjustment[] = {
	{ "customer_id", CRM_UUID, .required = true },
	{ "points", CRM_INTEGER, .min = -1000000, .max = 1000000,
	    .required = true, .example = "200",
	    .about = "Given or taken; not 0" },
	{ "reason", CRM_TEXT, .min = 1, .max = 500, .required = true,
	    .example = "For the late parcel",
	    .about = "The customer sees it" },
	CRM_END
};

static const struct crm_field filter[] = {
	{ "active", CRM_BOOL, .about = "Those that are, or those that are "
	    "not" },
	CRM_END
};

static const struct crm_field reward[] = {
	{ "name", CRM_TEXT, .min = 1, .max = 100, .required = true,
	    .example = "5 euro off" },
	{ "about", CRM_TEXT, .max = 1000 },
	{ "kind", CRM_ENUM, .required = true,
	    .values = "amount_off percent_off free_shipping",
	    .example = "amount_off" },
	{ "amount", CRM_MONEY, .min = 1, .max = 1000000000000,
	    .nullable = true,
	    .example = "{\"amount\": 500, \"currency\": \"EUR\"}",
	    .about = "Of amount_off" },
	{ "percent", CRM_DECIMAL, .min = 1, .max = 100000000,
	    .nullable = true, .about = "Of percent_off" },
	{ "cost", CRM_INTEGER, .min = 1, .max = 100000000, .required = true,
	    .example = "450", .about = "In points" },
	{ "tier", CRM_ENUM, .values = TIERS, .standard = "bronze",
	    .about = "The lowest that can have it" },
	{ "starts_at", CRM_TIME, .nullable = true },
	{ "ends_at", CRM_TIME, .nullable = true },
	{ "active", CRM_BOOL, .standard = "true" },
	CRM_END
};

static const struct crm_field tier[] = {
	{ "name", CRM_TEXT, .min = 1, .max = 50, .example = "Silver" },
	{ "points", CRM_INTEGER, .min = 1, .max = 100000000,
	    .example = "500", .about = "Earned in 12 months to reach it; "
	    "not of the first" },
	{ "multiplier", CRM_DECIMAL, .min = 1000000, .max = 10000000,
	    .example = "\"1.25\"", .about = "Of the points earned" },
	{ "advantages", CRM_LIST, .of = CRM_TEXT, .max = 20,
	    .example = "[\"A quarter more points\"]" },
	CRM_END
};

static enum crm_problem
adjust(struct crm_request *r)
{
	if (crm_input_integer(r, "points") == 0)
		return crm_fault(r, "points", "value", "is nothing");
	return crm_answer_one(r, &loyalty_adjust);
}

/* Mails wait in the outbox after it. */
static enum crm_problem
nightly(struct crm_request *r)
{
	crm_notify(r, "outbox");
	return crm_answer_one(r, &loyalty_nightly);
}

#define READ	CRM_STAFF("loyalty.read")
#define WRITE	CRM_STAFF("loyalty.write")
#define REWARDS	"/api/loyalty/manage/rewards"

static const struct crm_route routes[] = {
	{ "GET", "/api/loyalty", CRM_CUSTOMER, NULL, &loyalty_view,
	    .answer = "Loyalty", .about = "Balance, tier, what comes next" },
	{ "GET", "/api/loyalty/history", CRM_CUSTOMER, page,
	    &loyalty_history, .answer = "PointsPage",
	    .about = "What moved the points, newest first" },
	{ "GET", "/api/loyalty/rewards", CRM_CUSTOMER, NULL,
	    &loyalty_rewards, .answer = "RewardList",
	    .about = "The rewards offered now" },
	{ "GET", "/api/loyalty/tiers", CRM_PUBLIC, NULL, &loyalty_tiers,
	    .answer = "TierList", .cache = 300,
	    .about = "The tiers and their advantages" },
	{ "POST", "/api/loyalty/adjustments", WRITE, adjustment,
	    .handler = adjust, .status = 201, .idempotent = true,
	    .answer = "PointsEntry",
	    .about = "Gives a customer points, or takes some" },
	{ "GET", "/api/loyalty/manage/customers/{customer_id}", READ, NULL,
	    &loyalty_customer, .answer = "Loyalty",
	    .about = "A customer's account" },
	{ "GET", "/api/loyalty/manage/customers/{customer_id}/history", READ,
	    page, &loyalty_customer_history, .answer = "PointsPage",
	    .about = "A customer's ledger, newest first" },
	{ "GET", REWARDS, READ, filter, &loyalty_manage_rewards,
	    .answer = "ManagedRewardList", .about = "All rewards" },
	{ "POST", REWARDS, WRITE, reward, &loyalty_reward_create,
	    .status = 201, .idempotent = true, .answer = "ManagedReward",
	    .about = "A new reward" },
	{ "GET", REWARDS "/{id}", READ, NULL, &loyalty_reward_view,
	    .answer = "ManagedReward", .about = "One reward" },
	{ "PATCH", REWARDS "/{id}", WRITE, reward, &loyalty_reward_change,
	    .if_match = true, .answer = "ManagedReward",
	    .about = "Changes a reward; null clears" },
	{ "DELETE", REWARDS "/{id}", WRITE, NULL, &loyalty_reward_delete,
	    .if_match = true, .status = 204,
	    .about = "Removes a reward nobody used; others are made inactive" },
	{ "PATCH", "/api/loyalty/manage/tiers/{code}", WRITE, tier,
	    &loyalty_tier_change, .if_match = true, .answer = "Tier",
	    .about = "Changes a tier; customers move by it as they earn" },
	{ "POST", "/api/loyalty/nightly", WRITE, .handler = nightly,
	    .answer = "LoyaltyNight",
	    .about = "Expires, announces, lowers; duka-nightly(8) calls it" },
	CRM_END
};

int
main(int argc, char *argv[])
{
	return crm_main(argc, argv, "loyalty", routes, loyalty_statements);
}
