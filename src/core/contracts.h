/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The words of core's contracts. A contract is a comment that begins with an @, in ACSL, the
 * language of Frama-C: above each function what it requires, what it assigns, what holds after it.
 * tests/proof/wp.sh has them proved, with tests/proof/wp-platform.h for any platform; no compiler
 * sees them.
 */
#ifndef RPROCFW_CORE_CONTRACTS_H
#define RPROCFW_CORE_CONTRACTS_H

#include <rprocfw/verify.h>

/*@
  // What WP does not know of C's bits: wp.sh has these proved on bit vectors.
  lemma wraps: \forall integer n; 0 < n - UINT32_MAX <= UINT32_MAX ==>
      (uint32_t)n == n - UINT32_MAX - 1;
  lemma masks: \forall integer n; 0 <= n <= UINT32_MAX ==> (n & 0xFFFFFFF8) == n / 8 * 8;
  lemma shifts: \forall integer n; 0 <= n <= UINT8_MAX ==> (n << 8) == 0x100 * n;

  // Little-endian words at any address.
  logic uint16_t u16_at{L}(uint8_t *at) = (uint16_t)(at[0] | at[1] << 8);
  logic integer u32_at{L}(uint8_t *at) =
      at[0] | (uint32_t)(at[1] << 8) | (uint32_t)(at[2] << 16) | (uint32_t)(at[3] << 24);
  predicate is_u32_at{L}(uint8_t *at, integer n) =
      at[0] == (uint8_t)n && at[1] == (uint8_t)(n >> 8) && at[2] == (uint8_t)(n >> 16) &&
      at[3] == (uint8_t)(n >> 24);

  // n rounded up to a multiple of 8.
  logic integer r8(integer n) = (n + 7) / 8 * 8;
  lemma r8_up: \forall integer n; 0 <= n ==> n <= r8(n) <= n + 7;
  lemma r8_order: \forall integer a, b; 0 <= a <= b ==> r8(a) <= r8(b);

  // Item number i of n, each of that size, lies among them.
  lemma item: \forall integer i, n, size; 0 <= i < n && 0 < size ==>
      0 <= i * size <= n * size - size;

  // Is [offset, offset + size) inside [0, limit)?
  predicate inside(integer offset, integer size, integer limit) = offset + size <= limit;

  // What stands in a header, a program header, a section header of these bytes.
  predicate header_at{L}(uint8_t *at, struct rprocfw_header *header) =
      header->magic == u32_at(at) && header->version == u32_at(at + 4) &&
      header->tlv_len == u32_at(at + 8) && header->sign_len == u32_at(at + 12) &&
      header->img_len == u32_at(at + 16);
  predicate phdr_at{L}(uint8_t *at, struct rprocfw_phdr *phdr) =
      phdr->type == u32_at(at) && phdr->offset == u32_at(at + 4) &&
      phdr->vaddr == u32_at(at + 8) && phdr->paddr == u32_at(at + RPROCFW_PHDR_PADDR) &&
      phdr->filesz == u32_at(at + RPROCFW_PHDR_FILESZ) &&
      phdr->memsz == u32_at(at + RPROCFW_PHDR_MEMSZ) &&
      phdr->flags == u32_at(at + 24) && phdr->align == u32_at(at + 28);
  predicate shdr_at{L}(uint8_t *at, struct rprocfw_shdr *shdr) =
      shdr->name == u32_at(at) && shdr->type == u32_at(at + 4) && shdr->addr == u32_at(at + 12) &&
      shdr->offset == u32_at(at + 16) && shdr->size == u32_at(at + 20);

  // What header_check calls good: the parts follow each other, and end where the container does.
  predicate layout_of{L}(struct rprocfw_header *header, struct rprocfw_layout *layout) =
      layout->tlv_size == r8(header->tlv_len) &&
      layout->signature == RPROCFW_HEADER_SIZE + layout->tlv_size &&
      layout->payload == layout->signature + r8(header->sign_len) &&
      layout->size == layout->payload + r8(header->img_len);

  // An iterator over its area; and a record whose value lies inside that area.
  predicate iterates{L}(struct rprocfw_tlv_iter *iter) =
      iter->length <= UINT32_MAX - 7 && iter->next <= r8(iter->length) &&
      \valid_read(iter->area + (0 .. r8(iter->length) - 1));
  predicate value_inside{L}(struct rprocfw_tlv *tlv, struct rprocfw_tlv_iter *iter) =
      tlv->value == iter->area + tlv->offset + RPROCFW_TLV_HEADER_SIZE &&
      inside(tlv->offset + RPROCFW_TLV_HEADER_SIZE, tlv->length, iter->length);

  // What every part of the verdict is given, and leaves as it is.
  predicate verifier{L}(struct rprocfw_verifier *v) =
      \valid(v) && any_platform(v->platform) && \separated(v, v->platform);

  // The signed table, and how far it is used.
  predicate table{L}(struct rprocfw_verifier *v) =
      (v->entry_size == RPROCFW_HASH_ENTRY_SIZE || v->entry_size == RPROCFW_ENC_ENTRY_SIZE) &&
      v->entry <= v->entries && v->entries * v->entry_size <= UINT32_MAX &&
      \valid_read(v->table + (0 .. v->entries * v->entry_size - 1)) &&
      \separated(v, v->table + (0 .. v->entries * v->entry_size - 1));

  // Its program headers, its section headers, its section names lie inside the image.
  predicate phdrs_inside{L}(struct rprocfw_verifier *v) =
      inside(u32_at(v->ehdr + RPROCFW_EHDR_PHOFF),
             u16_at(v->ehdr + RPROCFW_EHDR_PHNUM) * RPROCFW_PHDR_SIZE, v->image.size);
  predicate names_inside{L}(struct rprocfw_verifier *v) =
      inside(v->names.offset, v->names.size, v->image.size);

  // The resource table that the section headers tell of, if they do.
  predicate rsc_inside{L}(struct rprocfw_verifier *v) = v->rsc.size == 0 ||
      inside(v->rsc.offset, v->rsc.size, v->image.size) && v->rsc.size >= RPROCFW_RSC_HEADER_SIZE;

  // What a signed entry loads lies inside an image of that size.
  predicate entry_inside{L}(uint8_t *entry, integer size) =
      u32_at(entry) == RPROCFW_PT_LOAD ==> inside(u32_at(entry + 4),
          u32_at(entry + RPROCFW_PHDR_FILESZ), size);

  // What v->segment loads lies inside the image, and inside the address space.
  predicate segment_inside{L}(struct rprocfw_verifier *v) =
      inside(v->segment.phdr.offset, v->segment.phdr.filesz, v->image.size) &&
      v->segment.phdr.filesz <= v->segment.phdr.memsz &&
      v->segment.phdr.paddr + v->segment.phdr.memsz <= UINT32_MAX + 1;
*/

#endif
