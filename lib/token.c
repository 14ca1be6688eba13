/* SPDX-License-Identifier: ISC */
/*
 * Signed tokens: the compact form of RFC 7515 with one algorithm, EdDSA on
 * Ed25519 (RFC 8037).  What the header says about the algorithm is compared
 * and never followed; the key comes from our list and from nowhere else.
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>

#include <crm/json.h>
#include <crm/text.h>
#include <crm/token.h>

#define TOKEN_MOST	4096
#define SIGNATURE_SIZE	64
#define LEEWAY		60	/* seconds that another clock may be ahead */
#define REMEMBERED	512
#define TEXT_MOST	128	/* of a claim */

/* Digests of tokens, and of the key with them, whose signature was good:
 * 20 microseconds instead of 90.  What they claim is read anew each time. */
static unsigned char remembered[REMEMBERED][SHA256_DIGEST_LENGTH];

static void
sha256(const void *bytes, size_t length, unsigned char *digest)
{
	if (SHA256(bytes, length, digest) == NULL)
		abort();
}

void
crm_random(void *bytes, size_t length)
{
	/* Without good random numbers nothing here is safe. */
	if (length > INT32_MAX || RAND_bytes(bytes, (int)length) != 1)
		abort();
}

char *
crm_random_text(struct crm_arena *arena, size_t bytes)
{
	unsigned char *random = crm_alloc(arena, bytes);

	crm_random(random, bytes);
	return crm_base64url(arena, random, bytes);
}

static char *
hexadecimal(struct crm_arena *arena, const unsigned char *bytes,
    size_t length)
{
	static const char digits[] = "0123456789abcdef";
	char *text = crm_alloc(arena, length * 2 + 1);
	size_t i;

	for (i = 0; i < length; i++) {
		text[i * 2] = digits[bytes[i] >> 4];
		text[i * 2 + 1] = digits[bytes[i] & 15];
	}
	return text;
}

char *
crm_uuid(struct crm_arena *arena)
{
	unsigned char bytes[16];
	const char *hex;

	crm_random(bytes, sizeof bytes);
	bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x40);	/* version 4 */
	bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80);
	hex = hexadecimal(arena, bytes, sizeof bytes);
	return crm_format(arena, "%.8s-%.4s-%.4s-%.4s-%s", hex, hex + 8,
	    hex + 12, hex + 16, hex + 20);
}

char *
crm_digest(struct crm_arena *arena, const void *bytes, size_t length)
{
	unsigned char digest[SHA256_DIGEST_LENGTH];

	sha256(bytes, length, digest);
	return hexadecimal(arena, digest, sizeof digest);
}

void
crm_hmac_sha1(const void *key, size_t key_length, const void *bytes,
    size_t length, unsigned char *digest)
{
	if (key_length > INT32_MAX || HMAC(EVP_sha1(), key, (int)key_length,
	    bytes, length, digest, NULL) == NULL)
		abort();
}

bool
crm_equal(const void *one, const void *other, size_t length)
{
	return CRYPTO_memcmp(one, other, length) == 0;
}

void
crm_key_generate(struct crm_key *key)
{
	struct crm_arena *arena = crm_arena_new(4096);
	EVP_PKEY *pair = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	size_t public_size = CRM_KEY_SIZE, private_size = CRM_KEY_SIZE;

	memset(key, 0, sizeof *key);
	if (pair == NULL || EVP_PKEY_get_raw_public_key(pair,
	    key->public_key, &public_size) != 1 ||
	    EVP_PKEY_get_raw_private_key(pair, key->private_key,
	    &private_size) != 1)
		abort();
	EVP_PKEY_free(pair);
	strcpy(key->kid, crm_random_text(arena, 12));
	key->can_sign = true;
	crm_arena_free(arena);
}

static bool
sign(const struct crm_key *key, const char *text, unsigned char *signature)
{
	EVP_PKEY *private_key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519,
	    NULL, key->private_key, CRM_KEY_SIZE);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	size_t size = SIGNATURE_SIZE;
	bool good;

	good = private_key != NULL && context != NULL &&
	    EVP_DigestSignInit(context, NULL, NULL, NULL, private_key) == 1 &&
	    EVP_DigestSign(context, signature, &size,
	    (const unsigned char *)text, strlen(text)) == 1 &&
	    size == SIGNATURE_SIZE;
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(private_key);
	return good;
}

static bool
signature_good(const struct crm_key *key, const char *text, size_t length,
    const unsigned char *signature)
{
	EVP_PKEY *public_key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519,
	    NULL, key->public_key, CRM_KEY_SIZE);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool good;

	good = public_key != NULL && context != NULL &&
	    EVP_DigestVerifyInit(context, NULL, NULL, NULL, public_key) == 1 &&
	    EVP_DigestVerify(context, signature, SIGNATURE_SIZE,
	    (const unsigned char *)text, length) == 1;
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(public_key);
	return good;
}

