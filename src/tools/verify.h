/* SPDX-License-Identifier: BSD-2-Clause */
/* rproc-verify: what it was told, and what it says of a container. */
#ifndef RPROCFW_TOOLS_VERIFY_H
#define RPROCFW_TOOLS_VERIFY_H

#include <jansson.h>

#include <rprocfw/rprocfw.h>

#include "board_options.h"
#include "key_options.h"
#include "words.h"

struct verify_options {
    const char *tool;
    struct words keys;
    struct words files;
    struct words originals;
    const char *enc_key;
    const char *map;
    const char *explain;
    const char *manifest;
    const struct rprocfw_answer *answer; /* what explain means */
    struct key_options access;
    struct board_options board_options;
    struct rprocfw_board *board; /* NULL: none is given */
    char **argv;
    bool no_signature;
    bool coverage;
    bool list_boards;
    bool strict;
    enum format format;
    bool verbose;
    bool quiet;
};

/* What there is to say of one file: in text, or appended to the document. False: no memory. */
bool verify_tell(const struct verify_options *o, json_t *document,
                 const struct rprocfw_report *report);

/* What the board will say, beside the verdict. Is it good enough for the board? */
bool verify_tell_device(const struct verify_options *o, const struct rprocfw_report *report);

/* ---- verify_document.c: NULL or false is no memory; in text nothing is done ---- */

json_t *verify_document_new(const struct verify_options *o);
bool verify_document_add(const struct verify_options *o, json_t *document,
                         const struct rprocfw_report *report);

/* What a manifest's container says of the file that was added last; difference may be empty. */
bool verify_document_add_difference(const struct verify_options *o, json_t *document,
                                    const char *path, const char *name, const char *difference);

/* A file that could not be judged. */
bool verify_document_add_error(const struct verify_options *o, json_t *document, const char *path,
                               const struct rprocfw_error *error);

/* --manifest: every output that it names, or those that o->files names. Exit status. */
int verify_manifest(const struct verify_options *o);

#endif
