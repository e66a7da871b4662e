/* SPDX-License-Identifier: BSD-2-Clause */
/* Shapes and text of SVG, in memory. */
#ifndef RPROCFW_TOOLS_SVG_H
#define RPROCFW_TOOLS_SVG_H

#include <stdbool.h>
#include <stddef.h>

#include <rprocfw/error.h>

/* Start with {0}. */
struct svg {
    char *text; /* to be freed */
    size_t size;
    size_t room;
    bool no_memory; /* something is missing */
};

void svg_add(struct svg *out, const char *text);
/* At most 511 bytes. */
void svg_put(struct svg *out, const char *format, ...) RPROCFW_PRINTF(2, 3);

/* Text from bytes that nobody has vouched for: as print_text has it, fit for XML. */
void svg_escape(struct svg *out, const char *text);

/* <ELEMENT>...</ELEMENT> of such text, <title> for example. */
void svg_element(struct svg *out, const char *element, const char *text);

/* classes: of the style sheet. */
void svg_rect(struct svg *out, int x, int y, int width, int height, const char *classes);
void svg_line(struct svg *out, int x, int y, int to_x, int to_y, const char *classes);
void svg_text(struct svg *out, int x, int y, const char *classes, const char *text);

/* The same of what does not fit into limit bytes, cut. */
void svg_text_cut(struct svg *out, int x, int y, const char *classes, const char *text,
                  size_t limit);

/* Text that is printable UTF-8 already. */
void svg_printable(struct svg *out, int x, int y, const char *classes, const char *text);

#endif
