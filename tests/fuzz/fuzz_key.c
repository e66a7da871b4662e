/* SPDX-License-Identifier: BSD-2-Clause */
/* Key files: any bytes, with a passphrase at hand. */
#include <string.h>

#include <rprocfw/key.h>

#include "fuzz.h"

static int passphrase(void *ctx, const char *what, char *buffer, size_t size,
                      struct rprocfw_error *error)
{
    static const char word[] = "vector-passphrase";

    (void)ctx;
    (void)what;
    (void)error;
    if (size < sizeof(word) - 1)
        return -1;
    memcpy(buffer, word, sizeof(word) - 1);
    return (int)sizeof(word) - 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct rprocfw_passphrase source = {.get = passphrase};
    struct rprocfw_error error;
    struct rprocfw_key *key;
    struct fuzz_file file;

    fuzz_file_make(&file, data, size);
    if (rprocfw_key_load(&key, file.path, RPROCFW_KEY_VERIFY, &source, &error) == RPROCFW_OK)
        rprocfw_key_free(key);
    fuzz_file_close(&file);
    return 0;
}
