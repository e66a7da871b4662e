/* SPDX-License-Identifier: BSD-2-Clause */
/* The generated containers signed: from files and into a file, as people do. */
#define _DEFAULT_SOURCE

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/pem.h>

#include <rprocfw/report.h>

#include "elf_image.h"
#include "generator.h"
#include "suite.h"

struct test_key keys[KEY_COUNT] = {{.name = "p256"},
                                   {.name = "rsa2048"},
                                   {.name = "rsa2048.pkcs1"},
                                   {.name = "rsa3072"},
                                   {.name = "rsa4096"}};
struct rprocfw_keys all_keys;

/* As the tests' own toolkit does, but for what check allows in a test only. */
static EVP_PKEY *read_public_key(const char *path)
{
    FILE *file = fopen(path, "rb");
    EVP_PKEY *key;

    require(file != NULL, "%s cannot be opened", path);
    key = PEM_read_PUBKEY(file, NULL, NULL, NULL);
    fclose(file);
    require(key != NULL, "%s is no public key", path);
    return key;
}

void keys_load(void)
{
    struct rprocfw_log silent = {.write = NULL};
    struct rprocfw_error error;
    char path[4096];
    unsigned i;

    for (i = 0; i < KEY_COUNT; i++) {
        snprintf(path, sizeof(path), "%s/keys/%s.pem", VECTORS, keys[i].name);
        require(rprocfw_key_load(&keys[i].key, path, RPROCFW_KEY_SIGN, NULL, &error) == RPROCFW_OK,
                "%s", error.text);
        snprintf(path, sizeof(path), "%s/keys/%s.pub.pem", VECTORS, keys[i].name);
        keys[i].public_key = read_public_key(path);
        require(rprocfw_keys_add(&all_keys, path, NULL, &silent, &error) == RPROCFW_OK, "%s",
                error.text);
    }
}

void keys_free(void)
{
    unsigned i;

    for (i = 0; i < KEY_COUNT; i++) {
        rprocfw_key_free(keys[i].key);
        EVP_PKEY_free(keys[i].public_key);
    }
    rprocfw_keys_free(&all_keys);
}

/* ---- files ---- */

const char *file_path(const char *folder, const char *name)
{
    const size_t size = strlen(folder) + strlen(name) + 2;
    char *path = arena_alloc(size);

    snprintf(path, size, "%s/%s", folder, name);
    return path;
}

void file_write(const char *folder, const char *name, struct bytes bytes)
{
    const char *path = file_path(folder, name);
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);

    require(fd >= 0 && write(fd, bytes.data, bytes.size) == (ssize_t)bytes.size && close(fd) == 0,
            "%s cannot be written", path);
}

struct bytes file_read(const char *folder, const char *name)
{
    const char *path = file_path(folder, name);
    const int fd = open(path, O_RDONLY);
    struct bytes bytes;
    off_t size;

    require(fd >= 0, "%s cannot be opened", path);
    size = lseek(fd, 0, SEEK_END);
    require(size >= 0 && size <= UINT32_MAX, "%s has no size", path);
    bytes = arena_copy(NULL, 0, (uint32_t)size);
    require(pread(fd, bytes.data, bytes.size, 0) == (ssize_t)bytes.size && close(fd) == 0,
            "%s cannot be read", path);
    return bytes;
}

/* ---- signing ---- */

void generated_sign_bytes(const struct generated *g, struct bytes container, uint32_t signature)
{
    struct rprocfw_error error;

    require(signature <= container.size &&
                rprocfw_key_signature_size(g->key->key) <= container.size - signature,
            "no room for a signature");
    require(rprocfw_key_sign(g->key->key, RPROCFW_NONCE_DERIVED, container.data, signature,
                             container.data + signature, &error) == RPROCFW_OK,
            "%s", error.text);
}

void generated_sign_again(const struct generated *g, struct container *c)
{
    const uint32_t at = signature_offset(c);
    struct bytes all;

    c->signature = arena_copy(NULL, 0, rprocfw_key_signature_size(g->key->key));
    all = container_join(c);
    generated_sign_bytes(g, all, at);
    memcpy(c->signature.data, all.data + at, c->signature.size);
}

/* Asked for through a descriptor, too. */
static struct bytes sign_to(struct rprocfw_sign_job *job, const char *folder, bool by_descriptor)
{
    struct rprocfw_error error = {.status = RPROCFW_OK};
    const char *path = file_path(folder, "good.sig");
    enum rprocfw_status status;
    int fd = -1;

    if (by_descriptor) {
        fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
        require(fd >= 0, "%s cannot be opened", path);
        job->output_fd = fd;
    } else {
        job->output = path;
    }
    status = rprocfw_sign(job, &error);
    if (fd >= 0)
        close(fd);
    require(status == RPROCFW_OK, "not signed: %s", error.text);
    return file_read(folder, "good.sig");
}

