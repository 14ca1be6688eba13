/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <crm/totp.h>

/* "12345678901234567890", of RFC 6238's appendix B. */
#define SECRET	"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

/* The last six of the RFC's eight digits. */
static void
codes_are_those_of_the_rfc(void **state)
{
	static const struct {
		int64_t		 time;
		const char	*code;
	} cases[] = {
		{ 59, "287082" }, { 1111111109, "081804" },
		{ 1111111111, "050471" }, { 1234567890, "005924" },
		{ 2000000000, "279037" }, { 20000000000, "353130" }
	};
	struct crm_arena *arena = crm_arena_new(1 << 16);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_string_equal(crm_totp_code(arena, SECRET,
		    cases[i].time / CRM_TOTP_SECONDS), cases[i].code);
		assert_int_equal(crm_totp_step(arena, SECRET, cases[i].code,
		    cases[i].time), cases[i].time / CRM_TOTP_SECONDS);
	}
	crm_arena_free(arena);
}

static void
clocks_may_differ_by_a_step(void **state)
{
	struct crm_arena *arena = crm_arena_new(1 << 16);

	(void)state;
	assert_int_equal(crm_totp_step(arena, SECRET, "287082", 89), 1);
	assert_int_equal(crm_totp_step(arena, SECRET, "287082", 29), 1);
	assert_int_equal(crm_totp_step(arena, SECRET, "287082", 90), -1);
	assert_int_equal(crm_totp_step(arena, SECRET, "287 082", 59), 1);
	crm_arena_free(arena);
}

static void
what_is_no_code_is_none(void **state)
{
	static const char *const wrong[] = { "", "287083", "28708", "2870820",
	    "28708a", "-87082", "+287082", "287082x", "abcdef", "28708\xc2\xb2"
	};
	struct crm_arena *arena = crm_arena_new(1 << 16);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_int_equal(crm_totp_step(arena, SECRET, wrong[i], 59),
		    -1);
	assert_null(crm_totp_code(arena, "no base32!", 1));
	assert_int_equal(crm_totp_step(arena, "no base32!", "287082", 59), -1);
	crm_arena_free(arena);
}

static void
base32_is_that_of_the_rfc(void **state)
{
	static const char *const cases[][2] = { { "", "" }, { "f", "MY" },
	    { "fo", "MZXQ" }, { "foo", "MZXW6" }, { "foob", "MZXW6YQ" },
	    { "fooba", "MZXW6YTB" }, { "foobar", "MZXW6YTBOI" },
	    { "12345678901234567890", SECRET } };
	struct crm_arena *arena = crm_arena_new(1 << 16);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_string_equal(crm_base32(arena, cases[i][0],
		    strlen(cases[i][0])), cases[i][1]);
	crm_arena_free(arena);
}

static void
secrets_are_long_and_their_own(void **state)
{
	struct crm_arena *arena = crm_arena_new(1 << 16);
	const char *one = crm_totp_secret(arena);

	(void)state;
	assert_int_equal(strlen(one), 32);
	assert_string_not_equal(one, crm_totp_secret(arena));
	assert_string_equal(crm_totp_uri(arena, SECRET, "Ada's & Co",
	    "ada@example.org"), "otpauth://totp/Ada%27s%20%26%20Co:"
	    "ada%40example.org?secret=" SECRET "&issuer=Ada%27s%20%26%20Co"
	    "&algorithm=SHA1&digits=6&period=30");
	crm_arena_free(arena);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_are_those_of_the_rfc),
		cmocka_unit_test(clocks_may_differ_by_a_step),
		cmocka_unit_test(what_is_no_code_is_none),
		cmocka_unit_test(base32_is_that_of_the_rfc),
		cmocka_unit_test(secrets_are_long_and_their_own)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
