/* SPDX-License-Identifier: ISC */
/* auth: the doors of accounts, customers' and staff's apart. */

#include "auth.h"
#include "auth.sql.h"

#define PASSWORD	CRM_SECRET, .min = 8, .max = 200,		\
    .example = "Kitenge-42-market"
#define TOKEN		CRM_SECRET, .required = true, .min = 20, .max = 200, \
    .example = "a7Kx1rT4uYw0pQeZ3mN8vB5cJ2hL9sD6fG-iO_tUkRE"
#define TRANSPORT	{ "transport", CRM_ENUM, .values = "bearer cookie", \
    .standard = "bearer",						\
    .about = "bearer: tokens in the answer; cookie: in __Host- cookies" }

const struct auth_world auth_customers = {
	"customer", "customer", "customer-refresh", "csrf",
	"__Host-customer", "__Host-customer-refresh", "__Host-csrf",
	&auth_find_customer, &auth_open_customer, &auth_refresh_customer,
	&auth_customer_body, &auth_logout, &auth_logout_everywhere,
	&auth_own_password, &auth_change_password
};

const struct auth_world auth_staff = {
	"staff", "staff", "staff-refresh", "staff-csrf",
	"__Host-staff", "__Host-staff-refresh", "__Host-staff-csrf",
	&auth_find_staff, &auth_open_staff, &auth_refresh_staff,
	&auth_staff_body, &auth_staff_logout, &auth_staff_logout_everywhere,
	&auth_staff_own_password, &auth_staff_change_password
};

static const struct crm_field account[] = {
	{ "email", CRM_EMAIL, .required = true,
	    .example = "ada@example.org" },
	{ "password", PASSWORD, .required = true,
	    .about = "8 or more, with letters, digits and special "
	    "characters, and not a common one" },
	{ "username", CRM_TEXT, .min = 3, .max = 50, .example = "ada.obi",
	    .about = "Letters, digits, dot, dash, underscore" },
	{ "given_name", CRM_TEXT, .max = 100, .example = "Ada" },
	{ "family_name", CRM_TEXT, .max = 100, .example = "Obi" },
	{ "phone", CRM_PHONE, .example = "+353861234567" },
	CRM_END
};

static const struct crm_field bot[] = {
	{ "username", CRM_TEXT, .min = 3, .max = 50, .required = true,
	    .example = "price-bot" },
	{ "password", PASSWORD, .required = true },
	{ "email", CRM_EMAIL, .example = "bots@example.org",
	    .about = "Without one there is no mail and no reset" },
	CRM_END
};

static const struct crm_field credentials[] = {
	{ "login", CRM_TEXT, .min = 1, .max = 254,
	    .example = "ada@example.org",
	    .about = "E-mail address or username" },
	{ "email", CRM_TEXT, .min = 1, .max = 254,
	    .example = "ada@example.org", .about = "The same as login" },
	{ "username", CRM_TEXT, .min = 1, .max = 254, .example = "ada.obi",
	    .about = "The same as login" },
	{ "password", CRM_SECRET, .required = true, .min = 1, .max = 200,
	    .example = "Kitenge-42-market" },
	TRANSPORT,
	CRM_END
};

static const struct crm_field staff_credentials[] = {
	{ "email", CRM_TEXT, .required = true, .min = 1, .max = 254,
	    .example = "owner@example.org" },
	{ "password", CRM_SECRET, .required = true, .min = 1, .max = 200,
	    .example = "Kitenge-42-market" },
	TRANSPORT,
	CRM_END
};

static const struct crm_field code[] = {
	{ "code", CRM_SECRET, .required = true, .min = 6, .max = 40,
	    .example = "492039", .about = "What the app shows now" },
	CRM_END
};

static const struct crm_field code_owed[] = {
	{ "challenge", TOKEN, .about = "From the answer to the password" },
	{ "code", CRM_SECRET, .required = true, .min = 6, .max = 40,
	    .example = "492039",
	    .about = "What the app shows now, or a recovery code" },
	TRANSPORT,
	CRM_END
};

static const struct crm_field bot_credentials[] = {
	{ "username", CRM_TEXT, .required = true, .min = 1, .max = 254,
	    .example = "price-bot" },
	{ "password", CRM_SECRET, .required = true, .min = 1, .max = 200,
	    .example = "Kitenge-42-market" },
	CRM_END
};

static const struct crm_field renewal[] = {
	{ "refresh_token", CRM_SECRET, .min = 20, .max = 200,
	    .example = "a7Kx1rT4uYw0pQeZ3mN8vB5cJ2hL9sD6fG-iO_tUkRE",
	    .about = "Browsers send it as a cookie instead" },
	CRM_END
};