static void
add_claim(struct crm_text *json, const char *name, const char *value)
{
	if (value == NULL)
		return;
	crm_text_printf(json, ",\"%s\":", name);
	crm_text_json(json, value);
}

char *
crm_token_sign(struct crm_arena *arena, const struct crm_key *key,
    const struct crm_claims *claims)
{
	unsigned char signature[SIGNATURE_SIZE];
	struct crm_text header, payload, token;

	if (!key->can_sign)
		return NULL;
	crm_text_init(&header, arena);
	crm_text_puts(&header, "{\"alg\":\"EdDSA\",\"typ\":\"JWT\",\"kid\":");
	crm_text_json(&header, key->kid);
	crm_text_putc(&header, '}');
	crm_text_init(&payload, arena);
	crm_text_printf(&payload, "{\"iat\":%lld,\"exp\":%lld",
	    (long long)claims->issued_at, (long long)claims->expires_at);
	add_claim(&payload, "aud", claims->audience);
	add_claim(&payload, "sub", claims->subject);
	add_claim(&payload, "sid", claims->session);
	add_claim(&payload, "jti", claims->id);
	add_claim(&payload, "csrf", claims->csrf);
	crm_text_putc(&payload, '}');
	crm_text_init(&token, arena);
	crm_text_puts(&token, crm_base64url(arena, header.data,
	    header.length));
	crm_text_putc(&token, '.');
	crm_text_puts(&token, crm_base64url(arena, payload.data,
	    payload.length));
	if (!sign(key, token.data, signature))
		return NULL;
	crm_text_putc(&token, '.');
	crm_text_puts(&token, crm_base64url(arena, signature,
	    sizeof signature));
	return token.data;
}

/* A token's parts, decoded. */
struct parts {
	const struct crm_json	*header, *payload;
	const unsigned char	*signature;
	size_t			 length;	/* of what was signed */
};

static const struct crm_json *
decode_json(struct crm_arena *arena, const char *text, size_t length)
{
	const struct crm_json *json;
	size_t size;
	char *bytes = crm_base64url_decode(arena, text, length, &size);

	if (bytes == NULL)
		return NULL;
	json = crm_json_parse(arena, bytes, size, NULL);
	return crm_json_type(json) == CRM_JSON_OBJECT ? json : NULL;
}

/* Three parts, each in the one form that base64url allows. */
static bool
take_apart(struct crm_arena *arena, const char *token, struct parts *parts)
{
	size_t length = strnlen(token, TOKEN_MOST + 1), size;
	const char *first, *second;

	if (length > TOKEN_MOST)
		return false;
	first = strchr(token, '.');
	second = first != NULL ? strchr(first + 1, '.') : NULL;
	if (second == NULL || strchr(second + 1, '.') != NULL)
		return false;
	parts->length = (size_t)(second - token);
	parts->signature = crm_base64url_decode(arena, second + 1,
	    length - parts->length - 1, &size);
	if (parts->signature == NULL || size != SIGNATURE_SIZE)
		return false;
	parts->header = decode_json(arena, token, (size_t)(first - token));
	return parts->header != NULL;
}

/* Our own header and nothing besides: no "crit", no key brought along. */
static bool
header_good(const struct crm_json *header)
{
	const char *algorithm = crm_json_text_of(header, "alg");
	const char *type = crm_json_text_of(header, "typ");
	const struct crm_json *member;

	for (member = crm_json_first(header); member != NULL;
	    member = crm_json_next(member))
		if (crm_json_type(member) != CRM_JSON_STRING ||
		    (strcmp(crm_json_name(member), "alg") != 0 &&
		    strcmp(crm_json_name(member), "typ") != 0 &&
		    strcmp(crm_json_name(member), "kid") != 0))
			return false;
	return algorithm != NULL && strcmp(algorithm, "EdDSA") == 0 &&
	    type != NULL && strcmp(type, "JWT") == 0;
}

static const struct crm_key *
find_key(const struct crm_key *keys, int count, const char *kid)
{
	int i;

	for (i = 0; i < count; i++)
		if (strcmp(keys[i].kid, kid) == 0)
			return &keys[i];
	return NULL;
}

/* Whether the signature is good, remembered if it is.  The key is part of
 * what is remembered: taken from the list, it takes its tokens along. */
