/* SPDX-License-Identifier: ISC */
/* staff: what its files know of each other. */
#ifndef STAFF_H
#define STAFF_H

#include <crm/crm.h>

/* staff_keys.c: makes a key for a program, shown in this one answer. */
enum crm_problem staff_make_key(struct crm_request *);

/* staff_audit.c: the log as a file for spreadsheets. */
enum crm_problem staff_export_audit(struct crm_request *);

#endif
