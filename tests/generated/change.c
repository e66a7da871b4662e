/* SPDX-License-Identifier: BSD-2-Clause */
/* One change of a good container, of any kind. */
#include <string.h>

#include "change.h"
#include "elf_image.h"
#include "suite.h"

#define OF_CHANGES 1000u /* what random numbers are for: generator.c */

const char *const change_names[COUNTED_KINDS] = {
    [BITS] = "bits flipped",
    [BYTES] = "bytes set",
    [LENGTHS] = "words of header and TLVs set",
    [ELF_FIELDS] = "fields of ELF headers set",
    [TABLE_PLACE] = "section header of the resource table set",
    [CUT] = "cut",
    [EXTENDED] = "extended",
    [CUT_AND_MEASURED] = "payload cut or extended, lengths adapted",
    [TLV_SWAPPED] = "TLVs swapped",
    [TLV_MOVED] = "a TLV moved",
    [TLV_DOUBLED] = "a TLV doubled",
    [TLV_REMOVED] = "a TLV removed",
    [TLV_RESIZED] = "a TLV of another size",
    [TLV_RETYPED] = "a TLV of another type",
    [ENTRIES] = "entries of the table changed",
    [PHDR_AND_ENTRY] = "program header and its entry set",
    [SEGMENTS_SWAPPED] = "segments' bytes swapped",
    [BYTES_MOVED] = "bytes copied over others",
    [OTHER_METADATA] = "header, TLVs, signature of another release",
    [OTHER_SIGNATURE] = "signature of another release",
    [OTHER_TABLE_TLV] = "table of another release",
    [OTHER_IMAGE] = "an image of another release",
    [OTHER_BYTES] = "bytes of another release",
    [OTHER_PAYLOAD] = "payload of another container",
    [WHILE_LOADED] = "changed while it is loaded",
};

struct changing {
    const struct generated *g;
    struct random r;
    struct bytes good;
    struct container parts; /* good, taken apart */
    const char *folder;
};

/* ---- places ---- */

struct place {
    uint32_t offset;
    uint32_t size;
};

static uint32_t below(struct changing *ch, uint32_t limit)
{
    return random_below(&ch->r, limit);
}

static uint32_t some_image(struct changing *ch, const struct made_elf **elf)
{
    const uint32_t number = below(ch, ch->g->image_count);
    uint32_t at = payload_offset(&ch->parts);
    uint32_t i;

    for (i = 0; i < number; i++)
        at += round8(ch->g->images[i].file.size);
    *elf = &ch->g->images[number];
    return at;
}

/* A part of the container, each kind about as often: the small ones decide most. */
static struct place some_part(struct changing *ch)
{
    const struct made_elf *elf;
    const uint32_t image = some_image(ch, &elf);
    const uint32_t signature = signature_offset(&ch->parts);
    const struct part *part = &elf->parts[below(ch, elf->part_count)];

    switch (below(ch, 8)) {
    case 0:
        return (struct place){0, RPROCFW_HEADER_SIZE};
    case 1:
        return (struct place){RPROCFW_HEADER_SIZE, signature - RPROCFW_HEADER_SIZE};
    case 2:
        return (struct place){signature, payload_offset(&ch->parts) - signature};
    case 3:
        return (struct place){image, RPROCFW_EHDR_SIZE};
    case 4:
        return (struct place){image, round8(elf->file.size)};
    default:
        return (struct place){image + part->offset, part->size};
    }
}

/* ---- words ---- */

static uint32_t get(struct bytes in, struct place field)
{
    return field.size == 2 ? get16(in, field.offset) : get32(in, field.offset);
}

static void put(struct bytes in, struct place field, uint32_t value)
{
    if (field.size == 2)
        put16(in, field.offset, value & 0xFFFF);
    else
        put32(in, field.offset, value);
}

