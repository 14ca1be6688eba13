/* SPDX-License-Identifier: ISC */
/* Codes that change with time: RFC 6238 on RFC 4226. */
#include <string.h>

#include <crm/text.h>
#include <crm/token.h>
#include <crm/totp.h>

#define DIGITS	6

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

char *
crm_base32(struct crm_arena *arena, const void *bytes, size_t length)
{
	const unsigned char *byte = bytes;
	char *text = crm_alloc(arena, (length * 8 + 4) / 5 + 1);
	unsigned held = 0;
	size_t i, n = 0;
	int bits = 0;

	for (i = 0; i < length; i++) {
		held = (held << 8 | byte[i]) & 0xffff;
		for (bits += 8; bits >= 5; bits -= 5)
			text[n++] = letters[held >> (bits - 5) & 31];
	}
	if (bits > 0)
		text[n++] = letters[held << (5 - bits) & 31];
	text[n] = '\0';
	return text;
}

/* NULL if it isn't base32. */
static unsigned char *
decode(struct crm_arena *arena, const char *text, size_t *length)
{
	unsigned char *bytes = crm_alloc(arena, strlen(text) * 5 / 8 + 1);
	const char *letter;
	unsigned held = 0;
	int bits = 0;

	for (*length = 0; *text != '\0'; text++) {
		letter = strchr(letters, *text);
		if (letter == NULL)
			return NULL;
		held = (held << 5 | (unsigned)(letter - letters)) & 0xffff;
		bits += 5;
		if (bits >= 8) {
			bits -= 8;
			bytes[(*length)++] = (unsigned char)(held >> bits);
		}
	}
	return bytes;
}

char *
crm_totp_secret(struct crm_arena *arena)
{
	unsigned char bytes[CRM_TOTP_SECRET];

	crm_random(bytes, sizeof bytes);
	return crm_base32(arena, bytes, sizeof bytes);
}

char *
crm_totp_code(struct crm_arena *arena, const char *secret, int64_t step)
{
	unsigned char moment[8], digest[CRM_HMAC_SHA1_SIZE];
	unsigned char *key, *part;
	size_t length;
	uint32_t number;
	int i;

	key = decode(arena, secret, &length);
	if (key == NULL)
		return NULL;
	for (i = 0; i < 8; i++)
		moment[i] = (unsigned char)((uint64_t)step >> (56 - 8 * i));
	crm_hmac_sha1(key, length, moment, sizeof moment, digest);
	part = digest + (digest[CRM_HMAC_SHA1_SIZE - 1] & 15);
	number = (uint32_t)(part[0] & 0x7f) << 24 | (uint32_t)part[1] << 16 |
	    (uint32_t)part[2] << 8 | part[3];
	return crm_format(arena, "%0*u", DIGITS, (unsigned)(number % 1000000));
}

/* The six digits of a code, without spaces; false if it isn't that. */
static bool
six_digits(const char *code, char *digits)
{
	int n = 0;

	for (; *code != '\0'; code++) {
		if (*code == ' ')
			continue;
		if (*code < '0' || *code > '9' || n == DIGITS)
			return false;
		digits[n++] = *code;
	}
	return n == DIGITS;
}

int64_t
crm_totp_step(struct crm_arena *arena, const char *secret, const char *code,
    int64_t now)
{
	int64_t step = now / CRM_TOTP_SECONDS - 1, last = step + 2, found = -1;
	char digits[DIGITS];
	const char *right;

	if (!six_digits(code, digits))
		return -1;
	for (; step <= last; step++) {
		right = crm_totp_code(arena, secret, step);
		if (right != NULL && crm_equal(right, digits, DIGITS))
			found = step;
	}
	return found;
}

/* All but letters, digits and -._~ as %xx (RFC 3986). */
static void
put_encoded(struct crm_text *out, const char *text)
{
	for (; *text != '\0'; text++)
		if ((*text >= 'a' && *text <= 'z') ||
		    (*text >= 'A' && *text <= 'Z') ||
		    (*text >= '0' && *text <= '9') ||
		    strchr("-._~", *text) != NULL)
			crm_text_putc(out, *text);
		else
			crm_text_printf(out, "%%%02X", (unsigned char)*text);
}

char *
crm_totp_uri(struct crm_arena *arena, const char *secret, const char *issuer,
    const char *account)
{
	struct crm_text out;

	crm_text_init(&out, arena);
	crm_text_puts(&out, "otpauth://totp/");
	put_encoded(&out, issuer);
	crm_text_putc(&out, ':');
	put_encoded(&out, account);
	crm_text_printf(&out, "?secret=%s&issuer=", secret);
	put_encoded(&out, issuer);
	crm_text_printf(&out, "&algorithm=SHA1&digits=%d&period=%d", DIGITS,
	    CRM_TOTP_SECONDS);
	return out.data;
}