/* inputs has room for all images; their files are written. */
static struct rprocfw_sign_job job_of(const struct generated *g, const char *folder,
                                      const char **inputs)
{
    struct rprocfw_sign_job job = {
        .inputs = inputs,
        .input_count = g->image_count,
        .key = g->key->key,
        .order = g->order,
        .pkeyinfo = g->has_pkeyinfo ? g->pkeyinfo : NULL,
        .pkeyinfo_size = g->pkeyinfo_size,
        .plat_tlvs = g->plat_tlvs,
        .plat_tlv_count = g->plat_tlv_count,
        .preflight = RPROCFW_PREFLIGHT_WARN, /* random segments may be loaded by no board */
    };
    char name[32];
    uint32_t i;

    for (i = 0; i < g->image_count; i++) {
        snprintf(name, sizeof(name), "in-%u.elf", i);
        file_write(folder, name, g->images[i].file);
        inputs[i] = file_path(folder, name);
        job.any_machine = job.any_machine || g->images[i].machine != 40;
    }
    return job;
}

static struct bytes sign_files(const struct generated *g, const char *folder)
{
    const char *inputs[MADE_IMAGES];
    struct rprocfw_sign_job job = job_of(g, folder, inputs);

    return sign_to(&job, folder, g->number % 64 == 0);
}

/* ---- encrypted ---- */

static struct rprocfw_enc_key aes = {{'a', ' ', 'k', 'e', 'y'}};

static void decrypt(struct bytes image, const struct rprocfw_phdr *phdr, const uint8_t *iv)
{
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    struct bytes plain = arena_copy(NULL, 0, phdr->filesz);
    int size = 0;

    require(phdr->filesz % RPROCFW_AES_BLOCK == 0, "no whole blocks");
    require(ctx != NULL && EVP_DecryptInit_ex2(ctx, EVP_aes_256_cbc(), aes.bytes, iv, NULL) == 1 &&
                EVP_CIPHER_CTX_set_padding(ctx, 0) == 1 &&
                EVP_DecryptUpdate(ctx, plain.data, &size, image.data + phdr->offset,
                                  (int)phdr->filesz) == 1,
            "libcrypto does not decrypt");
    EVP_CIPHER_CTX_free(ctx);
    memcpy(image.data + phdr->offset, plain.data, plain.size);
}

/* What is at image of the payload decrypts to an ELF file, with IVs from its part of the table. */
static void check_image(const struct made_elf *elf, struct bytes image, const uint8_t *part)
{
    struct bytes plain = arena_copy(image.data, image.size, 0);
    uint32_t i;

    for (i = 0; i < elf->phnum; i++) {
        if (elf->phdrs[i].type != PT_LOAD)
            continue;
        if (elf->phdrs[i].filesz != 0)
            decrypt(plain, &elf->phdrs[i], part + RPROCFW_PHDR_SIZE + RPROCFW_SHA256_SIZE);
        part += RPROCFW_ENC_ENTRY_SIZE;
    }
    require(memcmp(plain.data, elf->file.data, elf->file.size) == 0, "decrypts to something else");
}

/* Header and TLVs as they should be, but for the IVs, which are those that are. */
static struct bytes expected_metadata(const struct generated *g, const struct bytes *images,
                                      struct container *is)
{
    const struct tlv *made = tlv_find(is, RPROCFW_TLV_ENCTABLE);
    struct container c;
    struct tlv *table;
    uint32_t i;

    container_build(&c, images, g->image_count, true);
    tlv_move(&c, tlv_index(&c, RPROCFW_TLV_ENCTYPE), 1);
    tlv_move(&c, tlv_index(&c, RPROCFW_TLV_ENCTABLE), 2);
    tlv_find(&c, RPROCFW_TLV_SIGNTYPE)->value[0] = (uint8_t)rprocfw_key_signtype(g->key->key);
    for (i = 0; i < g->expected.tlv_count; i++)
        if (g->expected.tlvs[i].type == RPROCFW_TLV_PKEYINFO ||
            rprocfw_tlv_is_platform(g->expected.tlvs[i].type))
            tlv_append(&c, g->expected.tlvs[i].type, g->expected.tlvs[i].value,
                       g->expected.tlvs[i].size);
    table = tlv_find(&c, RPROCFW_TLV_ENCTABLE);
    require(table->size == made->size, "an ENCTABLE of %u bytes, expected %u", made->size,
            table->size);
    for (i = 0; i < table->size; i += RPROCFW_ENC_ENTRY_SIZE)
        memcpy(table->value + i + RPROCFW_PHDR_SIZE + RPROCFW_SHA256_SIZE,
               made->value + i + RPROCFW_PHDR_SIZE + RPROCFW_SHA256_SIZE, RPROCFW_AES_BLOCK);
    c.signature = arena_copy(NULL, 0, rprocfw_key_signature_size(g->key->key));
    container_measure(&c);
    return container_join(&c);
}

