/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A key that is decoded without libcrypto's store is the one that the store finds, of the same kind
 * and alone: of every block of PEM, whatever it is called and whatever is in it.
 */
#include <stdio.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/store.h>

#include "../../src/host/host.h"
#include "suite.h"

#define KEYS VECTORS "/keys/"

static const char *const files[] = {KEYS "rsa2048.pem",     KEYS "rsa2048.pkcs1.pem",
                                    KEYS "rsa2048.pub.pem", KEYS "rsa2048.pkcs1.pub.pem",
                                    KEYS "p256.pem",        KEYS "p256.pub.pem"};
static const char *const labels[] = {"PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY",
                                     "PUBLIC KEY", "RSA PUBLIC KEY"};

/* A file's one block. */
struct block {
    char *label;
    char *header;
    unsigned char *der;
    long size;
};

static void open_block(struct block *block, const char *path)
{
    BIO *bio = BIO_new_file(path, "r");

    ck_assert_int_eq(PEM_read_bio(bio, &block->label, &block->header, &block->der, &block->size),
                     1);
    BIO_free(bio);
}

static void close_block(struct block *block)
{
    OPENSSL_free(block->label);
    OPENSSL_free(block->header);
    OPENSSL_free(block->der);
}

/* What the store finds is this key, and no more. */
static void require_store(const char *pem, long size, EVP_PKEY *pkey, bool has_private)
{
    BIO *bio = BIO_new_mem_buf(pem, (int)size);
    OSSL_STORE_CTX *store =
        OSSL_STORE_attach(bio, "file", NULL, NULL, NULL, NULL, NULL, NULL, NULL);
    OSSL_STORE_INFO *info = OSSL_STORE_load(store);
    EVP_PKEY *found;

    require(info != NULL, "the store finds nothing");
    found = has_private ? OSSL_STORE_INFO_get1_PKEY(info) : OSSL_STORE_INFO_get1_PUBKEY(info);
    require(found != NULL, "the store finds something else");
    require(EVP_PKEY_eq(found, pkey) == 1, "the store finds another key");
    EVP_PKEY_free(found);
    OSSL_STORE_INFO_free(info);
    require(OSSL_STORE_load(store) == NULL, "the store finds one more");
    (void)OSSL_STORE_close(store);
    BIO_free(bio);
}

/* Is it decoded without the store? */
static bool check(BIO *bio)
{
    char *pem;
    const long size = BIO_get_mem_data(bio, &pem);
    bool has_private;
    EVP_PKEY *pkey = rprocfw_key_pem((const uint8_t *)pem, (size_t)size, &has_private);

    require(ERR_peek_error() == 0, "an error is left");
    if (pkey == NULL)
        return false;
    require_store(pem, size, pkey, has_private);
    ERR_clear_error();
    EVP_PKEY_free(pkey);
    return true;
}

static bool check_der(const char *label, const uint8_t *der, long size)
{
    BIO *bio = BIO_new(BIO_s_mem());
    bool decoded;

    ck_assert_int_gt(PEM_write_bio(bio, label, "", der, size), 0);
    decoded = check(bio);
    BIO_free(bio);
    return decoded;
}

/* As it is, and with one bit of its first bytes, which say what it is, or of all others changed. */
START_TEST(every_block)
{
    const char *label = labels[(unsigned)_i % COUNT(labels)];
    struct block block;

    open_block(&block, files[(unsigned)_i / COUNT(labels)]);
    ck_assert(strcmp(label, block.label) != 0 || strcmp(label, "RSA PUBLIC KEY") == 0 ||
              check_der(label, block.der, block.size));
    for (long bit = 0; bit < 8 * block.size; bit += bit < 320 ? 1 : 97) {
        block.der[bit / 8] ^= (unsigned char)(1 << bit % 8);
        (void)check_der(label, block.der, block.size);
        block.der[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    close_block(&block);
}
END_TEST

/* Is a file with more before and after its bytes decoded without the store? */
static bool decodes(const char *before, const char *path, const char *after)
{
    BIO *text = BIO_new(BIO_s_mem());
    FILE *file = fopen(path, "r");
    char bytes[4096];
    const size_t size = fread(bytes, 1, sizeof(bytes), file);
    bool decoded;

    (void)fclose(file);
    (void)BIO_puts(text, before);
    ck_assert_int_eq(BIO_write(text, bytes, (int)size), (int)size);
    (void)BIO_puts(text, after);
    decoded = check(text);
    BIO_free(text);
    return decoded;
}

START_TEST(a_file_with_more_is_the_stores)
{
    static const char other[] = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n";

    ck_assert(decodes("", KEYS "rsa2048.pem", ""));
    ck_assert(decodes("", KEYS "rsa2048.pem", "\r\n\n"));
    ck_assert(!decodes("\n", KEYS "rsa2048.pem", ""));
    ck_assert(!decodes("a comment\n", KEYS "rsa2048.pem", ""));
    ck_assert(!decodes("", KEYS "rsa2048.pem", "a comment\n"));
    ck_assert(!decodes("", KEYS "rsa2048.pem", other));
    ck_assert(!decodes(other, KEYS "rsa2048.pem", ""));
    ck_assert(!decodes("", KEYS "rsa2048.pub.pem", other));
    ck_assert(!decodes(other, KEYS "rsa2048.pub.pem", ""));
    ck_assert(!decodes("", KEYS "rsa2048.encrypted.pem", ""));
    ck_assert(!decodes("", KEYS "p256.spki.der", ""));
}
END_TEST

int main(void)
{
    const TTest *const blocks[] = {every_block};

    if (run_loop_tests("blocks", blocks, 1, COUNT(files) * COUNT(labels)) != 0)
        return 1;
    RUN_TESTS("files", a_file_with_more_is_the_stores);
}
