/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The signer: ELF files, or another container, and a key in, a container out. The signature is made
 * by the key, by a program, or elsewhere and later.
 */
#ifndef RPROCFW_SIGN_H
#define RPROCFW_SIGN_H

#include <rprocfw/board.h>
#include <rprocfw/device.h>
#include <rprocfw/enc_key.h>
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

/* Where the initialisation vectors (IV) of encrypted segments come from. */
enum rprocfw_iv_source {
    RPROCFW_IV_RANDOM, /* libcrypto's random numbers */
    RPROCFW_IV_DERIVED /* key, program header and bytes of the segment: the same each time */
};

/* What becomes of a container that the board would not load; without a board, none that is known.
 */
enum rprocfw_preflight {
    RPROCFW_PREFLIGHT_REFUSE,
    RPROCFW_PREFLIGHT_WARN,  /* it is written, with a warning */
    RPROCFW_PREFLIGHT_OFF,   /* it is written, and nobody looks */
    RPROCFW_PREFLIGHT_STRICT /* refused, and so is what the board would load, but not run */
};

/*
 * Who wants to know what the pre-flight checks find, beside the log: all of it, notes too, whether
 * it is refused or written. found may be NULL. path: of the input that it is about, or the output.
 * id: of rprocfw-checks(7), a check of boards or a finding; constant. The other texts live for the
 * call.
 */
struct rprocfw_watch {
    void (*found)(void *ctx, const char *path, enum rprocfw_finding_level level, const char *id,
                  const char *text);
    void *ctx;
};

/* ---- Where the signature comes from ---- */

/* What is to be signed. Lives for the call. */
struct rprocfw_to_sign {
    const struct rprocfw_key *key; /* the one whose signature it must be */
    const uint8_t *data;           /* header and TLV area */
    size_t size;                   /* bytes */
    uint8_t sha256[RPROCFW_SHA256_SIZE];
};

/* Room for a signature in any form, and for no more. */
#define RPROCFW_ANSWER_ROOM 4096u

/*
 * Makes signatures that no key in the process can. sign writes one to answer, *size bytes: raw as
 * the container has it, for ECDSA in DER as well, or either in base64. It need not be good: it is
 * verified, and if it is not, RPROCFW_ERR_SIGNATURE says why.
 */
struct rprocfw_signer {
    enum rprocfw_status (*sign)(void *ctx, const struct rprocfw_to_sign *what,
                                uint8_t answer[RPROCFW_ANSWER_ROOM], size_t *size,
                                struct rprocfw_error *error);
    void *ctx;
    const char *name; /* for messages: a program's, a file's */
};

/* A signature that was made elsewhere: ctx of rprocfw_attached_sign. */
struct rprocfw_attached {
    const char *name; /* for messages */
    const uint8_t *bytes;
    size_t size;
};

RPROCFW_API RPROCFW_MUST_USE enum rprocfw_status
rprocfw_attached_sign(void *ctx, const struct rprocfw_to_sign *what,
                      uint8_t answer[RPROCFW_ANSWER_ROOM], size_t *size,
                      struct rprocfw_error *error);

/*
 * A program that signs: ctx of rprocfw_program_sign. It is started without a shell and gets on
 * standard input, which is a file that it can also open and seek in, what is to be signed; what it
 * writes to standard output is the answer. Exit status 0, or nothing it wrote counts.
 *
 * Its environment is envp, with these set anew:
 *   RPROCFW_SIGN_ALGORITHM    RSASSA-PKCS1-v1_5-SHA256 or ECDSA-P256-SHA256
 *   RPROCFW_SIGN_INPUT        data or digest
 *   RPROCFW_SIGN_KEY_BITS     2048 ...
 *   RPROCFW_SIGN_SPKI_SHA256  which key it is, 64 hexadecimal digits
 *
 * It is ended, with all that it started, when it takes too long or writes too much, and when a
 * signal waits that is to end the process. No signal is blocked in it.
 */
struct rprocfw_program {
    const char *path;        /* the file; it is not searched for */
    char *const *argv;       /* from its own name on; NULL ends it */
    char *const *envp;       /* NULL ends it */
    int error_fd;            /* becomes its standard error */
    unsigned timeout;        /* seconds, at most RPROCFW_PROGRAM_TIMEOUT_MAX; 0: no limit */
    bool digest;             /* it gets the SHA-256, 32 bytes, and not the data */
    bool (*stop)(void *ctx); /* asked while it runs: is it to be ended? For a thread in which
                              * signals are blocked; may be NULL */
    void *stop_ctx;
};

