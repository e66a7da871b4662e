/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Is a file what a job would sign? Only that: whatever else is there is told from it, whoever made
 * it. Of what differs test_difference.c has the words.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "container.h"
#include "elf_image.h"
#include "signing.h"
#include "suite.h"

static struct rprocfw_error error;
static char text[RPROCFW_DIFFERENCE_ROOM];
static struct rprocfw_enc_key enc_key;
static const char *inputs[8];

static void begin(void)
{
    signing_begin();
    ck_assert_int_eq(rprocfw_enc_key_load(&enc_key, vector_path("keys/aes256.bin"), NULL, &error),
                     RPROCFW_OK);
}

/* A job whose inputs can be others. */
static struct rprocfw_sign_job new_job(const char *elf)
{
    struct rprocfw_sign_job job = signing_job();

    job.inputs = inputs;
    inputs[0] = vector_path(elf);
    return job;
}

static void save_elf(struct rprocfw_sign_job *job, struct bytes elf)
{
    inputs[0] = signing_path("in.elf");
    job->inputs = inputs;
    file_save(inputs[0], elf);
}

static void assert_same(const struct rprocfw_sign_job *job, const char *what)
{
    const char *const difference = difference_of(job);

    ck_assert_msg(*difference == '\0', "%s: %s", what, difference);
}

static void assert_signed_is_same(const struct rprocfw_sign_job *job, const char *what)
{
    sign_it(job);
    assert_same(job, what);
}

/* ---- What the scripts signed ---- */

/* A command line of cases.tsv as a job. */
struct command {
    struct rprocfw_sign_job job;
    const char *inputs[8];
    struct rprocfw_plat_tlv *tlvs; /* room for 8 */
    uint8_t numbers[8][4];
};

static void add_tlv(struct command *c, const char *id, const char *value)
{
    struct rprocfw_plat_tlv *tlv = &c->tlvs[c->job.plat_tlv_count];
    uint8_t *number = c->numbers[c->job.plat_tlv_count++];

    tlv->id = strcmp(id, "BOOTADDR") == 0  ? RPROCFW_TLV_BOOTADDR
              : strcmp(id, "BOOTSEC") == 0 ? RPROCFW_TLV_BOOTSEC
                                           : (uint32_t)strtoul(id, NULL, 0);
    tlv->value = (const uint8_t *)value;
    tlv->size = strlen(value);
    if (strncmp(value, "0x", 2) != 0)
        return;
    rprocfw_u32_encode(number, (uint32_t)strtoul(value, NULL, 0));
    tlv->value = number;
    tlv->size = 4;
}

static void add_option(struct command *c, const char *option)
{
    const char *const value = strtok(NULL, " \n");
    struct bytes bytes;

    if (strcmp(option, "--in") == 0) {
        c->inputs[c->job.input_count++] = vector_path(value);
    } else if (strcmp(option, "--key") == 0) {
        c->job.key = signing_key(value + strlen("keys/"));
    } else if (strcmp(option, "--key_info") == 0) {
        bytes = vector_load(value);
        c->job.pkeyinfo = bytes.data;
        c->job.pkeyinfo_size = bytes.size;
    } else if (strcmp(option, "--enc_key") == 0) {
        c->job.enc_key = &enc_key;
    } else if (strcmp(option, "--plat-tlv") == 0) {
        add_tlv(c, value, strtok(NULL, " \n"));
    } else {
        ck_assert_int_eq(strncmp(option, "--key_", 6), 0); /* its passphrase or kind */
    }
}

