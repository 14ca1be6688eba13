/* SPDX-License-Identifier: ISC */
/* Accounts and their passwords: made, verified, changed, erased. */
#include <string.h>
#include <time.h>

#include "auth.h"
#include "auth.sql.h"

#define EVEN_TIME	20000000	/* nanoseconds; see run_evenly() */

char *
auth_lower(struct crm_request *r, const char *text)
{
	char *copy = crm_strdup(crm_arena(r), text), *p;

	for (p = copy; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	return copy;
}

/* Where the shop is for its customers: from settings or configuration, never
 * from the request. */
static const char *
origin(struct crm_request *r)
{
	const char *text = crm_setting(r, "shop.origin",
	    crm_config("DUKA_ORIGIN", "http://localhost:8080"));
	size_t length = strlen(text);

	while (length > 0 && text[length - 1] == '/')
		length--;
	return crm_strndup(crm_arena(r), text, length);
}

/* A new token for a mail: its digest is for the database, the rest for the
 * mail alone. */
static void
prepare_mail(struct crm_request *r, const char *page)
{
	const char *token = crm_random_text(crm_arena(r), AUTH_TOKEN_BYTES);
	struct crm_text mail;

	crm_text_init(&mail, crm_arena(r));
	crm_text_puts(&mail, "{\"token\":");
	crm_text_json(&mail, token);
	crm_text_puts(&mail, ",\"link\":");
	crm_text_json(&mail, crm_format(crm_arena(r), "%s/%s#token=%s",
	    origin(r), page, token));
	crm_text_puts(&mail, ",\"login_link\":");
	crm_text_json(&mail, crm_format(crm_arena(r), "%s/login",
	    origin(r)));
	crm_text_putc(&mail, '}');
	crm_set(r, "mail", mail.data);
	crm_set(r, "digest", crm_digest(crm_arena(r), token, strlen(token)));
}

/* So many mails an hour go to one address, known or not. */
static enum crm_problem
count_mail(struct crm_request *r, const char *email)
{
	return email == NULL ? CRM_OK : crm_count_against(r, "mail",
	    auth_lower(r, email), 1);
}

static bool
username_good(const char *text)
{
	for (; *text != '\0'; text++)
		if (!((*text >= 'a' && *text <= 'z') ||
		    (*text >= 'A' && *text <= 'Z') ||
		    (*text >= '0' && *text <= '9') ||
		    strchr("._-", *text) != NULL))
			return false;
	return true;
}

static enum crm_problem
check_account(struct crm_request *r)
{
	const char *username = crm_input(r, "username");
	const char *wrong = crm_password_fault(crm_input(r, "password"));
	enum crm_problem problem = CRM_OK;

	if (wrong != NULL)
		problem = crm_fault(r, "password", "value", wrong);
	if (username != NULL && !username_good(username))
		problem = crm_fault(r, "username", "format",
		    "Has letters, digits, dots, dashes and underscores only");
	return problem;
}

static enum crm_problem
hash_new(struct crm_request *r, const char *password)
{
	char *hash = crm_password_hash(crm_arena(r), password);

	if (hash == NULL)
		return CRM_UNAVAILABLE;
	crm_set(r, "hash", hash);
	return CRM_OK;
}

/* Runs and commits a statement that has more to do for a known address, and
 * waits until a time that both are ready by. */
static enum crm_problem
run_evenly(struct crm_request *r, const struct crm_statement *statement)
{
	struct timespec until;
	enum crm_problem problem;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += EVEN_TIME;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	crm_notify(r, AUTH_OUTBOX);
	problem = crm_execute(r, statement);
	if (problem == CRM_OK)
		problem = crm_commit(r);
	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
	return problem;
}

/* The same work and the same words whether or not the address is known: the
 * mail tells its owner. */
static enum crm_problem
make_account(struct crm_request *r)
{
	enum crm_problem problem;

	if (strcmp(crm_setting(r, "switch.registration", "on"), "off") == 0)
		return CRM_REGISTRATION_CLOSED;
	problem = check_account(r);
	if (problem == CRM_OK)
		problem = count_mail(r, crm_input(r, "email"));
	if (problem == CRM_OK)
		problem = hash_new(r, crm_input(r, "password"));
	if (problem != CRM_OK)
		return problem;
	prepare_mail(r, "verify-email");
	return run_evenly(r, &auth_register);
}

enum crm_problem
auth_register_account(struct crm_request *r)
{
	enum crm_problem problem = make_account(r);
	struct crm_text text;

	if (problem != CRM_OK)
		return problem;
	crm_text_init(&text, crm_arena(r));
	crm_text_puts(&text, "{\"email\":");
	crm_text_json(&text, crm_input(r, "email"));
	crm_text_puts(&text, ",\"message\":\"We have sent a mail to this "
	    "address; its link verifies it\"}");
	crm_answer(r, text.data);
	return CRM_OK;
}

enum crm_problem
auth_bot_register(struct crm_request *r)
{
	enum crm_problem problem;
	struct crm_text text;

	crm_set(r, "given_name", NULL);
	crm_set(r, "family_name", NULL);
	crm_set(r, "phone", NULL);
	problem = make_account(r);
	if (problem != CRM_OK)
		return problem;
	crm_text_init(&text, crm_arena(r));
	crm_text_puts(&text, "{\"username\":");
	crm_text_json(&text, crm_input(r, "username"));
	crm_text_putc(&text, '}');
	crm_answer(r, text.data);
	return CRM_OK;
}

/* The mails that are asked for without being signed in, by path. */
static const struct letter {
	const char	*path, *page;
	const struct crm_statement *statement;
} letters[] = {
	{ "/api/customers/verify-email/resend", "verify-email",
	    &auth_resend },
	{ "/api/customers/password/forgot", "reset", &auth_forgot },
	{ "/api/staff/password/forgot", "admin-panel/password",
	    &auth_staff_forgot }
};

/* A mail to verify the address or to reset the password, if there is an
 * account; the answer doesn't say. */
enum crm_problem
auth_ask_mail(struct crm_request *r)
{
	const struct letter *letter = letters;
	enum crm_problem problem = count_mail(r, crm_input(r, "email"));

	if (problem != CRM_OK)
		return problem;
	while (strcmp(letter->path, crm_path(r)) != 0)
		letter++;
	prepare_mail(r, letter->page);
	problem = run_evenly(r, letter->statement);
	if (problem != CRM_OK)
		return problem;
	crm_answer(r, "{\"message\":\"If the address belongs to an account "
	    "that needs it, a mail is on its way\"}");
	return CRM_OK;
}

static void
set_token(struct crm_request *r)
{
	const char *token = crm_input(r, "token");

	crm_set(r, "digest", crm_digest(crm_arena(r), token, strlen(token)));
}

enum crm_problem
auth_verify_email(struct crm_request *r)
{
	set_token(r);
	crm_notify(r, AUTH_OUTBOX);
	return crm_answer_one(r, &auth_verify);
}

static enum crm_problem
reset(struct crm_request *r, const struct crm_statement *statement)
{
	const char *wrong = crm_password_fault(crm_input(r, "password"));
	enum crm_problem problem;

	if (wrong != NULL)
		return crm_fault(r, "password", "value", wrong);
	problem = hash_new(r, crm_input(r, "password"));
	if (problem != CRM_OK)
		return problem;
	set_token(r);
	crm_notify(r, AUTH_OUTBOX);
	return crm_execute(r, statement);
}

enum crm_problem
auth_reset_password(struct crm_request *r)
{
	return reset(r, &auth_reset);
}

enum crm_problem
auth_staff_reset_password(struct crm_request *r)
{
	return reset(r, &auth_staff_reset);
}

enum crm_problem
auth_prove_again(struct crm_request *r, const char *field)
{
	const struct auth_world *world = crm_is_staff(r) ? &auth_staff :
	    &auth_customers;
	struct crm_result *rows;
	enum crm_problem problem;

	problem = crm_query(r, world->own_password, &rows);
	if (problem != CRM_OK)
		return problem;
	if (crm_password_verify(crm_column(rows, 0, "hash"),
	    crm_input(r, field)))
		return CRM_OK;
	crm_set(r, "world", world->name);
	crm_set(r, "name", crm_column(rows, 0, "name"));
	crm_set(r, "id", crm_account(r));
	crm_set(r, "succeeded", "false");
	crm_set(r, "outcome", NULL);
	problem = crm_execute(r, &auth_note_login);
	if (problem == CRM_OK)
		problem = crm_commit(r);
	return problem != CRM_OK ? problem : crm_fault(r, field, "value",
	    "Is not the account's password");
}

enum crm_problem
auth_change(struct crm_request *r)
{
	const char *password = crm_input(r, "new_password");
	const char *wrong = crm_password_fault(password);
	enum crm_problem problem;

	if (wrong == NULL &&
	    strcmp(password, crm_input(r, "current_password")) == 0)
		wrong = "Must be another than the current one";
	if (wrong != NULL)
		return crm_fault(r, "new_password", "value", wrong);
	problem = auth_prove_again(r, "current_password");
	if (problem == CRM_OK)
		problem = hash_new(r, password);
	if (problem != CRM_OK)
		return problem;
	crm_notify(r, AUTH_OUTBOX);
	return crm_execute(r, crm_is_staff(r) ? &auth_staff_change_password :
	    &auth_change_password);
}

/* Whether the address is free is told to its mailbox alone. */
enum crm_problem
auth_ask_change_email(struct crm_request *r)
{
	enum crm_problem problem = auth_prove_again(r, "password");

	if (problem == CRM_OK)
		problem = count_mail(r, crm_input(r, "email"));
	if (problem != CRM_OK)
		return problem;
	prepare_mail(r, "verify-email");
	crm_notify(r, AUTH_OUTBOX);
	crm_answer(r, "{\"message\":\"We have sent a mail to this address; "
	    "it counts when its link is opened\"}");
	return crm_execute(r, &auth_change_email);
}

enum crm_problem
auth_erase_account(struct crm_request *r)
{
	enum crm_problem problem = auth_prove_again(r, "password");

	if (problem == CRM_OK)
		problem = crm_execute(r, &auth_erase);
	if (problem == CRM_OK)
		auth_forget_cookies(r, &auth_customers);
	return problem;
}
