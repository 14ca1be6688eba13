/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <crm/money.h>

#define MILLION	1000000

__extension__ typedef __int128 wide;

/* ISO 4217, list one; each code with a closing space. */
static const struct {
	int		 digits;
	const char	*codes;
} currencies[] = {
	{ 2, "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND "
	     "BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU "
	     "CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS "
	     "GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR "
	     "KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU "
	     "MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK "
	     "PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS "
	     "SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD "
	     "USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG " },
	{ 0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF "
	     "XPF " },
	{ 3, "BHD IQD JOD KWD LYD OMR TND " },
	{ 4, "CLF UYW " },
};

int
crm_currency_digits(const char *code)
{
	const char *at;
	size_t i;

	if (code == NULL || strlen(code) != 3 || strchr(code, ' ') != NULL)
		return -1;
	for (i = 0; i < sizeof(currencies) / sizeof(currencies[0]); i++)
		for (at = currencies[i].codes; *at != '\0'; at += 4)
			if (memcmp(at, code, 3) == 0)
				return currencies[i].digits;
	return -1;
}

bool
crm_money_scale_fits(int64_t amount, int64_t numerator, int64_t denominator,
    int64_t *result)
{
	wide product, quotient, rest, half;

	if (denominator == 0)
		return false;
	product = (wide)amount * numerator;
	quotient = product / denominator;
	rest = product % denominator;
	half = denominator < 0 ? -(wide)denominator : denominator;
	if ((rest < 0 ? -rest : rest) * 2 >= half)
		quotient += (product < 0) == (denominator < 0) ? 1 : -1;
	if (quotient < INT64_MIN || quotient > INT64_MAX)
		return false;
	*result = (int64_t)quotient;
	return true;
}

int64_t
crm_money_scale(int64_t amount, int64_t numerator, int64_t denominator)
{
	int64_t result;

	if (!crm_money_scale_fits(amount, numerator, denominator, &result))
		abort();
	return result;
}

int64_t
crm_money_rate(int64_t amount, int64_t rate_millionths)
{
	return crm_money_scale(amount, rate_millionths, MILLION);
}

/* A sharing-out: the exact part of i is amount × weight(i) / sum. */
struct sharing {
	wide		 amount, sum;
	const int64_t	*weights;	/* NULL: all alike */
};

static int64_t
weight(const struct sharing *sharing, int64_t i)
{
	if (sharing->weights == NULL)
		return 1;
	return sharing->weights[i] < 0 ? 0 : sharing->weights[i];
}

static wide
remainder_of(const struct sharing *sharing, int64_t i)
{
	return sharing->amount * weight(sharing, i) % sharing->sum;
}

/* The larger remainder first, then the earlier. */
static int
compare_remainders(const void *a, const void *b, void *sharing)
{
	int64_t i = *(const int64_t *)a, j = *(const int64_t *)b;
	wide first = remainder_of(sharing, i);
	wide second = remainder_of(sharing, j);

	if (first != second)
		return first > second ? -1 : 1;
	return i < j ? -1 : i > j;
}

/* Whole parts, and one more each for the `left` largest remainders.  `parts`
 * serves as the list that is sorted, so that nothing is allocated. */
static void
share_out(const struct sharing *sharing, int64_t *parts, int count, int left)
{
	int64_t i, last = -1;

	if (left > 0) {
		for (i = 0; i < count; i++)
			parts[i] = i;
		qsort_r(parts, (size_t)count, sizeof(*parts),
		    compare_remainders, (void *)sharing);
		last = parts[left - 1];
	}
	for (i = 0; i < count; i++) {
		parts[i] = (int64_t)(sharing->amount * weight(sharing, i) /
		    sharing->sum);
		if (left > 0 && compare_remainders(&i, &last,
		    (void *)sharing) <= 0)
			parts[i]++;
	}
}

void
crm_money_share(int64_t amount, const int64_t *weights, int64_t *parts,
    int count)
{
	struct sharing sharing = { .amount = amount, .weights = weights };
	wide left;
	int i;

	for (i = 0; i < count; i++)
		sharing.sum += weight(&sharing, i);
	if (sharing.sum == 0) {
		sharing.weights = NULL;
		sharing.sum = count;
	}
	if (amount < 0)
		sharing.amount = -sharing.amount;
	left = sharing.amount;
	for (i = 0; i < count; i++)
		left -= sharing.amount * weight(&sharing, i) / sharing.sum;
	share_out(&sharing, parts, count, (int)left);
	for (i = 0; amount < 0 && i < count; i++)
		parts[i] = (int64_t)(-(wide)parts[i]);
}

int64_t
crm_money_refund_part(int64_t total, int64_t quantity,
    int64_t refunded_quantity, int64_t quantity_now)
{
	wide before, after;

	if (refunded_quantity < 0)
		refunded_quantity = 0;
	if (quantity <= refunded_quantity || quantity_now <= 0)
		return 0;
	if (quantity_now > quantity - refunded_quantity)
		quantity_now = quantity - refunded_quantity;
	before = (wide)total * refunded_quantity / quantity;
	after = (wide)total * (refunded_quantity + quantity_now) / quantity;
	return (int64_t)(after - before);
}

void
crm_money_json(struct crm_text *text, int64_t amount, const char *currency)
{
	crm_text_printf(text, "{\"amount\":%" PRId64 ",\"currency\":", amount);
	crm_text_json(text, currency);
	crm_text_putc(text, '}');
}

void
crm_money_print(struct crm_text *text, int64_t amount, const char *currency)
{
	int digits = crm_currency_digits(currency);
	uint64_t whole, unit = 1;
	int i;

	for (i = 0; i < digits; i++)
		unit *= 10;
	whole = amount < 0 ? -(uint64_t)amount : (uint64_t)amount;
	crm_text_printf(text, "%s%" PRIu64, amount < 0 ? "-" : "",
	    whole / unit);
	if (digits > 0)
		crm_text_printf(text, ".%0*" PRIu64, digits, whole % unit);
	crm_text_printf(text, " %s", currency);
}
