/* SPDX-License-Identifier: BSD-2-Clause */
/* The mutator of fuzz_layouts.c: makes the words of one of the three layouts add up to the file. */
#include <rprocfw/image.h>

#include "mutate.h"

#define TRAILER_2023 0x6907u

/* A length whose padded size leaves the rest of the file to others; what is left is taken off. */
static uint32_t take(struct fuzz_random *random, size_t *rest)
{
    const uint32_t room = (uint32_t)(*rest / 8 * 8);
    const uint32_t length = fuzz_draw(random, room + 1);

    *rest -= (length + 7) / 8 * 8;
    return length;
}

/* Today's, or that of 2023: the first two chunks, then what tells the layout, and the rest. */
static size_t mend_chunks(uint8_t *data, size_t size, size_t header, struct fuzz_random *random)
{
    size_t rest = (size - header) / 8 * 8;
    const size_t end = header + rest;
    const uint32_t first = take(random, &rest);
    const uint32_t second = take(random, &rest);
    const uint32_t third = header == 24 ? take(random, &rest) : (uint32_t)rest;
    const size_t mark = header + (first + 7) / 8 * 8 + (second + 7) / 8 * 8;

    rprocfw_u32_encode(data + 8, first);
    rprocfw_u32_encode(data + 12, second);
    rprocfw_u32_encode(data + 16, third);
    if (header == 24)
        rprocfw_u32_encode(data + 20, (uint32_t)rest);
    if (mark + 4 <= end && fuzz_draw(random, 8) != 0)
        rprocfw_u32_encode(data + mark, header == 24 ? TRAILER_2023 : RPROCFW_ELFMAG);
    return end;
}

static size_t mend_2020(uint8_t *data, size_t size, struct fuzz_random *random)
{
    const uint32_t image = fuzz_draw(random, (uint32_t)size - 3);

    rprocfw_u32_encode(data + 4 * 7, 56);
    rprocfw_u32_encode(data + 4 * 11, (uint32_t)size - image);
    rprocfw_u32_encode(data + 4 * 12, image);
    if (image >= 56 && fuzz_draw(random, 8) != 0)
        rprocfw_u32_encode(data + image, RPROCFW_ELFMAG);
    return size;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned int seed)
{
    struct fuzz_random random = {seed | 1};

    size = LLVMFuzzerMutate(data, size, room);
    if (size < 64 || fuzz_draw(&random, 4) == 0)
        return size;
    rprocfw_u32_encode(data, RPROCFW_MAGIC);
    rprocfw_u32_encode(data + 4, RPROCFW_VERSION);
    switch (fuzz_draw(&random, 3)) {
    case 0:
        return mend_chunks(data, size, RPROCFW_HEADER_SIZE, &random);
    case 1:
        return mend_chunks(data, size, 24, &random);
    default:
        return mend_2020(data, size, &random);
    }
}
