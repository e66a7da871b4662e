/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The words of core's contracts. A contract is a comment that begins with an @, in ACSL, the
 * language of Frama-C: above each function what it requires, what it assigns, what holds after it.
 * tests/proof/wp.sh has them proved, with tests/proof/wp-platform.h for any platform; no compiler
 * sees them.
 */
#ifndef RPROCFW_CORE_CONTRACTS_H
#define RPROCFW_CORE_CONTRACTS_H

#include <rprocfw/rproc.h>

/*
 * The members of a struct, for assigns: WP does not see that the rest of a larger struct is as it
 * was when one that is a member of it is assigned as a whole.
 */
#define MEMBERS_OF_ITER(i) (i).area, (i).length, (i).next, (i).status
#define MEMBERS_OF_TLV(t)  (t).type, (t).length, (t).offset, (t).value
#define MEMBERS_OF_SHDR(s) (s).name, (s).type, (s).addr, (s).offset, (s).size
#define MEMBERS_OF_PHDR(p) \
    (p).type, (p).offset, (p).vaddr, (p).paddr, (p).filesz, (p).memsz, (p).flags, (p).align
#define MEMBERS_OF_HEADER(h) (h).magic, (h).version, (h).tlv_len, (h).sign_len, (h).img_len
#define MEMBERS_OF_LAYOUT(l) (l).tlv_size, (l).signature, (l).payload, (l).size
#define MEMBERS_OF_IMAGE(i)                                                               \
    (i).index, (i).offset, (i).size, (i).first_entry, (i).entry_count, (i).has_rsc_table, \
        (i).rsc_da, (i).rsc_size
#define MEMBERS_OF_SEGMENT(s)                                                                   \
    MEMBERS_OF_PHDR((s).phdr), (s).image, (s).index, (s).entry, (s).offset, (s).sha256, (s).iv, \
        (s).rsc_offset

#ifdef PROOF_OF_BITS /* for the functions alone that have to do with them: they are a burden */
/*@
  // What WP does not know of C's bits: wp.sh has these proved on bit vectors.
  lemma wraps: \forall integer n; 0 < n - UINT32_MAX <= UINT32_MAX ==>
      (uint32_t)n == n - UINT32_MAX - 1;
  lemma masks: \forall integer n; 0 <= n <= UINT32_MAX ==> (n & 0xFFFFFFF8) == n / 8 * 8;
  lemma shifts: \forall integer n; 0 <= n <= UINT8_MAX ==> (n << 8) == 0x100 * n;
  lemma two{L}: \forall uint8_t *at; 0 <= at[0] <= UINT8_MAX && 0 <= at[1] <= UINT8_MAX ==>
      (uint16_t)(at[0] | at[1] << 8) == at[0] + 0x100 * at[1];
  lemma four{L}: \forall uint8_t *at;
      0 <= at[0] <= UINT8_MAX && 0 <= at[1] <= UINT8_MAX &&
      0 <= at[2] <= UINT8_MAX && 0 <= at[3] <= UINT8_MAX ==>
      (at[0] | (uint32_t)(at[1] << 8) | (uint32_t)(at[2] << 16) | (uint32_t)(at[3] << 24)) ==
          at[0] + 0x100 * at[1] + 0x10000 * at[2] + 0x1000000 * at[3];
  lemma differ: \forall integer a, b; 0 <= a <= UINT32_MAX && 0 <= b <= UINT32_MAX ==>
      ((uint32_t)(a ^ b) == 0 <==> a == b);
*/
#endif

/* Of memory.c: the number of the range behind the last one, which is not handed to all. */
//@ ghost extern uint32_t last;

