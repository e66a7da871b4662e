/* SPDX-License-Identifier: BSD-2-Clause */
/* What a TA checks of program headers, and of the segments that it loads: lines 13 to 18. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "device_steps.h"

/* ---- Entries by address ---- */

static const uint8_t *entry_at(const struct rprocfw_foretelling *f, uint32_t number)
{
    return f->table + (size_t)number * f->entry_size;
}

static int by_key(const void *a, const void *b)
{
    const uint64_t left = *(const uint64_t *)a;
    const uint64_t right = *(const uint64_t *)b;

    return (left > right) - (left < right);
}

bool rprocfw_foretell_sort(struct rprocfw_foretelling *f)
{
    struct rprocfw_addresses *addresses = &f->addresses;
    bool sorted = true;

    if (addresses->table == f->table) {
        f->hash_left = addresses->bytes;
        return true;
    }
    free(addresses->key);
    *addresses = (struct rprocfw_addresses){.key = calloc(f->entries, sizeof(*addresses->key))};
    if (addresses->key == NULL)
        return rprocfw_foretell_broke(f, rprocfw_no_memory(f->error));
    for (uint32_t i = 0; i < f->entries; i++) {
        const uint64_t paddr = rprocfw_u32_decode(entry_at(f, i) + RPROCFW_PHDR_PADDR);

        addresses->bytes += rprocfw_u32_decode(entry_at(f, i) + RPROCFW_PHDR_FILESZ);
        addresses->key[i] = paddr << 32 | i;
        sorted = sorted && (i == 0 || addresses->key[i - 1] < addresses->key[i]);
    }
    if (!sorted) /* most linkers' tables are */
        qsort(addresses->key, f->entries, sizeof(*addresses->key), by_key);
    addresses->table = f->table;
    addresses->count = f->entries;
    f->hash_left = addresses->bytes;
    addresses->distinct = true;
    for (uint32_t i = 1; i < f->entries; i++)
        if (addresses->key[i - 1] >> 32 == addresses->key[i] >> 32)
            addresses->distinct = false;
    return true;
}

static uint32_t first_entry(const struct rprocfw_foretelling *f, uint32_t paddr)
{
    const struct rprocfw_addresses *addresses = &f->addresses;
    const uint64_t key = (uint64_t)paddr << 32;
    uint32_t from = 0;
    uint32_t to = addresses->count;

    while (from < to) {
        const uint32_t middle = from + (to - from) / 2;

        if (addresses->key[middle] < key)
            from = middle + 1;
        else
            to = middle;
    }
    return from < addresses->count && addresses->key[from] >> 32 == paddr
               ? (uint32_t)addresses->key[from]
               : RPROCFW_NOWHERE;
}

/* ---- Digests ---- */

#define CHUNK 65536u

static enum rprocfw_status digest(const struct rprocfw_view *view, uint32_t offset, uint32_t size,
                                  uint8_t sha256[RPROCFW_SHA256_SIZE], struct rprocfw_error *error)
{
    EVP_MD_CTX *hash = EVP_MD_CTX_new();
    uint8_t *chunk = malloc(CHUNK);
    enum rprocfw_status status = RPROCFW_OK;

    if (hash == NULL || chunk == NULL)
        status = rprocfw_no_memory(error);
    else if (EVP_DigestInit_ex2(hash, EVP_sha256(), NULL) != 1)
        status = rprocfw_crypto_error(error, "SHA-256");
    for (uint32_t done = 0; done < size && status == RPROCFW_OK;) {
        const uint32_t part = size - done < CHUNK ? size - done : CHUNK;

        status = view->read(view->ctx, offset + done, chunk, part, error);
        if (status == RPROCFW_OK && EVP_DigestUpdate(hash, chunk, part) != 1)
            status = rprocfw_crypto_error(error, "SHA-256");
        done += part;
    }
    if (status == RPROCFW_OK && EVP_DigestFinal_ex(hash, sha256, NULL) != 1)
        status = rprocfw_crypto_error(error, "SHA-256");
    free(chunk);
    EVP_MD_CTX_free(hash);
    return status;
}

/* own: number of the segment's own entry; RPROCFW_NOWHERE: it is not known to have one. */
static bool check_hash(struct rprocfw_foretelling *f, const struct rprocfw_phdr *phdr,
                       uint32_t entry, uint32_t own)
{
    const uint8_t *expected = entry_at(f, entry) + RPROCFW_PHDR_SIZE;
    uint8_t sha256[RPROCFW_SHA256_SIZE];

    if (f->job->hashed && own == entry)
        return true;
    if (f->job->hashed && own != RPROCFW_NOWHERE) {
        memcpy(sha256, entry_at(f, own) + RPROCFW_PHDR_SIZE, sizeof(sha256));
    } else {
        enum rprocfw_status status;

        if (phdr->filesz > f->hash_left)
            return rprocfw_foretell_cannot(f, "more bytes are loaded than the hash table has");
        f->hash_left -= phdr->filesz;
        status =
            digest(f->job->view, (uint32_t)f->start + phdr->offset, phdr->filesz, sha256, f->error);
        if (status != RPROCFW_OK)
            return rprocfw_foretell_broke(f, status);
    }
    return memcmp(sha256, expected, sizeof(sha256)) == 0 ||
           rprocfw_foretell_fails(f, CHECK_SEGMENT_HASH,
                                  "its bytes do not have the SHA-256 of hash table entry %" PRIu32,
                                  entry);
}

