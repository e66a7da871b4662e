/* SPDX-License-Identifier: BSD-2-Clause */
/* Containers that the library signs, in a folder of their own. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/pem.h>

#include "signing.h"
#include "suite.h"

#define MAX_KEYS 8u

static char folder[64];
static struct rprocfw_key *keys[MAX_KEYS];
static unsigned key_count;
static unsigned warnings;
static struct rprocfw_error error;

/* ---- Files ---- */

static const char *join(const char *in, const char *name)
{
    const size_t size = strlen(in) + strlen(name) + 2;
    char *path = arena_alloc(size);

    (void)snprintf(path, size, "%s/%s", in, name);
    return path;
}

const char *signing_path(const char *name)
{
    return join(folder, name);
}

const char *vector_path(const char *name)
{
    return join(VECTORS, name);
}

/* In place: a file that is emptied first goes to the disk at once, which takes long. */
void file_save(const char *path, struct bytes bytes)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);

    require(fd >= 0, "%s cannot be written", path);
    require(pwrite(fd, bytes.data, bytes.size, 0) == (ssize_t)bytes.size, "%s: not all", path);
    require(ftruncate(fd, bytes.size) == 0 && close(fd) == 0, "%s: not all", path);
}

struct bytes file_load(const char *path)
{
    FILE *file = fopen(path, "rb");
    struct bytes bytes;
    struct stat info;

    ck_assert_msg(file != NULL && fstat(fileno(file), &info) == 0, "%s cannot be read", path);
    bytes = arena_copy(NULL, 0, (uint32_t)info.st_size);
    ck_assert_uint_eq(fread(bytes.data, 1, bytes.size, file), bytes.size);
    ck_assert_int_eq(fclose(file), 0);
    return bytes;
}

void file_flip(const char *path, uint32_t offset, uint8_t by)
{
    const int fd = open(path, O_RDWR | O_CLOEXEC);
    uint8_t byte = 0;

    require(fd >= 0 && pread(fd, &byte, 1, (off_t)offset) == 1, "%s: no byte %u", path, offset);
    byte ^= by;
    require(pwrite(fd, &byte, 1, (off_t)offset) == 1, "%s: byte %u stays", path, offset);
    (void)close(fd);
}

void signing_begin(void)
{
    (void)strcpy(folder, "/tmp/rprocfw-signing-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

void signing_end(void)
{
    DIR *dir = opendir(folder);
    const struct dirent *entry;

    while (key_count > 0)
        rprocfw_key_free(keys[--key_count]);
    ck_assert_ptr_nonnull(dir);
    while ((entry = readdir(dir)) != NULL)
        if (entry->d_name[0] != '.')
            ck_assert_int_eq(remove(signing_path(entry->d_name)), 0);
    (void)closedir(dir);
    ck_assert_int_eq(rmdir(folder), 0); /* nothing is left behind: no file that starts with a dot */
    arena_release(0);
}

/* ---- Keys ---- */

/* Those of the vectors that are encrypted have one of these two. */
static int passphrase(void *ctx, enum rprocfw_secret secret, const char *what, char *buffer,
                      size_t size, struct rprocfw_error *why)
{
    const char *const word = strstr(what, "p256") != NULL ? "azerty" : "vector-passphrase";

    (void)ctx;
    (void)secret;
    (void)size;
    (void)why;
    for (size_t i = 0; i < strlen(word); i++) /* without its zero */
        buffer[i] = word[i];
    return (int)strlen(word);
}

static const struct rprocfw_key *load_key(const char *path, enum rprocfw_key_use use)
{
    static const struct rprocfw_key_access access = {.passphrase = {.get = passphrase}};

    ck_assert_uint_lt(key_count, MAX_KEYS);
    ck_assert_msg(rprocfw_key_load(&keys[key_count], path, use, &access, &error) == RPROCFW_OK,
                  "%s", error.text);
    return keys[key_count++];
}

const struct rprocfw_key *signing_key(const char *name)
{
    const bool is_public = strstr(name, ".pub.") != NULL;

    return load_key(join(VECTORS "/keys", name), is_public ? RPROCFW_KEY_VERIFY : RPROCFW_KEY_SIGN);
}

static const struct rprocfw_key *save_key(const char *name, EVP_PKEY *pkey)
{
    const char *const path = signing_path(name);
    FILE *file = fopen(path, "wb");

    ck_assert(file != NULL && pkey != NULL);
    ck_assert_int_eq(PEM_write_PrivateKey(file, pkey, NULL, NULL, 0, NULL, NULL), 1);
    ck_assert_int_eq(fclose(file), 0);
    EVP_PKEY_free(pkey);
    return load_key(path, RPROCFW_KEY_SIGN);
}

const struct rprocfw_key *signing_new_key(const char *name)
{
    return save_key(name, EVP_EC_gen("P-256"));
}

const struct rprocfw_key *signing_odd_key(const char *name)
{
    return save_key(name, EVP_RSA_gen(2056));
}

/* ---- Jobs ---- */

static void note(void *ctx, enum rprocfw_log_level level, const char *message)
{
    (void)ctx;
    (void)message;
    warnings += level == RPROCFW_LOG_WARNING ? 1 : 0;
}

struct rprocfw_sign_job signing_job(void)
{
    static const char *inputs[1];

    inputs[0] = vector_path("elf/m4.elf");
    return (struct rprocfw_sign_job){
        .inputs = inputs,
        .input_count = 1,
        .output = signing_path("out.sig"),
        .key = signing_key("rsa2048.pem"),
        .no_sync = true,
        .log = {.write = note},
    };
}

void sign_it(const struct rprocfw_sign_job *job)
{
    warnings = 0;
    ck_assert_msg(rprocfw_sign(job, &error) == RPROCFW_OK, "%s", error.text);
}

const char *difference_of(const struct rprocfw_sign_job *job)
{
    char *text = arena_alloc(RPROCFW_DIFFERENCE_ROOM);

    warnings = 0;
    require(rprocfw_sign_compare(job, text, &error) == RPROCFW_OK, "%s", error.text);
    require(strlen(text) < RPROCFW_DIFFERENCE_ROOM, "no end");
    return text;
}

unsigned warnings_told(void)
{
    return warnings;
}
