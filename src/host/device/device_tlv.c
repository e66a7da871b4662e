/* SPDX-License-Identifier: BSD-2-Clause */
/* What a TA checks of header and TLVs, and of the first ELF header: lines 1 to 3 and 7 to 12. */
#include <inttypes.h>

#include "../boards/board.h"
#include "device_steps.h"

/* ---- Header ---- */

/*
 * Measured with 4 KiB, at which 3,692 and 3,884 bytes remained; with other sizes about the same is
 * taken by what else the TA keeps.
 */
#define HEAP_TAKEN_32 212u
#define HEAP_TAKEN_64 404u

uint32_t rprocfw_heap_room(uint32_t size, unsigned bits)
{
    const uint32_t taken = bits == 32 ? HEAP_TAKEN_32 : HEAP_TAKEN_64;

    return size > taken ? size - taken : 0;
}

static uint64_t metadata_size(const struct rprocfw_foretelling *f)
{
    return RPROCFW_HEADER_SIZE + rprocfw_r8(f->header.tlv_len) + rprocfw_r8(f->header.sign_len);
}

/* Do so many bytes, which are what, fit? Nobody knows without a board. */
static bool check_heap(struct rprocfw_foretelling *f, const char *what, uint64_t needed)
{
    const struct rprocfw_ta *ta = &f->answer->ta;
    const uint32_t room = rprocfw_heap_room(ta->heap, ta->bits);

    if (ta->heap == 0 || needed <= room)
        return true;
    return rprocfw_foretell_fails(f, CHECK_HEAP,
                                  "%s take %" PRIu64 " bytes, and in a heap of %" PRIu32
                                  " bytes of a %u-bit TA about %" PRIu32 " are free",
                                  what, needed, ta->heap, ta->bits, room);
}

bool rprocfw_foretell_header(struct rprocfw_foretelling *f)
{
    const struct rprocfw_header *header = &f->header;
    const uint32_t size = f->job->view->size;
    const uint64_t end = metadata_size(f) + rprocfw_r8(header->img_len);

    if (size < RPROCFW_HEADER_SIZE || metadata_size(f) >= size)
        return rprocfw_foretell_fails(f, CHECK_BUFFER_SIZE,
                                      "header, TLVs and signature take %" PRIu64
                                      " bytes, and there must be more in the file; it has %" PRIu32,
                                      metadata_size(f), size);
    if (header->sign_len == 0)
        return rprocfw_foretell_fails(f, CHECK_SIGN_LEN, "the header's sign_len is 0");
    if (header->tlv_len == 0)
        return rprocfw_foretell_fails(f, CHECK_TLV_LEN, "the header's tlv_len is 0");
    if (!check_heap(f, "header, TLVs and signature", metadata_size(f)))
        return false;
    if (header->magic != RPROCFW_MAGIC)
        return rprocfw_foretell_fails(f, CHECK_MAGIC,
                                      "the file starts with 0x%08" PRIx32 ", not with 0x%08x",
                                      header->magic, RPROCFW_MAGIC);
    if (header->version != RPROCFW_VERSION)
        return rprocfw_foretell_fails(f, CHECK_VERSION,
                                      "the header's version is %" PRIu32 ", not %u",
                                      header->version, RPROCFW_VERSION);
    if (end != size)
        return rprocfw_foretell_fails(f, CHECK_CONTAINER_SIZE,
                                      "the header's lengths add up to %" PRIu64
                                      " bytes, and the file has %" PRIu32,
                                      end, size);
    f->payload = (uint32_t)metadata_size(f);
    if (f->tlvs == NULL || f->job->metadata_size < f->payload)
        return rprocfw_foretell_cannot(f, "the TLVs could not be read");
    return true;
}

/* ---- TLVs ---- */

/* The record at *at, and where the next is. False: there is none, or it does not end in the area.
 */
static bool next_tlv(const struct rprocfw_foretelling *f, uint32_t *at, struct rprocfw_tlv *tlv)
{
    const uint32_t end = f->header.tlv_len;

    if (*at > end || end - *at < RPROCFW_TLV_HEADER_SIZE)
        return false;
    tlv->offset = *at;
    tlv->type = rprocfw_u32_decode(f->tlvs + *at);
    tlv->length = rprocfw_u32_decode(f->tlvs + *at + 4);
    tlv->value = f->tlvs + *at + RPROCFW_TLV_HEADER_SIZE;
    if (tlv->length > end - *at - RPROCFW_TLV_HEADER_SIZE)
        return false; /* behind it the TA finds nothing, either */
    *at += RPROCFW_TLV_HEADER_SIZE + (uint32_t)rprocfw_r8(tlv->length);
    return true;
}

