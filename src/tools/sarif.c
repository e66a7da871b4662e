/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Findings in SARIF. What they are about are binary files: a place is a file; its line 1 and the
 * descriptions of rules are there because code hosts want some.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "sarif.h"
#include "words.h"

#define EXPLAINED                                                 \
    "rprocfw-checks(7) has the checks of boards and what to do, " \
    "rprocfw(3) the statuses of a verdict."
#define SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"

/* ---- URIs (RFC 3986) ---- */

/* Of a path, relative as it is or with file:; to be freed. NULL: no memory. */
static char *uri_of(const char *path)
{
    static const char plain[] = "-._~/";
    char *uri = malloc(3 * strlen(path) + sizeof("file://"));
    char *to = uri;

    if (uri == NULL)
        return NULL;
    if (*path == '/')
        to = stpcpy(to, "file://");
    for (; *path != '\0'; path++) {
        const unsigned char c = (unsigned char)*path;

        if (c < 0x80 && (isalnum(c) != 0 || strchr(plain, c) != NULL))
            *to++ = (char)c;
        else
            to += snprintf(to, 4, "%%%02X", c);
    }
    *to = '\0';
    return uri;
}

/* ---- The log ---- */

json_t *sarif_new(const char *tool)
{
    return json_pack("{s:s, s:s, s:[{s:{s:{s:s, s:s, s:[]}}, s:s, s:[]}]}", "$schema", SCHEMA,
                     "version", "2.1.0", "runs", "tool", "driver", "name", tool, "semanticVersion",
                     RPROCFW_PACKAGE_VERSION, "rules", "columnKind", "utf16CodeUnits", "results");
}

static json_t *run_of(const json_t *log)
{
    return json_array_get(json_object_get(log, "runs"), 0);
}

static json_t *rules_of(const json_t *log)
{
    return json_object_get(json_object_get(json_object_get(run_of(log), "tool"), "driver"),
                           "rules");
}

/* The number of a rule, which is added if it is not there; -1: no memory. */
static json_int_t rule_of(const json_t *log, const char *id)
{
    json_t *rules = rules_of(log);
    size_t i;
    const json_t *rule;

    json_array_foreach(rules, i, rule)
    {
        if (strcmp(json_string_value(json_object_get(rule, "id")), id) == 0)
            return (json_int_t)i;
    }
    if (json_array_append_new(rules, json_pack("{s:s, s:{s:s}, s:{s:s}, s:{s:s}}", "id", id,
                                               "shortDescription", "text", id, "fullDescription",
                                               "text", EXPLAINED, "help", "text", EXPLAINED)) != 0)
        return -1;
    return (json_int_t)json_array_size(rules) - 1;
}

bool sarif_add(json_t *log, const char *path, enum rprocfw_finding_level level, const char *id,
               const char *text)
{
    const json_int_t rule = rule_of(log, id);
    char *uri = uri_of(path);
    bool done = rule >= 0 && uri != NULL;

    if (done) /* the words of levels are SARIF's */
        done = json_array_append_new(
                   json_object_get(run_of(log), "results"),
                   json_pack("{s:s, s:I, s:s, s:{s:o}, s:[{s:{s:{s:s}, s:{s:i}}}]}", "ruleId", id,
                             "ruleIndex", rule, "level", finding_level(level), "message", "text",
                             json_path(text), "locations", "physicalLocation", "artifactLocation",
                             "uri", uri, "region", "startLine", 1)) == 0;
    free(uri);
    return done;
}
