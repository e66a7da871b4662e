/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every bit of a container changed, every cut of it and small extensions, with the real signature
 * check each time. Two images, zero fill, a resource table, platform TLVs: firmware_build().
 *
 * What is accepted has the same bytes at the same addresses and the same zero fill: the whole
 * memory is compared. It has the same resource table, too, with one exception that the format
 * brings with it: section headers and names are not signed, so a change of the table's name, or of
 * where its name is looked for, hides it, and its sh_size may be any that stays in signed bytes
 * and has room for the entries. No bit leads to a table at another address.
 */
#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

#include "both.h"
#include "container.h"
#include "elf_image.h"
#include "firmware.h"
#include "suite.h"

#define IMAGES      2u
#define TABLE_IMAGE 1u /* the one that has a resource table */

/* The parts of a container; those from EHDR on are parts of an image. */
enum part { HEADER, TLVS, SIGNATURE, EHDR, PHDRS, SEGMENTS, SHDRS, NAMES, REST, PARTS };

static const char *const part_names[PARTS] = {"header",          "TLV area",        "signature",
                                              "ELF header",      "program headers", "segments",
                                              "section headers", "section names",   "unsigned"};

/* What must come of a change. */
enum rule {
    REFUSED, /* always */
    SAME,    /* accepted, and nothing is another: never judged */
    EITHER,  /* one or the other */
    HIDDEN,  /* or without a resource table */
    RESIZED  /* or with one of another size, at the same address */
};

struct count {
    unsigned changed;
    unsigned refused;
    unsigned same;
    unsigned other_size;
    unsigned no_table;
};

static struct both both;
static struct container parts;
static struct bytes good;
static struct memory expected; /* after the unchanged container */
static uint64_t table_pa;      /* and where its sh_addr says that it is: */
static uint32_t table_da;
static size_t mark;
static struct count counts[IMAGES][PARTS]; /* the whole container's parts: image 0 */

static void begin(void)
{
    EVP_PKEY *key = vector_public_key("keys/rsa2048.pub.pem");

    firmware_build(&parts);
    good = container_join(&parts);
    both_begin(&both, key);
    expected = memory_copy(&both.memory);
    memory_load(&expected, good);
    ck_assert(both_accept(&both, good));
    ck_assert(memory_equal(&both.memory, &expected));
    ck_assert_uint_eq(both.device.rsc_size, RSC_SIZE);
    table_pa = both.device.rsc_pa;
    table_da = both.board.images[TABLE_IMAGE].rsc_da;
    mark = arena_mark();
}

static void end(void)
{
    EVP_PKEY_free(both.key);
}

/* ---- what a byte is ---- */

static bool in(uint32_t at, uint32_t offset, uint32_t size)
{
    return at >= offset && at - offset < size;
}

static bool in_segment(struct bytes image, uint32_t at)
{
    uint32_t i;

    for (i = 0; i < get16(image, E_PHNUM); i++)
        if (get32(image, PHDR(i) + P_TYPE) == PT_LOAD &&
            in(at, get32(image, PHDR(i) + P_OFFSET), get32(image, PHDR(i) + P_FILESZ)))
            return true;
    return false;
}

static enum part part_of_image(struct bytes image, uint32_t at)
{
    const uint32_t names = SHDR(get16(image, E_SHSTRNDX));

    if (at < RPROCFW_EHDR_SIZE)
        return EHDR;
    if (in(at, ELF_PHOFF, RPROCFW_PHDR_SIZE * get16(image, E_PHNUM)))
        return PHDRS;
    if (in_segment(image, at))
        return SEGMENTS;
    if (in(at, ELF_SHOFF, RPROCFW_SHDR_SIZE * get16(image, E_SHNUM)))
        return SHDRS;
    return in(at, get32(image, names + SH_OFFSET), get32(image, names + SH_SIZE)) ? NAMES : REST;
}

