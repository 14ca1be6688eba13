/* SPDX-License-Identifier: ISC */
/* Notes about customers, what staff are told, and their saved views. */

#include "desk.h"
#include "desk_notes.sql.h"

#define MENTIONS							\
	{ "mentions", CRM_LIST, .of = CRM_UUID, .max = 20,		\
	    .about = "Colleagues who are told of it" }

static const struct crm_field page[] = {
	DESK_PAGE,
	CRM_END
};

static const struct crm_field new_note[] = {
	{ "text", CRM_TEXT, .required = true, .min = 1, .max = 10000,
	    .example = "Rang about the late parcel" },
	{ "pinned", CRM_BOOL },
	MENTIONS,
	CRM_END
};

static const struct crm_field note[] = {
	{ "text", CRM_TEXT, .min = 1, .max = 10000 },
	{ "pinned", CRM_BOOL },
	MENTIONS,
	CRM_END
};

static const struct crm_field notices[] = {
	{ "unread", CRM_BOOL, .about = "Those not read yet, or those read" },
	DESK_PAGE,
	CRM_END
};

static const struct crm_field seen[] = {
	{ "ids", CRM_LIST, .of = CRM_UUID, .max = 100 },
	{ "all", CRM_BOOL, .standard = "false", .about = "Instead of ids" },
	CRM_END
};

#define LIST								\
	"list", CRM_TEXT, .min = 2, .max = 31, .example = "customers",	\
	    .about = "Which of the panel's lists"
#define VIEW								\
	{ "shared", CRM_BOOL, .about = "Whether colleagues have it too" }, \
	{ "filters", CRM_ATTRIBUTES, .max = 30,				\
	    .about = "The list's own, by name",				\
	    .example = "{\"tier\": \"gold\"}" },			\
	{ "columns", CRM_LIST, .of = CRM_TEXT, .max = 30 },		\
	{ "sort", CRM_TEXT, .nullable = true, .min = 1, .max = 30 }

static const struct crm_field views[] = {
	{ LIST },
	CRM_END
};

static const struct crm_field new_view[] = {
	{ LIST, .required = true },
	{ "name", CRM_TEXT, .required = true, .min = 1, .max = 100,
	    .example = "Gold without an order this year" },
	VIEW,
	CRM_END
};

static const struct crm_field view[] = {
	{ "name", CRM_TEXT, .min = 1, .max = 100 },
	VIEW,
	CRM_END
};

static enum crm_problem
mark_read(struct crm_request *r)
{
	bool all = crm_input_true(r, "all"), some = crm_input(r, "ids") != NULL;

	if (all == some)
		return crm_fault(r, "ids", "value", "Either some or all");
	return crm_answer_one(r, &desk_notifications_read);
}

#define SELF		CRM_STAFF("staff.self")
#define READ		CRM_STAFF("customers.read")
#define WRITE		CRM_STAFF("notes.write")
#define NOTES		"/api/desk/customers/{id}/notes"
#define OLD_NOTES	"/api/customers/admin/customers/{id}/notes"
#define NOTICES		"/api/desk/notifications"
#define VIEWS		"/api/desk/views"

static const struct crm_route routes[] = {
	{ "GET", NOTES, READ, page, &desk_notes, .answer = "NotePage",
	    .about = "Notes about a customer: pinned ones, then the newest" },
	{ "POST", NOTES, WRITE, new_note, &desk_notes_create, .status = 201,
	    .idempotent = true, .answer = "Note", .about = "Writes a note" },
	{ "PATCH", "/api/desk/notes/{id}", WRITE, note, &desk_notes_change,
	    .if_match = true, .answer = "Note",
	    .about = "Changes one's own, or pins any" },
	{ "DELETE", "/api/desk/notes/{id}", WRITE, NULL, &desk_notes_remove,
	    .status = 204, .about = "Removes one's own" },
	{ "GET", OLD_NOTES, READ, page, &desk_notes, .answer = "NotePage",
	    .about = "Notes by the old system's path" },
	{ "POST", OLD_NOTES, WRITE, new_note, &desk_notes_create,
	    .status = 201, .idempotent = true, .answer = "Note",
	    .about = "Writes one by the old system's path" },
	{ "GET", "/api/desk/colleagues", READ, NULL, &desk_colleagues,
	    .answer = "DeskColleagueList", .about = "Who can be mentioned" },
	{ "GET", NOTICES, SELF, notices, &desk_notifications,
	    .answer = "StaffNotificationPage",
	    .about = "What the caller was told, newest first" },
	{ "GET", NOTICES "/unread", SELF, NULL, &desk_notifications_unread,
	    .answer = "UnreadCount", .about = "How many are not read yet" },
	{ "POST", NOTICES "/read", SELF, seen, .handler = mark_read,
	    .answer = "ReadCount", .about = "Marks some as read, or all" },
	{ "GET", VIEWS, SELF, views, &desk_views, .answer = "SavedViewList",
	    .about = "Saved views: one's own, and those shared" },
	{ "POST", VIEWS, SELF, new_view, &desk_views_create, .status = 201,
	    .answer = "SavedView", .about = "Saves a list as it is narrowed" },
	{ "PATCH", VIEWS "/{id}", SELF, view, &desk_views_change,
	    .if_match = true, .answer = "SavedView",
	    .about = "Changes one's own" },
	{ "DELETE", VIEWS "/{id}", SELF, NULL, &desk_views_remove,
	    .status = 204, .about = "Removes one's own" },
	CRM_END
};

const struct desk_part desk_notes_part = { routes, desk_notes_statements };
