/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What TAs answer to LOAD is foretold: for each of their checks a container that fails it, with
 * each of the TAs where they differ. firmware_build()'s passes all.
 */
#include <stdio.h>
#include <string.h>

#include "../../src/host/device/device.h"
#include "firmware.h"
#include "suite.h"

enum { NEW, OLD, ST }; /* rprocfw_known_ta */

#define SIZE_OF_ELF ELF_SIZE /* of each of the two images: the second starts there */

static struct container c;
static struct rprocfw_board board;
static struct rprocfw_error error;

/* ---- Asking ---- */

static enum rprocfw_status read_bytes(void *ctx, uint32_t offset, void *dst, uint32_t size,
                                      struct rprocfw_error *e)
{
    const struct bytes *file = ctx;

    (void)e;
    require(offset <= file->size && size <= file->size - offset, "%u bytes at %u of %u", size,
            offset, file->size);
    memcpy(dst, file->data + offset, size);
    return RPROCFW_OK;
}

static struct rprocfw_device ask_with(struct bytes file, const struct rprocfw_board *of,
                                      unsigned ta, enum rprocfw_foretell_signature signature,
                                      const struct rprocfw_keys *keys)
{
    const struct rprocfw_view view = {.read = read_bytes, .ctx = &file, .size = file.size};
    const uint64_t need =
        file.size < RPROCFW_HEADER_SIZE
            ? 0
            : RPROCFW_HEADER_SIZE + rprocfw_r8(get32(file, 8)) + rprocfw_r8(get32(file, 12));
    const struct bytes metadata =
        arena_copy(file.data, need < file.size ? (uint32_t)need : file.size, 0);
    const struct rprocfw_foretell_job job = {
        .view = &view,
        .metadata = file.size < RPROCFW_HEADER_SIZE ? NULL : metadata.data,
        .metadata_size = metadata.size,
        .signature = signature,
        .keys = keys,
    };
    struct rprocfw_foretelling *f;
    struct rprocfw_device answer;

    ck_assert_int_eq(rprocfw_foretell_begin(&f, &job, &error), RPROCFW_OK);
    ck_assert_int_eq(rprocfw_foretell(f, of, &rprocfw_known_ta[ta], &answer, &error), RPROCFW_OK);
    rprocfw_foretell_end(f);
    return answer;
}

static struct rprocfw_device ask(struct bytes file, const struct rprocfw_board *of, unsigned ta)
{
    return ask_with(file, of, ta, RPROCFW_FORETELL_ASSUMED, NULL);
}

/* ---- What is expected ---- */

/* Check NULL: it is loaded. */
static void require_check(const struct rprocfw_device *answer, const char *check, const char *of)
{
    require(answer->is_predicted, "%s: not predicted: %s", of, answer->reason);
    if (check == NULL)
        require(answer->check == NULL && answer->result == 0, "%s: %s: %s", of, answer->check,
                answer->reason);
    else
        require(answer->check != NULL && strcmp(answer->check, check) == 0,
                "%s: %s (%s), expected %s", of, answer->check != NULL ? answer->check : "loaded",
                answer->reason, check);
    ck_assert(check == NULL ||
              (answer->reason[0] != '\0' && answer->remedy[0] != '\0' && !answer->has_rsc_table));
}

static void answers_of_file(struct bytes file, const char *new, const char *old, const char *st)
{
    const struct rprocfw_device of[] = {ask(file, NULL, NEW), ask(file, NULL, OLD),
                                        ask(file, NULL, ST)};

    require_check(&of[NEW], new, "4.10");
    require_check(&of[OLD], old, "4.9");
    require_check(&of[ST], st, "ST");
}

/* Of c, as its lengths are. */
static void answers(const char *new, const char *old, const char *st)
{
    container_measure(&c);
    answers_of_file(container_join(&c), new, old, st);
}

static void all_answer(const char *check)
{
    answers(check, check, check);
}

static void require_result(const char *check, uint32_t result, uint32_t image, uint32_t segment)
{
    struct rprocfw_device answer;

    container_measure(&c);
    answer = ask(container_join(&c), NULL, ST);
    require_check(&answer, check, "ST");
    require(answer.result == result && answer.image == image && answer.segment == segment,
            "%s: 0x%08x, image %u, segment %u", check, answer.result, answer.image, answer.segment);
}

static void begin(void)
{
    firmware_build(&c);
    all_answer(NULL);
}

/* The board of firmware_memory(). */
static struct rprocfw_board_range ranges[] = {
    {0x20000000, 0x138000000, 0x3000},
    {0x10000000, 0x500000000, 0x400},
};
static char name[] = "memory";
static struct rprocfw_board_region regions[] = {
    {name, 0x138000000, 0x2800, RPROCFW_WORLD_ANY},
    {name, 0x500000000, 0x400, RPROCFW_WORLD_ANY},
};
static struct rprocfw_board_tlv tlvs[] = {{RPROCFW_TLV_BOOTADDR, true},
                                          {RPROCFW_TLV_BOOTSEC, false}};

static void make_board(enum rprocfw_ta_family family)
{
    board = (struct rprocfw_board){
        .name = name,
        .ta = {.family = family, .major = 4, .minor = 10, .bits = 32, .heap = 4096},
        .signtypes = 1u << RPROCFW_SIGNTYPE_RSA,
        .range = ranges,
        .range_count = COUNT(ranges),
        .region = regions,
        .region_count = COUNT(regions),
        .tlv = tlvs,
        .tlv_count = COUNT(tlvs),
        .bootaddr_alignment = 128,
    };
}

