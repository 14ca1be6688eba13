/* SPDX-License-Identifier: ISC */
/* Segments: groups of customers by rules that are data.  What the rules may
 * say is in the database (segment_vocabulary()), which checks them. */

#include "desk.h"
#include "desk_segments.sql.h"

#define READ		CRM_STAFF("customers.read")
#define WRITE		CRM_STAFF("segments.write")
#define SEGMENTS	"/api/desk/segments"

#define CONDITION							\
	{ "fact", CRM_TEXT, .max = 40, .example = "orders",		\
	    .about = "What the condition is about; see facts" },	\
	{ "test", CRM_TEXT, .max = 20, .example = "at_least" },		\
	{ "values", CRM_LIST, .of = CRM_TEXT, .max = 50,		\
	    .example = "[\"3\"]" },					\
	{ "days", CRM_INTEGER, .min = 1, .max = 3650, .nullable = true,	\
	    .about = "Of these last days alone" }
#define MATCH								\
	"match", CRM_ENUM, .values = "all any none", .example = "all"
#define RULES(table)							\
	"rules", CRM_LIST, .of = CRM_OBJECT, .fields = table, .min = 1,	\
	    .max = 20
#define EXAMPLE								\
	"[{\"fact\":\"orders\",\"test\":\"at_least\",\"values\":[\"3\"]}]"

/* A rule is a condition or a group, which has "match"; the fourth group
 * within each other has conditions only. */
static const struct crm_field innermost[] = {
	CONDITION,
	CRM_END
};

static const struct crm_field third[] = {
	CONDITION,
	{ MATCH, .about = "Of a group, which has no fact" },
	{ RULES(innermost), .example = EXAMPLE },
	CRM_END
};

static const struct crm_field second[] = {
	CONDITION,
	{ MATCH, .about = "Of a group, which has no fact" },
	{ RULES(third), .example = EXAMPLE },
	CRM_END
};

static const struct crm_field first[] = {
	CONDITION,
	{ MATCH, .about = "Of a group, which has no fact" },
	{ RULES(second), .example = EXAMPLE },
	CRM_END
};

static const struct crm_field group[] = {
	{ MATCH, .required = true },
	{ RULES(first), .required = true, .example = EXAMPLE },
	CRM_END
};

#define TOP								\
	"rules", CRM_OBJECT, .fields = group, .required = true,		\
	    .example = "{\"match\":\"all\",\"rules\":" EXAMPLE "}"

static const struct crm_field segment[] = {
	{ "name", CRM_TEXT, .min = 1, .max = 100, .required = true,
	    .example = "Regulars" },
	{ "about", CRM_TEXT, .max = 1000 },
	{ "kind", CRM_ENUM, .values = "living snapshot",
	    .standard = "living", .about = "A snapshot keeps its members" },
	{ TOP },
	CRM_END
};

static const struct crm_field counted[] = {
	{ TOP },
	{ "exact", CRM_BOOL, .standard = "true", .about =
	    "Or at once, and of many customers perhaps only about" },
	CRM_END
};

static const struct crm_field sample[] = {
	{ TOP },
	{ "limit", CRM_INTEGER, .min = 1, .max = 50, .standard = "10" },
	CRM_END
};

static const struct crm_field listing[] = {
	{ "q", CRM_TEXT, .max = 100, .about = "Part of the name" },
	{ "kind", CRM_ENUM, .values = "living snapshot" },
	DESK_PAGE,
	CRM_END
};

static const struct crm_field page[] = {
	DESK_PAGE,
	CRM_END
};

static const struct crm_route routes[] = {
	{ "GET", SEGMENTS "/facts", READ, NULL, &segments_facts,
	    .answer = "SegmentFacts",
	    .about = "What rules may speak of, and how it is tested" },
	{ "POST", SEGMENTS "/count", READ, counted, &segments_count,
	    .answer = "SegmentCount",
	    .about = "How many customers rules describe now" },
	{ "POST", SEGMENTS "/preview", READ, sample, &segments_preview,
	    .answer = "SegmentMembers",
	    .about = "Some of those whom rules describe, newest first" },
	{ "GET", SEGMENTS, READ, listing, &segments_list,
	    .answer = "SegmentPage", .about = "The segments by name" },
	{ "POST", SEGMENTS, WRITE, segment, &segments_create,
	    .status = 201, .idempotent = true, .answer = "Segment",
	    .about = "Makes a segment and reckons who is in it" },
	{ "GET", SEGMENTS "/{id}", READ, NULL, &segments_view,
	    .answer = "Segment", .about = "One segment" },
	{ "PATCH", SEGMENTS "/{id}", WRITE, segment, &segments_change,
	    .if_match = true, .answer = "Segment",
	    .about = "Changes it; new rules are reckoned at once" },
	{ "DELETE", SEGMENTS "/{id}", WRITE, NULL, &segments_remove,
	    .if_match = true, .status = 204,
	    .about = "Removes one that no promotion uses" },
	{ "POST", SEGMENTS "/{id}/refresh", WRITE, NULL, &segments_refresh,
	    .answer = "Segment", .about = "Reckons anew who is in it" },
	{ "GET", SEGMENTS "/{id}/members", READ, page, &segments_members,
	    .answer = "SegmentMembers",
	    .about = "Who is in it, as it was reckoned last" },
	CRM_END
};

const struct desk_part desk_segments = { routes, desk_segments_statements };