static void compare_line(char *line, enum rprocfw_layout_order order)
{
    const char *const name = strtok(line, "\t");
    char *const path = arena_alloc(256);
    struct command c = {.job = signing_job(), .tlvs = arena_alloc(8 * sizeof(*c.tlvs))};
    const char *option;

    (void)snprintf(path, 256, "%s/%s.sig", vector_path("expected"), name);
    c.job.inputs = c.inputs;
    c.job.input_count = 0;
    c.job.output = path;
    c.job.order = order;
    c.job.plat_tlvs = c.tlvs;
    c.job.preflight = RPROCFW_PREFLIGHT_OFF; /* the scripts do not look */
    while ((option = strtok(NULL, " \n")) != NULL)
        add_option(&c, option);
    assert_same(&c.job, name);
    rprocfw_u32_encode(c.numbers[7], 0x12345678);
    c.tlvs[c.job.plat_tlv_count++] =
        (struct rprocfw_plat_tlv){.id = 0x1ABCD, .value = c.numbers[7], .size = 4};
    ck_assert_str_eq(difference_of(&c.job), "TLV 0x1abcd is not there and would be 0x12345678");
}

START_TEST(each_container_of_the_scripts_is_what_would_be_signed)
{
    static const char *const tables[] = {"cases.tsv", "cases-st.tsv"};
    FILE *file = fopen(vector_path(tables[_i]), "r");
    char line[512];
    unsigned count = 0;

    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof(line), file) != NULL) {
        compare_line(line, _i == 0 ? RPROCFW_ORDER_OPTEE : RPROCFW_ORDER_ST);
        signing_end();
        begin();
        count++;
    }
    (void)fclose(file);
    ck_assert_uint_gt(count, 5);
}
END_TEST

/* ---- What the library signs ---- */

/* One PT_LOAD that ends within a block, with room behind it. */
static const char *save_unaligned(void)
{
    static const struct rprocfw_phdr phdr = {PT_LOAD, 0, 0x30000000, 0x30000000, 20, 64, 5, 4};
    const char *const path = signing_path("unaligned.elf");
    struct bytes elf = elf_of_phdrs(&phdr, 1, 64);

    put32(elf, 52 + 40 + 4, 3); /* SHT_STRTAB: --strip looks */
    file_save(path, elf);
    return path;
}

START_TEST(what_options_make_is_what_they_would_make)
{
    struct rprocfw_sign_job job = new_job("elf/ns_note16.elf");

    job.preflight = RPROCFW_PREFLIGHT_OFF;
    job.key = _i % 2 == 0 ? job.key : signing_key("p256.pem");
    job.strip = (_i & 2) != 0;
    job.loadable_only = (_i & 4) != 0;
    inputs[1] = save_unaligned();
    job.input_count = (_i & 8) != 0 ? 2 : 1;
    assert_signed_is_same(&job, "OP-TEE's order");
    job.order = RPROCFW_ORDER_ST;
    assert_signed_is_same(&job, "ST's order");
    job.enc_key = &enc_key;
    job.enc_pad = true;
    assert_signed_is_same(&job, "random IVs");
    job.iv = RPROCFW_IV_DERIVED;
    assert_signed_is_same(&job, "IVs that follow");
    job.iv = RPROCFW_IV_RANDOM;
    assert_same(&job, "IVs that could be random");
}
END_TEST

START_TEST(any_good_signature_will_do_and_nobody_signs)
{
    struct rprocfw_sign_job job = signing_job();

    job.key = signing_key("p256.pem");
    job.nonce = RPROCFW_NONCE_RANDOM;
    assert_signed_is_same(&job, "another nonce");
    job.key = signing_key("p256.pub.pem");
    assert_same(&job, "the public half");
}
END_TEST