static struct bytes image_of(uint32_t number)
{
    return (struct bytes){parts.payload.data + number * ELF_SIZE, ELF_SIZE};
}

/* *image is the number of the image, or 0; *at the offset in it, or in the container. */
static enum part part_of(uint32_t byte, uint32_t *image, uint32_t *at)
{
    *image = 0;
    *at = byte;
    if (byte < RPROCFW_HEADER_SIZE)
        return HEADER;
    if (byte < signature_offset(&parts))
        return TLVS;
    if (byte < payload_offset(&parts))
        return SIGNATURE;
    *image = (byte - payload_offset(&parts)) / ELF_SIZE;
    *at = (byte - payload_offset(&parts)) % ELF_SIZE;
    return part_of_image(image_of(*image), *at);
}

/* ---- what must come of it ---- */

static enum rule rule_of_ehdr(uint32_t at)
{
    if (in(at, E_SHOFF, 4) || in(at, E_SHNUM, 4)) /* and e_shstrndx behind it */
        return EITHER;
    if (at <= RPROCFW_EHDR_VERSION || in(at, E_PHOFF, 4) || in(at, E_PHENTSIZE, 6))
        return REFUSED; /* magic to EI_VERSION, e_phoff, e_phentsize, e_phnum, e_shentsize */
    return SAME;
}

static enum rule rule_of_shdr(struct bytes image, bool has_table, uint32_t at)
{
    const uint32_t number = (at - ELF_SHOFF) / RPROCFW_SHDR_SIZE;
    const uint32_t member = (at - ELF_SHOFF) % RPROCFW_SHDR_SIZE;
    const bool is_table = has_table && number == RSC_SECTION;

    if (in(member, SH_NAME, 4))
        return is_table ? HIDDEN : EITHER;
    if (number == get16(image, E_SHSTRNDX) && in(member, SH_OFFSET, 8))
        return has_table ? HIDDEN : EITHER; /* of the name table: sh_offset, sh_size */
    if (is_table && in(member, SH_ADDR, 8))
        return REFUSED; /* sh_addr, sh_offset: one without the other */
    return is_table && in(member, SH_SIZE, 4) ? RESIZED : SAME;
}

static enum rule rule_of_name(struct bytes image, bool has_table, uint32_t at)
{
    const uint32_t names = get32(image, SHDR(get16(image, E_SHSTRNDX)) + SH_OFFSET);
    const uint32_t name = get32(image, SHDR(RSC_SECTION) + SH_NAME);

    return has_table && in(at, names + name, sizeof(RPROCFW_RSC_NAME)) ? HIDDEN : SAME;
}

static enum rule rule_of(enum part part, uint32_t number, uint32_t at)
{
    const struct bytes image = image_of(number);
    const bool has_table = number == TABLE_IMAGE;

    switch (part) {
    case EHDR:
        return rule_of_ehdr(at);
    case SHDRS:
        return rule_of_shdr(image, has_table, at);
    case NAMES:
        return rule_of_name(image, has_table, at);
    case REST:
        return SAME;
    default:
        return REFUSED;
    }
}

static bool same_place(void)
{
    return both.device.rsc_pa == table_pa && both.board.images[TABLE_IMAGE].rsc_da == table_da;
}

/* Of an accepted container: the memory, and then the table. */
static void judge_accepted(struct count *count, enum rule rule, const char *what, uint32_t bit)
{
    const struct device *d = &both.device;

    require(rule != REFUSED, "%s, bit %u: accepted", what, bit);
    require(memory_equal(&both.memory, &expected), "%s, bit %u: memory is another", what, bit);
    if (d->rsc_size == RSC_SIZE) {
        require(same_place(), "%s, bit %u: the table is elsewhere", what, bit);
        count->same++;
    } else if (d->rsc_size == 0) {
        require(rule >= HIDDEN, "%s, bit %u: no table", what, bit);
        count->no_table++;
    } else {
        require(rule == RESIZED && same_place() && both_table_is_signed(&both),
                "%s, bit %u: %u bytes of table", what, bit, d->rsc_size);
        count->other_size++;
    }
}

