/* SPDX-License-Identifier: BSD-2-Clause */
/* What a file is: today's container, an older one, or one of the files handed over by mistake. */
#include <string.h>

#include "host.h"

const char *rprocfw_kind_text(enum rprocfw_file_kind kind)
{
    switch (kind) {
    case RPROCFW_KIND_CONTAINER:
        return "a signed container";
    case RPROCFW_KIND_CONTAINER_2023:
        return "a signed container in the layout of the 2023 beta";
    case RPROCFW_KIND_CONTAINER_2020:
        return "a signed container in the layout of 2020";
    case RPROCFW_KIND_EMPTY:
        return "an empty file";
    case RPROCFW_KIND_ELF:
        return "a bare ELF file";
    case RPROCFW_KIND_OPTEE_TA:
        return "a signed OP-TEE trusted application";
    case RPROCFW_KIND_STM32_HEADER:
        return "an STM32 boot image";
    case RPROCFW_KIND_MCUBOOT:
        return "an MCUboot image";
    case RPROCFW_KIND_UNKNOWN:
        return "a file of unknown kind";
    }
    return "a file of unknown kind";
}

static const struct {
    uint8_t magic[4];
    enum rprocfw_file_kind kind;
} foreign[] = {
    {{0x7F, 'E', 'L', 'F'}, RPROCFW_KIND_ELF},
    {{'H', 'S', 'T', 'O'}, RPROCFW_KIND_OPTEE_TA},
    {{'S', 'T', 'M', '2'}, RPROCFW_KIND_STM32_HEADER},
    {{0x3D, 0xB8, 0xF3, 0x96}, RPROCFW_KIND_MCUBOOT},
};

static enum rprocfw_file_kind kind_of_foreign(const uint8_t magic[4])
{
    for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
        if (memcmp(magic, foreign[i].magic, sizeof(foreign[i].magic)) == 0)
            return foreign[i].kind;
    return RPROCFW_KIND_UNKNOWN;
}

/* Is there this u32 at offset? Outside the file: no. */
static bool u32_at(const struct rprocfw_input *input, uint64_t offset, uint32_t wanted)
{
    struct rprocfw_error ignored;
    uint8_t bytes[4];

    return input->size >= sizeof(bytes) && offset <= input->size - sizeof(bytes) &&
           rprocfw_read_at(input->fd, input->path, offset, bytes, sizeof(bytes), &ignored) ==
               RPROCFW_OK &&
           rprocfw_u32_decode(bytes) == wanted;
}

#define ELF_MAGIC          0x464C457Fu
#define OLD_WORDS          14
#define TRAILER_MAGIC_2023 0x6907u
#define HEADER_SIZE_2023   24u
#define HASH_TABLE_AT_2020 56u

/* One of the three layouts that share magic and version 1. w are the words of the header. */
static enum rprocfw_file_kind kind_of_container(const struct rprocfw_input *input,
                                                const uint32_t w[OLD_WORDS])
{
    const uint64_t size = input->size;
    const uint64_t payload = RPROCFW_HEADER_SIZE + rprocfw_r8(w[2]) + rprocfw_r8(w[3]);
    const uint64_t trailer_2023 = HEADER_SIZE_2023 + rprocfw_r8(w[2]) + rprocfw_r8(w[3]);

    if (payload + rprocfw_r8(w[4]) == size && u32_at(input, payload, ELF_MAGIC))
        return RPROCFW_KIND_CONTAINER;
    if (trailer_2023 + rprocfw_r8(w[4]) + rprocfw_r8(w[5]) == size &&
        u32_at(input, trailer_2023, TRAILER_MAGIC_2023))
        return RPROCFW_KIND_CONTAINER_2023;
    if (w[7] == HASH_TABLE_AT_2020 && (uint64_t)w[12] + w[11] == size &&
        u32_at(input, w[12], ELF_MAGIC))
        return RPROCFW_KIND_CONTAINER_2020;
    return RPROCFW_KIND_CONTAINER;
}

enum rprocfw_status rprocfw_identify(const struct rprocfw_input *input,
                                     enum rprocfw_file_kind *kind, struct rprocfw_error *error)
{
    uint8_t head[4 * OLD_WORDS] = {0};
    uint32_t words[OLD_WORDS];
    const size_t size = input->size < sizeof(head) ? (size_t)input->size : sizeof(head);
    enum rprocfw_status status;

    status = rprocfw_read_at(input->fd, input->path, 0, head, size, error);
    if (status != RPROCFW_OK)
        return status;
    for (size_t i = 0; i < OLD_WORDS; i++)
        words[i] = rprocfw_u32_decode(head + 4 * i);
    if (size == 0)
        *kind = RPROCFW_KIND_EMPTY;
    else if (words[0] == RPROCFW_MAGIC)
        *kind = kind_of_container(input, words);
    else
        *kind = kind_of_foreign(head);
    return RPROCFW_OK;
}
