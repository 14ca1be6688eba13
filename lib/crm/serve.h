/* SPDX-License-Identifier: ISC */
/*
 * A program of the shop.  Only serve.c knows FastCGI and CGI.
 */
#ifndef CRM_SERVE_H
#define CRM_SERVE_H

#include <crm/route.h>

struct crm_statement;

struct crm_database;

/* A program's own word on the command line: `catalog import FILE`.  It runs
 * with the area's role and answers the exit status. */
struct crm_command {
	const char	*name;
	int		(*run)(struct crm_database *, int argc, char *argv[]);
	const char	*about;
};

/* How an area differs from the usual; all of it may be left out. */
struct crm_area {
	const char	*name;
	const struct crm_route *routes;
	const struct crm_statement *const *statements;	/* those of handlers,
							   NULL at the end */
	bool		 one_at_a_time;	/* long requests: no kept connections */
	bool		 network;	/* may open network sockets */
	const struct crm_command *commands;	/* NULL name at the end */
};

/*
 * Runs the program: a FastCGI worker if descriptor 0 is a listening socket,
 * a CGI if GATEWAY_INTERFACE is set (then DUKA_PERMISSIONS, which no client
 * can set, may name one permission that the caller has: that is how cron asks
 * for reports), otherwise by its first argument:
 *	routes	 prints the table of routes
 *	openapi	 prints its part of the contract
 *	check	 prepares every statement against the database and compares
 *		 the types of parameters with the fields
 *	version
 * Answers the exit status.
 */
int crm_main(int argc, char *argv[], const char *area,
    const struct crm_route *routes, const struct crm_statement *const *);
int crm_area_main(int argc, char *argv[], const struct crm_area *);

#endif
