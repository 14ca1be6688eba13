/* SPDX-License-Identifier: ISC */
/* One JSON line an event, to syslog or a file; never a secret. */
#ifndef CRM_LOG_H
#define CRM_LOG_H

struct crm_text;

enum crm_log_level { CRM_LOG_ERROR, CRM_LOG_WARNING, CRM_LOG_INFO };

/* Opens the log named by DUKA_LOG.  Before it, lines go to standard error. */
void crm_log_open(const char *program);

/* One line: time, level, program, pid, message, and the key-value pairs that
 * follow (NULL ends them; a NULL value is left out). */
void crm_log(enum crm_log_level, const char *message, ...)
    __attribute__((sentinel));

#endif