#define RPROCFW_PROGRAM_TIMEOUT_MAX     86400u
#define RPROCFW_PROGRAM_TIMEOUT_DEFAULT 60u /* where nobody says one: time to type a PIN */

/* RPROCFW_ERR_KEY: the program did not sign; _FILE, _MEMORY: it could not be started. */
RPROCFW_API RPROCFW_MUST_USE enum rprocfw_status
rprocfw_program_sign(void *ctx, const struct rprocfw_to_sign *what,
                     uint8_t answer[RPROCFW_ANSWER_ROOM], size_t *size,
                     struct rprocfw_error *error);

/* Where what is to be signed goes, if that is done elsewhere and later. */
struct rprocfw_tbs {
    const char *output; /* path; NULL: write to output_fd */
    int output_fd;      /* file descriptor; stays the caller's */
    bool digest;        /* its SHA-256 only, 32 bytes */
};

/* ---- Signing ---- */

/* What becomes of a container that there is. */
enum rprocfw_change {
    RPROCFW_RESIGN,           /* another key; SIGNTYPE follows it */
    RPROCFW_ATTACH_SIGNATURE, /* it is not signed yet: only the signature changes */
    RPROCFW_REPLACE_SIGNATURE /* the same, whether it is signed or not */
};

struct rprocfw_sign_job {
    const char *const *inputs;  /* paths of ELF files, in the order of the images */
    size_t input_count;         /* 1 to 255 */
    const char *container;      /* path: not NULL: TLVs and payload are those of this container, and
                                   inputs, order, strip, loadable_only, enc_key and plat_tlvs are
                                   not used */
    enum rprocfw_change change; /* of container */
    const char *output;         /* path; NULL: write to output_fd */
    int output_fd;              /* file descriptor; stays the caller's */
    bool dry_run;               /* do all but the writing */
    bool no_sync;               /* do not wait until output is on the disk */
    const struct rprocfw_key *key;       /* with signer or tbs the public half is enough */
    const struct rprocfw_signer *signer; /* who signs; NULL: the key */
    const struct rprocfw_tbs *tbs; /* not NULL: nobody signs; the signature in output is zero */
    enum rprocfw_nonce nonce;      /* of an ECDSA signature; 0: derived from the key */
    enum rprocfw_layout_order order;
    bool strip;         /* images without sections that are not loaded, and without symbols */
    bool loadable_only; /* without program headers that load nothing, or nothing that stays */
    const struct rprocfw_enc_key *enc_key; /* not NULL: PT_LOADs are encrypted; order is ST's */
    enum rprocfw_iv_source iv;             /* then, of what the IVs are made */
    bool enc_pad;            /* and a PT_LOAD that is no multiple of 16 bytes gets zero bytes */
    const uint8_t *pkeyinfo; /* value of the TLV PKEYINFO; NULL: none, or the container's. A private
                              * key is refused, and of another key than key there is a warning */
    size_t pkeyinfo_size;    /* bytes */
    const struct rprocfw_plat_tlv *plat_tlvs;
    size_t plat_tlv_count;
    const char *const *keep; /* paths of further files that output must not be: key info ... */
    size_t keep_count;
    bool any_machine;                  /* e_machine need not be EM_ARM */
    const struct rprocfw_board *board; /* it is to be loaded by this one; NULL: by any */
    enum rprocfw_preflight preflight;  /* what becomes of a container that will not be */
    bool private_pkeyinfo;             /* a private key in pkeyinfo is written, with a warning */
    struct rprocfw_watch watch;
    struct rprocfw_log log;
};

