/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <crm/mail.h>

static struct crm_arena *arena;

static struct crm_mail
plain(void)
{
	return (struct crm_mail) { .from = "Duka <shop@example.org>",
	    .to = "ada@example.net", .subject = "Hello", .text = "Hi\n",
	    .id = "1@example.org" };
}

static const char *
compose(const struct crm_mail *mail)
{
	char *text = crm_mail_compose(arena, mail);

	assert_non_null(text);
	return text;
}

static void
has(const char *text, const char *piece)
{
	if (strstr(text, piece) == NULL)
		fail_msg("\"%s\" isn't in:\n%s", piece, text);
}

static void
has_no(const char *text, const char *piece)
{
	if (strstr(text, piece) != NULL)
		fail_msg("\"%s\" is in:\n%s", piece, text);
}

/* Every line ends in CRLF, has 76 characters at most, and no 8-bit byte. */
static void
check_lines(const char *text)
{
	const char *end;

	for (; *text != '\0'; text = end + 2) {
		end = strpbrk(text, "\r\n");
		assert_non_null(end);
		assert_true(end[0] == '\r' && end[1] == '\n');
		if (end - text > 76)
			fail_msg("long: %.*s", (int)(end - text), text);
		for (; text < end; text++)
			assert_true(*text >= ' ' && *text <= '~');
	}
}

static void
plain_text(void **state)
{
	struct crm_mail mail = plain();
	const char *text = compose(&mail);

	(void)state;
	check_lines(text);
	has(text, "From: Duka <shop@example.org>\r\n");
	has(text, "To: ada@example.net\r\n");
	has(text, "Subject: Hello\r\n");
	has(text, "Message-ID: <1@example.org>\r\n");
	has(text, "MIME-Version: 1.0\r\n");
	has(text, "Date: ");
	has(text, "Content-Type: text/plain; charset=UTF-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n\r\nHi\r\n");
	assert_string_equal(strstr(text, "\r\n\r\n"), "\r\n\r\nHi\r\n");
}

/* Nobody adds a header, a recipient or a body through a value. */
static void
no_header_from_a_value(void **state)
{
	static const char *const bad[] = { "a\nBcc: x@example.org",
	    "a\r\nBcc: x@example.org", "a\rb", "\n", "a\r\n\r\nbody" };
	struct crm_mail mail;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		mail = plain();
		mail.subject = bad[i];
		assert_null(crm_mail_compose(arena, &mail));
		mail = plain();
		mail.to = crm_format(arena, "%s <a@example.org>", bad[i]);
		assert_null(crm_mail_compose(arena, &mail));
		mail.to = crm_format(arena, "a@example.org%s", bad[i]);
		assert_null(crm_mail_compose(arena, &mail));
		mail = plain();
		mail.from = crm_format(arena, "%s <a@example.org>", bad[i]);
		assert_null(crm_mail_compose(arena, &mail));
		mail = plain();
		mail.id = bad[i];
		assert_null(crm_mail_compose(arena, &mail));
		mail = plain();
		mail.attachment = "x";
		mail.attachment_length = 1;
		mail.attachment_type = "text/csv";
		mail.attachment_name = bad[i];
		assert_null(crm_mail_compose(arena, &mail));
		mail.attachment_name = "a.csv";
		mail.attachment_type = crm_format(arena, "text/%s", bad[i]);
		assert_null(crm_mail_compose(arena, &mail));
	}
}

static void
addresses_are_checked(void **state)
{
	static const char *const bad[] = { "", "ada", "@example.org", "ada@",
	    "a da@example.org", "ada@exa mple.org", "ada@@example.org",
	    "a@example.org,b@example.org", "<a@example.org", "a@example.org>",
	    "a@.example.org", "a@-x.org", "a@example.org.", "a@[127.0.0.1]",
	    "a>@example.org", "\"a\"@example.org", "\xc3\xa4@example.org",
	    "a@ex\xc3\xa4mple.org", "a;b@example.org", "a(b)@example.org",
	    "Ada <a@example.org> x", "<>" };
	static const char *const good[] = { "a@localhost",
	    "a.b+c_d@example.org",
	    "<a@example.org>", "Ada <a@example.org>", "o'neil@example.org",
	    "\"Ada, Countess\" <a@example.org>" };
	struct crm_mail mail = plain();
	char address[400];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		mail.to = bad[i];
		if (crm_mail_compose(arena, &mail) != NULL)
			fail_msg("%s was taken", bad[i]);
	}
	for (i = 0; i < sizeof good / sizeof good[0]; i++) {
		mail.to = good[i];
		if (crm_mail_compose(arena, &mail) == NULL)
			fail_msg("%s wasn't taken", good[i]);
	}
	memset(address, 'a', sizeof address);
	strcpy(address + 65, "@example.org");
	mail.to = address;
	assert_null(crm_mail_compose(arena, &mail));
	assert_non_null(crm_mail_compose(arena, &(struct crm_mail) {
	    .from = "a@b", .to = address + 1, .subject = "s", .text = "" }));
}

