/* SPDX-License-Identifier: ISC */
/* Products in and out as CSV, over HTTP and from the command line.  The
 * lines are streamed through COPY both ways; the rules are in
 * sql/functions/catalog_import.sql. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <crm/crm.h>

#include "catalog.h"
#include "catalog.sql.h"

const struct crm_statement *const catalog_import_statements[] = {
	&command_permitted, &import_begin, &import_lines, &import_run,
	&export_lines, &pages_head_site, &pages_head_product,
	&pages_head_category, &pages_text_product, &pages_text_category,
	&pages_sitemap, &pages_sitemap_categories, &pages_sitemap_products,
	NULL
};

const struct crm_field catalog_import_query[] = {
	{ "mode", CRM_ENUM, .values = "all rows", .standard = "all",
	    .about = "All or nothing, or what is right line by line" },
	{ "dry_run", CRM_BOOL, .about = "Change nothing, tell what would" },
	{ "digest", CRM_TEXT, .min = 32, .max = 32,
	    .about = "Of a preview: do that and nothing else" },
	CRM_END
};

static long
read_body(void *request, char *buffer, size_t size)
{
	return crm_body_read(request, buffer, size);
}

enum crm_problem
catalog_import_take(struct crm_request *request)
{
	enum crm_problem problem = crm_execute(request, &import_begin);

	if (problem == CRM_OK)
		problem = crm_copy_in(request, &import_lines, read_body,
		    request);
	return problem != CRM_OK ? problem :
	    crm_answer_one(request, &import_run);
}

enum crm_problem
catalog_export_give(struct crm_request *request)
{
	enum crm_problem problem = crm_stream_begin(request, "text/csv",
	    "products.csv");

	if (problem != CRM_OK)
		return problem;
	return crm_copy_out(request, &export_lines, crm_stream, request);
}

static long
read_file(void *file, char *buffer, size_t size)
{
	size_t length = fread(buffer, 1, size, file);

	return length == 0 && ferror((FILE *)file) ? -1 : (long)length;
}

static bool
write_out(void *file, const char *bytes, size_t length)
{
	return fwrite(bytes, 1, length, file) == length;
}

/* The command line may write products: who can be duka_catalog is let in by
 * the database. */
static enum crm_problem
begin(struct crm_database *db, struct crm_arena *arena)
{
	enum crm_problem problem = crm_database_begin(db);

	if (problem != CRM_OK)
		return problem;
	return crm_database_query(db, arena, &command_permitted, NULL, NULL);
}

/* One line a fault on standard error; answers how many there are. */
static int64_t
print_faults(const struct crm_json *report)
{
	const struct crm_json *fault;

	fault = crm_json_first(crm_json_get(report, "faults"));
	for (; fault != NULL; fault = crm_json_next(fault))
		fprintf(stderr, "line %lld: %s %s\n",
		    (long long)crm_json_integer_of(fault, "line", 0),
		    crm_json_text_of(fault, "field"),
		    crm_json_text_of(fault, "message"));
	return crm_json_integer_of(report, "fault_count", 0);
}

static int
print_report(struct crm_arena *arena, const char *body)
{
	const struct crm_json *report;

	report = crm_json_parse(arena, body, strlen(body), NULL);
	printf("%lld lines, %lld taken: %lld products created, "
	    "%lld changed, %lld faults\n",
	    (long long)crm_json_integer_of(report, "lines", 0),
	    (long long)crm_json_integer_of(report, "taken", 0),
	    (long long)crm_json_integer_of(report, "created", 0),
	    (long long)crm_json_integer_of(report, "changed", 0),
	    (long long)crm_json_integer_of(report, "fault_count", 0));
	return print_faults(report) == 0 ? 0 : 1;
}

static int
failed(struct crm_database *db, const char *what)
{
	fprintf(stderr, "catalog: %s: %s\n", what, crm_database_error(db));
	crm_database_rollback(db);
	return 2;
}

static int
import_file(struct crm_database *db, struct crm_arena *arena, FILE *file,
    const char *mode)
{
	struct crm_result *rows;
	int status;

	if (begin(db, arena) != CRM_OK ||
	    crm_database_query(db, arena, &import_begin, NULL, NULL) !=
	    CRM_OK ||
	    crm_database_copy_in(db, &import_lines, read_file, file) !=
	    CRM_OK ||
	    crm_database_query(db, arena, &import_run, &rows, "mode", mode,
	    NULL) != CRM_OK)
		return failed(db, "import");
	status = print_report(arena, crm_column(rows, 0, "body"));
	if (status != 0 && strcmp(mode, "tell") == 0)
		crm_database_rollback(db);
	else if (crm_database_commit(db) != CRM_OK)
		return failed(db, "import");
	return status;
}

static int
import_command(struct crm_database *db, int argc, char *argv[])
{
	struct crm_arena *arena;
	bool by_rows = argc == 3 && strcmp(argv[2], "--rows") == 0;
	FILE *file;
	int status;

	if (argc != 2 && !by_rows) {
		fprintf(stderr, "usage: catalog import FILE [--rows]\n");
		return 64;
	}
	file = strcmp(argv[1], "-") == 0 ? stdin : fopen(argv[1], "r");
	if (file == NULL) {
		fprintf(stderr, "catalog: %s: %s\n", argv[1],
		    strerror(errno));
		return 66;
	}
	arena = crm_arena_new(16 * 1024 * 1024);
	status = import_file(db, arena, file, by_rows ? "rows" : "tell");
	crm_arena_free(arena);
	if (file != stdin)
		fclose(file);
	return status;
}

static int
export_command(struct crm_database *db, int argc, char *argv[])
{
	struct crm_arena *arena;
	bool done;

	(void)argv;
	if (argc != 1) {
		fprintf(stderr, "usage: catalog export >FILE\n");
		return 64;
	}
	arena = crm_arena_new(1024 * 1024);
	done = begin(db, arena) == CRM_OK &&
	    crm_database_copy_out(db, &export_lines, write_out, stdout) ==
	    CRM_OK && crm_database_commit(db) == CRM_OK && fflush(stdout) == 0;
	crm_arena_free(arena);
	return done ? 0 : failed(db, "export");
}

const struct crm_command catalog_commands[] = {
	{ "import", import_command,
	    "import FILE [--rows]: takes products in from CSV" },
	{ "export", export_command, "export: gives all products as CSV" },
	{ NULL, NULL, NULL }
};
