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

#define MAX_INPUTS 3

/* cases.tsv and cases-st.tsv: which ELF files were signed with which key. */
struct made {
    const char *name;
    const char *key;
    unsigned options;
    const char *elves[MAX_INPUTS];
};

#define ENCRYPTED   RPROCFW_VERIFY_CIPHERTEXT
#define MANY_TABLES RPROCFW_VERIFY_MANY_RSC_TABLES

static const struct made all_made[] = {
    {"p256_single", "p256", 0, {"m4"}},
    {"p256_two_images", "p256", 0, {"tfm_s", "zephyr_ns"}},
    {"rsa2048_all", "rsa2048", 0, {"tfm_s", "zephyr_ns"}},
    {"rsa2048_debug", "rsa2048", 0, {"m4dbg"}},
    {"rsa2048_device_refuses", "rsa2048", 0, {"exidx_first"}},
    {"rsa2048_encrypted", "rsa2048", 0, {"m4"}}, /* the key file was encrypted */
    {"rsa2048_exidx", "rsa2048", 0, {"m4unw"}},
    {"rsa2048_key_info", "rsa2048", 0, {"m4"}},
    {"rsa2048_pad1", "rsa2048", 0, {"pad1"}},
    {"rsa2048_pad5", "rsa2048", 0, {"pad5"}},
    {"rsa2048_pkcs1", "rsa2048.pkcs1", 0, {"m4"}},
    {"rsa2048_plat_tlv", "rsa2048", 0, {"m4"}},
    {"rsa2048_plat_tlv_dup", "rsa2048", 0, {"m4"}},
    {"rsa2048_segments1000", "rsa2048", 0, {"segments1000"}},
    {"rsa2048_single", "rsa2048", 0, {"m4"}},
    /* two of the inputs have a resource table: the script signs that, boards refuse it */
    {"rsa2048_three_images", "rsa2048", MANY_TABLES, {"tfm_s", "pad1", "zephyr_ns"}},
    {"rsa2048_two_images", "rsa2048", 0, {"tfm_s", "zephyr_ns"}},
    {"rsa3072_single", "rsa3072", 0, {"m4"}},
    {"rsa4096_single", "rsa4096", 0, {"m4"}},
    {"st_ecc", "p256", 0, {"zephyr_ns"}},
    {"st_encrypted", "rsa2048", ENCRYPTED, {"ns_aligned16"}},
    {"st_encrypted_two", "rsa2048", ENCRYPTED, {"ns_note16", "ns_aligned16"}},
    {"st_key_info", "rsa2048", 0, {"zephyr_ns"}},
    {"st_single", "rsa2048", 0, {"zephyr_ns"}},
    {"st_tfm", "rsa2048", 0, {"zephyr_ns", "tfm_s"}},
};

static struct board b;

static struct bytes load_as(const char *folder, const char *name, const char *suffix)
{
    char path[256];

    snprintf(path, sizeof(path), "%s/%s%s", folder, name, suffix);
    return vector_load(path);
}

static EVP_PKEY *key_named(const char *name)
{
    char path[256];

    snprintf(path, sizeof(path), "keys/%s.pub.pem", name);
    return vector_public_key(path);
}

static void verify_made(const struct made *made)
{
    memset(&b, 0, sizeof(b));
    b.key = key_named(made->key);
    board_verify(&b, load_as("expected", made->name, ".sig"), made->options);
    EVP_PKEY_free(b.key);
    b.key = NULL;
    ck_assert_msg(b.status == RPROCFW_OK, "%s: %s", made->name, rprocfw_status_name(b.status));
}

