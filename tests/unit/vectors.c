/* SPDX-License-Identifier: BSD-2-Clause */
/* What lies in tests/vectors, and what is to come of it. */
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "container.h"
#include "suite.h"
#include "vectors.h"

struct bytes vector_named(const char *folder, const char *name, const char *suffix)
{
    char path[256];

    snprintf(path, sizeof(path), "%s/%s%s", folder, name, suffix);
    return vector_load(path);
}

EVP_PKEY *vector_key(const char *name)
{
    char path[256];

    snprintf(path, sizeof(path), "keys/%s.pub.pem", name);
    return vector_public_key(path);
}

const struct made all_made[] = {
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

const unsigned made_count = COUNT(all_made);

/* ---- device.tsv ---- */

#define NOWHERE RPROCFW_NOWHERE

static const char earlier[] = "the board looks for the segment by address, then compares sizes; "
                              "here the whole program header differs from its signed entry";

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
    ck_abort_msg("device.tsv has a row %s, this list has not", name);
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

static struct measured measured_of(char *const columns[COLUMNS])
{
    struct measured m = {.row = row_named(columns[NAME])};

    m.accepted = strcmp(columns[VERIFIER], "accept") == 0;
    if (!m.accepted)
        ck_assert_str_eq(columns[VERIFIER], "reject");
    m.has_result = strcmp(columns[RESULT], "-") != 0;
    if (m.has_result)
        m.result = number(columns[RESULT]);
    m.has_table = m.accepted && strcmp(columns[RSC_DA], "none") != 0;
    if (m.has_table) {
        m.rsc_da = number(columns[RSC_DA]);
        m.rsc_size = number(columns[RSC_BYTES]);
    }
    return m;
}

void every_measured(void (*judge)(const struct measured *measured))
{
    FILE *file = fopen(VECTORS "/device.tsv", "r");
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
        const size_t mark = arena_mark();
        struct measured m;

        columns_of(line, columns);
        m = measured_of(columns);
        judge(&m);
        arena_release(mark);
        count++;
    }
    fclose(file);
    ck_assert_uint_eq(count, COUNT(rows));
    printf("device.tsv: %u rows\n", count);
}
