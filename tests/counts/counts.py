# SPDX-License-Identifier: BSD-2-Clause
"""Instructions of core: counts.py trace LOG PROGRAM OBJECT... | counts.py callgrind ANNOTATED

trace: of a log of qemu-user with an instruction a block, those in functions that the objects define.
callgrind: of what callgrind_annotate prints, those of src/core.
Prints "FUNCTION INSTRUCTIONS", the largest first, and the sum as "total".
"""

import bisect
import collections
import re
import subprocess
import sys


def symbols(path, *options):
    """(address, size, name) of functions."""
    lines = subprocess.run(["arm-linux-gnueabihf-nm", "-S", *options, path], check=True, text=True,
                           stdout=subprocess.PIPE).stdout.splitlines()
    for line in lines:
        words = line.split()
        if len(words) == 4 and words[2] in "tT":
            yield int(words[0], 16) & ~1, int(words[1], 16), words[3]


def trace(log, program, *objects):
    core = {name for path in objects for _, _, name in symbols(path)}
    functions = sorted(symbol for symbol in symbols(program) if symbol[2] in core)
    starts = [start for start, _, _ in functions]
    counts = collections.Counter()
    with open(log, encoding="ascii") as lines:
        for line in lines:
            match = re.match(r"Trace \d+: 0x[0-9a-f]+ \[[0-9a-f]+/([0-9a-f]+)/", line)
            at = bisect.bisect_right(starts, int(match[1], 16)) - 1 if match else -1
            if at >= 0 and int(match[1], 16) < starts[at] + functions[at][1]:
                counts[functions[at][2]] += 1
    return counts


def callgrind(annotated):
    counts = collections.Counter()
    with open(annotated, encoding="utf-8") as lines:
        for line in lines:
            match = re.match(r" *([\d,]+) \([^)]*\)  \S*src/core/\S+?:(\w+)", line)
            if match:
                counts[match[2]] += int(match[1].replace(",", ""))
    return counts


found = {"trace": trace, "callgrind": callgrind}[sys.argv[1]](*sys.argv[2:])
for name, count in found.most_common():
    print(name, count)
print("total", sum(found.values()))