static void flip(uint32_t bit)
{
    struct bytes changed = arena_copy(good.data, good.size, 0);
    struct count *count;
    enum part part;
    enum rule rule;
    uint32_t image;
    uint32_t at;

    changed.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
    part = part_of(bit / 8, &image, &at);
    rule = rule_of(part, image, at);
    count = &counts[image][part];
    count->changed++;
    if (both_accept(&both, changed)) {
        judge_accepted(count, rule, part_names[part], 8 * at + bit % 8);
    } else {
        require(rule != SAME, "%s, bit %u: %s", part_names[part], 8 * at + bit % 8,
                status_name(both.device.status));
        count->refused++;
    }
    arena_release(mark);
}

static void print_count(const char *name, const char *image, const struct count *c)
{
    printf("%-8s %-16s %8u %8u %8u %12u %12u\n", image, name, c->changed, c->refused, c->same,
           c->other_size, c->no_table);
}

/* Prints them; there is no part without a change, and no outcome without one that has it. */
static void judge_counts(void)
{
    static const char *const images[IMAGES] = {"image 0", "image 1"};
    struct count all = {0};
    unsigned image;
    unsigned part;

    printf("%-8s %-16s %8s %8s %8s %12s %12s\n", "", "single bits", "changed", "refused", "same",
           "other size", "no table");
    for (image = 0; image < IMAGES; image++) {
        for (part = image == 0 ? HEADER : EHDR; part < PARTS; part++) {
            const struct count *c = &counts[image][part];

            print_count(part_names[part], part < EHDR ? "" : images[image], c);
            ck_assert_msg(c->changed > 0, "no change of %s", part_names[part]);
            all.changed += c->changed;
            all.refused += c->refused;
            all.same += c->same;
            all.other_size += c->other_size;
            all.no_table += c->no_table;
        }
    }
    print_count("all", "", &all);
    ck_assert_uint_eq(all.changed, 8 * good.size);
    ck_assert_uint_eq(all.changed, all.refused + all.same + all.other_size + all.no_table);
    ck_assert(all.refused > 0 && all.same > 0 && all.other_size > 0 && all.no_table > 0);
}

START_TEST(any_bit_changed_is_refused_or_loads_the_same)
{
    uint32_t bit;

    begin();
    for (bit = 0; bit < 8 * good.size; bit++)
        flip(bit);
    judge_counts();
    end();
}
END_TEST

/* ---- cut and extended ---- */

START_TEST(a_container_cut_anywhere_is_refused)
{
    uint32_t size;

    begin();
    for (size = 0; size < good.size; size++) {
        require(!both_accept(&both, arena_copy(good.data, size, 0)), "cut to %u", size);
        arena_release(mark);
    }
    printf("cut to %u sizes: all refused\n", size);
    end();
}
END_TEST

#define MORE 64u

START_TEST(a_container_with_bytes_behind_it_is_refused)
{
    static const uint8_t fills[] = {0, 0xFF};
    uint32_t more;
    unsigned i;

    begin();
    for (i = 0; i < COUNT(fills); i++) {
        for (more = 1; more <= MORE; more++) {
            struct bytes extended = arena_copy(good.data, good.size, more);

            memset(extended.data + good.size, fills[i], more);
            require(!both_accept(&both, extended), "%u bytes %#x more", more, fills[i]);
            arena_release(mark);
        }
    }
    printf("extended by 1 to %u bytes, of %u kinds: all refused\n", MORE, COUNT(fills));
    end();
}
END_TEST

int main(void)
{
    RUN_TESTS("exhaustive", any_bit_changed_is_refused_or_loads_the_same,
              a_container_cut_anywhere_is_refused, a_container_with_bytes_behind_it_is_refused);
}
