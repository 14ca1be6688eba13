/* SPDX-License-Identifier: ISC */
/*
 * A mail as RFC 5322 and MIME have it, in lines of at most 76 ASCII
 * characters whatever goes in, so that no relay has a reason to touch it.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <crm/text.h>
#include <crm/token.h>

#include "mail_private.h"

#define LINE_MOST	76
#define ADDRESS_MOST	254
#define LOCAL_MOST	64

static bool
is_plain(const char *text, const char *refused)
{
	for (; *text != '\0'; text++)
		if (*text < ' ' || *text > '~' ||
		    strchr(refused, *text) != NULL)
			return false;
	return true;
}

static bool
address_good(const char *address)
{
	const char *at = strrchr(address, '@'), *domain;
	size_t local;

	if (at == NULL || strlen(address) > ADDRESS_MOST)
		return false;
	local = (size_t)(at - address);
	domain = at + 1;
	if (local == 0 || local > LOCAL_MOST ||
	    strcspn(address, " ()<>[]:;@\\,\"") != local ||
	    !is_plain(address, " "))
		return false;
	return domain[0] != '\0' && domain[0] != '.' && domain[0] != '-' &&
	    domain[strlen(domain) - 1] != '.' &&
	    strspn(domain, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") == strlen(domain);
}

bool
crm_mailbox_split(struct crm_arena *arena, const char *mailbox,
    const char **name, const char **address)
{
	const char *open, *end;
	size_t length;

	if (mailbox == NULL || strpbrk(mailbox, "\r\n") != NULL)
		return false;
	open = strrchr(mailbox, '<');
	length = strlen(mailbox);
	*name = "";
	*address = mailbox;
	if (open != NULL) {
		if (mailbox[length - 1] != '>')
			return false;
		*address = crm_strndup(arena, open + 1,
		    (size_t)(mailbox + length - open) - 2);
		for (end = open; end > mailbox && end[-1] == ' '; end--)
			;
		length = (size_t)(end - mailbox);
		if (length >= 2 && mailbox[0] == '"' && end[-1] == '"') {
			mailbox++;
			length -= 2;
		}
		*name = crm_strndup(arena, mailbox, length);
	}
	return address_good(*address) &&
	    crm_utf8_valid(*name, strlen(*name));
}

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void
add_base64(struct crm_text *text, const char *bytes, size_t length)
{
	const unsigned char *at = (const unsigned char *)bytes;
	unsigned bits;
	char four[4];

	for (; length > 0; at += 3) {
		bits = (unsigned)at[0] << 16;
		if (length > 1)
			bits |= (unsigned)at[1] << 8;
		if (length > 2)
			bits |= at[2];
		four[0] = alphabet[bits >> 18];
		four[1] = alphabet[bits >> 12 & 63];
		four[2] = length > 1 ? alphabet[bits >> 6 & 63] : '=';
		four[3] = length > 2 ? alphabet[bits & 63] : '=';
		crm_text_add(text, four, 4);
		length -= length > 2 ? 3 : length;
	}
}

/* How many of the first bytes fit into `most`, whole characters. */
static size_t
whole_characters(const char *text, size_t most)
{
	size_t length = strnlen(text, most + 1);

	if (length <= most)
		return length;
	for (length = most; length > 0 &&
	    ((unsigned char)text[length] & 0xc0) == 0x80; length--)
		;
	return length;
}

/* Encoded words of RFC 2047, each on a line of its own, from the column on
 * where the line is now. */
static void
add_encoded_words(struct crm_text *text, const char *value, size_t column)
{
	const size_t around = strlen("=?UTF-8?B?" "?=");
	size_t length;

	while (*value != '\0') {
		length = whole_characters(value,
		    (LINE_MOST - column - around) / 4 * 3);
		crm_text_puts(text, "=?UTF-8?B?");
		add_base64(text, value, length);
		crm_text_puts(text, "?=");
		value += length;
		if (*value != '\0')
			crm_text_puts(text, "\r\n ");
		column = 1;
	}
}

/* "Name: value", as it is if it is short and plain. */
static void
add_text_header(struct crm_text *text, const char *name, const char *value)
{
	size_t column = strlen(name) + 2;

	crm_text_printf(text, "%s: ", name);
	if (is_plain(value, "") && strstr(value, "=?") == NULL &&
	    column + strlen(value) <= LINE_MOST && value[0] != ' ')
		crm_text_puts(text, value);
	else
		add_encoded_words(text, value, column);
	crm_text_puts(text, "\r\n");
}

