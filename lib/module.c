/* SPDX-License-Identifier: ISC */
/*
 * A library that few requests need costs every worker megabytes if the
 * program is linked with it, by its relocations alone.  So it is linked with
 * a module, and a child that needs it loads that.
 */
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <crm/log.h>
#include <crm/module.h>

/* The module's path: the folder is the one where this program was found, and
 * never one that the environment names. */
static const char *
find(const char *name, char path[PATH_MAX])
{
	ssize_t length = readlink("/proc/self/exe", path, PATH_MAX - 1);
	char *end;
	int written;

	if (length < 0)
		return NULL;
	path[length] = '\0';
	end = strrchr(path, '/');
	if (end == NULL)
		return NULL;
	written = snprintf(end, (size_t)(path + PATH_MAX - end), "/%s.so",
	    name);
	return written < path + PATH_MAX - end ? path : NULL;
}

const void *
crm_module(const char *name, const char *face)
{
	char path[PATH_MAX];
	const void *found = NULL;
	void *module = NULL;

	if (find(name, path) != NULL)
		module = dlopen(path, RTLD_LAZY | RTLD_LOCAL);
	if (module != NULL)
		found = dlsym(module, face);
	if (found == NULL)
		crm_log(CRM_LOG_ERROR, "no module", "module", name, "error",
		    dlerror(), NULL);
	return found;
}