/* Of c on the board. */
static struct rprocfw_device board_answers(const char *check)
{
    struct rprocfw_device answer;

    container_measure(&c);
    answer = ask(container_join(&c), &board, NEW);
    require_check(&answer, check, board.ta.family == RPROCFW_TA_ST ? "ST's board" : "the board");
    ck_assert_str_eq(answer.board, name);
    return answer;
}

static uint8_t *table_entry(unsigned number)
{
    return tlv_find(&c, RPROCFW_TLV_HASHTABLE)->value + (size_t)number * 64;
}

static void set_value(uint32_t type, uint8_t value)
{
    tlv_find(&c, type)->value[0] = value;
}

/* A TLV is empty, too long, and missing. */
static void change_tlv(uint32_t type, uint32_t wrong_size, const char *missing,
                       const char *wrong_length)
{
    begin();
    tlv_resize(tlv_find(&c, type), wrong_size);
    all_answer(wrong_length);
    tlv_resize(tlv_find(&c, type), 0);
    all_answer(missing);
    tlv_remove(&c, tlv_index(&c, type));
    all_answer(missing);
}

/* ---- Lines 1 to 3 ---- */

START_TEST(buffer_has_more_than_the_metadata)
{
    struct bytes file = firmware_container();

    answers_of_file((struct bytes){file.data, 0}, "buffer-size", "buffer-size", "buffer-size");
    answers_of_file((struct bytes){file.data, 19}, "buffer-size", "buffer-size", "buffer-size");
    begin();
    answers_of_file((struct bytes){file.data, payload_offset(&c)}, "buffer-size", "buffer-size",
                    "buffer-size");
    answers_of_file((struct bytes){file.data, payload_offset(&c) + 1}, "container-size",
                    "container-size", "container-size");
    put32(file, 8, 0xFFFFFFFF);
    answers_of_file(file, "buffer-size", "buffer-size", "buffer-size");
    put32(file, 12, 0xFFFFFFFF);
    answers_of_file(file, "buffer-size", "buffer-size", "buffer-size");
}
END_TEST

START_TEST(lengths_of_the_header_are_not_0)
{
    struct bytes file = firmware_container();

    put32(file, 12, 0);
    answers_of_file(file, "sign-len", "sign-len", "sign-len");
    put32(file, 8, 0);
    answers_of_file(file, "sign-len", "sign-len", "sign-len");
    put32(file, 12, 256);
    answers_of_file(file, "tlv-len", "tlv-len", "tlv-len");
}
END_TEST

START_TEST(magic_version_and_size_are_right)
{
    struct bytes file = firmware_container();

    put32(file, 16, get32(file, 16) + 1);
    answers_of_file(file, "container-size", "container-size", "container-size");
    put32(file, 16, 0xFFFFFFFF);
    answers_of_file(file, "container-size", "container-size", "container-size");
    put32(file, 4, 2);
    answers_of_file(file, "version", "version", "version");
    put32(file, 0, 0x464C457F);
    answers_of_file(file, "magic", "magic", "magic");
}
END_TEST

/* 5 entries, 256 bytes of signature. */
START_TEST(metadata_and_a_copy_of_the_table_fit_the_heap)
{
    uint32_t needed;

    begin();
    needed = payload_offset(&c) + 5 * 64;
    for (unsigned bits = 32; bits <= 64; bits += 32) {
        make_board(RPROCFW_TA_OPTEE);
        board.ta.bits = bits;
        board.ta.heap = needed + (bits == 32 ? 212 : 404);
        (void)board_answers(NULL);
        board.ta.heap--;
        (void)board_answers("heap");
        board.ta.heap = 100;
        (void)board_answers("heap");
    }
    ck_assert_uint_eq(rprocfw_heap_room(4096, 64), 3692);
    ck_assert_uint_eq(rprocfw_heap_room(4096, 32), 3884);
    ck_assert_uint_eq(rprocfw_heap_room(211, 32), 0);
}
END_TEST

/* The copy comes later: what is wrong before it counts. */
START_TEST(heap_for_the_copy_is_needed_after_the_signature)
{
    begin();
    make_board(RPROCFW_TA_OPTEE);
    board.ta.heap = payload_offset(&c) + 212;
    set_value(RPROCFW_TLV_SIGNTYPE, 3);
    (void)board_answers("signtype-value");
    board.ta.heap--;
    (void)board_answers("heap");
}
END_TEST

/* ---- Lines 4 to 6 ---- */

START_TEST(signtype_is_one_known_byte)
{
    change_tlv(RPROCFW_TLV_SIGNTYPE, 4, "signtype-missing", "signtype-length");
    begin();
    set_value(RPROCFW_TLV_SIGNTYPE, 3);
    all_answer("signtype-value");
    set_value(RPROCFW_TLV_SIGNTYPE, 0);
    all_answer("signtype-value");
    set_value(RPROCFW_TLV_SIGNTYPE, 2);
    all_answer(NULL); /* some board knows ECDSA */
    require_result(NULL, 0, RPROCFW_NOWHERE, RPROCFW_NOWHERE);
}
END_TEST

