/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/ssl.h>

#include <crm/json.h>
#include <crm/text.h>
#include <crm/token.h>

#define NOW		INT64_C(1790000000)
#define SUBJECT		"1b4e28ba-2fa1-41d2-883f-0016d3cca427"
#define SESSION		"9f2c28ba-0fa1-41d2-983f-0016d3cca111"

static struct crm_arena *arena;
static struct crm_key keys[2];

static struct crm_claims
claims(void)
{
	return (struct crm_claims) { .audience = "customer",
	    .subject = SUBJECT, .session = SESSION, .id = "one",
	    .csrf = "two", .issued_at = NOW, .expires_at = NOW + 3600 };
}

static enum crm_token_state
verify_at(const char *token, int64_t now)
{
	struct crm_claims found;

	return crm_token_verify(arena, token, keys, 2, "customer", now,
	    &found);
}

static enum crm_token_state
verify(const char *token)
{
	return verify_at(token, NOW + 10);
}

/* HEADER.PAYLOAD, signed by the first key with Ed25519 whatever they say. */
static char *
forge(const char *header, const char *payload)
{
	unsigned char signature[64];
	size_t size = sizeof signature;
	EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL,
	    keys[0].private_key, CRM_KEY_SIZE);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	char *text = crm_format(arena, "%s.%s",
	    crm_base64url(arena, header, strlen(header)),
	    crm_base64url(arena, payload, strlen(payload)));

	assert_int_equal(EVP_DigestSignInit(context, NULL, NULL, NULL, key),
	    1);
	assert_int_equal(EVP_DigestSign(context, signature, &size,
	    (unsigned char *)text, strlen(text)), 1);
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(key);
	return crm_format(arena, "%s.%s", text,
	    crm_base64url(arena, signature, size));
}

static char *
header(const char *algorithm)
{
	return crm_format(arena,
	    "{\"alg\":\"%s\",\"typ\":\"JWT\",\"kid\":\"%s\"}", algorithm,
	    keys[0].kid);
}

#define PAYLOAD(more) "{\"aud\":\"customer\",\"sub\":\"" SUBJECT "\"," \
    "\"sid\":\"" SESSION "\"," more "}"
#define TIMES "\"iat\":1790000000,\"exp\":1790003600"

static void
round_trip(void **state)
{
	struct crm_claims in = claims(), out;
	char *token = crm_token_sign(arena, &keys[1], &in);

	(void)state;
	assert_int_equal(crm_token_verify(arena, token, keys, 2, "customer",
	    NOW, &out), CRM_TOKEN_GOOD);
	assert_string_equal(out.audience, "customer");
	assert_string_equal(out.subject, SUBJECT);
	assert_string_equal(out.session, SESSION);
	assert_string_equal(out.id, "one");
	assert_string_equal(out.csrf, "two");
	assert_int_equal(out.issued_at, NOW);
	assert_int_equal(out.expires_at, NOW + 3600);
	in.id = in.csrf = NULL;
	token = crm_token_sign(arena, &keys[0], &in);
	assert_int_equal(crm_token_verify(arena, token, keys, 2, "customer",
	    NOW, &out), CRM_TOKEN_GOOD);
	assert_null(out.id);
	assert_null(out.csrf);
}

static void
only_who_has_the_key_signs(void **state)
{
	struct crm_claims in = claims();
	struct crm_key public_one = keys[0];

	(void)state;
	public_one.can_sign = false;
	memset(public_one.private_key, 0, CRM_KEY_SIZE);
	assert_null(crm_token_sign(arena, &public_one, &in));
}

static void
audience_must_be_equal(void **state)
{
	struct crm_claims in = claims(), out;
	char *token = crm_token_sign(arena, &keys[0], &in);

	(void)state;
	assert_int_equal(crm_token_verify(arena, token, keys, 2, "staff", NOW,
	    &out), CRM_TOKEN_BAD);
	assert_null(out.subject);
	assert_int_equal(crm_token_verify(arena, token, keys, 2, "custome",
	    NOW, &out), CRM_TOKEN_BAD);
	assert_int_equal(verify(forge(header("EdDSA"),
	    "{\"aud\":[\"customer\"],\"sub\":\"" SUBJECT "\",\"sid\":\""
	    SESSION "\"," TIMES "}")), CRM_TOKEN_BAD);
}

