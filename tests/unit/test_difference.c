/* SPDX-License-Identifier: BSD-2-Clause */
/* The words for what differs: every option that changes a container is told from the next one. */
#include <stdio.h>
#include <string.h>

#include "container.h"
#include "elf_image.h"
#include "signing.h"
#include "suite.h"

static struct rprocfw_error error;
static struct rprocfw_enc_key enc_keys[2];
static struct rprocfw_sign_job job;
static const char *inputs[3];

/* ---- TLVs ---- */

static uint8_t bootaddr[] = {0, 0, 0, 0x10};
static uint8_t bootsec[] = {1, 0, 0, 0};
static uint8_t release[] = "release-2026.11";
static uint8_t word[] = {0x34, 0x12};
static uint8_t pkeyinfo[40];

#define TLVS 4u

static struct rprocfw_plat_tlv *tlvs;

static void set_tlvs(void)
{
    tlvs = arena_alloc(TLVS * sizeof(*tlvs));
    tlvs[0] = (struct rprocfw_plat_tlv){.id = RPROCFW_TLV_BOOTADDR, .value = bootaddr, .size = 4};
    tlvs[1] = (struct rprocfw_plat_tlv){.id = RPROCFW_TLV_BOOTSEC, .value = bootsec, .size = 4};
    tlvs[2] = (struct rprocfw_plat_tlv){.id = 0x10010, .value = release, .size = 15};
    tlvs[3] = (struct rprocfw_plat_tlv){.id = 0x10011, .value = word, .size = 2};
    job.plat_tlvs = tlvs;
    job.plat_tlv_count = TLVS;
}

static void begin(void)
{
    signing_begin();
    for (unsigned i = 0; i < COUNT(enc_keys); i++)
        ck_assert_int_eq(
            rprocfw_enc_key_load(&enc_keys[i], vector_path("keys/aes256.bin"), NULL, &error),
            RPROCFW_OK);
    enc_keys[1].bytes[0] ^= 1;
    job = signing_job();
    job.inputs = inputs;
    set_tlvs();
    job.pkeyinfo = pkeyinfo;
    job.pkeyinfo_size = sizeof(pkeyinfo);
    job.preflight = RPROCFW_PREFLIGHT_OFF;
    inputs[0] = signing_path("in.elf");
    inputs[1] = vector_path("elf/pad5.elf");
    file_save(inputs[0], vector_load("elf/m4unw.elf"));
}

static void tell_bootaddr(void)
{
    tlvs[0].value = (const uint8_t *)"\0\0\0\x20";
}

static void tell_bootaddr_as_text(void)
{
    tlvs[0].value = (const uint8_t *)"2147483648";
    tlvs[0].size = 10;
}

/* Four letters are an address to a board. */
static void tell_bootaddr_of_letters(void)
{
    tlvs[0].value = (const uint8_t *)"abcd";
}

static void leave_out_the_last(void)
{
    job.plat_tlv_count--;
}

static void leave_out_the_first(void)
{
    job.plat_tlvs++;
    job.plat_tlv_count--;
}

static void tell_another_id(void)
{
    tlvs[3].id = 0x1FFFF;
}

static void tell_it_twice(void)
{
    tlvs[3] = tlvs[0];
    tlvs[3].value = bootsec;
}

static void tell_another_text(void)
{
    tlvs[2].value = (const uint8_t *)"release-2026.12";
}

static void tell_a_longer_word(void)
{
    tlvs[3].value = (const uint8_t *)"\1\2\3\4\5\6\7\x80";
    tlvs[3].size = 8;
}

static void tell_nothing(void)
{
    tlvs[2].size = 0;
}

/* Nothing of a file stands in a message that a terminal would obey. */
static void tell_escapes(void)
{
    tlvs[2].value = (const uint8_t *)"\x1b[31m";
    tlvs[2].size = 5;
}

static void tell_one_byte(void)
{
    tlvs[2].value = bootsec;
    tlvs[2].size = 1;
}

static void swap_tlvs(void)
{
    const struct rprocfw_plat_tlv first = tlvs[0];

    tlvs[0] = tlvs[1];
    tlvs[1] = first;
}

static void tell_other_key_info(void)
{
    static uint8_t other[sizeof(pkeyinfo)];

    other[20] = 1;
    job.pkeyinfo = other;
}

static void cut_key_info(void)
{
    job.pkeyinfo_size--;
}

static void leave_out_key_info(void)
{
    job.pkeyinfo = NULL;
}

static void choose_st(void)
{
    job.order = RPROCFW_ORDER_ST;
}

/* ---- Keys ---- */

