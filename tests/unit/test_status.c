/* SPDX-License-Identifier: BSD-2-Clause */
/* Names, texts and TEE_Results of every status. */
#include <string.h>

#include <rprocfw/status.h>

#include "suite.h"

/* Numbers never change: each status with its own, the complete list. */
#define EVERY_STATUS(X)        \
    X(WORK_SIZE, 1)            \
    X(READ, 2)                 \
    X(LOAD, 3)                 \
    X(WORK_ALIGN, 4)           \
    X(RPROC_ID, 5)             \
    X(RPROC_COUNT, 6)          \
    X(STATE, 7)                \
    X(OTHER_LOADED, 8)         \
    X(PLATFORM, 9)             \
    X(HEADER_SIZE, 10)         \
    X(MAGIC, 11)               \
    X(VERSION, 12)             \
    X(TLV_LEN_ZERO, 13)        \
    X(SIGN_LEN_ZERO, 14)       \
    X(SIZE, 15)                \
    X(TLV_HEADER, 16)          \
    X(TLV_LENGTH, 17)          \
    X(TLV_PADDING, 18)         \
    X(TLV_DUPLICATE, 19)       \
    X(SIGNTYPE_MISSING, 20)    \
    X(SIGNTYPE_LENGTH, 21)     \
    X(SIGNTYPE_UNKNOWN, 22)    \
    X(SIGN_PADDING, 23)        \
    X(SIGNATURE, 24)           \
    X(SIGN_UNSUPPORTED, 25)    \
    X(OLD_LAYOUT_2020, 30)     \
    X(OLD_LAYOUT_2023, 31)     \
    X(HASHTYPE_MISSING, 100)   \
    X(HASHTYPE_LENGTH, 101)    \
    X(HASHTYPE_UNKNOWN, 102)   \
    X(NUM_IMG_MISSING, 103)    \
    X(NUM_IMG_LENGTH, 104)     \
    X(NUM_IMG_ZERO, 105)       \
    X(IMGTYPE_MISSING, 106)    \
    X(IMGTYPE_LENGTH, 107)     \
    X(IMGTYPE_UNKNOWN, 108)    \
    X(IMGTYPE_MIXED, 109)      \
    X(IMGSIZE_MISSING, 110)    \
    X(IMGSIZE_LENGTH, 111)     \
    X(IMGSIZE_ZERO, 112)       \
    X(IMGSIZE_UNALIGNED, 113)  \
    X(IMGSIZE_SUM, 114)        \
    X(HASHTABLE_MISSING, 115)  \
    X(HASHTABLE_LENGTH, 116)   \
    X(HASHTABLE_WITH_ENC, 117) \
    X(ENCTYPE_MISSING, 118)    \
    X(ENCTYPE_LENGTH, 119)     \
    X(ENCTYPE_UNKNOWN, 120)    \
    X(ENCTABLE_MISSING, 121)   \
    X(ENCTABLE_LENGTH, 122)    \
    X(ENC_WITH_PLAIN, 123)     \
    X(PLATFORM_TLV, 124)       \
    X(ELF_SIZE, 150)           \
    X(ELF_MAGIC, 151)          \
    X(ELF_CLASS, 152)          \
    X(ELF_DATA, 153)           \
    X(ELF_VERSION, 154)        \
    X(ELF_PHENTSIZE, 155)      \
    X(ELF_SHENTSIZE, 156)      \
    X(ELF_PHNUM, 157)          \
    X(PHDR_ALIGN, 158)         \
    X(PHDR_RANGE, 159)         \
    X(PHDR_NOT_SIGNED, 160)    \
    X(ENTRY_UNUSED, 161)       \
    X(SEGMENT_RANGE, 162)      \
    X(SEGMENT_FILESZ, 163)     \
    X(SEGMENT_ADDRESS, 164)    \
    X(SEGMENT_BLOCK, 165)      \
    X(SEGMENT_HASH, 166)       \
    X(SHDR_ALIGN, 167)         \
    X(SHDR_RANGE, 168)         \
    X(SHSTRNDX, 169)           \
    X(SHSTRTAB_RANGE, 170)     \
    X(SECTION_NAME, 171)       \
    X(RSC_NOT_SIGNED, 172)     \
    X(RSC_SIZE, 173)           \
    X(RSC_ALIGN, 174)          \
    X(RSC_VERSION, 175)        \
    X(RSC_RESERVED, 176)       \
    X(RSC_ENTRIES, 177)        \
    X(RSC_TWICE, 178)          \
    X(DEVICE_ADDRESS, 179)     \
    X(OVERLAP, 180)            \
    X(INPUT, 190)              \
    X(ORIGINAL, 191)           \
    X(MEMORY, 200)             \
    X(FILE, 201)               \
    X(KEY, 202)                \
    X(USAGE, 203)              \
    X(CRYPTO, 204)             \
    X(BOARD, 205)              \
    X(MANIFEST, 206)

