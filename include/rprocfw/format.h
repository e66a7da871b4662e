/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The signed container, as constants. rprocfw-format(5) says the same in prose.
 *
 *  offset                              size
 *  0         +--------------------+
 *            | header             |    20            \
 *  20        +--------------------+                   } these bytes are signed
 *            | TLV area           |    r8(tlv_len)   /
 *  20+r8(t)  +--------------------+
 *            | signature          |    r8(sign_len), zero padded
 *            +--------------------+
 *            | payload: image 0   |    IMGSIZE[0], a multiple of 8
 *            | payload: image 1   |    IMGSIZE[1]
 *            | ...                |
 *            +--------------------+    20 + r8(tlv_len) + r8(sign_len) + r8(img_len)
 *
 * r8(n) is n rounded up to a multiple of 8. Every integer is little-endian, on every host.
 */
#ifndef RPROCFW_FORMAT_H
#define RPROCFW_FORMAT_H

/*
 * Header: five u32.
 *
 *   0  magic      RPROCFW_MAGIC
 *   4  version    RPROCFW_VERSION
 *   8  tlv_len    bytes of TLV records, the padding of the last one included
 *  12  sign_len   bytes of signature, without its padding
 *  16  img_len    bytes of payload, all images with their padding
 */
#define RPROCFW_MAGIC       0x3543A468u
#define RPROCFW_VERSION     1u
#define RPROCFW_HEADER_SIZE 20u

/* TLV area, signature and images each fill a multiple of this many bytes. */
#define RPROCFW_ALIGNMENT 8u

/*
 * TLV record, at a multiple of 8 bytes from the start of the TLV area.
 *
 *   0  type       u32
 *   4  length     u32, bytes of value
 *   8  value
 *   .  zero bytes up to a multiple of 8
 */
#define RPROCFW_TLV_HEADER_SIZE 8u

#define RPROCFW_TLV_SIGNTYPE  0x00000001u /* u8: enum rprocfw_signtype */
#define RPROCFW_TLV_HASHTYPE  0x00000002u /* u8: RPROCFW_HASHTYPE_SHA256 */
#define RPROCFW_TLV_NUM_IMG   0x00000003u /* u8: number of images, 1 to 255 */
#define RPROCFW_TLV_IMGTYPE   0x00000004u /* one u8 an image: enum rprocfw_imgtype */
#define RPROCFW_TLV_IMGSIZE   0x00000005u /* one u32 an image: bytes, padding included */
#define RPROCFW_TLV_ENCTYPE   0x00000006u /* u8: RPROCFW_ENCTYPE_AES_CBC */
#define RPROCFW_TLV_HASHTABLE 0x00000010u /* RPROCFW_HASH_ENTRY_SIZE bytes a program header */
#define RPROCFW_TLV_PKEYINFO  0x00000011u /* opaque: helps the device to find the key */
#define RPROCFW_TLV_ENCTABLE  0x00000012u /* RPROCFW_ENC_ENTRY_SIZE bytes a program header */

/* Platform TLVs: their meaning is the board's. */
#define RPROCFW_TLV_PLATFORM_FIRST 0x00010000u
#define RPROCFW_TLV_PLATFORM_LAST  0x0001FFFFu
#define RPROCFW_TLV_BOOTADDR       0x00010001u /* ST: u32, where the core starts */
#define RPROCFW_TLV_BOOTSEC        0x00010002u /* ST: u32, 1 = starts in the secure world */

enum rprocfw_signtype {
    RPROCFW_SIGNTYPE_RSA = 1,  /* RSASSA-PKCS1-v1_5 with SHA-256; modulus-length bytes */
    RPROCFW_SIGNTYPE_ECDSA = 2 /* ECDSA P-256 with SHA-256; r then s, 32 bytes each, big-endian */
};

enum rprocfw_imgtype {
    RPROCFW_IMGTYPE_ELF = 1,          /* ELF */
    RPROCFW_IMGTYPE_ENCRYPTED_ELF = 2 /* ELF whose PT_LOAD bytes are AES-CBC ciphertext (ST) */
};

#define RPROCFW_HASHTYPE_SHA256 1u
#define RPROCFW_ENCTYPE_AES_CBC 1u
#define RPROCFW_SHA256_SIZE     32u
#define RPROCFW_AES_BLOCK       16u
#define RPROCFW_MAX_IMAGES      255u
#define RPROCFW_P256_SIGNATURE  64u

/*
 * Table entry: the program header as it stands in the ELF, then the SHA-256 of the p_filesz bytes
 * at p_offset, and in an ENCTABLE (where those bytes are ciphertext) the IV.
 *
 *   0  program header   32
 *  32  SHA-256          32
 *  64  IV               16, ENCTABLE only
 */
#define RPROCFW_HASH_ENTRY_SIZE 64u
#define RPROCFW_ENC_ENTRY_SIZE  80u

/*
 * What of ELF (System V ABI, 32-bit) the format needs, little-endian.
 *
 *   Elf32_Ehdr   0 e_ident[16]  16 e_type  18 e_machine  20 e_version  24 e_entry  28 e_phoff
 *               32 e_shoff  36 e_flags  40 e_ehsize  42 e_phentsize  44 e_phnum  46 e_shentsize
 *               48 e_shnum  50 e_shstrndx
 *   Elf32_Phdr   0 p_type  4 p_offset  8 p_vaddr  12 p_paddr  16 p_filesz  20 p_memsz  24 p_flags
 *               28 p_align
 *   Elf32_Shdr   0 sh_name  4 sh_type  8 sh_flags  12 sh_addr  16 sh_offset  20 sh_size
 *               24 sh_link  28 sh_info  32 sh_addralign  36 sh_entsize
 */
#define RPROCFW_EHDR_SIZE      52u
#define RPROCFW_EHDR_CLASS     4u /* in e_ident */
#define RPROCFW_EHDR_DATA      5u
#define RPROCFW_EHDR_VERSION   6u
#define RPROCFW_EHDR_PHOFF     28u
#define RPROCFW_EHDR_SHOFF     32u
#define RPROCFW_EHDR_PHENTSIZE 42u
#define RPROCFW_EHDR_PHNUM     44u
#define RPROCFW_EHDR_SHENTSIZE 46u
#define RPROCFW_EHDR_SHNUM     48u
#define RPROCFW_EHDR_SHSTRNDX  50u
#define RPROCFW_PHDR_SIZE      32u
#define RPROCFW_PHDR_PADDR     12u
#define RPROCFW_PHDR_FILESZ    16u
#define RPROCFW_PHDR_MEMSZ     20u
#define RPROCFW_SHDR_SIZE      40u
#define RPROCFW_ELFMAG         0x464C457Fu /* 7F 45 4C 46 */
#define RPROCFW_ELFCLASS32     1u
#define RPROCFW_ELFDATA2LSB    1u
#define RPROCFW_EV_CURRENT     1u
#define RPROCFW_PT_NULL        0u
#define RPROCFW_PT_LOAD        1u

/*
 * Resource table: what Linux and the firmware agree on before the start, in the section
 * ".resource_table".
 *
 *   0  version    u32, 1
 *   4  num        u32, entries
 *   8  reserved   two u32, 0
 *  16  offset     num u32
 */
#define RPROCFW_RSC_NAME        ".resource_table"
#define RPROCFW_RSC_HEADER_SIZE 16u
#define RPROCFW_RSC_VERSION     1u
#define RPROCFW_RSC_ROOM(size)  (((size)-RPROCFW_RSC_HEADER_SIZE) / 4u) /* entries that fit */

#endif
