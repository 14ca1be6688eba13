/* SPDX-License-Identifier: ISC */
/* The second factor of staff: set up, asked for at the door, given up. */
#include <string.h>
#include <time.h>

#include "auth.h"
#include "auth.sql.h"

#define CODES		10
#define CODE_BYTES	10	/* of a recovery code: 16 letters, 80 bits */
#define CODE_LETTERS	16

/* A new recovery code in groups of four, and the digest of its letters. */
static const char *
new_code(struct crm_request *r, const char **digest)
{
	unsigned char bytes[CODE_BYTES];
	const char *letters;

	crm_random(bytes, sizeof bytes);
	letters = crm_base32(crm_arena(r), bytes, sizeof bytes);
	*digest = crm_digest(crm_arena(r), letters, CODE_LETTERS);
	return crm_format(crm_arena(r), "%.4s-%.4s-%.4s-%.4s", letters,
	    letters + 4, letters + 8, letters + 12);
}

/* Ten new codes: their digests are for the database, they themselves for
 * this one answer, begun with an opening brace. */
static void
new_codes(struct crm_request *r, struct crm_text *answer)
{
	struct crm_text digests;
	const char *digest;
	int i;

	crm_text_init(&digests, crm_arena(r));
	crm_text_init(answer, crm_arena(r));
	crm_text_puts(answer, "{\"recovery_codes\":[");
	for (i = 0; i < CODES; i++) {
		crm_text_printf(answer, "%s\"%s\"", i > 0 ? "," : "",
		    new_code(r, &digest));
		crm_text_printf(&digests, "%s%s", i > 0 ? " " : "", digest);
	}
	crm_text_puts(answer, "]}");
	crm_set(r, "digests", digests.data);
}

/* As it was typed: letters of either size, with dashes and spaces or not.
 * NULL if it can't be one. */
static const char *
code_digest(struct crm_request *r, const char *typed)
{
	char letters[CODE_LETTERS];
	size_t n = 0;

	for (; *typed != '\0'; typed++) {
		if (*typed == '-' || *typed == ' ')
			continue;
		if (n == CODE_LETTERS)
			return NULL;
		letters[n++] = *typed >= 'a' && *typed <= 'z' ?
		    (char)(*typed - 'a' + 'A') : *typed;
	}
	return n == CODE_LETTERS ? crm_digest(crm_arena(r), letters, n) :
	    NULL;
}

/* Asks the database to take the code: a step of time or a recovery code,
 * each once. */
static enum crm_problem
take_code(struct crm_request *r, const char *secret, bool *good,
    const char **outcome)
{
	const char *code = crm_input(r, "code");
	int64_t step = crm_totp_step(crm_arena(r), secret, code, time(NULL));
	const char *digest = code_digest(r, code);
	struct crm_result *rows;
	enum crm_problem problem;

	*good = false;
	*outcome = "code_wrong";
	if (step < 0 && digest == NULL)
		return CRM_OK;
	crm_set(r, "step", crm_format(crm_arena(r), "%lld",
	    (long long)step));
	crm_set(r, "code_digest", digest);
	problem = crm_query(r, step >= 0 ? &auth_totp_take :
	    &auth_recovery_take, &rows);
	if (problem == CRM_OK && crm_column_true(rows, 0, "good")) {
		*good = true;
		*outcome = step >= 0 ? "code" : "recovery_code";
	}
	return problem;
}

static enum crm_problem
note(struct crm_request *r, const char *account, const char *name, bool good,
    const char *outcome)
{
	crm_set(r, "world", auth_staff.name);
	crm_set(r, "id", account);
	crm_set(r, "name", name);
	crm_set(r, "succeeded", good ? "true" : "false");
	crm_set(r, "outcome", outcome);
	return crm_execute(r, &auth_note_login);
}

/* What failed stands, though its caller is refused. */
static enum crm_problem
refuse(struct crm_request *r, enum crm_problem why)
{
	enum crm_problem problem = crm_commit(r);

	return problem != CRM_OK ? problem : why;
}

enum crm_problem
auth_ask_code(struct crm_request *r)
{
	const char *challenge = crm_random_text(crm_arena(r),
	    AUTH_TOKEN_BYTES);
	struct crm_result *rows;
	struct crm_text text;
	enum crm_problem problem;

	crm_set(r, "digest", crm_digest(crm_arena(r), challenge,
	    strlen(challenge)));
	problem = crm_query_one(r, &auth_challenge_open, &rows);
	if (problem != CRM_OK)
		return problem;
	crm_text_init(&text, crm_arena(r));
	crm_text_puts(&text, "{\"challenge\":");
	crm_text_json(&text, challenge);
	crm_text_printf(&text, ",\"challenge_expires_in\":%lld}",
	    (long long)crm_column_integer(rows, 0, "seconds"));
	crm_answer(r, text.data);
	return CRM_OK;
}

