/* SPDX-License-Identifier: BSD-2-Clause */
/* What the signing scripts wrote is accepted; what boards were measured with comes out as told. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

#include "board.h"
#include "container.h"
#include "elf_image.h"
#include "suite.h"
#include "vectors.h"

static struct board b;

static void verify_made(const struct made *made)
{
    memset(&b, 0, sizeof(b));
    b.key = vector_key(made->key);
    board_verify(&b, vector_named("expected", made->name, ".sig"), made->options);
    EVP_PKEY_free(b.key);
    b.key = NULL;
    ck_assert_msg(b.status == RPROCFW_OK, "%s: %s", made->name, rprocfw_status_name(b.status));
}

/* The PT_LOADs of an input from b.loads[next] on; returns the number of the next one. */
static unsigned same_segments(const struct made *made, unsigned image, unsigned next)
{
    const struct bytes elf = vector_named("elf", made->elves[image], ".elf");
    const uint32_t phoff = get32(elf, E_PHOFF);
    const uint32_t phnum = get16(elf, E_PHNUM);
    const bool encrypted = made->options == ENCRYPTED;
    uint32_t i;

    for (i = 0; i < phnum; i++) {
        const uint32_t phdr = phoff + 32 * i;
        const struct loaded *loaded = &b.loads[next];

        if (get32(elf, phdr + P_TYPE) != PT_LOAD)
            continue;
        ck_assert_uint_lt(next, b.load_count);
        ck_assert_uint_eq(loaded->image, image);
        ck_assert_uint_eq(loaded->index, i);
        ck_assert_uint_eq(loaded->phdr.paddr, get32(elf, phdr + P_PADDR));
        ck_assert_uint_eq(loaded->phdr.filesz, get32(elf, phdr + P_FILESZ));
        ck_assert_uint_eq(loaded->phdr.memsz, get32(elf, phdr + P_MEMSZ));
        ck_assert_int_eq(loaded->encrypted, encrypted);
        if (!encrypted)
            ck_assert_int_eq(memcmp(loaded->memory.data, elf.data + get32(elf, phdr + P_OFFSET),
                                    loaded->memory.size),
                             0);
        next++;
    }
    return next;
}

START_TEST(every_expected_container_is_accepted_and_loads_what_was_signed)
{
    size_t i;

    for (i = 0; i < made_count; i++) {
        const struct made *made = &all_made[i];
        unsigned images = 0;
        unsigned loads = 0;

        verify_made(made);
        for (; images < MAX_INPUTS && made->elves[images] != NULL; images++)
            loads = same_segments(made, images, loads);
        ck_assert_msg(loads == b.load_count, "%s: %u segments", made->name, b.load_count);
        ck_assert_uint_eq(images, b.image_count);
        arena_release(0);
    }
}
END_TEST

/* The resource table of each input, as readelf shows it; 0: it has none. */
START_TEST(resource_tables_are_those_of_the_inputs)
{
    static const struct {
        const char *elf;
        uint32_t da;
        uint32_t size;
    } tables[] = {
        {"m4", 0x1000006C, 0x30},
        {"m4dbg", 0x1000008C, 0x30},
        {"m4unw", 0x10000094, 0x30},
        {"pad1", 0x1000006C, 0x30},
        {"pad5", 0x1000006C, 0x30},
        {"zephyr_ns", 0x80101078, 0x30},
        {"tfm_s", 0, 0},
        {"exidx_first", 0, 0},
        {"segments1000", 0, 0},
        {"ns_note16", 0, 0},
        {"ns_aligned16", 0x80101090, 0x30},
    };
    size_t i;
    size_t t;
    unsigned k;

    for (i = 0; i < made_count; i++) {
        verify_made(&all_made[i]);
        for (k = 0; k < b.image_count; k++) {
            const char *elf = all_made[i].elves[k];

            for (t = 0; strcmp(tables[t].elf, elf) != 0;)
                ck_assert_uint_lt(++t, COUNT(tables));
            ck_assert_msg(b.images[k].rsc_da == tables[t].da &&
                              b.images[k].rsc_size == tables[t].size &&
                              b.images[k].has_rsc_table == (tables[t].size != 0),
                          "%s, %s: %#x, %u bytes", all_made[i].name, elf, b.images[k].rsc_da,
                          b.images[k].rsc_size);
        }
        arena_release(0);
    }
}
END_TEST