static uint32_t interesting(struct changing *ch, uint32_t was)
{
    static const uint32_t values[] = {0,          1,          4,          8,          16,
                                      0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFF8, 0xFFFF};
    static const uint32_t steps[] = {1, 4, 8, 32, 40, 64};
    const uint32_t step = steps[below(ch, COUNT(steps))];

    switch (below(ch, 5)) {
    case 0:
        return was + step;
    case 1:
        return was - step;
    case 2:
        return was ^ 1u << below(ch, 32);
    case 3:
        return ch->good.size - (random_once_in(&ch->r, 2) ? 0 : below(ch, ch->good.size));
    default:
        return values[below(ch, COUNT(values))];
    }
}

/* A word of the header, of a TLV's type and length, or of a value that consists of words. */
static struct place some_length(struct changing *ch)
{
    const struct container *c = &ch->parts;
    const uint32_t number = below(ch, c->tlv_count);
    const uint32_t record = record_offset(c, number);

    switch (below(ch, 4)) {
    case 0:
        return (struct place){4 * below(ch, 5), 4};
    case 1:
        return (struct place){record + 4 * below(ch, 2), 4};
    case 2:
        return (struct place){
            value_offset(c, RPROCFW_TLV_IMGSIZE) + 4 * below(ch, ch->g->image_count), 4};
    default:
        return (struct place){record + 4 * below(ch, 2 + round8(c->tlvs[number].size) / 4), 4};
    }
}

static struct place some_elf_field(struct changing *ch)
{
    static const struct place of_ehdr[] = {{E_PHOFF, 4},   {E_SHOFF, 4},     {E_PHENTSIZE, 2},
                                           {E_PHNUM, 2},   {E_SHENTSIZE, 2}, {E_SHNUM, 2},
                                           {E_SHSTRNDX, 2}};
    const struct made_elf *elf;
    const uint32_t image = some_image(ch, &elf);
    const struct part *phdrs = &elf->parts[PART_PHDRS];
    const struct part *shdrs = &elf->parts[PART_SHDRS];
    struct place field;

    switch (below(ch, 3)) {
    case 0:
        field = of_ehdr[below(ch, COUNT(of_ehdr))];
        return (struct place){image + field.offset, field.size};
    case 1:
        return (struct place){image + phdrs->offset + 4 * below(ch, phdrs->size / 4), 4};
    default:
        return (struct place){image + shdrs->offset + 4 * below(ch, shdrs->size / 4), 4};
    }
}

/* Section header of the table, and where its image starts. */
struct table_place {
    const struct made_elf *elf; /* NULL: there is no table */
    uint32_t image;
    uint32_t shdr;
};

static struct table_place table_place(const struct changing *ch)
{
    struct table_place at = {.image = payload_offset(&ch->parts)};
    uint32_t i;

    if (ch->g->table_image == NONE)
        return at;
    for (i = 0; i < ch->g->table_image; i++)
        at.image += round8(ch->g->images[i].file.size);
    at.elf = &ch->g->images[i];
    for (i = 0; strcmp(at.elf->sections[i].name, RPROCFW_RSC_NAME) != 0; i++)
        ;
    at.shdr = at.image + at.elf->parts[PART_SHDRS].offset + RPROCFW_SHDR_SIZE * i;
    return at;
}

/* To another place in its segment: where another table is, where none is, or a forged one. */
static void move_table(struct changing *ch, struct bytes changed, const struct table_place *at)
{
    const struct made_table *table = &at->elf->table;
    const struct part *part = &at->elf->parts[table->part];
    const uint32_t room = part->size - RPROCFW_RSC_HEADER_SIZE;
    const uint32_t distance = random_once_in(&ch->r, 3) ? 0 : below(ch, room + 1) / 4 * 4;
    const uint32_t offset = part->offset + distance;

    put32(changed, at->shdr + SH_ADDR, table->da - table->distance + distance);
    put32(changed, at->shdr + SH_OFFSET, offset);
    put32(changed, at->shdr + SH_SIZE, RPROCFW_RSC_HEADER_SIZE);
    if (distance > 0 && !random_once_in(&ch->r, 3))
        put_table_header(changed, at->image + offset, 0);
}

