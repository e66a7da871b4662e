/* SPDX-License-Identifier: BSD-2-Clause */
/* The manifest of a command line, and jobs of its containers. */
#ifndef RPROCFW_TOOLS_MANIFEST_H
#define RPROCFW_TOOLS_MANIFEST_H

#include <rprocfw/manifest.h>

#include "options.h"
#include "shared.h"

/* The containers that are asked for, in the order of the manifest. */
struct selection {
    const struct rprocfw_manifest_container **container;
    size_t count;
};

#define KEY_INFO_LIMIT ((size_t)1024 * 1024)      /* bytes of a file for PKEYINFO */
#define VALUE_LIMIT    ((size_t)16 * 1024 * 1024) /* bytes of another TLV's value */

/* Reads the manifest, with the process's environment. Exit status. */
int manifest_load(struct rprocfw_manifest **manifest, const char *path, const char *tool);

/* names: none stands for all. container is to be freed. Exit status. */
int manifest_select(struct selection *selection, const struct rprocfw_manifest *manifest,
                    const struct words *names, const char *tool);

/* Opens what they share, with shared_open. Exit status. */
int manifest_open(struct shared *shared, const struct selection *selection);

/* Why something of a container cannot be had, behind where the container stands. Its status. */
enum rprocfw_status manifest_place_error(struct rprocfw_error *error,
                                         const struct rprocfw_manifest *manifest,
                                         const struct rprocfw_manifest_container *container,
                                         const struct rprocfw_error *why);

/* The files that a container is made of, but for the manifest; inputs, then the others. False: no
 * memory. */
bool manifest_list_files(const struct rprocfw_manifest_container *container, struct words *files);

/* A job for the library, and what belongs to it. Start with {0}. */
struct manifest_job {
    struct rprocfw_sign_job job;
    struct words keep;
    uint8_t *key_info; /* from a file */
    uint8_t made_info[RPROCFW_PKEYINFO_RSA];
    struct rprocfw_plat_tlv *tlv;
    uint8_t **value; /* of TLVs that are from files; NULL for others */
    struct rprocfw_program program;
    struct rprocfw_signer signer;
};

/*
 * Reads the small files; job.log, dry_run and no_sync are the caller's to set. Any thread.
 * manifest_job_free in any case.
 */
enum rprocfw_status manifest_job_make(struct manifest_job *to,
                                      const struct rprocfw_manifest *manifest,
                                      const struct rprocfw_manifest_container *container,
                                      const struct shared_parts *parts,
                                      struct rprocfw_error *error);
void manifest_job_free(struct manifest_job *job);

#endif
