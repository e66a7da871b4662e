/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The verdict, for host and device.
 *
 * Core never holds a pointer into the container: it reads through a callback into the caller's
 * memory, each byte of header, TLVs, signature, ELF headers and program headers once, so nothing
 * changes between check and use. Order of checks, the first that fails is the verdict:
 *
 *   1. header against the size; TLV area: every record; SIGNTYPE; padding of the signature
 *   2. signature over header and TLV area (callback)
 *   3. no known or platform TLV twice; values of the TLVs; platform TLVs (callback)
 *   4. with da_to_pa: every PT_LOAD of the signed table in the remote processor's memory, none over
 *      file bytes of one before it
 *   5. for each image: ELF header; section headers, for the place of the resource table; each
 *      program header against the signed table, each PT_LOAD handed to the load callback; resource
 *      table in the loaded bytes
 *   6. every signed entry used; answers that the load callback put off (callback)
 *
 * Usage, with one work buffer:
 *
 *   struct rprocfw_verifier v;
 *   status = rprocfw_verify_begin(&v, &platform, ctx, container_size, 0);
 *   if (status == RPROCFW_OK)                      // v.layout.payload bytes are needed
 *       status = rprocfw_verify_finish(&v, work, sizeof(work));
 *
 * rprocfw/rproc.h does that for a device, and keeps the state of its remote processors. It sets the
 * state only when the second is done: a function that calls both of these can return the RPROCFW_OK
 * of the first for the status of the second, if the entry of the second is skipped by a fault. Who
 * has to fear that and calls them directly gives each a function of its own, and compares twice.
 */
#ifndef RPROCFW_VERIFY_H
#define RPROCFW_VERIFY_H

#include <rprocfw/image.h>

/* What there is to authenticate. All pointers but sha256 point into the work buffer. */
struct rprocfw_signed {
    const uint8_t *data; /* header and TLV area */
    uint32_t size;       /* bytes of data */
    const uint8_t *signature;
    uint32_t signature_size;        /* bytes, without padding */
    enum rprocfw_signtype signtype; /* from the TLV */
    const uint8_t *pkeyinfo;        /* value of PKEYINFO; NULL without one */
    uint32_t pkeyinfo_size;         /* bytes */
    uint8_t *sha256;                /* room for the digest of data, see verify_signature */
};

/* One PT_LOAD: its program header in the ELF equals the signed entry. */
struct rprocfw_segment {
    struct rprocfw_phdr phdr;
    uint32_t image;        /* number of the image, from 0 */
    uint32_t index;        /* number of the program header in its image */
    uint32_t entry;        /* number of the entry in the signed table */
    uint32_t offset;       /* of its first byte, in the container */
    const uint8_t *sha256; /* 32 bytes in the work buffer: of the bytes as they stand there */
    const uint8_t *iv;     /* 16 bytes in the work buffer when encrypted; otherwise NULL */
    uint32_t rsc_offset;   /* of the resource table in its bytes, whose RPROCFW_RSC_HEADER_SIZE
                              first bytes read_loaded will ask for; RPROCFW_NOWHERE: it has none */
};

/* One image that was judged good, but for answers put off by load. */
struct rprocfw_image {
    uint32_t index;
    uint32_t offset;      /* in the container, bytes */
    uint32_t size;        /* IMGSIZE, bytes */
    uint32_t first_entry; /* its part of the signed table */
    uint32_t entry_count; /* padding entries of an ENCTABLE included */
    bool has_rsc_table;
    uint32_t rsc_da;   /* sh_addr of the resource table */
    uint32_t rsc_size; /* sh_size, bytes */
};

/*
 * What verify_signature answers if the signature holds. It is far from every status and not what a
 * register or memory has by chance, so that a call left out by a fault is no good answer.
 */
#define RPROCFW_AUTHENTIC 0xC5C5C5C5u

