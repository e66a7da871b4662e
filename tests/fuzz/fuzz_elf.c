/* SPDX-License-Identifier: BSD-2-Clause */
/* The signer's ELF input: any bytes, signed without writing. */
#include <stdlib.h>

#include <rprocfw/sign.h>

#include "fuzz.h"

static struct rprocfw_key *load_key(void)
{
    struct rprocfw_error error;
    struct rprocfw_key *key;

    if (rprocfw_key_load(&key, VECTORS "/keys/p256.pem", RPROCFW_KEY_SIGN, NULL, &error) !=
        RPROCFW_OK)
        abort();
    return key;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct rprocfw_key *key;
    const struct rprocfw_plat_tlv boot = {.id = RPROCFW_TLV_BOOTADDR, .boot_address = true};
    struct rprocfw_error error;
    struct fuzz_file file;
    const char *input = file.path;
    struct rprocfw_sign_job job = {.inputs = &input,
                                   .input_count = 1,
                                   .output = "unused",
                                   .dry_run = true,
                                   .any_machine = true};

    if (key == NULL)
        key = load_key();
    job.key = key;
    job.plat_tlvs = &boot;
    job.plat_tlv_count = size % 2;
    fuzz_file_make(&file, data, size);
    if (rprocfw_sign(&job, &error) != RPROCFW_OK && error.text[0] == '\0')
        abort();
    fuzz_file_close(&file);
    return 0;
}