/* Larger than what is read at a time; and a byte that differs is told, wherever it is. */
START_TEST(images_of_many_pieces)
{
    enum { BODY = 200000 };
    static const struct rprocfw_phdr phdrs[] = {
        {PT_LOAD, 0, 0x10000000, 0x10000000, 65552, 65552, 5, 4},
        {PT_LOAD, 65560, 0x20000000, 0x20000000, 131072, 131072, 5, 4},
    };
    static const uint32_t places[] = {0, 64, 65535, 65536, 65700, 131071, 131072, 196608, BODY};
    struct rprocfw_sign_job job = signing_job();
    struct bytes elf = elf_of_phdrs(phdrs, COUNT(phdrs), BODY + 3);
    char expected[64];
    uint32_t last;

    job.preflight = RPROCFW_PREFLIGHT_OFF;
    job.order = RPROCFW_ORDER_ST;
    job.enc_key = _i == 0 ? NULL : &enc_key;
    save_elf(&job, elf);
    inputs[1] = inputs[0];
    job.input_count = 2;
    assert_signed_is_same(&job, "it");
    last = file_load(job.output).size - 1;
    for (unsigned i = 0; i < COUNT(places); i++) {
        const uint32_t at = last + 1 - round8(elf.size) + places[i];

        file_flip(job.output, last, 0x40); /* of two differences the first is told */
        file_flip(job.output, at, 0x40);
        (void)snprintf(expected, sizeof(expected), "it differs from its byte %u on", places[i]);
        ck_assert_msg(strstr(difference_of(&job), expected) != NULL &&
                          strncmp(difference_of(&job), "image 1 ", 8) == 0,
                      "%s: %s", expected, difference_of(&job));
        file_flip(job.output, at, 0x40);
        file_flip(job.output, last, 0x40);
    }
    assert_same(&job, "it again");
}
END_TEST

/* ---- What anybody may have made of it ---- */

/* Small containers: of a key of each kind, of two images, encrypted with IVs of either kind. */
static struct rprocfw_sign_job small_job(int number)
{
    struct rprocfw_sign_job job = new_job("elf/exidx_first.elf");

    job.preflight = RPROCFW_PREFLIGHT_OFF;
    if (number == 0)
        return job;
    job.key = signing_key("p256.pem");
    inputs[1] = inputs[0];
    job.input_count = number == 1 ? 2 : 1;
    if (number < 2)
        return job;
    inputs[0] = vector_path("elf/ns_note16.elf");
    job.order = RPROCFW_ORDER_ST;
    job.enc_key = &enc_key;
    job.iv = number == 2 ? RPROCFW_IV_RANDOM : RPROCFW_IV_DERIVED;
    return job;
}

#define SMALL_JOBS 4

/* The test fails if it is taken for what would be signed. */
static void assert_other(const struct rprocfw_sign_job *job, const char *what, uint32_t number)
{
    *text = '\0';
    require(rprocfw_sign_compare(job, text, &error) == RPROCFW_OK, "%s %u: %s", what, number,
            error.text);
    require(*text != '\0', "%s %u: the same", what, number);
}

START_TEST(each_byte_counts)
{
    const struct rprocfw_sign_job job = small_job(_i);
    uint32_t size;

    assert_signed_is_same(&job, "it");
    size = file_load(job.output).size;
    for (uint32_t i = 0; i < size; i++) {
        const uint8_t by = (uint8_t)(1u << i % 8);

        file_flip(job.output, i, by);
        assert_other(&job, "byte", i);
        file_flip(job.output, i, by ^ 0xFF);
        assert_other(&job, "other bits of byte", i);
        file_flip(job.output, i, 0xFF);
    }
    assert_same(&job, "it again");
}
END_TEST

START_TEST(each_end_counts)
{
    const struct rprocfw_sign_job job = small_job(_i);
    struct bytes bytes;

    sign_it(&job);
    bytes = file_load(job.output);
    for (uint32_t size = bytes.size; size-- > 0;) {
        require(truncate(job.output, size) == 0, "not cut");
        assert_other(&job, "bytes", size);
    }
    ck_assert_str_eq(text, "it is no container of today's layout but an empty file");
    file_save(job.output, arena_copy(bytes.data, bytes.size, 1));
    assert_other(&job, "bytes", bytes.size + 1);
    ck_assert_ptr_nonnull(strstr(text, " bytes and would have "));
}
END_TEST

/* Numbers that look like chance, the same in each run. */
static uint32_t next_number(uint32_t limit)
{
    static uint32_t state = 1;

    state = state * 1664525u + 1013904223u;
    return (state >> 8) % limit;
}

