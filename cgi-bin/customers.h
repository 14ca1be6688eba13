/* SPDX-License-Identifier: ISC */
/* What the parts of customers share. */
#ifndef CUSTOMERS_H
#define CUSTOMERS_H

#include <crm/crm.h>

/* customers_searches.c: saved searches, checked against what the listings
 * can be narrowed by. */
crm_handler customers_save_search, customers_alter_search;

extern const struct crm_field customers_search_input[];

/* customers_unsubscribe.c: the way out that a mail names (RFC 8058). */
crm_handler customers_end_mail;

extern const struct crm_field customers_token_query[];

#endif
