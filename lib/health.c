/* SPDX-License-Identifier: ISC */
/* The routes that every area has: health, alive, metrics. */
#include <stdio.h>
#include <unistd.h>

#include "crm.sql.h"
#include "private.h"

static const char *area_name;

/* The whole chain: process, database. */
static enum crm_problem
health(struct crm_request *r)
{
	struct crm_result *rows;
	enum crm_problem problem = crm_query_one(r, &crm_health, &rows);

	if (problem != CRM_OK)
		return problem;
	crm_answer(r, crm_format(crm_arena(r), "{\"status\":\"ok\","
	    "\"area\":\"%s\",\"version\":\"" PACKAGE_VERSION "\","
	    "\"process\":%ld,\"database\":\"%s\"}", area_name,
	    (long)getpid(), crm_column(rows, 0, "server_version")));
	return CRM_OK;
}

/* The process alone: for load balancers, and the floor of benchmarks. */
static enum crm_problem
alive(struct crm_request *r)
{
	crm_answer(r, crm_format(crm_arena(r),
	    "{\"status\":\"ok\",\"area\":\"%s\"}", area_name));
	return CRM_OK;
}

static enum crm_problem
metrics(struct crm_request *r)
{
	struct crm_text text;

	crm_text_init(&text, crm_arena(r));
	crm_metrics_print(&text, area_name);
	crm_answer_as(r, "text/plain; version=0.0.4; charset=utf-8",
	    text.data, text.length);
	return CRM_OK;
}

const struct crm_route *
crm_own_routes(const struct crm_area *area)
{
	static char paths[3][64];
	static struct crm_route routes[] = {
		{ "GET", paths[0], CRM_PUBLIC, .handler = health,
		    .answer = "Health",
		    .about = "Whether process and database work" },
		{ "GET", paths[1], CRM_PUBLIC, .handler = alive,
		    .answer = "Alive", .about = "Whether the process works" },
		{ "GET", paths[2], CRM_LOCAL, .handler = metrics,
		    .answer_type = "text/plain",
		    .about = "Counters in Prometheus' text form, to callers "
			"on this machine" },
		CRM_END
	};

	if (area_name == NULL) {
		area_name = area->name;
		snprintf(paths[0], sizeof paths[0], "/api/%s/health",
		    area_name);
		snprintf(paths[1], sizeof paths[1], "/api/%s/alive",
		    area_name);
		snprintf(paths[2], sizeof paths[2], "/api/%s/metrics",
		    area_name);
	}
	return routes;
}