/*
 * Signs. The container is verified with core before output changes; it is written beside output,
 * synced and renamed, so that output is either the old or the new file, whole; with no_sync only
 * as long as the machine does not crash. On failure output is untouched and nothing is left behind;
 * what was written to output_fd before writing to it failed stays there. What job points to must
 * live for the call. The bytes are a function of job and inputs alone, but for a random nonce,
 * random IVs and what a signer answers. For inputs of some MiB a second thread writes, which
 * takes no signals.
 *
 * What core finds good is looked at as boards will: what job->board would not load is refused, or
 * with no board what none of the TAs that are known would. What is found beyond that (device.h) is
 * a warning; an error, which needs a board, is refused with job->preflight _STRICT. With _WARN or
 * _OFF all is written, and so is what core refuses in the sections of an image.
 *
 * A signer is asked only for the signature of what holds in all other respects. With tbs both
 * outputs are there in the end, or none is.
 *
 * With RPROCFW_RESIGN every TLV stays as and where it is, but: SIGNTYPE follows the key; PKEYINFO
 * is replaced if job gives one, or added, before the platform TLVs. A PKEYINFO that is the
 * SubjectPublicKeyInfo of another key is RPROCFW_ERR_KEY. Otherwise no TLV changes; a container
 * that was made for a key of another kind or size, or that is signed and is to have a signature
 * attached, is RPROCFW_ERR_USAGE. The container's own signature is not verified.
 *
 * With strip an image has the sections that have SHF_ALLOC, and any of the names .resource_table,
 * .isr_vectors and .isr_vector, with their bytes where they were, and a new table of section names.
 * With loadable_only it has no program headers but PT_LOADs, and of these none without bytes in the
 * file that shares p_paddr with another and whose zero bytes are none, or all written over by a
 * later one. Neither changes what is loaded, bytes or zero bytes: an input is refused if a segment
 * loads headers that would change. An input with nothing to leave out goes in as it is.
 *
 * When encrypting, an input is refused if PT_LOADs share bytes of the file, have bytes of its
 * headers or of the section name table, or end within a block of 16 bytes, unless enc_pad is set:
 * then zero bytes behind the segment become part of it, within its p_memsz, if nothing else is
 * there in the file. No byte of them is written that is not encrypted.
 *
 * RPROCFW_ERR_INPUT: an input is refused, or no board would load it. A status of core: the
 * container that would have been written is refused, or the one that was given;
 * RPROCFW_ERR_SIGNATURE: the signer's answer is no signature, or not that of the key.
 * RPROCFW_ERR_USAGE, _FILE, _KEY, _CRYPTO, _MEMORY: could not be done.
 */
RPROCFW_API RPROCFW_MUST_USE enum rprocfw_status rprocfw_sign(const struct rprocfw_sign_job *job,
                                                              struct rprocfw_error *error);

/* Why a container is not the one that a job would make, for people. */
#define RPROCFW_DIFFERENCE_ROOM 512u

/*
 * Is what stands in job->output what rprocfw_sign would write there? Header, TLVs and payload must
 * be equal to the byte, the signature must be good by job->key, of which the public half is enough,
 * and no more bytes follow. Nobody signs and nothing is written. Where IVs are random those of the
 * container count. Only for ELF files: job->container and tbs are NULL.
 *
 * RPROCFW_OK: difference is empty if it is; otherwise it says what was found, and what would be
 * written, the first difference: "TLV BOOTADDR is 0x10000000 and would be 0x20000000". That there
 * is no such file is a difference. Other statuses as those of rprocfw_sign, difference is empty:
 * the job could not be done, or output is there and no regular file, or changed meanwhile.
 *
 * What is the same is looked at as by rprocfw_sign, as core and boards will, with its warnings and
 * refusals. Of what is not nothing of that is said: the next signing will.
 */
RPROCFW_API RPROCFW_MUST_USE enum rprocfw_status
rprocfw_sign_compare(const struct rprocfw_sign_job *job, char difference[RPROCFW_DIFFERENCE_ROOM],
                     struct rprocfw_error *error);

/* ---- Taking a signature out ---- */

struct rprocfw_signature_job {
    const char *container;           /* path */
    const struct rprocfw_keys *keys; /* it must be by one of these; NULL: it is not verified */
    const char *output;              /* path; NULL: write to output_fd */
    int output_fd;                   /* file descriptor; stays the caller's */
    bool der;                        /* in DER, which is for ECDSA only; otherwise raw */
    bool dry_run;                    /* do all but the writing */
    bool no_sync;                    /* do not wait until output is on the disk */
    const char *const *keep;         /* paths of further files that output must not be */
    size_t keep_count;
};

/*
 * Writes the signature of a container that core finds good. A container that nobody has signed yet
 * is RPROCFW_ERR_SIGNATURE. Statuses and output as with rprocfw_sign.
 */
RPROCFW_API RPROCFW_MUST_USE enum rprocfw_status
rprocfw_signature_extract(const struct rprocfw_signature_job *job, struct rprocfw_error *error);

#endif