static void
add_quoted(struct crm_text *text, const char *value)
{
	crm_text_putc(text, '"');
	for (; *value != '\0'; value++) {
		if (*value == '"' || *value == '\\')
			crm_text_putc(text, '\\');
		crm_text_putc(text, *value);
	}
	crm_text_putc(text, '"');
}

static bool
add_mailbox_header(struct crm_text *text, const char *header,
    const char *mailbox)
{
	const char *name, *address;
	size_t start = text->length;

	if (!crm_mailbox_split(text->arena, mailbox, &name, &address))
		return false;
	crm_text_printf(text, "%s: ", header);
	if (name[0] == '\0') {
		crm_text_printf(text, "%s\r\n", address);
		return true;
	}
	if (!is_plain(name, "") || strlen(name) > 60 ||
	    strstr(name, "=?") != NULL)
		add_encoded_words(text, name, strlen(header) + 2);
	else if (strpbrk(name, "()<>[]:;@\\,.\"") != NULL)
		add_quoted(text, name);
	else
		crm_text_puts(text, name);
	crm_text_printf(text, "%s<%s>\r\n", text->length - start +
	    strlen(address) + 3 > LINE_MOST ? "\r\n " : " ", address);
	return true;
}

static void
add_date(struct crm_text *text)
{
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu",
	    "Fri", "Sat" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr",
	    "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	time_t now = time(NULL);
	struct tm utc;

	gmtime_r(&now, &utc);
	crm_text_printf(text, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n",
	    days[utc.tm_wday], utc.tm_mday, months[utc.tm_mon],
	    utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
}

/* Further headers, a line each: a name, a colon, a space, plain text. */
static bool
add_more_headers(struct crm_text *text, const char *headers)
{
	size_t name, length;

	while (headers != NULL && *headers != '\0') {
		length = strcspn(headers, "\n");
		name = strspn(headers, "abcdefghijklmnopqrstuvwxyz"
		    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");
		if (name == 0 || strncmp(headers + name, ": ", 2) != 0 ||
		    length > 900 ||
		    !is_plain(crm_strndup(text->arena, headers, length), ""))
			return false;
		crm_text_add(text, headers, length);
		crm_text_puts(text, "\r\n");
		headers += length + (headers[length] == '\n');
	}
	return true;
}

/* One byte's quoted-printable form.  A dot and an F at the beginning of a
 * line are hidden from relays that know no better. */
static size_t
quote(char quoted[4], unsigned char byte, bool first, bool last)
{
	if ((byte >= 33 && byte <= 126 && byte != '=' &&
	    !(first && (byte == '.' || byte == 'F'))) ||
	    ((byte == ' ' || byte == '\t') && !last)) {
		quoted[0] = (char)byte;
		quoted[1] = '\0';
		return 1;
	}
	snprintf(quoted, 4, "=%02X", byte);
	return 3;
}

static void
add_quoted_line(struct crm_text *text, const char *line, size_t length)
{
	size_t i, size, column = 0;
	char quoted[4];

	for (i = 0; i < length; i++) {
		size = quote(quoted, (unsigned char)line[i], column == 0,
		    i + 1 == length);
		if (column + size > LINE_MOST - 1) {
			crm_text_puts(text, "=\r\n");
			column = 0;
			size = quote(quoted, (unsigned char)line[i], true,
			    i + 1 == length);
		}
		crm_text_add(text, quoted, size);
		column += size;
	}
	crm_text_puts(text, "\r\n");
}

static void
add_text_part(struct crm_text *text, const char *subtype, const char *body)
{
	size_t length;

	crm_text_printf(text, "Content-Type: text/%s; charset=UTF-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n\r\n", subtype);
	while (*body != '\0') {
		length = strcspn(body, "\r\n");
		add_quoted_line(text, body, length);
		body += length;
		if (body[0] == '\r' && body[1] == '\n')
			body++;
		if (*body != '\0')
			body++;
	}
}

static void
add_bodies(struct crm_text *text, const struct crm_mail *mail,
    const char *boundary)
{
	if (mail->html == NULL) {
		add_text_part(text, "plain", mail->text);
		return;
	}
	crm_text_printf(text, "Content-Type: multipart/alternative;\r\n"
	    " boundary=\"%s\"\r\n\r\n--%s\r\n", boundary, boundary);
	add_text_part(text, "plain", mail->text);
	crm_text_printf(text, "--%s\r\n", boundary);
	add_text_part(text, "html", mail->html);
	crm_text_printf(text, "--%s--\r\n", boundary);
}

/* The name as RFC 2231 has it if it isn't plain and short. */
static void
add_filename(struct crm_text *text, const char *name)
{
	if (is_plain(name, "\"\\/") && strlen(name) <= 50) {
		crm_text_printf(text, ";\r\n filename=\"%s\"\r\n", name);
		return;
	}
	crm_text_puts(text, ";\r\n filename*=UTF-8''");
	for (; *name != '\0'; name++)
		if (strspn(name, "abcdefghijklmnopqrstuvwxyz"
		    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._") > 0)
			crm_text_putc(text, *name);
		else
			crm_text_printf(text, "%%%02X",
			    (unsigned)(unsigned char)*name);
	crm_text_puts(text, "\r\n");
}

static void
add_attachment(struct crm_text *text, const struct crm_mail *mail)
{
	const char *at = mail->attachment;
	size_t left = (size_t)mail->attachment_length, step;

	crm_text_printf(text, "Content-Type: %s\r\n"
	    "Content-Transfer-Encoding: base64\r\n"
	    "Content-Disposition: attachment", mail->attachment_type);
	add_filename(text, mail->attachment_name);
	crm_text_puts(text, "\r\n");
	for (; left > 0; left -= step, at += step) {
		step = left < 57 ? left : 57;
		add_base64(text, at, step);
		crm_text_puts(text, "\r\n");
	}
}

/* What goes into headers as it is. */
static bool
is_sound(const struct crm_mail *mail)
{
	const char *type = mail->attachment_type;
	const char *name = mail->attachment_name;

	if (mail->subject == NULL || mail->text == NULL ||
	    strpbrk(mail->subject, "\r\n") != NULL ||
	    !crm_utf8_valid(mail->subject, strlen(mail->subject)))
		return false;
	if (mail->id != NULL && (!is_plain(mail->id, " <>()[]\\,;:\"") ||
	    strlen(mail->id) > 200))
		return false;
	if (mail->attachment == NULL)
		return true;
	return name != NULL && name[0] != '\0' && strlen(name) <= 200 &&
	    strpbrk(name, "\r\n") == NULL &&
	    crm_utf8_valid(name, strlen(name)) && type != NULL &&
	    strchr(type, '/') != NULL && strlen(type) <= 100 &&
	    is_plain(type, "") && mail->attachment_length >= 0;
}

char *
crm_mail_compose(struct crm_arena *arena, const struct crm_mail *mail)
{
	const char *random, *inner, *outer;
	struct crm_text text;

	if (!is_sound(mail))
		return NULL;
	crm_text_init(&text, arena);
	random = crm_random_text(arena, 18);
	/* "=_" is in no quoted-printable and in no base64. */
	inner = crm_format(arena, "=_a%s", random);
	outer = crm_format(arena, "=_m%s", random);
	add_date(&text);
	if (!add_mailbox_header(&text, "From", mail->from) ||
	    !add_mailbox_header(&text, "To", mail->to))
		return NULL;
	add_text_header(&text, "Subject", mail->subject);
	crm_text_printf(&text, "Message-ID: <%s>\r\n", mail->id != NULL ?
	    mail->id : crm_format(arena, "%s@duka.invalid", random));
	if (!add_more_headers(&text, mail->headers))
		return NULL;
	crm_text_puts(&text, "MIME-Version: 1.0\r\n");
	if (mail->attachment == NULL) {
		add_bodies(&text, mail, inner);
		return text.data;
	}
	crm_text_printf(&text, "Content-Type: multipart/mixed;\r\n"
	    " boundary=\"%s\"\r\n\r\n--%s\r\n", outer, outer);
	add_bodies(&text, mail, inner);
	crm_text_printf(&text, "--%s\r\n", outer);
	add_attachment(&text, mail);
	crm_text_printf(&text, "--%s--\r\n", outer);
	return text.data;
}
