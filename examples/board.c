/* SPDX-License-Identifier: BSD-2-Clause */
/* A board to run examples on a host: arrays are its memory, libcrypto is its crypto library. */
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "board.h"

/* ---- memory ---- */

static uint8_t retram[0x10000];
static uint8_t sram[0x60000];
static uint8_t secure_ddr[0x10000];
static uint8_t ddr[0x10000];
static uint8_t shared_ddr[0x10000];

/* All memory of the board by physical address. */
static const struct {
    uint64_t pa;
    uint32_t size;
    uint8_t *bytes;
} memories[] = {
    {0x38000000, sizeof(retram), retram},         {0x10000000, sizeof(sram), sram},
    {0x80000000, sizeof(secure_ddr), secure_ddr}, {0x80100000, sizeof(ddr), ddr},
    {0x81200000, sizeof(shared_ddr), shared_ddr},
};

/* Two device addresses may lead to one physical address: the last two regions are the same SRAM. */
static const struct board_region m4_regions[] = {
    {0x00000000, sizeof(retram), 0x38000000},
    {0x10000000, sizeof(sram), 0x10000000},
    {0x30000000, sizeof(sram), 0x10000000},
    {0, 0, 0},
};

static const struct board_region m33_regions[] = {
    {0x80000000, sizeof(secure_ddr), 0x80000000},
    {0x80100000, sizeof(ddr), 0x80100000},
    {0x81200000, sizeof(shared_ddr), 0x81200000},
    {0, 0, 0},
};

struct coprocessor board_m4 = {.name = "M4", .regions = m4_regions};
struct coprocessor board_m33 = {.name = "M33", .regions = m33_regions};

bool board_address(const struct coprocessor *cpu, uint32_t da, uint32_t size, uint64_t *pa)
{
    const struct board_region *region;

    for (region = cpu->regions; region->size != 0; region++) {
        const uint32_t offset = da - region->da; /* before the region: wraps, and is beyond it */

        if (offset < region->size && size <= region->size - offset) {
            *pa = region->pa + offset;
            return true;
        }
    }
    return false;
}

uint8_t *board_map(uint64_t pa)
{
    size_t i;

    for (i = 0; i < sizeof(memories) / sizeof(memories[0]); i++)
        if (pa >= memories[i].pa && pa - memories[i].pa < memories[i].size)
            return memories[i].bytes + (pa - memories[i].pa);
    return NULL;
}

uint8_t *board_memory(const struct coprocessor *cpu, uint32_t da, uint32_t size)
{
    uint64_t pa;

    return board_address(cpu, da, size, &pa) ? board_map(pa) : NULL;
}

void board_clear(const struct coprocessor *cpu)
{
    const struct board_region *region;

    for (region = cpu->regions; region->size != 0; region++)
        memset(board_map(region->pa), 0, region->size);
}

bool board_is_clear(const struct coprocessor *cpu)
{
    const struct board_region *region;
    uint32_t i;

    for (region = cpu->regions; region->size != 0; region++)
        for (i = 0; i < region->size; i++)
            if (board_map(region->pa)[i] != 0)
                return false;
    return true;
}

/* ---- power and reset ---- */

void board_power_on(void)
{
    size_t i;

    for (i = 0; i < sizeof(memories) / sizeof(memories[0]); i++)
        memset(memories[i].bytes, 0xA5, memories[i].size);
    board_m4.running = false;
    board_m33.running = false;
}

enum rprocfw_status board_start(void *ctx)
{
    struct coprocessor *cpu = ctx;

    cpu->running = true;
    return RPROCFW_OK;
}

enum rprocfw_status board_stop(void *ctx)
{
    struct coprocessor *cpu = ctx;

    cpu->running = false;
    return RPROCFW_OK;
}

/* ---- cryptography ---- */

bool board_sha256(const uint8_t *data, uint32_t size, uint8_t digest[RPROCFW_SHA256_SIZE])
{
    return EVP_Digest(data, size, digest, NULL, EVP_sha256(), NULL) == 1;
}

static EVP_PKEY *key_of(const char *type, OSSL_PARAM *params)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    EVP_PKEY *pkey = NULL;

    if (params != NULL && ctx != NULL && EVP_PKEY_fromdata_init(ctx) == 1)
        (void)EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params);
    EVP_PKEY_CTX_free(ctx);
    return pkey;
}

static EVP_PKEY *rsa_key(const struct rprocfw_public_key *key)
{
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    BIGNUM *n = BN_bin2bn(key->modulus, (int)key->modulus_size, NULL);
    BIGNUM *e = BN_bin2bn(key->exponent, (int)key->exponent_size, NULL);
    OSSL_PARAM *params = NULL;
    EVP_PKEY *pkey;

    if (build != NULL && n != NULL && e != NULL &&
        OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
        OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e) == 1)
        params = OSSL_PARAM_BLD_to_param(build);
    pkey = key_of("RSA", params);
    OSSL_PARAM_free(params);
    BN_free(e);
    BN_free(n);
    OSSL_PARAM_BLD_free(build);
    return pkey;
}

static EVP_PKEY *p256_key(const struct rprocfw_public_key *key)
{
    char group[] = "P-256";
    uint8_t point[1 + 32 + 32] = {4}; /* uncompressed */
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point)),
        OSSL_PARAM_construct_end(),
    };

    memcpy(point + 1, key->x, 32);
    memcpy(point + 1 + 32, key->y, 32);
    return key_of("EC", params);
}

static bool verify(EVP_PKEY *pkey, const struct rprocfw_signed *what, const uint8_t *signature,
                   size_t size)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(pkey, NULL);
    const bool good = ctx != NULL && EVP_PKEY_verify_init(ctx) == 1 &&
                      EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) == 1 &&
                      EVP_PKEY_verify(ctx, signature, size, what->sha256, RPROCFW_SHA256_SIZE) == 1;

    EVP_PKEY_CTX_free(ctx);
    return good;
}

/* libcrypto wants r and s in DER. */
static bool verify_p256(EVP_PKEY *pkey, const struct rprocfw_signed *what)
{
    ECDSA_SIG *sig = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(what->signature, 32, NULL);
    BIGNUM *s = BN_bin2bn(what->signature + 32, 32, NULL);
    uint8_t *der = NULL;
    bool good = false;
    int size;

    if (sig != NULL && ECDSA_SIG_set0(sig, r, s) == 1) { /* takes both */
        size = i2d_ECDSA_SIG(sig, &der);
        good = size > 0 && verify(pkey, what, der, (size_t)size);
    } else {
        BN_free(r);
        BN_free(s);
    }
    OPENSSL_free(der);
    ECDSA_SIG_free(sig);
    return good;
}

bool board_verify(const struct rprocfw_public_key *key, const struct rprocfw_signed *what)
{
    const bool is_rsa = key->signtype == RPROCFW_SIGNTYPE_RSA;
    EVP_PKEY *pkey = is_rsa ? rsa_key(key) : p256_key(key);
    bool good = false;

    if (pkey != NULL && is_rsa)
        good = verify(pkey, what, what->signature, what->signature_size);
    else if (pkey != NULL && what->signature_size == RPROCFW_P256_SIGNATURE)
        good = verify_p256(pkey, what);
    EVP_PKEY_free(pkey);
    return good;
}
