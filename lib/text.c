/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <crm/text.h>

#define FIRST_SIZE	64
#define REPLACEMENT	"\xef\xbf\xbd"		/* U+FFFD */

void
crm_text_init(struct crm_text *text, struct crm_arena *arena)
{
	text->arena = arena;
	text->data = crm_alloc(arena, FIRST_SIZE);
	text->length = 0;
	text->size = FIRST_SIZE;
}

/* Room for `more` bytes and the closing NUL. */
static void
grow(struct crm_text *text, size_t more)
{
	size_t size = text->size;
	char *data;

	if (more < size - text->length)
		return;
	if (more >= SIZE_MAX / 2 - text->length)
		abort();
	while (more >= size - text->length)
		size *= 2;
	data = crm_alloc(text->arena, size);
	memcpy(data, text->data, text->length + 1);
	text->data = data;
	text->size = size;
}

void
crm_text_add(struct crm_text *text, const void *bytes, size_t length)
{
	if (length == 0)
		return;
	grow(text, length);
	memcpy(text->data + text->length, bytes, length);
	text->length += length;
	text->data[text->length] = '\0';
}

void
crm_text_puts(struct crm_text *text, const char *string)
{
	crm_text_add(text, string, strlen(string));
}

void
crm_text_putc(struct crm_text *text, char byte)
{
	crm_text_add(text, &byte, 1);
}

void
crm_text_printf(struct crm_text *text, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length < 0)
		abort();
	grow(text, (size_t)length);
	va_start(arguments, format);
	vsnprintf(text->data + text->length, (size_t)length + 1, format,
	    arguments);
	va_end(arguments);
	text->length += (size_t)length;
}

/* The least second byte that a first byte may have is not always 0x80, nor
 * the largest always 0xBF: that's where overlong forms, surrogates and what
 * lies beyond U+10FFFF would be (RFC 3629, section 4). */
static size_t
sequence(const unsigned char *at, size_t left)
{
	size_t length, i;
	unsigned char least = 0x80, largest = 0xbf;

	if (at[0] < 0x80)
		return 1;
	if (at[0] < 0xc2 || at[0] > 0xf4)
		return 0;
	length = at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;
	if (left < length)
		return 0;
	if (at[0] == 0xe0)
		least = 0xa0;
	else if (at[0] == 0xed)
		largest = 0x9f;
	else if (at[0] == 0xf0)
		least = 0x90;
	else if (at[0] == 0xf4)
		largest = 0x8f;
	if (at[1] < least || at[1] > largest)
		return 0;
	for (i = 2; i < length; i++)
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	return length;
}

bool
crm_utf8_valid(const char *bytes, size_t length)
{
	const unsigned char *at = (const unsigned char *)bytes;
	size_t i, step;

	for (i = 0; i < length; i += step) {
		step = sequence(at + i, length - i);
		if (step == 0)
			return false;
	}
	return true;
}

size_t
crm_utf8_length(const char *text)
{
	size_t count = 0;

	for (; *text != '\0'; text++)
		if (((unsigned char)*text & 0xc0) != 0x80)
			count++;
	return count;
}

/* How a byte is written within a JSON string; NULL: as it is. */
static const char *
json_escape(unsigned char byte, char buffer[8])
{
	switch (byte) {
	case '"':
		return "\\\"";
	case '\\':
		return "\\\\";
	case '\b':
		return "\\b";
	case '\f':
		return "\\f";
	case '\n':
		return "\\n";
	case '\r':
		return "\\r";
	case '\t':
		return "\\t";
	}
	if (byte >= 0x20)
		return NULL;
	snprintf(buffer, 8, "\\u%04x", byte);
	return buffer;
}

/* How a byte is written in HTML and XML, where most control characters
 * can't be written at all; NULL: as it is. */
static const char *
html_escape(unsigned char byte, char buffer[8])
{
	(void)buffer;
	switch (byte) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	case '\t':
	case '\n':
	case '\r':
		return NULL;
	}
	return byte < 0x20 ? REPLACEMENT : NULL;
}

/* Appends `value`, its bytes as `escape` has them.  What isn't UTF-8 comes
 * out as U+FFFD, so that the answer is well-formed whatever goes in. */
