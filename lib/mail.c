/* SPDX-License-Identifier: ISC */
/*
 * Sending by libesmtp.  It may hang or fall in spite of its timeouts: call
 * crm_mail_send() in a process that may be ended (the courier does).
 */
#include <stddef.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <openssl/ssl.h>	/* declares smtp_starttls_set_ctx() */

#include <auth-client.h>	/* before libesmtp.h: smtp_auth_set_context() */
#include <libesmtp.h>

#include <crm/config.h>
#include <crm/text.h>
#include <crm/token.h>

#include "mail_private.h"

#define TIMEOUT		(15 * 1000)	/* milliseconds, of each step */
#define WHY_MOST	200
#define SECRET_MOST	256

/* DUKA_SMTP_TLS */
enum tls { TLS_OFF, TLS_STARTTLS, TLS_UNVERIFIED, TLS_UNKNOWN };

struct relay {
	const char	*address;	/* host:port */
	const char	*user;
	char		 password[SECRET_MOST];
	enum tls	 tls;
};

struct reader {
	const char	*message;
	bool		 given;
};

/* Gives libesmtp the whole message at once; rewinds when asked without a
 * place for the length. */
static const char *
give_message(void **unused, int *length, void *argument)
{
	struct reader *reader = argument;

	(void)unused;
	if (length == NULL) {
		reader->given = false;
		return NULL;
	}
	*length = reader->given ? 0 : (int)strlen(reader->message);
	reader->given = true;
	return *length > 0 ? reader->message : NULL;
}

/* With TLS_UNVERIFIED certificates may be what they like.  All of these
 * events end in a pointer to what is to be answered, at different places. */
static void
judge_event(smtp_session_t session, int event, void *argument, ...)
{
	const struct relay *relay = argument;
	va_list more;
	int *good = NULL;

	(void)session;
	va_start(more, argument);
	if (event == SMTP_EV_INVALID_PEER_CERTIFICATE) {
		(void)va_arg(more, long);
		good = va_arg(more, int *);
	} else if (event == SMTP_EV_NO_PEER_CERTIFICATE ||
	    event == SMTP_EV_WRONG_PEER_CERTIFICATE ||
	    event == SMTP_EV_NO_CLIENT_CERTIFICATE)
		good = va_arg(more, int *);
	if (good != NULL)
		*good = event == SMTP_EV_NO_CLIENT_CERTIFICATE ||
		    relay->tls == TLS_UNVERIFIED;
	va_end(more);
}

static int
answer_login(auth_client_request_t request, char **result, int fields,
    void *argument)
{
	struct relay *relay = argument;
	int i;

	for (i = 0; i < fields; i++)
		if (request[i].flags & AUTH_USER)
			result[i] = (char *)relay->user;
		else if (request[i].flags & AUTH_PASS)
			result[i] = relay->password;
		else
			return 0;
	return 1;
}

static bool
is_loopback(const char *address)
{
	return strncmp(address, "localhost:", 10) == 0 ||
	    strncmp(address, "127.", 4) == 0;
}

/* The first line of the password's file. */
static const char *
read_password(struct relay *relay)
{
	const char *file = crm_config("DUKA_SMTP_PASSWORD_FILE", NULL);
	ssize_t length;
	int fd;

	if (file == NULL)
		return "DUKA_SMTP_USER without DUKA_SMTP_PASSWORD_FILE";
	fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return "the file of the relay's password can't be read";
	length = read(fd, relay->password, SECRET_MOST - 1);
	close(fd);
	if (length <= 0)
		return "the file of the relay's password is empty";
	relay->password[length] = '\0';
	relay->password[strcspn(relay->password, "\r\n")] = '\0';
	return NULL;
}

/* Reads the configuration; what is wrong with it, or NULL. */
static const char *
configure(struct relay *relay)
{
	const char *tls = crm_config("DUKA_SMTP_TLS", "off");

	memset(relay, 0, sizeof *relay);
	relay->address = crm_config("DUKA_SMTP", "localhost:25");
	relay->user = crm_config("DUKA_SMTP_USER", NULL);
	relay->tls = strcmp(tls, "off") == 0 ? TLS_OFF :
	    strcmp(tls, "starttls") == 0 ? TLS_STARTTLS :
	    strcmp(tls, "unverified") == 0 ? TLS_UNVERIFIED : TLS_UNKNOWN;
	if (strchr(relay->address, ':') == NULL)
		return "DUKA_SMTP isn't host:port";
	if (relay->tls == TLS_UNKNOWN)
		return "DUKA_SMTP_TLS isn't off, starttls or unverified";
	if (relay->user == NULL)
		return NULL;
	if (relay->tls == TLS_OFF && !is_loopback(relay->address))
		return "no password is sent without TLS";
	return read_password(relay);
}

/* libesmtp frees the context that it is given, and its own default one with
 * the first session, which the second one then uses: so one of ours, counted
 * up for each session.  No TLS 1.3: there the session tickets come after the
 * handshake, and libesmtp, which has yet to say EHLO, takes them for an
 * answer and waits for the rest of it (every fourth session, or so). */
static SSL_CTX *
new_context(bool verify)
{
	SSL_CTX *context = crm_tls_context(verify);

	if (context == NULL ||
	    SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION) == 1)
		return context;
	SSL_CTX_free(context);
	return NULL;
}

static bool
set_tls(smtp_session_t session, const struct relay *relay)
{
	static SSL_CTX *context;
	static enum tls context_of;

	if (relay->tls == TLS_OFF)
		return smtp_starttls_enable(session, Starttls_DISABLED) == 1;
	if (context == NULL || context_of != relay->tls) {
		SSL_CTX_free(context);
		context = new_context(relay->tls == TLS_STARTTLS);
		context_of = relay->tls;
	}
	if (context == NULL || SSL_CTX_up_ref(context) != 1)
		return false;
	return smtp_starttls_enable(session, Starttls_REQUIRED) == 1 &&
	    smtp_starttls_set_ctx(session, context) == 1;
}

