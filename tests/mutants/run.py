# SPDX-License-Identifier: BSD-2-Clause
"""Mutants of core against its tests. Called by run.sh, whose usage text says what for."""

import argparse
import collections
import hashlib
import json
import os
import queue
import re
import shlex
import shutil
import subprocess
import sys
import threading
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import mutate

HERE = Path(__file__).resolve().parent
TREE = HERE.parents[1]
CORE = TREE / "src/core"
EQUIVALENT = HERE / "equivalent.txt"
# Texts and results, one a status: nothing there decides, and what the tests could compare them with
# is the same table once more.
LEFT_OUT = ("status.c", "tee_result.c")
LEAST = 200  # mutants that a run has to kill

# Tests that change containers at random or everywhere, and take seconds: that they fail in the end
# is not enough, a rule has a test of its own.
OTHER_TESTS = re.compile("(tee-)?generated|(unit|tee)-(changing|exhaustive)|"
                         "unit-(lengths|mutations)|tee-vectors-")
KILLED, SURVIVED, LISTED, SAME = "killed", "survived", "listed", "same"


def output_of(command, **more):
    """What it prints on standard output; if it fails, the end."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", check=False, **more)
    if done.returncode != 0:
        sys.exit(f"mutants: {' '.join(map(str, command))}:\n{done.stdout[-4000:]}")
    return done.stdout


class Program:
    """A test program. It finds core in a shared library: each mutant has one of its own."""

    def __init__(self, name, command):
        self.name = name
        self.command = command
        self.fork = "no"     # whether each of its tests has a process of its own, which takes time
        self.seconds = 60.0  # of processor, with core as it is

    def measure(self, core):
        """With core as it is: does it pass?"""
        passes, self.seconds = self.run(core)
        if not passes:  # some need it
            self.fork = "yes"
            passes, self.seconds = self.run(core)
        return passes

    def run(self, folder):
        """With the core in that folder: does it pass, and its seconds of processor time."""
        environment = {**os.environ, "LD_LIBRARY_PATH": str(folder), "CK_FORK": self.fork,
                       "RPROCFW_FIRST_FAILURE": "1"}
        limit = int(1 + 5 * self.seconds)  # an endless loop is a failure
        with subprocess.Popen(["prlimit", f"--cpu={limit}", "--core=0", *self.command],
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, env=environment,
                              cwd=folder) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        return process.returncode == 0, usage.ru_utime + usage.ru_stime


class Bench:
    """Core and its tests, built once."""

    def __init__(self, folder, options, jobs, pool):
        self.folder = folder
        # new-dtags: LD_LIBRARY_PATH comes before the path that is written into the programs
        output_of(["cmake", "-S", TREE, "-B", folder,
                   "-DRPROCFW_CORE_ONLY=ON", "-DRPROCFW_TESTS=ON",
                   f"-DCMAKE_PROJECT_rprocfw_INCLUDE={HERE}/shared_core.cmake",
                   "-DCMAKE_C_COMPILER=gcc", "-DCMAKE_EXE_LINKER_FLAGS=-Wl,--enable-new-dtags",
                   "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", *options])
        output_of(["cmake", "--build", folder, "-j", str(jobs), "--target", "rprocfw-core",
                   *(name for name, _ in self._tests())])
        self.programs = [Program(name, command) for name, command in self._tests()]
        self.kills = collections.defaultdict(collections.Counter)  # of each file, by program
        self.commands = self._compile_commands()
        self.core = self.folder / "core"  # as it is
        shutil.copytree(CORE, self.core)
        if not all(pool.map(lambda name: self.compile(self.core, name), self.commands)):
            sys.exit("mutants: core does not compile")
        self.link(self.core, self.commands)
        self._measure(pool)

    def _compile_commands(self):
        """Of each source of core how the library's object is compiled, without input and output."""
        commands = {}
        for entry in json.loads((self.folder / "compile_commands.json").read_text()):
            command = shlex.split(entry["command"])
            output = command.index("-o")
            if command[output + 1].startswith("CMakeFiles/rprocfw-core.dir/"):
                commands[Path(entry["file"]).name] = [*command[:output], "-w"]
        return commands

    def compile(self, folder, name):
        """The object of that source, beside it; false if it does not compile."""
        return subprocess.run([*self.commands[name], "-c", name, "-o", f"{name}.o"], cwd=folder,
                              stderr=subprocess.DEVNULL, check=False).returncode == 0

    def link(self, folder, names):
        """Core, of the folder's objects of those sources, and of all others as they are."""
        flags = [flag for flag in self.commands["verify.c"] if flag.startswith("-fsanitize")]
        output_of(["gcc", *flags, "-shared", "-o", folder / "librprocfw-core.so",
                   *((folder if name in names else self.core) / f"{name}.o"
                     for name in self.commands)])

    def _tests(self):
        """Those of ctest that are programs: name and command, which is None before it is built."""
        tests = json.loads(output_of(["ctest", "--test-dir", self.folder, "--show-only=json-v1"]))
        for test in tests["tests"]:
            command = test.get("command")
            if not OTHER_TESTS.match(test["name"]) and \
                    (command is None or command[0].startswith(str(self.folder))):
                yield test["name"], command

    def _measure(self, pool):
        """They pass; how long they take."""
        passed = pool.map(lambda program: program.measure(self.core), self.programs)
        for program, passes in zip(self.programs, passed):
            if not passes:
                sys.exit(f"mutants: {program.name} fails with core as it is")

    def in_order(self, file):
        """The programs: of those that kill soonest in this file the ones that did so most often, then
        the quickest."""
        kills = self.kills[file]
        return sorted(self.programs, key=lambda program: (program.seconds + 0.05) /
                      (kills[program.name] + 0.5))


