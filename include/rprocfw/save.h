/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes written to a file, whole or not at all. */
#ifndef RPROCFW_SAVE_H
#define RPROCFW_SAVE_H

#include <stdbool.h>
#include <stddef.h>

#include <rprocfw/error.h>

struct rprocfw_save_job {
    const char *output;      /* path; NULL: write to output_fd */
    int output_fd;           /* file descriptor; stays the caller's */
    bool no_sync;            /* do not wait until output is on the disk */
    const char *const *keep; /* paths of files that output must not be */
    size_t keep_count;
};

/*
 * Output is either the old or the new file, whole; on failure it is untouched and nothing is left
 * behind. RPROCFW_ERR_USAGE: output is one of keep. RPROCFW_ERR_FILE, _MEMORY.
 */
RPROCFW_API RPROCFW_MUST_USE enum rprocfw_status rprocfw_save(const struct rprocfw_save_job *job,
                                                              const void *bytes, size_t size,
                                                              struct rprocfw_error *error);

#endif