/* Of a container that is accepted with MANY_TABLES only. */
START_TEST(two_resource_tables_are_refused_without_the_option)
{
    unsigned count = 0;
    size_t i;

    for (i = 0; i < made_count; i++) {
        if (all_made[i].options != MANY_TABLES)
            continue;
        verify_made(&all_made[i]);
        ck_assert_uint_eq(b.v.rsc_tables, 2);
        board_verify(&b, b.container, 0);
        ck_assert_int_eq(b.status, RPROCFW_ERR_RSC_TWICE);
        ck_assert_uint_eq(b.diag.image, 2);
        count++;
    }
    ck_assert_uint_eq(count, 1);
}
END_TEST

static bool is_listed(const char *file)
{
    size_t i;

    for (i = 0; i < made_count; i++) {
        const size_t size = strlen(all_made[i].name);

        if (strncmp(file, all_made[i].name, size) == 0 && strcmp(file + size, ".sig") == 0)
            return true;
    }
    return false;
}

START_TEST(no_expected_container_is_forgotten)
{
    DIR *dir = opendir(VECTORS "/expected");
    const struct dirent *file;
    unsigned count = 0;

    ck_assert_ptr_nonnull(dir);
    while ((file = readdir(dir)) != NULL) {
        if (strstr(file->d_name, ".sig") == NULL)
            continue;
        ck_assert_msg(is_listed(file->d_name), "expected/%s is not in the list", file->d_name);
        count++;
    }
    closedir(dir);
    ck_assert_uint_eq(count, made_count);
}
END_TEST

START_TEST(another_key_is_refused)
{
    static const char *const keys[] = {"rsa2048", "rsa2048.pkcs1", "rsa3072", "rsa4096", "p256"};
    size_t i;
    size_t k;

    for (i = 0; i < made_count; i++) {
        for (k = 0; k < COUNT(keys); k++) {
            struct bytes file = vector_named("expected", all_made[i].name, ".sig");

            if (strcmp(keys[k], all_made[i].key) == 0)
                continue;
            memset(&b, 0, sizeof(b));
            b.key = vector_key(keys[k]);
            board_verify(&b, file, RPROCFW_VERIFY_CIPHERTEXT);
            EVP_PKEY_free(b.key);
            assert_refused(&b, RPROCFW_ERR_SIGNATURE, 20 + round8(get32(file, 8)), NOWHERE, NOWHERE,
                           NOWHERE);
            arena_release(0);
        }
    }
}
END_TEST

/* An all-zero entry ends the part of the first image, in the middle of the table. */
START_TEST(padding_in_the_middle_of_st_encrypted_two)
{
    const struct made two = {"st_encrypted_two", "rsa2048", ENCRYPTED, {NULL}};

    verify_made(&two);
    ck_assert_uint_eq(b.images[0].first_entry, 0);
    ck_assert_uint_eq(b.images[0].entry_count, 3);
    ck_assert_uint_eq(b.images[1].first_entry, 3);
    ck_assert_uint_eq(b.images[1].entry_count, 5);
    ck_assert_uint_eq(b.loads[0].index, 1); /* program header 0 is a PT_NOTE */
    ck_assert_uint_eq(b.loads[0].entry, 0);
    ck_assert_uint_eq(b.loads[2].entry, 3);
}
END_TEST