/*
 * What core asks of its surroundings. Callbacks answer RPROCFW_OK or the status with which core is
 * to end; verify_signature says yes in its own way. ctx is the caller's. Pointers that they are
 * given live for the call only, but for those into the work buffer.
 */
struct rprocfw_platform {
    /* Copy size bytes at offset of the container to dst; always within its size. */
    enum rprocfw_status (*read)(void *ctx, uint32_t offset, void *dst, uint32_t size);

    /*
     * Hash what->data with SHA-256, verify the digest. RPROCFW_AUTHENTIC if the signature holds,
     * and only then; otherwise the status of what is wrong: RPROCFW_ERR_SIGNATURE,
     * _SIGN_UNSUPPORTED. The digest goes to what->sha256, too, if rprocfw/rproc.h is used, which
     * tells by it what is loaded.
     */
    uint32_t (*verify_signature)(void *ctx, const struct rprocfw_signed *what);

    /*
     * Take filesz bytes at segment->offset, put them at device address paddr, and check that what
     * is there now hashes to sha256 (RPROCFW_ERR_SEGMENT_HASH). With filesz 0 there is nothing to
     * put or hash. The answer on the hash may be put off until load_end, but not beyond a
     * read_loaded of the same segment.
     */
    enum rprocfw_status (*load)(void *ctx, const struct rprocfw_segment *segment);

    /*
     * Copy size bytes at offset of the segment that was loaded last, and hashed, to dst: those that
     * segment->rsc_offset announced.
     */
    enum rprocfw_status (*read_loaded)(void *ctx, const struct rprocfw_segment *segment,
                                       uint32_t offset, void *dst, uint32_t size);

    /* Optional (NULL): an image is done. */
    void (*image_done)(void *ctx, const struct rprocfw_image *image);

    /* Optional (NULL): every segment was handed over; collects the answers put off. */
    enum rprocfw_status (*load_end)(void *ctx);

    /*
     * Optional (NULL: they mean nothing): a platform TLV, in the order of the area, its signature
     * verified. RPROCFW_ERR_PLATFORM_TLV: it is not known, or says what cannot be.
     */
    enum rprocfw_status (*platform_tlv)(void *ctx, const struct rprocfw_tlv *tlv);

    /*
     * Optional (NULL: addresses are not judged): *pa is the physical address of size bytes, at
     * least 1, at a device address, all in one memory region of the remote processor, without
     * passing the end of the address space. Any part of them must lead to that part of pa, whoever
     * asks. RPROCFW_ERR_DEVICE_ADDRESS: they are not.
     */
    enum rprocfw_status (*da_to_pa)(void *ctx, uint32_t da, uint32_t size, uint64_t *pa);

    /* Optional (NULL): zero size bytes, at least 1, at a device address: memsz beyond filesz. */
    enum rprocfw_status (*zero)(void *ctx, uint32_t da, uint32_t size);

    /* For rprocfw/rproc.h only, which says what they do. */
    enum rprocfw_status (*start)(void *ctx);
    enum rprocfw_status (*stop)(void *ctx);
    enum rprocfw_status (*release)(void *ctx);
};

/* Options of rprocfw_verify_begin, or-ed. */
enum rprocfw_verify_option {
    /* For the signer, who warns of it: more than one resource table is no reason to refuse. */
    RPROCFW_VERIFY_MANY_RSC_TABLES = 1 << 0,
    /* The load callback does not decrypt: of encrypted images' resource tables only place and
     * size are checked. */
    RPROCFW_VERIFY_CIPHERTEXT = 1 << 1
};

/*
 * Bytes of physical memory that an entry of the signed table writes. With da_to_pa, core keeps one
 * of these for each entry, and one more, behind the metadata in the work buffer.
 */
struct rprocfw_range {
    uint64_t pa;
    uint32_t size; /* bytes */
    uint32_t entry;
    uint32_t next;
};

/*
 * State of one verification, in the caller's memory. header and layout are valid after
 * rprocfw_verify_begin, rsc_* after rprocfw_verify_finish. The rest is core's: what it looks at, so
 * that rprocfw_explain can tell after a failure. First comes what is used often: short instructions
 * do not reach far.
 */
