/* SPDX-License-Identifier: ISC */
/* Money: 64-bit minor units and an ISO 4217 code; exact rates. */
#ifndef CRM_MONEY_H
#define CRM_MONEY_H

#include <stdbool.h>
#include <stdint.h>

#include <crm/text.h>

/* Digits after the point by ISO 4217 (JPY 0, EUR 2, KWD 3); -1 if the code
 * isn't one. */
int crm_currency_digits(const char *code);

/* amount × rate_millionths / 1,000,000, rounded once, half away from zero. */
int64_t crm_money_rate(int64_t amount, int64_t rate_millionths);

/* amount × numerator / denominator, rounded once, half away from zero. */
int64_t crm_money_scale(int64_t amount, int64_t numerator,
    int64_t denominator);

/* Shares `amount` out by `weights` with the largest remainder: the parts sum
 * to it.  Weights that are all zero share it equally.  count >= 1. */
void crm_money_share(int64_t amount, const int64_t *weights, int64_t *parts,
    int count);

/* {"amount":1250,"currency":"EUR"} */
void crm_money_json(struct crm_text *, int64_t amount, const char *currency);

/* "12.50 EUR", for mails and charts. */
void crm_money_print(struct crm_text *, int64_t amount, const char *currency);

#endif