static const struct crm_field mail_token[] = {
	{ "token", TOKEN, .about = "From the mail's link" },
	CRM_END
};

static const struct crm_field address[] = {
	{ "email", CRM_EMAIL, .required = true,
	    .example = "ada@example.org" },
	CRM_END
};

static const struct crm_field reset[] = {
	{ "token", TOKEN, .about = "From the mail's link" },
	{ "password", PASSWORD, .required = true,
	    .about = "The new one" },
	CRM_END
};

static const struct crm_field change[] = {
	{ "current_password", CRM_SECRET, .required = true, .min = 1,
	    .max = 200, .example = "Kitenge-42-market" },
	{ "new_password", CRM_SECRET, .required = true, .min = 8, .max = 200,
	    .example = "Baobab-77-shade" },
	CRM_END
};

static const struct crm_field new_address[] = {
	{ "email", CRM_EMAIL, .required = true,
	    .example = "ada.obi@example.org" },
	{ "password", CRM_SECRET, .required = true, .min = 1, .max = 200,
	    .example = "Kitenge-42-market" },
	CRM_END
};

static const struct crm_field goodbye[] = {
	{ "password", CRM_SECRET, .required = true, .min = 1, .max = 200,
	    .example = "Kitenge-42-market" },
	CRM_END
};

static const struct crm_field page[] = {
	{ "limit", CRM_INTEGER, .min = 1, .max = 100, .standard = "20" },
	{ "cursor", CRM_CURSOR },
	CRM_END
};

#define SELF	CRM_STAFF("staff.self")
/* What is also open to who must set up a second factor first. */
#define ENROLL	CRM_STAFF("staff.enroll")

