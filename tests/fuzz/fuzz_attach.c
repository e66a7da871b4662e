/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signatures that people attach by hand: any bytes, for an unsigned container of either kind of
 * key. What is taken is in the container as r and s or as the modulus' bytes, and verifies; nothing
 * else of the container changes. What is not is refused with a reason, and nothing is written. The
 * mutator knows how to sign, rightly and wrongly, and how to write a signature.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <rprocfw/report.h>
#include <rprocfw/sign.h>

#include "fuzz.h"
#include "mutate.h"

#define ROOM 65536u /* of a container */

/* An unsigned container, and what of it is to be signed. */
static struct place {
    const char *name; /* of the key */
    const struct rprocfw_key *key;
    EVP_PKEY *pkey; /* the same, for what the library does not do */
    struct fuzz_file container;
    uint8_t bytes[ROOM];
    size_t size;
    size_t tbs; /* so many of the first bytes */
} places[] = {{.name = "p256"}, {.name = "rsa2048"}};

static EVP_PKEY *read_key(const char *name)
{
    char path[4096];
    EVP_PKEY *pkey;
    FILE *file;

    (void)snprintf(path, sizeof(path), "%s/keys/%s.pem", VECTORS, name);
    file = fopen(path, "re");
    FUZZ_HOLDS(file != NULL);
    pkey = PEM_read_PrivateKey(file, NULL, NULL, NULL);
    FUZZ_HOLDS(pkey != NULL && fclose(file) == 0);
    return pkey;
}

/* From a vector, whose signature becomes zero. */
static void make_place(struct place *place, const char *vector)
{
    char path[4096];
    uint32_t words[5];
    size_t end;
    FILE *file;

    (void)snprintf(path, sizeof(path), "%s/expected/%s.sig", VECTORS, vector);
    file = fopen(path, "re");
    FUZZ_HOLDS(file != NULL);
    place->size = fread(place->bytes, 1, ROOM, file);
    FUZZ_HOLDS(place->size > 20 && place->size < ROOM && fclose(file) == 0);
    for (size_t i = 0; i < 5; i++)
        words[i] = rprocfw_u32_decode(place->bytes + 4 * i);
    place->tbs = 20 + (words[2] + 7) / 8 * 8;
    end = place->tbs + words[3];
    FUZZ_HOLDS(end < place->size);
    memset(place->bytes + place->tbs, 0, words[3]);
    place->key = fuzz_key(place->name);
    place->pkey = read_key(place->name);
    fuzz_file_make(&place->container, place->bytes, place->size);
}

static struct place *place_of(uint8_t selector)
{
    if (places[0].key == NULL) {
        make_place(&places[0], "p256_single");
        make_place(&places[1], "rsa2048_single");
    }
    return &places[selector % 2];
}

/* Only the signature is another one, and it is good. */
static void check_written(const struct place *place, int fd)
{
    static uint8_t is[ROOM];
    const uint32_t size = rprocfw_key_signature_size(place->key);
    const struct rprocfw_signed what = {.data = is,
                                        .size = (uint32_t)place->tbs,
                                        .signature = is + place->tbs,
                                        .signature_size = size,
                                        .signtype = rprocfw_key_signtype(place->key)};
    struct rprocfw_error error;

    FUZZ_HOLDS(pread(fd, is, ROOM, 0) == (ssize_t)place->size);
    FUZZ_HOLDS(memcmp(is, place->bytes, place->tbs) == 0);
    FUZZ_HOLDS(memcmp(is + place->tbs + size, place->bytes + place->tbs + size,
                      place->size - place->tbs - size) == 0);
    FUZZ_HOLDS(rprocfw_key_verify(place->key, &what, &error) == RPROCFW_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct place *place = place_of(size > 0 ? data[0] : 0);
    struct rprocfw_attached attached = {
        .name = "s", .bytes = size > 0 ? data + 1 : data, .size = size > 0 ? size - 1 : 0};
    const struct rprocfw_signer signer = {
        .sign = rprocfw_attached_sign, .ctx = &attached, .name = "s"};
    struct fuzz_file output;
    struct rprocfw_sign_job job = {.container = place->container.path,
                                   .change = RPROCFW_ATTACH_SIGNATURE,
                                   .key = place->key,
                                   .signer = &signer,
                                   .dry_run = true};
    struct rprocfw_error error = {0};
    const enum rprocfw_status status = rprocfw_sign(&job, &error);

    if (status != RPROCFW_OK) {
        FUZZ_HOLDS(status == RPROCFW_ERR_SIGNATURE && strncmp(error.text, "s: ", 3) == 0);
        return 0;
    }
    fuzz_file_make(&output, NULL, 0);
    job.dry_run = false;
    job.output_fd = output.fd;
    FUZZ_HOLDS(rprocfw_sign(&job, &error) == RPROCFW_OK);
    check_written(place, output.fd);
    fuzz_file_close(&output);
    return 0;
}

/* ---- The mutator ---- */

/* By libcrypto, with a hash function and padding that need not be the right ones. */
static size_t sign(const struct place *place, struct fuzz_random *random, uint8_t *to, size_t room)
{
    const EVP_MD *const hashes[] = {EVP_sha256(), EVP_sha256(), EVP_sha1(), EVP_sha384(),
                                    EVP_sha512()};
    const EVP_MD *hash = hashes[fuzz_draw(random, 5)];
    const bool pss = place == &places[1] && fuzz_draw(random, 3) == 0;
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    EVP_PKEY_CTX *ctx = NULL;
    const uint8_t *bytes = place->bytes;
    uint8_t digest[32];
    size_t size = place->tbs;

    if (fuzz_draw(random, 4) == 0) { /* the digest as if it were the data */
        FUZZ_HOLDS(EVP_Digest(bytes, size, digest, NULL, EVP_sha256(), NULL) == 1);
        bytes = digest;
        size = sizeof(digest);
    }
    FUZZ_HOLDS(md != NULL && EVP_DigestSignInit(md, &ctx, hash, NULL, place->pkey) == 1);
    FUZZ_HOLDS(!pss || EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1);
    FUZZ_HOLDS(EVP_DigestSign(md, to, &room, bytes, size) == 1);
    EVP_MD_CTX_free(md);
    return room;
}

static void reverse(uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size / 2; i++) {
        const uint8_t kept = bytes[i];

        bytes[i] = bytes[size - 1 - i];
        bytes[size - 1 - i] = kept;
    }
}

/* Anew, or what there is; then another form, most times. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned int seed)
{
    struct fuzz_random random = {seed | 1};
    uint8_t made[1024];
    size_t made_size;

    if (size == 0 || room < 2 || fuzz_draw(&random, 4) != 0)
        return LLVMFuzzerMutate(data, size, room);
    made_size = sign(place_of(data[0]), &random, made, 512);
    if (fuzz_draw(&random, 6) == 0)
        reverse(made, made_size);
    if (fuzz_draw(&random, 3) == 0) {
        uint8_t text[1024];

        made_size = (size_t)EVP_EncodeBlock(text, made, (int)made_size);
        memcpy(made, text, made_size);
    }
    if (made_size > room - 1)
        made_size = room - 1;
    memcpy(data + 1, made, made_size);
    return fuzz_draw(&random, 2) == 0 ? made_size + 1 : LLVMFuzzerMutate(data, made_size + 1, room);
}
