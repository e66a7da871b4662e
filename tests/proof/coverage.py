# SPDX-License-Identifier: BSD-2-Clause
"""Which statements of core EVA has reached, over all analyses of run.sh.

usage: coverage.py CORE LOG...
Says for each function how many of its statements no analysis came to, with the reason that is
known for it. Exit status 1: there are more than are known.
"""
import math
import re
import sys
from pathlib import Path

# A function's coverage is that of the one analysis that came to most of it: Frama-C tells numbers
# of statements, not which. So what different containers lead to counts as not reached.
APART = "no one container of run.sh leads to all of them"
KIND = "plain and encrypted images are analysed apart"

# FUNCTION: (statements that no one analysis reaches, at most, why).
KNOWN = {
    "change": (3, "what is read twice against faults"),
    "image_sizes": (3, APART),
    "judge_type": (3, KIND),
    "load": (1, KIND),
    "load_again": (1, "the containers of one analysis have one size"),
    "once_each": (1, APART),
    "once_each_of": (4, APART),
    "result_of": (13, "labels of cases, which are counted, too"),
    "rprocfw_judge_rsc_table": (1, KIND),
    "rprocfw_tlv_is_platform": (1, APART),
    "rprocfw_tlv_is_unique": (1, APART),
    "rprocfw_tlv_next": (1, "a record inside the area does not wrap"),
    "set_table": (5, APART),
    "skip_padding": (2, KIND),
}

STATEMENTS = re.compile(r"^  (\w+): (\d+) stmts out of (\d+) ")


def name(function):
    """What is in a header, or has a namesake, is numbered by Frama-C."""
    return re.sub(r"_\d+$", "", function)


def read(paths):
    best = {}
    for path in paths:
        with open(path, encoding="utf-8") as log:
            for found in filter(None, map(STATEMENTS.match, log)):
                # Of one name two functions differ in their statements.
                key = name(found[1]), int(found[3])
                best[key] = max(best.get(key, 0), int(found[2]))
    return best


def of_core(folder):
    text = "".join(path.read_text(encoding="utf-8") for path in Path(folder).glob("*.[ch]"))
    return set(re.findall(r"^(?:\w+[ *]+)+(\w+)\(", text, re.M))


def main():
    core = of_core(sys.argv[1])
    best = {key: reached for key, reached in read(sys.argv[2:]).items() if key[0] in core}
    # Of a function that nobody calls Frama-C tells nothing.
    left = dict.fromkeys(core - {function for function, _ in best}, math.inf)
    for (function, total), reached in best.items():
        left[function] = left.get(function, 0) + total - reached
    failed = not best
    for function in sorted(left):
        known, why = KNOWN.get(function, (0, "none is known"))
        if left[function] > known:
            failed = True
            print(f"FAILED: not reached: {function}: {left[function]} statements, {known} known")
        elif left[function] > 0:
            print(f"not reached: {function}: {left[function]} statements: {why}")
    print(f"coverage: {len(best)} functions, {sum(best.values())} statements reached")
    return int(failed)


sys.exit(main())