static void take_ecdsa(void)
{
    job.key = signing_key("p256.pem");
}

static void take_longer_key(void)
{
    job.key = signing_key("rsa3072.pem");
}

/* ---- Images ---- */

static void change_input(uint32_t offset, uint8_t by)
{
    file_flip(inputs[0], offset, by);
}

static void change_section(void)
{
    change_input(vector_load("elf/m4unw.elf").size - 1, 1);
}

static void change_code(void)
{
    change_input(4096 + 5, 1);
}

static void change_p_paddr(void)
{
    change_input(52 + 32 + P_PADDR + 1, 0x10);
}

static void change_p_flags(void)
{
    change_input(52 + 2 * 32 + P_FLAGS, 2);
}

static void leave_out_sections(void)
{
    job.strip = true;
}

static void leave_out_phdrs(void)
{
    job.loadable_only = true;
}

static void add_image(void)
{
    job.input_count = 2;
}

static void take_longer_input(void)
{
    file_save(inputs[0],
              arena_copy(vector_load("elf/m4unw.elf").data, vector_load("elf/m4unw.elf").size, 40));
}

/* ---- No difference ---- */

static void change_what_shows_nowhere(void)
{
    job.any_machine = true;
    job.no_sync = false;
    job.dry_run = true;
    job.nonce = RPROCFW_NONCE_RANDOM;
    job.preflight = RPROCFW_PREFLIGHT_WARN;
    job.enc_pad = true;
    job.iv = RPROCFW_IV_DERIVED;
}

static const struct {
    void (*change)(void);
    const char *difference;
} changes[] = {
    {change_what_shows_nowhere, ""},
    {tell_bootaddr, "TLV BOOTADDR is 0x10000000 and would be 0x20000000"},
    {tell_bootaddr_as_text, "TLV BOOTADDR is 0x10000000 and would be \"2147483648\""},
    {tell_bootaddr_of_letters, "TLV BOOTADDR is 0x10000000 and would be 0x64636261"},
    {leave_out_the_last, "TLV 0x10011 is 0x1234 and would not be there"},
    {leave_out_the_first, "TLV BOOTADDR is 0x10000000 and would not be there"},
    {tell_another_id, "TLV 0x10011 is 0x1234 and would not be there"},
    {tell_it_twice, "TLV BOOTADDR is 0x10000000 and would be 0x00000001"},
    {tell_another_text, "TLV 0x10010 is \"release-2026.11\" and would be \"release-2026.12\""},
    {tell_a_longer_word, "TLV 0x10011 is 0x1234 and would be 0x8007060504030201"},
    {tell_nothing, "TLV 0x10010 is \"release-2026.11\" and would be 0 bytes long"},
    {tell_escapes, "TLV 0x10010 is \"release-2026.11\" and would be 5 bytes long"},
    {tell_one_byte, "TLV 0x10010 is \"release-2026.11\" and would be 1"},
    {swap_tlvs, "the order of the TLVs is another: BOOTADDR is where BOOTSEC would be"},
    {tell_other_key_info, "TLV PKEYINFO differs from its byte 20 on"},
    {cut_key_info, "TLV PKEYINFO is 40 bytes long and would be 39 bytes long"},
    {leave_out_key_info, "TLV PKEYINFO is 40 bytes long and would not be there"},
    {choose_st, "the order of the TLVs is another: NUM_IMG is where HASHTABLE would be"},
    {take_ecdsa, "TLV SIGNTYPE is 1 and would be 2"},
    {take_longer_key, "the size of its signature, says its header, is 256 and would be 384"},
    {change_section, "image 0 is not of FILE: it differs from its byte 13899 on"},
    {change_code, "image 0 is not of FILE: it differs from its byte 4101 on"},
    {change_p_paddr, "entry 1 of TLV HASHTABLE has p_paddr 0x0 and would have 0x1000"},
    {change_p_flags, "entry 2 of TLV HASHTABLE has p_flags 0x5 and would have 0x7"},
    {leave_out_sections, "image 0 has 13904 bytes and would have 12928"},
    {leave_out_phdrs, "image 0 has 6 program headers and would have 5"},
    {add_image, "TLV NUM_IMG is 1 and would be 2"},
    {take_longer_input, "image 0 has 13904 bytes and would have 13944"},
};

/* What is said of it, FILE for the path of the input. */
static void assert_difference(const char *expected)
{
    const char *const difference = difference_of(&job);
    const char *const file = strstr(difference, inputs[0]);
    char *const told = arena_alloc(RPROCFW_DIFFERENCE_ROOM);

    if (file == NULL)
        (void)snprintf(told, RPROCFW_DIFFERENCE_ROOM, "%s", difference);
    else
        (void)snprintf(told, RPROCFW_DIFFERENCE_ROOM, "%.*sFILE%s", (int)(file - difference),
                       difference, file + strlen(inputs[0]));
    ck_assert_str_eq(told, expected);
}

