/* SPDX-License-Identifier: BSD-2-Clause */
/* The verdict of libcrypto on what core wants to have authenticated. */
#include <openssl/ecdsa.h>
#include <openssl/evp.h>

#include "signature.h"

/* r then s, as the container has it, as the DER that libcrypto takes; 0 if it is no such. */
static size_t ecdsa_der(const struct rprocfw_signed *what, uint8_t **der)
{
    ECDSA_SIG *sig;
    int size;

    *der = NULL;
    if (what->signature_size != RPROCFW_P256_SIGNATURE)
        return 0;
    sig = ECDSA_SIG_new();
    ECDSA_SIG_set0(sig, BN_bin2bn(what->signature, 32, NULL),
                   BN_bin2bn(what->signature + 32, 32, NULL));
    size = i2d_ECDSA_SIG(sig, der);
    ECDSA_SIG_free(sig);
    return size > 0 ? (size_t)size : 0;
}

bool signature_holds(EVP_PKEY *key, const struct rprocfw_signed *what)
{
    const bool ecdsa = what->signtype == RPROCFW_SIGNTYPE_ECDSA;
    const uint8_t *signature = what->signature;
    size_t size = what->signature_size;
    uint8_t *der = NULL;
    EVP_MD_CTX *ctx;
    bool good;

    if (EVP_PKEY_get_base_id(key) != (ecdsa ? EVP_PKEY_EC : EVP_PKEY_RSA))
        return false;
    if (ecdsa) {
        size = ecdsa_der(what, &der);
        signature = der;
    }
    ctx = EVP_MD_CTX_new();
    good = size > 0 && EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, key) == 1 &&
           EVP_DigestVerify(ctx, signature, size, what->data, what->size) == 1;
    EVP_MD_CTX_free(ctx);
    OPENSSL_free(der);
    return good;
}
