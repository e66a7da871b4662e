/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Everything that rproc-verify --no-signature and rproc-dump print of any file. Text and pictures
 * have no control characters but the ends of lines, nor have lines of names and values; JSON and
 * YAML can be read, and JSON says the same again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <yaml.h>

#include "../../src/tools/json.h"
#include "../../src/tools/map.h"
#include "../../src/tools/report_coverage.h"
#include "../../src/tools/report_json.h"
#include "../../src/tools/report_text.h"
#include "fuzz.h"
#include "report.h"

/* What a tool prints, in memory. */
struct printed {
    FILE *out; /* the standard output that there was */
    char *text;
    size_t size;
};

static void print_begin(struct printed *printed)
{
    printed->out = stdout;
    stdout = open_memstream(&printed->text, &printed->size);
    FUZZ_HOLDS(stdout != NULL);
}

static void print_end(struct printed *printed)
{
    FUZZ_HOLDS(fclose(stdout) == 0);
    stdout = printed->out;
}

static void check_text(const struct rprocfw_report *report)
{
    struct printed printed;

    print_begin(&printed);
    print_dump(report);
    if (report->status == RPROCFW_OK)
        print_verdict(report, true);
    print_coverage(report);
    print_end(&printed);
    for (size_t i = 0; i < printed.size; i++)
        FUZZ_HOLDS(printed.text[i] == '\n' ||
                   ((unsigned char)printed.text[i] >= ' ' && printed.text[i] != 0x7F));
    free(printed.text);
}

static void check_json(const json_t *document)
{
    struct printed printed;
    json_t *again;

    print_begin(&printed);
    FUZZ_HOLDS(print_document(document, FORMAT_JSON));
    print_end(&printed);
    again = json_loadb(printed.text, printed.size, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
    FUZZ_HOLDS(again != NULL && json_equal(again, document) == 1);
    json_decref(again);
    free(printed.text);
}

static void check_yaml(const json_t *document)
{
    struct printed printed;
    yaml_parser_t parser;
    yaml_document_t read;

    print_begin(&printed);
    FUZZ_HOLDS(print_document(document, FORMAT_YAML));
    print_end(&printed);
    FUZZ_HOLDS(yaml_parser_initialize(&parser) == 1);
    yaml_parser_set_input_string(&parser, (const unsigned char *)printed.text, printed.size);
    FUZZ_HOLDS(yaml_parser_load(&parser, &read) == 1);
    FUZZ_HOLDS(yaml_document_get_root_node(&read) != NULL);
    yaml_document_delete(&read);
    yaml_parser_delete(&parser);
    free(printed.text);
}

/* Each line has a name and a value; ends of lines are the only control characters. */
static void check_lines(const json_t *document)
{
    struct printed printed;
    const char *line;

    print_begin(&printed);
    FUZZ_HOLDS(print_document(document, FORMAT_LINES));
    print_end(&printed);
    line = printed.text;
    for (size_t i = 0; i < printed.size; i++) {
        FUZZ_HOLDS(printed.text[i] == '\n' ||
                   ((unsigned char)printed.text[i] >= ' ' && printed.text[i] != 0x7F));
        if (printed.text[i] != '\n')
            continue;
        FUZZ_HOLDS(line[strspn(line, "abcdefghijklmnopqrstuvwxyz0123456789_.")] == '=');
        line = printed.text + i + 1;
    }
    FUZZ_HOLDS(printed.size > 0 && line == printed.text + printed.size);
    free(printed.text);
}

/* No control characters, whole, and of a size that people can look at. */
static void check_map(const struct rprocfw_report *report)
{
    struct map map;
    char *text;
    size_t size;

    FUZZ_HOLDS(map_build(&map, report, NULL) && map_svg(&map, &text, &size));
    FUZZ_HOLDS(size < 4000000 && strlen(text) == size);
    for (size_t i = 0; i < size; i++)
        FUZZ_HOLDS(text[i] == '\n' || ((unsigned char)text[i] >= ' ' && text[i] != 0x7F));
    FUZZ_HOLDS(strcmp(text + size - 7, "</svg>\n") == 0);
    map_free(&map);
    free(text);
}

static void check_printed(const struct rprocfw_report *report)
{
    json_t *document = document_new();

    check_text(report);
    check_map(report);
    FUZZ_HOLDS(document != NULL && document_add_dump(document, report) &&
               document_add_coverage(document, report) && document_add_verdict(document, report));
    check_json(document);
    check_yaml(document);
    check_lines(document);
    json_decref(document);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rprocfw_report report;
    struct fuzz_file file;

    fuzz_file_make(&file, data, size);
    if (fuzz_report_build(&report, file.path, RPROCFW_REPORT_STRUCTURE, NULL)) {
        check_printed(&report);
        rprocfw_report_free(&report);
    }
    if (fuzz_report_build(&report, file.path, RPROCFW_REPORT_NO_SIGNATURE, NULL))
        rprocfw_report_free(&report);
    fuzz_file_close(&file);
    return 0;
}