struct rprocfw_verifier {
    const struct rprocfw_platform *platform;
    void *ctx;
    const uint8_t *metadata; /* the work buffer: header, TLV area, signature */
    uint32_t work_size;
    uint32_t rsc_size; /* bytes of the last resource table found, and with da_to_pa */
    uint32_t section;  /* number of the section header that is looked at */
    uint8_t signtype;
    uint8_t images;
    const uint8_t *image_sizes; /* one u32 an image */
    struct rprocfw_layout layout;
    uint32_t entry_size;        /* bytes of one entry of table */
    uint32_t entries;           /* of table; 1 before it is found */
    const uint8_t *table;       /* value of HASHTABLE or ENCTABLE, whichever holds */
    uint32_t entry;             /* next unused entry of table */
    uint32_t authentic;         /* RPROCFW_AUTHENTIC, while signature and segments hold */
    uint32_t at;                /* offset in the container of what a callback was asked for last */
    struct rprocfw_tlv tlv;     /* the one that is looked at */
    uint32_t rsc_tables;        /* resource tables found */
    struct rprocfw_shdr rsc;    /* section header of the image's resource table; size 0: none */
    struct rprocfw_image image; /* index RPROCFW_NOWHERE: it is not about images */
    struct rprocfw_segment segment; /* index RPROCFW_NOWHERE: it is not about program headers */
    struct rprocfw_header header;
    struct rprocfw_shdr names; /* section header of the image's section name table */
    uint32_t other;            /* RPROCFW_ERR_OVERLAP: the entry whose bytes would be lost */
    uint32_t da;               /* what a callback was given last: device address, */
    uint32_t da_size;          /* and bytes */
    uint32_t container_size;
    unsigned options;
    uint8_t digest[RPROCFW_SHA256_SIZE]; /* of what is signed, as verify_signature wrote it */
    uint8_t ehdr[RPROCFW_EHDR_SIZE];     /* of the image */
    uint8_t bytes[RPROCFW_SHDR_SIZE];    /* what was read last */
    uint64_t rsc_pa; /* physical address of the resource table; 0, like its size, without one */
};

/*
 * Reads the header of a container of container_size bytes and checks it. On RPROCFW_OK
 * v->layout.payload is the size that the work buffer must have at least, in bytes. Otherwise
 * RPROCFW_ERR_HEADER_SIZE, what the read callback answered (RPROCFW_ERR_READ, say), or what
 * rprocfw_header_check returns. platform and ctx must outlive v.
 */
RPROCFW_API RPROCFW_MUST_USE enum rprocfw_status
rprocfw_verify_begin(struct rprocfw_verifier *v, const struct rprocfw_platform *platform, void *ctx,
                     uint32_t container_size, unsigned options);

/*
 * Judges the rest. work takes the metadata and stays the caller's; it must not change until the
 * call returns. Without da_to_pa, v->layout.payload bytes do; with it, 4 more and then
 * sizeof(struct rprocfw_range) for each entry of the signed table and for one more, and work is
 * aligned as for a uint64_t (RPROCFW_ERR_WORK_ALIGN). RPROCFW_OK: every check holds.
 * RPROCFW_ERR_WORK_SIZE: work_size is too small, nothing was loaded. Otherwise the first check that
 * failed.
 */
RPROCFW_API RPROCFW_MUST_USE enum rprocfw_status
rprocfw_verify_finish(struct rprocfw_verifier *v, uint8_t *work, uint32_t work_size);

/*
 * Where the verification failed that ended with status, and on what: writes *diag. To be called
 * while v and the work buffer are as core left them. An object of its own: a device need not link
 * it.
 */
RPROCFW_API void rprocfw_explain(const struct rprocfw_verifier *v, enum rprocfw_status status,
                                 struct rprocfw_diag *diag);

#endif