/* ---- Memory ---- */

/* The checks that fail for bytes that a TA cannot put to a place. */
struct place_checks {
    enum rprocfw_check address;
    enum rprocfw_check region;
    enum rprocfw_check map;
};

static const struct place_checks file_checks = {CHECK_SEGMENT_ADDRESS, CHECK_SEGMENT_REGION,
                                                CHECK_SEGMENT_MAP};
static const struct place_checks zero_checks = {CHECK_ZERO_FILL_ADDRESS, CHECK_ZERO_FILL_REGION,
                                                CHECK_ZERO_FILL_MAP};

static bool check_place(struct rprocfw_foretelling *f, uint32_t da, uint32_t size,
                        const struct place_checks *checks, const char *what)
{
    const struct rprocfw_board *board = f->board;
    const uint32_t limit = f->answer->ta.map_limit;
    enum rprocfw_board_place place;

    if (board == NULL)
        return true;
    place = rprocfw_board_find(board, da, size, NULL, NULL);
    if (place == RPROCFW_PLACE_NO_REGION && f->rules->st)
        return rprocfw_foretell_fails(f, checks->region,
                                      "its %" PRIu32 " %s at 0x%08" PRIx32
                                      " do not lie within one memory region of the board",
                                      size, what, da);
    if (place != RPROCFW_PLACE_INSIDE)
        return rprocfw_foretell_fails(
            f, checks->address, "its %" PRIu32 " %s at 0x%08" PRIx32 " do not lie within one %s",
            size, what, da,
            f->rules->st ? "part of what the remote processor reaches (dma-ranges)"
                         : "memory region of the board");
    if (limit != 0 && size > limit)
        return rprocfw_foretell_fails(f, checks->map,
                                      "its %" PRIu32 " %s at 0x%08" PRIx32
                                      " are more than the TEE can map: %" PRIu32,
                                      size, what, da, limit);
    return true;
}

/* ---- Segments ---- */

#define PT_NOTE      4u
#define PT_GNU_STACK 0x6474E551u
#define PT_ARM_EXIDX 0x70000001u

/* Of what stands before a PT_LOAD where it should not. */
static const char *type_name(uint32_t type)
{
    switch (type) {
    case RPROCFW_PT_NULL:
        return "PT_NULL";
    case PT_NOTE:
        return "PT_NOTE";
    case PT_GNU_STACK:
        return "PT_GNU_STACK";
    case PT_ARM_EXIDX:
        return "PT_ARM_EXIDX";
    default:
        return "program header of another type";
    }
}

static bool check_payload(struct rprocfw_foretelling *f, const struct rprocfw_phdr *phdr)
{
    return f->start - f->payload + phdr->offset + phdr->filesz <= f->header.img_len ||
           rprocfw_foretell_fails(f, CHECK_SEGMENT_PAYLOAD,
                                  "its bytes end beyond the images' %" PRIu32 " bytes",
                                  f->header.img_len);
}

/* The entry that the TA takes for a PT_LOAD: the first at its address. own as in check_hash. */
static bool find_entry(struct rprocfw_foretelling *f, const struct rprocfw_phdr *phdr, uint32_t own,
                       uint32_t *number)
{
    struct rprocfw_phdr entry;

    *number = own;
    if (own != RPROCFW_NOWHERE && f->addresses.distinct)
        return check_payload(f, phdr); /* there is no other, and it is the same */
    *number = first_entry(f, phdr->paddr);
    if (*number == RPROCFW_NOWHERE)
        return rprocfw_foretell_fails(f, CHECK_HASH_ENTRY_MISSING,
                                      "the hash table has no entry with its p_paddr 0x%08" PRIx32,
                                      phdr->paddr);
    rprocfw_phdr_decode(entry_at(f, *number), &entry);
    if (entry.type != RPROCFW_PT_LOAD)
        return rprocfw_foretell_fails(f, CHECK_HASH_ENTRY_TYPE,
                                      "the first hash table entry with its p_paddr 0x%08" PRIx32
                                      ", number %" PRIu32 ", is of a %s, not of this PT_LOAD",
                                      phdr->paddr, *number, type_name(entry.type));
    if (entry.filesz != phdr->filesz || entry.memsz != phdr->memsz)
        return rprocfw_foretell_fails(
            f, CHECK_HASH_ENTRY_SIZE,
            "the first hash table entry with its p_paddr 0x%08" PRIx32 ", number %" PRIu32
            ", has p_filesz %" PRIu32 " and p_memsz %" PRIu32 ", the segment %" PRIu32
            " and %" PRIu32,
            phdr->paddr, *number, entry.filesz, entry.memsz, phdr->filesz, phdr->memsz);
    return check_payload(f, phdr);
}

