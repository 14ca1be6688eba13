/* SPDX-License-Identifier: ISC */
/*
 * Who asks: a Bearer token, or a browser's __Host- cookie with its CSRF
 * token on unsafe methods, or a program's key as Bearer.  The signature is
 * checked here; that the session or key still stands, by the database, with
 * the first statement.
 */
#include <string.h>
#include <time.h>

#include "private.h"

bool
crm_request_safe(const struct crm_request *r)
{
	return strcmp(r->method, "GET") == 0 ||
	    strcmp(r->method, "OPTIONS") == 0;
}

static const char *
bearer(const struct crm_request *r)
{
	const char *header = crm_header(r, "Authorization");

	if (header == NULL || strncasecmp(header, "Bearer ", 7) != 0)
		return NULL;
	header += 7;
	return header + strspn(header, " ");
}

/* A program's key is no signed token: the database alone knows it. */
static bool
is_api_key(const char *token)
{
	return strncmp(token, CRM_API_KEY, strlen(CRM_API_KEY)) == 0;
}

static enum crm_problem
accept_key(struct crm_request *r, const char *token)
{
	if (strlen(token) > 200)
		return CRM_UNAUTHENTICATED;
	r->key = crm_digest(r->arena, token, strlen(token));
	r->who = CRM_WHO_STAFF;
	r->permission = r->route->access.permission;
	return CRM_OK;
}

/* Verifies against the keys at hand, and once more with fresh ones if the
 * token names a key not seen yet.  Without any keys nobody can be told from
 * anybody, and nobody must be told that he is signed out. */
static enum crm_problem
verify(struct crm_request *r, const char *token, const char *audience,
    struct crm_claims *claims)
{
	const struct crm_key *keys;
	enum crm_token_state state = CRM_TOKEN_UNKNOWN_KEY;
	int count, fresh;

	for (fresh = 0; fresh < 2 && state == CRM_TOKEN_UNKNOWN_KEY;
	    fresh++) {
		count = crm_keys(r->database, fresh, &keys);
		if (count < 0)
			return CRM_UNAVAILABLE;
		state = crm_token_verify(r->arena, token, keys, count,
		    audience, time(NULL), claims);
	}
	return state == CRM_TOKEN_GOOD ? CRM_OK : CRM_UNAUTHENTICATED;
}

static bool
csrf_good(struct crm_request *r, const struct crm_claims *claims)
{
	const char *sent = crm_header(r, "X-CSRF-Token");

	if (crm_request_safe(r))
		return true;
	return sent != NULL && claims->csrf != NULL &&
	    strlen(sent) == strlen(claims->csrf) &&
	    crm_equal(sent, claims->csrf, strlen(sent));
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

/* With a token that proves somebody; the rest is the database's. */
static enum crm_problem
accept_claims(struct crm_request *r, const struct crm_claims *claims,
    bool cookie)
{
	if (cookie && !csrf_good(r, claims))
		return CRM_CSRF_TOKEN_WRONG;
	r->account = claims->subject;
	r->session = claims->session;
	if (r->route->access.who == CRM_WHO_STAFF) {
		r->who = CRM_WHO_STAFF;
		r->permission = r->route->access.permission;
	} else
		r->who = CRM_WHO_CUSTOMER;
	return CRM_OK;
}

static enum crm_problem
identify(struct crm_request *r, bool optional)
{
	bool staff = r->route->access.who == CRM_WHO_STAFF;
	const char *token = bearer(r);
	struct crm_claims claims = { 0 };
	enum crm_problem problem;
	bool cookie = false;

	if (staff && token != NULL && is_api_key(token))
		return accept_key(r, token);
	if (token == NULL) {
		token = crm_cookie(r, staff ? "__Host-staff" :
		    "__Host-customer");
		cookie = token != NULL;
	}
	if (token == NULL)
		return optional ? CRM_OK : CRM_UNAUTHENTICATED;
	problem = verify(r, token, staff ? "staff" : "customer", &claims);
	if (problem == CRM_OK)
		return accept_claims(r, &claims, cookie);
	/* A browser can't help sending a cookie that ran out: where nobody
	 * needs to be known, it is nobody's. */
	return problem == CRM_UNAUTHENTICATED && optional && cookie ? CRM_OK :
	    problem;
}

static bool
is_local(struct crm_request *r)
{
	return r->transport->cgi || strcmp(r->address, "127.0.0.1") == 0 ||
	    strcmp(r->address, "::1") == 0 || strcmp(r->address, "unix:") == 0;
}

/* A CGI run by the machine's administrator carries its rights in its
 * environment, where no client can put them. */
static bool
trusted_cgi(struct crm_request *r)
{
	const char *granted;

	if (!r->transport->cgi)
		return false;
	granted = r->transport->parameter(r->transport, "DUKA_PERMISSIONS");
	if (granted == NULL || r->route->access.permission == NULL ||
	    strcmp(granted, r->route->access.permission) != 0)
		return false;
	r->who = CRM_WHO_LOCAL;
	r->permission = granted;
	return true;
}

enum crm_problem
crm_identify(struct crm_request *r)
{
	r->who = CRM_WHO_PUBLIC;
	switch (r->route->access.who) {
	case CRM_WHO_PUBLIC:
		return CRM_OK;
	case CRM_WHO_ANYONE:
	case CRM_WHO_SHOPPER:
		find_guest(r);
		return identify(r, true);
	case CRM_WHO_CUSTOMER:
		return identify(r, false);
	case CRM_WHO_STAFF:
		return trusted_cgi(r) ? CRM_OK : identify(r, false);
	case CRM_WHO_LOCAL:
		return is_local(r) ? CRM_OK : CRM_NOT_FOUND;
	case CRM_WHO_MISSING:
		break;
	}
	return CRM_FORBIDDEN;
}

const char *
crm_account(const struct crm_request *r)
{
	return r->account;
}

const char *
crm_session(const struct crm_request *r)
{
	return r->session;
}

bool
crm_is_staff(const struct crm_request *r)
{
	return r->who == CRM_WHO_STAFF;
}

const char *
crm_guest(const struct crm_request *r)
{
	return r->guest;
}

void
crm_become_guest(struct crm_request *r, const char *token)
{
	size_t length = strlen(token);

	if (length >= 20 && length <= 100)
		r->guest = crm_digest(r->arena, token, length);
}
