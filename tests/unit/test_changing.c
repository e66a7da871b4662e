/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A container that others change while core reads it. Whatever they change, and when: what was
 * signed is loaded, to where it belongs, or nothing stays loaded.
 *
 * An access is one call of read or load. Core sees the container through them alone, so a change of
 * a byte matters by the accesses to this byte that come after it, and by nothing else.
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "container.h"
#include "device.h"
#include "elf_image.h"
#include "firmware.h"
#include "suite.h"

#define ID           1u
#define MAX_ACCESSES 160u
#define NEVER        0xFFFFFFFFu

/* ---- what is attacked ---- */

/*
 * One image, whose first PT_LOAD has the headers: from offset 0 to where the body begins. The
 * others are those of elf_default().
 */
static void build_loaded_headers(struct container *c)
{
    static const struct rprocfw_phdr headers = {PT_LOAD,  0,        0x10002100, 0x20002100,
                                                ELF_BODY, ELF_BODY, 4,          4};
    struct bytes image;
    struct elf elf;

    elf_default(&elf);
    memmove(&elf.phdrs[1], &elf.phdrs[0], elf.phnum * sizeof(elf.phdrs[0]));
    elf.phdrs[0] = headers;
    elf.phnum++;
    image = elf_build(&elf);
    container_build(c, &image, 1, false);
    container_measure(c);
    container_sign(c);
}

static const struct subject {
    const char *path;
    void (*build)(struct container *c); /* without path; for firmware_memory() */
    struct memory memory;
} subjects[] = {
    {NULL, firmware_build, {{{0}}, {{0}}}},
    {NULL, build_loaded_headers, {{{0}}, {{0}}}},
    {"expected/rsa2048_single.sig",
     NULL,
     {{{0, 0x38000000, 0x80}, {0x10000000, 0x10000000, 0xC0}, {0x10020000, 0x10020000, 0x1040}},
      {{0x38000000, 0x80, NULL}, {0x10000000, 0xC0, NULL}, {0x10020000, 0x1040, NULL}}}},
    {"expected/rsa2048_two_images.sig",
     NULL,
     {{{0x80000000, 0x880000000, 0x140},
       {0x80100000, 0x880100000, 0x80},
       {0x80101000, 0x880101000, 0xE0},
       {0x81200000, 0x881200000, 0x1040}},
      {{0x880000000, 0x140, NULL},
       {0x880100000, 0x80, NULL},
       {0x880101000, 0xE0, NULL},
       {0x881200000, 0x1040, NULL}}}},
};

static struct device d;
static struct memory memory;
static EVP_PKEY *key;
static struct bytes good; /* the container as it was signed */
static struct bytes file; /* as core sees it now */
static struct container parts;
static size_t mark; /* what is allocated from here on is a run's */

/* What the unchanged container does. */
static struct memory expected;
static struct device unchanged;
enum touch { NOT, READ_IN, LOADED_IN };
static uint8_t *touched[MAX_ACCESSES]; /* for each byte: is it in this access? */

/* ---- how ---- */

/* What others make of [offset, offset + size): before access number from; put back before to. */
static struct {
    struct bytes content; /* of the whole container */
    uint32_t offset;
    uint32_t size;
    unsigned from;
    unsigned to;
} change;

static void copy_part(struct bytes from)
{
    memcpy(file.data + change.offset, from.data + change.offset, change.size);
}

static void make_change(struct device *device, unsigned access)
{
    (void)device;
    if (access == change.from)
        copy_part(change.content);
    if (access == change.to)
        copy_part(good);
}

/* Notes what the access before this one touched. */
static void note_touched(struct device *device, unsigned access)
{
    const uint32_t size = device->container.size;
    static unsigned *reads; /* before that access */
    static unsigned *loads;
    uint32_t i;

    require(access < MAX_ACCESSES, "more than %u accesses", MAX_ACCESSES);
    if (access == 0) {
        reads = arena_alloc(size * sizeof(*reads));
        loads = arena_alloc(size * sizeof(*loads));
        return;
    }
    require(reads != NULL && loads != NULL, "access %u without one before", access);
    touched[access - 1] = arena_alloc(size);
    for (i = 0; i < size; i++)
        if (device->reads[i] != reads[i])
            touched[access - 1][i] = READ_IN;
        else if (device->loads[i] != loads[i])
            touched[access - 1][i] = LOADED_IN;
    memcpy(reads, device->reads, size * sizeof(*reads));
    memcpy(loads, device->loads, size * sizeof(*loads));
}