START_TEST(each_option_that_changes_it)
{
    sign_it(&job);
    assert_difference("");
    changes[_i].change();
    assert_difference(changes[_i].difference);
}
END_TEST

START_TEST(another_key_of_the_same_kind)
{
    char expected[128];

    job.key = signing_key("p256.pem");
    sign_it(&job);
    job.key = signing_new_key("new.pem");
    (void)snprintf(expected, sizeof(expected), "the signature is not by %s",
                   signing_path("new.pem"));
    assert_difference(expected);
}
END_TEST

START_TEST(nobody_has_signed_it)
{
    const struct rprocfw_tbs tbs = {.output = signing_path("tbs")};

    job.tbs = &tbs;
    sign_it(&job);
    job.tbs = NULL;
    assert_difference("it is not signed yet");
}
END_TEST

START_TEST(several_images)
{
    job.input_count = 2;
    sign_it(&job);
    job.loadable_only = true;
    assert_difference("the images have 11 program headers and would have 10");
    job.loadable_only = false;
    inputs[1] = vector_path("elf/m4dbg.elf");
    assert_difference("image 1 has 12984 bytes and would have 32832");
    inputs[1] = vector_path("elf/pad1.elf");
    assert_difference("image 1 has 12984 bytes and would have 12976");
}
END_TEST

/* ---- Encryption ---- */

static void begin_encrypted(void)
{
    begin();
    file_save(inputs[0], vector_load("elf/ns_note16.elf"));
    job.order = RPROCFW_ORDER_ST;
    job.enc_key = &enc_keys[0];
}

START_TEST(encrypted_or_not)
{
    sign_it(&job);
    job.enc_key = NULL;
    assert_difference("TLV ENCTYPE is 1 and would not be there");
    sign_it(&job);
    job.enc_key = &enc_keys[0];
    assert_difference("TLV ENCTYPE is not there and would be 1");
}
END_TEST

START_TEST(encrypted_otherwise)
{
    static const char otherwise[] =
        "image 0 is not of FILE, or encrypted otherwise: it differs from its byte 156 on";

    job.iv = _i == 0 ? RPROCFW_IV_RANDOM : RPROCFW_IV_DERIVED;
    sign_it(&job);
    job.enc_key = &enc_keys[1];
    assert_difference(otherwise);
    job.enc_key = &enc_keys[0];
    assert_difference("");
    job.iv = RPROCFW_IV_DERIVED;
    assert_difference(_i == 0 ? otherwise : "");
    change_input(160, 1);
    assert_difference(otherwise);
}
END_TEST

/* The third entry is zero: there are two PT_LOADs, and a PT_NOTE. */
START_TEST(parts_of_an_encrypted_container)
{
    struct container c;
    uint32_t table;

    sign_it(&job);
    container_split(file_load(job.output), &c);
    table = value_offset(&c, RPROCFW_TLV_ENCTABLE);
    file_flip(job.output, table + 2 * 80 + 79, 1);
    assert_difference("entry 2 of TLV ENCTABLE has another IV");
    file_flip(job.output, table + 2 * 80 + 32, 1);
    assert_difference("entry 2 of TLV ENCTABLE has another SHA-256");
    file_flip(job.output, table + 2 * 80 + P_TYPE, 1);
    assert_difference("entry 2 of TLV ENCTABLE has p_type 0x1 and would have 0x0");
}
END_TEST

/* ---- Damage ---- */

static struct container c;

static void save_container(void)
{
    container_measure(&c);
    file_save(job.output, container_join(&c));
}

static void begin_damage(void)
{
    begin();
    sign_it(&job);
    container_split(file_load(job.output), &c);
}

START_TEST(damaged_values)
{
    const uint32_t table = value_offset(&c, RPROCFW_TLV_HASHTABLE);

    file_flip(job.output, table + 64 + 40, 1);
    assert_difference("entry 1 of TLV HASHTABLE has another SHA-256");
    file_flip(job.output, 4, 2);
    assert_difference("the version, says its header, is 3 and would be 1");
    file_flip(job.output, 4, 2);
    file_flip(job.output, value_offset(&c, RPROCFW_TLV_SIGNTYPE) + 1, 1);
    assert_difference("its TLVs are damaged at byte 20: the padding of a TLV is not zero");
    file_flip(job.output, 0, 1);
    assert_difference("it is no container of today's layout but a file of unknown kind");
}
END_TEST

