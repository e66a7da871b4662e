/* SPDX-License-Identifier: BSD-2-Clause */
/* YAML event by event, with the place of what is wrong. Not installed. */
#ifndef RPROCFW_HOST_YAML_READER_H
#define RPROCFW_HOST_YAML_READER_H

#include <yaml.h>

#include "../host.h"

#define RPROCFW_YAML_SIZE_MAX (1024u * 1024) /* bytes of a file */
#define RPROCFW_YAML_LIST_MAX 256u           /* items of a list */

struct rprocfw_yaml {
    yaml_parser_t parser;
    yaml_event_t event; /* the one that is looked at */
    const char *path;   /* of the file */
    char where[96];     /* the key whose value is looked at: "regions[2].size" */
    struct rprocfw_error *error;
};

/*
 * Takes a value to where it belongs: the event is its first one, and in the end its last one.
 * What it made is to be freed on failure, too.
 */
typedef enum rprocfw_status rprocfw_yaml_take(struct rprocfw_yaml *r, void *to);

/* Of a mapping that is read into a struct; at most 32. */
struct rprocfw_yaml_key {
    const char *name;
    rprocfw_yaml_take *take;
    size_t offset; /* of where its value goes */
    bool required;
};

/* The file's one document. RPROCFW_ERR_BOARD with line and column; _MEMORY. */
enum rprocfw_status rprocfw_yaml_read(const char *path, const uint8_t *bytes, size_t size,
                                      rprocfw_yaml_take *document, void *to,
                                      struct rprocfw_error *error);

/* "PATH:LINE:COLUMN: KEY: TEXT"; returns RPROCFW_ERR_BOARD. */
enum rprocfw_status rprocfw_yaml_complain(struct rprocfw_yaml *r, yaml_mark_t at,
                                          const char *format, ...) RPROCFW_PRINTF(3, 4);

/* Of the value that is the event. */
enum rprocfw_status rprocfw_yaml_wrong_value(struct rprocfw_yaml *r, const char *expected);

/* Single values. expected says what one it should be. The text lives as long as the event. */
enum rprocfw_status rprocfw_yaml_scalar(struct rprocfw_yaml *r, const char *expected,
                                        const char **text);
enum rprocfw_status rprocfw_yaml_word(struct rprocfw_yaml *r, const char *const *words,
                                      size_t count, const char *expected, size_t *number);

/* units: K, M and G may follow it, powers of 1024. */
enum rprocfw_status rprocfw_yaml_number(struct rprocfw_yaml *r, bool units, uint64_t maximum,
                                        const char *expected, uint64_t *number);

/* The number that text starts with, decimal or behind 0x; what follows it, NULL if none does. */
const char *rprocfw_yaml_parse_number(const char *text, uint64_t *number);

/* For tables: a char * to be freed, a bool. */
rprocfw_yaml_take rprocfw_yaml_text;
rprocfw_yaml_take rprocfw_yaml_bool;

enum rprocfw_status rprocfw_yaml_mapping(struct rprocfw_yaml *r,
                                         const struct rprocfw_yaml_key *keys, size_t count,
                                         void *to);

/* Each item is taken by item, all to the same place. */
enum rprocfw_status rprocfw_yaml_list(struct rprocfw_yaml *r, size_t minimum,
                                      rprocfw_yaml_take *item, void *to);

#endif
