/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The entries of a resource table, as Linux's remoteproc framework reads them. Each is a u32 of
 * type and then, all little-endian:
 *
 *   0 carveout, 1 devmem   0 da  4 pa  8 len  12 flags  16 reserved  20 name[32]
 *   2 trace                0 da  4 len  8 reserved  12 name[32]
 *   3 vdev                 0 id  4 notifyid  8 dfeatures  12 gfeatures  16 config_len
 *                         20 u8 status  21 u8 vrings  22 u8 reserved[2]  24 vring[]
 *     vring                0 da  4 align  8 num  12 notifyid  16 pa
 *   128 to 512             the vendor's
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "findings.h"
#include "../host.h"

#define TYPE_CARVEOUT     0u
#define TYPE_DEVMEM       1u
#define TYPE_TRACE        2u
#define TYPE_VDEV         3u
#define TYPE_VENDOR_FIRST 128u
#define TYPE_VENDOR_LAST  512u

#define TYPE_SIZE     4u
#define CARVEOUT_SIZE 52u
#define TRACE_SIZE    44u
#define VDEV_SIZE     24u
#define VRING_SIZE    20u
#define NAME_SIZE     32u
#define VRINGS_MAX    2u /* of a vdev in Linux */
#define VRING_NUM_MAX 32768u
#define ADDRESS_ANY   UINT32_MAX /* Linux chooses it */
#define PAGE          4096u

struct entry {
    const struct rprocfw_rsc_visitor *visitor;
    uint32_t number;
    const uint8_t *body; /* behind the type */
    uint32_t size;       /* bytes there are of it, up to the end of the table */
};

static void say(const struct entry *entry, enum rprocfw_rsc_wrong wrong, const char *format, ...)
    RPROCFW_PRINTF(3, 4);

static void say(const struct entry *entry, enum rprocfw_rsc_wrong wrong, const char *format, ...)
{
    char text[256];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    entry->visitor->wrong(entry->visitor->ctx, entry->number, wrong, text);
}

/* Nothing of what is empty, and not where Linux chooses the place. */
static void tell_area(const struct entry *entry, const struct rprocfw_rsc_area *area)
{
    if (area->da != ADDRESS_ANY && area->size != 0)
        entry->visitor->area(entry->visitor->ctx, entry->number, area);
}

/* "WHAT NAME", with what of the name can be printed. */
static void name_area(struct rprocfw_rsc_area *area, const char *what, const uint8_t *name)
{
    size_t length = strlen(what);

    memcpy(area->what, what, length);
    area->what[length++] = ' ';
    for (size_t i = 0; i < NAME_SIZE && name[i] != 0; i++)
        area->what[length++] = isprint(name[i]) ? (char)name[i] : '?';
    area->what[length] = '\0';
    if (area->what[length - 1] == ' ')
        area->what[length - 1] = '\0';
}

/* Is all of it there, and its reserved word zero? */
static bool is_whole(const struct entry *entry, const char *what, uint32_t size, uint32_t reserved)
{
    if (entry->size < size) {
        say(entry, RPROCFW_RSC_MALFORMED,
            "%s is cut off: it takes %u bytes, and the table ends after %u; let the section hold "
            "all of it",
            what, size, entry->size);
        return false;
    }
    if (rprocfw_u32_decode(entry->body + reserved) != 0) {
        say(entry, RPROCFW_RSC_MALFORMED, "%s has 0x%08" PRIx32 " in its reserved word; write 0",
            what, rprocfw_u32_decode(entry->body + reserved));
        return false;
    }
    return true;
}

static void walk_carveout(const struct entry *entry)
{
    struct rprocfw_rsc_area area;

    if (!is_whole(entry, "the carveout", CARVEOUT_SIZE, 16))
        return;
    area.da = rprocfw_u32_decode(entry->body);
    area.size = rprocfw_u32_decode(entry->body + 8);
    name_area(&area, "carveout", entry->body + 20);
    tell_area(entry, &area);
}

static void walk_devmem(const struct entry *entry)
{
    if (is_whole(entry, "the devmem", CARVEOUT_SIZE, 16))
        say(entry, RPROCFW_RSC_DEVMEM,
            "a devmem (device address 0x%08" PRIx32 "): Linux refuses it for a remote processor "
            "without IOMMU; leave it out",
            rprocfw_u32_decode(entry->body));
}

static void walk_trace(const struct entry *entry)
{
    struct rprocfw_rsc_area area;

    if (!is_whole(entry, "the trace buffer", TRACE_SIZE, 8))
        return;
    area.da = rprocfw_u32_decode(entry->body);
    area.size = rprocfw_u32_decode(entry->body + 4);
    name_area(&area, "trace buffer", entry->body + 12);
    tell_area(entry, &area);
}

