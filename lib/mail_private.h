/* SPDX-License-Identifier: ISC */
/* What mail.c and mail_compose.c know of each other. */
#ifndef CRM_MAIL_PRIVATE_H
#define CRM_MAIL_PRIVATE_H

#include <stdbool.h>

#include <crm/mail.h>

/* Parts "Name <address>" or a bare address; the name is "" if there is none.
 * False if it is no address that any relay would take. */
bool crm_mailbox_split(struct crm_arena *, const char *mailbox,
    const char **name, const char **address);

#endif
