/* SPDX-License-Identifier: BSD-2-Clause */
/* Manifests: YAML that is not taken, sizes, files, and what becomes of it when memory is scarce. */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "manifest.h"
#include "suite.h"

/* ---- Allocations that fail: the linker puts these in place of libc's ---- */

static unsigned long left; /* until one fails; 0: none does */

static bool fails(void)
{
    return left > 0 && --left == 0;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
char *__real_strdup(const char *text);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__wrap_strdup(const char *text);

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return fails() ? NULL : __real_realloc(old, size);
}

char *__wrap_strdup(const char *text)
{
    return fails() ? NULL : __real_strdup(text);
}

/* ---- Texts that are made ---- */

/* Room for the largest of all tests. */
#define ROOM (RPROCFW_YAML_SIZE_MAX + 2)

static char text[ROOM];
static size_t length;

static void add(const char *format, ...) RPROCFW_PRINTF(1, 2);

static void add(const char *format, ...)
{
    va_list arguments;
    int size;

    va_start(arguments, format);
    size = vsnprintf(text + length, ROOM - length, format, arguments);
    va_end(arguments);
    length += (size_t)size;
    require(length < ROOM, "a text is too long");
}

static void fill(char c, size_t count)
{
    memset(text + length, c, count);
    length += count;
    text[length] = '\0';
}

static enum rprocfw_status read_text(struct rprocfw_error *error)
{
    struct rprocfw_manifest *manifest;
    const enum rprocfw_status status = rprocfw_manifest_read(
        &manifest, "m.yaml", (const uint8_t *)text, length, &manifest_env, error);

    ck_assert((status == RPROCFW_OK) == (manifest != NULL));
    rprocfw_manifest_free(manifest);
    length = 0;
    return status;
}

static void take(void)
{
    struct rprocfw_error error;

    require(read_text(&error) == RPROCFW_OK, "%s", error.text);
}

static void refuse(const char *message)
{
    struct rprocfw_error error = {0};

    ck_assert_int_eq(read_text(&error), RPROCFW_ERR_MANIFEST);
    ck_assert_str_eq(error.text, message);
}

#define GOOD "containers:\n  c: {inputs: i, output: o, key: k}\n"

/* ---- YAML ---- */