START_TEST(board_knows_the_algorithm)
{
    begin();
    set_value(RPROCFW_TLV_SIGNTYPE, 2);
    make_board(RPROCFW_TA_OPTEE);
    ck_assert_uint_eq(board_answers("signature-algorithm").result, 0xFFFF000A);
    board.signtypes |= 1u << RPROCFW_SIGNTYPE_ECDSA;
    (void)board_answers(NULL);
    board.signtypes = 1u << RPROCFW_SIGNTYPE_ECDSA;
    set_value(RPROCFW_TLV_SIGNTYPE, 1);
    (void)board_answers("signature-algorithm");
}
END_TEST

static void add_key(struct rprocfw_keys *keys, const char *file)
{
    char path[4096];

    (void)snprintf(path, sizeof(path), "%s/keys/%s", VECTORS, file);
    ck_assert_int_eq(rprocfw_keys_add(keys, path, NULL, NULL, &error), RPROCFW_OK);
}

START_TEST(signature_is_of_one_of_the_keys)
{
    struct rprocfw_keys keys = {0};
    struct rprocfw_device answer;
    struct bytes file = firmware_container();

    add_key(&keys, "p256.pub.pem");
    answer = ask_with(file, NULL, NEW, RPROCFW_FORETELL_UNKNOWN, &keys);
    require_check(&answer, "signature", "another key");
    ck_assert_uint_eq(answer.result, 0xFFFF3072);
    add_key(&keys, "rsa2048.pub.pem");
    answer = ask_with(file, NULL, NEW, RPROCFW_FORETELL_UNKNOWN, &keys);
    require_check(&answer, NULL, "the key");
    ck_assert(!answer.signature_assumed);
    file.data[20 + 9] ^= 1; /* the padding of SIGNTYPE */
    answer = ask_with(file, NULL, NEW, RPROCFW_FORETELL_UNKNOWN, &keys);
    require_check(&answer, "signature", "changed");
    answer = ask_with(file, NULL, NEW, RPROCFW_FORETELL_BAD, &keys);
    require_check(&answer, "signature", "known to be bad");
    answer = ask_with(file, NULL, NEW, RPROCFW_FORETELL_GOOD, &keys);
    require_check(&answer, NULL, "known to be good");
    answer = ask(file, NULL, NEW);
    require_check(&answer, NULL, "taken as good");
    ck_assert(answer.signature_assumed);
    rprocfw_keys_free(&keys);
}
END_TEST

START_TEST(pkeyinfo_is_the_key_where_fuses_know_it)
{
    struct rprocfw_keys keys = {0};
    struct rprocfw_device answer;
    const struct bytes der = vector_load("keys/rsa2048.spki.der");

    begin();
    make_board(RPROCFW_TA_ST);
    (void)board_answers(NULL);
    board.pkeyinfo = RPROCFW_BOARD_PKEYINFO_UNKNOWN;
    (void)board_answers(NULL);
    board.pkeyinfo = RPROCFW_BOARD_PKEYINFO_REQUIRED;
    ck_assert_uint_eq(board_answers("pkeyinfo").result, 0xFFFF0005);
    tlv_append(&c, RPROCFW_TLV_PKEYINFO, der.data, der.size - 1);
    (void)board_answers("pkeyinfo");
    tlv_remove(&c, tlv_index(&c, RPROCFW_TLV_PKEYINFO));
    tlv_append(&c, RPROCFW_TLV_PKEYINFO, der.data, der.size);
    (void)board_answers(NULL); /* no key was given to compare it with */
    add_key(&keys, "rsa2048.pub.pem");
    answer = ask_with(container_join(&c), &board, ST, RPROCFW_FORETELL_GOOD, &keys);
    require_check(&answer, NULL, "the key");
    tlv_find(&c, RPROCFW_TLV_PKEYINFO)->value[0] ^= 1;
    answer = ask_with(container_join(&c), &board, ST, RPROCFW_FORETELL_GOOD, &keys);
    require_check(&answer, "pkeyinfo", "no key");
    tlv_find(&c, RPROCFW_TLV_PKEYINFO)->value[0] ^= 1;
    rprocfw_keys_free(&keys);
    add_key(&keys, "rsa3072.pub.pem");
    answer = ask_with(container_join(&c), &board, ST, RPROCFW_FORETELL_GOOD, &keys);
    require_check(&answer, "pkeyinfo-key", "another key");
    ck_assert_uint_eq(answer.result, 0xFFFF000F);
    board.ta.family = RPROCFW_TA_OPTEE;
    answer = ask_with(container_join(&c), &board, ST, RPROCFW_FORETELL_GOOD, &keys);
    require_check(&answer, NULL, "OP-TEE's");
    rprocfw_keys_free(&keys);
}
END_TEST

/* ECDSA is verified where fuses know the key, and nowhere else. */
START_TEST(ecdsa_wants_pkeyinfo_where_it_is_not_known)
{
    const struct bytes der = vector_load("keys/p256.spki.der");

    begin();
    make_board(RPROCFW_TA_ST);
    board.signtypes |= 1u << RPROCFW_SIGNTYPE_ECDSA;
    board.pkeyinfo = RPROCFW_BOARD_PKEYINFO_UNKNOWN;
    (void)board_answers(NULL);
    set_value(RPROCFW_TLV_SIGNTYPE, RPROCFW_SIGNTYPE_ECDSA);
    ck_assert_uint_eq(board_answers("pkeyinfo").result, 0xFFFF0005);
    tlv_append(&c, RPROCFW_TLV_PKEYINFO, der.data, der.size);
    (void)board_answers(NULL);
    tlv_remove(&c, tlv_index(&c, RPROCFW_TLV_PKEYINFO));
    board.pkeyinfo = RPROCFW_BOARD_PKEYINFO_IGNORED;
    (void)board_answers(NULL);
}
END_TEST

