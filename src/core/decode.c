/* SPDX-License-Identifier: BSD-2-Clause */
/* Decoders of wire bytes: what knows byte order, and the members of headers. */
#include <string.h>

#include <rprocfw/image.h>

uint32_t rprocfw_u32_decode(const uint8_t bytes[4])
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[3] << 24;
}

void rprocfw_u32_encode(uint8_t bytes[4], uint32_t value)
{
    bytes[0] = (uint8_t)value;
    bytes[1] = (uint8_t)(value >> 8);
    bytes[2] = (uint8_t)(value >> 16);
    bytes[3] = (uint8_t)(value >> 24);
}

static uint16_t u16_decode(const uint8_t bytes[2])
{
    return (uint16_t)(bytes[0] | bytes[1] << 8);
}

void rprocfw_header_decode(const uint8_t bytes[RPROCFW_HEADER_SIZE], struct rprocfw_header *header)
{
    header->magic = rprocfw_u32_decode(bytes);
    header->version = rprocfw_u32_decode(bytes + 4);
    header->tlv_len = rprocfw_u32_decode(bytes + 8);
    header->sign_len = rprocfw_u32_decode(bytes + 12);
    header->img_len = rprocfw_u32_decode(bytes + 16);
}

void rprocfw_header_encode(uint8_t bytes[RPROCFW_HEADER_SIZE], const struct rprocfw_header *header)
{
    rprocfw_u32_encode(bytes, header->magic);
    rprocfw_u32_encode(bytes + 4, header->version);
    rprocfw_u32_encode(bytes + 8, header->tlv_len);
    rprocfw_u32_encode(bytes + 12, header->sign_len);
    rprocfw_u32_encode(bytes + 16, header->img_len);
}

/*
 * Elf32_Ehdr:  0 e_ident[16]  16 e_type  18 e_machine  20 e_version  24 e_entry  28 e_phoff
 *             32 e_shoff  36 e_flags  40 e_ehsize  42 e_phentsize  44 e_phnum  46 e_shentsize
 *             48 e_shnum  50 e_shstrndx
 */
void rprocfw_ehdr_decode(const uint8_t bytes[RPROCFW_EHDR_SIZE], struct rprocfw_ehdr *ehdr)
{
    memcpy(ehdr->ident, bytes, sizeof(ehdr->ident));
    ehdr->type = u16_decode(bytes + 16);
    ehdr->machine = u16_decode(bytes + 18);
    ehdr->entry = rprocfw_u32_decode(bytes + 24);
    ehdr->phoff = rprocfw_u32_decode(bytes + 28);
    ehdr->shoff = rprocfw_u32_decode(bytes + 32);
    ehdr->flags = rprocfw_u32_decode(bytes + 36);
    ehdr->phentsize = u16_decode(bytes + 42);
    ehdr->phnum = u16_decode(bytes + 44);
    ehdr->shentsize = u16_decode(bytes + 46);
    ehdr->shnum = u16_decode(bytes + 48);
    ehdr->shstrndx = u16_decode(bytes + 50);
}

/* Elf32_Phdr: eight u32. */
void rprocfw_phdr_decode(const uint8_t bytes[RPROCFW_PHDR_SIZE], struct rprocfw_phdr *phdr)
{
    phdr->type = rprocfw_u32_decode(bytes);
    phdr->offset = rprocfw_u32_decode(bytes + 4);
    phdr->vaddr = rprocfw_u32_decode(bytes + 8);
    phdr->paddr = rprocfw_u32_decode(bytes + 12);
    phdr->filesz = rprocfw_u32_decode(bytes + 16);
    phdr->memsz = rprocfw_u32_decode(bytes + 20);
    phdr->flags = rprocfw_u32_decode(bytes + 24);
    phdr->align = rprocfw_u32_decode(bytes + 28);
}

/*
 * Elf32_Shdr:  0 sh_name  4 sh_type  8 sh_flags  12 sh_addr  16 sh_offset  20 sh_size  24 sh_link
 *             28 sh_info  32 sh_addralign  36 sh_entsize
 */
void rprocfw_shdr_decode(const uint8_t bytes[RPROCFW_SHDR_SIZE], struct rprocfw_shdr *shdr)
{
    shdr->name = rprocfw_u32_decode(bytes);
    shdr->type = rprocfw_u32_decode(bytes + 4);
    shdr->addr = rprocfw_u32_decode(bytes + 12);
    shdr->offset = rprocfw_u32_decode(bytes + 16);
    shdr->size = rprocfw_u32_decode(bytes + 20);
}
