/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every outcome, with a number that never changes. 0 is the only success.
 *
 *   1 –   9   the caller: buffer, callbacks, state of the remote processor
 *  10 –  99   the container as a whole: header, TLV area, signature
 * 100 – 149   the TLVs' values
 * 150 – 199   images: ELF headers, segments, sections, resource table
 * 200 – 255   the host library: files, keys, memory
 *
 * Core returns none of those that are the host's, but for what a callback answered.
 */
#ifndef RPROCFW_STATUS_H
#define RPROCFW_STATUS_H

#include <stdbool.h>
#include <stdint.h>

#if defined(__GNUC__)
#define RPROCFW_API          __attribute__((visibility("default")))
#define RPROCFW_MUST_USE     __attribute__((warn_unused_result))
#define RPROCFW_PRINTF(f, a) __attribute__((format(printf, f, a)))
#else
#define RPROCFW_API
#define RPROCFW_MUST_USE
#define RPROCFW_PRINTF(f, a)
#endif

enum rprocfw_status {
    RPROCFW_OK = 0,

    RPROCFW_ERR_WORK_SIZE = 1,    /* work buffer too small */
    RPROCFW_ERR_READ = 2,         /* the read callback failed */
    RPROCFW_ERR_LOAD = 3,         /* the platform could not take a segment */
    RPROCFW_ERR_WORK_ALIGN = 4,   /* work buffer not aligned to 8 bytes */
    RPROCFW_ERR_RPROC_ID = 5,     /* no container was ever given to load for this id */
    RPROCFW_ERR_RPROC_COUNT = 6,  /* more remote processors than there is room for */
    RPROCFW_ERR_STATE = 7,        /* not in this state of the remote processor */
    RPROCFW_ERR_OTHER_LOADED = 8, /* another container is loaded */
    RPROCFW_ERR_PLATFORM = 9,     /* the platform, or its crypto, failed */

    RPROCFW_ERR_HEADER_SIZE = 10,      /* fewer bytes than a header has */
    RPROCFW_ERR_MAGIC = 11,            /* magic is not 0x3543A468 */
    RPROCFW_ERR_VERSION = 12,          /* version is not 1 */
    RPROCFW_ERR_TLV_LEN_ZERO = 13,     /* tlv_len is 0 */
    RPROCFW_ERR_SIGN_LEN_ZERO = 14,    /* sign_len is 0 */
    RPROCFW_ERR_SIZE = 15,             /* the lengths do not add up to the container's size */
    RPROCFW_ERR_TLV_HEADER = 16,       /* the TLV area ends inside a record's type and length */
    RPROCFW_ERR_TLV_LENGTH = 17,       /* a record's value runs past the TLV area */
    RPROCFW_ERR_TLV_PADDING = 18,      /* bytes after a value are not zero */
    RPROCFW_ERR_TLV_DUPLICATE = 19,    /* a known or platform TLV is there twice */
    RPROCFW_ERR_SIGNTYPE_MISSING = 20, /* no SIGNTYPE */
    RPROCFW_ERR_SIGNTYPE_LENGTH = 21,  /* SIGNTYPE is not 1 byte */
    RPROCFW_ERR_SIGNTYPE_UNKNOWN = 22, /* SIGNTYPE is neither 1 nor 2 */
    RPROCFW_ERR_SIGN_PADDING = 23,     /* bytes after the signature are not zero */
    RPROCFW_ERR_SIGNATURE = 24,        /* the signature is of no given key over these bytes */
    RPROCFW_ERR_SIGN_UNSUPPORTED = 25, /* the platform does not know the algorithm */
    RPROCFW_ERR_OLD_LAYOUT_2020 = 30,  /* the 56-byte header of 2020 (host only) */
    RPROCFW_ERR_OLD_LAYOUT_2023 = 31,  /* the 24-byte header of the 2023 beta (host only) */

