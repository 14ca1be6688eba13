/* SPDX-License-Identifier: ISC */
/* Money: examples for each promise, and properties over random amounts. */
#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <crm/arena.h>
#include <crm/money.h>

#include "random.h"

#define ROUNDS	10000
#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

static void
knows_digits(void **state)
{
	static const struct {
		const char	*code;
		int		 digits;
	} rows[] = { { "EUR", 2 }, { "USD", 2 }, { "JPY", 0 }, { "UGX", 0 },
		{ "XAF", 0 }, { "KWD", 3 }, { "TND", 3 }, { "CLF", 4 },
		{ "KES", 2 }, { "TZS", 2 }, { "ZWG", 2 }, { "XAU", -1 },
		{ "XXX", -1 }, { "eur", -1 }, { "EU", -1 }, { "", -1 },
		{ "EURO", -1 }, { "ED ", -1 }, { "UR ", -1 }, { NULL, -1 } };
	int i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++)
		assert_int_equal(crm_currency_digits(rows[i].code),
		    rows[i].digits);
}

static void
rounds_half_away_from_zero(void **state)
{
	static const struct {
		int64_t	amount, numerator, denominator, result;
	} rows[] = { { 1, 1, 2, 1 }, { -1, 1, 2, -1 }, { 3, 1, 2, 2 },
		{ -3, 1, 2, -2 }, { 1, 1, 3, 0 }, { 2, 1, 3, 1 },
		{ -2, 1, 3, -1 }, { 1, -1, 2, -1 }, { 1, 1, -2, -1 },
		{ -1, 1, -2, 1 }, { 5, 1, 10, 1 }, { 4, 1, 10, 0 },
		{ 0, 7, 3, 0 }, { 250, 1, 100, 3 }, { 249, 1, 100, 2 },
		{ INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX },
		{ INT64_MIN, 1, 1, INT64_MIN },
		{ INT64_MAX, 1, 2, INT64_MAX / 2 + 1 },
		{ INT64_MAX - 1, 1, 2, INT64_MAX / 2 },
		{ 1, 1, INT64_MIN, 0 },
		{ INT64_MIN, 1, INT64_MIN, 1 } };
	int i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++)
		assert_int_equal(crm_money_scale(rows[i].amount,
		    rows[i].numerator, rows[i].denominator),
		    rows[i].result);
	assert_int_equal(crm_money_rate(1999, 70000), 140);
	assert_int_equal(crm_money_rate(50, 190000), 10);
	assert_int_equal(crm_money_rate(-50, 190000), -10);
	assert_int_equal(crm_money_rate(INT64_MAX, 1000000), INT64_MAX);
}

static void
refuses_what_does_not_fit(void **state)
{
	int64_t result = 42;

	(void)state;
	assert_false(crm_money_scale_fits(INT64_MAX, 2, 1, &result));
	assert_false(crm_money_scale_fits(INT64_MIN, -1, 1, &result));
	assert_false(crm_money_scale_fits(INT64_MIN, 1, -1, &result));
	assert_false(crm_money_scale_fits(INT64_MAX, INT64_MAX, 1, &result));
	assert_false(crm_money_scale_fits(1, 1, 0, &result));
	assert_int_equal(result, 42);
	assert_true(crm_money_scale_fits(INT64_MAX, 3, 3, &result));
	assert_int_equal(result, INT64_MAX);
}

/* The signal that ends a process which does `what`. */
static int
ending(void (*what)(void))
{
	int status;
	pid_t child;

	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		signal(SIGABRT, SIG_DFL);
		what();
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void
rate_too_much(void)
{
	crm_money_rate(INT64_MAX, 1000001);
}

static void
scale_by_nothing(void)
{
	crm_money_scale(1, 1, 0);
}

static void
nothing_wrong(void)
{
	crm_money_rate(INT64_MAX, 1000000);
}

static void
never_wraps(void **state)
{
	(void)state;
	assert_int_equal(ending(rate_too_much), SIGABRT);
	assert_int_equal(ending(scale_by_nothing), SIGABRT);
	assert_int_equal(ending(nothing_wrong), 0);
}

static void
shares_by_largest_remainder(void **state)
{
	static const struct {
		int64_t	amount;
		int	count;
		int64_t	weights[4], parts[4];
	} rows[] = {
		{ 100, 3, { 1, 1, 1 }, { 34, 33, 33 } },
		{ 200, 3, { 1, 1, 1 }, { 67, 67, 66 } },
		{ 100, 3, { 0, 0, 0 }, { 34, 33, 33 } },
		{ 10, 3, { 1, 2, 4 }, { 1, 3, 6 } },
		{ 1, 3, { 1, 3, 2 }, { 0, 1, 0 } },
		{ 5, 3, { 0, 1, 0 }, { 0, 5, 0 } },
		{ -100, 3, { 1, 1, 1 }, { -34, -33, -33 } },
		{ 0, 2, { 3, 4 }, { 0, 0 } },
		{ 7, 1, { 0 }, { 7 } },
		{ 9, 2, { -5, 3 }, { 0, 9 } },
		{ INT64_MAX, 2, { INT64_MAX, INT64_MAX },
		    { INT64_MAX / 2 + 1, INT64_MAX / 2 } },
		{ INT64_MIN, 1, { 1 }, { INT64_MIN } },
	};
	int64_t parts[4];
	int i, j;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		crm_money_share(rows[i].amount, rows[i].weights, parts,
		    rows[i].count);
		for (j = 0; j < rows[i].count; j++)
			assert_int_equal(parts[j], rows[i].parts[j]);
	}
}