/* The PT_LOADs of an input from b.loads[next] on; returns the number of the next one. */
static unsigned same_segments(const struct made *made, unsigned image, unsigned next)
{
    const struct bytes elf = load_as("elf", made->elves[image], ".elf");
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

    for (i = 0; i < COUNT(all_made); i++) {
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

    for (i = 0; i < COUNT(all_made); i++) {
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

    for (i = 0; i < COUNT(all_made); i++) {
        if (all_made[i].options != MANY_TABLES)
            continue;
        verify_made(&all_made[i]);
        ck_assert_uint_eq(b.v.rsc_tables, 2);
        board_verify(&b, b.container, 0);
        ck_assert_int_eq(b.status, RPROCFW_ERR_RSC_TWICE);
        ck_assert_uint_eq(b.v.diag.image, 2);
        count++;
    }
    ck_assert_uint_eq(count, 1);
}
END_TEST

static bool is_listed(const char *file)
{
    size_t i;

    for (i = 0; i < COUNT(all_made); i++) {
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
    ck_assert_uint_eq(count, COUNT(all_made));
}
END_TEST

START_TEST(another_key_is_refused)
{
    static const char *const keys[] = {"rsa2048", "rsa2048.pkcs1", "rsa3072", "rsa4096", "p256"};
    size_t i;
    size_t k;

    for (i = 0; i < COUNT(all_made); i++) {
        for (k = 0; k < COUNT(keys); k++) {
            struct bytes file = load_as("expected", all_made[i].name, ".sig");

            if (strcmp(keys[k], all_made[i].key) == 0)
                continue;
            memset(&b, 0, sizeof(b));
            b.key = key_named(keys[k]);
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

    for (i = 0; i < COUNT(all_made); i++) {
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

static const char earlier[] = "the board looks for the segment by address, then compares sizes; "
                              "here the whole program header differs from its signed entry";

/* What each row is refused with, and where; unlike says why a board's answer is not ours. */
struct row {
    const char *name;
    enum rprocfw_status status;
    uint32_t tlv;
    uint32_t image;
    uint32_t segment;
    const char *unlike;
};

#define WHOLE(name, status)                                         \
    {                                                               \
        name, RPROCFW_ERR_##status, NOWHERE, NOWHERE, NOWHERE, NULL \
    }
#define VALUE(name, status, tlv)                                \
    {                                                           \
        name, RPROCFW_ERR_##status, tlv, NOWHERE, NOWHERE, NULL \
    }
#define IMAGE(name, status)                                   \
    {                                                         \
        name, RPROCFW_ERR_##status, NOWHERE, 0, NOWHERE, NULL \
    }
#define PHDR_OF(name, status, segment)                        \
    {                                                         \
        name, RPROCFW_ERR_##status, NOWHERE, 0, segment, NULL \
    }
#define UNLIKE(name, status, segment)                            \
    {                                                            \
        name, RPROCFW_ERR_##status, NOWHERE, 0, segment, earlier \
    }
#define ACCEPTED(name)                                    \
    {                                                     \
        name, RPROCFW_OK, NOWHERE, NOWHERE, NOWHERE, NULL \
    }

static const struct row rows[] = {
    WHOLE("bad_magic", MAGIC),
    WHOLE("bad_version", VERSION),
    VALUE("duplicate_hashtable", TLV_DUPLICATE, RPROCFW_TLV_HASHTABLE),
    VALUE("duplicate_signtype", TLV_DUPLICATE, RPROCFW_TLV_SIGNTYPE),
    IMAGE("elf_big_endian_flag", ELF_DATA),
    IMAGE("elf_class64", ELF_CLASS),
    ACCEPTED("elf_entry_changed"),
    PHDR_OF("elf_flags_of_segment_changed", PHDR_NOT_SIGNED, 0),
    ACCEPTED("elf_machine_x86"),
    IMAGE("elf_magic", ELF_MAGIC),
    IMAGE("elf_phentsize", ELF_PHENTSIZE),
    WHOLE("elf_phnum_less", ENTRY_UNUSED),
    PHDR_OF("elf_phnum_more", PHDR_NOT_SIGNED, 5),
    IMAGE("elf_phnum_zero", ELF_PHNUM),
    IMAGE("elf_phoff_past_end", PHDR_RANGE),
    IMAGE("elf_phoff_unaligned", PHDR_ALIGN),
    UNLIKE("elf_segment_filesz_less", PHDR_NOT_SIGNED, 0),
    UNLIKE("elf_segment_memsz_more", PHDR_NOT_SIGNED, 0),
    PHDR_OF("elf_segment_offset_moved", PHDR_NOT_SIGNED, 0),
    UNLIKE("elf_segment_paddr_moved", PHDR_NOT_SIGNED, 0),
    PHDR_OF("elf_segment_to_null", PHDR_NOT_SIGNED, 1),
    IMAGE("elf_shnum_zero", SHSTRNDX),
    IMAGE("elf_shoff_past_end", SHDR_RANGE),
    IMAGE("elf_shoff_zero_shnum_zero", ELF_SHENTSIZE),
    IMAGE("elf_shstrndx_bad", SHSTRNDX),
    ACCEPTED("elf_type_rel"),
    WHOLE("empty", HEADER_SIZE),
    ACCEPTED("good"),
    VALUE("hashtable_missing", HASHTABLE_MISSING, RPROCFW_TLV_HASHTABLE),
    VALUE("hashtable_odd_length", HASHTABLE_LENGTH, RPROCFW_TLV_HASHTABLE),
    PHDR_OF("hashtable_offset_changed", PHDR_NOT_SIGNED, 0),
    UNLIKE("hashtable_one_entry_less", PHDR_NOT_SIGNED, 4),
    PHDR_OF("hashtable_reversed", PHDR_NOT_SIGNED, 0),
    VALUE("hashtype_missing", HASHTYPE_MISSING, RPROCFW_TLV_HASHTYPE),
    VALUE("hashtype_unknown", HASHTYPE_UNKNOWN, RPROCFW_TLV_HASHTYPE),
    WHOLE("header_only", SIZE),
    WHOLE("img_len_wrong", SIZE),
    VALUE("imgsize_beyond_image", IMGSIZE_SUM, RPROCFW_TLV_IMGSIZE),
    VALUE("imgsize_missing", IMGSIZE_MISSING, RPROCFW_TLV_IMGSIZE),
    VALUE("imgsize_too_long", IMGSIZE_LENGTH, RPROCFW_TLV_IMGSIZE),
    VALUE("imgtype_missing", IMGTYPE_MISSING, RPROCFW_TLV_IMGTYPE),
    /* its IMGTYPE is 2, which this project knows: encrypted, but there is a plain table */
    VALUE("imgtype_unknown", HASHTABLE_WITH_ENC, RPROCFW_TLV_HASHTABLE),
    ACCEPTED("keyinfo_empty"),
    VALUE("num_img_4_bytes", NUM_IMG_LENGTH, RPROCFW_TLV_NUM_IMG),
    VALUE("num_img_missing", NUM_IMG_MISSING, RPROCFW_TLV_NUM_IMG),
    VALUE("num_img_one_more", IMGTYPE_LENGTH, RPROCFW_TLV_IMGTYPE),
    VALUE("num_img_zero", NUM_IMG_ZERO, RPROCFW_TLV_NUM_IMG),
    ACCEPTED("rsc_table_hidden"),
    IMAGE("rsc_table_moved", RSC_NOT_SIGNED),
    IMAGE("rsc_table_offset_elsewhere", RSC_NOT_SIGNED),
    IMAGE("rsc_table_size_short", RSC_SIZE),
    ACCEPTED("rsc_table_size_zero"),
    ACCEPTED("section_debug_flip"),
    PHDR_OF("segment_flip", SEGMENT_HASH, 0),
    WHOLE("sign_len_zero", SIGN_LEN_ZERO),
    WHOLE("signature_flip", SIGNATURE),
    VALUE("signtype_4_bytes", SIGNTYPE_LENGTH, RPROCFW_TLV_SIGNTYPE),
    VALUE("signtype_missing", SIGNTYPE_MISSING, RPROCFW_TLV_SIGNTYPE),
    VALUE("signtype_unknown", SIGNTYPE_UNKNOWN, RPROCFW_TLV_SIGNTYPE),
    WHOLE("tlv_flip", SIGNATURE),
    WHOLE("tlv_len_huge", SIZE),
    WHOLE("tlv_len_zero", TLV_LEN_ZERO),
    VALUE("tlv_length_past_end", TLV_LENGTH, RPROCFW_TLV_HASHTABLE),
    ACCEPTED("tlv_out_of_both_ranges"),
    WHOLE("trailing_bytes", SIZE),
    WHOLE("truncated", SIZE),
    ACCEPTED("unknown_generic_tlv"),
    ACCEPTED("unknown_platform_tlv"),
};

static const struct row *row_named(const char *name)
{
    size_t i;

    for (i = 0; i < COUNT(rows); i++)
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    ck_abort_msg("device.tsv has a row %s, this test has not", name);
    return NULL;
}

enum column { NAME, VERIFIER, RESULT, RESULT_NAME, RSC_DA, RSC_BYTES, COLUMNS };

/* Takes a line apart in place. Absent columns are empty. */
static void columns_of(char *line, char *columns[COLUMNS])
{
    unsigned i;

    line[strcspn(line, "\r\n")] = '\0';
    for (i = 0; i < COLUMNS; i++) {
        columns[i] = line;
        line += strcspn(line, "\t");
        if (*line != '\0')
            *line++ = '\0';
    }
}

static uint32_t number(const char *text)
{
    unsigned value;

    ck_assert_msg(sscanf(text, "%x", &value) == 1, "%s is no number", text);
    return value;
}

static void judge_row(char *const columns[COLUMNS], const struct row *row)
{
    const struct rprocfw_diag *d = &b.v.diag;

    ck_assert_msg(b.status == row->status, "%s: %s instead of %s", row->name,
                  rprocfw_status_name(b.status), rprocfw_status_name(row->status));
    if (strcmp(columns[VERIFIER], "accept") == 0) {
        ck_assert_msg(b.status == RPROCFW_OK, "%s is to be accepted", row->name);
        return;
    }
    ck_assert_str_eq(columns[VERIFIER], "reject");
    ck_assert_msg(rprocfw_status_is_refusal(b.status), "%s is to be refused", row->name);
    ck_assert_msg(d->tlv == row->tlv && d->image == row->image && d->segment == row->segment,
                  "%s: tlv %#x, image %d, segment %d", row->name, d->tlv, (int)d->image,
                  (int)d->segment);
    ck_assert_msg(d->offset <= b.container.size, "%s: offset %u", row->name, d->offset);
}

static void judge_result(const char *column, const struct row *row)
{
    const uint32_t result = rprocfw_status_tee_result(b.status);

    if (strcmp(column, "-") == 0)
        return;
    ck_assert_msg((result == number(column)) == (row->unlike == NULL),
                  "%s: a board returns %s, we say %#x%s%s", row->name, column, result,
                  row->unlike != NULL ? ", although " : "", row->unlike != NULL ? row->unlike : "");
}

static void judge_table(char *const columns[COLUMNS])
{
    const char *da = columns[RSC_DA];

    if (b.status != RPROCFW_OK)
        return;
    ck_assert_uint_eq(b.image_count, 1);
    if (strcmp(da, "none") == 0) {
        ck_assert_msg(!b.images[0].has_rsc_table, "%s has no resource table", columns[NAME]);
        return;
    }
    ck_assert_msg(b.images[0].has_rsc_table, "%s has a resource table", columns[NAME]);
    ck_assert_uint_eq(b.images[0].rsc_da, number(da));
    ck_assert_uint_eq(b.images[0].rsc_size, number(columns[RSC_BYTES]));
}

START_TEST(every_row_of_device_tsv)
{
    FILE *file = fopen(VECTORS "/device.tsv", "r");
    EVP_PKEY *key = key_named("rsa2048");
    char *columns[COLUMNS];
    char line[512];
    unsigned count = 0;

    ck_assert_ptr_nonnull(file);
    ck_assert_ptr_nonnull(fgets(line, sizeof(line), file));
    columns_of(line, columns);
    ck_assert_str_eq(columns[VERIFIER], "verifier");
    ck_assert_str_eq(columns[RESULT], "device_result");
    ck_assert_str_eq(columns[RSC_DA], "rsc_table_da");
    while (fgets(line, sizeof(line), file) != NULL) {
        const struct row *row;

        columns_of(line, columns);
        row = row_named(columns[NAME]);
        memset(&b, 0, sizeof(b));
        b.key = key;
        board_verify(&b, load_as("device", row->name, ".sig"), 0);
        judge_row(columns, row);
        judge_result(columns[RESULT], row);
        judge_table(columns);
        arena_release(0);
        count++;
    }
    fclose(file);
    EVP_PKEY_free(key);
    ck_assert_uint_eq(count, COUNT(rows));
    printf("device.tsv: %u rows\n", count);
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