static void check_report(const struct generated *g, const struct rprocfw_sign_job *job,
                         const char *path)
{
    const struct rprocfw_report_job judging = {.path = path,
                                               .mode = RPROCFW_REPORT_VERIFY,
                                               .keys = &all_keys,
                                               .enc_key = &aes,
                                               .originals = job->inputs,
                                               .original_count = job->input_count};
    struct rprocfw_report report;
    struct rprocfw_error error;

    require(rprocfw_report_build(&report, &judging, &error) == RPROCFW_OK, "%s", error.text);
    require(report.status == RPROCFW_OK && report.compared &&
                report.decrypted == RPROCFW_DECRYPTED_ORIGINAL &&
                report.images[0].type == RPROCFW_IMGTYPE_ENCRYPTED_ELF,
            "number %u: %s", g->number, report.message);
    rprocfw_report_free(&report);
}

/* The signer encrypts the files as they are: what comes of it is decrypted, and is they. */
static void sign_encrypted(const struct generated *g, const char *folder)
{
    const char *inputs[MADE_IMAGES];
    struct bytes images[MADE_IMAGES];
    struct rprocfw_sign_job job = job_of(g, folder, inputs);
    struct container c;
    struct bytes is;
    struct bytes expected;
    const uint8_t *part;
    uint32_t at = 0;
    uint32_t i;

    job.order = RPROCFW_ORDER_ST;
    job.enc_key = &aes;
    job.enc_pad = g->number % 2 == 0;
    job.iv = g->number % 3 == 0 ? RPROCFW_IV_RANDOM : RPROCFW_IV_DERIVED;
    is = sign_to(&job, folder, false);
    check_report(g, &job, file_path(folder, "good.sig"));
    container_split(is, &c);
    part = tlv_find(&c, RPROCFW_TLV_ENCTABLE)->value;
    for (i = 0; i < g->image_count; i++) {
        const struct made_elf *elf = &g->images[i];

        require(at + round8(elf->file.size) <= c.payload.size, "the payload is too short");
        images[i] = (struct bytes){c.payload.data + at, elf->file.size};
        check_image(elf, images[i], part);
        part += (size_t)elf->phnum * RPROCFW_ENC_ENTRY_SIZE;
        at += round8(elf->file.size);
    }
    expected = expected_metadata(g, images, &c);
    require(is.size == expected.size && memcmp(is.data, expected.data, signature_offset(&c)) == 0,
            "other header or TLVs");
}

/* ---- with something left out ---- */

struct bytes generated_sign_trimmed(const struct generated *g, const char *folder, bool strip,
                                    bool loadable_only)
{
    const char *inputs[MADE_IMAGES];
    struct rprocfw_sign_job job = job_of(g, folder, inputs);
    struct rprocfw_error error = {.status = RPROCFW_OK};
    const char *path = file_path(folder, "trimmed.sig");

    job.output = path;
    job.no_sync = true;
    job.strip = strip;
    job.loadable_only = loadable_only;
    if (g->encrypted) {
        job.order = RPROCFW_ORDER_ST;
        job.enc_key = &aes;
        job.iv = RPROCFW_IV_DERIVED;
    }
    if (rprocfw_sign(&job, &error) != RPROCFW_OK) {
        require(error.status == RPROCFW_ERR_INPUT &&
                    (strstr(error.text, "loads bytes of") != NULL ||
                     strstr(error.text, "is a PT_LOAD") != NULL),
                "not signed: %s", error.text);
        return (struct bytes){NULL, 0};
    }
    if (g->encrypted)
        check_report(g, &job, path);
    return file_read(folder, "trimmed.sig");
}

struct bytes generated_sign(const struct generated *g, const char *folder)
{
    const uint32_t offset = payload_offset(&g->expected);
    struct container c = g->expected;
    struct bytes expected;
    struct bytes is;

    if (g->encrypted) {
        sign_encrypted(g, folder);
        generated_sign_again(g, &c);
        is = container_join(&c);
        file_write(folder, "good.sig", is);
        return is;
    }
    is = sign_files(g, folder);
    expected = container_join(&c);
    require(is.size == expected.size, "%u bytes instead of %u", is.size, expected.size);
    require(memcmp(is.data, expected.data, signature_offset(&c)) == 0, "other header or TLVs");
    require(memcmp(is.data + offset, expected.data + offset, is.size - offset) == 0,
            "other payload");
    return is;
}