const uint8_t *rprocfw_foretell_tlv(const struct rprocfw_foretelling *f, uint32_t type,
                                    uint32_t *length)
{
    struct rprocfw_tlv tlv;
    uint32_t at = 0;

    *length = 0;
    while (next_tlv(f, &at, &tlv)) {
        if (tlv.type != type)
            continue;
        *length = tlv.length;
        return tlv.length != 0 ? tlv.value : NULL;
    }
    return NULL;
}

bool rprocfw_foretell_byte(struct rprocfw_foretelling *f, uint32_t type, enum rprocfw_check missing,
                           enum rprocfw_check wrong_length, uint8_t *value)
{
    uint32_t length;
    const uint8_t *at = rprocfw_foretell_tlv(f, type, &length);
    const char *name = rprocfw_tlv_name(type);

    *value = 0; /* for compilers that do not see that a failure is one */
    if (at == NULL)
        return rprocfw_foretell_fails(f, missing, "there is no TLV %s", name);
    if (length != 1)
        return rprocfw_foretell_fails(f, wrong_length, "the TLV %s has %" PRIu32 " bytes, not 1",
                                      name, length);
    *value = *at;
    return true;
}

/* ---- What only ST's TA checks ---- */

static bool check_plat_tlv(struct rprocfw_foretelling *f, const struct rprocfw_tlv *tlv,
                           unsigned *seen)
{
    const struct rprocfw_board *board = f->board;
    const bool is_addr = tlv->type == RPROCFW_TLV_BOOTADDR;
    const unsigned bit = is_addr ? 1 : 2;

    if (board != NULL && !board->any_tlv && !rprocfw_board_knows_tlv(board, tlv->type))
        return rprocfw_foretell_fails(f, CHECK_PLAT_TLV_UNKNOWN,
                                      "the platform TLV 0x%08" PRIx32 " at offset %" PRIu32
                                      " is none that the board knows",
                                      tlv->type, RPROCFW_HEADER_SIZE + tlv->offset);
    if (!is_addr && tlv->type != RPROCFW_TLV_BOOTSEC)
        return true;
    if (tlv->length != 4)
        return rprocfw_foretell_fails(f, CHECK_PLAT_TLV_LENGTH,
                                      "the platform TLV %s has %" PRIu32 " bytes, not 4",
                                      rprocfw_tlv_name(tlv->type), tlv->length);
    if ((*seen & bit) != 0)
        return rprocfw_foretell_fails(f, CHECK_PLAT_TLV_TWICE, "the platform TLV %s is there twice",
                                      rprocfw_tlv_name(tlv->type));
    *seen |= bit;
    return true;
}

bool rprocfw_foretell_platform(struct rprocfw_foretelling *f)
{
    struct rprocfw_tlv tlv;
    uint8_t hashtype;
    unsigned seen = 0;
    uint32_t at = 0;

    if (!f->rules->st)
        return true;
    if (!rprocfw_foretell_byte(f, RPROCFW_TLV_HASHTYPE, CHECK_HASHTYPE_MISSING,
                               CHECK_HASHTYPE_LENGTH, &hashtype))
        return false;
    if (hashtype != RPROCFW_HASHTYPE_SHA256)
        return rprocfw_foretell_fails(f, CHECK_HASHTYPE_VALUE,
                                      "the TLV HASHTYPE is %u, not SHA-256 (1)", hashtype);
    while (next_tlv(f, &at, &tlv))
        if (rprocfw_tlv_is_platform(tlv.type) && !check_plat_tlv(f, &tlv, &seen))
            return false;
    return true;
}

/* ---- The first ELF header ---- */

