/* SPDX-License-Identifier: ISC */
/* staff: the members and what they may, keys for programs, and the log of
 * what was changed.  How a member signs in is auth's. */
#include <string.h>

#include "staff.h"
#include "staff.sql.h"

#define TOKEN_BYTES	32
#define PAGE								\
	{ "limit", CRM_INTEGER, .min = 1, .max = 100, .standard = "20" }, \
	{ "cursor", CRM_CURSOR }
#define NAME	.min = 1, .max = 200, .example = "Amina Diallo"
#define ROLES	"roles", CRM_LIST, .of = CRM_TEXT, .min = 1, .max = 20,	\
    .example = "[\"service\"]"
#define PERMISSIONS "permissions", CRM_LIST, .of = CRM_TEXT, .max = 200, \
    .example = "[\"orders.read\"]"

static const struct crm_field members[] = {
	{ "q", CRM_TEXT, .min = 1, .max = 200, .example = "ami",
	    .about = "Part of a name or mail address" },
	{ "role", CRM_TEXT, .min = 1, .max = 40, .example = "service" },
	{ "state", CRM_ENUM, .values = "invited active disabled" },
	PAGE,
	CRM_END
};

static const struct crm_field invited[] = {
	{ "email", CRM_EMAIL, .required = true,
	    .example = "amina@example.org" },
	{ "name", CRM_TEXT, NAME, .required = true },
	{ ROLES, .required = true, .about = "Their permissions must be among "
	    "your own" },
	CRM_END
};

static const struct crm_field member[] = {
	{ "email", CRM_EMAIL, .example = "amina@example.org" },
	{ "name", CRM_TEXT, NAME },
	{ "state", CRM_ENUM, .values = "active disabled" },
	{ ROLES, .about = "All of them, as they are to be" },
	CRM_END
};

static const struct crm_field page[] = {
	PAGE,
	CRM_END
};

static const struct crm_field role[] = {
	{ "name", CRM_TEXT, .min = 2, .max = 31, .required = true,
	    .example = "packer",
	    .about = "Small letters and underscores" },
	{ "about", CRM_TEXT, .max = 200, .required = true,
	    .example = "Packs and ships" },
	{ PERMISSIONS, .required = true },
	{ "totp_required", CRM_BOOL, .standard = "false",
	    .about = "Members must set up a second factor" },
	CRM_END
};

static const struct crm_field role_change[] = {
	{ "about", CRM_TEXT, .min = 1, .max = 200,
	    .example = "Packs and ships" },
	{ PERMISSIONS, .about = "All of them, as they are to be" },
	{ "totp_required", CRM_BOOL,
	    .about = "Members must set up a second factor" },
	CRM_END
};

static const struct crm_field keys[] = {
	{ "state", CRM_ENUM, .values = "active expired revoked" },
	{ "member_id", CRM_UUID, .about = "Those that one member made" },
	PAGE,
	CRM_END
};

static const struct crm_field key[] = {
	{ "name", CRM_TEXT, .min = 1, .max = 100, .required = true,
	    .example = "Warehouse scanner" },
	{ PERMISSIONS, .min = 1, .required = true,
	    .about = "Some of your own; what you lose, the key loses" },
	{ "expires_at", CRM_TIME, .example = "2036-12-31T00:00:00Z",
	    .about = "Without it, it works until it is revoked" },
	CRM_END
};

static const struct crm_field attempts[] = {
	{ "member_id", CRM_UUID },
	{ "name", CRM_TEXT, .min = 1, .max = 254,
	    .about = "As it was typed" },
	{ "succeeded", CRM_BOOL },
	{ "from", CRM_TIME },
	{ "to", CRM_TIME, .about = "Before this" },
	PAGE,
	CRM_END
};

#define AUDIT								\
	{ "member_id", CRM_UUID, .about = "Who did it" },		\
	{ "key_id", CRM_UUID, .about = "By which key" },		\
	{ "table", CRM_TEXT, .min = 1, .max = 63, .example = "product" }, \
	{ "row", CRM_TEXT, .min = 1, .max = 400,			\
	    .about = "Its primary key" },				\
	{ "action", CRM_ENUM, .values = "insert update delete" },	\
	{ "request_id", CRM_TEXT, .min = 1, .max = 64 },		\
	{ "from", CRM_TIME },						\
	{ "to", CRM_TIME, .about = "Before this" }

static const struct crm_field audit[] = {
	AUDIT,
	PAGE,
	CRM_END
};

static const struct crm_field audit_file[] = {
	AUDIT,
	CRM_END
};

/* A token for a mail's link: the digest is kept, the rest goes into the mail
 * alone, and is in no answer. */
static void
make_token(struct crm_request *r)
{
	const char *token = crm_random_text(crm_arena(r), TOKEN_BYTES);

	crm_set(r, "token", token);
	crm_set(r, "digest", crm_digest(crm_arena(r), token, strlen(token)));
	crm_notify(r, "outbox");
}

static enum crm_problem
invite(struct crm_request *r)
{
	make_token(r);
	return crm_answer_one(r, &staff_invite);
}

static enum crm_problem
invite_again(struct crm_request *r)
{
	make_token(r);
	return crm_execute(r, &staff_invite_again);
}