/* One load from state OFF, with poison in all of the memory. */
static void run(void (*hook)(struct device *d, unsigned access))
{
    device_start_up(&d, &memory, 1);
    d.key = key;
    d.before = hook;
    memcpy(file.data, good.data, good.size);
    device_load(&d, ID, file);
    if (d.status == RPROCFW_OK) {
        const enum rprocfw_status status =
            rprocfw_rproc_rsc_table(&d.rprocs, ID, &d.rsc_pa, &d.rsc_size);

        require(status == RPROCFW_OK, "no resource table: %s", status_name(status));
    }
}

static void begin(int number)
{
    const struct subject *subject = &subjects[number];

    key = vector_public_key("keys/rsa2048.pub.pem");
    if (subject->path == NULL) {
        subject->build(&parts);
        good = container_join(&parts);
        memory = firmware_memory();
    } else {
        good = vector_load(subject->path);
        container_split(good, &parts);
        memory = subject->memory;
    }
    file = arena_copy(good.data, good.size, 0);
    change.content = arena_copy(good.data, good.size, 0);
    memory_poison(&memory);
    expected = memory_copy(&memory);
    memory_load(&expected, good);
    run(note_touched);
    note_touched(&d, d.access);
    ck_assert_int_eq(d.status, RPROCFW_OK);
    ck_assert(memory_equal(&memory, &expected));
    ck_assert_uint_gt(d.rsc_size, 0);
    unchanged = d;
    mark = arena_mark();
}

static void end(void)
{
    EVP_PKEY_free(key);
}

/* ---- what must hold ---- */

/* Memory was written only where the unchanged container is loaded to, and in its order. */
static void assert_no_other_memory(void)
{
    unsigned i;

    require(d.write_count <= unchanged.write_count, "%u writes", d.write_count);
    for (i = 0; i < d.write_count; i++) {
        const struct write *is = &d.writes[i];
        const struct write *was = &unchanged.writes[i];

        require(is->pa == was->pa && is->size == was->size && is->zero == was->zero,
                "write %u: %u bytes at %#llx", i, is->size, (unsigned long long)is->pa);
    }
}

/* Refused, and nothing left. */
static void assert_refused(const char *what)
{
    require(rprocfw_status_is_refusal(d.status) || d.status == RPROCFW_ERR_WORK_SIZE, "%s: %s",
            what, status_name(d.status));
    require(memory_is_clear(&memory), "%s: %s, and memory is not clear", what,
            status_name(d.status));
    require(device_state(&d, ID) == RPROCFW_RPROC_OFF, "%s: refused and loaded", what);
}

/* Section headers are not signed: they may say that there is no table, or that it is larger. */
static bool is_signed_rsc_table(void)
{
    const uint8_t *table;
    unsigned i;

    for (i = 0; i < unchanged.write_count; i++) {
        const struct write *w = &unchanged.writes[i];

        if (!w->zero && d.rsc_pa >= w->pa && d.rsc_pa - w->pa + d.rsc_size <= w->size)
            break;
    }
    if (i == unchanged.write_count || d.rsc_size < RPROCFW_RSC_HEADER_SIZE)
        return false;
    table = memory_at_pa(&memory, d.rsc_pa, d.rsc_size);
    return rprocfw_u32_decode(table) == 1 && rprocfw_u32_decode(table + 8) == 0 &&
           rprocfw_u32_decode(table + 12) == 0 &&
           rprocfw_u32_decode(table + 4) <= (d.rsc_size - 16) / 4;
}

/* The last run: as signed, or refused. Returns whether it was accepted. */
static bool judge(const char *what)
{
    const bool accepted = d.status == RPROCFW_OK;

    assert_no_other_memory();
    if (accepted) {
        require(memory_equal(&memory, &expected), "%s: accepted, and memory is another", what);
        require((d.rsc_pa == 0 && d.rsc_size == 0) || is_signed_rsc_table(),
                "%s: %u bytes of resource table at %#llx", what, d.rsc_size,
                (unsigned long long)d.rsc_pa);
    } else {
        assert_refused(what);
    }
    arena_release(mark);
    return accepted;
}

