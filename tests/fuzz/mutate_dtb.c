/* SPDX-License-Identifier: BSD-2-Clause */
/* Changes of device tree blobs that stay blobs: a cell of a property becomes another. */
#include <libfdt.h>

#include "mutate.h"

static bool is_blob(const uint8_t *data, size_t size)
{
    return size >= sizeof(struct fdt_header) && fdt_version(data) >= 17 &&
           fdt_check_full(data, size) == 0;
}

/* The cell of this number, of all properties; NULL: there are *count. */
static fdt32_t *find_cell(uint8_t *data, uint32_t number, uint32_t *count)
{
    *count = 0;
    for (int node = 0; node >= 0; node = fdt_next_node(data, node, NULL)) {
        int property;

        fdt_for_each_property_offset(property, data, node)
        {
            int length;
            const uint8_t *found = fdt_getprop_by_offset(data, property, NULL, &length);
            const uint32_t cells = (uint32_t)length / 4;

            if (found == NULL)
                return NULL;
            if (number - *count < cells) /* at any address: a blob may say so */
                return (fdt32_t *)(data + (found - data)) + number - *count;
            *count += cells;
        }
    }
    return NULL;
}

static uint32_t some_number(uint32_t old, struct fuzz_random *random)
{
    static const uint32_t usual[] = {0,          1,          2,          3,          4,
                                     0x1000,     0x10000,    0x10000000, 0x38000000, 0x7FFFFFFF,
                                     0x80000000, 0xFFFFFFFF, 0xFFFFF000};

    switch (fuzz_draw(random, 4)) {
    case 0:
        return old ^ 1u << fuzz_draw(random, 32);
    case 1:
        return old + fuzz_draw(random, 3) - 1;
    default:
        return usual[fuzz_draw(random, sizeof(usual) / sizeof(usual[0]))];
    }
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned int seed)
{
    struct fuzz_random random = {seed | 1};
    uint32_t count;
    fdt32_t *cell;

    if (fuzz_draw(&random, 3) == 0 || !is_blob(data, size))
        return LLVMFuzzerMutate(data, size, room);
    (void)find_cell(data, UINT32_MAX, &count);
    cell = count > 0 ? find_cell(data, fuzz_draw(&random, count), &count) : NULL;
    if (cell == NULL)
        return LLVMFuzzerMutate(data, size, room);
    fdt32_st(cell, some_number(fdt32_ld(cell), &random));
    return size;
}