/* ---- ST's TLVs ---- */

START_TEST(st_asks_for_hashtype)
{
    begin();
    set_value(RPROCFW_TLV_HASHTYPE, 2);
    answers(NULL, NULL, "hashtype-value");
    require_result("hashtype-value", 0xFFFF000A, RPROCFW_NOWHERE, RPROCFW_NOWHERE);
    tlv_resize(tlv_find(&c, RPROCFW_TLV_HASHTYPE), 2);
    answers(NULL, NULL, "hashtype-length");
    require_result("hashtype-length", 0xFFFF0006, RPROCFW_NOWHERE, RPROCFW_NOWHERE);
    tlv_remove(&c, tlv_index(&c, RPROCFW_TLV_HASHTYPE));
    answers(NULL, NULL, "hashtype-missing");
    require_result("hashtype-missing", 0xFFFF000B, RPROCFW_NOWHERE, RPROCFW_NOWHERE);
}
END_TEST

START_TEST(st_asks_for_platform_tlvs_that_the_board_knows)
{
    begin();
    tlv_append(&c, 0x00010003, "none", 4);
    all_answer(NULL);
    make_board(RPROCFW_TA_OPTEE);
    (void)board_answers(NULL);
    make_board(RPROCFW_TA_ST);
    ck_assert_uint_eq(board_answers("plat-tlv-unknown").result, 0xFFFF0009);
    board.any_tlv = true;
    (void)board_answers(NULL);
    tlv_find(&c, 0x00010003)->type = 0x00020000;
    board.any_tlv = false;
    (void)board_answers(NULL);
}
END_TEST

START_TEST(st_asks_for_platform_tlvs_of_4_bytes_once)
{
    const uint32_t types[] = {RPROCFW_TLV_BOOTADDR, RPROCFW_TLV_BOOTSEC};

    for (unsigned i = 0; i < COUNT(types); i++) {
        begin();
        tlv_append(&c, types[i], "text", 4);
        answers(NULL, NULL, "plat-tlv-twice");
        require_result("plat-tlv-twice", 0xFFFF0000, RPROCFW_NOWHERE, RPROCFW_NOWHERE);
        tlv_resize(tlv_find(&c, types[i]), 5);
        answers(NULL, NULL, "plat-tlv-length");
        require_result("plat-tlv-length", 0xF0100001, RPROCFW_NOWHERE, RPROCFW_NOWHERE);
    }
}
END_TEST

/* ---- Line 7 ---- */

static void change_ehdr(uint32_t offset, uint32_t value, const char *check)
{
    begin();
    put16(c.payload, offset, value);
    all_answer(check);
}

START_TEST(first_elf_header_is_one)
{
    begin();
    put32(c.payload, E_SHOFF, c.payload.size - 39);
    all_answer("elf-size");
    put32(c.payload, E_SHOFF, 0xFFFFFFF0);
    all_answer("elf-size");
    change_ehdr(0, 0x457E, "elf-magic");
    change_ehdr(6, 0x0002, "elf-version");
    change_ehdr(4, 0x0102, "elf-class");
    change_ehdr(5, 0x0102, NULL); /* big-endian: nobody looks */
    change_ehdr(E_PHENTSIZE, 40, "elf-phentsize");
    change_ehdr(E_SHENTSIZE, 0, "elf-shentsize");
    change_ehdr(E_PHNUM, 0, "elf-phnum");
    begin();
    c.payload.size = 51;
    all_answer("elf-size");
}
END_TEST

/* Of the second nobody checks it. */
START_TEST(only_the_first_elf_header_is_checked)
{
    begin();
    put32(c.payload, SIZE_OF_ELF, 0);
    put16(c.payload, SIZE_OF_ELF + E_PHENTSIZE, 40);
    all_answer(NULL);
}
END_TEST

/* ---- Lines 8 to 12 ---- */

START_TEST(hash_table_is_there_and_whole)
{
    change_tlv(RPROCFW_TLV_HASHTABLE, 5 * 64 + 8, "hashtable-missing", "hashtable-length");
    begin();
    tlv_find(&c, RPROCFW_TLV_HASHTABLE)->length = 0x10000;
    container_measure(&c);
    all_answer("hashtable-missing"); /* it does not end in the TLV area */
}
END_TEST

START_TEST(images_are_counted)
{
    change_tlv(RPROCFW_TLV_NUM_IMG, 4, "num-img-missing", "num-img-length");
    begin();
    set_value(RPROCFW_TLV_NUM_IMG, 0);
    all_answer("num-img-zero");
    set_value(RPROCFW_TLV_NUM_IMG, 3);
    all_answer("imgtype-length");
}
END_TEST

