/* SPDX-License-Identifier: BSD-2-Clause */
/* Headers from and to wire bytes: format.h says where their members stand. */
#include <string.h>

#include <rprocfw/image.h>

#include "decode.h"

uint32_t rprocfw_u32_decode(const uint8_t bytes[4])
{
    return rprocfw_le32(bytes);
}

void rprocfw_u32_encode(uint8_t bytes[4], uint32_t value)
{
    bytes[0] = (uint8_t)value;
    bytes[1] = (uint8_t)(value >> 8);
    bytes[2] = (uint8_t)(value >> 16);
    bytes[3] = (uint8_t)(value >> 24);
}

void rprocfw_header_decode(const uint8_t bytes[RPROCFW_HEADER_SIZE], struct rprocfw_header *header)
{
    header->magic = rprocfw_le32(bytes);
    header->version = rprocfw_le32(bytes + 4);
    header->tlv_len = rprocfw_le32(bytes + 8);
    header->sign_len = rprocfw_le32(bytes + 12);
    header->img_len = rprocfw_le32(bytes + 16);
}

void rprocfw_header_encode(uint8_t bytes[RPROCFW_HEADER_SIZE], const struct rprocfw_header *header)
{
    rprocfw_u32_encode(bytes, header->magic);
    rprocfw_u32_encode(bytes + 4, header->version);
    rprocfw_u32_encode(bytes + 8, header->tlv_len);
    rprocfw_u32_encode(bytes + 12, header->sign_len);
    rprocfw_u32_encode(bytes + 16, header->img_len);
}

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

void rprocfw_shdr_decode(const uint8_t bytes[RPROCFW_SHDR_SIZE], struct rprocfw_shdr *shdr)
{
    shdr->name = rprocfw_le32(bytes);
    shdr->type = rprocfw_le32(bytes + 4);
    shdr->addr = rprocfw_le32(bytes + 12);
    shdr->offset = rprocfw_le32(bytes + 16);
    shdr->size = rprocfw_le32(bytes + 20);
}