/* Header and TLVs with random words in them: lengths, types, numbers. */
START_TEST(random_words)
{
    static const uint32_t words[] = {0,  1,      7,       8,          16,         64,
                                     80, 0xFFFF, 0x10001, 0x7FFFFFFF, 0xFFFFFFF8, 0xFFFFFFFF};
    const struct rprocfw_sign_job job = small_job(_i);
    struct bytes bytes;
    struct bytes good;
    uint32_t signature;

    sign_it(&job);
    good = file_load(job.output);
    bytes = arena_copy(good.data, good.size, 0);
    signature = RPROCFW_HEADER_SIZE + round8(get32(good, 8));
    for (unsigned i = 0; i < 2000; i++) {
        memcpy(bytes.data, good.data, good.size);
        for (unsigned k = 0; k <= i % 4; k++)
            put32(bytes, 4 * next_number(signature / 4), words[next_number(COUNT(words))]);
        if (memcmp(bytes.data, good.data, good.size) == 0)
            continue;
        file_save(job.output, bytes);
        assert_other(&job, "words of try", i);
    }
}
END_TEST

/* What boards were measured with. */
START_TEST(hostile_containers)
{
    static const char *const names[] = {"good",
                                        "empty",
                                        "header_only",
                                        "tlv_len_huge",
                                        "tlv_length_past_end",
                                        "sign_len_zero",
                                        "num_img_zero",
                                        "hashtable_odd_length",
                                        "hashtable_one_entry_less",
                                        "imgsize_too_long",
                                        "unknown_platform_tlv",
                                        "truncated",
                                        "trailing_bytes",
                                        "signtype_4_bytes",
                                        "keyinfo_empty"};
    struct rprocfw_sign_job job = new_job("elf/tfm_s.elf");
    char name[64];

    for (unsigned i = 0; i < COUNT(names); i++) {
        (void)snprintf(name, sizeof(name), "device/%s.sig", names[i]);
        job.output = vector_path(name);
        assert_other(&job, names[i], 0);
    }
}
END_TEST

/* Of more than 4 GiB no byte is read that cannot be the container's, and no memory is taken. */
START_TEST(large_files)
{
    const off_t more = (off_t)5 << 30;
    const struct rprocfw_sign_job job = small_job(0);
    struct bytes bytes;

    sign_it(&job);
    bytes = file_load(job.output);
    ck_assert_int_eq(truncate(job.output, more), 0);
    ck_assert_str_eq(difference_of(&job), "it has 5368709120 bytes and would have 1020");
    put32(bytes, 8, 0xF0000000);
    file_save(job.output, bytes);
    ck_assert_int_eq(truncate(job.output, more), 0);
    ck_assert_str_eq(difference_of(&job),
                     "the size of its TLVs, says its header, is 4026531840 and would be 344");
}
END_TEST

/* ---- What is no file, and jobs that cannot be done ---- */

static void assert_fails(const struct rprocfw_sign_job *job, enum rprocfw_status status,
                         const char *why)
{
    (void)strcpy(text, "as it was");
    ck_assert_int_eq(rprocfw_sign_compare(job, text, &error), status);
    ck_assert_msg(strstr(error.text, why) != NULL, "%s", error.text);
    ck_assert_str_eq(text, "");
}

START_TEST(what_is_not_there)
{
    struct rprocfw_sign_job job = signing_job();

    ck_assert_str_eq(difference_of(&job), "it is not there");
    job.output = signing_path("none/out.sig");
    ck_assert_str_eq(difference_of(&job), "it is not there");
    job.output = signing_path("link");
    ck_assert_int_eq(symlink("nowhere", job.output), 0);
    ck_assert_str_eq(difference_of(&job), "it is not there");
}
END_TEST

/* A FIFO has no writer: nobody waits for one. */
START_TEST(what_is_no_file)
{
    struct rprocfw_sign_job job = signing_job();

    ck_assert_int_eq(mkfifo(job.output, 0600), 0);
    assert_fails(&job, RPROCFW_ERR_FILE, "a device, pipe or socket, not a regular file");
    ck_assert_int_eq(remove(job.output), 0);
    ck_assert_int_eq(mkdir(job.output, 0700), 0);
    assert_fails(&job, RPROCFW_ERR_FILE, "a folder, not a regular file");
    ck_assert_int_eq(rmdir(job.output), 0);
    ck_assert_int_eq(symlink("out.sig", job.output), 0);
    assert_fails(&job, RPROCFW_ERR_FILE, "cannot be looked at");
}
END_TEST

