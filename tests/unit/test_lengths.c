/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lengths, numbers and places set to anything: lengths.h. Every signature holds, so that the code
 * behind it is reached: what holds here is core's arithmetic alone.
 *
 * Refused, and nothing is left in memory; or accepted, and memory was written where the table says,
 * with the bytes whose digest it has, and nowhere else.
 */
#include <stdio.h>
#include <string.h>

#include "both.h"
#include "container.h"
#include "elf_image.h"
#include "firmware.h"
#include "lengths.h"
#include "suite.h"

#define MAX_STATUSES 256u

static struct both both;
static unsigned statuses[MAX_STATUSES]; /* how often a container ended so */

/* ---- what must hold ---- */

/* The bytes of the first HASHTABLE, as the container's own lengths have it; none: no bytes. */
static struct bytes table_of(struct bytes container)
{
    const uint64_t end = (uint64_t)RPROCFW_HEADER_SIZE + get32(container, 8);
    uint64_t at = RPROCFW_HEADER_SIZE;

    while (at + 8 <= end && at + 8 <= container.size) {
        const uint64_t length = get32(container, (uint32_t)at + 4);

        if (get32(container, (uint32_t)at) == RPROCFW_TLV_HASHTABLE &&
            at + 8 + length <= container.size)
            return (struct bytes){container.data + at + 8, (uint32_t)length};
        at += 8 + (length + 7) / 8 * 8;
    }
    return (struct bytes){NULL, 0};
}

/* The next write, if there was one: it must be this one. False: there was none. */
static bool is_next(unsigned *next, uint32_t da, uint32_t size, bool zero)
{
    const struct write *w = &both.device.writes[*next];
    uint64_t pa = 0;

    if (*next == both.device.write_count)
        return false;
    require(memory_find(&both.memory, da, size, &pa) && w->pa == pa && w->size == size &&
                w->zero == zero,
            "write %u: %u bytes at %#llx instead of %u at %#x", *next, w->size,
            (unsigned long long)w->pa, size, da);
    (*next)++;
    return true;
}

/* Memory was written where the table's PT_LOADs are, in their order: all of them, or the first. */
static void assert_writes_of_table(struct bytes table, bool all)
{
    unsigned next = 0;
    bool more = true;
    uint32_t at;

    for (at = 0; more && at + RPROCFW_HASH_ENTRY_SIZE <= table.size;
         at += RPROCFW_HASH_ENTRY_SIZE) {
        const uint32_t paddr = get32(table, at + P_PADDR);
        const uint32_t filesz = get32(table, at + P_FILESZ);
        const uint32_t memsz = get32(table, at + P_MEMSZ);

        if (get32(table, at + P_TYPE) != PT_LOAD)
            continue;
        if (filesz > 0)
            more = is_next(&next, paddr, filesz, false);
        if (more && memsz > filesz)
            more = is_next(&next, paddr + filesz, memsz - filesz, true);
    }
    require(next == both.device.write_count, "%u writes that no entry asks for",
            both.device.write_count - next);
    require(more || !all, "accepted with %u writes, and more in the table", next);
}

/* No segment lies over another: each has the bytes that its entry was made of. */
static void assert_digests_of_table(struct bytes table)
{
    uint8_t digest[RPROCFW_SHA256_SIZE];
    uint32_t at;

    for (at = 0; at + RPROCFW_HASH_ENTRY_SIZE <= table.size; at += RPROCFW_HASH_ENTRY_SIZE) {
        const uint32_t filesz = get32(table, at + P_FILESZ);

        if (get32(table, at + P_TYPE) != PT_LOAD || filesz == 0)
            continue;
        sha256(memory_at(&both.memory, get32(table, at + P_PADDR), filesz), filesz, digest);
        require(memcmp(digest, table.data + at + RPROCFW_PHDR_SIZE, sizeof(digest)) == 0,
                "entry at %u: other bytes in memory", at);
    }
}

/* The zero fill is zero, and what was not written is as it was. */
static void assert_rest_untouched(void)
{
    struct memory expected = memory_copy(&both.memory);
    unsigned i;

    memory_poison(&expected);
    for (i = 0; i < both.device.write_count; i++) {
        const struct write *w = &both.device.writes[i];
        uint8_t *to = memory_at_pa(&expected, w->pa, w->size);

        if (w->zero)
            memset(to, 0, w->size);
        else
            memcpy(to, memory_at_pa(&both.memory, w->pa, w->size), w->size);
    }
    require(memory_equal(&expected, &both.memory), "memory is another beside the segments");
}

