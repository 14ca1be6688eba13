/* SPDX-License-Identifier: ISC */
/* Money: 64-bit minor units and an ISO 4217 code; exact rates. */
#ifndef CRM_MONEY_H
#define CRM_MONEY_H

#include <stdbool.h>
#include <stdint.h>

#include <crm/text.h>

/* Digits after the point by ISO 4217 (JPY 0, EUR 2, KWD 3); -1 if the code
 * isn't one, or is of something that has no minor unit (gold, tests). */
int crm_currency_digits(const char *code);

/* amount × rate_millionths / 1,000,000, rounded once, half away from zero.
 * A result beyond 64 bits ends the process; see crm_money_scale_fits(). */
int64_t crm_money_rate(int64_t amount, int64_t rate_millionths);

/* amount × numerator / denominator, rounded once, half away from zero.  A
 * result beyond 64 bits, or a denominator of 0, ends the process. */
int64_t crm_money_scale(int64_t amount, int64_t numerator,
    int64_t denominator);

/* The same where the operands aren't known to be sane: false, and nothing
 * set, if there is no such result. */
bool crm_money_scale_fits(int64_t amount, int64_t numerator,
    int64_t denominator, int64_t *result);

/* Shares `amount` out by `weights` with the largest remainder, ties to the
 * earlier: the parts sum to it.  A weight below zero counts as zero; weights
 * that are all zero share it equally.  count >= 1. */
void crm_money_share(int64_t amount, const int64_t *weights, int64_t *parts,
    int count);

/* What to pay back for `quantity_now` of the `quantity` pieces that cost
 * `total` together, when `refunded_quantity` of them were paid back before.
 * k times one piece are once k pieces; no two pieces differ by more than 1;
 * the last one takes what is left.  More than what is left counts as that,
 * less than none as none. */
int64_t crm_money_refund_part(int64_t total, int64_t quantity,
    int64_t refunded_quantity, int64_t quantity_now);

/* {"amount":1250,"currency":"EUR"} */
void crm_money_json(struct crm_text *, int64_t amount, const char *currency);

/* "12.50 EUR", for mails and charts.  What isn't a currency prints as plain
 * minor units. */
void crm_money_print(struct crm_text *, int64_t amount, const char *currency);

#endif
