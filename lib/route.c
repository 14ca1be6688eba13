/* SPDX-License-Identifier: ISC */
/* Whether a path fits a route. */
#include <string.h>

#include <crm/route.h>

bool
crm_route_match(const struct crm_route *route, const char *path,
    const char **parameters, size_t *lengths, int most)
{
	const char *pattern = route->path, *start;
	int count = 0;

	while (*pattern != '\0') {
		if (*pattern != '{') {
			if (*pattern++ != *path++)
				return false;
			continue;
		}
		start = path;
		path += strcspn(path, "/");
		if (path == start || count == most)
			return false;
		parameters[count] = start;
		lengths[count++] = (size_t)(path - start);
		pattern += strcspn(pattern, "}");
		if (*pattern == '}')
			pattern++;
	}
	return *path == '\0';
}
