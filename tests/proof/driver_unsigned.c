/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What anybody can reach, without a key: rprocfw_verify_begin over any header and container size,
 * rprocfw_verify_finish over any metadata of the lengths TLV_LEN and SIGN_LEN, and a signature that
 * is never good. The metadata end where the buffer does: a byte beyond them is an alarm. What comes
 * after the signature is not looked at here.
 */
#include <rprocfw/verify.h>

#include "proof.h"

#if !defined(TLV_LEN) || !defined(SIGN_LEN)
#error "run.sh says which lengths"
#endif

static uint8_t work[RPROCFW_HEADER_SIZE + ROUND8(TLV_LEN) + ROUND8(SIGN_LEN)];
static struct rprocfw_verifier v;
static int any_header;
static int above; /* the answer on the signature, as a number, is above RPROCFW_AUTHENTIC */

static enum rprocfw_status read(void *ctx, uint32_t offset, void *dst, uint32_t size)
{
    uint8_t *bytes = dst;

    (void)ctx;
    any_bytes(dst, size);
    if (offset == 0 && !any_header) {
        rprocfw_u32_encode(bytes + 8, TLV_LEN);
        rprocfw_u32_encode(bytes + 12, SIGN_LEN);
    }
    return any_status();
}

/* All that it is given is there. Any answer but the one that is good, RPROCFW_OK among them. */
static uint32_t verify_signature(void *ctx, const struct rprocfw_signed *what)
{
    (void)ctx;
    use_bytes(what->data, what->size);
    use_bytes(what->signature, what->signature_size);
    if (what->pkeyinfo != NULL)
        use_bytes(what->pkeyinfo, what->pkeyinfo_size);
    if (above)
        return (enum rprocfw_status)Frama_C_unsigned_int_interval(RPROCFW_AUTHENTIC + 1u,
                                                                  UINT32_MAX);
    return (enum rprocfw_status)Frama_C_unsigned_int_interval(0, RPROCFW_AUTHENTIC - 1u);
}

static const struct rprocfw_platform platform = {.read = read,
                                                 .verify_signature = verify_signature};

static enum rprocfw_status begin(void)
{
    return rprocfw_verify_begin(&v, &platform, NULL, any_u32(), 0);
}

int main(void)
{
    any_header = 1;
    (void)!begin();

    any_header = 0;
    if (begin() != RPROCFW_OK)
        return 0;
    /* One state for each record: what EVA knows of it holds together. */
    //@ dynamic_split v.tlv.offset;
    above = Frama_C_interval(0, 1);
    //@ split above;
    //@ dynamic_split v.authentic == 0;
    (void)!rprocfw_verify_finish(&v, work, sizeof(work));
    return 0;
}