START_TEST(images_have_type_and_size)
{
    change_tlv(RPROCFW_TLV_IMGTYPE, 3, "imgtype-missing", "imgtype-length");
    change_tlv(RPROCFW_TLV_IMGSIZE, 4, "imgsize-missing", "imgsize-length");
    begin();
    tlv_find(&c, RPROCFW_TLV_IMGTYPE)->value[1] = 2;
    all_answer("imgtype-value");
    require_result("imgtype-value", 0xFFFF0005, 1, RPROCFW_NOWHERE);
    set_value(RPROCFW_TLV_IMGTYPE, 0);
    require_result("imgtype-value", 0xFFFF0005, 0, RPROCFW_NOWHERE);
    begin();
    memset(tlv_find(&c, RPROCFW_TLV_IMGSIZE)->value + 4, 0, 4);
    all_answer("imgsize-zero");
    require_result("imgsize-zero", 0xFFFF0006, 1, RPROCFW_NOWHERE);
}
END_TEST

/* Of two the first counts, as does the first that ends in the area. */
START_TEST(the_first_tlv_of_a_type_counts)
{
    const uint8_t three = 3;

    begin();
    tlv_append(&c, RPROCFW_TLV_SIGNTYPE, &three, 1);
    all_answer(NULL);
    tlv_remove(&c, tlv_index(&c, RPROCFW_TLV_SIGNTYPE));
    all_answer("signtype-value");
}
END_TEST

/* ---- Lines 13 and 14 ---- */

START_TEST(program_headers_are_aligned_and_inside)
{
    begin();
    put32(c.payload, E_PHOFF, ELF_PHOFF + 2);
    all_answer("phdr-alignment");
    put32(c.payload, E_PHOFF, 0xFFFFFFF0);
    all_answer("phdr-range");
    put32(c.payload, E_PHOFF, SIZE_OF_ELF - 28); /* a PT_NULL */
    memset(c.payload.data + SIZE_OF_ELF - 28, 0, 28);
    answers("phdr-range", NULL, NULL);
    c.payload.data[SIZE_OF_ELF - 28] = PT_LOAD;
    all_answer("phdr-range");
    require_result("phdr-range", 0xFFFF0005, 0, 0);
}
END_TEST

/* One PT_LOAD with a body of 64 bytes, which end with the image if it has no padding. */
#define PHDR_OF_ONE 144u

static void begin_with_phdr(uint32_t offset, uint32_t filesz, uint32_t memsz)
{
    const struct rprocfw_phdr phdr = {PT_LOAD, offset, 0, 0x20000000, filesz, memsz, 5, 4};
    struct bytes image = elf_of_phdrs(&phdr, 1, 64);

    ck_assert_uint_eq(image.size % 8, 0);
    container_build(&c, &image, 1, false);
}

START_TEST(segments_are_inside)
{
    begin_with_phdr(0, 63, 64);
    all_answer(NULL);
    begin_with_phdr(0, 64, 64);
    answers(NULL, "segment-range", "segment-range");
    begin_with_phdr(64, 0, 64);
    answers(NULL, "segment-range", "segment-range");
    begin_with_phdr(0, 64, 64);
    put32(c.payload, PHDR_OF_ONE + P_FILESZ, 65);
    all_answer("segment-range");
    begin_with_phdr(64, 0, 64);
    put32(c.payload, PHDR_OF_ONE + P_OFFSET, c.payload.size + 1);
    all_answer("segment-range");
    put32(c.payload, PHDR_OF_ONE + P_FILESZ, 0xFFFFFFFF);
    all_answer("segment-range");
    require_result("segment-range", 0xFFFF0005, 0, 0);
}
END_TEST

/* ---- Line 15 ---- */

START_TEST(first_entry_of_an_address_is_the_segments)
{
    begin(); /* entries: 0 of image 0; 1 to 4 of image 1, of which 1 is a PT_NOTE */
    put32((struct bytes){table_entry(1), 64}, P_PADDR, 0x20000000);
    all_answer("hash-entry-type");
    require_result("hash-entry-type", 0xFFFF0006, 1, 1);
    begin();
    put32((struct bytes){table_entry(3), 64}, P_PADDR, 0x10000000);
    all_answer("hash-entry-missing"); /* behind it, the first is still the first */
    require_result("hash-entry-missing", 0xFFFF000B, 1, 2);
    begin();
    put32((struct bytes){table_entry(0), 64}, P_PADDR, 0x20001000);
    all_answer("hash-entry-missing");
    require_result("hash-entry-missing", 0xFFFF000B, 0, 0);
}
END_TEST

START_TEST(first_entry_has_the_sizes_of_the_segment)
{
    begin(); /* an entry of the first image stands before that of the second */
    put32((struct bytes){table_entry(2), 64}, P_FILESZ, 0x101);
    all_answer("hash-entry-size");
    require_result("hash-entry-size", 0xFFFF0006, 1, 1);
    begin();
    put32((struct bytes){table_entry(2), 64}, P_MEMSZ, 0x141);
    all_answer("hash-entry-size");
}
END_TEST

/* Many entries, in no order: as one by one. */
START_TEST(first_entry_is_found_among_many)
{
    enum { ENTRIES = 200 };
    struct rprocfw_phdr phdrs[ENTRIES];
    struct bytes image;

    for (uint32_t i = 0; i < ENTRIES; i++)
        phdrs[i] = (struct rprocfw_phdr){PT_LOAD, i % 64, 0, 0x20000000 + 8 * (i * 7919 % ENTRIES),
                                         1,       1,      5, 4};
    image = elf_of_phdrs(phdrs, ENTRIES, 72);
    container_build(&c, &image, 1, false);
    all_answer(NULL);
    for (uint32_t i = 0; i + 1 < ENTRIES; i += 37) {
        phdrs[i + 1].paddr = phdrs[i].paddr;
        image = elf_of_phdrs(phdrs, ENTRIES, 72);
        container_build(&c, &image, 1, false);
        all_answer("segment-hash"); /* the bytes of the other */
        require_result("segment-hash", 0xFFFF000F, 0, i + 1);
        phdrs[i + 1].paddr = 0x30000000 + i;
    }
}
END_TEST