static enum crm_problem
reset_password(struct crm_request *r)
{
	make_token(r);
	return crm_execute(r, &staff_reset_password);
}

/* A mail tells the member. */
static enum crm_problem
drop_totp(struct crm_request *r)
{
	crm_notify(r, "outbox");
	return crm_execute(r, &staff_drop_totp);
}

static enum crm_problem
add_role(struct crm_request *r)
{
	const char *name = crm_input(r, "name");

	if (name[strspn(name, "abcdefghijklmnopqrstuvwxyz_")] != '\0' ||
	    name[0] == '_')
		return crm_fault(r, "name", "format",
		    "Has small letters and underscores");
	return crm_answer_one(r, &staff_role_add);
}

#define READ	CRM_STAFF("staff.read")
#define WRITE	CRM_STAFF("staff.write")
#define ROLE	CRM_STAFF("roles.write")
#define KEYS	CRM_STAFF("keys.write")
#define LOG	CRM_STAFF("audit.read")

static const struct crm_route routes[] = {
	{ "GET", "/api/staff/members", READ, members, &staff_members,
	    .answer = "MemberPage", .about = "The members by name" },
	{ "POST", "/api/staff/members", WRITE, invited,
	    .handler = invite, .status = 201, .answer = "Member",
	    .about = "Invites somebody: a mail brings the link to choose a "
	    "password" },
	{ "GET", "/api/staff/members/{id}", READ, NULL, &staff_member,
	    .answer = "Member", .about = "One member" },
	{ "PATCH", "/api/staff/members/{id}", WRITE, member,
	    &staff_change, .if_match = true, .answer = "Member",
	    .about = "Changes name, address, roles; disables and enables" },
	{ "POST", "/api/staff/members/{id}/invite", WRITE, NULL,
	    .handler = invite_again, .status = 204,
	    .about = "Sends the invitation again; the older link is void" },
	{ "POST", "/api/staff/members/{id}/reset-password", WRITE, NULL,
	    .handler = reset_password, .status = 204,
	    .about = "For superadmins: voids the password, ends the "
	    "sessions, mails a link to choose another" },
	{ "DELETE", "/api/staff/members/{id}/totp", WRITE, NULL,
	    .handler = drop_totp, .status = 204,
	    .about = "For superadmins: takes a lost second factor away" },
	{ "GET", "/api/staff/members/{id}/sessions", READ, page,
	    &staff_sessions, .answer = "SessionPage",
	    .about = "Where the member is signed in" },
	{ "DELETE", "/api/staff/members/{id}/sessions", WRITE, NULL,
	    &staff_end_sessions, .status = 204,
	    .about = "Ends all of them" },
	{ "DELETE", "/api/staff/members/{id}/sessions/{session_id}", WRITE,
	    NULL, &staff_end_session, .status = 204,
	    .about = "Ends one of them" },
	{ "GET", "/api/staff/roles", READ, NULL, &staff_roles,
	    .answer = "RoleList", .about = "The roles" },
	{ "POST", "/api/staff/roles", ROLE, role, .handler = add_role,
	    .status = 201, .answer = "Role", .about = "Makes a role" },
	{ "GET", "/api/staff/roles/{name}", READ, NULL, &staff_role,
	    .answer = "Role", .about = "One role" },
	{ "PATCH", "/api/staff/roles/{name}", ROLE, role_change,
	    &staff_role_change, .if_match = true, .answer = "Role",
	    .about = "Changes what a role may; at once for all of its "
	    "members" },
	{ "DELETE", "/api/staff/roles/{name}", ROLE, NULL,
	    &staff_role_remove, .status = 204, .if_match = true,
	    .about = "Removes a role that nobody has" },
	{ "GET", "/api/staff/permissions", READ, NULL, &staff_permissions,
	    .answer = "PermissionList",
	    .about = "What there is to permit" },
	{ "GET", "/api/staff/keys", KEYS, keys, &staff_keys,
	    .answer = "ApiKeyPage",
	    .about = "Programs' keys, the newest first" },
	{ "POST", "/api/staff/keys", KEYS, key, .handler = staff_make_key,
	    .status = 201, .answer = "ApiKeyMade",
	    .about = "Makes a key for a program, shown this once" },
	{ "DELETE", "/api/staff/keys/{id}", KEYS, NULL, &staff_key_revoke,
	    .status = 204, .about = "Revokes a key, at once" },
	{ "GET", "/api/staff/login-attempts", READ, attempts,
	    &staff_attempts, .answer = "LoginAttemptPage",
	    .about = "Who tried to sign in as staff, the latest first" },
	{ "GET", "/api/staff/audit", LOG, audit, &staff_audit,
	    .answer = "AuditPage",
	    .about = "What staff changed, the latest first" },
	{ "GET", "/api/staff/audit/tables", LOG, NULL, &staff_audit_tables,
	    .answer = "AuditTables",
	    .about = "The tables whose changes are written down" },
	{ "GET", "/api/staff/audit/export", LOG, audit_file,
	    .handler = staff_export_audit, .answer_type = "text/csv",
	    .about = "The same as a file for spreadsheets" },
	CRM_END
};

int
main(int argc, char *argv[])
{
	return crm_main(argc, argv, "staff", routes, staff_statements);
}
