/* SPDX-License-Identifier: BSD-2-Clause */
/* The mutator of the targets that take a container, and look at no signature. */
#include "mutate.h"

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned int seed)
{
    struct fuzz_random random = {seed | 1};

    return fuzz_mutate_container(data, size, room, &random);
}
