/* SPDX-License-Identifier: ISC */
/*
 * libcurl's room: objects of an S3-compatible store, each request signed by
 * AWS's signature, version 4, over a digest of what is sent.  A module, so
 * that the courier that sends mail doesn't carry libcurl: courier_store.c
 * loads it into a process made for the store.
 */
#include <stdio.h>
#include <string.h>

#include <curl/curl.h>

#include "courier.h"

#define CONNECT_SECONDS	10L
#define ANSWER_MOST	2048

struct heard {
	char	text[ANSWER_MOST];
	size_t	length;
};

static CURL *handle;		/* kept: with it stays the connection */

/* The beginning of what the store says is enough. */
static size_t
hear(char *from, size_t size, size_t count, void *context)
{
	struct heard *heard = context;
	size_t length = size * count, room;

	room = sizeof heard->text - 1 - heard->length;
	memcpy(heard->text + heard->length, from, length < room ? length :
	    room);
	heard->length += length < room ? length : room;
	return length;
}

/* Its status, and the code that S3's answers name. */
static const char *
words_of(struct crm_arena *arena, long status, struct heard *heard)
{
	char *code, *end;

	heard->text[heard->length] = '\0';
	code = strstr(heard->text, "<Code>");
	if (code == NULL)
		return crm_format(arena, "the store answers %ld", status);
	code += strlen("<Code>");
	end = code + strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789");
	*end = '\0';
	return crm_format(arena, "the store answers %ld %.60s", status, code);
}

/* No header of libcurl's is taken away: it would sign it all the same. */
static struct curl_slist *
headers_of(struct crm_arena *arena, const void *bytes, size_t length)
{
	struct curl_slist *all;

	all = curl_slist_append(NULL, crm_format(arena,
	    "x-amz-content-sha256: %s", crm_digest(arena,
	    bytes != NULL ? bytes : "", length)));
	if (bytes == NULL)
		return all;
	all = curl_slist_append(all, "Content-Type: image/webp");
	return curl_slist_append(all,
	    "Cache-Control: public, max-age=31536000, immutable");
}

/* What is the same for all: only the web's protocols, no other address than
 * the one that is configured, certificates checked (libcurl's standard). */
static void
address(struct crm_arena *arena, const struct store_place *place,
    const char *url, long seconds)
{
	curl_easy_setopt(handle, CURLOPT_URL, url);
	curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
	curl_easy_setopt(handle, CURLOPT_TIMEOUT, seconds);
	curl_easy_setopt(handle, CURLOPT_AWS_SIGV4, crm_format(arena,
	    "aws:amz:%s:s3", place->region));
	curl_easy_setopt(handle, CURLOPT_USERNAME, place->key);
	curl_easy_setopt(handle, CURLOPT_PASSWORD, place->secret);
}

/* The status that the store answered; 0 with *why if none. */
static long
perform(struct crm_arena *arena, const char **why)
{
	struct heard heard = { .length = 0 };
	long status = 0;
	CURLcode failure;

	curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, hear);
	curl_easy_setopt(handle, CURLOPT_WRITEDATA, &heard);
	failure = curl_easy_perform(handle);
	if (failure != CURLE_OK) {
		*why = crm_strdup(arena, curl_easy_strerror(failure));
		return 0;
	}
	curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
	*why = words_of(arena, status, &heard);
	return status;
}

/* PUT of the bytes, or without any DELETE. */
static bool
send_signed(struct crm_arena *arena, const struct store_place *place,
    const char *name, const void *bytes, size_t length, long seconds,
    const char **why)
{
	const char *url = crm_format(arena, "%s/%s", place->url, name);
	struct curl_slist *headers;
	long status;

	if (handle == NULL)
		handle = curl_easy_init();
	*why = "libcurl doesn't start";
	if (handle == NULL)
		return false;
	curl_easy_reset(handle);
	address(arena, place, url, seconds);
	curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, bytes != NULL ? "PUT" :
	    "DELETE");
	if (bytes != NULL) {
		curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)length);
		curl_easy_setopt(handle, CURLOPT_POSTFIELDS, bytes);
	}
	headers = headers_of(arena, bytes, length);
	curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
	status = perform(arena, why);
	curl_slist_free_all(headers);
	return status == 200 || status == 204 ||
	    (bytes == NULL && status == 404);
}

const struct store_door courier_s3 = { send_signed };
