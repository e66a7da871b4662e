/* SPDX-License-Identifier: BSD-2-Clause */
/* rproc-dump: show everything in a container, or take it apart. */
#include <stdio.h>
#include <string.h>

#include <rprocfw/rprocfw.h>

#include "apart.h"
#include "as_manifest.h"
#include "board_options.h"
#include "help.h"
#include "json.h"
#include "map_file.h"
#include "options.h"
#include "report_coverage.h"
#include "report_json.h"
#include "report_text.h"

static const struct help help = {
    .usage = "Usage: rproc-dump [options] FILE...\n"
             "       rproc-dump --extract DIR FILE\n"
             "       rproc-dump --as-manifest FILE\n"
             "\n"
             "Show what is in a signed firmware container: header, TLVs, hash table,\n"
             "signature, images, and what is not signed. No key is needed, and nothing is\n"
             "authenticated.\n"
             "\n",
    .options = "      --format text|json|lines|yaml\n"
               "                         what to print (default text)\n"
               "      --coverage         and every range: by what it is authenticated\n"
               "      --map FILE.svg     write a picture: the file beside its memory\n"
               "      --board NAME|FILE  with it: this board's memory: a name that rproc-verify\n"
               "                         lists, or a file: rprocfw-board(5)\n"
               "      --rproc-node PATH  with a blob: the node of the remote processor\n"
               "  -x, --extract DIR      write images, signature and TLV values to DIR instead\n"
               "      --as-manifest      print the manifest that makes FILE again of these\n"
               "  -h, --help             this text\n"
               "  -V, --version          version of the program and its libraries\n",
    .end = "\n"
           "Exit status, the worst of all files: 0 shown; 1 broken, shown as far as it can\n"
           "be read; 2 could not be done.\n"
           "Example: rproc-dump firmware.sig\n",
};

struct options {
    const char *tool;
    struct words files;
    const char *extract;
    const char *map;
    struct board_options board_options;
    struct rprocfw_board *board; /* NULL: none is given */
    enum format format;
    bool coverage;
    bool as_manifest;
};

/* ---- The command line ---- */

enum long_option { OPT_FORMAT = 256, OPT_COVERAGE, OPT_MAP, OPT_AS_MANIFEST };