static void
set_timeouts(smtp_session_t session)
{
	static const int steps[] = { Timeout_GREETING, Timeout_ENVELOPE,
	    Timeout_DATA, Timeout_TRANSFER, Timeout_DATA2 };
	size_t i;

	for (i = 0; i < sizeof steps / sizeof steps[0]; i++)
		smtp_set_timeout(session,
		    steps[i] | Timeout_OVERRIDE_RFC2822_MINIMUM, TIMEOUT);
}

/* What the relay said, in one plain line. */
static const char *
said(struct crm_arena *arena, const smtp_status_t *status)
{
	char *text, *at;

	text = crm_format(arena, "%d %.*s", status->code, WHY_MOST,
	    status->text != NULL ? status->text : "");
	for (at = text; *at != '\0'; at++)
		if (*at < ' ' || *at > '~')
			*at = ' ';
	while (at > text && at[-1] == ' ')
		*--at = '\0';
	return text;
}

/* A recipient or a message that is refused for good won't be taken later;
 * a sender that is refused is our own configuration's fault, to be mended
 * while the mail waits. */
static enum crm_mail_result
judge(struct crm_arena *arena, smtp_message_t message,
    smtp_recipient_t recipient, const char **why)
{
	const smtp_status_t *sender = smtp_reverse_path_status(message);
	const smtp_status_t *to = smtp_recipient_status(recipient);
	const smtp_status_t *whole = smtp_message_transfer_status(message);

	*why = "the session broke off, or took too long";
	if (sender != NULL && sender->code >= 400) {
		*why = said(arena, sender);
		return CRM_MAIL_LATER;
	}
	if (to != NULL && to->code >= 400) {
		*why = said(arena, to);
		return to->code >= 500 ? CRM_MAIL_NEVER : CRM_MAIL_LATER;
	}
	if (whole == NULL || whole->code == 0)
		return CRM_MAIL_LATER;
	*why = said(arena, whole);
	return whole->code / 100 == 2 ? CRM_MAIL_SENT :
	    whole->code / 100 == 5 ? CRM_MAIL_NEVER : CRM_MAIL_LATER;
}

static enum crm_mail_result
run_session(struct crm_arena *arena, smtp_session_t session,
    struct relay *relay, struct reader *reader, const char *from,
    const char *to, const char **why)
{
	smtp_message_t message = smtp_add_message(session);
	smtp_recipient_t recipient;
	char words[WHY_MOST];

	*why = "libesmtp has no memory";
	if (message == NULL || !smtp_set_server(session, relay->address) ||
	    !smtp_set_eventcb(session, judge_event, relay) ||
	    !smtp_set_reverse_path(message, from) ||
	    !smtp_set_messagecb(message, give_message, reader) ||
	    (recipient = smtp_add_recipient(message, to)) == NULL)
		return CRM_MAIL_LATER;
	set_timeouts(session);
	if (!set_tls(session, relay)) {
		*why = "TLS can't be set up";
		return CRM_MAIL_LATER;
	}
	if (smtp_start_session(session))
		return judge(arena, message, recipient, why);
	memset(words, 0, sizeof words);
	smtp_strerror(smtp_errno(), words, sizeof words - 1);
	*why = crm_format(arena, "no session with %s: %s", relay->address,
	    words);
	return CRM_MAIL_LATER;
}

static enum crm_mail_result
transmit(struct crm_arena *arena, struct relay *relay,
    struct reader *reader, const char *from, const char *to, const char **why)
{
	smtp_session_t session = smtp_create_session();
	auth_context_t login = NULL;
	enum crm_mail_result result = CRM_MAIL_LATER;

	*why = "libesmtp doesn't start";
	if (session == NULL)
		return CRM_MAIL_LATER;
	if (relay->user != NULL) {
		auth_client_init();
		login = auth_create_context();
		if (login == NULL) {
			smtp_destroy_session(session);
			return CRM_MAIL_LATER;
		}
		auth_set_mechanism_flags(login, AUTH_PLUGIN_PLAIN, 0);
		auth_set_interact_cb(login, answer_login, relay);
		smtp_auth_set_context(session, login);
	}
	result = run_session(arena, session, relay, reader, from, to, why);
	smtp_destroy_session(session);
	if (login != NULL) {
		auth_destroy_context(login);
		auth_client_exit();
	}
	return result;
}

enum crm_mail_result
crm_mail_send(struct crm_arena *arena, const struct crm_mail *mail,
    const char **why)
{
	const char *name, *from, *to, *fault;
	enum crm_mail_result result;
	struct reader reader = { 0 };
	struct relay relay;

	fault = configure(&relay);
	if (fault != NULL) {
		*why = fault;
		return CRM_MAIL_LATER;
	}
	if (!crm_mailbox_split(arena, mail->from, &name, &from)) {
		*why = "the sender is no mail address";
		return CRM_MAIL_LATER;
	}
	if (!crm_mailbox_split(arena, mail->to, &name, &to)) {
		*why = "the recipient is no mail address";
		return CRM_MAIL_NEVER;
	}
	reader.message = crm_mail_compose(arena, mail);
	if (reader.message == NULL) {
		*why = "a header holds what a header must not";
		return CRM_MAIL_NEVER;
	}
	result = transmit(arena, &relay, &reader, from, to, why);
	explicit_bzero(relay.password, sizeof relay.password);
	return result;
}