static bool same_rsc_table(void)
{
    return d.rsc_pa == unchanged.rsc_pa && d.rsc_size == unchanged.rsc_size;
}

/* A run in which [offset, offset + size) of change.content shows from one access to another. */
static bool attack(const char *what, uint32_t offset, uint32_t size, unsigned from, unsigned to)
{
    change.offset = offset;
    change.size = size;
    change.from = from;
    change.to = to;
    run(make_change);
    return judge(what);
}

/* ---- how often what is read ---- */

static unsigned accesses_to(uint32_t byte)
{
    return unchanged.reads[byte] + unchanged.loads[byte];
}

/* counts: of reads, or of loads. */
static void assert_once(const unsigned *counts, uint32_t offset, uint32_t size, const char *what)
{
    uint32_t i;

    for (i = offset; i < offset + size; i++)
        ck_assert_msg(counts[i] == 1, "byte %u, %s: %u times", i, what, counts[i]);
}

/* The image whose number it is: where it starts in the container, and its program headers. */
static uint32_t image_offset(uint32_t number)
{
    const struct tlv *sizes = tlv_find(&parts, RPROCFW_TLV_IMGSIZE);
    uint32_t offset = payload_offset(&parts);
    uint32_t i;

    for (i = 0; i < number; i++)
        offset += rprocfw_u32_decode(sizes->value + 4 * i);
    return offset;
}

static uint32_t image_count(void)
{
    return tlv_find(&parts, RPROCFW_TLV_NUM_IMG)->value[0];
}

static bool in(uint32_t byte, uint32_t offset, uint32_t size)
{
    return byte >= offset && byte - offset < size;
}

static bool is_section_name(uint32_t byte)
{
    uint32_t image;

    for (image = 0; image < image_count(); image++) {
        const uint32_t at = image_offset(image);
        const uint32_t names = at + get32(good, at + E_SHOFF) + 40 * get16(good, at + E_SHSTRNDX);

        if (in(byte, at + get32(good, names + SH_OFFSET), get32(good, names + SH_SIZE)))
            return true;
    }
    return false;
}

/* Of an image: ELF header, program headers, section headers and their names. */
static bool is_header(uint32_t byte)
{
    uint32_t image;

    for (image = 0; image < image_count(); image++) {
        const uint32_t at = image_offset(image);

        if (in(byte, at, 52) ||
            in(byte, at + get32(good, at + E_PHOFF), 32 * get16(good, at + E_PHNUM)) ||
            in(byte, at + get32(good, at + E_SHOFF), 40 * get16(good, at + E_SHNUM)))
            return true;
    }
    return is_section_name(byte);
}

/* Where a segment has headers, they are read as these and once more as the segment. */
START_TEST(nothing_but_section_names_is_read_twice)
{
    uint32_t i;

    begin(_i);
    for (i = 0; i < good.size; i++) {
        ck_assert_msg(unchanged.reads[i] <= 1 || is_section_name(i), "byte %u: read %u times", i,
                      unchanged.reads[i]);
        ck_assert_msg(unchanged.loads[i] <= 1, "byte %u: loaded %u times", i, unchanged.loads[i]);
        ck_assert_msg(unchanged.reads[i] == 0 || unchanged.loads[i] == 0 || is_header(i),
                      "byte %u, no header: read, and loaded", i);
    }
    end();
}
END_TEST

START_TEST(metadata_headers_and_segments_are_read_once_each)
{
    uint32_t image;
    uint32_t i;

    begin(_i);
    assert_once(unchanged.reads, 0, payload_offset(&parts), "metadata");
    for (image = 0; image < image_count(); image++) {
        const uint32_t at = image_offset(image);
        const uint32_t phoff = at + get32(good, at + E_PHOFF);

        assert_once(unchanged.reads, at, 52, "ELF header");
        assert_once(unchanged.reads, phoff, 32 * get16(good, at + E_PHNUM), "program headers");
        for (i = 0; i < get16(good, at + E_PHNUM); i++)
            if (get32(good, phoff + 32 * i + P_TYPE) == PT_LOAD)
                assert_once(unchanged.loads, at + get32(good, phoff + 32 * i + P_OFFSET),
                            get32(good, phoff + 32 * i + P_FILESZ), "segment");
    }
    end();
}
END_TEST

