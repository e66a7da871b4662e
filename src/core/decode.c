/* SPDX-License-Identifier: BSD-2-Clause */
/* Headers from and to wire bytes: format.h says where their members stand. */
#include <string.h>

#include <rprocfw/image.h>

#include "decode.h"

/*@ requires \valid_read(bytes + (0 .. 3));
    assigns \nothing;
    ensures \result == u32_at(bytes);
*/
uint32_t rprocfw_u32_decode(const uint8_t bytes[4])
{
    return rprocfw_le32(bytes);
}

/*@ requires \valid(bytes + (0 .. 3));
    assigns bytes[0 .. 3];
    ensures is_u32_at(bytes, value);
*/
void rprocfw_u32_encode(uint8_t bytes[4], uint32_t value)
{
    bytes[0] = (uint8_t)value;
    bytes[1] = (uint8_t)(value >> 8);
    bytes[2] = (uint8_t)(value >> 16);
    bytes[3] = (uint8_t)(value >> 24);
}

/*@ requires \valid_read(bytes + (0 .. RPROCFW_HEADER_SIZE - 1));
    requires \valid(header);
    requires \separated(header, bytes + (0 .. RPROCFW_HEADER_SIZE - 1));
    assigns MEMBERS_OF_HEADER(*header);
    ensures header_at(bytes, header);
*/
void rprocfw_header_decode(const uint8_t bytes[RPROCFW_HEADER_SIZE], struct rprocfw_header *header)
{
    header->magic = rprocfw_le32(bytes);
    header->version = rprocfw_le32(bytes + 4);
    header->tlv_len = rprocfw_le32(bytes + 8);
    header->sign_len = rprocfw_le32(bytes + 12);
    header->img_len = rprocfw_le32(bytes + 16);
}

/*@ requires \valid(bytes + (0 .. RPROCFW_HEADER_SIZE - 1));
    requires \valid_read(header);
    requires \separated(header, bytes + (0 .. RPROCFW_HEADER_SIZE - 1));
    assigns bytes[0 .. RPROCFW_HEADER_SIZE - 1];
    ensures is_u32_at(bytes, header->magic);
    ensures is_u32_at(bytes + 4, header->version);
    ensures is_u32_at(bytes + 8, header->tlv_len);
    ensures is_u32_at(bytes + 12, header->sign_len);
    ensures is_u32_at(bytes + 16, header->img_len);
*/
void rprocfw_header_encode(uint8_t bytes[RPROCFW_HEADER_SIZE], const struct rprocfw_header *header)
{
    rprocfw_u32_encode(bytes, header->magic);
    rprocfw_u32_encode(bytes + 4, header->version);
    rprocfw_u32_encode(bytes + 8, header->tlv_len);
    //@ assert is_u32_at(bytes, header->magic);
    rprocfw_u32_encode(bytes + 12, header->sign_len);
    //@ assert is_u32_at(bytes + 4, header->version);
    rprocfw_u32_encode(bytes + 16, header->img_len);
}

/*@ requires \valid_read(bytes + (0 .. RPROCFW_EHDR_SIZE - 1));
    requires \valid(ehdr);
    requires \separated(ehdr, bytes + (0 .. RPROCFW_EHDR_SIZE - 1));
    assigns *ehdr;
    ensures \forall integer i; 0 <= i < 8 ==> ehdr->ident[i] == bytes[i];
    ensures ehdr->type == u16_at(bytes + 16);
    ensures ehdr->machine == u16_at(bytes + 18);
    ensures ehdr->entry == u32_at(bytes + 24);
    ensures ehdr->phoff == u32_at(bytes + RPROCFW_EHDR_PHOFF);
    ensures ehdr->shoff == u32_at(bytes + RPROCFW_EHDR_SHOFF);
    ensures ehdr->flags == u32_at(bytes + 36);
    ensures ehdr->phentsize == u16_at(bytes + RPROCFW_EHDR_PHENTSIZE);
    ensures ehdr->phnum == u16_at(bytes + RPROCFW_EHDR_PHNUM);
    ensures ehdr->shentsize == u16_at(bytes + RPROCFW_EHDR_SHENTSIZE);
    ensures ehdr->shnum == u16_at(bytes + RPROCFW_EHDR_SHNUM);
    ensures ehdr->shstrndx == u16_at(bytes + RPROCFW_EHDR_SHSTRNDX);
*/
void rprocfw_ehdr_decode(const uint8_t bytes[RPROCFW_EHDR_SIZE], struct rprocfw_ehdr *ehdr)
{
    memcpy(ehdr->ident, bytes, sizeof(ehdr->ident));
    ehdr->type = rprocfw_le16(bytes + 16);
    ehdr->machine = rprocfw_le16(bytes + 18);
    ehdr->entry = rprocfw_le32(bytes + 24);
    ehdr->phoff = rprocfw_le32(bytes + RPROCFW_EHDR_PHOFF);
    ehdr->shoff = rprocfw_le32(bytes + RPROCFW_EHDR_SHOFF);
    ehdr->flags = rprocfw_le32(bytes + 36);
    ehdr->phentsize = rprocfw_le16(bytes + RPROCFW_EHDR_PHENTSIZE);
    ehdr->phnum = rprocfw_le16(bytes + RPROCFW_EHDR_PHNUM);
    ehdr->shentsize = rprocfw_le16(bytes + RPROCFW_EHDR_SHENTSIZE);
    ehdr->shnum = rprocfw_le16(bytes + RPROCFW_EHDR_SHNUM);
    ehdr->shstrndx = rprocfw_le16(bytes + RPROCFW_EHDR_SHSTRNDX);
}

/*@ requires \valid_read(bytes + (0 .. RPROCFW_PHDR_SIZE - 1));
    requires \valid(phdr);
    requires \separated(phdr, bytes + (0 .. RPROCFW_PHDR_SIZE - 1));
    assigns MEMBERS_OF_PHDR(*phdr);
    ensures phdr_at(bytes, phdr);
*/
void rprocfw_phdr_decode(const uint8_t bytes[RPROCFW_PHDR_SIZE], struct rprocfw_phdr *phdr)
{
    phdr->type = rprocfw_le32(bytes);
    phdr->offset = rprocfw_le32(bytes + 4);
    phdr->vaddr = rprocfw_le32(bytes + 8);
    phdr->paddr = rprocfw_le32(bytes + RPROCFW_PHDR_PADDR);
    phdr->filesz = rprocfw_le32(bytes + RPROCFW_PHDR_FILESZ);
    phdr->memsz = rprocfw_le32(bytes + RPROCFW_PHDR_MEMSZ);
    phdr->flags = rprocfw_le32(bytes + 24);
    phdr->align = rprocfw_le32(bytes + 28);
}

/*@ requires \valid_read(bytes + (0 .. RPROCFW_SHDR_SIZE - 1));
    requires \valid(shdr);
    requires \separated(shdr, bytes + (0 .. RPROCFW_SHDR_SIZE - 1));
    assigns MEMBERS_OF_SHDR(*shdr);
    ensures shdr_at(bytes, shdr);
*/
void rprocfw_shdr_decode(const uint8_t bytes[RPROCFW_SHDR_SIZE], struct rprocfw_shdr *shdr)
{
    shdr->name = rprocfw_le32(bytes);
    shdr->type = rprocfw_le32(bytes + 4);
    shdr->addr = rprocfw_le32(bytes + 12);
    shdr->offset = rprocfw_le32(bytes + 16);
    shdr->size = rprocfw_le32(bytes + 20);
}
