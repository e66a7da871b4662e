/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Decoders for what stands in a container: header, TLV records, ELF headers. They judge nothing
 * but their own bounds; rprocfw/verify.h judges. All work on bytes in the caller's memory, keep no
 * pointer beyond what they return, and need no alignment.
 */
#ifndef RPROCFW_IMAGE_H
#define RPROCFW_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <rprocfw/format.h>
#include <rprocfw/status.h>

/* The five words of the header, see format.h. */
struct rprocfw_header {
    uint32_t magic;
    uint32_t version;
    uint32_t tlv_len;  /* bytes */
    uint32_t sign_len; /* bytes */
    uint32_t img_len;  /* bytes */
};

RPROCFW_API void rprocfw_header_decode(const uint8_t bytes[RPROCFW_HEADER_SIZE],
                                       struct rprocfw_header *header);

RPROCFW_API void rprocfw_header_encode(uint8_t bytes[RPROCFW_HEADER_SIZE],
                                       const struct rprocfw_header *header);

/* Byte offsets that follow from a header. */
struct rprocfw_layout {
    uint32_t tlv_size;  /* bytes of TLV area: r8(tlv_len); the area starts at 20 */
    uint32_t signature; /* where the signature starts; header and TLV area before it are signed */
    uint32_t payload;   /* where the payload starts = bytes of metadata */
    uint32_t size;      /* where the payload ends = bytes of container */
};

/*
 * Checks a decoded header against the container's size, in bytes. On RPROCFW_OK *layout is
 * written; its sums do not wrap. Otherwise one of RPROCFW_ERR_MAGIC, _VERSION, _TLV_LEN_ZERO,
 * _SIGN_LEN_ZERO, _SIZE: *layout is undefined, but for RPROCFW_ERR_SIZE, where size is what the
 * lengths add up to, or UINT32_MAX if that is no u32.
 */
RPROCFW_API RPROCFW_MUST_USE enum rprocfw_status
rprocfw_header_check(const struct rprocfw_header *header, uint32_t container_size,
                     struct rprocfw_layout *layout);

/* One record of the TLV area. */
struct rprocfw_tlv {
    uint32_t type;
    uint32_t length;      /* bytes of value */
    uint32_t offset;      /* of the record, from the start of the TLV area */
    const uint8_t *value; /* in the area that the iterator was given */
};

/* The one way to walk a TLV area. Treat the members as private, but for status. */
struct rprocfw_tlv_iter {
    const uint8_t *area;
    uint32_t length;            /* tlv_len */
    uint32_t next;              /* offset of the next record */
    enum rprocfw_status status; /* why the walk ended: RPROCFW_OK at the end of the area */
};

/* area holds r8(length) bytes and outlives the iterator. */
RPROCFW_API void rprocfw_tlv_begin(struct rprocfw_tlv_iter *iter, const uint8_t *area,
                                   uint32_t length);

/*
 * True: *tlv is the next record, whose value lies inside the area and is followed by zero padding.
 * False: the end, with iter->status RPROCFW_OK; or RPROCFW_ERR_TLV_HEADER, _TLV_LENGTH or
 * _TLV_PADDING, then tlv->offset (and for the last two type and length) are those of the record.
 */
RPROCFW_API bool rprocfw_tlv_next(struct rprocfw_tlv_iter *iter, struct rprocfw_tlv *tlv);

RPROCFW_API bool rprocfw_tlv_is_platform(uint32_t type);

/* True for types that may stand once in a container: those of format.h and all platform TLVs. */
RPROCFW_API bool rprocfw_tlv_is_unique(uint32_t type);

/* The members of an ELF header (Elf32_Ehdr) that decide something, or that people want to see. */
struct rprocfw_ehdr {
    uint8_t ident[8]; /* magic, class, data, version, OS ABI */
    uint16_t type;
    uint16_t machine;
    uint32_t entry;
    uint32_t phoff;
    uint32_t shoff;
    uint32_t flags;
    uint16_t phentsize;
    uint16_t phnum;
    uint16_t shentsize;
    uint16_t shnum;
    uint16_t shstrndx;
};

RPROCFW_API void rprocfw_ehdr_decode(const uint8_t bytes[RPROCFW_EHDR_SIZE],
                                     struct rprocfw_ehdr *ehdr);

/* A program header (Elf32_Phdr): offsets and sizes in bytes, addresses are device addresses. */
struct rprocfw_phdr {
    uint32_t type;
    uint32_t offset; /* from the start of the image */
    uint32_t vaddr;
    uint32_t paddr; /* where devices load the segment */
    uint32_t filesz;
    uint32_t memsz;
    uint32_t flags;
    uint32_t align;
};

RPROCFW_API void rprocfw_phdr_decode(const uint8_t bytes[RPROCFW_PHDR_SIZE],
                                     struct rprocfw_phdr *phdr);

/* Of a section header (Elf32_Shdr) what people and the resource table need. */
struct rprocfw_shdr {
    uint32_t name; /* offset in the section name table */
    uint32_t type;
    uint32_t addr;
    uint32_t offset; /* from the start of the image, bytes */
    uint32_t size;   /* bytes */
};

RPROCFW_API void rprocfw_shdr_decode(const uint8_t bytes[RPROCFW_SHDR_SIZE],
                                     struct rprocfw_shdr *shdr);

/* Little-endian words, for the values of TLVs. */
RPROCFW_API uint32_t rprocfw_u32_decode(const uint8_t bytes[4]);
RPROCFW_API void rprocfw_u32_encode(uint8_t bytes[4], uint32_t value);

#endif