static const struct option long_options[] = {
    {"format", required_argument, NULL, OPT_FORMAT},
    {"coverage", no_argument, NULL, OPT_COVERAGE},
    {"as-manifest", no_argument, NULL, OPT_AS_MANIFEST},
    {"as_manifest", no_argument, NULL, OPT_AS_MANIFEST},
    {"map", required_argument, NULL, OPT_MAP},
    {"extract", required_argument, NULL, 'x'},
    {"board", required_argument, NULL, BOARD_OPTION_BOARD},
    {"rproc-node", required_argument, NULL, BOARD_OPTION_NODE},
    {"rproc_node", required_argument, NULL, BOARD_OPTION_NODE},
    {"help", optional_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

static int take_option(void *ctx, int option, int argc, char **argv)
{
    struct options *o = ctx;
    int status;

    (void)argc;
    (void)argv;
    if (board_options_take(&o->board_options, option, o->tool, &status))
        return status;
    switch (option) {
    case OPT_FORMAT:
        return take_format(o->tool, &o->format, FORMATS_OF_REPORTS | FORMAT_BIT(FORMAT_YAML),
                           optarg);
    case OPT_AS_MANIFEST:
        o->as_manifest = true;
        return EXIT_DONE;
    case OPT_COVERAGE:
        o->coverage = true;
        return EXIT_DONE;
    case OPT_MAP:
        return set_once(o->tool, &o->map, "--map", optarg);
    case 'x':
        return set_once(o->tool, &o->extract, "--extract", optarg);
    default:
        return EXIT_FAILED; /* no option of long_options comes here */
    }
}

static const struct command_line command_line = {
    .help = &help,
    .short_options = ":x:hV",
    .long_options = long_options,
    .take = take_option,
};

static int check_options(const struct options *o)
{
    if (o->files.count == 0)
        return usage_error(o->tool, "no file to show");
    if (o->as_manifest && o->files.count > 1)
        return usage_error(o->tool, "--as-manifest takes one file, found %zu", o->files.count);
    if (o->as_manifest &&
        (o->extract != NULL || o->map != NULL || o->format != FORMAT_TEXT || o->coverage))
        return usage_error(o->tool, "--as-manifest and %s exclude each other",
                           o->extract != NULL         ? "--extract"
                           : o->map != NULL           ? "--map"
                           : o->format != FORMAT_TEXT ? "--format"
                                                      : "--coverage");
    if (o->extract != NULL && o->files.count > 1)
        return usage_error(o->tool, "--extract takes one file, found %zu", o->files.count);
    if (o->extract != NULL && o->extract[0] == '\0')
        return usage_error(o->tool, "--extract: the name of the folder is empty");
    if (o->extract != NULL && o->map != NULL)
        return usage_error(o->tool, "--extract and --map exclude each other");
    if (map_check(o->map, o->files.count, o->format == FORMAT_TEXT, o->tool) != EXIT_DONE)
        return EXIT_FAILED;
    if (board_options_check(&o->board_options, o->tool) != EXIT_DONE ||
        board_options_read_apart(&o->board_options, NULL, o->tool) != EXIT_DONE)
        return EXIT_FAILED;
    if (o->board_options.source.name != NULL && o->map == NULL)
        return usage_error(o->tool, "--board without --map: nothing else shows a board; "
                                    "rproc-verify judges for one");
    return read_apart(o->files.word, o->files.count, NULL, o->extract == NULL, o->tool);
}

/* ---- The work ---- */

/* Is standard output for something else than what is shown? */
static bool is_silent(const struct options *o)
{
    return o->extract != NULL || map_to_stdout(o->map);
}

static void print_report(const struct options *o, const struct rprocfw_report *report)
{
    print_dump(report);
    if (o->coverage)
        print_coverage(report);
    (void)fflush(stdout); /* before what standard error says of it */
}

/* What is read is no place for the picture. */
static int draw_map(const struct options *o, const struct rprocfw_report *report)
{
    struct words keep = {0};
    int status = words_add(&keep, o->files.word[0], o->tool);

    if (status == EXIT_DONE)
        status = board_options_keep(&o->board_options, &keep, o->tool);
    if (status == EXIT_DONE)
        status = map_write(o->map, report, o->board, &keep, o->tool);
    words_free(&keep);
    return status;
}

static int show(const struct options *o, json_t *document, const struct rprocfw_report *report)
{
    struct rprocfw_error error;

    if (o->as_manifest)
        return print_as_manifest(report, o->tool);
    if (o->extract != NULL) {
        if (rprocfw_report_extract(report, o->extract, &error) != RPROCFW_OK)
            return fail(o->tool, &error);
    } else if (o->format == FORMAT_TEXT) {
        if (!is_silent(o))
            print_report(o, report);
    } else if (!document_add_dump(document, report) ||
               (o->coverage && !document_add_coverage(document, report))) {
        return no_memory(o->tool);
    }
    if (o->map != NULL && draw_map(o, report) != EXIT_DONE)
        return EXIT_FAILED;
    if (report->status != RPROCFW_OK)
        complain(o->tool, "%s: %s", report->path, report->message);
    return exit_for(report->status);
}

static int dump(const struct options *o, json_t *document, const char *path)
{
    const struct rprocfw_report_job job = {
        .path = path, .mode = RPROCFW_REPORT_STRUCTURE, .preflight = o->as_manifest};
    struct rprocfw_report report;
    struct rprocfw_error error;
    int status;

    if (rprocfw_report_build(&report, &job, &error) != RPROCFW_OK) {
        if (o->format != FORMAT_TEXT && !document_add_error(document, path, &error))
            return no_memory(o->tool);
        return fail(o->tool, &error);
    }
    status = show(o, document, &report);
    rprocfw_report_free(&report);
    return status;
}

static int run(const struct options *o)
{
    json_t *document = document_new();
    int worst = EXIT_DONE;

    for (size_t i = 0; i < o->files.count && document != NULL; i++) {
        const int status = dump(o, document, o->files.word[i]);

        if (status > worst)
            worst = status;
    }
    if (document == NULL ||
        (o->extract == NULL && o->format != FORMAT_TEXT && !print_document(document, o->format)))
        worst = no_memory(o->tool);
    json_decref(document);
    return finish_stdout(o->tool, worst);
}

int main(int argc, char **argv)
{
    struct options o = {.tool = start_tool("rproc-dump", argv)};
    bool finished;
    int status;

    if (o.tool == NULL)
        return EXIT_FAILED;
    status = parse_command_line(&command_line, o.tool, &o, &o.files, argc, argv, &finished);
    if (status == EXIT_DONE && !finished)
        status = check_options(&o);
    if (status == EXIT_DONE && !finished)
        status = board_options_load(&o.board_options, &o.board, o.tool);
    if (status == EXIT_DONE && !finished)
        status = run(&o);
    rprocfw_board_free(o.board);
    words_free(&o.files);
    return status;
}
