/* SPDX-License-Identifier: BSD-2-Clause */
/* Every field that says a length, a number or a place, set to numbers that are worth a try. */
#include "container.h"
#include "elf_image.h"
#include "firmware.h"
#include "lengths.h"
#include "suite.h"

#define IMAGES          2u
#define TABLE_IMAGE     1u     /* the one that has a resource table */
#define RSC_SEGMENT_END 0x500u /* of elf_default(): the resource table's segment, in the image */
#define MAX_FIELDS      80u
#define MAX_VALUES      20u
#define MAX_ENTRIES     8u

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

static struct container parts;
static struct bytes good;
static struct field fields[MAX_FIELDS];
static unsigned field_count;
static struct entry entries[MAX_ENTRIES];
static unsigned entry_count;

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

unsigned lengths_begin(void)
{
    uint32_t i;

    firmware_build(&parts);
    good = container_join(&parts);
    field_count = 0;
    entry_count = 0;
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
    return field_count;
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

static void try(const struct field *a, uint32_t a_value, const struct field *b, uint32_t b_value,
                judge_lengths *judge)
{
    const size_t mark = arena_mark();
    struct bytes changed = arena_copy(good.data, good.size, 0);

    put(changed, a, a_value);
    if (b != NULL)
        put(changed, b, b_value);
    if (a->twin != 0 || (b != NULL && b->twin != 0))
        digest_again(changed);
    judge(changed);
    arena_release(mark);
}

static void try_pair(const struct field *a, const struct field *b, judge_lengths *judge)
{
    unsigned i;
    unsigned k;

    for (i = 0; i < a->value_count; i++)
        for (k = 0; k < b->value_count; k++)
            try(a, a->values[i], b, b->values[k], judge);
}

void lengths_each(judge_lengths *judge)
{
    unsigned i;
    unsigned k;

    for (i = 0; i < field_count; i++)
        for (k = 0; k < fields[i].value_count; k++)
            try(&fields[i], fields[i].values[k], NULL, 0, judge);
}

void lengths_each_pair(judge_lengths *judge)
{
    unsigned i;
    unsigned k;

    for (i = 0; i < field_count; i++)
        for (k = i + 1; k < field_count; k++)
            try_pair(&fields[i], &fields[k], judge);
}
