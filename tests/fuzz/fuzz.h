/* SPDX-License-Identifier: BSD-2-Clause */
/* What the fuzz targets share: input bytes as a file with a path. */
#ifndef RPROCFW_FUZZ_H
#define RPROCFW_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* A file in memory that holds size bytes of data. path lives as long as the file. */
struct fuzz_file {
    int fd;
    char path[64];
};

void fuzz_file_make(struct fuzz_file *file, const uint8_t *data, size_t size);
void fuzz_file_close(struct fuzz_file *file);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
