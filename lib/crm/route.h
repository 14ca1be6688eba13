/* SPDX-License-Identifier: ISC */
/* A route: who may come, what they may say, and the statement or handler
 * that answers. */
#ifndef CRM_ROUTE_H
#define CRM_ROUTE_H

#include <stdbool.h>
#include <stddef.h>

#include <crm/field.h>
#include <crm/problem.h>

struct crm_request;
struct crm_statement;

enum crm_who {
	CRM_WHO_MISSING,	/* a route without a rule doesn't start */
	CRM_WHO_PUBLIC,		/* anyone; nobody is identified */
	CRM_WHO_ANYONE,		/* anyone; identified if credentials came */
	CRM_WHO_SHOPPER,	/* customer, or guest by the cart's token */
	CRM_WHO_CUSTOMER,
	CRM_WHO_STAFF,
	CRM_WHO_LOCAL		/* callers on this machine, not through nginx */
};

struct crm_access {
	enum crm_who	 who;
	const char	*permission;	/* of staff */
};

#define CRM_PUBLIC		{ CRM_WHO_PUBLIC, NULL }
#define CRM_ANYONE		{ CRM_WHO_ANYONE, NULL }
#define CRM_SHOPPER		{ CRM_WHO_SHOPPER, NULL }
#define CRM_CUSTOMER		{ CRM_WHO_CUSTOMER, NULL }
#define CRM_STAFF(permission)	{ CRM_WHO_STAFF, permission }
#define CRM_LOCAL		{ CRM_WHO_LOCAL, NULL }

/* Answers a request: sets the answer and returns CRM_OK, or returns one
 * problem and has written nothing. */
typedef enum crm_problem crm_handler(struct crm_request *);

struct crm_route {
	const char			*method;
	const char			*path;	   /* /api/tasks/{id} */
	struct crm_access		 access;
	const struct crm_field		*input;	   /* GET, DELETE: the query;
						      others: the body.  Path
						      parameters named id or
						      …_id are UUIDs, others
						      text; a bad one is a
						      thing not found */
	const struct crm_statement	*statement;
	crm_handler			*handler;  /* instead of a statement */
	int				 status;   /* 200 unless told; 204 has
						      no body */
	const char			*limit;	   /* an extra limit's name */
	bool				 if_match; /* If-Match is required */
	bool				 idempotent; /* takes Idempotency-Key */
	int				 cache;	   /* seconds, public; 0: no */
	size_t				 max_body; /* 64 KiB unless told */
	const char			*type;	   /* of a body not JSON, or
						      several, with blanks
						      between: the handler
						      reads it itself */
	const char			*answer;   /* schema in contract/ */
	const char			*answer_type; /* if not JSON */
	const char			*about;	   /* one line, for contract and
						      man page */
	const struct crm_field		*query;	   /* of POST, PUT, PATCH */
	const char			*header;   /* one more that the handler
						      reads, for the contract:
						      "Name: what it is" */
};

/* Whether `path` (decoded, without query) fits; sets parameters[i] to the
 * start and lengths[i] to the length of each {}.  `most` of them at most. */
bool crm_route_match(const struct crm_route *, const char *path,
    const char **parameters, size_t *lengths, int most);

#endif