/* Its place, its size, or any member of its section header. */
static void change_table(struct changing *ch, struct bytes changed)
{
    static const uint32_t members[] = {SH_NAME, SH_ADDR, SH_OFFSET, SH_SIZE};
    const struct table_place at = table_place(ch);
    const struct place field = {at.shdr + members[below(ch, COUNT(members))], 4};

    if (at.elf == NULL)
        return;
    switch (below(ch, 4)) {
    case 0:
        put32(changed, at.shdr + SH_SIZE, RPROCFW_RSC_HEADER_SIZE + 4 * below(ch, 8));
        break;
    case 1:
        put(changed, field, interesting(ch, get(changed, field)));
        break;
    default:
        move_table(ch, changed, &at);
    }
}

/* One of those words, or a few, to values that matter or to those of others. */
static void set_fields(struct changing *ch, struct bytes changed,
                       struct place some(struct changing *ch))
{
    uint32_t count = random_once_in(&ch->r, 2) ? 1 : 2 + below(ch, 2);

    while (count-- > 0) {
        const struct place field = some(ch);
        const uint32_t value = random_once_in(&ch->r, 4) ? get(changed, some(ch))
                                                         : interesting(ch, get(changed, field));

        put(changed, field, value);
    }
}

/* ---- bytes ---- */

static void flip_bits(struct changing *ch, struct bytes changed)
{
    uint32_t count = random_once_in(&ch->r, 2) ? 1 : 1 + below(ch, 8);

    while (count-- > 0) {
        const struct place part = some_part(ch);

        if (part.size > 0)
            changed.data[part.offset + below(ch, part.size)] ^= (uint8_t)(1u << below(ch, 8));
    }
}

static void set_bytes(struct changing *ch, struct bytes changed)
{
    static const uint8_t values[] = {0, 1, 2, 0x7F, 0x80, 0xFF, '.', 'E'};
    const struct place part = some_part(ch);
    uint32_t at;
    uint32_t size;

    if (part.size == 0)
        return;
    at = below(ch, part.size);
    size = 1 + below(ch, random_once_in(&ch->r, 2) ? 1 : part.size - at);
    if (random_once_in(&ch->r, 3))
        random_fill(&ch->r, changed.data + part.offset + at, size);
    else
        memset(changed.data + part.offset + at, values[below(ch, COUNT(values))], size);
}

static void move_bytes(struct changing *ch, struct bytes changed)
{
    const struct place from = some_part(ch);
    const struct place to = some_part(ch);
    const uint32_t most = from.size < to.size ? from.size : to.size;

    if (most > 0)
        memmove(changed.data + to.offset, ch->good.data + from.offset, 1 + below(ch, most));
}

/* Two segments' bytes in one image, as far as both go. */
static void swap_segments(struct changing *ch, struct bytes changed)
{
    const struct made_elf *elf;
    const uint32_t image = some_image(ch, &elf);
    const struct part *a = &elf->parts[PART_BODIES + below(ch, elf->bodies)];
    const struct part *b = &elf->parts[PART_BODIES + below(ch, elf->bodies)];
    const uint32_t size = a->size < b->size ? a->size : b->size;

    memcpy(changed.data + image + a->offset, ch->good.data + image + b->offset, size);
    memcpy(changed.data + image + b->offset, ch->good.data + image + a->offset, size);
}

/* ---- sizes ---- */

static struct bytes extend(struct changing *ch)
{
    const uint32_t more = 1 + below(ch, random_once_in(&ch->r, 2) ? 16 : 300);
    struct bytes changed = arena_copy(ch->good.data, ch->good.size, more);

    if (random_once_in(&ch->r, 2))
        random_fill(&ch->r, changed.data + ch->good.size, more);
    return changed;
}

static void resize_payload(struct changing *ch, struct container *c)
{
    const uint32_t less = below(ch, c->payload.size < 64 ? c->payload.size : 64);

    if (random_once_in(&ch->r, 2))
        c->payload.size -= less;
    else
        c->payload = arena_copy(c->payload.data, c->payload.size, 1 + below(ch, 64));
}

