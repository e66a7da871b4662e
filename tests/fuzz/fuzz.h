/* SPDX-License-Identifier: BSD-2-Clause */
/* What the fuzz targets share. */
#ifndef RPROCFW_FUZZ_H
#define RPROCFW_FUZZ_H

#include <stddef.h>
#include <stdint.h>

#include <rprocfw/key.h>

/* What a target holds true of every input; otherwise the input is a finding. */
#define FUZZ_HOLDS(condition) ((condition) ? (void)0 : fuzz_finding(#condition, __FILE__, __LINE__))
_Noreturn void fuzz_finding(const char *condition, const char *file, int line);

/* A file in memory with size bytes of data. path lives as long as the file. */
struct fuzz_file {
    int fd;
    char path[64];
};

void fuzz_file_make(struct fuzz_file *file, const uint8_t *data, size_t size);
void fuzz_file_close(struct fuzz_file *file);

/* The vectors' key NAME.pem, private half included. The library's; lives for ever. */
const struct rprocfw_key *fuzz_key(const char *name);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