/* The challenge is looked up first: who has none has said no password, and
 * isn't counted against its owner. */
enum crm_problem
auth_staff_code(struct crm_request *r)
{
	const char *challenge = crm_input(r, "challenge"), *outcome;
	struct crm_result *rows;
	enum crm_problem problem;
	bool good;

	crm_set(r, "digest", crm_digest(crm_arena(r), challenge,
	    strlen(challenge)));
	problem = crm_query_one(r, &auth_challenge_try, &rows);
	if (problem == CRM_OK)
		problem = crm_count_against(r, "login_code",
		    crm_column(rows, 0, "id"), 1);
	if (problem != CRM_OK)
		return problem;
	crm_set(r, "id", crm_column(rows, 0, "id"));
	problem = take_code(r, crm_column(rows, 0, "secret"), &good,
	    &outcome);
	if (problem == CRM_OK)
		problem = note(r, crm_column(rows, 0, "id"),
		    crm_column(rows, 0, "name"), good, outcome);
	if (problem == CRM_OK && !good)
		return refuse(r, CRM_CREDENTIALS_WRONG);
	if (problem == CRM_OK)
		problem = crm_execute(r, &auth_challenge_close);
	return problem == CRM_OK ? auth_let_in(r, rows) : problem;
}

/* The shared secret is shown this once. */
enum crm_problem
auth_totp_set_up(struct crm_request *r)
{
	const char *secret = crm_totp_secret(crm_arena(r));
	struct crm_result *rows;
	struct crm_text text;
	enum crm_problem problem = auth_prove_again(r, "password");

	crm_set(r, "secret", secret);
	if (problem == CRM_OK)
		problem = crm_query_one(r, &auth_totp_own, &rows);
	if (problem == CRM_OK)
		problem = crm_execute(r, &auth_totp_begin);
	if (problem != CRM_OK)
		return problem;
	crm_text_init(&text, crm_arena(r));
	crm_text_printf(&text, "{\"secret\":\"%s\",\"uri\":", secret);
	crm_text_json(&text, crm_totp_uri(crm_arena(r), secret,
	    crm_setting(r, "shop.name", "Duka"),
	    crm_column(rows, 0, "name")));
	crm_text_putc(&text, '}');
	crm_answer(r, text.data);
	return CRM_OK;
}

static enum crm_problem
wrong_code(struct crm_request *r, const struct crm_result *own)
{
	enum crm_problem problem = note(r, crm_account(r),
	    crm_column(own, 0, "name"), false, "code_wrong");

	if (problem == CRM_OK)
		problem = refuse(r, CRM_INVALID);
	return problem != CRM_INVALID ? problem : crm_fault(r, "code",
	    "value", "Is not the code that the app shows now");
}

enum crm_problem
auth_totp_prove(struct crm_request *r)
{
	struct crm_result *own;
	struct crm_text answer;
	enum crm_problem problem;
	int64_t step;

	problem = crm_count_against(r, "login_code", crm_account(r), 1);
	if (problem == CRM_OK)
		problem = crm_query_one(r, &auth_totp_own, &own);
	if (problem != CRM_OK)
		return problem;
	if (crm_column_true(own, 0, "confirmed"))
		return CRM_TOTP_STANDS;
	if (crm_column(own, 0, "secret") == NULL)
		return CRM_TOTP_MISSING;
	step = crm_totp_step(crm_arena(r), crm_column(own, 0, "secret"),
	    crm_input(r, "code"), time(NULL));
	if (step < 0)
		return wrong_code(r, own);
	new_codes(r, &answer);
	crm_set(r, "step", crm_format(crm_arena(r), "%lld",
	    (long long)step));
	problem = crm_execute(r, &auth_totp_confirm);
	if (problem != CRM_OK)
		return problem;
	crm_notify(r, AUTH_OUTBOX);
	crm_answer(r, answer.data);
	return CRM_OK;
}

enum crm_problem
auth_totp_codes(struct crm_request *r)
{
	struct crm_text answer;
	enum crm_problem problem = auth_prove_again(r, "password");

	new_codes(r, &answer);
	if (problem == CRM_OK)
		problem = crm_execute(r, &auth_totp_renew);
	if (problem != CRM_OK)
		return problem;
	crm_notify(r, AUTH_OUTBOX);
	crm_answer(r, answer.data);
	return CRM_OK;
}

enum crm_problem
auth_totp_give_up(struct crm_request *r)
{
	enum crm_problem problem = auth_prove_again(r, "password");

	crm_notify(r, AUTH_OUTBOX);
	return problem == CRM_OK ? crm_execute(r, &auth_totp_drop) : problem;
}