/* Header, TLVs, signature, ELF headers, program headers: once; what is loaded: not at all. */
START_TEST(bytes_of_the_vectors_are_read_as_often_as_promised)
{
    size_t i;
    unsigned k;
    uint32_t at;

    for (i = 0; i < made_count; i++) {
        verify_made(&all_made[i]);
        for (at = 0; at < b.v.layout.payload; at++)
            ck_assert_uint_eq(b.reads[at], 1);
        for (k = 0; k < b.image_count; k++) {
            const uint32_t image = b.images[k].offset;
            const uint32_t phdrs = image + get32(b.container, image + E_PHOFF);

            for (at = image; at < image + 52; at++)
                ck_assert_uint_eq(b.reads[at], 1);
            for (at = phdrs; at < phdrs + 32u * get16(b.container, image + E_PHNUM); at++)
                ck_assert_uint_eq(b.reads[at], 1);
        }
        for (k = 0; k < b.load_count; k++)
            for (at = 0; at < b.loads[k].phdr.filesz; at++)
                ck_assert_uint_eq(b.reads[b.loads[k].offset + at], 0);
        arena_release(0);
    }
}
END_TEST

/* ---- device.tsv ---- */

static EVP_PKEY *board_key;

static void judge_verdict(const struct measured *m)
{
    const struct rprocfw_diag *d = &b.diag;
    const struct row *row = m->row;

    ck_assert_msg(b.status == row->status, "%s: %s instead of %s", row->name,
                  rprocfw_status_name(b.status), rprocfw_status_name(row->status));
    if (m->accepted) {
        ck_assert_msg(b.status == RPROCFW_OK, "%s is to be accepted", row->name);
        return;
    }
    ck_assert_msg(rprocfw_status_is_refusal(b.status), "%s is to be refused", row->name);
    ck_assert_msg(d->tlv == row->tlv && d->image == row->image && d->segment == row->segment,
                  "%s: tlv %#x, image %d, segment %d", row->name, d->tlv, (int)d->image,
                  (int)d->segment);
    ck_assert_msg(d->offset <= b.container.size, "%s: offset %u", row->name, d->offset);
}

static void judge_result(const struct measured *m)
{
    const uint32_t result = rprocfw_status_tee_result(b.status);
    const char *unlike = m->row->unlike;

    ck_assert_msg(!m->has_result || (result == m->result) == (unlike == NULL),
                  "%s: a board returns %#x, we say %#x%s%s", m->row->name, m->result, result,
                  unlike != NULL ? ", although " : "", unlike != NULL ? unlike : "");
}

static void judge_table(const struct measured *m)
{
    if (b.status != RPROCFW_OK)
        return;
    ck_assert_uint_eq(b.image_count, 1);
    ck_assert_msg(b.images[0].has_rsc_table == m->has_table, "%s has %s resource table",
                  m->row->name, m->has_table ? "a" : "no");
    if (!m->has_table)
        return;
    ck_assert_uint_eq(b.images[0].rsc_da, m->rsc_da);
    ck_assert_uint_eq(b.images[0].rsc_size, m->rsc_size);
}

static void judge_measured(const struct measured *m)
{
    memset(&b, 0, sizeof(b));
    b.key = board_key;
    board_verify(&b, vector_named("device", m->row->name, ".sig"), 0);
    judge_verdict(m);
    judge_result(m);
    judge_table(m);
}

START_TEST(every_row_of_device_tsv)
{
    board_key = vector_key("rsa2048");
    every_measured(judge_measured);
    EVP_PKEY_free(board_key);
}
END_TEST

int main(void)
{
    RUN_TESTS("vectors", every_expected_container_is_accepted_and_loads_what_was_signed,
              resource_tables_are_those_of_the_inputs,
              two_resource_tables_are_refused_without_the_option,
              no_expected_container_is_forgotten, another_key_is_refused,
              padding_in_the_middle_of_st_encrypted_two,
              bytes_of_the_vectors_are_read_as_often_as_promised, every_row_of_device_tsv);
}
