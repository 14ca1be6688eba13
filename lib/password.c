/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include <crm/password.h>
#include <crm/text.h>

#include "passwords_table.h"	/* passwords: "\npassword\nqwerty\n..." */

#define MEMORY		(19u << 20)
#define PASSES		2
#define LEAST		8
#define MOST		200
#define TAIL_MOST	6

/* Somebody's who has none: of random bytes that were thrown away. */
static const char nobody[] =
    "$argon2id$v=19$m=19456,t=2,p=1$f3rbyGmXJrFD6GmtUsRmZQ"
    "$RZNDq4p6kgDHqM1SiGK4D45gtp4DfSBuS8zdfmF2oWI";

static void
start(void)
{
	if (sodium_init() < 0)
		abort();
}

char *
crm_password_hash(struct crm_arena *arena, const char *password)
{
	char *hash = crm_alloc(arena, crypto_pwhash_STRBYTES);

	start();
	if (crypto_pwhash_str_alg(hash, password, strlen(password), PASSES,
	    MEMORY, crypto_pwhash_ALG_ARGON2ID13) != 0)
		return NULL;
	return hash;
}

bool
crm_password_verify(const char *hash, const char *password)
{
	bool same;

	start();
	same = crypto_pwhash_str_verify(hash != NULL ? hash : nobody,
	    password, strlen(password)) == 0;
	return same && hash != NULL;
}

/* A letter of any script: what isn't ASCII counts as one. */
static bool
is_letter(unsigned char byte)
{
	return (byte >= 'a' && byte <= 'z') ||
	    (byte >= 'A' && byte <= 'Z') || byte >= 0x80;
}

static bool
is_digit(unsigned char byte)
{
	return byte >= '0' && byte <= '9';
}

static const char *
fault_of_characters(const char *password)
{
	bool letters = false, digits = false, specials = false;
	const char *at;

	for (at = password; *at != '\0'; at++) {
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			return "A password has no control characters.";
		if (is_letter((unsigned char)*at))
			letters = true;
		else if (is_digit((unsigned char)*at))
			digits = true;
		else
			specials = true;
	}
	if (letters && digits && specials)
		return NULL;
	return "A password has letters, digits and special characters.";
}

/* Whether the first bytes of `between` (which begins with a line break) are
 * a common password. */
static bool
listed(char *between, size_t length)
{
	char kept = between[length + 1];
	bool found;

	between[length + 1] = '\n';
	found = memmem(passwords, sizeof passwords - 1, between,
	    length + 2) != NULL;
	between[length + 1] = kept;
	return found;
}

/* Whether it is a common password, in whatever case, or becomes one when up
 * to six digits and special characters are taken from its end: who must
 * have a digit and a special character writes Password1!. */
static bool
is_common(const char *password)
{
	char between[MOST * 4 + 3] = "\n";
	size_t i, length = strlen(password), tail;
	bool common = false;

	for (i = 0; i < length; i++)
		between[i + 1] = (char)(password[i] >= 'A' &&
		    password[i] <= 'Z' ? password[i] | 0x20 : password[i]);
	for (tail = 0; !common && tail <= TAIL_MOST && tail < length; tail++) {
		common = listed(between, length - tail);
		if (is_letter((unsigned char)password[length - tail - 1]))
			break;
	}
	sodium_memzero(between, sizeof between);
	return common;
}

const char *
crm_password_fault(const char *password)
{
	const char *fault;
	size_t length;

	if (!crm_utf8_valid(password, strlen(password)))
		return "A password is text in UTF-8.";
	length = crm_utf8_length(password);
	if (length < LEAST)
		return "A password has at least 8 characters.";
	if (length > MOST)
		return "A password has at most 200 characters.";
	fault = fault_of_characters(password);
	if (fault != NULL)
		return fault;
	if (is_common(password))
		return "That password is among the commonest, or nearly so.";
	return NULL;
}