bool rprocfw_foretell_first_elf(struct rprocfw_foretelling *f)
{
    const uint32_t img_len = f->header.img_len;
    const struct rprocfw_ehdr *ehdr = &f->ehdr;
    uint8_t bytes[RPROCFW_EHDR_SIZE];

    if (img_len < sizeof(bytes))
        return rprocfw_foretell_fails(f, CHECK_ELF_SIZE,
                                      "the images have %" PRIu32 " bytes: no ELF header", img_len);
    if (!rprocfw_foretell_read(f, &f->headers, f->payload, bytes, sizeof(bytes)))
        return false;
    rprocfw_ehdr_decode(bytes, &f->ehdr);
    if (img_len < (uint64_t)ehdr->shoff + RPROCFW_SHDR_SIZE)
        return rprocfw_foretell_fails(f, CHECK_ELF_SIZE,
                                      "the first image's section headers (e_shoff %" PRIu32
                                      ") are outside the images (%" PRIu32 " bytes)",
                                      ehdr->shoff, img_len);
    if (rprocfw_u32_decode(ehdr->ident) != RPROCFW_ELFMAG)
        return rprocfw_foretell_fails(f, CHECK_ELF_MAGIC, "the first image is no ELF file");
    if (ehdr->ident[RPROCFW_EHDR_VERSION] != RPROCFW_EV_CURRENT)
        return rprocfw_foretell_fails(f, CHECK_ELF_VERSION, "the first image's EI_VERSION is %u",
                                      ehdr->ident[RPROCFW_EHDR_VERSION]);
    if (ehdr->ident[RPROCFW_EHDR_CLASS] != RPROCFW_ELFCLASS32)
        return rprocfw_foretell_fails(f, CHECK_ELF_CLASS, "the first image is no 32-bit ELF file");
    if (ehdr->phentsize != RPROCFW_PHDR_SIZE)
        return rprocfw_foretell_fails(f, CHECK_ELF_PHENTSIZE,
                                      "the first image's e_phentsize is %u, not %u",
                                      ehdr->phentsize, RPROCFW_PHDR_SIZE);
    if (ehdr->shentsize != RPROCFW_SHDR_SIZE)
        return rprocfw_foretell_fails(f, CHECK_ELF_SHENTSIZE,
                                      "the first image's e_shentsize is %u, not %u: without "
                                      "section headers nothing is loaded",
                                      ehdr->shentsize, RPROCFW_SHDR_SIZE);
    if (ehdr->phnum == 0)
        return rprocfw_foretell_fails(f, CHECK_ELF_PHNUM,
                                      "the first image has no program headers: nothing to load");
    return true;
}

/* ---- The signed table ---- */

/* So many bytes are the entries; room for the copy that the TA takes. */
static bool take_table(struct rprocfw_foretelling *f, const uint8_t *table, uint32_t length,
                       uint32_t entry_size)
{
    f->table = table;
    f->entry_size = entry_size;
    f->entries = length / entry_size;
    f->own = 0;
    return check_heap(f, "header, TLVs, signature and a copy of the hash table",
                      metadata_size(f) + length) &&
           rprocfw_foretell_sort(f);
}

static bool find_table(struct rprocfw_foretelling *f, uint32_t type, uint32_t entry_size,
                       enum rprocfw_check missing, enum rprocfw_check wrong_length)
{
    uint32_t length;
    const uint8_t *table = rprocfw_foretell_tlv(f, type, &length);

    if (table == NULL)
        return rprocfw_foretell_fails(f, missing, "there is no TLV %s, or it is empty",
                                      rprocfw_tlv_name(type));
    if (length % entry_size != 0)
        return rprocfw_foretell_fails(f, wrong_length,
                                      "the TLV %s has %" PRIu32 " bytes: no multiple of %" PRIu32,
                                      rprocfw_tlv_name(type), length, entry_size);
    return take_table(f, table, length, entry_size);
}

static bool check_enctype(struct rprocfw_foretelling *f)
{
    uint8_t enctype;

    if (!rprocfw_foretell_byte(f, RPROCFW_TLV_ENCTYPE, CHECK_ENCTYPE_LENGTH, CHECK_ENCTYPE_LENGTH,
                               &enctype))
        return false;
    if (enctype != RPROCFW_ENCTYPE_AES_CBC)
        return rprocfw_foretell_fails(f, CHECK_ENCTYPE_VALUE,
                                      "the TLV ENCTYPE is %u, not AES-CBC (1)", enctype);
    if (f->board != NULL && !f->board->encrypted)
        return rprocfw_foretell_fails(f, CHECK_ENCRYPTION,
                                      "the images are encrypted, and the board loads none that "
                                      "are");
    return true;
}

