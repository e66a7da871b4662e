/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every field of a container that says how long something is, how many there are or where it
 * starts: each alone, and each pair of them, set to numbers that are worth a try. Every signature
 * holds, and the digests of changed segments are computed again, so that the code behind those
 * checks is reached: what holds here is core's arithmetic alone.
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
#include "suite.h"

#define IMAGES          2u
#define TABLE_IMAGE     1u     /* the one that has a resource table */
#define RSC_SEGMENT_END 0x500u /* of elf_default(): the resource table's segment, in the image */
#define MAX_FIELDS      80u
#define MAX_VALUES      20u
#define MAX_ENTRIES     8u
#define MAX_STATUSES    256u

struct field {
    uint32_t offset; /* in the container */
    uint32_t size;   /* 1, 2 or 4 bytes */
    uint32_t twin;   /* a second place that says the same: in the table; 0: none */
    uint32_t values[MAX_VALUES];
    unsigned value_count;
};

/* An entry of the table, and the image that it is of. */
struct entry {
    uint32_t offset; /* in the container */
    uint32_t image;
};

static struct both both;
static struct container parts;
static struct bytes good;
static struct field fields[MAX_FIELDS];
static unsigned field_count;
static struct entry entries[MAX_ENTRIES];
static unsigned entry_count;
static unsigned statuses[MAX_STATUSES]; /* how often a container ended so */
static size_t mark;

/* ---- fields, and numbers for them ---- */

static uint32_t get(struct bytes in, const struct field *field)
{
    if (field->size == 4)
        return get32(in, field->offset);
    return field->size == 2 ? get16(in, field->offset) : in.data[field->offset];
}

static void put_at(struct bytes in, uint32_t offset, uint32_t size, uint32_t value)
{
    if (size == 4)
        put32(in, offset, value);
    else if (size == 2)
        put16(in, offset, value);
    else
        in.data[offset] = (uint8_t)value;
}

static void put(struct bytes in, const struct field *field, uint32_t value)
{
    put_at(in, field->offset, field->size, value);
    if (field->twin != 0)
        put_at(in, field->twin, field->size, value);
}

/* Cut to the field's size; not what it is, and not twice. */
static void add_value(struct field *field, uint32_t value)
{
    unsigned i;

    if (field->size < 4)
        value &= (1u << 8 * field->size) - 1;
    if (value == get(good, field))
        return;
    for (i = 0; i < field->value_count; i++)
        if (field->values[i] == value)
            return;
    require(field->value_count < MAX_VALUES, "more than %u values", MAX_VALUES);
    field->values[field->value_count++] = value;
}

/* ends: sizes and places of what lies around it, where a bound may be. */
static void add_field(uint32_t offset, uint32_t size, uint32_t twin, const uint32_t ends[3])
{
    struct field *field = &fields[field_count];
    uint32_t value;
    unsigned i;

    require(field_count < MAX_FIELDS, "more than %u fields", MAX_FIELDS);
    *field = (struct field){.offset = offset, .size = size, .twin = twin};
    value = get(good, field);
    add_value(field, 0);
    add_value(field, 1);
    add_value(field, value - 1);
    add_value(field, value + 1);
    add_value(field, value - 8);
    add_value(field, value + 8);
    add_value(field, 0x7FFFFFFF);
    add_value(field, 0xFFFFFFF8);
    add_value(field, 0xFFFFFFFF);
    for (i = 0; i < 3; i++)
        add_value(field, ends[i]);
    field_count++;
}

static void add_header(void)
{
    const uint32_t ends[3] = {parts.header.tlv_len, parts.header.sign_len, parts.header.img_len};

    add_field(8, 4, 0, ends);
    add_field(12, 4, 0, ends);
    add_field(16, 4, 0, ends);
}

/* The length of each record: to the end of the next one, of the area, of the container. */
static void add_tlvs(void)
{
    unsigned i;

    for (i = 0; i < parts.tlv_count; i++) {
        const uint32_t value = record_offset(&parts, i) + RPROCFW_TLV_HEADER_SIZE;
        const uint32_t ends[3] = {
            i + 1 < parts.tlv_count ? record_offset(&parts, i + 2) - value
                                    : RPROCFW_HASH_ENTRY_SIZE,
            signature_offset(&parts) - value,
            good.size - value,
        };

        add_field(value - 4, 4, 0, ends);
    }
}

