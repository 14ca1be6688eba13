/* SPDX-License-Identifier: ISC */
/* What a program needs seldom, and only in a process made for it. */
#ifndef CRM_MODULE_H
#define CRM_MODULE_H

/* Loads the module NAME.so that lies beside the program, with the libraries
 * it needs, and finds the variable `face` in it.  NULL with a line in the
 * log.  It stays until the process ends: call it in a child, before that
 * narrows itself and before it looks at anything a stranger sent. */
const void *crm_module(const char *name, const char *face);

#endif