START_TEST(segments_end_within_the_images)
{
    begin_with_phdr(0, 60, 60);
    container_measure(&c);
    c.header.img_len -= 5;
    answers_of_file(container_join(&c), "segment-payload", "segment-payload", "segment-payload");
}
END_TEST

/* ---- Lines 16 to 18 ---- */

START_TEST(segments_are_hashed)
{
    begin();
    c.payload.data[0x400] ^= 1;
    all_answer("segment-hash");
    require_result("segment-hash", 0xFFFF000F, 0, 0);
    begin();
    c.payload.data[SIZE_OF_ELF + 0x4FF] ^= 1;
    require_result("segment-hash", 0xFFFF000F, 1, 1);
    begin();
    c.payload.data[SIZE_OF_ELF + 0x700] ^= 1; /* of the PT_NOTE: nobody loads it */
    all_answer(NULL);
}
END_TEST

START_TEST(segments_lie_in_one_region)
{
    begin();
    make_board(RPROCFW_TA_OPTEE);
    (void)board_answers(NULL);
    regions[0].size = 0x1000; /* without the segment at 0x20001000 */
    ck_assert_uint_eq(board_answers("segment-address").result, 0xFFFF0001);
    make_board(RPROCFW_TA_ST);
    ck_assert_uint_eq(board_answers("segment-region").result, 0xFFFF0000);
    ranges[0].size = 0x1000;
    ck_assert_uint_eq(board_answers("segment-address").result, 0xFFFF0001);
    ranges[0].size = 0x3000;
    regions[0].size = 0x2800;
    board.ta.map_limit = 0x100;
    (void)board_answers(NULL);
    board.ta.map_limit = 0xFF;
    ck_assert_uint_eq(board_answers("segment-map").result, 0xFFFF0000);
}
END_TEST

/* Image 1, segment 3: 256 bytes of zero at 0x20002000. */
START_TEST(zero_bytes_lie_in_one_region)
{
    begin();
    make_board(RPROCFW_TA_OPTEE);
    regions[0].size = 0x20FF;
    ck_assert_uint_eq(board_answers("zero-fill-address").result, 0xFFFF0001);
    make_board(RPROCFW_TA_ST);
    ck_assert_uint_eq(board_answers("zero-fill-region").result, 0xFFFF0000);
    ranges[0].size = 0x20FF;
    ck_assert_uint_eq(board_answers("zero-fill-address").result, 0xFFFF0001);
    ranges[0].size = 0x3000;
    regions[0].size = 0x2100;
    (void)board_answers(NULL);
    regions[0].size = 0x2800;
    tlv_find(&c, RPROCFW_TLV_IMGTYPE)->value[0] = 1;
    begin_with_phdr(0, 8, 0x200);
    board.ta.map_limit = 0x1F8;
    (void)board_answers(NULL);
    board.ta.map_limit--;
    ck_assert_uint_eq(board_answers("zero-fill-map").result, 0xFFFF0000);
}
END_TEST

/* ---- Lines 19 to 22 ---- */

#define SECOND(offset) (SIZE_OF_ELF + (offset)) /* of the image with the resource table */

START_TEST(section_headers_are_aligned_and_inside)
{
    begin();
    put32(c.payload, SECOND(E_SHOFF), ELF_SHOFF + 2);
    all_answer("shdr-alignment");
    put32(c.payload, SECOND(E_SHOFF), SIZE_OF_ELF);
    all_answer("shdr-range");
    begin();
    put16(c.payload, SECOND(E_SHNUM), 0xFFFF);
    answers("shdr-range", NULL, NULL); /* it finds the table before */
    put16(c.payload, SECOND(E_SHNUM), 0);
    answers("shstrndx", NULL, NULL);
    begin();
    put16(c.payload, SECOND(E_SHNUM), 4);
    answers("shstrndx", NULL, NULL); /* the name table is section 4 */
}
END_TEST

/* Headers of nothing, the fifth behind the end. */
START_TEST(section_headers_end_within_the_image)
{
    begin();
    memset(c.payload.data + SECOND(SIZE_OF_ELF - 160), 0, 160);
    put32(c.payload, SECOND(E_SHOFF), SIZE_OF_ELF - 160);
    put16(c.payload, SECOND(E_SHSTRNDX), 0);
    put16(c.payload, SECOND(E_SHNUM), 4);
    answers("section-name", NULL, NULL);
    put16(c.payload, SECOND(E_SHNUM), 5);
    all_answer("shdr-range");
}
END_TEST

