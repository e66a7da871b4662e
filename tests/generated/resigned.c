/* SPDX-License-Identifier: BSD-2-Clause */
/* Another key for generated containers. */
#define _DEFAULT_SOURCE

#include <string.h>
#include <unistd.h>

#include "resigned.h"
#include "suite.h"

#define OTHER_FILE    "other.sig"
#define UNSIGNED_FILE "unsigned.sig"
#define TBS_FILE      "other.tbs"
#define BACK_FILE     "back.sig"

static void run_job(const struct rprocfw_sign_job *job)
{
    struct rprocfw_error error = {.status = RPROCFW_OK};

    require(rprocfw_sign(job, &error) == RPROCFW_OK, "not signed: %s", error.text);
}

/* Mostly of the two that take the least time. */
static const struct test_key *other_key(const struct generated *g)
{
    if (g->number % 32 != 0)
        return g->key == &keys[0] ? &keys[1] : &keys[0];
    return &keys[(size_t)(g->key - keys + 1 + g->number / 32 % (KEY_COUNT - 1)) % KEY_COUNT];
}

/* As the tests' own toolkit would make it, but for the signature's bytes. */
static struct container expected_with(const struct generated *g, const struct test_key *key)
{
    struct container c = g->expected;
    struct tlv *signtype = tlv_find(&c, RPROCFW_TLV_SIGNTYPE);

    signtype->value = arena_copy(signtype->value, signtype->size, signtype->size).data;
    signtype->value[0] = (uint8_t)rprocfw_key_signtype(key->key);
    c.signature = arena_copy(NULL, 0, rprocfw_key_signature_size(key->key));
    container_measure(&c);
    return c;
}

static void check_same_but_signature(struct bytes is, const struct container *c)
{
    const struct bytes expected = container_join(c);
    const uint32_t at = signature_offset(c);
    const uint32_t payload = payload_offset(c);

    require(is.size == expected.size, "%u bytes instead of %u", is.size, expected.size);
    require(memcmp(is.data, expected.data, at) == 0, "another header, or other TLVs");
    require(memcmp(is.data + payload, expected.data + payload, is.size - payload) == 0,
            "another payload");
}

/* By who has no more than the bytes that are to be signed. */
static void check_attached(const struct generated *g, const struct test_key *key, const char *path,
                           const char *folder, struct bytes other)
{
    const struct rprocfw_tbs tbs = {.output = file_path(folder, TBS_FILE)};
    struct rprocfw_sign_job job = {
        .container = path,
        .key = key->key,
        .tbs = &tbs,
        .output = file_path(folder, UNSIGNED_FILE),
        .no_sync = true,
        .preflight = RPROCFW_PREFLIGHT_WARN,
    };
    uint8_t signature[512];
    struct rprocfw_attached attached = {.name = "the signature", .bytes = signature};
    const struct rprocfw_signer signer = {
        .sign = rprocfw_attached_sign, .ctx = &attached, .name = "the signature"};
    struct rprocfw_error error;
    struct bytes bytes;

    (void)g;
    run_job(&job);
    bytes = file_read(folder, TBS_FILE);
    require(rprocfw_key_sign(key->key, RPROCFW_NONCE_DERIVED, bytes.data, bytes.size, signature,
                             &error) == RPROCFW_OK,
            "%s", error.text);
    attached.size = rprocfw_key_signature_size(key->key);
    job.container = file_path(folder, UNSIGNED_FILE);
    job.change = RPROCFW_ATTACH_SIGNATURE;
    job.signer = &signer;
    job.tbs = NULL;
    job.output = file_path(folder, BACK_FILE);
    run_job(&job);
    bytes = file_read(folder, BACK_FILE);
    require(bytes.size == other.size && memcmp(bytes.data, other.data, other.size) == 0,
            "attached, it is another container");
}

void resigned_check(const struct generated *g, const char *path, struct bytes container,
                    const char *folder)
{
    const struct test_key *key = other_key(g);
    const struct container expected = expected_with(g, key);
    struct rprocfw_sign_job job = {
        .container = path,
        .key = key->key,
        .output = file_path(folder, OTHER_FILE),
        .no_sync = true,
        .preflight = RPROCFW_PREFLIGHT_WARN,
    };
    struct bytes other;
    struct bytes back;

    run_job(&job);
    other = file_read(folder, OTHER_FILE);
    check_same_but_signature(other, &expected);
    check_attached(g, key, path, folder, other);

    job.container = file_path(folder, OTHER_FILE);
    job.key = g->key->key;
    job.output = file_path(folder, BACK_FILE);
    run_job(&job);
    back = file_read(folder, BACK_FILE);
    require(back.size == container.size && memcmp(back.data, container.data, back.size) == 0,
            "with its own key again it is another container");
    (void)unlink(file_path(folder, OTHER_FILE));
    (void)unlink(file_path(folder, UNSIGNED_FILE));
    (void)unlink(file_path(folder, TBS_FILE));
    (void)unlink(file_path(folder, BACK_FILE));
}
