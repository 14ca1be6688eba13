/* SPDX-License-Identifier: ISC */
/* tasks: what the staff have promised to do, and by when. */

#include <crm/crm.h>
#include "tasks.sql.h"

#define STATES		"open in_progress completed"
#define PRIORITIES	"low normal high urgent"
#define CURSOR								\
	{ "cursor", CRM_CURSOR, .about = "What the last page said as next" }
#define LIMIT								\
	{ "limit", CRM_INTEGER, .min = 1, .max = 100, .standard = "20" }
#define FILTERS								\
	{ "list", CRM_ENUM, .values = "team mine overdue",		\
	    .standard = "team" },					\
	{ "open", CRM_BOOL, .about = "Those that aren't completed" },	\
	{ "priority", CRM_LIST, .of = CRM_ENUM, .item_values = PRIORITIES, \
	    .max = 4 },							\
	{ "assignee_id", CRM_UUID },					\
	{ "unassigned", CRM_BOOL, .about = "Those nobody has" },	\
	{ "assignee_inactive", CRM_BOOL,				\
	    .about = "Those of members who work here no more" },	\
	{ "created_by", CRM_UUID },					\
	{ "customer_id", CRM_UUID },					\
	{ "order_id", CRM_UUID },					\
	{ "company_id", CRM_UUID },					\
	{ "deal_id", CRM_UUID },					\
	{ "note_id", CRM_UUID, .about = "Made of a note" },		\
	{ "q", CRM_TEXT, .min = 1, .max = 200, .example = "call back",	\
	    .about = "Part of the title, or near to it; or a number" }

static const struct crm_field filter[] = {
	FILTERS,
	{ "status", CRM_LIST, .of = CRM_ENUM, .item_values = STATES,
	    .max = 3 },
	{ "due_from", CRM_TIME, .about = "Due then or later" },
	{ "due_to", CRM_TIME, .about = "Due before" },
	{ "sort", CRM_ENUM, .values = "due newest priority updated board",
	    .standard = "due" },
	CURSOR,
	LIMIT,
	CRM_END
};

static const struct crm_field columns[] = {
	FILTERS,
	LIMIT,
	CRM_END
};

static const struct crm_field days[] = {
	{ "from", CRM_DATE, .required = true },
	{ "to", CRM_DATE, .required = true,
	    .about = "Inclusive, 62 days after the first at most" },
	FILTERS,
	{ "status", CRM_LIST, .of = CRM_ENUM, .item_values = STATES,
	    .max = 3 },
	{ "limit", CRM_INTEGER, .min = 1, .max = 50, .standard = "20",
	    .about = "Tasks a day; the count says how many there are" },
	CRM_END
};

#define WHAT								\
	{ "text", CRM_TEXT, .max = 5000, .about = "Plain text" },	\
	{ "status", CRM_ENUM, .values = STATES, .standard = "open" },	\
	{ "priority", CRM_ENUM, .values = PRIORITIES,			\
	    .standard = "normal" },					\
	{ "customer_id", CRM_UUID, .nullable = true },			\
	{ "order_id", CRM_UUID, .nullable = true,			\
	    .about = "Its customer is the task's, unless told" },	\
	{ "company_id", CRM_UUID, .nullable = true },			\
	{ "deal_id", CRM_UUID, .nullable = true,			\
	    .about = "Its company and customer are the task's, unless told" }, \
	{ "assignee_id", CRM_UUID, .nullable = true,			\
	    .about = "A member of staff who is active" },		\
	{ "due_at", CRM_TIME, .nullable = true },			\
	{ "reminder_at", CRM_TIME, .nullable = true,			\
	    .about = "When the assignee is reminded, once" }

static const struct crm_field task[] = {
	{ "title", CRM_TEXT, .min = 1, .max = 200,
	    .example = "Call back about the damaged bag",
	    .about = "Needed, unless it is made of an order or a note" },
	WHAT,
	{ "note_id", CRM_UUID, .about = "The note about a customer that it "
	    "is made of: gives text, title and customer, unless told" },
	CRM_END
};

static const struct crm_field change[] = {
	{ "title", CRM_TEXT, .min = 1, .max = 200,
	    .example = "Call back about the damaged bag" },
	WHAT,
	{ "after_id", CRM_UUID, .nullable = true,
	    .about = "The task that stands above it in its column of the "
	    "board; null: it stands first" },
	CRM_END
};

static const struct crm_field comment[] = {
	{ "text", CRM_TEXT, .min = 1, .max = 5000, .required = true,
	    .example = "They will be there after five." },
	{ "mentions", CRM_LIST, .of = CRM_UUID, .max = 20,
	    .about = "Colleagues who are told of it" },
	CRM_END
};

static const struct crm_field page[] = { CURSOR, LIMIT, CRM_END };

#define READ	CRM_STAFF("tasks.read")
#define WRITE	CRM_STAFF("tasks.write")
#define TASKS	"/api/tasks"

static const struct crm_route routes[] = {
	{ "GET", TASKS, READ, filter, &tasks_list, .answer = "TaskPage",
	    .about = "Tasks: the team's, the own, those that are overdue" },
	{ "POST", TASKS, WRITE, task, &tasks_create, .status = 201,
	    .idempotent = true, .answer = "Task", .about = "Makes a task" },
	{ "GET", TASKS "/board", READ, columns, &tasks_board,
	    .answer = "TaskBoard", .about = "By status, each column in its "
	    "order; the list goes on with sort=board" },
	{ "GET", TASKS "/calendar", READ, days, &tasks_calendar,
	    .answer = "TaskCalendar",
	    .about = "By the day they are due, in the shop's time zone" },
	{ "GET", TASKS "/counts", READ, NULL, &tasks_counts,
	    .answer = "TaskCounts",
	    .about = "How many there are that are not completed" },
	{ "GET", TASKS "/assignees", READ, NULL, &tasks_assignees,
	    .answer = "TaskAssigneeList", .about = "Who can be given a task, "
	    "and who is gone and still has some" },
	{ "GET", TASKS "/{id}", READ, NULL, &tasks_view, .answer = "Task",
	    .about = "One task, with its version" },
	{ "PATCH", TASKS "/{id}", WRITE, change, &tasks_change,
	    .if_match = true, .answer = "Task",
	    .about = "Changes what is given; moves it on the board" },
	{ "DELETE", TASKS "/{id}", WRITE, NULL, &tasks_remove,
	    .if_match = true, .status = 204, .about = "Removes it" },
	{ "GET", TASKS "/{id}/events", READ, page, &tasks_events,
	    .answer = "TaskEventPage", .about = "What became of it, and "
	    "who did that, oldest first" },
	{ "GET", TASKS "/{id}/comments", READ, page, &tasks_comments,
	    .answer = "TaskCommentPage",
	    .about = "What was said of it, oldest first" },
	{ "POST", TASKS "/{id}/comments", WRITE, comment,
	    &tasks_comment_create, .status = 201, .idempotent = true,
	    .answer = "TaskComment", .about = "Says something, and tells "
	    "who is mentioned and who has the task" },
	{ "PATCH", TASKS "/{id}/comments/{comment_id}", WRITE, comment,
	    &tasks_comment_change, .if_match = true, .answer = "TaskComment",
	    .about = "Changes one's own" },
	{ "DELETE", TASKS "/{id}/comments/{comment_id}", WRITE, NULL,
	    &tasks_comment_remove, .status = 204,
	    .about = "Takes one's own back" },
	CRM_END
};

int
main(int argc, char *argv[])
{
	return crm_main(argc, argv, "tasks", routes, tasks_statements);
}
