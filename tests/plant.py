# SPDX-License-Identifier: BSD-2-Clause
"""usage: plant.py FILE FROM TO: a mistake for a self-test, TO for FROM, which must be there once."""
import sys

path, was, becomes = sys.argv[1:]
with open(path, encoding="utf-8") as file:
    text = file.read()
if text.count(was) != 1:
    sys.exit(f'{path} has "{was}" {text.count(was)} times, expected once')
with open(path, "w", encoding="utf-8") as file:
    file.write(text.replace(was, becomes))