static bool is_power_of_two(uint32_t n)
{
    return n != 0 && (n & (n - 1)) == 0;
}

/* Bytes of a vring in virtio's split layout, in whole pages; num and align are powers of two. */
static uint64_t vring_bytes(uint32_t num, uint32_t align)
{
    uint64_t size = 16 * (uint64_t)num + 2 * (3 + (uint64_t)num);

    size = (size + align - 1) & ~((uint64_t)align - 1);
    size += 6 + 8 * (uint64_t)num;
    return (size + PAGE - 1) & ~((uint64_t)PAGE - 1);
}

static void walk_vring(const struct entry *entry, uint32_t index, const uint8_t *vring)
{
    const uint32_t align = rprocfw_u32_decode(vring + 4);
    const uint32_t num = rprocfw_u32_decode(vring + 8);
    struct rprocfw_rsc_area area = {.da = rprocfw_u32_decode(vring)};

    if (!is_power_of_two(num) || num > VRING_NUM_MAX)
        say(entry, RPROCFW_RSC_MALFORMED,
            "vring %u has %" PRIu32 " buffers; give a power of two, at most %u", index, num,
            VRING_NUM_MAX);
    else if (!is_power_of_two(align))
        say(entry, RPROCFW_RSC_MALFORMED,
            "vring %u has an alignment of %" PRIu32 "; give a power of two", index, align);
    else {
        (void)snprintf(area.what, sizeof(area.what), "vring %u", index);
        area.size = vring_bytes(num, align);
        tell_area(entry, &area);
    }
}

static void walk_vdev(const struct entry *entry)
{
    const uint8_t *body = entry->body;
    uint64_t size = VDEV_SIZE;
    uint32_t vrings = 0;

    if (entry->size >= VDEV_SIZE) {
        vrings = body[21];
        size += (uint64_t)vrings * VRING_SIZE + rprocfw_u32_decode(body + 16);
    }
    if (size > entry->size)
        say(entry, RPROCFW_RSC_MALFORMED,
            "the vdev is cut off: with its %u vrings and configuration it takes %" PRIu64
            " bytes, and the table ends after %u; let the section hold all of it",
            vrings, size, entry->size);
    else if (body[22] != 0 || body[23] != 0)
        say(entry, RPROCFW_RSC_MALFORMED,
            "the vdev has 0x%02x 0x%02x in its reserved bytes; write 0", body[22], body[23]);
    else if (vrings > VRINGS_MAX)
        say(entry, RPROCFW_RSC_MALFORMED, "the vdev has %u vrings; Linux takes at most %u", vrings,
            VRINGS_MAX);
    else
        for (uint32_t i = 0; i < vrings; i++)
            walk_vring(entry, i, body + VDEV_SIZE + i * VRING_SIZE);
}

static void walk_entry(const struct entry *entry, uint32_t type)
{
    switch (type) {
    case TYPE_CARVEOUT:
        walk_carveout(entry);
        break;
    case TYPE_DEVMEM:
        walk_devmem(entry);
        break;
    case TYPE_TRACE:
        walk_trace(entry);
        break;
    case TYPE_VDEV:
        walk_vdev(entry);
        break;
    default:
        if (type < TYPE_VENDOR_FIRST || type > TYPE_VENDOR_LAST)
            say(entry, RPROCFW_RSC_UNKNOWN,
                "type %" PRIu32 " is none that Linux knows: it ignores the entry; 0 to 3 and, for "
                "vendors, 128 to 512 are; leave it out",
                type);
    }
}

void rprocfw_rsc_walk(const uint8_t *table, uint32_t size,
                      const struct rprocfw_rsc_visitor *visitor)
{
    const uint32_t count = rprocfw_u32_decode(table + 4);

    for (uint32_t i = 0; i < count && i < RPROCFW_RSC_ROOM(size); i++) {
        const uint32_t offset = rprocfw_u32_decode(table + RPROCFW_RSC_HEADER_SIZE + 4 * i);
        struct entry entry = {.visitor = visitor, .number = i};

        if (offset > size || size - offset < TYPE_SIZE) {
            say(&entry, RPROCFW_RSC_MALFORMED,
                "it is at 0x%" PRIx32 ", behind the %" PRIu32 " bytes of the table; correct the "
                "offset",
                offset, size);
            continue;
        }
        if (offset % 4 != 0)
            say(&entry, RPROCFW_RSC_UNALIGNED,
                "it is at 0x%" PRIx32 ", which is no multiple of 4; align it to 4 bytes", offset);
        entry.body = table + offset + TYPE_SIZE;
        entry.size = size - offset - TYPE_SIZE;
        walk_entry(&entry, rprocfw_u32_decode(table + offset));
    }
}