/* ---- records ---- */

static uint32_t some_type(struct changing *ch)
{
    static const uint32_t types[] = {RPROCFW_TLV_SIGNTYPE,
                                     RPROCFW_TLV_HASHTYPE,
                                     RPROCFW_TLV_NUM_IMG,
                                     RPROCFW_TLV_IMGTYPE,
                                     RPROCFW_TLV_IMGSIZE,
                                     RPROCFW_TLV_ENCTYPE,
                                     RPROCFW_TLV_HASHTABLE,
                                     RPROCFW_TLV_PKEYINFO,
                                     RPROCFW_TLV_ENCTABLE,
                                     RPROCFW_TLV_BOOTADDR,
                                     RPROCFW_TLV_PLATFORM_FIRST,
                                     RPROCFW_TLV_PLATFORM_LAST + 1,
                                     0,
                                     0x13};

    return types[below(ch, COUNT(types))];
}

static void change_record(struct changing *ch, enum change_kind kind, struct container *c)
{
    const unsigned number = below(ch, c->tlv_count);
    const unsigned other = below(ch, c->tlv_count);
    const struct tlv tlv = c->tlvs[number];
    const uint32_t size = below(ch, 2) == 0 ? below(ch, 2 * tlv.size + 8)
                                            : tlv.size + below(ch, 17) - (tlv.size < 8 ? 0 : 8);

    switch (kind) {
    case TLV_SWAPPED:
        c->tlvs[number] = c->tlvs[other];
        c->tlvs[other] = tlv;
        break;
    case TLV_MOVED:
        tlv_move(c, number, other);
        break;
    case TLV_DOUBLED:
        tlv_insert(c, other, tlv.type, tlv.value, tlv.size);
        break;
    case TLV_REMOVED:
        tlv_remove(c, number);
        break;
    case TLV_RESIZED:
        tlv_resize(&c->tlvs[number], size);
        break;
    default:
        c->tlvs[number].type = some_type(ch);
    }
}

static void swap_bytes(uint8_t *a, uint8_t *b, uint32_t size)
{
    uint32_t i;

    for (i = 0; i < size; i++) {
        const uint8_t was = a[i];

        a[i] = b[i];
        b[i] = was;
    }
}

static uint32_t table_type(const struct changing *ch)
{
    return ch->g->encrypted ? RPROCFW_TLV_ENCTABLE : RPROCFW_TLV_HASHTABLE;
}

/* One word of a program header: to a value that matters, or near another one's. */
static void set_word(struct changing *ch, struct bytes payload, uint32_t phdr, uint32_t other)
{
    const uint32_t word = 4 * below(ch, RPROCFW_PHDR_SIZE / 4);
    const uint32_t was = get32(payload, phdr + word);

    if (random_once_in(&ch->r, 2))
        put32(payload, phdr + word, interesting(ch, was));
    else
        put32(payload, phdr + word, get32(payload, other + word) + below(ch, 40));
}

/* Two entries swapped, one doubled, one left out, or two hashes swapped. */
static void change_entries(struct changing *ch, struct container *c)
{
    struct tlv *table = tlv_find(c, table_type(ch));
    const uint32_t size = ch->g->encrypted ? RPROCFW_ENC_ENTRY_SIZE : RPROCFW_HASH_ENTRY_SIZE;
    const uint32_t count = table->size / size;
    uint8_t *a;
    uint8_t *b;

    tlv_resize(table, table->size + size);
    a = table->value + size * below(ch, count);
    b = table->value + size * below(ch, count);
    switch (below(ch, 4)) {
    case 0:
        swap_bytes(a, b, size);
        break;
    case 1:
        memmove(a + size, a, (size_t)(table->value + size * count - a));
        tlv_resize(table, size * (count + 1));
        return;
    case 2:
        memmove(a, a + size, (size_t)(table->value + size * count - a));
        tlv_resize(table, size * (count - 1));
        return;
    default:
        swap_bytes(a + RPROCFW_PHDR_SIZE, b + RPROCFW_PHDR_SIZE, size - RPROCFW_PHDR_SIZE);
    }
    tlv_resize(table, size * count);
}

