/* SPDX-License-Identifier: BSD-2-Clause */
/* The threads of the host library: what they hash and write, and when they fail. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <check.h>
#include <openssl/evp.h>

#include "../../src/host/host.h"
#include "suite.h"

#define MANY (5u * 1024 * 1024) /* enough for threads */

static uint8_t bytes[MANY];
static char name[64];
static struct rprocfw_input input;
static struct rprocfw_error error;
static struct rprocfw_hasher *hasher;

/* Numbers that look like chance, the same in each run. */
static uint32_t next_number(uint32_t limit)
{
    static uint32_t state = 1;

    state = state * 1664525u + 1013904223u;
    return (state >> 8) % limit;
}

/* ---- The hasher ---- */

#define PARTS 60u

static struct rprocfw_part parts[PARTS];

static void open_file(void)
{
    int fd;

    for (uint32_t i = 0; i < MANY; i++)
        bytes[i] = (uint8_t)next_number(256);
    (void)strcpy(name, "/tmp/rprocfw-threads-XXXXXX");
    fd = mkstemp(name);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(rprocfw_write(fd, name, bytes, MANY, &error), RPROCFW_OK);
    ck_assert_int_eq(close(fd), 0);
    ck_assert_int_eq(rprocfw_input_open(&input, name, &error), RPROCFW_OK);
    ck_assert_int_eq(rprocfw_hasher_start(&hasher, &input, &error), RPROCFW_OK);
    for (uint32_t i = 0; i < PARTS; i++) {
        parts[i] = (struct rprocfw_part){.offset = next_number(MANY)};
        parts[i].size = i % 7 == 0 ? 0 : next_number(MANY - parts[i].offset);
    }
}

static void close_file(void)
{
    rprocfw_hasher_end(hasher);
    rprocfw_input_close(&input);
    ck_assert_int_eq(unlink(name), 0);
}

/* The digest of part number is that of the bytes. */
static void check_digest(size_t number, uint32_t offset, uint32_t size)
{
    uint8_t expected[RPROCFW_SHA256_SIZE];
    uint8_t digest[RPROCFW_SHA256_SIZE] = {0};

    ck_assert_int_eq(EVP_Digest(bytes + offset, size, expected, NULL, EVP_sha256(), NULL), 1);
    ck_assert_int_eq(rprocfw_hasher_digest(hasher, number, offset, size, digest, &error),
                     RPROCFW_OK);
    ck_assert_mem_eq(digest, expected, sizeof(digest));
}

START_TEST(what_was_foretold_is_hashed)
{
    rprocfw_hasher_foretell(hasher, parts, PARTS);
    for (uint32_t i = 0; i < PARTS; i++)
        check_digest(i, parts[i].offset, parts[i].size);
}
END_TEST

START_TEST(nothing_need_be_foretold)
{
    for (uint32_t i = 0; i < PARTS; i++)
        check_digest(i, parts[i].offset, parts[i].size);
}
END_TEST

START_TEST(another_part_than_foretold_is_hashed)
{
    rprocfw_hasher_foretell(hasher, parts, PARTS / 2);
    for (uint32_t i = 0; i < PARTS; i++) {
        const struct rprocfw_part *other = &parts[PARTS - 1 - i];

        check_digest(i, other->offset, other->size);
    }
    check_digest(0, parts[1].offset, parts[1].size - 1);
    check_digest(0, parts[1].offset + 1, parts[1].size - 1);
}
END_TEST

START_TEST(parts_may_be_left_out_and_asked_for_again)
{
    rprocfw_hasher_foretell(hasher, parts, PARTS);
    for (uint32_t i = 2; i < PARTS; i += 3)
        check_digest(i, parts[i].offset, parts[i].size);
    for (uint32_t i = 0; i < PARTS; i += 2)
        check_digest(i, parts[i].offset, parts[i].size);
}
END_TEST

START_TEST(it_ends_in_the_middle)
{
    rprocfw_hasher_foretell(hasher, parts, PARTS);
    if (_i > 0)
        check_digest((size_t)_i, parts[_i].offset, parts[_i].size);
}
END_TEST

