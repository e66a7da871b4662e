/* SPDX-License-Identifier: BSD-2-Clause */
/* Shapes and text of SVG. Not through a stream in memory: glibc's do not tell when it runs out. */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "print.h"
#include "svg.h"

/* Room for size bytes and a zero; false: no memory. */
static bool reserve(struct svg *out, size_t size)
{
    const size_t room = 2 * (out->size + size) + 4096;
    char *grown;

    if (out->no_memory)
        return false;
    if (size < out->room - out->size)
        return true;
    grown = realloc(out->text, room);
    if (grown == NULL) {
        out->no_memory = true;
        return false;
    }
    out->text = grown;
    out->room = room;
    return true;
}

static void add(struct svg *out, const char *bytes, size_t size)
{
    if (!reserve(out, size))
        return;
    memcpy(out->text + out->size, bytes, size);
    out->size += size;
    out->text[out->size] = '\0';
}

void svg_add(struct svg *out, const char *text)
{
    add(out, text, strlen(text));
}

void svg_put(struct svg *out, const char *format, ...)
{
    char text[512];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    svg_add(out, text);
}

/* What print_text lets pass is fit for XML but for these. */
static void put_xml(struct svg *out, const char *text)
{
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '&':
            svg_add(out, "&amp;");
            break;
        case '<':
            svg_add(out, "&lt;");
            break;
        case '>':
            svg_add(out, "&gt;");
            break;
        default:
            add(out, text, 1);
            break;
        }
    }
}

void svg_escape(struct svg *out, const char *text)
{
    char shown[2048];

    escape(text, shown, sizeof(shown));
    put_xml(out, shown);
}

void svg_element(struct svg *out, const char *element, const char *text)
{
    svg_put(out, "<%s>", element);
    svg_escape(out, text);
    svg_put(out, "</%s>\n", element);
}

void svg_rect(struct svg *out, int x, int y, int width, int height, const char *classes)
{
    svg_put(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" class=\"%s\"/>\n", x, y, width,
            height, classes);
}

void svg_line(struct svg *out, int x, int y, int to_x, int to_y, const char *classes)
{
    svg_put(out, "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" class=\"%s\"/>\n", x, y, to_x, to_y,
            classes);
}

void svg_printable(struct svg *out, int x, int y, const char *classes, const char *text)
{
    svg_put(out, "<text x=\"%d\" y=\"%d\" class=\"%s\">", x, y, classes);
    put_xml(out, text);
    svg_add(out, "</text>\n");
}

void svg_text_cut(struct svg *out, int x, int y, const char *classes, const char *text,
                  size_t limit)
{
    char shown[256];

    escape(text, shown, limit < sizeof(shown) ? limit + 1 : sizeof(shown));
    svg_printable(out, x, y, classes, shown);
}

void svg_text(struct svg *out, int x, int y, const char *classes, const char *text)
{
    svg_text_cut(out, x, y, classes, text, SIZE_MAX);
}
