/* SPDX-License-Identifier: ISC */
/* The key that signs tokens, and those that verify them. */
#include <string.h>

#include "auth.h"
#include "auth.sql.h"

#define KEYS_MOST	16

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

/* Looked up each time: what that costs is little beside the password's hash,
 * and a key taken away signs nothing more. */
enum crm_problem
auth_signing_key(struct crm_request *r, const struct crm_key **key)
{
	struct crm_key *signing = crm_alloc(crm_arena(r), sizeof *signing);
	struct crm_result *rows;
	enum crm_problem problem;

	*key = signing;
	problem = crm_query(r, &auth_signing_key_now, &rows);
	if (problem == CRM_OK && crm_rows(rows) == 0)
		problem = make_first(r, &rows);
	if (problem != CRM_OK)
		return problem;
	if (take(r, rows, 0, signing) && signing->can_sign)
		return CRM_OK;
	crm_log(CRM_LOG_ERROR, "signing key is damaged", NULL);
	return CRM_INTERNAL;
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
