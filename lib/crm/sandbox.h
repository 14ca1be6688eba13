/* SPDX-License-Identifier: ISC */
/* After the start a worker gives up what it doesn't need. */
#ifndef CRM_SANDBOX_H
#define CRM_SANDBOX_H

#include <stdbool.h>

/* No new programs, no tracing, no new privileges, no mounting; no sockets
 * but Unix ones, and with `network` the internet's, none raw.  False with
 * errno if the kernel refuses (the caller logs it and goes on). */
bool crm_sandbox(bool network);

#endif