/*@
  // Little-endian words at any address.
  logic integer u16_at{L}(uint8_t *at) = at[0] + 0x100 * at[1];
  logic integer u32_at{L}(uint8_t *at) =
      at[0] + 0x100 * at[1] + 0x10000 * at[2] + 0x1000000 * at[3];
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

  // The private copy of the metadata, as its header says; and an iterator over its TLV area.
  predicate metadata{L}(struct rprocfw_verifier *v) =
      layout_of(&v->header, &v->layout) &&
      \valid_read(v->metadata + (0 .. v->layout.payload - 1)) &&
      \separated(v, v->metadata + (0 .. v->layout.payload - 1));
  predicate walks{L}(struct rprocfw_verifier *v, struct rprocfw_tlv_iter *iter) =
      iterates(iter) && iter->area == v->metadata + RPROCFW_HEADER_SIZE &&
      iter->length == v->header.tlv_len;

  // v->tlv is a record of that type, whose value lies inside the TLV area.
  predicate found{L}(struct rprocfw_verifier *v, integer type) = v->tlv.type == type &&
      v->tlv.value ==
          v->metadata + RPROCFW_HEADER_SIZE + v->tlv.offset + RPROCFW_TLV_HEADER_SIZE &&
      inside(v->tlv.offset + RPROCFW_TLV_HEADER_SIZE, v->tlv.length, v->header.tlv_len);

  // After rprocfw_verify_begin, if the header is good: nothing is authentic, no entry is there.
  predicate begun{L}(struct rprocfw_verifier *v) = verifier(v) &&
      layout_of(&v->header, &v->layout) && v->layout.size == v->container_size &&
      v->authentic == 0 && v->entry == 0 && v->entries == 0;

  // What rprocfw_verdict asks for, beside a status.
  predicate good{L}(struct rprocfw_verifier *v) =
      v->authentic == RPROCFW_AUTHENTIC && v->entry == v->entries;

  // The work buffer, which the caller lends.
  predicate work_buffer{L}(struct rprocfw_verifier *v, uint8_t *work, integer size) =
      \valid(work + (0 .. size - 1)) && \separated(v, work + (0 .. size - 1)) &&
      \separated(v->platform, work + (0 .. size - 1));

  // The signed sizes of the images, one behind the other; and what so many of them come to.
  predicate sizes{L}(struct rprocfw_verifier *v) =
      \valid_read(v->image_sizes + (0 .. 4 * v->images - 1)) &&
      \separated(v, v->image_sizes + (0 .. 4 * v->images - 1));
  logic integer sum{L}(uint8_t *sizes, integer n) =
      n <= 0 ? 0 : sum(sizes, n - 1) + u32_at(sizes + 4 * (n - 1));

  // The signed table, and how far it is used.
  predicate table{L}(struct rprocfw_verifier *v) =
      (v->entry_size == RPROCFW_HASH_ENTRY_SIZE || v->entry_size == RPROCFW_ENC_ENTRY_SIZE) &&
      v->entry <= v->entries && v->entries * v->entry_size <= UINT32_MAX &&
      \valid_read(v->table + (0 .. v->entries * v->entry_size - 1)) &&
      \separated(v, v->table + (0 .. v->entries * v->entry_size - 1));

  // Entry number i; and how many bytes it loads, and zeroes behind them.
  logic uint8_t *entry_at{L}(struct rprocfw_verifier *v, integer i) =
      v->table + i * v->entry_size;
  logic integer file_bytes{L}(uint8_t *entry) =
      u32_at(entry) == RPROCFW_PT_LOAD ? u32_at(entry + RPROCFW_PHDR_FILESZ) : 0;
  logic integer zero_bytes{L}(uint8_t *entry) =
      u32_at(entry) == RPROCFW_PT_LOAD &&
      u32_at(entry + RPROCFW_PHDR_PADDR) + u32_at(entry + RPROCFW_PHDR_FILESZ) <= UINT32_MAX ?
      \max(0, u32_at(entry + RPROCFW_PHDR_MEMSZ) - u32_at(entry + RPROCFW_PHDR_FILESZ)) : 0;

  // None of so many ranges begins before the one in front of it has ended.
  predicate apart{L}(struct rprocfw_range *range, integer count) =
      \forall integer i, j; 0 <= i < j < count ==>
          range[i].pa + range[i].size <= range[j].pa;

  // next leads onwards, to last at the furthest; over no range but those that were left out.
  predicate left_out{L}(struct rprocfw_range *range, integer i) = range[i].next != i;
  predicate chain{L}(struct rprocfw_range *range, integer last) =
      range[last].next == last &&
      (\forall integer i; 0 <= i <= last ==> i <= range[i].next <= last) &&
      (\forall integer i, j; 0 <= i <= j < range[i].next && i <= last ==> left_out(range, j));

  // What sort does to the ranges.
  predicate swapped{L1, L2}(struct rprocfw_range *a, struct rprocfw_range *b) =
      \at(a->pa, L1) == \at(b->pa, L2) && \at(b->pa, L1) == \at(a->pa, L2) &&
      \at(a->size, L1) == \at(b->size, L2) && \at(b->size, L1) == \at(a->size, L2) &&
      \at(a->entry, L1) == \at(b->entry, L2) && \at(b->entry, L1) == \at(a->entry, L2);

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

  // What rprocfw_explain looks at, if it is there: whole, and in the private copy.
  predicate explainable{L}(struct rprocfw_verifier *v) = \valid_read(v) &&
      (v->metadata != \null ==> layout_of(&v->header, &v->layout) &&
          \valid_read(v->metadata + (0 .. v->layout.payload - 1))) &&
      (v->tlv.value != \null ==> \base_addr(v->tlv.value) == \base_addr(v->metadata) &&
          \valid_read(v->tlv.value + (0 .. v->tlv.length - 1))) &&
      (v->table != \null ==> v->metadata != \null &&
          \base_addr(v->table) == \base_addr(v->metadata) &&
          v->entries * RPROCFW_HASH_ENTRY_SIZE <= UINT32_MAX);

  // The remote processors of a device; and one of those that are known.
  predicate life{L}(struct rprocfw_rprocs *r) = \valid(r) && any_life(r->platform) &&
      r->used <= r->count && \valid(r->rproc + (0 .. r->count - 1)) &&
      \separated(r, r->platform, r->rproc + (0 .. r->count - 1));
  predicate known{L}(struct rprocfw_rprocs *r, struct rprocfw_rproc *rproc) =
      \exists integer i; 0 <= i < r->used && rproc == r->rproc + i;

  // What v->segment loads lies inside the image, and inside the address space.
  predicate segment_inside{L}(struct rprocfw_verifier *v) =
      inside(v->segment.phdr.offset, v->segment.phdr.filesz, v->image.size) &&
      v->segment.phdr.filesz <= v->segment.phdr.memsz &&
      v->segment.phdr.paddr + v->segment.phdr.memsz <= UINT32_MAX + 1;
*/

#endif