static void
encoded_words(void **state)
{
	struct crm_mail mail = plain();
	const char *text;

	(void)state;
	mail.subject = "Gr\xc3\xbc\xc3\x9f" "e";
	text = compose(&mail);
	has(text, "Subject: =?UTF-8?B?R3LDvMOfZQ==?=\r\n");
	/* What looks like one is made one. */
	mail.subject = "=?UTF-8?B?SGk=?=";
	text = compose(&mail);
	has(text, "Subject: =?UTF-8?B?PT9VVEYtOD9CP1NHaz0/PQ==?=\r\n");
	mail.subject = "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2"
	    "\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82"
	    "\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac"
	    "\xe2\x82\xac\xe2\x82\xac";
	text = compose(&mail);
	check_lines(text);
	/* Cut between characters: 13 of three bytes in the first word. */
	has(text, "Subject: =?UTF-8?B?4oKs4oKs4oKs4oKs4oKs4oKs4oKs4oKs4oKs4oKs"
	    "4oKs4oKs4oKs?=\r\n =?UTF-8?B?4oKs4oKs4oKs4oKs?=\r\n");
	mail.subject = "bad \xff utf-8";
	assert_null(crm_mail_compose(arena, &mail));
	mail.subject = "";
	has(compose(&mail), "Subject: \r\n");
	mail.subject = "Hello";
	mail.from = "Caf\xc3\xa9 <shop@example.org>";
	has(compose(&mail),
	    "From: =?UTF-8?B?Q2Fmw6k=?= <shop@example.org>\r\n");
	mail.from = "Duka, Inc. <shop@example.org>";
	has(compose(&mail), "From: \"Duka, Inc.\" <shop@example.org>\r\n");
	mail.from = "\"A \\ B\" <shop@example.org>";
	has(compose(&mail), "From: \"A \\\\ B\" <shop@example.org>\r\n");
}

static void
long_headers_are_folded(void **state)
{
	struct crm_mail mail = plain();
	char subject[1001];

	(void)state;
	memset(subject, 'x', 1000);
	subject[1000] = '\0';
	mail.subject = subject;
	mail.from = "A name that is rather long for a shop, but who knows "
	    "<a.rather.long.local.part.too@a.rather.long.domain.example.org>";
	check_lines(compose(&mail));
}

static void
quoted_printable(void **state)
{
	struct crm_mail mail = plain();
	char body[500];
	const char *text;

	(void)state;
	mail.text = "a=b\ttab \nspace at end \n\xc3\xa9t\xc3\xa9\r\nlone\rcr";
	text = compose(&mail);
	has(text, "\r\n\r\na=3Db\ttab=20\r\nspace at end=20\r\n"
	    "=C3=A9t=C3=A9\r\nlone\r\ncr\r\n");
	memset(body, 'y', 300);
	body[300] = '\0';
	mail.text = body;
	text = compose(&mail);
	check_lines(text);
	/* Bytes that need three characters aren't cut. */
	memset(body, '=', 300);
	mail.text = body;
	text = compose(&mail);
	check_lines(text);
	has_no(text, "=\r\n3D");
	has_no(text, "=3\r\n");
}

/* A dot alone on a line ends a mail; "From " begins one in some stores. */
static void
dots_are_hidden(void **state)
{
	struct crm_mail mail = plain();
	const char *text;

	(void)state;
	mail.text = "one\n.\n.two\n..\nFrom here\nmid . From .\n";
	text = compose(&mail);
	has(text, "one\r\n=2E\r\n=2Etwo\r\n=2E.\r\n=46rom here\r\n"
	    "mid . From .\r\n");
	has_no(text, "\r\n.");
}