/* Of a file that got shorter a part is missing: an error where it is asked for, and only there. */
START_TEST(what_cannot_be_read_is_an_error_of_that_part)
{
    uint8_t digest[RPROCFW_SHA256_SIZE];
    uint32_t failed = 0;

    ck_assert_int_eq(truncate(name, MANY / 2), 0);
    rprocfw_hasher_foretell(hasher, parts, PARTS);
    for (uint32_t i = 0; i < PARTS; i++) {
        if (parts[i].size == 0 || parts[i].offset + parts[i].size <= MANY / 2) {
            check_digest(i, parts[i].offset, parts[i].size);
            continue;
        }
        ck_assert_int_eq(
            rprocfw_hasher_digest(hasher, i, parts[i].offset, parts[i].size, digest, &error),
            RPROCFW_ERR_FILE);
        ck_assert_ptr_nonnull(strstr(error.text, "got shorter"));
        failed++;
    }
    ck_assert_uint_gt(failed, PARTS / 4);
}
END_TEST

/* ---- The writer ---- */

#define IMAGES 3u
#define OFFSET 684u /* of the first image in the output */

static struct rprocfw_elf_input images[IMAGES];
static uint8_t payload[MANY + IMAGES * RPROCFW_ALIGNMENT]; /* as it is to be */
static uint32_t payload_size;
static struct rprocfw_output output;
static struct rprocfw_writer *writer;

/* Images of so many bytes each, in files that are gone but open. */
static void make_images(const uint32_t sizes[IMAGES])
{
    uint32_t at = 0;

    payload_size = 0;
    for (uint32_t i = 0; i < IMAGES; i++) {
        const uint32_t padded = (uint32_t)rprocfw_r8(sizes[i]);
        int fd;

        (void)strcpy(name, "/tmp/rprocfw-threads-XXXXXX");
        fd = mkstemp(name);
        ck_assert_int_ge(fd, 0);
        ck_assert_int_eq(rprocfw_write(fd, name, bytes + at, sizes[i], &error), RPROCFW_OK);
        ck_assert_int_eq(unlink(name), 0);
        images[i] = (struct rprocfw_elf_input){
            .file = {.path = "image", .fd = fd, .size = sizes[i]},
            .size = sizes[i],
            .padded_size = padded,
            .own = sizes[i],
        };
        memcpy(payload + payload_size, bytes + at, sizes[i]);
        memset(payload + payload_size + sizes[i], 0, padded - sizes[i]);
        payload_size += padded;
        at += sizes[i];
    }
}

static void start_writing(void)
{
    static const struct rprocfw_encryption none = {.key = NULL};

    ck_assert_int_eq(rprocfw_writer_start(&writer, images, IMAGES, &none, &output, OFFSET, &error),
                     RPROCFW_OK);
}

static void end_writing(void)
{
    rprocfw_writer_end(writer);
    rprocfw_output_discard(&output);
    for (uint32_t i = 0; i < IMAGES; i++)
        (void)close(images[i].file.fd);
}

/* Many bytes, with a thread, and few, without. */
static const uint32_t image_sizes[][IMAGES] = {
    {MANY / 2 + 3, 1, MANY / 4 - 1},
    {1048576, 2097152, 1048576},
    {4099, 8, 70001},
};

START_TEST(what_is_waited_for_is_written)
{
    static uint8_t written[sizeof(payload)];
    uint32_t step;

    make_images(image_sizes[_i]);
    ck_assert_int_eq(rprocfw_output_open(&output, NULL, &error), RPROCFW_OK);
    start_writing();
    for (uint32_t at = 0; at < payload_size; at += step) {
        step = 1 + next_number(300000);
        if (step > payload_size - at)
            step = payload_size - at;
        ck_assert_int_eq(rprocfw_writer_wait(writer, (uint64_t)OFFSET + at + step, &error),
                         RPROCFW_OK);
        ck_assert_int_eq(
            rprocfw_read_at(output.fd, "output", OFFSET + at, written + at, step, &error),
            RPROCFW_OK);
    }
    ck_assert_mem_eq(written, payload, payload_size);
    ck_assert_int_eq(lseek(output.fd, 0, SEEK_END), OFFSET + payload_size);
    end_writing();
}
END_TEST

