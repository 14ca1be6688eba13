/* SPDX-License-Identifier: ISC */
/*
 * Counters of an area, shared by its workers in one mapped file, so that
 * whichever worker is asked tells of all.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "private.h"

#define BUCKETS	10

/* Upper bounds of the buckets, in microseconds. */
static const int64_t bounds[BUCKETS] = { 500, 1000, 2500, 5000, 10000, 25000,
    50000, 100000, 500000, 2500000 };

struct counters {
	_Atomic uint64_t by_class[6];		/* 1xx to 5xx */
	_Atomic uint64_t buckets[BUCKETS + 1];
	_Atomic uint64_t nanoseconds;
};

static struct counters own, *counters = &own;

void
crm_metrics_open(const char *area)
{
	const char *folder = crm_config("DUKA_RUN", NULL);
	char path[512];
	void *memory;
	int fd;

	if (folder == NULL)
		return;
	snprintf(path, sizeof path, "%s/metrics-%s", folder, area);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0 || ftruncate(fd, sizeof *counters) != 0) {
		crm_log(CRM_LOG_WARNING, "no shared metrics", "error",
		    strerror(errno), NULL);
		if (fd >= 0)
			close(fd);
		return;
	}
	memory = mmap(NULL, sizeof *counters, PROT_READ | PROT_WRITE,
	    MAP_SHARED, fd, 0);
	close(fd);
	if (memory != MAP_FAILED)
		counters = memory;
}

static void
add(_Atomic uint64_t *counter, uint64_t much)
{
	atomic_fetch_add_explicit(counter, much, memory_order_relaxed);
}

static unsigned long long
get(_Atomic uint64_t *counter)
{
	return atomic_load_explicit(counter, memory_order_relaxed);
}

void
crm_metrics_count(int status, int64_t nanoseconds)
{
	int i = 0;

	while (i < BUCKETS && nanoseconds > bounds[i] * 1000)
		i++;
	add(&counters->buckets[i], 1);
	add(&counters->nanoseconds, (uint64_t)nanoseconds);
	if (status >= 100 && status < 600)
		add(&counters->by_class[status / 100], 1);
}

void
crm_metrics_print(struct crm_text *text, const char *area)
{
	unsigned long long sum = 0;
	int i;

	crm_text_puts(text, "# HELP duka_requests_total Requests answered.\n"
	    "# TYPE duka_requests_total counter\n");
	for (i = 2; i < 6; i++)
		crm_text_printf(text, "duka_requests_total{area=\"%s\","
		    "class=\"%dxx\"} %llu\n", area, i,
		    get(&counters->by_class[i]));
	crm_text_puts(text, "# HELP duka_request_seconds Time to answer.\n"
	    "# TYPE duka_request_seconds histogram\n");
	for (i = 0; i <= BUCKETS; i++) {
		sum += get(&counters->buckets[i]);
		crm_text_printf(text, "duka_request_seconds_bucket{"
		    "area=\"%s\",le=\"", area);
		if (i < BUCKETS)
			crm_text_printf(text, "%g", (double)bounds[i] / 1e6);
		else
			crm_text_puts(text, "+Inf");
		crm_text_printf(text, "\"} %llu\n", sum);
	}
	crm_text_printf(text, "duka_request_seconds_sum{area=\"%s\"} %.6f\n"
	    "duka_request_seconds_count{area=\"%s\"} %llu\n", area,
	    (double)get(&counters->nanoseconds) / 1e9, area, sum);
}