    RPROCFW_ERR_HASHTYPE_MISSING = 100,   /* no HASHTYPE */
    RPROCFW_ERR_HASHTYPE_LENGTH = 101,    /* HASHTYPE is not 1 byte */
    RPROCFW_ERR_HASHTYPE_UNKNOWN = 102,   /* HASHTYPE is not 1 */
    RPROCFW_ERR_NUM_IMG_MISSING = 103,    /* no NUM_IMG */
    RPROCFW_ERR_NUM_IMG_LENGTH = 104,     /* NUM_IMG is not 1 byte */
    RPROCFW_ERR_NUM_IMG_ZERO = 105,       /* NUM_IMG is 0 */
    RPROCFW_ERR_IMGTYPE_MISSING = 106,    /* no IMGTYPE */
    RPROCFW_ERR_IMGTYPE_LENGTH = 107,     /* IMGTYPE is not one byte an image */
    RPROCFW_ERR_IMGTYPE_UNKNOWN = 108,    /* an IMGTYPE is neither 1 nor 2 */
    RPROCFW_ERR_IMGTYPE_MIXED = 109,      /* plain and encrypted images together */
    RPROCFW_ERR_IMGSIZE_MISSING = 110,    /* no IMGSIZE */
    RPROCFW_ERR_IMGSIZE_LENGTH = 111,     /* IMGSIZE is not 4 bytes an image */
    RPROCFW_ERR_IMGSIZE_ZERO = 112,       /* an IMGSIZE is 0 */
    RPROCFW_ERR_IMGSIZE_UNALIGNED = 113,  /* an IMGSIZE is not a multiple of 8 */
    RPROCFW_ERR_IMGSIZE_SUM = 114,        /* the IMGSIZEs do not add up to img_len */
    RPROCFW_ERR_HASHTABLE_MISSING = 115,  /* no HASHTABLE, or an empty one, with plain images */
    RPROCFW_ERR_HASHTABLE_LENGTH = 116,   /* HASHTABLE is not a multiple of 64 bytes */
    RPROCFW_ERR_HASHTABLE_WITH_ENC = 117, /* HASHTABLE with encrypted images */
    RPROCFW_ERR_ENCTYPE_MISSING = 118,    /* no ENCTYPE with encrypted images */
    RPROCFW_ERR_ENCTYPE_LENGTH = 119,     /* ENCTYPE is not 1 byte */
    RPROCFW_ERR_ENCTYPE_UNKNOWN = 120,    /* ENCTYPE is not 1 */
    RPROCFW_ERR_ENCTABLE_MISSING = 121,   /* no ENCTABLE, or an empty one, with encrypted images */
    RPROCFW_ERR_ENCTABLE_LENGTH = 122,    /* ENCTABLE is not a multiple of 80 bytes */
    RPROCFW_ERR_ENC_WITH_PLAIN = 123,     /* ENCTYPE or ENCTABLE with plain images */
    RPROCFW_ERR_PLATFORM_TLV = 124,       /* the platform refuses a platform TLV */

