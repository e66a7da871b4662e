/* SPDX-License-Identifier: BSD-2-Clause */
/* Colours, patterns and letters of a map. Colours are written twice: viewers without CSS's
 * variables show the light ones. */
#include "map_style.h"

#define PATTERN(number, shapes)                                                       \
    "<pattern id=\"rprocfw-p" number "\" width=\"8\" height=\"8\" "                   \
    "patternUnits=\"userSpaceOnUse\"><rect width=\"8\" height=\"8\" class=\"k" number \
    "\"/>" shapes "</pattern>\n"

const char map_style[] =
    "<style>\n"
    ".rprocfw text{font:11px ui-monospace,\"DejaVu Sans Mono\",Menlo,Consolas,monospace;"
    "white-space:pre}\n"
    ".rprocfw .hd{font-size:15px;font-weight:bold}\n"
    ".rprocfw .gt,.rprocfw .al{font-weight:bold}\n"
    ".rprocfw .end{text-anchor:end}\n"
    ".rprocfw .bg{fill:#fff}\n"
    ".rprocfw .hd,.rprocfw .gt,.rprocfw .tx{fill:#1f2328}\n"
    ".rprocfw .dm{fill:#59636e}\n"
    ".rprocfw .al{fill:#b3001b}\n"
    ".rprocfw .k0{fill:#0a62b3}\n"
    ".rprocfw .k1{fill:#0b7a53}\n"
    ".rprocfw .k2{fill:#c46a00}\n"
    ".rprocfw .k3{fill:#7a4fa3}\n"
    ".rprocfw .k4{fill:#fff}\n"
    ".rprocfw .t{fill-opacity:.13}\n"
    ".rprocfw .w{stroke:#fff;stroke-width:1.6;fill:none}\n"
    ".rprocfw .v{fill:#fff}\n"
    ".rprocfw .p0{fill:url(#rprocfw-p0)}\n"
    ".rprocfw .p1{fill:url(#rprocfw-p1)}\n"
    ".rprocfw .p2{fill:url(#rprocfw-p2)}\n"
    ".rprocfw .p3{fill:url(#rprocfw-p3)}\n"
    ".rprocfw .p4{fill:none;stroke:#8c959f;stroke-dasharray:2 2}\n"
    ".rprocfw .bx{fill:none;stroke:#59636e}\n"
    ".rprocfw .ab{fill:none;stroke:#b3001b;stroke-width:2;stroke-dasharray:6 3}\n"
    ".rprocfw .ln{stroke:#59636e;stroke-opacity:.35}\n"
    ".rprocfw .lk{fill:#0b7a53;fill-opacity:.14;stroke:#0b7a53;stroke-opacity:.6}\n"
    ".rprocfw .la{fill:#b3001b;fill-opacity:.12;stroke:#b3001b;stroke-dasharray:6 3}\n"
    ".rprocfw .lk:hover,.rprocfw .la:hover,.rprocfw .r:hover .t{fill-opacity:.4}\n"
    "@media (prefers-color-scheme:dark){\n"
    ".rprocfw .bg,.rprocfw .k4,.rprocfw .v{fill:#0d1117}\n"
    ".rprocfw .hd,.rprocfw .gt,.rprocfw .tx{fill:#e6edf3}\n"
    ".rprocfw .dm{fill:#9da7b3}\n"
    ".rprocfw .al{fill:#ff8080}\n"
    ".rprocfw .k0{fill:#58a6ff}\n"
    ".rprocfw .k1{fill:#3fb98a}\n"
    ".rprocfw .k2{fill:#e3a03a}\n"
    ".rprocfw .k3{fill:#c297eb}\n"
    ".rprocfw .w{stroke:#0d1117}\n"
    ".rprocfw .t{fill-opacity:.2}\n"
    ".rprocfw .p4{stroke:#6e7681}\n"
    ".rprocfw .bx{stroke:#9da7b3}\n"
    ".rprocfw .ab{stroke:#ff8080}\n"
    ".rprocfw .ln{stroke:#9da7b3}\n"
    ".rprocfw .lk{fill:#3fb98a;stroke:#3fb98a}\n"
    ".rprocfw .la{fill:#ff8080;stroke:#ff8080}\n"
    "}\n"
    "</style>\n"
    "<defs>\n" PATTERN("0", "<path class=\"w\" d=\"M-2 2L2 -2M0 8L8 0M6 10L10 6\"/>")
        PATTERN("1", "") PATTERN("2", "<circle class=\"v\" cx=\"2\" cy=\"2\" r=\"1.3\"/>"
                                      "<circle class=\"v\" cx=\"6\" cy=\"6\" r=\"1.3\"/>")
            PATTERN("3", "<path class=\"w\" d=\"M0 2H8M0 6H8\"/>") "</defs>\n";
