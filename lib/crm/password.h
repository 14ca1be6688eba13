/* SPDX-License-Identifier: ISC */
/* Passwords: Argon2id by libsodium, 19 MiB, 2 passes. */
#ifndef CRM_PASSWORD_H
#define CRM_PASSWORD_H

#include <stdbool.h>

#include <crm/arena.h>

/* The encoded hash, to be stored; NULL if memory ran out. */
char *crm_password_hash(struct crm_arena *, const char *password);

/* Compares in the time of a hash also when `hash` is NULL (nobody there),
 * and then answers false. */
bool crm_password_verify(const char *hash, const char *password);

/* What is wrong with it as a new password, as a sentence, or NULL: 8 to 200
 * characters with letters, digits and special characters, and not among the
 * 10,000 commonest. */
const char *crm_password_fault(const char *password);

#endif