static void add_counts(void)
{
    const uint32_t sizes = value_offset(&parts, RPROCFW_TLV_IMGSIZE);
    const uint32_t ends[3] = {ELF_SIZE, parts.payload.size, good.size};
    uint32_t i;

    add_field(value_offset(&parts, RPROCFW_TLV_NUM_IMG), 1, 0, ends);
    for (i = 0; i < IMAGES; i++)
        add_field(sizes + 4 * i, 4, 0, ends);
}

/*
 * A table of the image that starts at offset image of the container: where it is and how many
 * entries it has. The bounds: it ends where the image does, or just behind.
 */
static void add_table(uint32_t image, uint32_t where, uint32_t many, uint32_t entry_size)
{
    const uint32_t number = get16(good, image + many);
    const uint32_t offset = get32(good, image + where);
    const uint32_t last = ELF_SIZE - number * entry_size;
    const uint32_t most = (ELF_SIZE - offset) / entry_size;
    const uint32_t places[3] = {last, last + 4, ELF_SIZE};
    const uint32_t numbers[3] = {most, most + 1, number + 2};

    add_field(image + where, 4, 0, places);
    add_field(image + many, 2, 0, numbers);
}

static void add_ehdr(uint32_t image)
{
    const uint32_t numbers[3] = {get16(good, image + E_SHNUM), get16(good, image + E_PHNUM),
                                 ELF_SIZE / RPROCFW_SHDR_SIZE};

    add_table(image, E_PHOFF, E_PHNUM, RPROCFW_PHDR_SIZE);
    add_table(image, E_SHOFF, E_SHNUM, RPROCFW_SHDR_SIZE);
    add_field(image + E_SHSTRNDX, 2, 0, numbers);
}

/*
 * Two members that say where bytes of the image are, and how many. The bounds are as above, and at
 * end, an offset in the image: that of another range, one byte too far.
 */
static void add_range(uint32_t where, uint32_t many, uint32_t twin, uint32_t end)
{
    const uint32_t last = ELF_SIZE - get32(good, many);
    const uint32_t most = ELF_SIZE - get32(good, where);
    const uint32_t places[3] = {last, last + 1, ELF_SIZE};
    const uint32_t sizes[3] = {most, most + 1, end - get32(good, where)};

    add_field(where, 4, twin, places);
    add_field(many, 4, twin == 0 ? 0 : twin + (many - where), sizes);
}

static void add_phdr(uint32_t phdr, uint32_t twin)
{
    const uint32_t filesz = get32(good, phdr + P_FILESZ);
    const uint32_t ends[3] = {filesz, filesz - 1, ELF_SIZE};

    add_range(phdr + P_OFFSET, phdr + P_FILESZ, twin == 0 ? 0 : twin + P_OFFSET,
              RSC_OFFSET + RSC_SIZE - 1);
    add_field(phdr + P_MEMSZ, 4, twin == 0 ? 0 : twin + P_MEMSZ, ends);
}

/* Each program header together with its entry; those of the resource table's segment alone, too. */
static void add_phdrs(uint32_t number, uint32_t image)
{
    const uint32_t table = value_offset(&parts, RPROCFW_TLV_HASHTABLE);
    uint32_t i;

    for (i = 0; i < get16(good, image + E_PHNUM); i++) {
        const uint32_t phdr = image + PHDR(i);
        const uint32_t entry = table + entry_count * RPROCFW_HASH_ENTRY_SIZE;

        require(entry_count < MAX_ENTRIES, "more than %u entries", MAX_ENTRIES);
        entries[entry_count++] = (struct entry){entry, number};
        add_phdr(phdr, entry);
        if (number == TABLE_IMAGE && i == 1) {
            add_phdr(phdr, 0);
            add_phdr(entry, 0);
        }
    }
}

