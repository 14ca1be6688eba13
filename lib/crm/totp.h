/* SPDX-License-Identifier: ISC */
/* Codes that change with time (RFC 6238): six digits, 30 seconds, HMAC-SHA-1,
 * which is what authenticator apps know. */
#ifndef CRM_TOTP_H
#define CRM_TOTP_H

#include <stddef.h>
#include <stdint.h>

#include <crm/arena.h>

#define CRM_TOTP_SECONDS	30
#define CRM_TOTP_SECRET		20	/* bytes of a secret: 32 in base32 */

/* A new random secret in base32 (RFC 4648, without padding). */
char *crm_totp_secret(struct crm_arena *);

/* The code of one step of time, as six digits; NULL if the secret isn't
 * base32. */
char *crm_totp_code(struct crm_arena *, const char *secret, int64_t step);

/* The step whose code this is, the present one or one beside it (clocks
 * differ), or -1.  Takes as long whichever it is; spaces don't count.  `now`
 * in seconds since 1970.  That a step is taken once only is the caller's to
 * see to. */
int64_t crm_totp_step(struct crm_arena *, const char *secret,
    const char *code, int64_t now);

/* otpauth://totp/…, as apps read it from a QR code. */
char *crm_totp_uri(struct crm_arena *, const char *secret,
    const char *issuer, const char *account);

/* Bytes in base32, capital letters and 2 to 7, without padding. */
char *crm_base32(struct crm_arena *, const void *, size_t);

#endif