static void
times_are_checked(void **state)
{
	struct crm_claims in = claims();
	char *token = crm_token_sign(arena, &keys[0], &in);

	(void)state;
	assert_int_equal(verify_at(token, NOW + 3599), CRM_TOKEN_GOOD);
	assert_int_equal(verify_at(token, NOW + 3600), CRM_TOKEN_EXPIRED);
	assert_int_equal(verify_at(token, NOW + 999999), CRM_TOKEN_EXPIRED);
	assert_int_equal(verify_at(token, NOW - 60), CRM_TOKEN_GOOD);
	assert_int_equal(verify_at(token, NOW - 61), CRM_TOKEN_BAD);
	assert_int_equal(verify(forge(header("EdDSA"), PAYLOAD(TIMES))),
	    CRM_TOKEN_GOOD);
	assert_int_equal(verify(forge(header("EdDSA"),
	    PAYLOAD("\"iat\":1790000000"))), CRM_TOKEN_BAD);
	assert_int_equal(verify(forge(header("EdDSA"),
	    PAYLOAD("\"exp\":1790003600"))), CRM_TOKEN_BAD);
	assert_int_equal(verify(forge(header("EdDSA"),
	    PAYLOAD("\"iat\":1790000000,\"exp\":\"1790003600\""))),
	    CRM_TOKEN_BAD);
	assert_int_equal(verify(forge(header("EdDSA"),
	    PAYLOAD("\"iat\":1790000000,\"exp\":1e12"))), CRM_TOKEN_BAD);
	assert_int_equal(verify(forge(header("EdDSA"),
	    PAYLOAD("\"iat\":1790000000,\"exp\":9223372036854775808"))),
	    CRM_TOKEN_BAD);
}

static void
keys_come_from_the_list(void **state)
{
	struct crm_claims in = claims(), out;
	struct crm_key stranger, disguised;

	(void)state;
	crm_key_generate(&stranger);
	assert_int_equal(verify(crm_token_sign(arena, &stranger, &in)),
	    CRM_TOKEN_UNKNOWN_KEY);
	disguised = stranger;
	strcpy(disguised.kid, keys[0].kid);
	assert_int_equal(verify(crm_token_sign(arena, &disguised, &in)),
	    CRM_TOKEN_BAD);
	assert_int_equal(crm_token_verify(arena, crm_token_sign(arena,
	    &keys[0], &in), keys, 0, "customer", NOW, &out),
	    CRM_TOKEN_UNKNOWN_KEY);
	assert_int_equal(verify(forge(
	    "{\"alg\":\"EdDSA\",\"typ\":\"JWT\"}", PAYLOAD(TIMES))),
	    CRM_TOKEN_BAD);
	/* A key brought along is none. */
	assert_int_equal(verify(forge(crm_format(arena,
	    "{\"alg\":\"EdDSA\",\"typ\":\"JWT\",\"kid\":\"%s\",\"jwk\":"
	    "{\"kty\":\"OKP\"}}", keys[0].kid), PAYLOAD(TIMES))),
	    CRM_TOKEN_BAD);
	assert_int_equal(verify(forge(crm_format(arena,
	    "{\"alg\":\"EdDSA\",\"typ\":\"JWT\",\"kid\":\"%s\",\"crit\":"
	    "[\"b64\"],\"b64\":false}", keys[0].kid), PAYLOAD(TIMES))),
	    CRM_TOKEN_BAD);
}

/* A remembered signature goes with its key. */
static void
removed_keys_end_their_tokens(void **state)
{
	struct crm_claims in = claims(), out;
	struct crm_key other;
	char *token = crm_token_sign(arena, &keys[0], &in);

	(void)state;
	assert_int_equal(verify(token), CRM_TOKEN_GOOD);
	assert_int_equal(verify(token), CRM_TOKEN_GOOD);
	assert_int_equal(crm_token_verify(arena, token, &keys[1], 1,
	    "customer", NOW, &out), CRM_TOKEN_UNKNOWN_KEY);
	crm_key_generate(&other);
	strcpy(other.kid, keys[0].kid);
	assert_int_equal(crm_token_verify(arena, token, &other, 1, "customer",
	    NOW, &out), CRM_TOKEN_BAD);
	assert_int_equal(verify_at(token, NOW + 3600), CRM_TOKEN_EXPIRED);
	crm_token_forget();
	assert_int_equal(verify(token), CRM_TOKEN_GOOD);
}

