/* SPDX-License-Identifier: BSD-2-Clause */
/* Files in memory (Linux: memfd), for library functions that take a path; and the test keys. */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"

void fuzz_file_make(struct fuzz_file *file, const uint8_t *data, size_t size)
{
    file->fd = memfd_create("fuzz", MFD_CLOEXEC);
    FUZZ_HOLDS(file->fd >= 0);
    FUZZ_HOLDS(size == 0 || write(file->fd, data, size) == (ssize_t)size);
    (void)snprintf(file->path, sizeof(file->path), "/proc/self/fd/%d", file->fd);
}

void fuzz_file_close(struct fuzz_file *file)
{
    (void)close(file->fd);
}

const struct rprocfw_key *fuzz_key(const char *name)
{
    struct rprocfw_error error;
    struct rprocfw_key *key;
    char path[4096];

    (void)snprintf(path, sizeof(path), "%s/keys/%s.pem", VECTORS, name);
    FUZZ_HOLDS(rprocfw_key_load(&key, path, RPROCFW_KEY_SIGN, NULL, &error) == RPROCFW_OK);
    return key;
}