START_TEST(a_write_that_fails_is_an_error)
{
    make_images(image_sizes[_i]);
    output = (struct rprocfw_output){.path = "full", .fd = open("/dev/full", O_WRONLY)};
    ck_assert_int_ge(output.fd, 0);
    start_writing();
    ck_assert_int_eq(rprocfw_writer_wait(writer, OFFSET + payload_size, &error), RPROCFW_ERR_FILE);
    ck_assert_str_eq(error.text, "full: cannot write: No space left on device");
    end_writing();
}
END_TEST

START_TEST(an_image_that_got_shorter_is_an_error)
{
    make_images(image_sizes[_i]);
    ck_assert_int_eq(ftruncate(images[0].file.fd, image_sizes[_i][0] - 1), 0);
    ck_assert_int_eq(rprocfw_output_open(&output, NULL, &error), RPROCFW_OK);
    start_writing();
    ck_assert_int_eq(rprocfw_writer_wait(writer, OFFSET + payload_size, &error), RPROCFW_ERR_FILE);
    ck_assert_ptr_nonnull(strstr(error.text, "image"));
    ck_assert_ptr_nonnull(strstr(error.text, "got shorter"));
    end_writing();
}
END_TEST

START_TEST(the_caller_may_give_up)
{
    make_images(image_sizes[_i]);
    ck_assert_int_eq(rprocfw_output_open(&output, NULL, &error), RPROCFW_OK);
    start_writing();
    ck_assert_int_eq(rprocfw_writer_wait(writer, OFFSET + 1, &error), RPROCFW_OK);
    end_writing();
}
END_TEST

/* ---- Signals ---- */

static pthread_t taken_by;

static void take_signal(int number)
{
    (void)number;
    taken_by = pthread_self();
}

START_TEST(signals_are_the_callers)
{
    ck_assert(signal(SIGUSR1, take_signal) != SIG_ERR);
    rprocfw_hasher_foretell(hasher, parts, PARTS);
    for (uint32_t i = 0; i < PARTS; i++) {
        taken_by = 0;
        ck_assert_int_eq(kill(getpid(), SIGUSR1), 0);
        check_digest(i, parts[i].offset, parts[i].size);
        ck_assert_int_ne(pthread_equal(taken_by, pthread_self()), 0);
    }
}
END_TEST

int main(void)
{
    TCase *hashing = tcase_create("hasher");
    TCase *writing = tcase_create("writer");
    Suite *suite = suite_create("threads");
    SRunner *runner = srunner_create(suite);
    int failed;

    suite_add_tcase(suite, hashing);
    suite_add_tcase(suite, writing);
    tcase_set_timeout(hashing, TEST_TIMEOUT);
    tcase_set_timeout(writing, TEST_TIMEOUT);
    tcase_add_checked_fixture(hashing, open_file, close_file);
    tcase_add_test(hashing, what_was_foretold_is_hashed);
    tcase_add_test(hashing, nothing_need_be_foretold);
    tcase_add_test(hashing, another_part_than_foretold_is_hashed);
    tcase_add_test(hashing, parts_may_be_left_out_and_asked_for_again);
    tcase_add_loop_test(hashing, it_ends_in_the_middle, 0, 4);
    tcase_add_test(hashing, what_cannot_be_read_is_an_error_of_that_part);
    tcase_add_test(hashing, signals_are_the_callers);
    tcase_add_loop_test(writing, what_is_waited_for_is_written, 0, COUNT(image_sizes));
    tcase_add_loop_test(writing, a_write_that_fails_is_an_error, 0, COUNT(image_sizes));
    tcase_add_loop_test(writing, an_image_that_got_shorter_is_an_error, 0, COUNT(image_sizes));
    tcase_add_loop_test(writing, the_caller_may_give_up, 0, COUNT(image_sizes));
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