/* ---- single bytes ---- */

static const uint8_t masks[] = {0x01, 0x80, 0xFF, 0x04, 0x10};

/* Put a changed byte into change.content; mask 0 puts the signed one back. */
static void set_byte(uint32_t byte, uint8_t mask)
{
    change.content.data[byte] = good.data[byte] ^ mask;
}

/* For every byte that is accessed, and every access to it: calls with the access. */
static void every_byte(void (*attack_byte)(uint32_t byte, unsigned access))
{
    unsigned access;
    uint32_t byte;
    size_t i;

    for (byte = 0; byte < good.size; byte++) {
        for (access = 0; access < unchanged.access; access++) {
            if (touched[access][byte] == NOT)
                continue;
            for (i = 0; i < COUNT(masks); i++) {
                set_byte(byte, masks[i]);
                attack_byte(byte, access);
                set_byte(byte, 0);
            }
        }
    }
}

static bool is_accessed_after(uint32_t byte, unsigned access)
{
    while (++access < unchanged.access)
        if (touched[access][byte] != NOT)
            return true;
    return false;
}

/*
 * Not even noticed; and refused where a segment has the byte, too, and that or the header is still
 * to come. But a section name is read again for the next section, and who changes one can hide the
 * resource table at any time.
 */
static void change_after(uint32_t byte, unsigned access)
{
    const bool accepted = attack("changed after an access", byte, 1, access + 1, NEVER);
    const bool unnoticed = accepted && same_rsc_table();

    require(is_section_name(byte) || (is_accessed_after(byte, access) ? !accepted : unnoticed),
            "byte %u changed after access %u: %s, %u bytes of resource table", byte, access,
            status_name(d.status), d.rsc_size);
}

START_TEST(a_byte_changed_after_it_was_read_changes_nothing_or_is_refused)
{
    begin(_i);
    every_byte(change_after);
    end();
}
END_TEST

static unsigned refused;

static void change_at(uint32_t byte, unsigned access)
{
    const bool segment = touched[access][byte] == LOADED_IN;
    const bool accepted = attack("changed at one access", byte, 1, access, access + 1);

    require(!accepted || (!segment && byte >= payload_offset(&parts)),
            "byte %u, which is signed, changed at access %u: accepted", byte, access);
    refused += !accepted;
}

START_TEST(a_byte_changed_at_one_access_is_harmless_or_refused)
{
    begin(_i);
    refused = 0;
    every_byte(change_at);
    ck_assert_uint_gt(refused, 0);
    end();
}
END_TEST

/* ---- any bytes at any time ---- */

/* From each access on, and for each access alone; of the metadata only after it was copied. */
static void at_any_time(const char *what, uint32_t offset, uint32_t size)
{
    unsigned access;

    for (access = 0; access <= unchanged.access; access++) {
        attack(what, offset, size, access, NEVER);
        attack(what, offset, size, access, access + 1);
        if (access > 0)
            attack(what, offset, size, 0, access); /* until then */
    }
}

static void fill_content(uint8_t mask, uint8_t value)
{
    uint32_t i;

    for (i = 0; i < good.size; i++)
        change.content.data[i] = (uint8_t)((good.data[i] & mask) ^ value);
}

START_TEST(the_whole_payload_changed_at_any_time_is_harmless_or_refused)
{
    uint32_t payload;

    begin(_i);
    payload = payload_offset(&parts);
    fill_content(0xFF, 0xFF);
    at_any_time("payload inverted", payload, good.size - payload);
    fill_content(0, 0);
    at_any_time("payload zeroed", payload, good.size - payload);
    fill_content(0, 0xFF);
    at_any_time("payload of ones", payload, good.size - payload);
    end();
}
END_TEST

START_TEST(any_block_of_the_container_changed_at_any_time_is_harmless_or_refused)
{
    const uint32_t block = subjects[_i].path == NULL ? 16 : 128;
    uint32_t offset;

    begin(_i);
    fill_content(0xFF, 0xFF);
    for (offset = 0; offset + block <= good.size; offset += block)
        at_any_time("block inverted", offset, block);
    end();
}
END_TEST