class Worker:
    """A folder in which one mutant at a time is made and tried."""

    def __init__(self, bench, folder):
        self.bench = bench
        self.folder = folder
        self.names = []  # the sources whose objects the mutant changes
        shutil.copytree(CORE, folder)

    def make(self, mutant):
        """Does it compile?"""
        path = self.folder / mutant.file
        source = path.read_text()
        self.names = [mutant.file]
        if mutant.file.endswith(".h"):
            self.names = [name for name in self.bench.commands
                          if f'"{mutant.file}"' in (self.folder / name).read_text()]
        path.write_text(mutant.apply(source))
        compiles = all([self.bench.compile(self.folder, name) for name in self.names])
        path.write_text(source)
        return compiles

    def digest(self, folder):
        """Of the code of the mutant, or of core's in the same objects."""
        objects = [(folder / f"{name}.o").read_bytes() for name in self.names]
        return hashlib.sha256(b"".join(objects)).digest()

    def killer(self, mutant):
        """The program that does not pass with the mutant; None if all do."""
        self.bench.link(self.folder, self.names)
        for program in self.bench.in_order(mutant.file):
            if not program.run(self.folder)[0]:
                self.bench.kills[mutant.file][program.name] += 1
                return program
        return None


class Trial:
    """Mutants, tried on all processors."""

    def __init__(self, folder, options, jobs):
        self.pool = ThreadPoolExecutor(jobs)
        self.lock = threading.Lock()
        self.seen = set()  # digests of mutants, and of core
        bench = Bench(folder, options, jobs, self.pool)
        self.workers = queue.SimpleQueue()
        for number in range(jobs):
            self.workers.put(Worker(bench, folder / f"worker{number}"))

    def _each(self, call, mutants):
        def with_worker(mutant):
            worker = self.workers.get()
            try:
                return mutant, call(worker, mutant)
            finally:
                self.workers.put(worker)
        return self.pool.map(with_worker, mutants)

    def _is_new(self, worker, mutant):
        """Does it compile, and to other code than core and the mutants before it?"""
        if not worker.make(mutant):
            return False
        digest = worker.digest(worker.folder)
        with self.lock:
            self.seen.add(worker.digest(worker.bench.core))
            new = digest not in self.seen
            self.seen.add(digest)
        return new

    def note(self, mutants):
        """Others that compile to the same as one of these are not tried."""
        return [mutant for mutant, _ in self._each(self._is_new, mutants)]

    def outcomes(self, mutants):
        """Of each: (mutant, what became of it, the name of the program that killed it)."""
        def judge(worker, mutant):
            if not self._is_new(worker, mutant):
                return SAME, None
            killer = worker.killer(mutant)
            return (KILLED, killer.name) if killer else (SURVIVED, None)
        for mutant, (outcome, killer) in self._each(judge, mutants):
            yield mutant, outcome, killer