static bool
verified(const struct crm_key *key, const char *token,
    const struct parts *parts)
{
	unsigned char both[2 * SHA256_DIGEST_LENGTH];
	unsigned char digest[SHA256_DIGEST_LENGTH];
	unsigned char *place;

	sha256(token, strlen(token), both);
	memcpy(both + SHA256_DIGEST_LENGTH, key->public_key, CRM_KEY_SIZE);
	sha256(both, sizeof both, digest);
	place = remembered[(digest[0] << 8 | digest[1]) % REMEMBERED];
	if (memcmp(place, digest, sizeof digest) == 0)
		return true;
	if (!signature_good(key, token, parts->length, parts->signature))
		return false;
	memcpy(place, digest, sizeof digest);
	return true;
}

void
crm_token_forget(void)
{
	memset(remembered, 0, sizeof remembered);
}

static bool
is_uuid(const char *text)
{
	size_t i;

	if (text == NULL || strlen(text) != 36)
		return false;
	for (i = 0; i < 36; i++)
		if (i == 8 || i == 13 || i == 18 || i == 23 ?
		    text[i] != '-' : strchr("0123456789abcdef", text[i]) ==
		    NULL)
			return false;
	return true;
}

static bool
text_claim(const struct crm_json *payload, const char *name,
    const char **value)
{
	const struct crm_json *member = crm_json_get(payload, name);

	*value = crm_json_text(member);
	if (member == NULL)
		return true;
	return crm_json_type(member) == CRM_JSON_STRING &&
	    strlen(*value) <= TEXT_MOST;
}

static bool
read_claims(const struct crm_json *payload, struct crm_claims *claims)
{
	return text_claim(payload, "aud", &claims->audience) &&
	    text_claim(payload, "sub", &claims->subject) &&
	    text_claim(payload, "sid", &claims->session) &&
	    text_claim(payload, "jti", &claims->id) &&
	    text_claim(payload, "csrf", &claims->csrf) &&
	    crm_json_integer(crm_json_get(payload, "iat"),
	    &claims->issued_at) &&
	    crm_json_integer(crm_json_get(payload, "exp"),
	    &claims->expires_at) &&
	    claims->audience != NULL && is_uuid(claims->subject) &&
	    is_uuid(claims->session) &&
	    claims->issued_at < claims->expires_at;
}

enum crm_token_state
crm_token_verify(struct crm_arena *arena, const char *token,
    const struct crm_key *keys, int count, const char *audience, int64_t now,
    struct crm_claims *claims)
{
	const struct crm_key *key;
	const char *kid, *payload;
	struct parts parts;

	memset(claims, 0, sizeof *claims);
	if (!take_apart(arena, token, &parts) || !header_good(parts.header))
		return CRM_TOKEN_BAD;
	kid = crm_json_text_of(parts.header, "kid");
	if (kid == NULL)
		return CRM_TOKEN_BAD;
	key = find_key(keys, count, kid);
	if (key == NULL)
		return CRM_TOKEN_UNKNOWN_KEY;
	/* What nobody vouches for isn't read. */
	if (!verified(key, token, &parts))
		return CRM_TOKEN_BAD;
	payload = strchr(token, '.') + 1;
	parts.payload = decode_json(arena, payload,
	    parts.length - (size_t)(payload - token));
	if (parts.payload == NULL || !read_claims(parts.payload, claims) ||
	    strcmp(claims->audience, audience) != 0 ||
	    claims->issued_at > now + LEEWAY) {
		memset(claims, 0, sizeof *claims);
		return CRM_TOKEN_BAD;
	}
	return claims->expires_at > now ? CRM_TOKEN_GOOD : CRM_TOKEN_EXPIRED;
}

char *
crm_jwks(struct crm_arena *arena, const struct crm_key *keys, int count)
{
	struct crm_text json;
	int i;

	crm_text_init(&json, arena);
	crm_text_puts(&json, "{\"keys\":[");
	for (i = 0; i < count; i++) {
		crm_text_printf(&json, "%s{\"kty\":\"OKP\","
		    "\"crv\":\"Ed25519\",\"use\":\"sig\",\"alg\":\"EdDSA\","
		    "\"kid\":", i > 0 ? "," : "");
		crm_text_json(&json, keys[i].kid);
		crm_text_printf(&json, ",\"x\":\"%s\"}", crm_base64url(arena,
		    keys[i].public_key, CRM_KEY_SIZE));
	}
	crm_text_puts(&json, "]}");
	return json.data;
}

void *
crm_tls_context(bool verify)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());

	if (context == NULL)
		return NULL;
	if (SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1 ||
	    (verify && SSL_CTX_set_default_verify_paths(context) != 1)) {
		SSL_CTX_free(context);
		return NULL;
	}
	SSL_CTX_set_verify(context, verify ? SSL_VERIFY_PEER :
	    SSL_VERIFY_NONE, NULL);
	return context;
}