/* What the platform was told stands in the signed area, whole. */
static void assert_tlvs_signed(struct bytes container)
{
    unsigned i;

    for (i = 0; i < both.device.tlv_count; i++) {
        const struct rprocfw_tlv *tlv = &both.device.tlvs[i];
        const uint64_t end = (uint64_t)tlv->offset + RPROCFW_TLV_HEADER_SIZE + tlv->length;

        require(end <= get32(container, 8), "TLV %#x goes beyond the area", tlv->type);
    }
}

static void judge(struct bytes container)
{
    const bool accepted = both_accept(&both, container);
    const struct bytes table = table_of(container);

    require((unsigned)both.device.status < MAX_STATUSES, "%d", (int)both.device.status);
    statuses[both.device.status]++;
    assert_tlvs_signed(container);
    assert_writes_of_table(table, accepted);
    if (!accepted)
        return;
    assert_digests_of_table(table);
    assert_rest_untouched();
    require(both.device.rsc_size == 0 || both_table_is_signed(&both), "a table that is not signed");
}

/* ---- what is tried ---- */

#define FIELDS 54u /* at least: one that is not added any more is missed */
#define VALUES 10u /* for each, on average */

static unsigned print_statuses(const char *what)
{
    unsigned all = 0;
    unsigned i;

    for (i = 0; i < MAX_STATUSES; i++)
        all += statuses[i];
    printf("%s: %u changed, %u refused, %u accepted\n", what, all, all - statuses[RPROCFW_OK],
           statuses[RPROCFW_OK]);
    for (i = 0; i < MAX_STATUSES; i++)
        if (statuses[i] > 0 && i != RPROCFW_OK)
            printf("%8u %s\n", statuses[i], status_name((enum rprocfw_status)i));
    return all;
}

/* Every kind of field was changed: it has a check of its own, which has refused so many. */
static void assert_refused_by_each(unsigned least)
{
    static const enum rprocfw_status checks[] = {
        RPROCFW_ERR_TLV_LEN_ZERO,    RPROCFW_ERR_SIGN_LEN_ZERO,    RPROCFW_ERR_SIZE,
        RPROCFW_ERR_TLV_LENGTH,      RPROCFW_ERR_TLV_PADDING,      RPROCFW_ERR_SIGNTYPE_LENGTH,
        RPROCFW_ERR_HASHTYPE_LENGTH, RPROCFW_ERR_NUM_IMG_LENGTH,   RPROCFW_ERR_NUM_IMG_ZERO,
        RPROCFW_ERR_IMGTYPE_LENGTH,  RPROCFW_ERR_IMGSIZE_LENGTH,   RPROCFW_ERR_IMGSIZE_ZERO,
        RPROCFW_ERR_IMGSIZE_SUM,     RPROCFW_ERR_HASHTABLE_LENGTH, RPROCFW_ERR_ELF_PHNUM,
        RPROCFW_ERR_PHDR_ALIGN,      RPROCFW_ERR_PHDR_RANGE,       RPROCFW_ERR_PHDR_NOT_SIGNED,
        RPROCFW_ERR_ENTRY_UNUSED,    RPROCFW_ERR_SEGMENT_RANGE,    RPROCFW_ERR_SEGMENT_FILESZ,
        RPROCFW_ERR_SHDR_ALIGN,      RPROCFW_ERR_SHDR_RANGE,       RPROCFW_ERR_SHSTRNDX,
        RPROCFW_ERR_SHSTRTAB_RANGE,  RPROCFW_ERR_SECTION_NAME,     RPROCFW_ERR_RSC_NOT_SIGNED,
        RPROCFW_ERR_RSC_SIZE,        RPROCFW_ERR_RSC_ENTRIES,      RPROCFW_ERR_DEVICE_ADDRESS};
    unsigned i;

    ck_assert_uint_ge(statuses[RPROCFW_OK], least);
    for (i = 0; i < COUNT(checks); i++)
        ck_assert_msg(statuses[checks[i]] >= least, "%u refused with %s", statuses[checks[i]],
                      status_name(checks[i]));
}

static void begin(void)
{
    both_begin(&both, NULL);
    ck_assert_uint_ge(lengths_begin(), FIELDS);
    ck_assert(both_accept(&both, firmware_container()));
}

START_TEST(a_length_changed_reaches_no_other_memory)
{
    begin();
    lengths_each(judge);
    ck_assert_uint_ge(print_statuses("lengths"), FIELDS * VALUES);
    assert_refused_by_each(1);
}
END_TEST

START_TEST(two_lengths_changed_reach_no_other_memory)
{
    begin();
    lengths_each_pair(judge);
    ck_assert_uint_ge(print_statuses("pairs of lengths"),
                      FIELDS * (FIELDS - 1) / 2 * VALUES * VALUES);
    assert_refused_by_each(200);
}
END_TEST

int main(void)
{
    RUN_TESTS("lengths", a_length_changed_reaches_no_other_memory,
              two_lengths_changed_reach_no_other_memory);
}
