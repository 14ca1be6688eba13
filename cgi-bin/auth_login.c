/* SPDX-License-Identifier: ISC */
/* In and out: login, new tokens for old, logout. */
#include <string.h>

#include "auth.h"
#include "auth.sql.h"

/* Counted by account and client address together: who fails elsewhere
 * doesn't lock the owner out.  All addresses that the name never came in from
 * are also counted as one: many machines guess no faster than few. */
static enum crm_problem
count_login(struct crm_request *r, const struct auth_world *world,
    const char *name)
{
	const char *who = crm_format(crm_arena(r), "%s %s", world->name,
	    auth_lower(r, name));
	struct crm_result *rows;
	enum crm_problem problem;

	problem = crm_count_against(r, "login_account", crm_format(
	    crm_arena(r), "%s %s", who, crm_client_address(r)), 1);
	if (problem != CRM_OK)
		return problem;
	crm_set(r, "world", world->name);
	crm_set(r, "name", name);
	problem = crm_query(r, &auth_familiar, &rows);
	if (problem != CRM_OK || crm_column_true(rows, 0, "familiar"))
		return problem;
	return crm_count_against(r, "login_guesses", who, 1);
}

/* Whose password was right and who owes a code hasn't come in yet. */
static enum crm_problem
record(struct crm_request *r, const struct auth_world *world,
    const struct crm_result *rows, bool right)
{
	bool owes = right && crm_column_true(rows, 0, "totp");

	crm_set(r, "world", world->name);
	crm_set(r, "id", crm_column(rows, 0, "id"));
	crm_set(r, "succeeded", right && !owes ? "true" : "false");
	crm_set(r, "outcome", owes ? "code_asked" : NULL);
	return crm_execute(r, &auth_note_login);
}

enum crm_problem
auth_prove(struct crm_request *r, const struct auth_world *world,
    const char *name, struct crm_result **rows)
{
	enum crm_problem problem = count_login(r, world, name);
	bool good;

	if (problem != CRM_OK)
		return problem;
	problem = crm_query(r, world->find, rows);
	if (problem != CRM_OK)
		return problem;
	good = crm_password_verify(crm_column(*rows, 0, "hash"),
	    crm_input(r, "password"));
	problem = record(r, world, *rows, good);
	if (problem != CRM_OK || good)
		return problem;
	problem = crm_commit(r);
	return problem != CRM_OK ? problem : CRM_CREDENTIALS_WRONG;
}

/* The agent's own name, if it is text at all. */
static const char *
user_agent(struct crm_request *r)
{
	const char *agent = crm_header(r, "User-Agent");

	return agent != NULL && crm_utf8_valid(agent, strlen(agent)) ? agent :
	    NULL;
}

/* A session for who has just proven it; `life` NULL is the usual one, with
 * a refresh token. */
static enum crm_problem
open_session(struct crm_request *r, struct auth_grant *grant,
    const struct crm_result *found, const char *life)
{
	struct crm_result *rows;
	enum crm_problem problem;

	grant->account = crm_column(found, 0, "id");
	grant->body = crm_column(found, 0, "body");
	if (life == NULL)
		grant->refresh = crm_random_text(crm_arena(r),
		    AUTH_TOKEN_BYTES);
	crm_set(r, "id", grant->account);
	crm_set(r, "agent", user_agent(r));
	crm_set(r, "life", life);
	crm_set(r, "digest", life != NULL ? NULL : crm_digest(crm_arena(r),
	    grant->refresh, strlen(grant->refresh)));
	problem = crm_query_one(r, grant->world->open, &rows);
	if (problem != CRM_OK)
		return problem;
	grant->session = crm_column(rows, 0, "session_id");
	grant->refresh_seconds = crm_column_integer(rows, 0,
	    "refresh_seconds");
	return CRM_OK;
}

static bool
wants_cookies(struct crm_request *r)
{
	const char *transport = crm_input(r, "transport");

	return transport != NULL && strcmp(transport, "cookie") == 0;
}

static void
find_guest(struct crm_request *r)
{
	const char *token = crm_header(r, "Duka-Cart");

	if (token == NULL)
		token = crm_cookie(r, "__Host-cart");
	if (token != NULL)
		crm_become_guest(r, token);
}

/* What the guest put into the cart comes along; the guest's token is of no
 * use any more. */
static enum crm_problem
merge(struct crm_request *r, struct auth_grant *grant)
{
	struct crm_result *rows;
	enum crm_problem problem;

	if (crm_guest(r) == NULL)
		return CRM_OK;
	problem = crm_query_one(r, &auth_merge_cart, &rows);
	if (problem != CRM_OK)
		return problem;
	grant->merge = crm_column(rows, 0, "body");
	if (crm_cookie(r, "__Host-cart") != NULL)
		crm_answer_cookie(r, "cart", "", 0, false);
	return CRM_OK;
}

enum crm_problem
auth_login(struct crm_request *r)
{
	struct auth_grant grant = { .world = &auth_customers,
	    .cookies = wants_cookies(r) };
	static const char *const names[] = { "login", "email", "username" };
	const char *name = NULL;
	struct crm_result *rows;
	enum crm_problem problem;
	size_t i;

	for (i = 0; name == NULL && i < sizeof names / sizeof names[0]; i++)
		name = crm_input(r, names[i]);
	if (name == NULL)
		return crm_fault(r, "login", "required",
		    "Say your e-mail address or username");
	find_guest(r);
	problem = auth_prove(r, grant.world, name, &rows);
	if (problem == CRM_OK)
		problem = open_session(r, &grant, rows, NULL);
	if (problem == CRM_OK)
		problem = merge(r, &grant);
	return problem == CRM_OK ? auth_grant_answer(r, &grant) : problem;
}

