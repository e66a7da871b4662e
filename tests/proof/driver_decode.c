/* SPDX-License-Identifier: BSD-2-Clause */
/* The decoders and encoders by themselves, over any bytes, as many as they say: an alarm beyond. */
#include <rprocfw/image.h>

#include "proof.h"

int main(void)
{
    uint8_t word[4];
    uint8_t bytes[RPROCFW_HEADER_SIZE];
    uint8_t ehdr_bytes[RPROCFW_EHDR_SIZE];
    uint8_t phdr_bytes[RPROCFW_PHDR_SIZE];
    uint8_t shdr_bytes[RPROCFW_SHDR_SIZE];
    struct rprocfw_header header;
    struct rprocfw_ehdr ehdr;
    struct rprocfw_phdr phdr;
    struct rprocfw_shdr shdr;

    any_bytes(word, sizeof(word));
    rprocfw_u32_encode(word, rprocfw_u32_decode(word));
    any_bytes(bytes, sizeof(bytes));
    rprocfw_header_decode(bytes, &header);
    rprocfw_header_encode(bytes, &header); /* each member was written */
    any_bytes(ehdr_bytes, sizeof(ehdr_bytes));
    rprocfw_ehdr_decode(ehdr_bytes, &ehdr);
    any_bytes(phdr_bytes, sizeof(phdr_bytes));
    rprocfw_phdr_decode(phdr_bytes, &phdr);
    any_bytes(shdr_bytes, sizeof(shdr_bytes));
    rprocfw_shdr_decode(shdr_bytes, &shdr);
    return 0;
}