static const struct crm_route routes[] = {
	{ "POST", "/api/customers/register", CRM_PUBLIC, account,
	    .handler = auth_register_account, .status = 201,
	    .limit = "register", .answer = "Registered",
	    .about = "Makes an account and mails a link to verify the "
	    "address" },
	{ "POST", "/api/customers/verify-email", CRM_PUBLIC, mail_token,
	    .handler = auth_verify_email, .limit = "anonymous",
	    .answer = "EmailVerified",
	    .about = "Verifies the address by the mail's token, or changes "
	    "to it" },
	{ "POST", "/api/customers/verify-email/resend", CRM_PUBLIC, address,
	    .handler = auth_ask_mail, .status = 202, .limit = "mail",
	    .answer = "MailAsked",
	    .about = "Mails a new link to verify the address" },
	{ "POST", "/api/customers/login", CRM_PUBLIC, credentials,
	    .handler = auth_login, .limit = "login", .answer = "LoggedIn",
	    .about = "Signs a customer in and merges the guest's cart" },
	{ "POST", "/api/customers/token/refresh", CRM_PUBLIC, renewal,
	    .handler = auth_refresh, .limit = "anonymous",
	    .answer = "LoggedIn",
	    .about = "New tokens for a refresh token, which works once" },
	{ "POST", "/api/customers/logout", CRM_CUSTOMER,
	    .handler = auth_leave, .status = 204,
	    .about = "Ends this session" },
	{ "POST", "/api/customers/logout-everywhere", CRM_CUSTOMER,
	    .handler = auth_leave_everywhere, .status = 204,
	    .about = "Ends all sessions of the account" },
	{ "GET", "/api/customers/sessions", CRM_CUSTOMER, page,
	    &auth_sessions, .answer = "SessionPage",
	    .about = "Where the account is signed in" },
	{ "DELETE", "/api/customers/sessions/{id}", CRM_CUSTOMER, NULL,
	    &auth_end_session, .status = 204,
	    .about = "Ends one session" },
	{ "POST", "/api/customers/password/forgot", CRM_PUBLIC, address,
	    .handler = auth_ask_mail, .status = 202, .limit = "mail",
	    .answer = "MailAsked",
	    .about = "Mails a link to choose a new password" },
	{ "POST", "/api/customers/password/reset", CRM_PUBLIC, reset,
	    .handler = auth_reset_password, .status = 204,
	    .limit = "login",
	    .about = "A new password by the mail's token; ends all "
	    "sessions" },
	{ "POST", "/api/customers/change-password", CRM_CUSTOMER, change,
	    .handler = auth_change, .status = 204, .limit = "login",
	    .about = "A new password; ends the other sessions" },
	{ "POST", "/api/customers/change-email", CRM_CUSTOMER, new_address,
	    .handler = auth_ask_change_email, .status = 202,
	    .limit = "login", .answer = "MailAsked",
	    .about = "Mails a link to a new address, which then counts" },
	{ "POST", "/api/customers/account/delete", CRM_CUSTOMER, goodbye,
	    .handler = auth_erase_account, .status = 204, .limit = "login",
	    .about = "Erases the account; orders stay without the person" },
	{ "GET", "/.well-known/jwks.json", CRM_PUBLIC,
	    .handler = auth_jwks, .cache = 60, .answer = "Jwks",
	    .about = "The public keys that verify tokens" },
	{ "POST", "/api/staff/login", CRM_PUBLIC, staff_credentials,
	    .handler = auth_staff_login, .limit = "login",
	    .answer = "StaffSignIn",
	    .about = "Signs a member of staff in, or asks for the code of "
	    "the second factor" },
	{ "POST", "/api/staff/login/code", CRM_PUBLIC, code_owed,
	    .handler = auth_staff_code, .limit = "login",
	    .answer = "StaffLoggedIn",
	    .about = "The second step: a code, after the password" },
	{ "POST", "/api/staff/token/refresh", CRM_PUBLIC, renewal,
	    .handler = auth_staff_refresh, .limit = "anonymous",
	    .answer = "StaffLoggedIn",
	    .about = "New tokens for a refresh token, which works once" },
	{ "POST", "/api/staff/password/forgot", CRM_PUBLIC, address,
	    .handler = auth_ask_mail, .status = 202, .limit = "mail",
	    .answer = "MailAsked",
	    .about = "Mails a link to choose a new password" },
	{ "POST", "/api/staff/password/reset", CRM_PUBLIC, reset,
	    .handler = auth_staff_reset_password, .status = 204,
	    .limit = "login",
	    .about = "A password by a mail's token, an invitation's too; "
	    "ends all sessions" },
	{ "POST", "/api/staff/logout", ENROLL,
	    .handler = auth_leave, .status = 204,
	    .about = "Ends this session" },
	{ "POST", "/api/staff/logout-everywhere", SELF,
	    .handler = auth_leave_everywhere, .status = 204,
	    .about = "Ends all sessions of the account" },
	{ "GET", "/api/staff/me", ENROLL, NULL, &auth_staff_me,
	    .answer = "StaffMember",
	    .about = "Who is signed in, with roles and permissions" },
	{ "GET", "/api/staff/sessions", SELF, page, &auth_staff_sessions,
	    .answer = "SessionPage",
	    .about = "Where the account is signed in" },
	{ "DELETE", "/api/staff/sessions/{id}", SELF, NULL,
	    &auth_staff_end_session, .status = 204,
	    .about = "Ends one session" },
	{ "POST", "/api/staff/change-password", SELF, change,
	    .handler = auth_change, .status = 204, .limit = "login",
	    .about = "A new password; ends the other sessions" },
	{ "GET", "/api/staff/me/login-attempts", SELF, page,
	    &auth_staff_attempts, .answer = "LoginAttemptPage",
	    .about = "Who tried to sign in to the own account" },
	{ "GET", "/api/staff/totp", ENROLL, NULL, &auth_totp,
	    .answer = "Totp", .about = "The own second factor" },
	{ "POST", "/api/staff/totp", ENROLL, goodbye,
	    .handler = auth_totp_set_up, .limit = "login",
	    .answer = "TotpSecret",
	    .about = "A secret for an app, shown this once; counts when it "
	    "is confirmed" },
	{ "POST", "/api/staff/totp/confirm", ENROLL, code,
	    .handler = auth_totp_prove, .answer = "RecoveryCodes",
	    .about = "Switches the second factor on by a first code; ends "
	    "the other sessions" },
	{ "POST", "/api/staff/totp/recovery-codes", SELF, goodbye,
	    .handler = auth_totp_codes, .limit = "login",
	    .answer = "RecoveryCodes",
	    .about = "New recovery codes; the older ones are void" },
	{ "POST", "/api/staff/totp/disable", SELF, goodbye,
	    .handler = auth_totp_give_up, .status = 204, .limit = "login",
	    .about = "Takes the second factor away; ends the other "
	    "sessions" },
	{ "POST", "/bot/register", CRM_PUBLIC, bot,
	    .handler = auth_bot_register, .status = 201,
	    .limit = "register", .answer = "BotRegistered",
	    .about = "Makes an account for a program" },
	{ "POST", "/bot/login", CRM_PUBLIC, bot_credentials,
	    .handler = auth_bot_login, .limit = "login",
	    .answer = "BotToken",
	    .about = "A token for an hour" },
	CRM_END
};

int
main(int argc, char *argv[])
{
	/* Hashing a password takes long: no connections are kept. */
	static const struct crm_area area = { .name = "auth",
	    .routes = routes, .statements = auth_statements,
	    .one_at_a_time = true };

	return crm_area_main(argc, argv, &area);
}
