/* SPDX-License-Identifier: ISC */
/* What a login gives: tokens in the answer, or in a browser's cookies. */
#include <time.h>

#include "auth.h"

enum crm_problem
auth_grant_token(struct crm_request *r, const struct auth_grant *grant,
    const char *csrf, const char **token)
{
	struct crm_claims claims = {
		.audience = grant->world->name,
		.subject = grant->account,
		.session = grant->session,
		.id = crm_uuid(crm_arena(r)),
		.csrf = csrf,
		.issued_at = time(NULL),
		.expires_at = time(NULL) + AUTH_ACCESS_SECONDS
	};
	const struct crm_key *key;
	enum crm_problem problem = auth_signing_key(r, &key);

	if (problem != CRM_OK)
		return problem;
	*token = crm_token_sign(crm_arena(r), key, &claims);
	return *token != NULL ? CRM_OK : CRM_INTERNAL;
}

/* A page's script can read the CSRF token and nothing else. */
static void
set_cookies(struct crm_request *r, const struct auth_grant *grant,
    const char *token, const char *csrf)
{
	const struct auth_world *world = grant->world;

	crm_answer_cookie(r, world->access_cookie, token,
	    AUTH_ACCESS_SECONDS, false);
	crm_answer_cookie(r, world->refresh_cookie, grant->refresh,
	    (long)grant->refresh_seconds, false);
	crm_answer_cookie(r, world->csrf_cookie, csrf,
	    (long)grant->refresh_seconds, true);
}

void
auth_forget_cookies(struct crm_request *r, const struct auth_world *world)
{
	if (crm_cookie(r, world->sent_access) == NULL &&
	    crm_cookie(r, world->sent_refresh) == NULL)
		return;
	crm_answer_cookie(r, world->access_cookie, "", 0, false);
	crm_answer_cookie(r, world->refresh_cookie, "", 0, false);
	crm_answer_cookie(r, world->csrf_cookie, "", 0, true);
}

static void
print_tokens(struct crm_text *text, const struct auth_grant *grant,
    const char *token, const char *csrf)
{
	if (grant->cookies) {
		crm_text_puts(text, "{\"csrf_token\":");
		crm_text_json(text, csrf);
	} else {
		crm_text_puts(text, "{\"access_token\":");
		crm_text_json(text, token);
		crm_text_puts(text, ",\"token_type\":\"Bearer\","
		    "\"refresh_token\":");
		crm_text_json(text, grant->refresh);
	}
	crm_text_printf(text, ",\"expires_in\":%d,\"refresh_expires_in\":%lld",
	    AUTH_ACCESS_SECONDS, (long long)grant->refresh_seconds);
}

enum crm_problem
auth_grant_answer(struct crm_request *r, const struct auth_grant *grant)
{
	const char *csrf = NULL, *token;
	struct crm_text text;
	enum crm_problem problem;

	if (grant->cookies)
		csrf = crm_random_text(crm_arena(r), AUTH_TOKEN_BYTES);
	problem = auth_grant_token(r, grant, csrf, &token);
	if (problem != CRM_OK)
		return problem;
	if (grant->cookies)
		set_cookies(r, grant, token, csrf);
	crm_text_init(&text, crm_arena(r));
	print_tokens(&text, grant, token, csrf);
	crm_text_printf(&text, ",\"%s\":%s", grant->world->name, grant->body);
	if (grant->merge != NULL)
		crm_text_printf(&text, ",\"cart_merge\":%s", grant->merge);
	crm_text_putc(&text, '}');
	crm_answer(r, text.data);
	return CRM_OK;
}
