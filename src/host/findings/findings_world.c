/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Segments in memory of the other world. Whose an image is: of two, by ST's convention, the first
 * is the non-secure one; one alone is secure if it starts so, which BOOTSEC says. Of more it cannot
 * be told.
 */
#include "findings.h"
#include "../host.h"

static enum rprocfw_world world_of(const struct rprocfw_report *report, uint32_t image)
{
    if (report->image_count == 1)
        return rprocfw_report_tlv(report, RPROCFW_TLV_BOOTSEC) != NULL ? RPROCFW_WORLD_SECURE
                                                                       : RPROCFW_WORLD_NONSECURE;
    if (report->image_count == 2)
        return image == 0 ? RPROCFW_WORLD_NONSECURE : RPROCFW_WORLD_SECURE;
    return RPROCFW_WORLD_ANY;
}

/* The region of some of a segment's bytes; NULL: none, which boards refuse. */
static const struct rprocfw_board_region *region_of(const struct rprocfw_board *board, uint32_t da,
                                                    uint32_t size)
{
    size_t region;

    if (rprocfw_board_find(board, da, size, &region, NULL) != RPROCFW_PLACE_INSIDE)
        return NULL;
    return &board->region[region];
}

static bool is_other(enum rprocfw_world a, enum rprocfw_world b)
{
    return a != b && a != RPROCFW_WORLD_ANY && b != RPROCFW_WORLD_ANY;
}

/* The first region of a segment, of its file bytes or its zero-fill, that is of the other world. */
static const struct rprocfw_board_region *other_region(const struct rprocfw_finder *finder,
                                                       const struct rprocfw_segment *segment,
                                                       enum rprocfw_world world)
{
    const struct rprocfw_phdr *phdr = &segment->phdr;
    const struct rprocfw_board_region *const regions[] = {
        region_of(finder->board, phdr->paddr, phdr->filesz),
        region_of(finder->board, phdr->paddr + phdr->filesz,
                  phdr->memsz > phdr->filesz ? phdr->memsz - phdr->filesz : 0),
    };

    for (size_t i = 0; i < sizeof(regions) / sizeof(regions[0]); i++)
        if (regions[i] != NULL && is_other(regions[i]->world, world))
            return regions[i];
    return NULL;
}

/* Of the segments those that are in the other world's memory, if the images are as they are, and
 * if they were the other way round. */
static void count_others(const struct rprocfw_finder *finder, size_t *others, size_t *swapped)
{
    *others = 0;
    *swapped = 0;
    for (size_t i = 0; i < finder->segment_count; i++) {
        const struct rprocfw_segment *segment = &finder->segment[i];
        const enum rprocfw_world world = world_of(finder->report, segment->image);
        const enum rprocfw_world other = world_of(finder->report, 1 - segment->image);

        *others += other_region(finder, segment, world) != NULL;
        *swapped += other_region(finder, segment, other) != NULL;
    }
}

static bool is_swapped(struct rprocfw_finder *finder)
{
    size_t others;
    size_t swapped;

    if (finder->report->image_count != 2)
        return false;
    count_others(finder, &others, &swapped);
    if (others == 0 || swapped != 0)
        return false;
    rprocfw_say_found(
        finder, RPROCFW_FOUND_IMAGE_ORDER, RPROCFW_NOWHERE, RPROCFW_NOWHERE,
        "%zu segments lie in memory of the other world, and none would if the two images "
        "were swapped; by ST's convention the non-secure image is first: give them to "
        "rproc-sign in the other order",
        others);
    return true;
}

void rprocfw_find_worlds(struct rprocfw_finder *finder)
{
    const bool alone = finder->report->image_count == 1;

    if (finder->board == NULL || is_swapped(finder))
        return;
    for (size_t i = 0; i < finder->segment_count; i++) {
        const struct rprocfw_segment *segment = &finder->segment[i];
        const enum rprocfw_world world = world_of(finder->report, segment->image);
        const struct rprocfw_board_region *region = other_region(finder, segment, world);

        if (region == NULL)
            continue;
        if (world == RPROCFW_WORLD_NONSECURE)
            rprocfw_say_found(
                finder, RPROCFW_FOUND_NONSECURE_IN_SECURE, segment->image, segment->index,
                "of a non-secure image (%s), in the secure region %s, which it cannot "
                "reach; place it in a non-secure region, or, if the image is secure, %s",
                alone ? "alone and without BOOTSEC" : "the first of two", region->name,
                alone ? "sign it with --plat-tlv BOOTSEC 0x1" : "give it as the second");
        else
            rprocfw_say_found(
                finder, RPROCFW_FOUND_SECURE_IN_NONSECURE, segment->image, segment->index,
                "of a secure image (%s), in the non-secure region %s, where others can "
                "change it; place it in a secure region",
                alone ? "it starts secure: BOOTSEC" : "the second of two", region->name);
    }
}