START_TEST(metadata_changed_after_it_was_copied_changes_nothing)
{
    static const struct {
        uint8_t mask;
        uint8_t value;
    } fills[] = {{0xFF, 0xFF}, {0, 0}, {0, 0xFF}, {0xFF, 0x01}};
    unsigned access;
    uint32_t payload;
    size_t i;

    begin(_i);
    payload = payload_offset(&parts);
    for (i = 0; i < COUNT(fills); i++) {
        fill_content(fills[i].mask, fills[i].value);
        ck_assert(attack("header", 0, RPROCFW_HEADER_SIZE, 1, NEVER));
        for (access = 2; access <= unchanged.access; access++) {
            ck_assert(attack("metadata", 0, payload, access, NEVER));
            ck_assert(same_rsc_table());
        }
    }
    end();
}
END_TEST

/* ---- other containers ---- */

/* ELF header fields, and all that they lead to, told anew. */
static void retell(struct bytes image, uint32_t variant)
{
    const uint32_t phoff = get32(image, E_PHOFF);
    const uint32_t phnum = get16(image, E_PHNUM);
    const uint32_t shoff = get32(image, E_SHOFF);
    const uint32_t last = phoff + 32 * (phnum - 1);
    const uint32_t elsewhere = ELF_BODY + 0x10 * variant; /* over segments, in the firmware */

    memcpy(image.data + elsewhere, image.data + phoff, 32 * phnum);
    switch (variant) {
    case 0: /* program headers elsewhere, one of them for another address */
        put32(image, E_PHOFF, elsewhere);
        put32(image, elsewhere + P_PADDR, get32(image, elsewhere + P_PADDR) + 0x40);
        break;
    case 1: /* larger in memory */
        put32(image, last + P_MEMSZ, get32(image, last + P_MEMSZ) + 8);
        break;
    case 2: /* the first two the other way round */
        memcpy(image.data + phoff, image.data + elsewhere + 32 * (phnum > 1), 32);
        memcpy(image.data + phoff + 32 * (phnum > 1), image.data + elsewhere, 32);
        break;
    case 3: /* fewer of them */
        put16(image, E_PHNUM, phnum - 1);
        break;
    case 4: /* bytes from elsewhere */
        put32(image, last + P_OFFSET, get32(image, last + P_OFFSET) ^ 0x10);
        break;
    case 5: /* other section headers */
        put32(image, E_SHOFF, shoff + 40);
        put16(image, E_SHSTRNDX, 0);
        break;
    case 6: /* another number of section headers */
        put16(image, E_SHNUM, 1);
        put16(image, E_SHSTRNDX, 0);
        break;
    default: /* the segment with the resource table is none */
        put32(image, phoff + P_TYPE, PT_NULL);
        break;
    }
}

START_TEST(headers_that_tell_another_story_at_any_time_are_harmless_or_refused)
{
    uint32_t payload;
    uint32_t variant;
    uint32_t image;

    begin(_i);
    payload = payload_offset(&parts);
    for (variant = 0; variant < 8; variant++) {
        for (image = 0; image < image_count(); image++) {
            const uint32_t at = image_offset(image);

            fill_content(0xFF, 0);
            retell((struct bytes){change.content.data + at, good.size - at}, variant);
            at_any_time("another story", payload, good.size - payload);
        }
    }
    end();
}
END_TEST

/* Two containers of one layout, both signed: what is loaded is one of them, never a mixture. */
static void build_twin(void)
{
    struct container twin;
    struct bytes images[2];
    struct elf elf;

    elf_least(&elf);
    elf.seed = 0x80;
    elf.phdrs[0].paddr += 0x20;
    images[0] = elf_build(&elf);
    elf_default(&elf);
    elf.seed = 0x81;
    elf.phdrs[2].paddr += 0x100;
    images[1] = elf_build(&elf);
    container_build(&twin, images, 2, false);
    tlv_append(&twin, RPROCFW_TLV_BOOTADDR, "abcd", 4);
    tlv_append(&twin, RPROCFW_TLV_BOOTSEC, "efgh", 4);
    container_measure(&twin);
    container_sign(&twin);
    change.content = container_join(&twin);
    ck_assert_uint_eq(change.content.size, good.size);
}