/* HS256 with the public key as secret: what libjwt 1.10 let through. */
static void
algorithm_is_pinned(void **state)
{
	static const char *const names[] = { "none", "None", "HS256", "EdDSA ",
	    "eddsa", "ES256", "Ed25519", "Ed448", "" };
	unsigned char mac[32];
	unsigned size = sizeof mac;
	char *text, *token, *start;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof names / sizeof names[0]; i++)
		assert_int_equal(verify(forge(header(names[i]),
		    PAYLOAD(TIMES))), CRM_TOKEN_BAD);
	start = header("HS256");
	text = crm_format(arena, "%s.%s", crm_base64url(arena, start,
	    strlen(start)), crm_base64url(arena, PAYLOAD(TIMES),
	    strlen(PAYLOAD(TIMES))));
	HMAC(EVP_sha256(), keys[0].public_key, CRM_KEY_SIZE,
	    (unsigned char *)text, strlen(text), mac, &size);
	token = crm_format(arena, "%s.%s", text, crm_base64url(arena, mac,
	    size));
	assert_int_equal(verify(token), CRM_TOKEN_BAD);
	assert_int_equal(verify(crm_format(arena, "%s.", text)),
	    CRM_TOKEN_BAD);
}

/* Ed448, the other curve that EdDSA stands for. */
static void
curve_is_pinned(void **state)
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED448");
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	unsigned char signature[114];
	size_t size = sizeof signature;
	char *start = header("EdDSA"), *text;

	(void)state;
	text = crm_format(arena, "%s.%s", crm_base64url(arena, start,
	    strlen(start)), crm_base64url(arena, PAYLOAD(TIMES),
	    strlen(PAYLOAD(TIMES))));
	assert_int_equal(EVP_DigestSignInit(context, NULL, NULL, NULL, key),
	    1);
	assert_int_equal(EVP_DigestSign(context, signature, &size,
	    (unsigned char *)text, strlen(text)), 1);
	assert_int_equal(size, 114);
	assert_int_equal(verify(crm_format(arena, "%s.%s", text,
	    crm_base64url(arena, signature, size))), CRM_TOKEN_BAD);
	assert_int_equal(verify(crm_format(arena, "%s.%s", text,
	    crm_base64url(arena, signature, 64))), CRM_TOKEN_BAD);
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(key);
}

/* Every other byte than those that were signed. */
static void
no_byte_may_change(void **state)
{
	struct crm_claims in = claims();
	char *token = crm_token_sign(arena, &keys[0], &in), *other;
	size_t i;

	(void)state;
	for (i = 0; token[i] != '\0'; i++) {
		other = crm_strdup(arena, token);
		other[i] = other[i] == 'A' ? 'B' : 'A';
		assert_int_not_equal(verify(other), CRM_TOKEN_GOOD);
		other[i] = '.';
		if (token[i] != '.')
			assert_int_equal(verify(other), CRM_TOKEN_BAD);
		other[i] = '\0';
		assert_int_equal(verify(other), CRM_TOKEN_BAD);
	}
}

/* The last character of 64 bytes in base64url has four bits that mean
 * nothing: only zeros are canonical. */
static void
form_is_canonical(void **state)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-_";
	struct crm_claims in = claims();
	char *token = crm_token_sign(arena, &keys[0], &in), *other;
	size_t length = strlen(token);
	int i, good = 0;

	(void)state;
	for (i = 0; i < 64; i++) {
		other = crm_strdup(arena, token);
		other[length - 1] = digits[i];
		good += verify(other) == CRM_TOKEN_GOOD;
	}
	assert_int_equal(good, 1);
	assert_int_equal(verify(crm_format(arena, "%s=", token)),
	    CRM_TOKEN_BAD);
	assert_int_equal(verify(crm_format(arena, "%s==", token)),
	    CRM_TOKEN_BAD);
	assert_int_equal(verify(crm_format(arena, " %s", token)),
	    CRM_TOKEN_BAD);
	assert_int_equal(verify(crm_format(arena, "%s\n", token)),
	    CRM_TOKEN_BAD);
	assert_int_equal(verify(crm_format(arena, "%s.", token)),
	    CRM_TOKEN_BAD);
	assert_int_equal(verify(crm_format(arena, "%s.AAAA", token)),
	    CRM_TOKEN_BAD);
}