static bool check_range(struct rprocfw_foretelling *f, const struct rprocfw_phdr *phdr)
{
    const uint64_t end = (uint64_t)phdr->offset + phdr->filesz;
    const bool fits = f->rules->looks_at_all ? end <= f->size : end < f->size;

    f->close = f->close || end == f->size;
    return fits || rprocfw_foretell_fails(
                       f, CHECK_SEGMENT_RANGE,
                       "its bytes, %" PRIu32 " at offset %" PRIu32 ", are to end %s the image's "
                       "%" PRIu32 " bytes",
                       phdr->filesz, phdr->offset,
                       f->rules->looks_at_all ? "within" : "before the last of", f->size);
}

static bool load(struct rprocfw_foretelling *f, const struct rprocfw_phdr *phdr, uint32_t own)
{
    const bool has_table = !f->rules->no_table;
    uint32_t entry = own;

    if (!check_range(f, phdr) || (has_table && !find_entry(f, phdr, own, &entry)))
        return false;
    if (phdr->filesz != 0 && (!check_place(f, phdr->paddr, phdr->filesz, &file_checks, "bytes") ||
                              (has_table && !check_hash(f, phdr, entry, own))))
        return false;
    return phdr->memsz <= phdr->filesz ||
           check_place(f, phdr->paddr + phdr->filesz, phdr->memsz - phdr->filesz, &zero_checks,
                       "bytes of zero");
}

/* Number of the entry that stands beside a program header; RPROCFW_NOWHERE: none is the same. */
static uint32_t own_entry(struct rprocfw_foretelling *f, const uint8_t phdr[RPROCFW_PHDR_SIZE])
{
    if (f->own == f->entries || memcmp(entry_at(f, f->own), phdr, RPROCFW_PHDR_SIZE) != 0)
        return RPROCFW_NOWHERE;
    return f->own++;
}

/* Entries of nothing, which end an image's part of an ENCTABLE. */
static void skip_padding(struct rprocfw_foretelling *f)
{
    static const uint8_t zero[RPROCFW_ENC_ENTRY_SIZE];

    while (f->encrypted && f->own < f->entries &&
           memcmp(entry_at(f, f->own), zero, f->entry_size) == 0)
        f->own++;
}

static bool check_phdr(struct rprocfw_foretelling *f, uint32_t number)
{
    const uint64_t offset = f->ehdr.phoff + (uint64_t)number * RPROCFW_PHDR_SIZE;
    const bool fits = offset + RPROCFW_PHDR_SIZE <= f->size;
    uint8_t bytes[RPROCFW_PHDR_SIZE];
    struct rprocfw_phdr phdr = {0};
    uint32_t own = RPROCFW_NOWHERE;

    if (fits || !f->rules->looks_at_all) {
        if (!rprocfw_foretell_read(f, &f->headers, f->start + offset, bytes, sizeof(bytes)))
            return false;
        own = own_entry(f, bytes);
        rprocfw_phdr_decode(bytes, &phdr);
        if (!fits && phdr.type != RPROCFW_PT_LOAD)
            return true; /* nor does it matter to this TA where it stands */
    }
    if (!fits)
        return rprocfw_foretell_fails(f, CHECK_PHDR_RANGE,
                                      "its program header, at offset %" PRIu64
                                      ", is outside the image's %" PRIu32 " bytes",
                                      offset, f->size);
    return phdr.type != RPROCFW_PT_LOAD || load(f, &phdr, own);
}

bool rprocfw_foretell_segments(struct rprocfw_foretelling *f)
{
    const uint32_t phoff = f->ehdr.phoff;

    if ((f->start + phoff) % 4 != 0)
        return rprocfw_foretell_fails(
            f, CHECK_PHDR_ALIGNMENT,
            "its program headers (e_phoff %" PRIu32 ") are not at a multiple of 4", phoff);
    if (!f->rules->looks_at_all && phoff >= f->size)
        return rprocfw_foretell_fails(f, CHECK_PHDR_RANGE,
                                      "its program headers (e_phoff %" PRIu32
                                      ") are outside the image's %" PRIu32 " bytes",
                                      phoff, f->size);
    for (f->segment = 0; f->segment < f->ehdr.phnum; f->segment++)
        if (!check_phdr(f, f->segment))
            return false;
    f->segment = RPROCFW_NOWHERE;
    skip_padding(f);
    return true;
}
