/* SPDX-License-Identifier: ISC */
/* Dates and times; addresses of mail, telephone and web. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE		/* memrchr */
#endif
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "field_private.h"

struct date {
	int	year, month, day;
};

/* `count` digits as a number, or -1. */
static int
number_at(const char *at, int count)
{
	int value = 0;

	for (; count > 0; count--, at++) {
		if (*at < '0' || *at > '9')
			return -1;
		value = value * 10 + (*at - '0');
	}
	return value;
}

static int
days_of_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
	    30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return month == 2 && leap ? 29 : days[month - 1];
}

/* The first 10 bytes as a date that exists; at least 10 are there. */
static bool
date_at(const char *at, struct date *date)
{
	date->year = number_at(at, 4);
	date->month = number_at(at + 5, 2);
	date->day = number_at(at + 8, 2);
	return date->year >= 0 && at[4] == '-' && at[7] == '-' &&
	    date->month >= 1 && date->month <= 12 && date->day >= 1 &&
	    date->day <= days_of_month(date->year, date->month);
}

static const char *
early(struct crm_reading *reading)
{
	return crm_reading_fails(reading, "too_small",
	    "Must not be before the year 1900");
}

const char *
crm_read_date(struct crm_reading *reading, const char *raw)
{
	struct date date;

	if (strlen(raw) != 10 || !date_at(raw, &date))
		return crm_reading_fails(reading, "format",
		    "Must be a date such as 2026-02-28");
	if (date.year < 1900)
		return early(reading);
	return crm_strdup(reading->arena, raw);
}

/* Minutes east of UTC from Z or +02:00 to the end of the text. */
static bool
offset_at(const char *at, int *minutes)
{
	int hours, rest;

	*minutes = 0;
	if (strcmp(at, "Z") == 0 || strcmp(at, "z") == 0)
		return true;
	if (strlen(at) != 6 || (at[0] != '+' && at[0] != '-') || at[3] != ':')
		return false;
	hours = number_at(at + 1, 2);
	rest = number_at(at + 4, 2);
	if (hours < 0 || hours > 23 || rest < 0 || rest > 59)
		return false;
	*minutes = (hours * 60 + rest) * (at[0] == '-' ? -1 : 1);
	return true;
}

/* Moves a date by at most a day either way. */
static void
move_day(struct date *date, int days)
{
	date->day += days;
	if (date->day < 1) {
		if (--date->month < 1) {
			date->month = 12;
			date->year--;
		}
		date->day = days_of_month(date->year, date->month);
	} else if (date->day > days_of_month(date->year, date->month)) {
		date->day = 1;
		if (++date->month > 12) {
			date->month = 1;
			date->year++;
		}
	}
}

/* Microseconds from ".123456789": at most nine digits, of which six count.
 * Moves `*at` behind them. */
static bool
fraction_at(const char **at, int *micros)
{
	int i, count;

	*micros = 0;
	if (**at != '.')
		return true;
	(*at)++;
	count = (int)strspn(*at, "0123456789");
	if (count < 1 || count > 9)
		return false;
	for (i = 0; i < 6; i++)
		*micros = *micros * 10 + (i < count ? (*at)[i] - '0' : 0);
	*at += count;
	return true;
}

/* The time of day as minutes and seconds, from 16 bytes at least: "T10:00:00"
 * and what follows.  24:00 and leap seconds are refused. */
static bool
clock_at(const char *at, int *minute, int *second, int *micros, int *offset)
{
	int hour;

	hour = number_at(at + 1, 2);
	*minute = number_at(at + 4, 2);
	*second = number_at(at + 7, 2);
	if ((at[0] != 'T' && at[0] != 't') || at[3] != ':' || at[6] != ':' ||
	    hour < 0 || hour > 23 || *minute < 0 || *minute > 59 ||
	    *second < 0 || *second > 59)
		return false;
	*minute += hour * 60;
	at += 9;
	return fraction_at(&at, micros) && offset_at(at, offset);
}

const char *
crm_read_time(struct crm_reading *reading, const char *raw)
{
	int minute, second, micros, offset;
	struct date date;

	if (strlen(raw) < 20 || !date_at(raw, &date) ||
	    !clock_at(raw + 10, &minute, &second, &micros, &offset))
		return crm_reading_fails(reading, "format",
		    "Must be a time such as 2026-02-28T12:00:00Z");
	minute -= offset;
	if (minute < 0) {
		minute += 24 * 60;
		move_day(&date, -1);
	} else if (minute >= 24 * 60) {
		minute -= 24 * 60;
		move_day(&date, 1);
	}
	if (date.year < 1900)
		return early(reading);
	if (date.year > 9999)
		return crm_reading_fails(reading, "too_large",
		    "Must not be after the year 9999");
	return crm_format(reading->arena,
	    "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", date.year, date.month,
	    date.day, minute / 60, minute % 60, second, micros);
}

static bool
is_alnum(char byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
	    (byte >= 'A' && byte <= 'Z');
}

/* A host's name: labels of letters, digits and inner hyphens, 63 bytes at
 * most; `count` says how many. */
static bool
is_host(const char *host, size_t length, int *count)
{
	size_t i, start = 0;

	*count = 0;
	if (length == 0 || length > 253)
		return false;
	for (i = 0; i <= length; i++) {
		if (i < length && (is_alnum(host[i]) || host[i] == '-'))
			continue;
		if (i < length && host[i] != '.')
			return false;
		if (i == start || i - start > 63 || host[start] == '-' ||
		    host[i - 1] == '-')
			return false;
		start = i + 1;
		(*count)++;
	}
	return true;
}

