/* SPDX-License-Identifier: BSD-2-Clause */
/* What a file is: today's container, an older one, or one of the files handed over by mistake. */
#include <string.h>

#include "../host.h"

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

/* The u32 at offset; outside the file: 0. */
static enum rprocfw_status u32_at(const struct rprocfw_input *input, uint64_t offset,
                                  uint32_t *found, struct rprocfw_error *error)
{
    uint8_t bytes[4] = {0};
    enum rprocfw_status status = RPROCFW_OK;

    if (input->size >= sizeof(bytes) && offset <= input->size - sizeof(bytes))
        status = rprocfw_read_at(input->fd, input->path, offset, bytes, sizeof(bytes), error);
    *found = rprocfw_u32_decode(bytes);
    return status;
}

#define ELF_MAGIC          0x464C457Fu
#define OLD_WORDS          (RPROCFW_HEADER_2020_SIZE / 4)
#define TRAILER_MAGIC_2023 0x6907u
#define HEADER_SIZE_2023   24u

/* Words of the header of 2020. */
#define SIGN_TYPE    5
#define TABLE_OFFSET 7
#define IMAGE_LENGTH 11
#define IMAGE_OFFSET 12

void rprocfw_header_2020_decode(const uint8_t bytes[RPROCFW_HEADER_2020_SIZE],
                                struct rprocfw_header_2020 *header)
{
    header->sign_type = rprocfw_u32_decode(bytes + 4 * SIGN_TYPE);
    header->img_len = rprocfw_u32_decode(bytes + 4 * IMAGE_LENGTH);
    header->img_offset = rprocfw_u32_decode(bytes + 4 * IMAGE_OFFSET);
}

/*
 * One of the three layouts that share magic and version 1; w are the words of the header. It is
 * told by lengths that make up the file, and by a magic number where they say. Otherwise: today's.
 */
static enum rprocfw_status kind_of_container(const struct rprocfw_input *input,
                                             const uint32_t w[OLD_WORDS],
                                             enum rprocfw_file_kind *kind,
                                             struct rprocfw_error *error)
{
    const uint64_t payload = RPROCFW_HEADER_SIZE + rprocfw_r8(w[2]) + rprocfw_r8(w[3]);
    const uint64_t trailer = HEADER_SIZE_2023 + rprocfw_r8(w[2]) + rprocfw_r8(w[3]);
    const struct {
        uint64_t end;
        uint64_t magic_at;
        uint32_t magic;
        enum rprocfw_file_kind kind;
    } layouts[] = {
        {payload + rprocfw_r8(w[4]), payload, ELF_MAGIC, RPROCFW_KIND_CONTAINER},
        {trailer + rprocfw_r8(w[4]) + rprocfw_r8(w[5]), trailer, TRAILER_MAGIC_2023,
         RPROCFW_KIND_CONTAINER_2023},
        {w[TABLE_OFFSET] == RPROCFW_HEADER_2020_SIZE ? (uint64_t)w[IMAGE_OFFSET] + w[IMAGE_LENGTH]
                                                     : UINT64_MAX,
         w[IMAGE_OFFSET], ELF_MAGIC, RPROCFW_KIND_CONTAINER_2020},
    };
    enum rprocfw_status status = RPROCFW_OK;
    uint32_t found;

    *kind = RPROCFW_KIND_CONTAINER;
    for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]) && status == RPROCFW_OK; i++) {
        if (layouts[i].end != input->size)
            continue;
        status = u32_at(input, layouts[i].magic_at, &found, error);
        if (status == RPROCFW_OK && found == layouts[i].magic) {
            *kind = layouts[i].kind;
            break;
        }
    }
    return status;
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
        status = kind_of_container(input, words, kind, error);
    else
        *kind = kind_of_foreign(head);
    return status;
}