/* A program header set in an image of c, which is another then: *means. */
static void set_phdr(struct changing *ch, struct container *c, struct generated *means)
{
    const uint32_t number = below(ch, ch->g->image_count);
    struct made_elf *elf;
    uint32_t image = 0;
    uint32_t phdr;
    uint32_t i;

    *means = *ch->g;
    means->images = arena_alloc(means->image_count * sizeof(*means->images));
    memcpy(means->images, ch->g->images, means->image_count * sizeof(*means->images));
    elf = &means->images[number];
    for (i = 0; i < number; i++)
        image += round8(means->images[i].file.size);
    phdr = below(ch, elf->phnum);
    image += elf->parts[PART_PHDRS].offset;
    set_word(ch, c->payload, image + RPROCFW_PHDR_SIZE * phdr,
             image + RPROCFW_PHDR_SIZE * below(ch, elf->phnum));
    rprocfw_phdr_decode(c->payload.data + image + RPROCFW_PHDR_SIZE * phdr, &elf->phdrs[phdr]);
    generated_expect_table(means);
}

/* The table that belongs to the images as they stand in c. */
static void rebuild_table(const struct changing *ch, struct container *c)
{
    struct tlv *table = tlv_find(c, table_type(ch));
    uint8_t *entries = table->value;
    uint32_t at = 0;
    uint32_t i;

    for (i = 0; i < ch->g->image_count; i++) {
        const uint32_t size = ch->g->images[i].file.size;
        const struct bytes image = {c->payload.data + at, size};
        const struct bytes part = table_build(image, ch->g->encrypted);

        memcpy(entries, part.data, part.size);
        entries += part.size;
        at += round8(size);
    }
    require(entries == table->value + table->size, "a table of another size");
}

static void change_phdr_and_entry(struct changing *ch, struct change *change)
{
    struct generated *means = arena_alloc(sizeof(*means));
    struct container c = ch->parts;

    c.payload = arena_copy(c.payload.data, c.payload.size, 0);
    tlv_resize(tlv_find(&c, table_type(ch)), tlv_find(&c, table_type(ch))->size); /* a copy */
    set_phdr(ch, &c, means);
    rebuild_table(ch, &c);
    generated_sign_again(ch->g, &c);
    change->signed_again = true;
    change->means = means;
    change->bytes = container_join(&c);
}

/* ---- splices ---- */

/* Same key, same places, other bytes; or with a number of its own another container altogether. */
static struct bytes other_container(struct changing *ch, uint32_t number)
{
    struct generated *other = arena_alloc(sizeof(*other));

    generate(other, ch->g->seed, number, 1, ch->g->key);
    return generated_sign(other, ch->folder);
}

static void splice_container(struct changing *ch, enum change_kind kind, struct container *c)
{
    const bool payload = kind == OTHER_PAYLOAD;
    const uint32_t number = payload ? ~ch->g->number : ch->g->number;
    struct container other;

    container_split(other_container(ch, number), &other);
    if (payload) {
        c->payload = other.payload;
        return;
    }
    *tlv_find(c, table_type(ch)) = *tlv_find(&other, table_type(ch));
}

static void splice_bytes(struct changing *ch, enum change_kind kind, struct bytes changed)
{
    const struct bytes other = other_container(ch, ch->g->number);
    const uint32_t signature = signature_offset(&ch->parts);
    const uint32_t payload = payload_offset(&ch->parts);
    const struct made_elf *elf;
    const uint32_t image = some_image(ch, &elf);
    struct place part = some_part(ch);

    require(other.size == changed.size, "another release of another size");
    if (kind == OTHER_METADATA)
        part = (struct place){0, payload};
    else if (kind == OTHER_SIGNATURE)
        part = (struct place){signature, payload - signature};
    else if (kind == OTHER_IMAGE)
        part = (struct place){image, elf->file.size};
    memcpy(changed.data + part.offset, other.data + part.offset, part.size);
}