START_TEST(damaged_lengths)
{
    struct tlv *sizes = tlv_find(&c, RPROCFW_TLV_IMGSIZE);

    tlv_resize(sizes, 8);
    save_container();
    assert_difference("TLV IMGSIZE is 0x0000000000003650 and would be 0x00003650");
    tlv_resize(sizes, 4);
    tlv_resize(tlv_find(&c, RPROCFW_TLV_HASHTABLE), 6 * 64 - 8);
    save_container();
    assert_difference("TLV HASHTABLE is 376 bytes long and would be 384 bytes long");
    tlv_resize(tlv_find(&c, RPROCFW_TLV_HASHTABLE), 0);
    save_container();
    assert_difference("image 0 has 0 program headers and would have 6");
}
END_TEST

START_TEST(records_that_are_too_many)
{
    tlv_append(&c, RPROCFW_TLV_SIGNTYPE, bootsec, 1);
    save_container();
    assert_difference("TLV SIGNTYPE is 1 and would not be there");
    tlv_remove(&c, c.tlv_count - 1);
    tlv_remove(&c, tlv_index(&c, RPROCFW_TLV_HASHTYPE));
    save_container();
    assert_difference("TLV HASHTYPE is not there and would be 1");
}
END_TEST

/* Of a modulus that is no multiple of 64 bits. */
START_TEST(a_byte_behind_the_signature)
{
    uint32_t end;

    job.key = signing_odd_key("odd.pem");
    sign_it(&job);
    assert_difference("");
    container_split(file_load(job.output), &c);
    end = payload_offset(&c);
    file_flip(job.output, end - 1, 0x80);
    ck_assert_ptr_nonnull(strstr(difference_of(&job), ", behind the signature, is 0x80 and would"));
    file_flip(job.output, end - 8, 0x80);
    ck_assert_ptr_nonnull(strstr(difference_of(&job), "the signature is not by "));
}
END_TEST

START_TEST(the_input_itself)
{
    file_save(signing_path("copy.elf"), vector_load("elf/m4unw.elf"));
    job.output = signing_path("copy.elf");
    assert_difference("it is no container of today's layout but a bare ELF file");
}
END_TEST

/* A name that is too long loses its middle: what differs, and where, is told. */
START_TEST(long_names)
{
    char name[256];
    const char *difference;

    (void)snprintf(name, sizeof(name), "%0246u.elf", 0u);
    inputs[0] = signing_path(name);
    file_save(inputs[0], vector_load("elf/m4unw.elf"));
    for (unsigned i = 0; i < 8; i++) {
        char *longer = arena_alloc(strlen(inputs[0]) + 3);

        (void)snprintf(longer, strlen(inputs[0]) + 3, "/.%s", inputs[0]);
        inputs[0] = longer;
    }
    sign_it(&job);
    change_section();
    difference = difference_of(&job);
    ck_assert_int_eq(strncmp(difference, "image 0 is not of /", 19), 0);
    ck_assert_ptr_nonnull(strstr(difference, ": it differs from its byte 13899 on"));
}
END_TEST

static void add_tests(Suite *suite, void (*start)(void), const char *name,
                      const TTest *const *tests, unsigned count, int times)
{
    TCase *tcase = tcase_create(name);

    suite_add_tcase(suite, tcase);
    tcase_set_timeout(tcase, TEST_TIMEOUT);
    tcase_add_checked_fixture(tcase, start, signing_end);
    for (unsigned i = 0; i < count; i++)
        tcase_add_loop_test(tcase, tests[i], 0, times);
}

int main(void)
{
    const TTest *const options[] = {each_option_that_changes_it};
    const TTest *const whole[] = {
        another_key_of_the_same_kind, nobody_has_signed_it, several_images,
        a_byte_behind_the_signature,  the_input_itself,     long_names};
    const TTest *const encrypted[] = {encrypted_or_not, encrypted_otherwise,
                                      parts_of_an_encrypted_container};
    const TTest *const damaged[] = {damaged_values, damaged_lengths, records_that_are_too_many};
    Suite *suite = suite_create("difference");
    SRunner *runner = srunner_create(suite);
    int failed;

    add_tests(suite, begin, "options", options, COUNT(options), COUNT(changes));
    add_tests(suite, begin, "whole", whole, COUNT(whole), 1);
    add_tests(suite, begin_encrypted, "encrypted", encrypted, COUNT(encrypted), 2);
    add_tests(suite, begin_damage, "damaged", damaged, COUNT(damaged), 1);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
