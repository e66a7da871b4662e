/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The signer: ELF files and a key in, a container out.
 */
#ifndef RPROCFW_SIGN_H
#define RPROCFW_SIGN_H

#include <rprocfw/key.h>

/* The order of the TLVs: as OP-TEE's script writes them, or as ST's does. */
enum rprocfw_layout_order { RPROCFW_ORDER_OPTEE, RPROCFW_ORDER_ST };

/* A platform TLV. Of several with one id the last value counts, at the place of the first. */
struct rprocfw_plat_tlv {
    uint32_t id;          /* RPROCFW_TLV_PLATFORM_FIRST to _LAST */
    const uint8_t *value; /* may be NULL when size is 0 */
    size_t size;          /* bytes */
    bool boot_address;    /* value is not used: u32, the address of .isr_vectors or .isr_vector */
};

struct rprocfw_sign_job {
    const char *const *inputs; /* paths of ELF files, in the order of the images */
    size_t input_count;        /* 1 to 255 */
    const char *output;        /* path; NULL: write to output_fd */
    int output_fd;             /* file descriptor; stays the caller's */
    bool dry_run;              /* do all but the writing */
    bool no_sync;              /* do not wait until output is on the disk */
    const struct rprocfw_key *key;
    enum rprocfw_nonce nonce; /* of an ECDSA signature; 0: derived from the key */
    enum rprocfw_layout_order order;
    const uint8_t *pkeyinfo; /* value of the TLV PKEYINFO; NULL: none */
    size_t pkeyinfo_size;    /* bytes */
    const struct rprocfw_plat_tlv *plat_tlvs;
    size_t plat_tlv_count;
    const char *const *keep; /* paths of further files that output must not be: key info ... */
    size_t keep_count;
    bool any_machine; /* e_machine need not be EM_ARM */
    bool only_warn;   /* write, with a warning, what verification refuses in an image */
    struct rprocfw_log log;
};

/*
 * Signs. The container is verified with core before output changes; it is written beside output,
 * synced and renamed, so that output is either the old or the new file, whole; with no_sync only
 * as long as the machine does not crash. On failure output is untouched and nothing is left behind;
 * what was written to output_fd before writing to it failed stays there. What job points to must
 * live for the call. The bytes are a function of job and inputs alone, but for a random nonce. For
 * inputs of some MiB a second thread writes, which takes no signals.
 *
 * RPROCFW_ERR_INPUT: an input is refused. A status of core: the container that would have been
 * written is refused. RPROCFW_ERR_USAGE, _FILE, _KEY, _CRYPTO, _MEMORY: could not be done.
 */
RPROCFW_API RPROCFW_MUST_USE enum rprocfw_status rprocfw_sign(const struct rprocfw_sign_job *job,
                                                              struct rprocfw_error *error);

#endif
