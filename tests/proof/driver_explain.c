/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is said of a status: names, texts, TEE_Results, and where a verification failed. Any status,
 * and any state of a verifier: any bytes, but that what it points to is there. The values of TLVs,
 * and the metadata, end where the buffer does: a byte beyond them is an alarm.
 */
#include <rprocfw/verify.h>

#include "proof.h"

#define BOUND 8u              /* bytes of value, a multiple of 8 */
#define ABOVE (BOUND / 4 + 1) /* images, whose sizes are more than that */

static uint8_t metadata[RPROCFW_HEADER_SIZE + BOUND];
static struct rprocfw_verifier v;
static struct rprocfw_diag diag;
static uint32_t length; /* of the value */
static uint32_t images; /* as many; then any number above */
static int there;       /* metadata; and a TLV in them */

static void choose_verifier(void)
{
    any_bytes(&v, sizeof(v));
    any_bytes(metadata, sizeof(metadata));
    there = Frama_C_interval(0, 2);
    //@ split there;
    length = there == 2 ? Frama_C_unsigned_int_interval(0, BOUND) : 0;
    images = there == 2 ? Frama_C_unsigned_int_interval(0, ABOVE) : ABOVE;
    //@ split length;
    //@ split images;
    v.platform = NULL;
    v.ctx = NULL;
    v.image_sizes = NULL;
    v.segment.sha256 = NULL;
    v.segment.iv = NULL;
    v.layout.payload = sizeof(metadata);
    v.tlv.length = there == 2 ? length : any_u32();
    v.images = (uint8_t)(images < ABOVE ? images : any_u32());
    if (there == 2 && images == ABOVE)
        v.images = (uint8_t)Frama_C_interval(ABOVE, UINT8_MAX);
    v.metadata = there > 0 ? metadata : NULL;
    v.tlv.value = there > 1 ? metadata + sizeof(metadata) - length : NULL;
    v.table = there > 0 && Frama_C_interval(0, 1) ? metadata + RPROCFW_HEADER_SIZE : NULL;
}

static void name(enum rprocfw_status status)
{
    const char *name = rprocfw_status_name(status);
    const char *text = rprocfw_status_text(status);

    if (name != NULL)
        use_bytes((const uint8_t *)name, 1);
    if (text != NULL)
        use_bytes((const uint8_t *)text, 1);
    (void)rprocfw_status_is_refusal(status);
    (void)rprocfw_status_tee_result(status);
}

int main(void)
{
    name((enum rprocfw_status)any_u32());
    must(!rprocfw_status_is_refusal(RPROCFW_OK));
    must(rprocfw_status_tee_result(RPROCFW_OK) == 0);
    must(rprocfw_status_tee_result(any_failure()) != 0);
    choose_verifier();
    rprocfw_explain(&v, (enum rprocfw_status)any_u32(), &diag);
    return 0;
}
