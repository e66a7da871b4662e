/* SPDX-License-Identifier: BSD-2-Clause */
/* The verdict of libcrypto on signatures as the format has them. */
#include <openssl/ecdsa.h>
#include <openssl/evp.h>

#include "container.h"
#include "signature.h"

/* r then s, as the container has it, as the DER that libcrypto takes; 0 if it is no such. */
static size_t ecdsa_der(const uint8_t *signature, size_t size, uint8_t **der)
{
    ECDSA_SIG *sig;
    int der_size;

    *der = NULL;
    if (size != RPROCFW_P256_SIGNATURE)
        return 0;
    sig = ECDSA_SIG_new();
    ECDSA_SIG_set0(sig, BN_bin2bn(signature, 32, NULL), BN_bin2bn(signature + 32, 32, NULL));
    der_size = i2d_ECDSA_SIG(sig, der);
    ECDSA_SIG_free(sig);
    return der_size > 0 ? (size_t)der_size : 0;
}

bool digest_signature_holds(EVP_PKEY *key, enum rprocfw_signtype signtype,
                            const uint8_t digest[RPROCFW_SHA256_SIZE], const uint8_t *signature,
                            size_t size)
{
    const bool ecdsa = signtype == RPROCFW_SIGNTYPE_ECDSA;
    uint8_t *der = NULL;
    EVP_PKEY_CTX *ctx;
    bool good;

    if (EVP_PKEY_get_base_id(key) != (ecdsa ? EVP_PKEY_EC : EVP_PKEY_RSA))
        return false;
    if (ecdsa) {
        size = ecdsa_der(signature, size, &der);
        signature = der;
    }
    ctx = EVP_PKEY_CTX_new(key, NULL);
    good = size > 0 && EVP_PKEY_verify_init(ctx) == 1 &&
           EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) == 1 &&
           EVP_PKEY_verify(ctx, signature, size, digest, RPROCFW_SHA256_SIZE) == 1;
    EVP_PKEY_CTX_free(ctx);
    OPENSSL_free(der);
    return good;
}

bool signature_holds(EVP_PKEY *key, const struct rprocfw_signed *what)
{
    uint8_t digest[RPROCFW_SHA256_SIZE];

    sha256(what->data, what->size, digest);
    return digest_signature_holds(key, what->signtype, digest, what->signature,
                                  what->signature_size);
}
