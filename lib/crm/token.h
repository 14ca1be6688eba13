/* SPDX-License-Identifier: ISC */
/*
 * Signed tokens (JWS, RFC 7515, EdDSA with Ed25519 only), digests and random
 * bytes.  Only token.c includes OpenSSL.
 */
#ifndef CRM_TOKEN_H
#define CRM_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <crm/arena.h>

#define CRM_KEY_SIZE	32

struct crm_key {
	char		kid[33];
	unsigned char	public_key[CRM_KEY_SIZE];
	unsigned char	private_key[CRM_KEY_SIZE];	/* zero unless known */
	bool		can_sign;
};

struct crm_claims {
	const char	*audience;	/* "customer", "staff" */
	const char	*subject;	/* account's uuid */
	const char	*session;	/* sid, uuid */
	const char	*id;		/* jti, or NULL */
	const char	*csrf;		/* or NULL */
	int64_t		 issued_at, expires_at;		/* seconds since 1970 */
};

/* A new random key pair; its kid is random too. */
void crm_key_generate(struct crm_key *);

/* NULL if the key can't sign. */
char *crm_token_sign(struct crm_arena *, const struct crm_key *,
    const struct crm_claims *);

enum crm_token_state {
	CRM_TOKEN_GOOD,
	CRM_TOKEN_BAD,		/* malformed, wrong algorithm, signature */
	CRM_TOKEN_EXPIRED,
	CRM_TOKEN_UNKNOWN_KEY	/* kid isn't among the keys */
};

/* Verifies against the keys; `now` in seconds.  The audience must be equal.
 * Claims live in the arena.  A small cache remembers verified signatures. */
enum crm_token_state crm_token_verify(struct crm_arena *, const char *token,
    const struct crm_key *keys, int count, const char *audience, int64_t now,
    struct crm_claims *);

/* Forgets all verified signatures (keys changed). */
void crm_token_forget(void);

/* The public keys as a JWK set (RFC 7517, RFC 8037). */
char *crm_jwks(struct crm_arena *, const struct crm_key *, int count);

void crm_random(void *, size_t);

/* `bytes` random bytes as base64url. */
char *crm_random_text(struct crm_arena *, size_t bytes);
char *crm_uuid(struct crm_arena *);

/* SHA-256 as 64 lower-case hexadecimal digits. */
char *crm_digest(struct crm_arena *, const void *, size_t);

#define CRM_HMAC_SHA1_SIZE	20

/* HMAC (RFC 2104) by SHA-1, which codes of RFC 6238 are made of. */
void crm_hmac_sha1(const void *key, size_t key_length, const void *,
    size_t length, unsigned char *digest);

bool crm_equal(const void *, const void *, size_t);	/* constant time */

/* An SSL_CTX for clients with the system's certificates, to be kept for the
 * life of the process; NULL on failure.  Typed void so that OpenSSL stays in
 * its room. */
void *crm_tls_context(bool verify);

#endif