/* names: the section header of the name table. */
static void add_shdr(uint32_t shdr, uint32_t names)
{
    const uint32_t size = get32(good, names + SH_SIZE);
    const uint32_t ends[3] = {size, size - 1, ELF_SIZE};

    add_field(shdr + SH_NAME, 4, 0, ends);
    add_range(shdr + SH_OFFSET, shdr + SH_SIZE, 0, RSC_SEGMENT_END + 1);
}

static void begin(void)
{
    uint32_t i;

    firmware_build(&parts);
    good = container_join(&parts);
    both_begin(&both, NULL);
    ck_assert(both_accept(&both, good));
    add_header();
    add_tlvs();
    add_counts();
    for (i = 0; i < IMAGES; i++) {
        const uint32_t image = payload_offset(&parts) + i * ELF_SIZE;
        const uint32_t names = image + SHDR(get16(good, image + E_SHSTRNDX));

        add_ehdr(image);
        add_phdrs(i, image);
        add_shdr(names, names);
        if (i == TABLE_IMAGE)
            add_shdr(image + SHDR(RSC_SECTION), names);
    }
    mark = arena_mark();
}

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

/* Digests of what the entries say now, as far as it lies in their images. */
static void digest_again(struct bytes container)
{
    unsigned i;

    for (i = 0; i < entry_count; i++) {
        const uint32_t entry = entries[i].offset;
        const uint32_t image = payload_offset(&parts) + entries[i].image * ELF_SIZE;
        const uint32_t offset = get32(container, entry + P_OFFSET);
        const uint32_t filesz = get32(container, entry + P_FILESZ);

        if (offset <= ELF_SIZE && filesz <= ELF_SIZE - offset)
            sha256(container.data + image + offset, filesz,
                   container.data + entry + RPROCFW_PHDR_SIZE);
    }
}

static void try(const struct field *a, uint32_t a_value, const struct field *b, uint32_t b_value)
{
    struct bytes changed = arena_copy(good.data, good.size, 0);

    put(changed, a, a_value);
    if (b != NULL)
        put(changed, b, b_value);
    if (a->twin != 0 || (b != NULL && b->twin != 0))
        digest_again(changed);
    judge(changed);
    arena_release(mark);
}

static void try_pair(const struct field *a, const struct field *b)
{
    unsigned i;
    unsigned k;

    for (i = 0; i < a->value_count; i++)
        for (k = 0; k < b->value_count; k++)
            try(a, a->values[i], b, b->values[k]);
}

static void print_statuses(const char *what)
{
    unsigned all = 0;
    unsigned i;

    for (i = 0; i < MAX_STATUSES; i++)
        all += statuses[i];
    printf("%s, %u fields: %u changed, %u refused, %u accepted\n", what, field_count, all,
           all - statuses[RPROCFW_OK], statuses[RPROCFW_OK]);
    for (i = 0; i < MAX_STATUSES; i++)
        if (statuses[i] > 0 && i != RPROCFW_OK)
            printf("%8u %s\n", statuses[i], status_name((enum rprocfw_status)i));
    ck_assert_uint_gt(statuses[RPROCFW_OK], 0);
    ck_assert_uint_gt(statuses[RPROCFW_ERR_SEGMENT_RANGE], 0);
}

START_TEST(a_length_changed_reaches_no_other_memory)
{
    unsigned i;
    unsigned k;

    begin();
    for (i = 0; i < field_count; i++)
        for (k = 0; k < fields[i].value_count; k++)
            try(&fields[i], fields[i].values[k], NULL, 0);
    print_statuses("lengths");
}
END_TEST

START_TEST(two_lengths_changed_reach_no_other_memory)
{
    unsigned i;
    unsigned k;

    begin();
    for (i = 0; i < field_count; i++)
        for (k = i + 1; k < field_count; k++)
            try_pair(&fields[i], &fields[k]);
    print_statuses("pairs of lengths");
}
END_TEST

int main(void)
{
    RUN_TESTS("lengths", a_length_changed_reaches_no_other_memory,
              two_lengths_changed_reach_no_other_memory);
}