/* ---- all of them ---- */

/* Changes of header and TLVs get past the signature only so. RSA with long keys takes long. */
static bool sign_again(struct changing *ch)
{
    return !random_once_in(&ch->r, 3) && rprocfw_key_bits(ch->g->key->key) <= 2048;
}

static struct bytes join(struct changing *ch, struct container *c, bool *signed_again)
{
    if (!random_once_in(&ch->r, 8))
        container_measure(c);
    *signed_again = sign_again(ch);
    if (*signed_again)
        generated_sign_again(ch->g, c);
    return container_join(c);
}

static void change_in_place(struct changing *ch, struct change *change)
{
    const struct bytes bytes = arena_copy(ch->good.data, ch->good.size, 0);

    change->bytes = bytes;
    switch (change->kind) {
    case BITS:
        flip_bits(ch, bytes);
        break;
    case BYTES:
        set_bytes(ch, bytes);
        break;
    case LENGTHS:
        set_fields(ch, bytes, some_length);
        break;
    case ELF_FIELDS:
        set_fields(ch, bytes, some_elf_field);
        return;
    case TABLE_PLACE:
        change_table(ch, bytes);
        return;
    case SEGMENTS_SWAPPED:
        swap_segments(ch, bytes);
        return;
    case BYTES_MOVED:
        move_bytes(ch, bytes);
        break;
    default:
        splice_bytes(ch, change->kind, bytes);
        return;
    }
    if (memcmp(bytes.data, ch->good.data, signature_offset(&ch->parts)) == 0 || !sign_again(ch))
        return;
    change->signed_again = true;
    generated_sign_bytes(ch->g, bytes, signature_offset(&ch->parts));
}

static void change_container_as(struct changing *ch, struct change *change)
{
    struct container c = ch->parts;

    switch (change->kind) {
    case CUT:
        change->bytes = arena_copy(ch->good.data, below(ch, ch->good.size), 0);
        return;
    case EXTENDED:
        change->bytes = extend(ch);
        return;
    case CUT_AND_MEASURED:
        resize_payload(ch, &c);
        break;
    case TLV_SWAPPED:
    case TLV_MOVED:
    case TLV_DOUBLED:
    case TLV_REMOVED:
    case TLV_RESIZED:
    case TLV_RETYPED:
        change_record(ch, change->kind, &c);
        break;
    case ENTRIES:
        change_entries(ch, &c);
        break;
    case PHDR_AND_ENTRY:
        change_phdr_and_entry(ch, change);
        return;
    case OTHER_TABLE_TLV:
    case OTHER_PAYLOAD:
        splice_container(ch, change->kind, &c);
        break;
    default:
        change_in_place(ch, change);
        return;
    }
    change->bytes = join(ch, &c, &change->signed_again);
}

/* Bits, bytes and fields have the most places to be at. */
static enum change_kind some_kind(struct changing *ch)
{
    if (random_once_in(&ch->r, 2))
        return (enum change_kind)below(ch, TABLE_PLACE + 1);
    if (random_once_in(&ch->r, 8) && rprocfw_key_bits(ch->g->key->key) <= 2048)
        return PHDR_AND_ENTRY;
    return (enum change_kind)below(ch, CHANGE_KINDS);
}

struct change change_container(const struct generated *g, struct bytes good, const char *folder)
{
    struct changing *ch = arena_alloc(sizeof(*ch));
    struct change change = {.means = g};

    ch->g = g;
    ch->r = random_begin(g->seed, g->number, OF_CHANGES);
    ch->good = good;
    ch->folder = folder;
    container_split(good, &ch->parts);
    change.kind = some_kind(ch);
    change_container_as(ch, &change);
    while (change.bytes.size == good.size &&
           memcmp(change.bytes.data, good.data, good.size) == 0) { /* that was none */
        change = (struct change){.kind = BITS, .bytes = change.bytes, .means = g};
        flip_bits(ch, change.bytes);
    }
    return change;
}
