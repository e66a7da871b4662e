/* SPDX-License-Identifier: BSD-2-Clause */
/* The entries of a resource table that says anything. */
#include <stdlib.h>
#include <string.h>

#include "../../src/host/findings/findings.h"
#include "fuzz.h"

struct table {
    uint32_t size;
    uint32_t count; /* entries that there is room for */
};

static void check_text(const char *text)
{
    FUZZ_HOLDS(text[0] != '\0');
    for (const char *c = text; *c != '\0'; c++)
        FUZZ_HOLDS(*c >= ' ' && *c <= '~');
}

static void take_wrong(void *ctx, uint32_t number, enum rprocfw_rsc_wrong wrong, const char *text)
{
    const struct table *table = ctx;

    FUZZ_HOLDS(number < table->count);
    FUZZ_HOLDS(wrong == RPROCFW_RSC_MALFORMED || wrong == RPROCFW_RSC_DEVMEM ||
               wrong == RPROCFW_RSC_UNALIGNED || wrong == RPROCFW_RSC_UNKNOWN);
    check_text(text);
}

static void take_area(void *ctx, uint32_t number, const struct rprocfw_rsc_area *area)
{
    const struct table *table = ctx;

    FUZZ_HOLDS(number < table->count);
    FUZZ_HOLDS(area->size > 0 && area->da != UINT32_MAX);
    FUZZ_HOLDS(strnlen(area->what, sizeof(area->what)) < sizeof(area->what));
    check_text(area->what);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct table table = {.size = (uint32_t)size};
    const struct rprocfw_rsc_visitor visitor = {take_wrong, take_area, &table};

    if (size < RPROCFW_RSC_HEADER_SIZE)
        return 0;
    table.count = RPROCFW_RSC_ROOM(table.size);
    rprocfw_rsc_walk(data, table.size, &visitor);
    return 0;
}