START_TEST(jobs_that_cannot_be_done)
{
    struct rprocfw_sign_job job = new_job("elf/m4.elf");
    const struct rprocfw_tbs tbs = {.output = "tbs"};

    inputs[0] = signing_path("none.elf");
    assert_fails(&job, RPROCFW_ERR_FILE, "none.elf");
    inputs[0] = vector_path("keyinfo.bin");
    assert_fails(&job, RPROCFW_ERR_INPUT, "keyinfo.bin");
    inputs[0] = vector_path("elf/m4.elf");
    job.output = inputs[0];
    assert_fails(&job, RPROCFW_ERR_USAGE, "the output is the input");
    job.output = NULL;
    assert_fails(&job, RPROCFW_ERR_USAGE, "name a file");
    job.output = signing_path("out.sig");
    job.tbs = &tbs;
    assert_fails(&job, RPROCFW_ERR_USAGE, "only what ELF files are signed to");
    job.tbs = NULL;
    job.container = vector_path("expected/rsa2048_single.sig");
    assert_fails(&job, RPROCFW_ERR_USAGE, "only what ELF files are signed to");
}
END_TEST

/* ---- What is said beside it ---- */

START_TEST(what_is_the_same_is_refused_as_a_signing_would_be)
{
    struct rprocfw_sign_job job = new_job("elf/exidx_first.elf");

    ck_assert_str_eq(difference_of(&job), "it is not there");
    job.preflight = RPROCFW_PREFLIGHT_OFF;
    sign_it(&job);
    job.preflight = RPROCFW_PREFLIGHT_REFUSE;
    assert_fails(&job, RPROCFW_ERR_INPUT, "no board that is known would load it");
    file_flip(job.output, 900, 1);
    ck_assert_ptr_nonnull(strstr(difference_of(&job), "image 0 is not of "));
}
END_TEST

/* A PKEYINFO of another key, and what boards will say: both told by the signing, too. */
START_TEST(warnings_are_told_where_no_signing_follows)
{
    const struct bytes other = vector_load("keys/p256.spki.der");
    struct rprocfw_sign_job job = new_job("elf/exidx_first.elf");
    unsigned told;

    job.pkeyinfo = other.data;
    job.pkeyinfo_size = other.size;
    job.preflight = RPROCFW_PREFLIGHT_WARN;
    sign_it(&job);
    told = warnings_told();
    ck_assert_uint_ge(told, 2);
    assert_same(&job, "it");
    ck_assert_uint_eq(warnings_told(), told);
    file_flip(job.output, 900, 1);
    ck_assert_str_ne(difference_of(&job), "");
    ck_assert_uint_eq(warnings_told(), 0);
}
END_TEST

/* ---- Files that others write to ---- */

static const char *changing; /* NULL: the read fails */
static unsigned reads_left;  /* until it is changed; 0: it is not */

/* libc's, in its place: every read of the library comes here. */
/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): its own are reserved */
ssize_t pread64(int fd, void *to, size_t size, off64_t offset)
{
    if (reads_left > 0 && --reads_left == 0) {
        if (changing == NULL) {
            errno = EIO;
            return -1;
        }
        file_flip(changing, 900, 1);
    }
    return syscall(SYS_pread64, fd, to, size, offset);
}

/* A time stamp that no later one is equal to, however coarse they are. */
static void age(const char *path)
{
    static const struct timespec times[2] = {{.tv_sec = 1}, {.tv_sec = 1}};

    ck_assert_int_eq(utimensat(AT_FDCWD, path, times, 0), 0);
}