#define NUMBER(name, number) \
    _Static_assert(RPROCFW_ERR_##name == number, "the number of a status never changes");
EVERY_STATUS(NUMBER)
_Static_assert(RPROCFW_OK == 0, "0 is the only success");

#define LISTED(name, number) number,
static const unsigned failures[] = {EVERY_STATUS(LISTED)};

/* As far as numbers may be given out. */
#define NUMBERS 1024u

START_TEST(every_status_has_a_name_and_a_text_and_no_other_number_has)
{
    bool known[NUMBERS] = {true};
    unsigned i;

    for (i = 0; i < COUNT(failures); i++)
        known[failures[i]] = true;
    for (i = 0; i < NUMBERS; i++) {
        const char *name = rprocfw_status_name((enum rprocfw_status)i);
        const char *text = rprocfw_status_text((enum rprocfw_status)i);

        ck_assert_msg((name != NULL) == known[i] && (text != NULL) == known[i], "status %u", i);
    }
}
END_TEST

START_TEST(names_are_unique_and_fit_for_scripts)
{
    unsigned i;
    unsigned j;

    for (i = 0; i < COUNT(failures); i++) {
        const char *name = rprocfw_status_name((enum rprocfw_status)failures[i]);

        ck_assert_uint_gt(strlen(name), 0);
        ck_assert_uint_eq(strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-"), strlen(name));
        ck_assert_str_ne(name, rprocfw_status_name(RPROCFW_OK));
        for (j = 0; j < i; j++)
            ck_assert_str_ne(name, rprocfw_status_name((enum rprocfw_status)failures[j]));
    }
    ck_assert_str_eq(rprocfw_status_name(RPROCFW_OK), "ok");
    ck_assert_str_eq(rprocfw_status_name(RPROCFW_ERR_SEGMENT_HASH), "segment-hash");
}
END_TEST

START_TEST(texts_are_unique_single_lines_without_a_full_stop)
{
    unsigned i;
    unsigned j;

    for (i = 0; i < COUNT(failures); i++) {
        const char *text = rprocfw_status_text((enum rprocfw_status)failures[i]);

        ck_assert_uint_gt(strlen(text), 0);
        ck_assert_ptr_null(strchr(text, '\n'));
        ck_assert_int_ne(text[strlen(text) - 1], '.');
        for (j = 0; j < i; j++)
            ck_assert_str_ne(text, rprocfw_status_text((enum rprocfw_status)failures[j]));
    }
}
END_TEST

START_TEST(only_ok_is_a_success_on_a_device)
{
    unsigned i;

    ck_assert_uint_eq(rprocfw_status_tee_result(RPROCFW_OK), 0);
    for (i = 1; i < NUMBERS; i++)
        ck_assert_msg(rprocfw_status_tee_result((enum rprocfw_status)i) >= 0xF0000000u, "status %u",
                      i);
}
END_TEST

START_TEST(refusals_are_10_to_199)
{
    unsigned i;

    for (i = 0; i < NUMBERS; i++)
        ck_assert_msg(rprocfw_status_is_refusal((enum rprocfw_status)i) == (i >= 10 && i < 200),
                      "status %u", i);
}
END_TEST

/* The answers of DEVICE.md's lines, where a status is that line. */
START_TEST(a_device_answers_as_optee_does)
{
    static const struct {
        enum rprocfw_status status;
        uint32_t result;
    } cases[] = {
        {RPROCFW_ERR_TLV_LEN_ZERO, 0xFFFF0006},
        {RPROCFW_ERR_SIGN_LEN_ZERO, 0xFFFF0006},
        {RPROCFW_ERR_MAGIC, 0xFFFF0006},
        {RPROCFW_ERR_VERSION, 0xFFFF0006},
        {RPROCFW_ERR_SIZE, 0xFFFF0006},
        {RPROCFW_ERR_SIGNTYPE_MISSING, 0xFFFF0006},
        {RPROCFW_ERR_SIGNTYPE_LENGTH, 0xFFFF0006},
        {RPROCFW_ERR_SIGNTYPE_UNKNOWN, 0xFFFF000A},
        {RPROCFW_ERR_SIGNATURE, 0xFFFF3072},
        {RPROCFW_ERR_SIGN_UNSUPPORTED, 0xFFFF000A},
        {RPROCFW_ERR_ELF_SIZE, 0xFFFF0005},
        {RPROCFW_ERR_ELF_MAGIC, 0xFFFF0005},
        {RPROCFW_ERR_ELF_VERSION, 0xFFFF0005},
        {RPROCFW_ERR_ELF_CLASS, 0xFFFF0005},
        {RPROCFW_ERR_ELF_PHENTSIZE, 0xFFFF0005},
        {RPROCFW_ERR_ELF_SHENTSIZE, 0xFFFF0005},
        {RPROCFW_ERR_ELF_PHNUM, 0xFFFF0005},
        {RPROCFW_ERR_HASHTABLE_MISSING, 0xFFFF000B},
        {RPROCFW_ERR_HASHTABLE_LENGTH, 0xFFFF0006},
        {RPROCFW_ERR_NUM_IMG_MISSING, 0xFFFF000B},
        {RPROCFW_ERR_NUM_IMG_LENGTH, 0xFFFF0005},
        {RPROCFW_ERR_NUM_IMG_ZERO, 0xFFFF000B},
        {RPROCFW_ERR_IMGTYPE_MISSING, 0xFFFF000B},
        {RPROCFW_ERR_IMGTYPE_LENGTH, 0xFFFF0006},
        {RPROCFW_ERR_IMGTYPE_UNKNOWN, 0xFFFF0005},
        {RPROCFW_ERR_IMGSIZE_MISSING, 0xFFFF000B},
        {RPROCFW_ERR_IMGSIZE_LENGTH, 0xFFFF0006},
        {RPROCFW_ERR_IMGSIZE_ZERO, 0xFFFF0006},
        {RPROCFW_ERR_PHDR_ALIGN, 0xFFFF0005},
        {RPROCFW_ERR_PHDR_RANGE, 0xFFFF0005},
        {RPROCFW_ERR_SEGMENT_RANGE, 0xFFFF0005},
        {RPROCFW_ERR_SEGMENT_HASH, 0xFFFF000F},
        {RPROCFW_ERR_SHDR_ALIGN, 0xFFFF0005},
        {RPROCFW_ERR_SHDR_RANGE, 0xFFFF0005},
        {RPROCFW_ERR_SHSTRNDX, 0xFFFF0005},
        {RPROCFW_ERR_SHSTRTAB_RANGE, 0xFFFF0005},
        {RPROCFW_ERR_SECTION_NAME, 0xFFFF0005},
        {RPROCFW_ERR_RSC_SIZE, 0xFFFF0005},
        {RPROCFW_ERR_RSC_VERSION, 0xFFFF0005},
        {RPROCFW_ERR_RSC_RESERVED, 0xFFFF0005},
        {RPROCFW_ERR_RSC_ENTRIES, 0xFFFF0005},
        {RPROCFW_ERR_RSC_ALIGN, 0xF0100001},
        {RPROCFW_ERR_RSC_TWICE, 0xFFFF0005},
        {RPROCFW_ERR_MEMORY, 0xFFFF000C},
        {RPROCFW_ERR_WORK_SIZE, 0xFFFF000C},
        {RPROCFW_ERR_RPROC_COUNT, 0xFFFF000C},
        {RPROCFW_ERR_RPROC_ID, 0xFFFF0006},
        {RPROCFW_ERR_STATE, 0xFFFF0007},
        {RPROCFW_ERR_OTHER_LOADED, 0xFFFF0007},
        {RPROCFW_ERR_DEVICE_ADDRESS, 0xFFFF0001},
        {RPROCFW_ERR_PLATFORM_TLV, 0xFFFF0009},
    };
    size_t i;

    for (i = 0; i < COUNT(cases); i++)
        ck_assert_msg(rprocfw_status_tee_result(cases[i].status) == cases[i].result, "%s",
                      rprocfw_status_name(cases[i].status));
}
END_TEST

int main(void)
{
    RUN_TESTS("status", every_status_has_a_name_and_a_text_and_no_other_number_has,
              names_are_unique_and_fit_for_scripts,
              texts_are_unique_single_lines_without_a_full_stop, only_ok_is_a_success_on_a_device,
              refusals_are_10_to_199, a_device_answers_as_optee_does);
}
