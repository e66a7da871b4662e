/* SPDX-License-Identifier: BSD-2-Clause */
/* YAML event by event, with the place of what is wrong. Not installed. */
#ifndef RPROCFW_HOST_YAML_READER_H
#define RPROCFW_HOST_YAML_READER_H

#include <yaml.h>

#include "../host.h"

#define RPROCFW_YAML_SIZE_MAX (1024u * 1024) /* bytes of a file */
#define RPROCFW_YAML_LIST_MAX 256u           /* items of a list */
#define RPROCFW_YAML_KEYS_MAX 32u            /* keys of a mapping that is read into a struct */

struct rprocfw_yaml;

/* What is read. */
struct rprocfw_yaml_file {
    const char *path; /* for messages */
    const uint8_t *bytes;
    size_t size;
    enum rprocfw_status wrong; /* the status of what is wrong in it */
    /* not NULL: what a single value, no key, is to be taken as, which lives as long as the event */
    enum rprocfw_status (*replace)(struct rprocfw_yaml *r, const char **text);
    void *ctx; /* the caller's */
};

struct rprocfw_yaml {
    const struct rprocfw_yaml_file *file;
    yaml_parser_t parser;
    yaml_event_t event; /* the one that is looked at */
    const char *text;   /* what it was taken as, if it is a single value */
    bool plain;         /* then: it has no quotation marks; replace may change that */
    char where[192];    /* the key whose value is looked at: "regions[2].size" */
    unsigned depth;     /* levels of a value that is skipped */
    struct rprocfw_error *error;
};

/*
 * Takes a value to where it belongs: the event is its first one, and in the end its last one.
 * What it made is to be freed on failure, too.
 */
typedef enum rprocfw_status rprocfw_yaml_take(struct rprocfw_yaml *r, void *to);

/* The file's one document. file->wrong with line and column; _MEMORY. */
enum rprocfw_status rprocfw_yaml_read(const struct rprocfw_yaml_file *file,
                                      rprocfw_yaml_take *document, void *to,
                                      struct rprocfw_error *error);

/* "PATH:LINE:COLUMN: KEY: TEXT"; returns file->wrong. */
enum rprocfw_status rprocfw_yaml_complain(struct rprocfw_yaml *r, yaml_mark_t at,
                                          const char *format, ...) RPROCFW_PRINTF(3, 4);

/* The event is no value of the kind that is expected. */
enum rprocfw_status rprocfw_yaml_wrong_kind(struct rprocfw_yaml *r, const char *expected);

/* The event after this one. */
enum rprocfw_status rprocfw_yaml_next(struct rprocfw_yaml *r);

/* ---- Single values: yaml_values.c ---- */

/* expected says what one it should be. The text lives as long as the event. */
enum rprocfw_status rprocfw_yaml_scalar(struct rprocfw_yaml *r, const char *expected,
                                        const char **text);

/* The same, and as it stands there: of a key, say. */
enum rprocfw_status rprocfw_yaml_literal(struct rprocfw_yaml *r, const char *expected,
                                         const char **text);

/* Of a single value that was taken. */
enum rprocfw_status rprocfw_yaml_wrong_value(struct rprocfw_yaml *r, const char *expected);

enum rprocfw_status rprocfw_yaml_word(struct rprocfw_yaml *r, const char *const *words,
                                      size_t count, const char *expected, size_t *number);

/* units: K, M and G may follow it, powers of 1024. */
enum rprocfw_status rprocfw_yaml_number(struct rprocfw_yaml *r, bool units, uint64_t maximum,
                                        const char *expected, uint64_t *number);

/* The number that text starts with, decimal or behind 0x; what follows it, NULL if none does. */
const char *rprocfw_yaml_parse_number(const char *text, uint64_t *number);

/* Of a hexadecimal digit; 16 of all else. */
unsigned rprocfw_yaml_digit(char digit);

/* For tables: a char * to be freed, a bool. */
rprocfw_yaml_take rprocfw_yaml_text;
rprocfw_yaml_take rprocfw_yaml_bool;

/* ---- Mappings and lists ---- */

/* Of a mapping that is read into a struct; at most RPROCFW_YAML_KEYS_MAX. */
struct rprocfw_yaml_key {
    const char *name;
    rprocfw_yaml_take *take;
    size_t offset; /* of where its value goes */
    bool required;
};

enum rprocfw_status rprocfw_yaml_mapping(struct rprocfw_yaml *r,
                                         const struct rprocfw_yaml_key *keys, size_t count,
                                         void *to);

/* Which keys of a table stand in a mapping, and where. */
struct rprocfw_yaml_seen {
    uint32_t keys; /* or-ed: 1 << number */
    yaml_mark_t at[RPROCFW_YAML_KEYS_MAX];
};

/* The same as rprocfw_yaml_mapping; seen is {0} before. */
enum rprocfw_status rprocfw_yaml_mapping_seen(struct rprocfw_yaml *r,
                                              const struct rprocfw_yaml_key *keys, size_t count,
                                              void *to, struct rprocfw_yaml_seen *seen);

/*
 * A mapping with any keys: entry is called with each key as the event, and takes its value as well,
 * all to the same place.
 */
enum rprocfw_status rprocfw_yaml_entries(struct rprocfw_yaml *r, rprocfw_yaml_take *entry,
                                         void *to);

/* The value of the key that is the event; repeated: it stood there before, and is refused. */
enum rprocfw_status rprocfw_yaml_value(struct rprocfw_yaml *r, const char *key, bool repeated,
                                       rprocfw_yaml_take *take, void *to);

/* Each item is taken by item, all to the same place. */
enum rprocfw_status rprocfw_yaml_list(struct rprocfw_yaml *r, size_t minimum,
                                      rprocfw_yaml_take *item, void *to);

/* A value that is not looked at; to is not used. */
rprocfw_yaml_take rprocfw_yaml_skip;

#endif