static void
alternatives_and_attachment(void **state)
{
	struct crm_mail mail = plain();
	const char *text, *inner;

	(void)state;
	mail.html = "<p>Hi</p>\n";
	text = compose(&mail);
	check_lines(text);
	has(text, "Content-Type: multipart/alternative;\r\n boundary=\"=_a");
	has(text, "text/plain");
	has(text, "Content-Type: text/html; charset=UTF-8\r\n");
	assert_true(strstr(text, "text/plain") < strstr(text, "text/html"));
	mail.attachment = "a,b\n1,\xc3\xa9\0\xff";
	mail.attachment_length = 10;
	mail.attachment_type = "text/csv; charset=utf-8";
	mail.attachment_name = "sales 2026.csv";
	text = compose(&mail);
	check_lines(text);
	has(text, "Content-Type: multipart/mixed;\r\n boundary=\"=_m");
	has(text, "Content-Disposition: attachment;\r\n"
	    " filename=\"sales 2026.csv\"\r\n\r\nYSxiCjEsw6kA/w==\r\n--=_m");
	inner = strstr(text, "=_a");
	assert_non_null(inner);
	has(text, "--\r\n");
	mail.attachment_name = "\xc3\xa9t\xc3\xa9 \"1\".csv";
	text = compose(&mail);
	has(text, " filename*=UTF-8''%C3%A9t%C3%A9%20%221%22.csv\r\n");
	mail.attachment_length = 0;
	has(compose(&mail), "Content-Disposition: attachment");
	mail.attachment_type = "nonsense";
	assert_null(crm_mail_compose(arena, &mail));
}

static void
long_attachment(void **state)
{
	struct crm_mail mail = plain();
	char *bytes = crm_alloc(arena, 100000);

	(void)state;
	memset(bytes, 0xfb, 99999);
	mail.attachment = bytes;
	mail.attachment_length = 99999;
	mail.attachment_type = "application/octet-stream";
	mail.attachment_name = "x";
	check_lines(compose(&mail));
}

static void
more_headers(void **state)
{
	static const char *const bad[] = { "no colon\n", ": x\n", "A:b\n",
	    "A: b\r\nC: d\n", "A: \xff\n", "A: b\n\nbody\n", "A b: c\n" };
	struct crm_mail mail = plain();
	const char *text;
	size_t i;

	(void)state;
	mail.headers = "Auto-Submitted: auto-generated\nX-Two: 2";
	text = compose(&mail);
	has(text, "\r\nAuto-Submitted: auto-generated\r\nX-Two: 2\r\n");
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		mail.headers = bad[i];
		if (crm_mail_compose(arena, &mail) != NULL)
			fail_msg("%s was taken", bad[i]);
	}
}

/* What can be judged without a relay. */
static void
configuration_is_judged(void **state)
{
	struct crm_mail mail = plain();
	const char *why = NULL;

	(void)state;
	setenv("DUKA_SMTP", "localhost", 1);
	assert_int_equal(crm_mail_send(arena, &mail, &why), CRM_MAIL_LATER);
	has(why, "host:port");
	setenv("DUKA_SMTP", "relay.invalid:25", 1);
	setenv("DUKA_SMTP_TLS", "perhaps", 1);
	assert_int_equal(crm_mail_send(arena, &mail, &why), CRM_MAIL_LATER);
	has(why, "DUKA_SMTP_TLS");
	setenv("DUKA_SMTP_TLS", "off", 1);
	setenv("DUKA_SMTP_USER", "duka", 1);
	assert_int_equal(crm_mail_send(arena, &mail, &why), CRM_MAIL_LATER);
	has(why, "without TLS");
	setenv("DUKA_SMTP_TLS", "starttls", 1);
	assert_int_equal(crm_mail_send(arena, &mail, &why), CRM_MAIL_LATER);
	has(why, "PASSWORD_FILE");
	unsetenv("DUKA_SMTP_USER");
	setenv("DUKA_SMTP", "127.0.0.1:1", 1);
	assert_int_equal(crm_mail_send(arena, &mail, &why), CRM_MAIL_LATER);
	has(why, "127.0.0.1:1");
	mail.to = "nobody";
	assert_int_equal(crm_mail_send(arena, &mail, &why), CRM_MAIL_NEVER);
	mail = plain();
	mail.subject = "a\nb";
	assert_int_equal(crm_mail_send(arena, &mail, &why), CRM_MAIL_NEVER);
	mail = plain();
	mail.from = "nobody";
	assert_int_equal(crm_mail_send(arena, &mail, &why), CRM_MAIL_LATER);
}

static int
start(void **state)
{
	(void)state;
	arena = crm_arena_new(64 << 20);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	crm_arena_free(arena);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_text),
		cmocka_unit_test(no_header_from_a_value),
		cmocka_unit_test(addresses_are_checked),
		cmocka_unit_test(encoded_words),
		cmocka_unit_test(long_headers_are_folded),
		cmocka_unit_test(quoted_printable),
		cmocka_unit_test(dots_are_hidden),
		cmocka_unit_test(alternatives_and_attachment),
		cmocka_unit_test(long_attachment),
		cmocka_unit_test(more_headers),
		cmocka_unit_test(configuration_is_judged),
	};

	return cmocka_run_group_tests_name("mail", tests, start, end);
}