static void
add_escaped(struct crm_text *text, const char *value,
    const char *(*escape)(unsigned char, char[8]))
{
	const unsigned char *at = (const unsigned char *)value;
	size_t length = strlen(value), i, step, start = 0;
	const char *instead;
	char buffer[8];

	for (i = 0; i < length; i += step) {
		step = sequence(at + i, length - i);
		instead = step == 0 ? REPLACEMENT : escape(at[i], buffer);
		if (step == 0)
			step = 1;
		if (instead == NULL)
			continue;
		crm_text_add(text, value + start, i - start);
		crm_text_puts(text, instead);
		start = i + step;
	}
	crm_text_add(text, value + start, length - start);
}

void
crm_text_json(struct crm_text *text, const char *value)
{
	if (value == NULL) {
		crm_text_puts(text, "null");
		return;
	}
	crm_text_putc(text, '"');
	add_escaped(text, value, json_escape);
	crm_text_putc(text, '"');
}

void
crm_text_html(struct crm_text *text, const char *value)
{
	if (value != NULL)
		add_escaped(text, value, html_escape);
}

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

char *
crm_base64url(struct crm_arena *arena, const void *bytes, size_t length)
{
	const unsigned char *in = bytes;
	size_t i, n = 0;
	uint32_t bits;
	char *out;

	out = crm_alloc(arena, length / 3 * 4 + 5);
	for (i = 0; i + 2 < length; i += 3) {
		bits = (uint32_t)in[i] << 16 | (uint32_t)in[i + 1] << 8 |
		    in[i + 2];
		out[n++] = alphabet[bits >> 18];
		out[n++] = alphabet[bits >> 12 & 63];
		out[n++] = alphabet[bits >> 6 & 63];
		out[n++] = alphabet[bits & 63];
	}
	if (i == length)
		return out;
	bits = (uint32_t)in[i] << 16;
	if (i + 1 < length)
		bits |= (uint32_t)in[i + 1] << 8;
	out[n++] = alphabet[bits >> 18];
	out[n++] = alphabet[bits >> 12 & 63];
	if (i + 1 < length)
		out[n++] = alphabet[bits >> 6 & 63];
	return out;
}

static int
base64url_digit(char byte)
{
	if (byte >= 'A' && byte <= 'Z')
		return byte - 'A';
	if (byte >= 'a' && byte <= 'z')
		return byte - 'a' + 26;
	if (byte >= '0' && byte <= '9')
		return byte - '0' + 52;
	return byte == '-' ? 62 : byte == '_' ? 63 : -1;
}

void *
crm_base64url_decode(struct crm_arena *arena, const char *text, size_t length,
    size_t *decoded)
{
	unsigned char *out;
	uint32_t bits = 0;
	size_t i, n = 0;
	int digit, have = 0;

	if (length % 4 == 1)
		return NULL;
	out = crm_alloc(arena, length / 4 * 3 + 3);
	for (i = 0; i < length; i++) {
		digit = base64url_digit(text[i]);
		if (digit < 0)
			return NULL;
		bits = (bits << 6 | (uint32_t)digit) & 0xfff;
		have += 6;
		if (have >= 8) {
			have -= 8;
			out[n++] = (unsigned char)(bits >> have);
		}
	}
	if ((bits & ((1u << have) - 1)) != 0)
		return NULL;
	if (decoded != NULL)
		*decoded = n;
	return out;
}

static int
hex_digit(char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	if (byte >= 'a' && byte <= 'f')
		return byte - 'a' + 10;
	if (byte >= 'A' && byte <= 'F')
		return byte - 'A' + 10;
	return -1;
}

char *
crm_percent_decode(struct crm_arena *arena, const char *text, size_t length,
    bool form)
{
	size_t i, n = 0;
	int high, low;
	char *out;

	out = crm_alloc(arena, length + 1);
	for (i = 0; i < length; i++) {
		if (text[i] != '%') {
			out[n++] = form && text[i] == '+' ? ' ' : text[i];
			continue;
		}
		if (length - i < 3)
			return NULL;
		high = hex_digit(text[i + 1]);
		low = hex_digit(text[i + 2]);
		if (high < 0 || low < 0)
			return NULL;
		out[n++] = (char)(high << 4 | low);
		i += 2;
	}
	if (memchr(out, '\0', n) != NULL || !crm_utf8_valid(out, n))
		return NULL;
	return out;
}