/* The parts sum to the whole, have its sign, lie within one of the exact
 * part, and nobody who is due more gets less. */
static void
shares_sum_and_are_fair(void **state)
{
	int64_t weights[12], parts[12], amount, whole, rest, exact;
	int round, i, count;

	(void)state;
	for (round = 0; round < ROUNDS; round++) {
		count = (int)random_below(12) + 1;
		amount = random_below(100000) - 20000;
		whole = 0;
		for (i = 0; i < count; i++) {
			weights[i] = random_below(4) == 0 ? 0 :
			    random_below(5000);
			whole += weights[i];
		}
		crm_money_share(amount, weights, parts, count);
		rest = amount;
		for (i = 0; i < count; i++) {
			rest -= parts[i];
			assert_true(amount < 0 ? parts[i] <= 0 :
			    parts[i] >= 0);
			exact = whole == 0 ? amount / count :
			    amount * weights[i] / whole;
			assert_true(llabs(parts[i] - exact) <= 1);
			if (i > 0 && weights[i] > weights[i - 1])
				assert_true(llabs(parts[i]) >=
				    llabs(parts[i - 1]));
			if (whole > 0 && weights[i] == 0)
				assert_int_equal(parts[i], 0);
		}
		assert_int_equal(rest, 0);
	}
}

static void
refunds_by_example(void **state)
{
	static const struct {
		int64_t	total, quantity, before, now, part;
	} rows[] = { { 100, 3, 0, 1, 33 }, { 100, 3, 1, 1, 33 },
		{ 100, 3, 2, 1, 34 }, { 100, 3, 0, 3, 100 },
		{ 100, 3, 0, 2, 66 }, { 100, 3, 3, 1, 0 },
		{ 100, 3, 1, 9, 67 }, { 100, 3, 0, 0, 0 },
		{ 100, 3, 0, -1, 0 }, { 100, 3, -2, 1, 33 },
		{ 100, 0, 0, 1, 0 }, { 2, 4, 0, 1, 0 }, { 2, 4, 1, 1, 1 },
		{ INT64_MAX, 3, 0, INT64_MAX, INT64_MAX } };
	int i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++)
		assert_int_equal(crm_money_refund_part(rows[i].total,
		    rows[i].quantity, rows[i].before, rows[i].now),
		    rows[i].part);
}

/* However many at once, the same is paid back, and never more than paid. */
static void
refunds_add_up(void **state)
{
	int64_t total, quantity, before, now, paid, part, one;
	int round;

	(void)state;
	for (round = 0; round < ROUNDS; round++) {
		total = random_below(100000);
		quantity = random_below(30) + 1;
		paid = before = 0;
		while (before < quantity) {
			now = random_below(quantity - before) + 1;
			part = crm_money_refund_part(total, quantity, before,
			    now);
			assert_true(part >= 0);
			paid += part;
			before += now;
			assert_int_equal(paid, crm_money_refund_part(total,
			    quantity, 0, before));
			one = crm_money_refund_part(total, quantity,
			    before - 1, 1);
			assert_true(one == total / quantity ||
			    one == total / quantity + 1);
			assert_true(paid <= total);
		}
		assert_int_equal(paid, total);
	}
}

static void
prints(void **state)
{
	static const struct {
		int64_t		 amount;
		const char	*currency, *text;
	} rows[] = { { 1250, "EUR", "12.50 EUR" }, { 5, "EUR", "0.05 EUR" },
		{ -5, "EUR", "-0.05 EUR" }, { -1250, "EUR", "-12.50 EUR" },
		{ 1250, "JPY", "1250 JPY" }, { 1250, "KWD", "1.250 KWD" },
		{ 0, "KWD", "0.000 KWD" }, { 12345, "CLF", "1.2345 CLF" },
		{ 12, "XXX", "12 XXX" },
		{ INT64_MIN, "EUR", "-92233720368547758.08 EUR" } };
	struct crm_arena *arena = crm_arena_new(1 << 20);
	struct crm_text text;
	int i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		crm_text_init(&text, arena);
		crm_money_print(&text, rows[i].amount, rows[i].currency);
		assert_string_equal(text.data, rows[i].text);
	}
	crm_text_init(&text, arena);
	crm_money_json(&text, -7, "EUR");
	assert_string_equal(text.data, "{\"amount\":-7,\"currency\":\"EUR\"}");
	crm_arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_digits),
		cmocka_unit_test(rounds_half_away_from_zero),
		cmocka_unit_test(refuses_what_does_not_fit),
		cmocka_unit_test(never_wraps),
		cmocka_unit_test(shares_by_largest_remainder),
		cmocka_unit_test(shares_sum_and_are_fair),
		cmocka_unit_test(refunds_by_example),
		cmocka_unit_test(refunds_add_up),
		cmocka_unit_test(prints),
	};

	random_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
