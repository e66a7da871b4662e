/* SPDX-License-Identifier: BSD-2-Clause */
/* UTF-8, and which of it is fit for a terminal. */
#include "utf8.h"

/* Bytes of a character that starts with first. 0x80 to 0xC1 and from 0xF5 on start none. */
static size_t length_from(uint8_t first)
{
    if (first < 0x80)
        return 1;
    if (first < 0xC2 || first > 0xF4)
        return 0;
    if (first < 0xE0)
        return 2;
    return first < 0xF0 ? 3 : 4;
}

size_t utf8_character(const uint8_t *bytes, size_t size, uint32_t *code)
{
    const size_t length = size != 0 ? length_from(bytes[0]) : 0;

    if (length == 0 || length > size)
        return 0;
    *code = length == 1 ? bytes[0] : bytes[0] & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((bytes[i] & 0xC0) != 0x80)
            return 0;
        *code = *code << 6 | (bytes[i] & 0x3F);
    }
    /* Too long for what they are, surrogates, and beyond Unicode. */
    if ((length == 3 && *code < 0x800) || (length == 4 && *code < 0x10000) ||
        (*code >= 0xD800 && *code <= 0xDFFF) || *code > 0x10FFFF)
        return 0;
    return length;
}

size_t utf8_printable(const uint8_t *bytes, size_t size)
{
    static const struct {
        uint32_t first;
        uint32_t last;
    } unseen[] = {{0x0, 0x1F},        {0x7F, 0x9F},       {0xAD, 0xAD},       {0x34F, 0x34F},
                  {0x61C, 0x61C},     {0x115F, 0x1160},   {0x17B4, 0x17B5},   {0x180B, 0x180F},
                  {0x200B, 0x200F},   {0x2028, 0x202E},   {0x2060, 0x206F},   {0x3164, 0x3164},
                  {0xFDD0, 0xFDEF},   {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},
                  {0xFFF0, 0xFFFF},   {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0x1FFFE, 0x1FFFF},
                  {0x2FFFE, 0x2FFFF}, {0x3FFFE, 0x3FFFF}, {0xE0000, 0x10FFFF}};
    uint32_t code;
    const size_t length = utf8_character(bytes, size, &code);

    for (size_t i = 0; length != 0 && i < sizeof(unseen) / sizeof(unseen[0]); i++)
        if (code >= unseen[i].first && code <= unseen[i].last)
            return 0;
    return length;
}

bool utf8_is_text(const uint8_t *bytes, size_t size)
{
    uint32_t code;
    size_t at = 0;

    while (at < size) {
        const size_t length = utf8_character(bytes + at, size - at, &code);

        if (length == 0)
            return false;
        at += length;
    }
    return true;
}
