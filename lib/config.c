/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include <crm/config.h>

const char *
crm_config(const char *name, const char *fallback)
{
	const char *text = getenv(name);

	return text != NULL && text[0] != '\0' ? text : fallback;
}
