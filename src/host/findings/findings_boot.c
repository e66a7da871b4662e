/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the core starts: BOOTADDR, the vector table there, and what stands in it. A Cortex-M takes
 * its first stack pointer from the table's first word, and jumps to what the second says.
 */
#include <inttypes.h>

#include "findings.h"
#include "../host.h"

#define EM_ARM       40u
#define PF_X         1u
#define VECTORS_SIZE 8u /* bytes of a vector table that are looked at */

#define DEFAULT_ALIGNMENT 128u /* of BOOTADDR, when the board is not known */

/* Where the core finds its vector table. False: it cannot be told. */
static bool start_of(const struct rprocfw_finder *finder, uint32_t *start)
{
    const struct rprocfw_board *board = finder->board;

    if (rprocfw_has_bootaddr(finder))
        return rprocfw_tlv_word(finder->report, RPROCFW_TLV_BOOTADDR, start);
    *start = 0; /* if there is memory; elsewhere it is no Cortex-M, or cannot be told */
    return rprocfw_board_find(board, 0, VECTORS_SIZE, NULL, NULL) == RPROCFW_PLACE_INSIDE;
}

/* The first image whose section headers name a vector table; RPROCFW_NOWHERE: none does. */
static uint32_t image_with_vectors(const struct rprocfw_finder *finder)
{
    for (uint32_t i = 0; i < finder->report->image_count; i++)
        if (finder->named[i].has_vectors)
            return i;
    return RPROCFW_NOWHERE;
}

static bool is_named_vectors(const struct rprocfw_finder *finder, uint32_t address)
{
    for (uint32_t i = 0; i < finder->report->image_count; i++)
        if (finder->named[i].has_vectors && finder->named[i].vectors == address)
            return true;
    return false;
}

/* ---- Where it starts ---- */

/* A Cortex-M reads its vector table, and does not execute it; but most have it beside the code. */
static void find_executable(struct rprocfw_finder *finder, uint32_t bootaddr,
                            const struct rprocfw_segment *segment)
{
    if ((segment->phdr.flags & PF_X) == 0)
        rprocfw_say_found(finder, RPROCFW_FOUND_BOOTADDR_NOT_EXECUTABLE, segment->image,
                          segment->index,
                          "BOOTADDR 0x%08" PRIx32
                          " lies in it, and it is not executable; right if it is a vector table "
                          "in a segment of its own; if not, give the address of the vector table",
                          bootaddr);
}

/* segment: that brings bytes there, or NULL. */
static void find_bootaddr(struct rprocfw_finder *finder, uint32_t bootaddr,
                          const struct rprocfw_segment *segment)
{
    const uint32_t alignment =
        finder->board != NULL ? finder->board->bootaddr_alignment : DEFAULT_ALIGNMENT;
    const uint32_t image = image_with_vectors(finder);

    if (bootaddr == 0) {
        rprocfw_say_found(
            finder, RPROCFW_FOUND_BOOTADDR_ZERO, RPROCFW_NOWHERE, RPROCFW_NOWHERE,
            "BOOTADDR is 0, which boards refuse; give the address of .isr_vectors, or "
            "--plat-tlv BOOTADDR auto");
        return;
    }
    if (alignment != 0 && bootaddr % alignment != 0)
        rprocfw_say_found(finder, RPROCFW_FOUND_BOOTADDR_UNALIGNED, RPROCFW_NOWHERE,
                          RPROCFW_NOWHERE,
                          "BOOTADDR 0x%08" PRIx32 " is no multiple of %" PRIu32
                          "; align the vector table in the linker script",
                          bootaddr, alignment);
    if (segment != NULL)
        find_executable(finder, bootaddr, segment);
    if (segment == NULL)
        rprocfw_say_found(finder, RPROCFW_FOUND_BOOTADDR_OUTSIDE, RPROCFW_NOWHERE, RPROCFW_NOWHERE,
                          "BOOTADDR 0x%08" PRIx32
                          ": no segment brings bytes there; give the address of the vector table, "
                          "or --plat-tlv BOOTADDR auto",
                          bootaddr);
    else if (image != RPROCFW_NOWHERE && !is_named_vectors(finder, bootaddr))
        rprocfw_say_found(finder, RPROCFW_FOUND_BOOTADDR_NOT_VECTORS, RPROCFW_NOWHERE,
                          RPROCFW_NOWHERE,
                          "BOOTADDR is 0x%08" PRIx32 ", and the vector table of image %" PRIu32
                          " is at 0x%08" PRIx32 "; give that, or --plat-tlv BOOTADDR auto",
                          bootaddr, image, finder->named[image].vectors);
}

/* Boards without BOOTADDR start at one address, where nothing is loaded. */
static void find_start(struct rprocfw_finder *finder, uint32_t start)
{
    const uint32_t image = image_with_vectors(finder);

    if (image != RPROCFW_NOWHERE)
        rprocfw_say_found(finder, RPROCFW_FOUND_VECTORS_NOT_AT_START, image, RPROCFW_NOWHERE,
                          "its vector table is at 0x%08" PRIx32
                          ", and the core takes the one at 0x%08" PRIx32
                          ", where no segment brings bytes; place .isr_vectors there",
                          finder->named[image].vectors, start);
    else
        rprocfw_say_found(finder, RPROCFW_FOUND_VECTORS_NOT_AT_START, RPROCFW_NOWHERE,
                          RPROCFW_NOWHERE,
                          "the core takes its vector table at 0x%08" PRIx32
                          ", and no segment brings bytes there; place .isr_vectors there",
                          start);
}