def listed():
    """The names in the list of equivalent mutants; above each group of them stands its reason."""
    names = set()
    reason = False
    for number, line in enumerate(EQUIVALENT.read_text().splitlines(), 1):
        if not line.strip():
            reason = False
        elif line.startswith("#"):
            reason = True
        elif not reason or line in names:
            sys.exit(f"{EQUIVALENT.name}:{number}: " + ("twice" if reason else "without a reason"))
        else:
            names.add(line)
    return names


def all_mutants():
    for path in sorted(CORE.glob("*.[ch]")):
        if path.name not in LEFT_OUT:
            yield from mutate.Source(path.name, path.read_text()).mutants()


class Report:
    def __init__(self):
        self.counts = collections.defaultdict(collections.Counter)
        self.killers = collections.Counter()
        self.survivors = []

    def add(self, mutant, outcome, killer=None):
        self.counts[mutant.file][outcome] += 1
        if killer:
            self.killers[killer] += 1
        if outcome is SURVIVED:
            self.survivors.append(mutant)

    def total(self, outcome):
        return sum(counts[outcome] for counts in self.counts.values())

    def show(self):
        print(f"{'':12}{KILLED:>9}{SURVIVED:>9}{LISTED:>9}{SAME:>9}")
        for file, counts in sorted(self.counts.items()):
            print(f"{file:12}" + "".join(f"{counts[outcome]:9}"
                                         for outcome in (KILLED, SURVIVED, LISTED, SAME)))
        print("killed by:", ", ".join(f"{name} {count}"
                                      for name, count in self.killers.most_common()))
        for mutant in self.survivors:
            print(f"src/core/{mutant.file}:{mutant.line}: {mutant.name}")


def try_all(mutants, skip, options):
    """The report on those mutants, of which those in skip are not tried."""
    report = Report()
    plain = Trial(options.work / "plain", ["-DCMAKE_BUILD_TYPE=None", "-DCMAKE_C_FLAGS=-O2"],
                  options.jobs)
    for mutant in plain.note([mutant for mutant in mutants if mutant.name in skip]):
        report.add(mutant, LISTED)
    survivors = []
    for mutant, outcome, killer in plain.outcomes([mutant for mutant in mutants
                                                   if mutant.name not in skip]):
        if outcome is SURVIVED:
            survivors.append(mutant)
        else:
            report.add(mutant, outcome, killer)
    if survivors:  # what reads or writes where it should not is seen by sanitizers alone
        print(f"with sanitizers: {len(survivors)}", flush=True)
        careful = Trial(options.work / "sanitize",
                        ["-DCMAKE_BUILD_TYPE=Debug", "-DRPROCFW_SANITIZE=address,undefined"],
                        options.jobs)
        for mutant, outcome, killer in careful.outcomes(survivors):
            report.add(mutant, outcome, killer and killer + " (sanitizers)")
    return report


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--jobs", type=int, required=True)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--listed", action="store_true")
    parser.add_argument("file", nargs="*")
    options = parser.parse_args()

    start = time.monotonic()
    mutants = list(all_mutants())
    names = listed()
    unknown = names - {mutant.name for mutant in mutants}
    for name in sorted(unknown):
        print(f"{EQUIVALENT.name}: no such mutant any more: {name}")
    chosen = [mutant for mutant in mutants if not options.file or mutant.file in options.file]
    if options.listed:
        chosen = [mutant for mutant in chosen if mutant.name in names]
        names = set()
    # By name: a change of the code does not make others of the rest.
    chosen = [mutant for mutant in chosen if zlib.crc32(mutant.name.encode()) % options.every == 0]
    if not chosen:
        sys.exit("mutants: none of " + " ".join(options.file))
    report = try_all(chosen, names, options)
    report.show()
    print(f"{len(chosen)} of {len(mutants)} mutants, {time.monotonic() - start:.0f} s")
    if options.listed:
        sys.exit(1 if unknown or report.total(KILLED) else 0)
    enough = options.file or report.total(KILLED) >= LEAST
    sys.exit(1 if unknown or report.survivors or not enough else 0)


if __name__ == "__main__":
    main()
