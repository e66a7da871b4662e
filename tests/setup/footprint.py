# SPDX-License-Identifier: BSD-2-Clause
"""
footprint.py PREFIX FOLDER ENTRY...: what the functions that ENTRY... reach need of code and stack.

FOLDER holds NAME.o and NAME.ci for each source, compiled with -ffunction-sections and
-fcallgraph-info=su,da; PREFIX is that of the binutils (arm-none-eabi-). Calls are taken from the
relocations, so that what the compiler adds late and tail calls are among them; every mention of a
function counts as a call. Calls through pointers are callbacks of the platform: leaves, as is what no
object defines.

Prints, tab-separated: "function", bytes, stack, name; "call", stack, name, from the entry to the leaf of
the deepest path; "stack", bytes; "outside", name, for what no object defines. Exits with 1 when the
stack has no bound: a recursion, a frame of dynamic size.
"""
import glob
import os
import re
import subprocess
import sys


class Function:
    def __init__(self, obj, name, size):
        self.obj = obj
        self.name = name
        self.size = size
        self.stack = None
        self.mentions = set()


def run(tool, *arguments):
    command = [sys.argv[1] + tool, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def read_symbols(obj, local, shared):
    for line in run("nm", "-S", obj + ".o").splitlines():
        match = re.fullmatch(r"[0-9a-f]+ ([0-9a-f]+) ([tTwW]) (\S+)", line)
        if match:
            function = Function(obj, match[3], int(match[1], 16))
            local[obj, match[3]] = function
            if match[2] != "t":
                shared[match[3]] = function


def read_stack(obj, local):
    """A node has a label only with a body: NAME\\nPLACE\\nN bytes (KIND)\\nM dynamic objects."""
    with open(obj + ".ci", encoding="utf-8") as file:
        nodes = re.findall(r'node: { title: "([^"]*)" label: "[^"]*\\n(\d+) bytes \((.*?)\)', file.read())
    for title, stack, kind in nodes:
        name = title.rsplit(":", 1)[-1]
        if (obj, name) not in local:
            continue  # inlined after all
        if kind != "static":
            sys.exit(f"footprint: {name}: {stack} bytes of stack are {kind}, so there is no bound")
        local[obj, name].stack = int(stack)


def read_mentions(obj, local):
    """What each function refers to; returns what data refers to, as (section, name)."""
    function, section, of_data = None, "", []
    for line in run("objdump", "-r", "-w", obj + ".o").splitlines():
        heading = re.match(r"RELOCATION RECORDS FOR \[(.*)\]:", line)
        if heading:
            section = heading[1]
            function = local.get((obj, section.removeprefix(".text.")))
        match = re.match(r"[0-9a-f]+\s+R_\S+\s+(\S+)", line)
        if match:
            target = re.sub(r"[+-]0x[0-9a-f]+$", "", match[1]).removeprefix(".text.")
            if function is not None:
                function.mentions.add(target)
            else:
                of_data.append((section, target))
    return of_data


def read_objects(folder):
    local, shared = {}, {}
    objects = [path[: -len(".o")] for path in sorted(glob.glob(os.path.join(folder, "*.o")))]
    for obj in objects:
        read_symbols(obj, local, shared)
        read_stack(obj, local)
    for obj in objects:
        for section, name in read_mentions(obj, local):
            if (obj, name) in local or name in shared:
                sys.exit(f"footprint: {obj}.o: {section} points to {name}: who calls it cannot be told")
    for function in local.values():
        if function.stack is None:
            sys.exit(f"footprint: {function.obj}.ci does not tell the stack of {function.name}")
    return local, shared


class Paths:
    """The deepest path from each function, as a list of functions."""

    def __init__(self, local, shared):
        self.local = local
        self.shared = shared
        self.deepest = {}
        self.outside = set()

    def callees(self, function):
        for name in sorted(function.mentions):
            callee = self.local.get((function.obj, name)) or self.shared.get(name)
            if callee is not None:
                yield callee
            elif not name.startswith("."):  # a section: read-only data
                self.outside.add(name)

    def from_function(self, function, callers=()):
        if function in callers:
            names = " -> ".join(caller.name for caller in (*callers, function))
            sys.exit(f"footprint: a recursion, so the stack has no bound: {names}")
        if function not in self.deepest:
            below = [self.from_function(callee, (*callers, function)) for callee in self.callees(function)]
            self.deepest[function] = [function, *max(below, key=stack_of, default=[])]
        return self.deepest[function]


def stack_of(path):
    return sum(function.stack for function in path)


def main():
    local, shared = read_objects(sys.argv[2])
    paths = Paths(local, shared)
    missing = [name for name in sys.argv[3:] if name not in shared]
    if missing:
        sys.exit(f"footprint: no object defines {' '.join(missing)}")
    path = max((paths.from_function(shared[name]) for name in sys.argv[3:]), key=stack_of)
    for function in sorted(paths.deepest, key=lambda f: (-f.size, f.name)):
        print("function", function.size, function.stack, function.name, sep="\t")
    for function in path:
        print("call", function.stack, function.name, sep="\t")
    print("stack", stack_of(path), sep="\t")
    for name in sorted(paths.outside):
        print("outside", name, sep="\t")


main()
