/* SPDX-License-Identifier: BSD-2-Clause */
/* Containers from files, and the stub's signature. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "container.h"
#include "report.h"
#include "sha256.h"

#define MAX_SIGNATURE 512u

const char *vectors;

struct bytes file_load(const char *folder, const char *name, const char *suffix)
{
    struct bytes bytes = {NULL, 0};
    char path[512];
    FILE *file;
    long size;

    snprintf(path, sizeof(path), "%s/%s/%s%s", vectors, folder, name, suffix);
    file = fopen(path, "rb");
    need(file != NULL && fseek(file, 0, SEEK_END) == 0, "%s cannot be read", path);
    size = ftell(file);
    need(size >= 0 && size < 0x1000000 && fseek(file, 0, SEEK_SET) == 0, "%s: %ld bytes", path,
         size);
    bytes.size = (uint32_t)size;
    bytes.data = malloc(bytes.size + 1u);
    need(bytes.data != NULL && fread(bytes.data, 1, bytes.size, file) == bytes.size,
         "%s cannot be read", path);
    bytes.data[bytes.size] = 0;
    fclose(file);
    return bytes;
}

void table_begin(struct table *table, const char *name)
{
    table->text = file_load(".", name, "");
    table->next = 0;
}

bool table_next(struct table *table, char *line, uint32_t size)
{
    const char *start = (const char *)table->text.data + table->next;
    const uint32_t length = (uint32_t)strcspn(start, "\n");

    if (table->next == table->text.size)
        return false;
    need(length < size && start[length] == '\n', "a line of %" PRIu32 " characters", length);
    memcpy(line, start, length);
    line[length] = '\0';
    table->next += length + 1;
    return true;
}

void table_end(struct table *table)
{
    free(table->text.data);
}

uint32_t get16(const uint8_t *bytes)
{
    return bytes[0] + 256u * bytes[1];
}

uint32_t get32(const uint8_t *bytes)
{
    return get16(bytes) + 65536u * get16(bytes + 2);
}

void put32(uint8_t *bytes, uint32_t value)
{
    unsigned i;

    for (i = 0; i < 4; i++) {
        bytes[i] = (uint8_t)(value % 256);
        value /= 256;
    }
}

uint32_t round8(uint32_t n)
{
    return (n + 7) / 8 * 8;
}

uint32_t signed_size(struct bytes container)
{
    return 20 + round8(get32(container.data + 8));
}

uint32_t payload_offset(struct bytes container)
{
    return signed_size(container) + round8(get32(container.data + 12));
}

const uint8_t *tlv_value(struct bytes container, uint32_t type, uint32_t *length)
{
    const uint32_t end = signed_size(container);
    uint32_t at = 20;

    while (at + 8 <= end) {
        const uint8_t *record = container.data + at;

        *length = get32(record + 4);
        if (get32(record) == type)
            return record + 8;
        at += 8 + round8(*length);
    }
    return NULL;
}

void stub_signature(const uint8_t *data, uint32_t size, uint8_t *signature, uint32_t length)
{
    static const char tag[] = "the key of the cross-run tests";
    uint8_t digest[32];
    struct sha256 s;
    uint32_t i;

    sha256_begin(&s);
    sha256_add(&s, tag, sizeof(tag));
    sha256_add(&s, data, size);
    sha256_end(&s, digest);
    for (i = 0; i < length; i++)
        signature[i] = (uint8_t)(digest[i % 32] + i / 32);
}

bool stub_holds(const struct rprocfw_signed *what)
{
    uint8_t signature[MAX_SIGNATURE];

    if (what->signature_size > sizeof(signature))
        return false;
    stub_signature(what->data, what->size, signature, what->signature_size);
    return memcmp(signature, what->signature, what->signature_size) == 0;
}

void container_sign(struct bytes container)
{
    uint32_t tlv_len;
    uint32_t length;

    if (container.size < 20)
        return;
    tlv_len = get32(container.data + 8);
    length = get32(container.data + 12);
    if (tlv_len > container.size || length > container.size ||
        payload_offset(container) > container.size)
        return;
    stub_signature(container.data, signed_size(container), container.data + signed_size(container),
                   length);
}