/* Changes at each of the reads: 0 the input, 1 the container, 2 the input of another container. */
START_TEST(what_changes_is_not_the_same)
{
    struct rprocfw_sign_job job = signing_job();
    unsigned number = 0;
    unsigned changed = 0;

    save_elf(&job, vector_load("elf/m4.elf"));
    sign_it(&job);
    changing = _i == 1 ? job.output : inputs[0];
    file_flip(job.output, RPROCFW_HEADER_SIZE + RPROCFW_TLV_HEADER_SIZE, _i == 2 ? 1 : 0);
    do {
        enum rprocfw_status status;

        age(changing);
        reads_left = ++number;
        status = rprocfw_sign_compare(&job, text, &error);
        if (reads_left > 0)
            break;
        if (status != RPROCFW_OK)
            ck_assert_ptr_nonnull(strstr(error.text, ": changed while it was read"));
        else
            ck_assert_msg(_i == 1 && *text != '\0', "read %u: the same", number);
        changed += status == RPROCFW_ERR_FILE ? 1 : 0;
        file_flip(changing, 900, 1);
    } while (true);
    ck_assert_uint_gt(changed, 3);
    reads_left = 0;
    ck_assert_str_eq(difference_of(&job), _i < 2 ? "" : "TLV SIGNTYPE is 0 and would be 1");
}
END_TEST

START_TEST(a_read_that_fails_is_an_error)
{
    const struct rprocfw_sign_job job = signing_job();
    unsigned number = 0;

    sign_it(&job);
    do {
        enum rprocfw_status status;

        (void)strcpy(text, "as it was");
        reads_left = ++number;
        status = rprocfw_sign_compare(&job, text, &error);
        if (reads_left > 0)
            break;
        ck_assert_int_eq(status, RPROCFW_ERR_FILE);
        ck_assert_ptr_nonnull(strstr(error.text, "Input/output error"));
        ck_assert_str_eq(text, "");
    } while (true);
    ck_assert_uint_gt(number, 10);
}
END_TEST

/* Nothing of what is there is written to. */
START_TEST(the_file_stays_as_it_is)
{
    const struct rprocfw_sign_job job = signing_job();
    struct bytes before;
    struct bytes after;
    struct stat info[2];

    sign_it(&job);
    file_flip(job.output, 1000, 1);
    before = file_load(job.output);
    ck_assert_int_eq(stat(job.output, &info[0]), 0);
    ck_assert_str_ne(difference_of(&job), "");
    after = file_load(job.output);
    ck_assert_int_eq(stat(job.output, &info[1]), 0);
    ck_assert_uint_eq(info[0].st_ino, info[1].st_ino);
    ck_assert_uint_eq(before.size, after.size);
    ck_assert_mem_eq(before.data, after.data, after.size);
}
END_TEST

int main(void)
{
    const struct {
        const TTest *test;
        int times;
    } tests[] = {
        {each_container_of_the_scripts_is_what_would_be_signed, 2},
        {what_options_make_is_what_they_would_make, 16},
        {any_good_signature_will_do_and_nobody_signs, 1},
        {images_of_many_pieces, 2},
        {each_byte_counts, SMALL_JOBS},
        {each_end_counts, SMALL_JOBS},
        {random_words, SMALL_JOBS},
        {hostile_containers, 1},
        {large_files, 1},
        {what_is_not_there, 1},
        {what_is_no_file, 1},
        {jobs_that_cannot_be_done, 1},
        {what_is_the_same_is_refused_as_a_signing_would_be, 1},
        {warnings_are_told_where_no_signing_follows, 1},
        {what_changes_is_not_the_same, 3},
        {a_read_that_fails_is_an_error, 1},
        {the_file_stays_as_it_is, 1},
    };
    TCase *tcase = tcase_create("compare");
    Suite *suite = suite_create("compare");
    SRunner *runner = srunner_create(suite);
    int failed;

    suite_add_tcase(suite, tcase);
    tcase_set_timeout(tcase, TEST_TIMEOUT);
    tcase_add_checked_fixture(tcase, begin, signing_end);
    for (unsigned i = 0; i < COUNT(tests); i++)
        tcase_add_loop_test(tcase, tests[i].test, 0, tests[i].times);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