/* A device not seen before is told of by mail. */
enum crm_problem
auth_let_in(struct crm_request *r, const struct crm_result *found)
{
	struct auth_grant grant = { .world = &auth_staff,
	    .cookies = wants_cookies(r) };
	enum crm_problem problem = open_session(r, &grant, found, NULL);

	crm_notify(r, AUTH_OUTBOX);
	return problem == CRM_OK ? auth_grant_answer(r, &grant) : problem;
}

enum crm_problem
auth_staff_login(struct crm_request *r)
{
	struct crm_result *rows;
	enum crm_problem problem;

	problem = auth_prove(r, &auth_staff, crm_input(r, "email"), &rows);
	if (problem != CRM_OK)
		return problem;
	return crm_column_true(rows, 0, "totp") ? auth_ask_code(r) :
	    auth_let_in(r, rows);
}

/* Programs come back with their password rather than a refresh token. */
enum crm_problem
auth_bot_login(struct crm_request *r)
{
	struct auth_grant grant = { .world = &auth_customers };
	struct crm_result *rows;
	const char *token;
	struct crm_text text;
	enum crm_problem problem;

	problem = auth_prove(r, grant.world, crm_input(r, "username"), &rows);
	if (problem == CRM_OK)
		problem = open_session(r, &grant, rows, "1 hour");
	if (problem == CRM_OK)
		problem = auth_grant_token(r, &grant, NULL, &token);
	if (problem != CRM_OK)
		return problem;
	crm_text_init(&text, crm_arena(r));
	crm_text_puts(&text, "{\"token\":");
	crm_text_json(&text, token);
	crm_text_printf(&text, ",\"token_type\":\"Bearer\",\"expires_in\":%d}",
	    AUTH_ACCESS_SECONDS);
	crm_answer(r, text.data);
	return CRM_OK;
}

/* A browser's refresh cookie proves nothing without the CSRF token, which
 * only the shop's own pages can read.  The access token that carries it may
 * have run out: so header and cookie are compared. */
static bool
csrf_matches(struct crm_request *r, const struct auth_world *world)
{
	const char *header = crm_header(r, "X-CSRF-Token");
	const char *cookie = crm_cookie(r, world->sent_csrf);

	return header != NULL && cookie != NULL && cookie[0] != '\0' &&
	    strlen(header) == strlen(cookie) &&
	    crm_equal(header, cookie, strlen(header));
}

/* That a stolen token was used stands, though its user is refused. */
static enum crm_problem
refuse_refresh(struct crm_request *r, const struct auth_world *world,
    bool reused)
{
	enum crm_problem problem;

	if (!reused)
		return CRM_SESSION_ENDED;
	problem = crm_commit(r);
	if (problem != CRM_OK)
		return problem;
	crm_log(CRM_LOG_WARNING, "refresh token used twice", "world",
	    world->name, "address", crm_client_address(r), NULL);
	return CRM_SESSION_ENDED;
}

static enum crm_problem
rotate(struct crm_request *r, struct auth_grant *grant, const char *old)
{
	const struct auth_world *world = grant->world;
	struct crm_result *rows;
	enum crm_problem problem;

	grant->refresh = crm_random_text(crm_arena(r), AUTH_TOKEN_BYTES);
	crm_set(r, "digest", crm_digest(crm_arena(r), old, strlen(old)));
	crm_set(r, "next", crm_digest(crm_arena(r), grant->refresh,
	    strlen(grant->refresh)));
	problem = crm_query(r, world->refresh, &rows);
	if (problem != CRM_OK)
		return problem;
	if (crm_rows(rows) == 0 || crm_column_true(rows, 0, "reused"))
		return refuse_refresh(r, world, crm_rows(rows) > 0);
	grant->account = crm_column(rows, 0, "account");
	grant->session = crm_column(rows, 0, "session_id");
	grant->refresh_seconds = crm_column_integer(rows, 0,
	    "refresh_seconds");
	crm_set(r, "id", grant->account);
	problem = crm_query_one(r, world->body, &rows);
	if (problem != CRM_OK)
		return problem;
	grant->body = crm_column(rows, 0, "body");
	return auth_grant_answer(r, grant);
}

static enum crm_problem
refresh(struct crm_request *r, const struct auth_world *world)
{
	struct auth_grant grant = { .world = world };
	const char *old = crm_input(r, "refresh_token");

	if (old == NULL) {
		old = crm_cookie(r, world->sent_refresh);
		grant.cookies = true;
		if (old == NULL || old[0] == '\0')
			return crm_fault(r, "refresh_token", "required",
			    "Is neither in the body nor in a cookie");
		if (!csrf_matches(r, world))
			return CRM_CSRF_TOKEN_WRONG;
	}
	return rotate(r, &grant, old);
}

enum crm_problem
auth_refresh(struct crm_request *r)
{
	return refresh(r, &auth_customers);
}

enum crm_problem
auth_staff_refresh(struct crm_request *r)
{
	return refresh(r, &auth_staff);
}

static const struct auth_world *
own_world(const struct crm_request *r)
{
	return crm_is_staff(r) ? &auth_staff : &auth_customers;
}

enum crm_problem
auth_leave(struct crm_request *r)
{
	const struct auth_world *world = own_world(r);

	auth_forget_cookies(r, world);
	return crm_execute(r, world->logout);
}

enum crm_problem
auth_leave_everywhere(struct crm_request *r)
{
	const struct auth_world *world = own_world(r);

	auth_forget_cookies(r, world);
	return crm_execute(r, world->logout_everywhere);
}