    RPROCFW_ERR_ELF_SIZE = 150,        /* image smaller than an ELF header */
    RPROCFW_ERR_ELF_MAGIC = 151,       /* no 7F 45 4C 46 at the start of an image */
    RPROCFW_ERR_ELF_CLASS = 152,       /* not ELFCLASS32 */
    RPROCFW_ERR_ELF_DATA = 153,        /* not little-endian */
    RPROCFW_ERR_ELF_VERSION = 154,     /* EI_VERSION is not 1 */
    RPROCFW_ERR_ELF_PHENTSIZE = 155,   /* e_phentsize is not 32 */
    RPROCFW_ERR_ELF_SHENTSIZE = 156,   /* e_shentsize is not 40 */
    RPROCFW_ERR_ELF_PHNUM = 157,       /* e_phnum is 0 */
    RPROCFW_ERR_PHDR_ALIGN = 158,      /* e_phoff is not a multiple of 4 */
    RPROCFW_ERR_PHDR_RANGE = 159,      /* a program header lies outside its image */
    RPROCFW_ERR_PHDR_NOT_SIGNED = 160, /* program header and signed table disagree */
    RPROCFW_ERR_ENTRY_UNUSED = 161,    /* a signed entry has no program header */
    RPROCFW_ERR_SEGMENT_RANGE = 162,   /* a PT_LOAD's bytes lie outside its image */
    RPROCFW_ERR_SEGMENT_FILESZ = 163,  /* a PT_LOAD's p_filesz is larger than its p_memsz */
    RPROCFW_ERR_SEGMENT_ADDRESS = 164, /* a PT_LOAD runs past the end of the address space */
    RPROCFW_ERR_SEGMENT_BLOCK = 165,   /* an encrypted PT_LOAD is no multiple of 16 bytes */
    RPROCFW_ERR_SEGMENT_HASH = 166,    /* a PT_LOAD's bytes do not hash to the signed SHA-256 */
    RPROCFW_ERR_SHDR_ALIGN = 167,      /* e_shoff is not a multiple of 4 */
    RPROCFW_ERR_SHDR_RANGE = 168,      /* section headers lie outside their image */
    RPROCFW_ERR_SHSTRNDX = 169,        /* e_shstrndx is not below e_shnum */
    RPROCFW_ERR_SHSTRTAB_RANGE = 170,  /* the section name table lies outside its image */
    RPROCFW_ERR_SECTION_NAME = 171,    /* sh_name lies outside the section name table */
    RPROCFW_ERR_RSC_NOT_SIGNED = 172,  /* the resource table is in no signed PT_LOAD */
    RPROCFW_ERR_RSC_SIZE = 173,        /* the resource table has fewer than 16 bytes */
    RPROCFW_ERR_RSC_ALIGN = 174,       /* the resource table's offset is no multiple of 4 */
    RPROCFW_ERR_RSC_VERSION = 175,     /* the resource table's version is not 1 */
    RPROCFW_ERR_RSC_RESERVED = 176,    /* the resource table's reserved words are not 0 */
    RPROCFW_ERR_RSC_ENTRIES = 177,     /* the resource table's num entries do not fit its size */
    RPROCFW_ERR_RSC_TWICE = 178,       /* more than one resource table over all images */
    RPROCFW_ERR_DEVICE_ADDRESS = 179,  /* outside the remote processor's memory */
    RPROCFW_ERR_OVERLAP = 180,         /* a PT_LOAD would overwrite file bytes of an earlier one */
    RPROCFW_ERR_INPUT = 190,           /* the signer refuses an input ELF */
    RPROCFW_ERR_ORIGINAL = 191,        /* an image is not the ELF file it should be (host only) */

    RPROCFW_ERR_MEMORY = 200,  /* no memory */
    RPROCFW_ERR_FILE = 201,    /* a file could not be opened, read, written or renamed */
    RPROCFW_ERR_KEY = 202,     /* a key could not be read or cannot be used */
    RPROCFW_ERR_USAGE = 203,   /* contradictory or impossible instructions */
    RPROCFW_ERR_CRYPTO = 204,  /* libcrypto failed */
    RPROCFW_ERR_BOARD = 205,   /* a board's profile or device tree blob cannot be used */
    RPROCFW_ERR_MANIFEST = 206 /* a manifest says something that it may not */
};

/*
 * Where a check failed, and on what: rprocfw_explain (verify.h) tells.
 */
#define RPROCFW_NOWHERE 0xFFFFFFFFu

struct rprocfw_diag {
    uint32_t offset;   /* byte in the container where the refused field or range starts */
    uint32_t tlv;      /* TLV type, or RPROCFW_NOWHERE */
    uint32_t image;    /* number of the image, from 0, or RPROCFW_NOWHERE */
    uint32_t segment;  /* number of the program header in its image, or RPROCFW_NOWHERE */
    uint32_t found;    /* the refused value; its meaning follows from the status */
    uint32_t expected; /* what it should have been, or the bound that it broke */
};

/* "segment-hash": a name for scripts and JSON; stable. NULL for a number that is no status. */
RPROCFW_API const char *rprocfw_status_name(enum rprocfw_status status);

/* One line in English, without a full stop. NULL for a number that is no status. */
RPROCFW_API const char *rprocfw_status_text(enum rprocfw_status status);

/* True for 10 to 199: something was judged and refused. Other failures: it could not be judged. */
RPROCFW_API bool rprocfw_status_is_refusal(enum rprocfw_status status);

/*
 * The TEE_Result (GlobalPlatform TEE Internal Core API) that a device returns for a status: where
 * OP-TEE's remoteproc TA makes the same check, its answer; otherwise the nearest of its answers.
 */
RPROCFW_API uint32_t rprocfw_status_tee_result(enum rprocfw_status status);

#endif
