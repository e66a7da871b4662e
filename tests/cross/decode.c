/* SPDX-License-Identifier: BSD-2-Clause */
/* Known answers of SHA-256, and of core's decoders: little-endian, at any address. */
#include <inttypes.h>
#include <string.h>

#include "report.h"
#include "sections.h"

static void expect_digest(const char *what, const uint8_t digest[32], const char *hex)
{
    static const char digits[] = "0123456789abcdef";
    unsigned i;

    for (i = 0; i < 32; i++)
        if (digits[digest[i] / 16] != hex[2 * i] || digits[digest[i] % 16] != hex[2 * i + 1])
            break;
    need(i == 32 && hex[64] == '\0', "SHA-256 of %s", what); /* all else rests on it */
    report("%s", what);
}

/* FIPS 180-4's examples, and those of NIST for one million bytes. */
void section_sha256(void)
{
    static const char two_blocks[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    static uint8_t million[1000000];
    uint8_t digest[32];
    struct sha256 s;
    size_t cut;

    report_begin("sha256");
    sha256("", 0, digest);
    expect_digest("nothing", digest,
                  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    sha256("abc", 3, digest);
    expect_digest("abc", digest,
                  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    memset(million, 'a', sizeof(million));
    sha256(million, sizeof(million), digest);
    expect_digest("a million a", digest,
                  "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    for (cut = 0; cut < sizeof(two_blocks); cut++) {
        sha256_begin(&s);
        sha256_add(&s, two_blocks, cut);
        sha256_add(&s, two_blocks + cut, sizeof(two_blocks) - 1 - cut);
        sha256_end(&s, digest);
        expect_digest("two blocks in two parts", digest,
                      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    }
    report_end();
}

static void decode_words(const uint8_t *at)
{
    struct rprocfw_header header;
    uint8_t again[RPROCFW_HEADER_SIZE];

    check(rprocfw_u32_decode(at) == 0x04030201, "u32: %" PRIx32, rprocfw_u32_decode(at));
    rprocfw_header_decode(at, &header);
    check(header.magic == 0x04030201 && header.version == 0x08070605 &&
              header.tlv_len == 0x0C0B0A09 && header.sign_len == 0x100F0E0D &&
              header.img_len == 0x14131211,
          "header: %" PRIx32 " %" PRIx32 " %" PRIx32 " %" PRIx32 " %" PRIx32, header.magic,
          header.version, header.tlv_len, header.sign_len, header.img_len);
    rprocfw_header_encode(again, &header);
    check(memcmp(again, at, sizeof(again)) == 0, "header, encoded");
    report("header %" PRIx32 " %" PRIx32, header.magic, header.img_len);
}

static void decode_ehdr(const uint8_t *at)
{
    struct rprocfw_ehdr e;

    rprocfw_ehdr_decode(at, &e);
    check(memcmp(e.ident, at, 8) == 0, "e_ident");
    check(e.type == 0x1211 && e.machine == 0x1413 && e.entry == 0x1C1B1A19 &&
              e.phoff == 0x201F1E1D && e.shoff == 0x24232221 && e.flags == 0x28272625,
          "e_type %x, e_machine %x, e_entry %" PRIx32, e.type, e.machine, e.entry);
    check(e.phentsize == 0x2C2B && e.phnum == 0x2E2D && e.shentsize == 0x302F &&
              e.shnum == 0x3231 && e.shstrndx == 0x3433,
          "e_phentsize %x, e_phnum %x, e_shentsize %x, e_shnum %x, e_shstrndx %x", e.phentsize,
          e.phnum, e.shentsize, e.shnum, e.shstrndx);
    report("ehdr %x %" PRIx32, e.type, e.entry);
}

static void decode_phdr_and_shdr(const uint8_t *at)
{
    struct rprocfw_phdr p;
    struct rprocfw_shdr s;

    rprocfw_phdr_decode(at, &p);
    check(p.type == 0x04030201 && p.offset == 0x08070605 && p.vaddr == 0x0C0B0A09 &&
              p.paddr == 0x100F0E0D && p.filesz == 0x14131211 && p.memsz == 0x18171615 &&
              p.flags == 0x1C1B1A19 && p.align == 0x201F1E1D,
          "p_type %" PRIx32 ", p_filesz %" PRIx32, p.type, p.filesz);
    rprocfw_shdr_decode(at, &s);
    check(s.name == 0x04030201 && s.type == 0x08070605 && s.addr == 0x100F0E0D &&
              s.offset == 0x14131211 && s.size == 0x18171615,
          "sh_name %" PRIx32 ", sh_size %" PRIx32, s.name, s.size);
    report("phdr %" PRIx32 ", shdr %" PRIx32, p.filesz, s.size);
}

void section_decode(void)
{
    static const uint32_t words[] = {0, 1, 0x80, 0xFF00, 0x01020304, 0x80000000, 0xFFFFFFFF};
    uint8_t bytes[8 + RPROCFW_EHDR_SIZE];
    unsigned shift;
    unsigned i;

    report_begin("decode");
    for (shift = 0; shift < 8; shift++) {
        uint8_t *at = bytes + shift;

        for (i = 0; i < RPROCFW_EHDR_SIZE; i++)
            at[i] = (uint8_t)(i + 1);
        decode_words(at);
        decode_ehdr(at);
        decode_phdr_and_shdr(at);
        for (i = 0; i < COUNT(words); i++) {
            rprocfw_u32_encode(at, words[i]);
            check(get32(at) == words[i] && rprocfw_u32_decode(at) == words[i],
                  "%" PRIx32 ", encoded and decoded: %" PRIx32, words[i], rprocfw_u32_decode(at));
            report("word %" PRIx32, rprocfw_u32_decode(at));
        }
    }
    report_end();
}