START_TEST(what_makes_two_things_of_one_is_refused)
{
    static const char *const cases[][2] = {
        {"env: &a [A]", "m.yaml:1:6: env: an anchor; write the value itself"},
        {"env: *a", "m.yaml:1:6: env: an alias; write the value itself"},
        {"env: !!seq [A]", "m.yaml:1:6: env: a tag; write the value itself"},
        {"defaults: &d {key: k}\n" GOOD,
         "m.yaml:1:11: defaults: an anchor; write the value itself"},
        {"containers: {c: {<<: *d}}",
         "m.yaml:1:22: containers.c.<<: an alias; write the value itself"},
        {"containers: {c: {inputs: [a, &b b]}}",
         "m.yaml:1:30: containers.c.inputs: an anchor; write the value itself"},
        {"containers: {c: {[d]: e}}", "m.yaml:1:18: containers.c: a list, expected a key"},
        {GOOD "---\n" GOOD, "m.yaml:3:1: a second document; leave one of them in the file"},
        {"env: b: c", "m.yaml:1:7: no YAML: mapping values are not allowed in this context"},
        {"\xff", "m.yaml:1:1: no YAML: invalid leading UTF-8 octet"},
        {"env: a\n\xc3\xa4: \xff", "m.yaml:2:4: no YAML: invalid leading UTF-8 octet"},
        {"containers: [[[[[[[[[[[[[[[[[",
         "m.yaml:1:29: containers[0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0]: more than 16 "
         "levels"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        add("%s", cases[i][0]);
        refuse(cases[i][1]);
    }
}
END_TEST

START_TEST(directives_for_tags_are_few)
{
    for (unsigned i = 0; i < 100; i++)
        add("%%TAG !a%u! b\n", i);
    add("---\n" GOOD);
    take();
    for (unsigned i = 0; i < 101; i++)
        add("%%TAG !a%u! b\n", i);
    add("---\n" GOOD);
    refuse("m.yaml: more than 100 directives %TAG; leave them out, tags are of no use here");
}
END_TEST

/* ---- Sizes ---- */

START_TEST(a_file_has_at_most_1_mib)
{
    add(GOOD);
    fill('\n', RPROCFW_YAML_SIZE_MAX - length);
    take();
    add(GOOD);
    fill('\n', RPROCFW_YAML_SIZE_MAX + 1 - length);
    refuse("m.yaml: 1048577 bytes of YAML, expected at most 1048576");
}
END_TEST

START_TEST(a_text_has_at_most_4096_bytes)
{
    static const char before[] = "env: BUILD\ncontainers: {c: {inputs: i, key: k, output: '";

    add("%s", before);
    fill('x', 4096);
    add("'}}");
    take();
    add("%s", before);
    fill('x', 4097);
    add("'}}");
    refuse("m.yaml:2:45: containers.c.output: a text of more than 4096 bytes; make it shorter");
    add("%s${BUILD}", before); /* "out" */
    fill('x', 4093);
    add("'}}");
    take();
    add("%s${BUILD}", before);
    fill('x', 4094);
    add("'}}");
    refuse("m.yaml:2:45: containers.c.output: a text of more than 4096 bytes; make it shorter");
}
END_TEST

static void add_list(unsigned count, const char *format)
{
    for (unsigned i = 0; i < count; i++) {
        if (i > 0)
            add(", ");
        add(format, i);
    }
}

START_TEST(lists_end_somewhere)
{
    static const struct {
        const char *before;
        const char *item;
        const char *after;
        unsigned most;
        const char *message;
    } cases[] = {
        {"containers: {c: {output: o, key: k, inputs: [", "i%u", "]}}", 255,
         "m.yaml:1:1466: containers.c.inputs[255]: more than 255"},
        {"containers: {c: {inputs: i, output: o, key: k, providers: [", "p%u", "]}}", 256,
         "m.yaml:1:1486: containers.c.providers: more than 256"},
        {GOOD "env: [", "V%u", "]", 256, "m.yaml:3:1433: env: more than 256"},
        {"defaults: {key: k}\ncontainers: {", "c%1$u: {inputs: i, output: o%1$u}", "}", 4096,
         "m.yaml:2:141154: containers: more than 4096"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        for (unsigned more = 0; more < 2; more++) {
            add("%s", cases[i].before);
            add_list(cases[i].most + more, cases[i].item);
            add("%s", cases[i].after);
            if (more == 0)
                take();
            else
                refuse(cases[i].message);
        }
    }
}
END_TEST

START_TEST(platform_tlvs_of_a_container_are_256)
{
    for (unsigned more = 0; more < 2; more++) {
        add("containers: {c: {inputs: i, output: o, key: k, platform_tlvs: {");
        for (unsigned i = 0; i < 256 + more; i++)
            add("%u: {u8: 1},", 0x10000 + i);
        add("}}}");
        if (more == 0)
            take();
        else
            refuse("m.yaml:1:3904: containers.c.platform_tlvs: more than 256");
    }
}
END_TEST

/* Few bytes of the file stand for many: a long value, in many places. */
START_TEST(what_is_made_of_a_file_has_its_limits)
{
    add("env: LONG\ndefaults: {key: k}\ncontainers:\n");
    for (unsigned i = 0; i < 100; i++) {
        add("  c%u: {output: o%u, inputs: [", i, i);
        add_list(255, "'${LONG}%u'");
        add("]}\n");
    }
    refuse("m.yaml:71:944: containers.c67.inputs[71]: more than 67108864 bytes are needed for "
           "the manifest; make several of it");
}
END_TEST

/* ---- Files ---- */

START_TEST(a_manifest_is_a_file)
{
    char path[] = "/tmp/manifest-XXXXXX";
    const int fd = mkstemp(path);
    struct rprocfw_manifest *manifest;
    struct rprocfw_error error;
    char message[128];

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, GOOD, sizeof(GOOD) - 1), sizeof(GOOD) - 1);
    ck_assert_int_eq(rprocfw_manifest_load(&manifest, path, NULL, &error), RPROCFW_OK);
    ck_assert_str_eq(manifest->container[0].output, "/tmp/o");
    rprocfw_manifest_free(manifest);
    ck_assert_int_eq(ftruncate(fd, RPROCFW_YAML_SIZE_MAX + 1), 0);
    ck_assert_int_eq(rprocfw_manifest_load(&manifest, path, NULL, &error), RPROCFW_ERR_MANIFEST);
    (void)snprintf(message, sizeof(message), "%s: 1048577 bytes, expected at most 1048576", path);
    ck_assert_str_eq(error.text, message);
    ck_assert_ptr_null(manifest);
    (void)close(fd);
    (void)unlink(path);
    ck_assert_int_eq(rprocfw_manifest_load(&manifest, path, NULL, &error), RPROCFW_ERR_FILE);
    ck_assert_ptr_null(manifest);
    ck_assert_int_eq(rprocfw_manifest_load(&manifest, "/tmp", NULL, &error), RPROCFW_ERR_FILE);
}
END_TEST