/* What is accepted is one of them; memory is clear otherwise. Returns which: 1, 2; 0: refused. */
static unsigned judge_twins(const struct memory *twin, unsigned from, unsigned to)
{
    unsigned which = 0;

    change.offset = 0;
    change.size = good.size;
    change.from = from;
    change.to = to;
    run(make_change);
    if (d.status != RPROCFW_OK)
        assert_refused("twins");
    else if (memory_equal(&memory, &expected))
        which = 1;
    else if (memory_equal(&memory, twin))
        which = 2;
    require(d.status != RPROCFW_OK || which != 0, "a mixture of twins, from %u to %u", from, to);
    arena_release(mark);
    return which;
}

START_TEST(two_signed_containers_are_never_mixed)
{
    struct memory twin;
    unsigned from;
    unsigned to;

    begin(0);
    build_twin();
    memory_poison(&memory);
    twin = memory_copy(&memory);
    memory_load(&twin, change.content);
    mark = arena_mark();
    ck_assert_uint_eq(judge_twins(&twin, 0, NEVER), 2);
    ck_assert_uint_eq(judge_twins(&twin, NEVER, NEVER), 1);
    for (from = 0; from <= unchanged.access; from++) {
        judge_twins(&twin, from, NEVER);
        for (to = from + 1; to <= unchanged.access; to++)
            judge_twins(&twin, from, to);
    }
    end();
}
END_TEST

/* ---- at random ---- */

static uint32_t random_below(uint32_t limit)
{
    static uint64_t state = 0x9E3779B97F4A7C15u;

    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 16) % limit;
}

/* A byte that core looks at. */
static uint32_t random_byte(void)
{
    uint32_t byte;

    do
        byte = random_below(good.size);
    while (accesses_to(byte) == 0);
    return byte;
}

START_TEST(random_changes_at_random_times_are_harmless_or_refused)
{
    unsigned accepted = 0;
    unsigned times;

    begin(_i);
    for (times = 0; times < 10000; times++) {
        const unsigned from = random_below(unchanged.access + 1);
        unsigned bytes = 1 + random_below(8);

        fill_content(0xFF, 0);
        for (; bytes > 0; bytes--)
            change.content.data[random_byte()] = (uint8_t)random_below(256);
        accepted += attack("at random", 0, good.size, from,
                           random_below(2) == 0 ? NEVER : from + 1 + random_below(10));
    }
    ck_assert_uint_gt(accepted, 100);
    ck_assert_uint_lt(accepted, 9900);
    end();
}
END_TEST

/* ---- load again ---- */

/* While it is looked whether this container is loaded: it is, or it is another one. */
START_TEST(a_load_again_of_a_changing_container_touches_nothing)
{
    unsigned access;
    uint32_t byte;

    begin(_i);
    for (byte = 0; byte < payload_offset(&parts); byte++) {
        for (access = 0; access < 3; access++) {
            const bool unread = byte < RPROCFW_HEADER_SIZE ? access == 0 : access < 2;

            run(NULL);
            set_byte(byte, 0x04);
            change.offset = byte;
            change.size = 1;
            change.from = access;
            change.to = NEVER;
            d.before = make_change;
            device_load(&d, ID, file);
            require(d.status == (unread ? RPROCFW_ERR_OTHER_LOADED : RPROCFW_OK), "byte %u: %s",
                    byte, status_name(d.status));
            require(device_memory_calls(&d) == 0, "byte %u: memory was touched", byte);
            require(memory_equal(&memory, &expected), "byte %u: memory changed", byte);
            set_byte(byte, 0);
            arena_release(mark);
        }
    }
    end();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        metadata_headers_and_segments_are_read_once_each,
        nothing_but_section_names_is_read_twice,
        a_byte_changed_after_it_was_read_changes_nothing_or_is_refused,
        a_byte_changed_at_one_access_is_harmless_or_refused,
        the_whole_payload_changed_at_any_time_is_harmless_or_refused,
        any_block_of_the_container_changed_at_any_time_is_harmless_or_refused,
        metadata_changed_after_it_was_copied_changes_nothing,
        headers_that_tell_another_story_at_any_time_are_harmless_or_refused,
        random_changes_at_random_times_are_harmless_or_refused,
        a_load_again_of_a_changing_container_touches_nothing,
    };
    const TTest *const once[] = {two_signed_containers_are_never_mixed};
    const int failed = run_loop_tests("changing", tests, COUNT(tests), COUNT(subjects));

    return run_tests("changing-twins", once, COUNT(once)) | failed;
}
