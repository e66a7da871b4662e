/* SPDX-License-Identifier: BSD-2-Clause */
/* One signing, and what is known of it: for --report and --sarif. */
#ifndef RPROCFW_TOOLS_SIGN_RECORD_H
#define RPROCFW_TOOLS_SIGN_RECORD_H

#include <sys/stat.h>

#include <rprocfw/sign.h>

#include "sign_options.h"

enum sign_outcome { SIGN_FAILED, SIGN_DONE, SIGN_UNCHANGED };

struct sign_digest {
    const char *path;
    uint64_t size; /* bytes */
    uint8_t sha256[RPROCFW_SHA256_SIZE];
    struct stat file; /* when it was read */
};

/* What a pre-flight check found. */
struct sign_found {
    enum rprocfw_finding_level level;
    const char *id; /* of rprocfw-checks(7) */
    char *path;
    char *text;
};

/* Made by one thread. Start with {0}. */
struct sign_record {
    const char *name;              /* of the container in its manifest; NULL: there is none */
    const char *output;            /* path; NULL: standard output */
    const struct rprocfw_key *key; /* NULL: it could not be opened */
    enum sign_outcome outcome;
    char *message; /* why it failed */
    struct sign_digest *inputs;
    size_t input_count;
    struct sign_found *found;
    size_t found_count;
    bool lost; /* there was no memory for some of it */
};

/* SHA-256 of a regular file. RPROCFW_ERR_FILE, _MEMORY, _CRYPTO. */
enum rprocfw_status sign_digest_take(struct sign_digest *digest, const char *path,
                                     struct rprocfw_error *error);

/*
 * Signs, or with --if-changed leaves the output alone if it is what it would be. The record has
 * which of them it was, and for --report and --sarif the inputs and what was found; job->watch is
 * its own. Statuses as above, and those of rprocfw_sign() and rprocfw_sign_compare().
 */
enum rprocfw_status sign_recorded(struct sign_record *record, const struct sign_options *o,
                                  struct rprocfw_sign_job *job, struct rprocfw_error *error);

/* Why nothing was signed. */
void sign_record_fail(struct sign_record *record, const struct rprocfw_error *error);

void sign_record_free(struct sign_record *record);

#endif