/* A dot-atom of RFC 5321: quoted local parts are legal there and mistakes
 * everywhere else. */
static bool
is_local_part(const char *text, size_t length)
{
	size_t i;

	if (length == 0 || length > 64 || text[0] == '.' ||
	    text[length - 1] == '.')
		return false;
	for (i = 0; i < length; i++) {
		if (text[i] == '.' && text[i + 1] == '.')
			return false;
		if (text[i] != '.' && !is_alnum(text[i]) &&
		    strchr("!#$%&'*+-/=?^_`{|}~", text[i]) == NULL)
			return false;
	}
	return true;
}

static void
lower(char *text)
{
	for (; *text != '\0'; text++)
		if (*text >= 'A' && *text <= 'Z')
			*text = (char)(*text - 'A' + 'a');
}

/* Without spaces around it. */
static char *
strip(struct crm_arena *arena, const char *raw)
{
	size_t length;

	raw += strspn(raw, " \t\r\n");
	for (length = strlen(raw); length > 0; length--)
		if (strchr(" \t\r\n", raw[length - 1]) == NULL)
			break;
	return crm_strndup(arena, raw, length);
}

const char *
crm_read_email(struct crm_reading *reading, const char *raw)
{
	char *text, *at, *last;
	int labels;

	text = strip(reading->arena, raw);
	if (text[0] == '\0' && reading->field->required)
		return crm_reading_fails(reading, "required",
		    "Must not be empty");
	if (strlen(text) > CRM_EMAIL_MOST)
		return crm_reading_fails(reading, "too_long",
		    "Must have at most %d bytes", CRM_EMAIL_MOST);
	at = strrchr(text, '@');
	if (at == NULL || !is_local_part(text, (size_t)(at - text)) ||
	    !is_host(at + 1, strlen(at + 1), &labels) || labels < 2)
		goto wrong;
	last = strrchr(at, '.') + 1;	/* 192.0.2.1 is no domain */
	if (strspn(last, "0123456789") == strlen(last))
		goto wrong;
	lower(at);
	return text;
wrong:
	return crm_reading_fails(reading, "format",
	    "Must be an e-mail address");
}

const char *
crm_read_phone(struct crm_reading *reading, const char *raw)
{
	char *text, *to;
	size_t length;

	if (strlen(raw) > CRM_PHONE_MOST)
		return crm_reading_fails(reading, "too_long",
		    "Must have at most %d characters", CRM_PHONE_MOST);
	text = to = crm_strdup(reading->arena, raw);
	while (*raw != '\0') {
		if (strncmp(raw, "(0)", 3) == 0)
			raw += 3;
		else if (*raw == ' ' || *raw == '.' || *raw == '-')
			raw++;
		else
			*to++ = *raw++;
	}
	*to = '\0';
	length = strlen(text);
	if (text[0] != '+' || length < 8 || length > 16 || text[1] == '0' ||
	    strspn(text + 1, "0123456789") != length - 1)
		return crm_reading_fails(reading, "format",
		    "Must be a number with its country, such as "
		    "+44 20 7183 8750");
	return text;
}

/* "[2001:db8::1]" by its bytes alone. */
static bool
is_bracketed(const char *text, size_t length)
{
	size_t i;

	if (length < 4 || length > 41 || text[length - 1] != ']')
		return false;
	for (i = 1; i < length - 1; i++)
		if (text[i] == '\0' ||
		    strchr("0123456789abcdefABCDEF:.", text[i]) == NULL)
			return false;
	return memchr(text, ':', length) != NULL;
}

/* host or host:port; no user before it, which only misleads readers. */
static bool
is_authority(const char *text, size_t length)
{
	const char *port;
	size_t digits;
	int labels;

	port = memrchr(text, ':', length);
	if (port != NULL && memchr(port, ']', length - (size_t)(port - text)))
		port = NULL;
	if (port != NULL) {
		digits = length - (size_t)(port - text) - 1;
		length = (size_t)(port - text);
		if (digits < 1 || digits > 5 ||
		    strspn(port + 1, "0123456789") < digits ||
		    atoi(port + 1) < 1 || atoi(port + 1) > 65535)
			return false;
	}
	return is_host(text, length, &labels) ||
	    (length > 0 && text[0] == '[' && is_bracketed(text, length));
}

/* Bytes that RFC 3986 lets stand after the authority, %XX whole. */
static bool
is_rest(const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '%' && (!isxdigit((unsigned char)text[1]) ||
		    !isxdigit((unsigned char)text[2])))
			return false;
		if (!is_alnum(*text) &&
		    strchr("-._~:/?#[]@!$&'()*+,;=%", *text) == NULL)
			return false;
	}
	return true;
}

const char *
crm_read_uri(struct crm_reading *reading, const char *raw)
{
	char *text, *rest, *start;
	char kept;

	text = strip(reading->arena, raw);
	if (strlen(text) > CRM_URI_MOST)
		return crm_reading_fails(reading, "too_long",
		    "Must have at most %d bytes", CRM_URI_MOST);
	start = strstr(text, "://");
	if (start == NULL)
		goto wrong;
	start += 3;
	rest = start + strcspn(start, "/?#");
	kept = *rest;
	*rest = '\0';		/* scheme and host have no case */
	lower(text);
	if ((strncmp(text, "http://", 7) != 0 &&
	    strncmp(text, "https://", 8) != 0) ||
	    !is_authority(start, (size_t)(rest - start)))
		goto wrong;
	*rest = kept;
	if (!is_rest(rest))
		goto wrong;
	return text;
wrong:
	return crm_reading_fails(reading, "format",
	    "Must be an address such as https://shop.example/");
}
