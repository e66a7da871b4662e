/* SPDX-License-Identifier: BSD-2-Clause */
/* Colours, patterns and letters of a map, as they stand in the file. */
#ifndef RPROCFW_TOOLS_MAP_STYLE_H
#define RPROCFW_TOOLS_MAP_STYLE_H

/* Elements style and defs. The classes:
 *   bg           the background
 *   hd gt tx dm  text: headline, title of a group, usual, dim; end: right-aligned
 *   al           text that is alarming
 *   k0 ... k4    the colours of enum map_kind; t: light, for what has text on it
 *   p0 ... p4    the same as patterns, for who sees no colours
 *   bx ab        outlines: usual, alarming
 *   ln           lines between rows
 *   r            a row
 *   lk la        links: usual, alarming
 */
extern const char map_style[];

#endif
