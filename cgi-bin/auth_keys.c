/* SPDX-License-Identifier: ISC */
/* The key that signs tokens, and those that verify them. */
#include <string.h>
#include <time.h>

#include "auth.h"
#include "auth.sql.h"

#define KEY_AGE		30	/* seconds until it is looked up again */
#define KEYS_MOST	16

/* The process's copy; it outlives requests. */
static struct crm_key signing;
static time_t signing_read;

static bool
decode(struct crm_request *r, const char *text, unsigned char *bytes)
{
	size_t length = 0;
	void *decoded = text != NULL ? crm_base64url_decode(crm_arena(r),
	    text, strlen(text), &length) : NULL;

	if (decoded == NULL || length != CRM_KEY_SIZE)
		return false;
	memcpy(bytes, decoded, CRM_KEY_SIZE);
	return true;
}

static bool
take(struct crm_request *r, const struct crm_result *rows, int row,
    struct crm_key *key)
{
	const char *kid = crm_column(rows, row, "kid");
	const char *secret = crm_column(rows, row, "private_key");

	memset(key, 0, sizeof *key);
	if (kid == NULL || strlen(kid) >= sizeof key->kid ||
	    !decode(r, crm_column(rows, row, "public_key"), key->public_key))
		return false;
	strcpy(key->kid, kid);
	key->can_sign = secret != NULL && decode(r, secret, key->private_key);
	return true;
}

/* The shop's first key.  If another program was quicker, its key. */
static enum crm_problem
make_first(struct crm_request *r, struct crm_result **rows)
{
	struct crm_key key;

	crm_key_generate(&key);
	crm_set(r, "kid", crm_strdup(crm_arena(r), key.kid));
	crm_set(r, "public_key", crm_base64url(crm_arena(r), key.public_key,
	    CRM_KEY_SIZE));
	crm_set(r, "private_key", crm_base64url(crm_arena(r),
	    key.private_key, CRM_KEY_SIZE));
	return crm_query_one(r, &auth_first_key, rows);
}

enum crm_problem
auth_signing_key(struct crm_request *r, const struct crm_key **key)
{
	struct crm_result *rows;
	enum crm_problem problem;
	time_t now = time(NULL);

	*key = &signing;
	if (signing.can_sign && now >= signing_read &&
	    now - signing_read < KEY_AGE)
		return CRM_OK;
	problem = crm_query(r, &auth_signing_key_now, &rows);
	if (problem == CRM_OK && crm_rows(rows) == 0)
		problem = make_first(r, &rows);
	if (problem != CRM_OK)
		return problem;
	if (!take(r, rows, 0, &signing) || !signing.can_sign) {
		signing.can_sign = false;
		crm_log(CRM_LOG_ERROR, "signing key is damaged", NULL);
		return CRM_INTERNAL;
	}
	signing_read = now;
	return CRM_OK;
}

enum crm_problem
auth_jwks(struct crm_request *r)
{
	struct crm_key keys[KEYS_MOST];
	struct crm_result *rows;
	enum crm_problem problem;
	int i, count = 0;

	problem = crm_query(r, &auth_public_keys, &rows);
	if (problem != CRM_OK)
		return problem;
	for (i = 0; i < crm_rows(rows) && count < KEYS_MOST; i++)
		if (take(r, rows, i, &keys[count]))
			count++;
	crm_answer(r, crm_jwks(crm_arena(r), keys, count));
	return CRM_OK;
}
