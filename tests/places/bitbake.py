#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What BitBake does with a class or a recipe, as far as a test needs it: reads variables, flags, functions, expands.

bitbake.py FILE show NAME [VARIABLE=VALUE...]   prints the value of NAME, or of NAME[flag]
bitbake.py FILE run TASK [VARIABLE=VALUE...]    runs TASK, in Python or in sh
Notes, warnings and what is fatal go to standard error; exit status 1 after the latter.
"""
import os
import re
import subprocess
import sys
import types

ASSIGNMENT = re.compile(r'^([\w:${}]+)(?:\[([\w-]+)\])?\s*(\?\?=|\?=|\+=|=)\s*"(.*)"$')
FUNCTION = re.compile(r'^(python )?([\w:]*)\s*\(\) \{$')


class Fatal(Exception):
    pass


def fatal(text):
    raise Fatal(text)


class Data:
    """The variables; what is given wins over what the file says."""

    def __init__(self, given):
        self.values = dict(given)
        self.given = given
        self.functions = {}
        self.python = {"os": os, "d": self, "bb": types.SimpleNamespace(
            fatal=fatal, note=lambda text: print("NOTE: " + text, file=sys.stderr),
            warn=lambda text: print("WARNING: " + text, file=sys.stderr),
            parse=types.SimpleNamespace(SkipRecipe=Fatal),
            utils=types.SimpleNamespace(which=self.which))}

    @staticmethod
    def which(path, name):
        found = [os.path.join(p, name) for p in path.split(":") if os.path.exists(os.path.join(p, name))]
        return found[0] if found else ""

    def getVar(self, name):
        value = self.values.get(name)
        return None if value is None else self.expand(value)

    def expand(self, text):
        text = re.sub(r"\$\{@(.*?)\}", lambda match: str(eval(match.group(1), self.python)), text)
        return re.sub(r"\$\{([\w/]+)\}", lambda match: self.getVar(match.group(1)) or match.group(0), text)

    def read(self, path):
        lines = open(path).read().replace("\\\n", "").split("\n")
        while lines:
            line = lines.pop(0)
            assignment = ASSIGNMENT.match(line)
            function = FUNCTION.match(line)
            if assignment:
                name, flag, operator, value = assignment.groups()
                key = name + ("[" + flag + "]" if flag else "")
                if key in self.given:
                    continue
                if operator == "+=":
                    value = (self.values.get(key, "") + " " + value).strip()
                self.values[key] = value
            elif function:
                end = lines.index("}")
                body = lines[:end]
                del lines[:end + 1]
                self.functions[function.group(2)] = (bool(function.group(1)), "\n".join(body) + "\n")
            elif line.startswith("def "):
                body = [line]
                while lines and (not lines[0] or lines[0][0].isspace()):
                    body.append(lines.pop(0))
                exec(compile("\n".join(body), path, "exec"), self.python)
            elif line and not re.match(r"#|addtask |inherit ", line):
                sys.exit("%s: not understood: %s" % (path, line))
        for name, (is_python, body) in self.functions.items():
            if is_python:
                compile("def task(d):\n" + body, path + ":" + name, "exec")

    def run(self, name):
        is_python, body = self.functions[name]
        if is_python:
            exec(compile("def task(d):\n" + body + "task(d)\n", name, "exec"), self.python)
        else:
            subprocess.run(["sh", "-e", "-c", self.expand(body)], check=True)


def main():
    path, verb, name = sys.argv[1:4]
    data = Data(dict(argument.split("=", 1) for argument in sys.argv[4:]))
    try:
        data.read(path)
        if verb == "show":
            print(data.getVar(name))
        else:
            data.run(name)
    except (Fatal, subprocess.CalledProcessError) as error:
        print("FATAL: %s" % error, file=sys.stderr)
        sys.exit(1)


main()