START_TEST(names_are_inside)
{
    const uint32_t names = SHDR(4);

    begin();
    put32(c.payload, SECOND(names + SH_SIZE), SIZE_OF_ELF - ELF_NAMES + 1);
    answers("shstrtab-range", NULL, NULL);
    put32(c.payload, SECOND(names + SH_OFFSET), SIZE_OF_ELF);
    all_answer("shstrtab-range");
    begin();
    put32(c.payload, SECOND(SHDR(1) + SH_NAME), get32(c.payload, SECOND(names + SH_SIZE)));
    answers("section-name", NULL, NULL);
    begin(); /* behind the resource table nobody looks */
    put32(c.payload, SECOND(SHDR(3) + SH_NAME), 0xFFFFFF);
    all_answer(NULL);
}
END_TEST

/* A name that the name table cuts off is compared as far as it goes. */
START_TEST(names_are_compared_to_the_end_of_their_table)
{
    const uint32_t rsc = SHDR(RSC_SECTION);
    uint32_t at;

    begin();
    at = get32(c.payload, SECOND(rsc + SH_NAME));
    put32(c.payload, SECOND(rsc + SH_SIZE), 8); /* so that it shows whether it is found */
    all_answer("rsc-table-size");
    put32(c.payload, SECOND(SHDR(4) + SH_SIZE), at + 5);
    put32(c.payload, SECOND(SHDR(3) + SH_NAME), 0);
    put32(c.payload, SECOND(SHDR(4) + SH_NAME), 0);
    c.payload.data[SECOND(ELF_NAMES + at + 5)] = 'x';
    answers("rsc-table-size", NULL, NULL);
}
END_TEST

START_TEST(resource_table_is_one)
{
    const uint32_t rsc = SECOND(SHDR(RSC_SECTION));

    begin();
    put32(c.payload, rsc + SH_SIZE, 15);
    all_answer("rsc-table-size");
    put32(c.payload, rsc + SH_OFFSET, SIZE_OF_ELF - 14);
    all_answer("rsc-table-range");
    put32(c.payload, rsc + SH_SIZE, 0);
    all_answer(NULL);
    begin();
    put32(c.payload, rsc + SH_OFFSET, RSC_OFFSET + 2);
    all_answer("rsc-table-alignment");
    require_result("rsc-table-alignment", 0xF0100001, 1, RPROCFW_NOWHERE);
}
END_TEST

/* What it has is in a segment, whose hash would fail: it says it elsewhere. */
START_TEST(resource_table_says_what_it_should)
{
    const uint32_t rsc = SECOND(SHDR(RSC_SECTION));
    const uint32_t elsewhere = SECOND(0x740);

    begin();
    put32(c.payload, rsc + SH_OFFSET, 0x740);
    memset(c.payload.data + elsewhere, 0, RSC_SIZE);
    put32(c.payload, elsewhere, 1);
    all_answer(NULL);
    put32(c.payload, elsewhere + 4, RSC_ENTRIES);
    all_answer(NULL);
    put32(c.payload, elsewhere + 4, RSC_ENTRIES + 1);
    all_answer("rsc-table-entries");
    put32(c.payload, elsewhere + 12, 1);
    all_answer("rsc-table-reserved");
    put32(c.payload, elsewhere, 2);
    all_answer("rsc-table-version");
}
END_TEST

START_TEST(resource_table_is_told_of)
{
    struct rprocfw_device answer;

    begin();
    make_board(RPROCFW_TA_OPTEE);
    answer = board_answers(NULL);
    ck_assert(answer.has_rsc_table);
    ck_assert_uint_eq(answer.rsc_da, RSC_ADDRESS);
    ck_assert_uint_eq(answer.rsc_size, RSC_SIZE);
    put32(c.payload, SECOND(SHDR(RSC_SECTION) + SH_ADDR), 0x100003E1);
    ck_assert_uint_eq(board_answers("rsc-table-address").result, 0xFFFF0001);
    make_board(RPROCFW_TA_ST);
    ck_assert_uint_eq(board_answers("rsc-table-address").result, 0xFFFF0001);
}
END_TEST

START_TEST(one_image_has_a_resource_table)
{
    struct bytes images[2];
    struct elf elf;

    elf_default(&elf);
    images[0] = images[1] = elf_build(&elf);
    container_build(&c, images, 1, false);
    all_answer(NULL);
    container_build(&c, images, 2, false);
    all_answer("rsc-table-twice");
    require_result("rsc-table-twice", 0xFFFF0005, 1, RPROCFW_NOWHERE);
}
END_TEST

/* ---- Encrypted ---- */

static void begin_encrypted(void)
{
    struct bytes image;
    struct elf elf;

    elf_default(&elf);
    image = elf_build(&elf);
    container_build(&c, &image, 1, true);
    answers("hashtable-missing", "hashtable-missing", NULL);
}

START_TEST(only_st_loads_what_is_encrypted)
{
    begin_encrypted();
    make_board(RPROCFW_TA_ST);
    (void)board_answers("encryption");
    board.encrypted = true;
    ck_assert(board_answers(NULL).has_rsc_table);
    put32(c.payload, RSC_OFFSET, 77); /* within its segment, and so its hash */
    (void)board_answers("segment-hash");
}
END_TEST