static void
nonsense_is_refused(void **state)
{
	static const char *const bad[] = { "", ".", "..", "...", "a.b.c",
	    "e30.e30.", "bnVsbA.bnVsbA.AAAA" };
	char *large = crm_alloc(arena, 10001);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(verify(bad[i]), CRM_TOKEN_BAD);
	memset(large, 'A', 10000);
	assert_int_equal(verify(large), CRM_TOKEN_BAD);
	large[100] = large[200] = '.';
	assert_int_equal(verify(large), CRM_TOKEN_BAD);
	assert_int_equal(verify(forge(header("EdDSA"), "[]")),
	    CRM_TOKEN_BAD);
	assert_int_equal(verify(forge(header("EdDSA"), "{}")),
	    CRM_TOKEN_BAD);
	assert_int_equal(verify(forge(header("EdDSA"),
	    "{\"aud\":\"customer\",\"aud\":\"customer\",\"sub\":\"" SUBJECT
	    "\",\"sid\":\"" SESSION "\"," TIMES "}")), CRM_TOKEN_BAD);
	assert_int_equal(verify(forge(header("EdDSA"),
	    "{\"aud\":\"customer\",\"sub\":\"me' or 1=1\",\"sid\":\""
	    SESSION "\"," TIMES "}")), CRM_TOKEN_BAD);
}

/* RFC 8032, section 7.1, test 2, as a JWK's x and by digest. */
static void
keys_are_shown(void **state)
{
	struct crm_key key = { .kid = "k\"1" };
	const struct crm_json *json, *one;
	char *text;

	(void)state;
	memcpy(key.public_key, "\x3d\x40\x17\xc3\xe8\x43\x89\x5a\x92\xb7\x0a"
	    "\xa7\x4d\x1b\x7e\xbc\x9c\x98\x2c\xcf\x2e\xc4\x96\x8c\xc0\xcd\x55"
	    "\xf1\x2a\xf4\x66\x0c", CRM_KEY_SIZE);
	text = crm_jwks(arena, &key, 1);
	json = crm_json_parse(arena, text, strlen(text), NULL);
	one = crm_json_first(crm_json_get(json, "keys"));
	assert_string_equal(crm_json_text_of(one, "kid"), "k\"1");
	assert_string_equal(crm_json_text_of(one, "crv"), "Ed25519");
	assert_string_equal(crm_json_text_of(one, "x"),
	    "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw");
	assert_null(crm_json_get(one, "d"));
	assert_string_equal(crm_jwks(arena, &key, 0), "{\"keys\":[]}");
}

static void
digests_and_random(void **state)
{
	const char *one = crm_uuid(arena), *other = crm_uuid(arena);
	SSL_CTX *context;

	(void)state;
	assert_string_equal(crm_digest(arena, "abc", 3),
	    "ba7816bf8f01cfea414140de5dae2223"
	    "b00361a396177a9cb410ff61f20015ad");
	assert_int_equal(strlen(one), 36);
	assert_int_equal(one[14], '4');
	assert_non_null(strchr("89ab", one[19]));
	assert_string_not_equal(one, other);
	assert_int_equal(strlen(crm_random_text(arena, 32)), 43);
	assert_true(crm_equal("same", "same", 4));
	assert_false(crm_equal("same", "samf", 4));
	context = crm_tls_context(true);
	assert_non_null(context);
	assert_int_equal(SSL_CTX_get_verify_mode(context), SSL_VERIFY_PEER);
	SSL_CTX_free(context);
	context = crm_tls_context(false);
	assert_int_equal(SSL_CTX_get_verify_mode(context), SSL_VERIFY_NONE);
	SSL_CTX_free(context);
}

static int
start(void **state)
{
	(void)state;
	arena = crm_arena_new(64 << 20);
	crm_key_generate(&keys[0]);
	crm_key_generate(&keys[1]);
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
		cmocka_unit_test(round_trip),
		cmocka_unit_test(only_who_has_the_key_signs),
		cmocka_unit_test(audience_must_be_equal),
		cmocka_unit_test(times_are_checked),
		cmocka_unit_test(keys_come_from_the_list),
		cmocka_unit_test(removed_keys_end_their_tokens),
		cmocka_unit_test(algorithm_is_pinned),
		cmocka_unit_test(curve_is_pinned),
		cmocka_unit_test(no_byte_may_change),
		cmocka_unit_test(form_is_canonical),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(keys_are_shown),
		cmocka_unit_test(digests_and_random),
	};

	return cmocka_run_group_tests_name("token", tests, start, end);
}
