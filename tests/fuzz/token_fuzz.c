/* SPDX-License-Identifier: ISC */
/*
 * Tokens: the first byte says what follows.  't': a token as it comes; it is
 * good only if its claims, signed anew by the same key, are good too.
 * Otherwise a header and a payload, parted by a line break, to be signed
 * first, so that what lies behind the signature is reached.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include <crm/text.h>
#include <crm/token.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#define NOW	INT64_C(1790000010)

/* RFC 8032, section 7.1, test 1. */
static const struct crm_key key = {
	.kid = "rfc8032-1",
	.private_key = "\x9d\x61\xb1\x9d\xef\xfd\x5a\x60\xba\x84\x4a\xf4\x92"
	    "\xec\x2c\xc4\x44\x49\xc5\x69\x7b\x32\x69\x19\x70\x3b\xac\x03\x1c"
	    "\xae\x7f\x60",
	.public_key = "\xd7\x5a\x98\x01\x82\xb1\x0a\xb7\xd5\x4b\xfe\xd3\xc9"
	    "\x64\x07\x3a\x0e\xe1\x72\xf3\xda\xa6\x23\x25\xaf\x02\x1a\x68\xf7"
	    "\x07\x51\x1a",
	.can_sign = true
};

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static char *
sign(struct crm_arena *arena, const char *header, const char *payload)
{
	unsigned char signature[64];
	size_t size = sizeof signature;
	EVP_PKEY *private_key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519,
	    NULL, key.private_key, CRM_KEY_SIZE);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	char *text = crm_format(arena, "%s.%s",
	    crm_base64url(arena, header, strlen(header)),
	    crm_base64url(arena, payload, strlen(payload)));

	must(EVP_DigestSignInit(context, NULL, NULL, NULL, private_key) == 1);
	must(EVP_DigestSign(context, signature, &size, (unsigned char *)text,
	    strlen(text)) == 1);
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(private_key);
	return crm_format(arena, "%s.%s", text,
	    crm_base64url(arena, signature, size));
}

static void
check_claims(struct crm_arena *arena, const struct crm_claims *claims)
{
	struct crm_claims again;
	const char *token = crm_token_sign(arena, &key, claims);

	must(token != NULL);
	must(strcmp(claims->audience, "customer") == 0);
	must(strlen(claims->subject) == 36 && strlen(claims->session) == 36);
	must(claims->expires_at > NOW && claims->issued_at <= NOW + 60);
	must(crm_token_verify(arena, token, &key, 1, "customer", NOW, &again)
	    == CRM_TOKEN_GOOD);
	must(strcmp(claims->subject, again.subject) == 0);
	must(claims->expires_at == again.expires_at);
	must((claims->id == NULL) == (again.id == NULL));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct crm_arena *arena = crm_arena_new(16 << 20);
	struct crm_claims claims;
	char *text, *payload;

	if (size > 1 && size < 8192) {
		text = crm_strndup(arena, (const char *)data + 1, size - 1);
		payload = strchr(text, '\n');
		if (data[0] != 't' && payload != NULL) {
			*payload++ = '\0';
			text = sign(arena, text, payload);
		}
		if (crm_token_verify(arena, text, &key, 1, "customer", NOW,
		    &claims) == CRM_TOKEN_GOOD)
			check_claims(arena, &claims);
	}
	crm_arena_free(arena);
	return 0;
}