START_TEST(without_an_environment_no_variable_is_set)
{
    static const char with[] = "env: BUILD\ncontainers: {c: {inputs: '${BUILD}'}}";
    struct rprocfw_manifest *manifest;
    struct rprocfw_error error;

    ck_assert_int_eq(rprocfw_manifest_read(&manifest, "m", (const uint8_t *)with, sizeof(with) - 1,
                                           NULL, &error),
                     RPROCFW_ERR_MANIFEST);
    ck_assert_str_eq(error.text,
                     "m:2:26: containers.c.inputs: the environment has no BUILD; set it");
}
END_TEST

/* ---- Memory ---- */

/* Whichever allocation fails, it is said, and nothing is left: sanitizers look at that. */
START_TEST(scarce_memory_is_said)
{
    static const char all[] =
        "env: [BUILD, EMPTY]\n"
        "defaults: {key: 'file:a:b', providers: [p, 'q:r'], platform_tlvs: {BOOTADDR: auto, 65536: "
        "{u8: 1}}, passphrase: file:p}\n"
        "containers:\n"
        "  a: {inputs: [i, '${BUILD}/j'], output: o, board: b.yaml, key_type: RSA, engine: e,"
        " enc_key: e, platform_tlvs: {65537: {hex: 00}, 65538: {file: f}, 65539: {string: s}}}\n"
        "  b: {inputs: i, output: r, key: ~, public_key: k, signer: ./s, key_info: k}\n"
        "  c: {inputs: i, output: q, propquery: '?a'}\n";
    unsigned long failing = 0;
    enum rprocfw_status status;

    do {
        struct rprocfw_manifest *manifest;
        struct rprocfw_error error;

        left = ++failing;
        status = rprocfw_manifest_read(&manifest, "d/m.yaml", (const uint8_t *)all, sizeof(all) - 1,
                                       &manifest_env, &error);
        require(left > 0 || status == RPROCFW_ERR_MEMORY, "allocation %lu: %s", failing,
                error.text);
        ck_assert((manifest != NULL) == (status == RPROCFW_OK));
        if (status != RPROCFW_OK)
            ck_assert_str_eq(error.text, "out of memory");
        left = 0;
        rprocfw_manifest_free(manifest);
    } while (status != RPROCFW_OK);
    ck_assert_uint_gt(failing, 40);
}
END_TEST

int main(void)
{
    RUN_TESTS("manifest_limits", what_makes_two_things_of_one_is_refused,
              directives_for_tags_are_few, a_file_has_at_most_1_mib, a_text_has_at_most_4096_bytes,
              lists_end_somewhere, platform_tlvs_of_a_container_are_256,
              what_is_made_of_a_file_has_its_limits, a_manifest_is_a_file,
              without_an_environment_no_variable_is_set, scarce_memory_is_said);
}