START_TEST(table_of_what_is_encrypted_is_whole)
{
    begin_encrypted();
    tlv_resize(tlv_find(&c, RPROCFW_TLV_ENCTYPE), 2);
    require_result("enctype-length", 0xFFFF0006, RPROCFW_NOWHERE, RPROCFW_NOWHERE);
    begin_encrypted();
    set_value(RPROCFW_TLV_ENCTYPE, 2);
    require_result("enctype-value", 0xFFFF000A, RPROCFW_NOWHERE, RPROCFW_NOWHERE);
    begin_encrypted();
    set_value(RPROCFW_TLV_IMGTYPE, 1);
    require_result("imgtype-value", 0xFFFF0005, 0, RPROCFW_NOWHERE);
    begin_encrypted();
    tlv_resize(tlv_find(&c, RPROCFW_TLV_ENCTABLE), 64);
    require_result("enctable-length", 0xFFFF0006, RPROCFW_NOWHERE, RPROCFW_NOWHERE);
    tlv_remove(&c, tlv_index(&c, RPROCFW_TLV_ENCTABLE));
    require_result("enctable-missing", 0xFFFF000B, RPROCFW_NOWHERE, RPROCFW_NOWHERE);
}
END_TEST

/* Its bytes are ciphertext. */
START_TEST(resource_table_of_what_is_encrypted_is_not_read)
{
    struct bytes image;
    struct elf elf;

    elf_default(&elf);
    image = elf_build(&elf);
    put32(image, RSC_OFFSET, 77);
    container_build(&c, &image, 1, true);
    require_result(NULL, 0, RPROCFW_NOWHERE, RPROCFW_NOWHERE);
    put32(c.payload, SHDR(RSC_SECTION) + SH_SIZE, 15);
    require_result("rsc-table-size", 0xFFFF0005, 0, RPROCFW_NOWHERE);
}
END_TEST

/* ---- What cannot be told ---- */

static void require_unknown(void)
{
    struct rprocfw_device answer;

    for (unsigned ta = NEW; ta <= ST; ta++) {
        container_measure(&c);
        answer = ask(container_join(&c), NULL, ta);
        require(!answer.is_predicted && answer.reason[0] != '\0', "TA %u: %s", ta, answer.check);
    }
}

START_TEST(what_stands_beyond_the_end_is_not_foretold)
{
    begin(); /* the first image's size leads the TA beyond the end */
    put32((struct bytes){tlv_find(&c, RPROCFW_TLV_IMGSIZE)->value, 8}, 0, 0x7FFFFFF8);
    require_unknown();
    put32((struct bytes){tlv_find(&c, RPROCFW_TLV_IMGSIZE)->value, 8}, 0, 2 * SIZE_OF_ELF - 51);
    require_unknown();
}
END_TEST

/* One segment, loaded again and again by program headers that nobody signed, is not hashed for
 * ever.
 */
START_TEST(bytes_to_hash_have_a_limit)
{
    struct rprocfw_phdr phdrs[3];
    struct bytes image;

    for (unsigned i = 0; i < COUNT(phdrs); i++)
        phdrs[i] = (struct rprocfw_phdr){PT_LOAD, 0, 0, 0x20000000, 64, 64, 5, 4};
    image = elf_of_phdrs(phdrs, COUNT(phdrs), 72);
    container_build(&c, &image, 1, false);
    all_answer(NULL);
    tlv_resize(tlv_find(&c, RPROCFW_TLV_HASHTABLE), 2 * 64);
    require_unknown();
}
END_TEST

START_TEST(boards_of_2020_refuse_todays_layout)
{
    struct bytes file = firmware_container();
    struct rprocfw_device answer;

    make_board(RPROCFW_TA_OPTEE);
    board.old_layout = true;
    answer = ask(file, &board, NEW);
    require_check(&answer, "old-layout", "the board");
    ck_assert_uint_eq(answer.result, 0xF0100001);
    put32(file, 8, 56); /* which makes it none of 2020, either */
    answer = ask(file, &board, NEW);
    require_check(&answer, "old-layout", "the board");
}
END_TEST

int main(void)
{
    RUN_TESTS("device", buffer_has_more_than_the_metadata, lengths_of_the_header_are_not_0,
              magic_version_and_size_are_right, metadata_and_a_copy_of_the_table_fit_the_heap,
              heap_for_the_copy_is_needed_after_the_signature, signtype_is_one_known_byte,
              board_knows_the_algorithm, signature_is_of_one_of_the_keys,
              pkeyinfo_is_the_key_where_fuses_know_it, ecdsa_wants_pkeyinfo_where_it_is_not_known,
              st_asks_for_hashtype, st_asks_for_platform_tlvs_that_the_board_knows,
              st_asks_for_platform_tlvs_of_4_bytes_once, first_elf_header_is_one,
              only_the_first_elf_header_is_checked, hash_table_is_there_and_whole,
              images_are_counted, images_have_type_and_size, the_first_tlv_of_a_type_counts,
              program_headers_are_aligned_and_inside, segments_are_inside,
              first_entry_of_an_address_is_the_segments, first_entry_has_the_sizes_of_the_segment,
              first_entry_is_found_among_many, segments_end_within_the_images, segments_are_hashed,
              segments_lie_in_one_region, zero_bytes_lie_in_one_region,
              section_headers_are_aligned_and_inside, section_headers_end_within_the_image,
              names_are_inside, names_are_compared_to_the_end_of_their_table, resource_table_is_one,
              resource_table_says_what_it_should, resource_table_is_told_of,
              one_image_has_a_resource_table, only_st_loads_what_is_encrypted,
              table_of_what_is_encrypted_is_whole, resource_table_of_what_is_encrypted_is_not_read,
              what_stands_beyond_the_end_is_not_foretold, bytes_to_hash_have_a_limit,
              boards_of_2020_refuse_todays_layout);
}