bool rprocfw_foretell_table(struct rprocfw_foretelling *f)
{
    uint32_t length;

    f->encrypted = f->rules->st && rprocfw_foretell_tlv(f, RPROCFW_TLV_ENCTYPE, &length) != NULL;
    if (!f->encrypted)
        return find_table(f, RPROCFW_TLV_HASHTABLE, RPROCFW_HASH_ENTRY_SIZE,
                          CHECK_HASHTABLE_MISSING, CHECK_HASHTABLE_LENGTH);
    return check_enctype(f) && find_table(f, RPROCFW_TLV_ENCTABLE, RPROCFW_ENC_ENTRY_SIZE,
                                          CHECK_ENCTABLE_MISSING, CHECK_ENCTABLE_LENGTH);
}

/* ---- Images ---- */

bool rprocfw_foretell_num_img(struct rprocfw_foretelling *f)
{
    uint8_t count;

    if (!rprocfw_foretell_byte(f, RPROCFW_TLV_NUM_IMG, CHECK_NUM_IMG_MISSING, CHECK_NUM_IMG_LENGTH,
                               &count))
        return false;
    if (count == 0)
        return rprocfw_foretell_fails(f, CHECK_NUM_IMG_ZERO, "the TLV NUM_IMG is 0");
    f->images = count;
    return true;
}

static bool check_type(struct rprocfw_foretelling *f)
{
    const uint8_t expected = f->encrypted ? RPROCFW_IMGTYPE_ENCRYPTED_ELF : RPROCFW_IMGTYPE_ELF;
    uint32_t length;
    const uint8_t *types = rprocfw_foretell_tlv(f, RPROCFW_TLV_IMGTYPE, &length);

    if (types == NULL)
        return rprocfw_foretell_fails(f, CHECK_IMGTYPE_MISSING, "there is no TLV IMGTYPE");
    if (length != f->images)
        return rprocfw_foretell_fails(
            f, CHECK_IMGTYPE_LENGTH, "the TLV IMGTYPE has %" PRIu32 " bytes for %" PRIu32 " images",
            length, f->images);
    if (types[f->image] != expected)
        return rprocfw_foretell_fails(f, CHECK_IMGTYPE_VALUE, "its IMGTYPE is %u, not %u",
                                      types[f->image], expected);
    return true;
}

bool rprocfw_foretell_image(struct rprocfw_foretelling *f)
{
    uint8_t bytes[RPROCFW_EHDR_SIZE];
    uint32_t length;
    const uint8_t *sizes;

    if (!check_type(f))
        return false;
    sizes = rprocfw_foretell_tlv(f, RPROCFW_TLV_IMGSIZE, &length);
    if (sizes == NULL)
        return rprocfw_foretell_fails(f, CHECK_IMGSIZE_MISSING, "there is no TLV IMGSIZE");
    if (length != 4 * f->images)
        return rprocfw_foretell_fails(
            f, CHECK_IMGSIZE_LENGTH, "the TLV IMGSIZE has %" PRIu32 " bytes for %" PRIu32 " images",
            length, f->images);
    f->size = rprocfw_u32_decode(sizes + (size_t)4 * f->image);
    if (f->size == 0)
        return rprocfw_foretell_fails(f, CHECK_IMGSIZE_ZERO, "its IMGSIZE is 0");
    if (!rprocfw_foretell_read(f, &f->headers, f->start, bytes, sizeof(bytes)))
        return false;
    rprocfw_ehdr_decode(bytes, &f->ehdr);
    return true;
}

/* ---- For who asks ---- */

static bool has(const struct rprocfw_foretelling *f, uint32_t type)
{
    uint32_t length;

    return rprocfw_foretell_tlv(f, type, &length) != NULL;
}

unsigned rprocfw_foretell_usual(const struct rprocfw_foretelling *f)
{
    const bool has_tlvs = f->tlvs != NULL && f->job->metadata_size >= RPROCFW_HEADER_SIZE &&
                          f->header.tlv_len <= f->job->metadata_size - RPROCFW_HEADER_SIZE;

    return has_tlvs && (has(f, RPROCFW_TLV_ENCTYPE) || has(f, RPROCFW_TLV_ENCTABLE)) ? 2 : 0;
}

bool rprocfw_foretell_is_close(const struct rprocfw_foretelling *f)
{
    struct rprocfw_tlv tlv;
    uint32_t at = 0;

    if (f->close || !has(f, RPROCFW_TLV_HASHTYPE))
        return true;
    while (next_tlv(f, &at, &tlv))
        if (rprocfw_tlv_is_platform(tlv.type))
            return true;
    return false;
}

uint64_t rprocfw_foretell_heap(const struct rprocfw_foretelling *f)
{
    return metadata_size(f) + (uint64_t)f->entries * f->entry_size;
}
