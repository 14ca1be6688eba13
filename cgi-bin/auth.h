/* SPDX-License-Identifier: ISC */
/* auth: what its files know of each other. */
#ifndef AUTH_H
#define AUTH_H

#include <crm/crm.h>

#define AUTH_ACCESS_SECONDS	3600
#define AUTH_TOKEN_BYTES	32	/* of every random token */
#define AUTH_OUTBOX		"outbox"	/* where the courier listens */

/* Customers and staff have the same doors and nothing else in common. */
struct auth_world {
	const char	*name;		/* also the tokens' audience, and the
					   account's name in answers */
	const char	*access_cookie, *refresh_cookie, *csrf_cookie;
	const char	*sent_access, *sent_refresh, *sent_csrf;
	const struct crm_statement *find, *open, *refresh, *body;
	const struct crm_statement *logout, *logout_everywhere;
	const struct crm_statement *own_password, *change_password;
};

extern const struct auth_world auth_customers, auth_staff;

/* What somebody gets who has proven who they are. */
struct auth_grant {
	const struct auth_world *world;
	const char	*account, *session;
	const char	*refresh;	/* NULL: none is given */
	int64_t		 refresh_seconds;
	bool		 cookies;
	const char	*body;		/* the account as JSON */
	const char	*merge;		/* the cart's, or NULL */
};

/* auth_keys.c: the key that signs; made if there is none. */
enum crm_problem auth_signing_key(struct crm_request *,
    const struct crm_key **);
enum crm_problem auth_jwks(struct crm_request *);

/* auth_grant.c: answers with tokens, or sets them as cookies. */
enum crm_problem auth_grant_answer(struct crm_request *,
    const struct auth_grant *);
enum crm_problem auth_grant_token(struct crm_request *,
    const struct auth_grant *, const char *csrf, const char **token);
void auth_forget_cookies(struct crm_request *, const struct auth_world *);

/* auth_login.c: the doors.  auth_prove() looks a name up and compares the
 * password, at the same cost whether or not there is such an account; a
 * failure is recorded, and that record stands.  `rows` has id and body. */
enum crm_problem auth_prove(struct crm_request *, const struct auth_world *,
    const char *name, struct crm_result **rows);
enum crm_problem auth_login(struct crm_request *);
enum crm_problem auth_staff_login(struct crm_request *);
/* Opens a staff session for who has proven it all; `found` has id, body. */
enum crm_problem auth_let_in(struct crm_request *,
    const struct crm_result *found);
enum crm_problem auth_refresh(struct crm_request *);
enum crm_problem auth_staff_refresh(struct crm_request *);
enum crm_problem auth_leave(struct crm_request *);
enum crm_problem auth_leave_everywhere(struct crm_request *);
enum crm_problem auth_bot_login(struct crm_request *);

/* auth_account.c: accounts and their passwords. */
enum crm_problem auth_register_account(struct crm_request *);
enum crm_problem auth_bot_register(struct crm_request *);
enum crm_problem auth_ask_mail(struct crm_request *);
enum crm_problem auth_verify_email(struct crm_request *);
enum crm_problem auth_reset_password(struct crm_request *);
enum crm_problem auth_staff_reset_password(struct crm_request *);
enum crm_problem auth_change(struct crm_request *);
enum crm_problem auth_ask_change_email(struct crm_request *);
enum crm_problem auth_erase_account(struct crm_request *);

/* auth_account.c: whether who is signed in knows the account's password, which
 * the input's `field` says; a failure is recorded, and that stands. */
enum crm_problem auth_prove_again(struct crm_request *, const char *field);

/* auth_totp.c: the second factor.  auth_ask_code() answers with a challenge
 * for the member of staff that :id names. */
enum crm_problem auth_ask_code(struct crm_request *);
enum crm_problem auth_staff_code(struct crm_request *);
enum crm_problem auth_totp_set_up(struct crm_request *);
enum crm_problem auth_totp_prove(struct crm_request *);
enum crm_problem auth_totp_codes(struct crm_request *);
enum crm_problem auth_totp_give_up(struct crm_request *);

/* auth_account.c: small letters, as addresses and names are compared. */
char *auth_lower(struct crm_request *, const char *);

#endif