/* ---- What stands in a vector table ---- */

/* The wrong AES key makes nonsense of what is encrypted. */
static const char *doubt(const struct rprocfw_finder *finder, const struct rprocfw_segment *segment)
{
    return segment->iv != NULL && finder->report->decrypted == RPROCFW_DECRYPTED_UNKNOWN
               ? "; or the AES key is not the right one"
               : "";
}

/* The stack grows down from it: it may be one past the last byte of memory. */
static void find_stack(struct rprocfw_finder *finder, const struct rprocfw_segment *vectors,
                       uint32_t stack)
{
    const struct rprocfw_board *board = finder->board;

    if (board == NULL ||
        (stack >= 4 && rprocfw_reaches(board, board->region, board->region_count, stack - 4, 4)))
        return;
    rprocfw_say_found(
        finder, RPROCFW_FOUND_STACK_OUTSIDE, vectors->image, vectors->index,
        "the first word of the vector table, the initial stack pointer, is 0x%08" PRIx32
        ", outside of the board's memory regions; let the linker script place the top of the "
        "stack in one of them%s",
        stack, doubt(finder, vectors));
}

/* Are its bytes in an executable segment, loaded or linked there, or there by another address? */
static bool is_code(const struct rprocfw_finder *finder, uint32_t address)
{
    uint64_t pa = 0;
    uint64_t start;

    const bool has_pa = finder->board != NULL && rprocfw_board_find(finder->board, address, 2, NULL,
                                                                    &pa) == RPROCFW_PLACE_INSIDE;

    for (size_t i = 0; i < finder->segment_count; i++) {
        const struct rprocfw_phdr *phdr = &finder->segment[i].phdr;

        if ((phdr->flags & PF_X) == 0 || phdr->filesz == 0)
            continue;
        if (rprocfw_within(address, 2, phdr->paddr, phdr->filesz) ||
            rprocfw_within(address, 2, phdr->vaddr, phdr->filesz))
            return true;
        if (has_pa &&
            rprocfw_board_find(finder->board, phdr->paddr, phdr->filesz, NULL, &start) ==
                RPROCFW_PLACE_INSIDE &&
            pa >= start && pa - start < phdr->filesz)
            return true;
    }
    return false;
}

static void find_reset(struct rprocfw_finder *finder, const struct rprocfw_segment *vectors,
                       uint32_t reset)
{
    if (!is_code(finder, reset & ~1u))
        rprocfw_say_found(finder, RPROCFW_FOUND_RESET_OUTSIDE, vectors->image, vectors->index,
                          "the second word of the vector table, the reset vector, is 0x%08" PRIx32
                          ", and no executable segment brings bytes there; place the "
                          "reset handler in an executable PT_LOAD, or correct the vector table%s",
                          reset, doubt(finder, vectors));
    else if ((reset & 1) == 0)
        rprocfw_say_found(
            finder, RPROCFW_FOUND_RESET_NOT_THUMB, vectors->image, vectors->index,
            "the second word of the vector table, the reset vector, is 0x%08" PRIx32
            ", without the lowest bit that says Thumb: a Cortex-M faults; declare the "
            "handler a function (.thumb_func, .type)%s",
            reset, doubt(finder, vectors));
}

static void find_in_vectors(struct rprocfw_finder *finder, const struct rprocfw_segment *segment,
                            uint32_t offset)
{
    uint8_t words[VECTORS_SIZE];

    if (finder->report->images[segment->image].ehdr.machine != EM_ARM ||
        !rprocfw_loaded_read(finder, segment, offset, words, sizeof(words)))
        return;
    find_stack(finder, segment, rprocfw_u32_decode(words));
    find_reset(finder, segment, rprocfw_u32_decode(words + 4));
}

/* The vector table that an image's section headers name. */
static void find_in_image(struct rprocfw_finder *finder, uint32_t image)
{
    const struct rprocfw_named *named = &finder->named[image];
    const struct rprocfw_segment *segment;
    uint32_t offset;

    if (!named->has_vectors)
        return;
    segment = rprocfw_segment_of(finder, image, named->vectors_offset, named->vectors, VECTORS_SIZE,
                                 &offset);
    if (segment != NULL)
        find_in_vectors(finder, segment, offset);
    else
        rprocfw_say_found(finder, RPROCFW_FOUND_VECTORS_NOT_LOADED, image, RPROCFW_NOWHERE,
                          "its vector table at 0x%08" PRIx32
                          " is in no segment, so nobody loads it; give .isr_vectors a place in a "
                          "PT_LOAD in the linker script",
                          named->vectors);
}

/* Where the core starts, and the vector table there, unless it was looked at. */
static void find_at_start(struct rprocfw_finder *finder, uint32_t start)
{
    uint32_t offset;
    const struct rprocfw_segment *segment =
        rprocfw_segment_at(finder, start, VECTORS_SIZE, &offset);

    if (rprocfw_has_bootaddr(finder))
        find_bootaddr(finder, start, segment);
    else if (segment == NULL)
        find_start(finder, start);
    if (segment != NULL && image_with_vectors(finder) == RPROCFW_NOWHERE)
        find_in_vectors(finder, segment, offset);
}

void rprocfw_find_boot(struct rprocfw_finder *finder)
{
    uint32_t start;

    if (rprocfw_of_old_layout(finder))
        return;
    for (uint32_t i = 0; i < finder->report->image_count; i++)
        find_in_image(finder, i);
    if (start_of(finder, &start))
        find_at_start(finder, start);
}
