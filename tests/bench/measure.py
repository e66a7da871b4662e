# SPDX-License-Identifier: BSD-2-Clause
"""Measures the rows of the benchmark; run.sh calls it, and says how."""

import argparse
import json
import os
import pathlib
import re
import shlex
import statistics
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import make_elf  # pylint: disable=wrong-import-position

MIB = 1 << 20

# --- Inputs: name, and (segments, bytes of each) ----------------------------------------------------

INPUTS = {
    "16M": (1, 16 * MIB),
    "256M": (4, 64 * MIB),
    "1G": (1, 1024 * MIB),
    "1000-segments": (1000, 1024),
    "1-phdr": (1, 16),
    "1000-phdrs": (1000, 16),
    "60000-phdrs": (60000, 16),
}
SIZES = {"14K": 13600, "16M": 16 * MIB, "256M": 256 * MIB, "1G": 1024 * MIB}


class Bench:
    """Commands, by names "what:input"."""

    def __init__(self, args):
        self.work = pathlib.Path(args.work)
        self.bin = pathlib.Path(args.bin)
        self.keys = pathlib.Path(args.vectors) / "keys"
        self.small = pathlib.Path(args.vectors) / "elf" / "m4.elf"
        self.script = os.environ.get("SIGN_RPROC_FW")
        self.out = self.work / "out"

    def input(self, name):
        """The path of an input, made when it is asked for first."""
        if name == "14K":
            return self.small
        path = self.work / f"{name}.elf"
        if not path.exists():
            make_elf.write(path, *INPUTS[name])
        return path

    def container(self, name):
        path = self.work / f"{name}.sig"
        if not path.exists():
            subprocess.run([self.bin / "rproc-sign", "--quiet", "--key", self.keys / "rsa2048.pem",
                            self.input(name), path], check=True)
        return path

    def manifest(self, count):
        """The path of a manifest with so many containers of the small firmware."""
        path = self.work / f"{count}.yaml"
        if not path.exists():
            outputs = self.work / count
            outputs.mkdir()
            defaults = {"key": str(self.keys / "rsa2048.pem")}
            containers = {f"c{number}": {"inputs": str(self.small), "output": f"{outputs}/{number}.sig"}
                          for number in range(int(count))}
            path.write_text(json.dumps({"defaults": defaults, "containers": containers}, indent=1))
        return path

    def command(self, name):
        what, _, of = name.partition(":")
        key = self.keys / "rsa2048.pem"
        public = self.keys / "rsa2048.pub.pem"
        sign = [self.bin / "rproc-sign", "--quiet", "--key", key]
        commands = {
            "sign": lambda: [*sign, "--no-sync", self.input(of), self.out],
            "encrypt": lambda: [*sign, "--no-sync", "--enc_key", self.keys / "aes256.bin",
                                self.input(of), self.out],
            "openssl-enc": lambda: ["openssl", "enc", "-aes-256-cbc", "-K", 64 * "1", "-iv",
                                    32 * "1", "-in", self.input(of), "-out", self.out],
            "sign-sync": lambda: [*sign, self.input(of), self.out],
            "sign-images": lambda: [*sign, "--no-sync", *[self.input("1-phdr")] * int(of), self.out],
            "manifest": lambda: [self.bin / "rproc-sign", "--quiet", "--no-sync", "--manifest",
                                 self.manifest(of)],
            "manifest-one-job": lambda: [*commands["manifest"](), "--jobs", "1"],
            "manifest-unchanged": lambda: [*commands["manifest-one-job"](), "--if-changed"],
            "sign-each": lambda: ["sh", "-c", f"for i in $(seq {of}); do " + shlex.join(map(str, [
                *sign, "--no-sync", self.small, self.work / "each"])) + ".$i || exit; done"],
            "verify": lambda: [self.bin / "rproc-verify", "--quiet", "--key", public,
                               self.container(of)],
            "dump": lambda: [self.bin / "rproc-dump", self.container(of)],
            "version": lambda: [self.bin / of, "--version"],
            "script": lambda: ["python3", self.script, "--in", self.input(of), "--out", self.out,
                               "--key", key],
            "openssl-sign": lambda: ["openssl", "dgst", "-sha256", "-sign", key, "-out", self.out,
                                     self.input(of)],
            "openssl-dgst": lambda: ["openssl", "dgst", "-sha256", self.input(of)],
            "openssl-version": lambda: ["openssl", "version"],
            "cp": lambda: ["cp", self.input(of), self.out],
            "dd-sync": lambda: ["dd", f"if={self.input(of)}", f"of={self.out}", "bs=1M",
                                "conv=fsync", "status=none"],
        }
        return commands[what]()


# --- Rows: what it says, our command, the others (the slower one counts), the ratio to reach --------

TIME_ROWS = [
    ("sign a small firmware", "sign-sync:14K", ["openssl-sign:14K"], 1.0),
    ("sign a small firmware, --no-sync", "sign:14K", ["openssl-sign:14K"], None),
    ("sign 16 MiB, --no-sync", "sign:16M", ["openssl-dgst:16M", "cp:16M"], None),
    ("sign 256 MiB, --no-sync", "sign:256M", ["openssl-dgst:256M", "cp:256M"], 1.1),
    ("sign 256 MiB", "sign-sync:256M", ["openssl-dgst:256M", "dd-sync:256M"], 1.1),
    ("sign 1 GiB, --no-sync", "sign:1G", ["openssl-dgst:1G", "cp:1G"], 1.15),
    ("sign 256 MiB encrypted, --no-sync", "encrypt:256M", ["openssl-enc:256M", "openssl-dgst:256M"],
     None),
    ("sign 1,000 segments, --no-sync", "sign:1000-segments", ["openssl-sign:1000-segments"], None),
    ("sign 255 images, --no-sync", "sign-images:255", ["openssl-sign:14K"], None),
    ("200 containers of a manifest, --no-sync, one job", "manifest-one-job:200", ["sign-each:200"],
     None),
    ("the same, a job a processor", "manifest:200", ["manifest-one-job:200"], None),
    ("the same, --if-changed, one job, nothing changed", "manifest-unchanged:200",
     ["manifest-one-job:200"], None),
    ("verify a small firmware", "verify:14K", ["openssl-dgst:14K"], None),
    ("verify 256 MiB", "verify:256M", ["openssl-dgst:256M"], 0.65),
    ("dump 256 MiB, to its --version", "dump:256M", ["version:rproc-dump"], 2.0),
    ("start of rproc-sign", "version:rproc-sign", ["openssl-version"], 0.8),
]
SCRIPT_ROWS = [
    ("sign a small firmware, to the script", "sign-sync:14K", ["script:14K"], None),
    ("sign 16 MiB, to the script", "sign-sync:16M", ["script:16M"], None),
]

# Time for a program header, without what a run with one takes.
MANY, FEW, ONE = ("60000-phdrs", 60000), ("1000-phdrs", 1000), ("1-phdr", 1)
HEADER_ROWS = [(f"{what}: per program header of 60,000, to 1,000", what, 1.2)
               for what in ("sign", "verify")]

MEMORY_ROWS = [(f"{what}: memory for 1 GiB, to 14 KB", f"{what}:1G", f"{what}:14K", 1.5)
               for what in ("sign", "verify", "dump")]
MEMORY_LIMIT = 16 * MIB

PLOTTED = ("sign", "verify", "dump", "openssl-dgst", "cp")

# --- Measuring --------------------------------------------------------------------------------------


def is_large(name):
    return name.partition(":")[2] in ("16M", "256M", "1G", "200")


def run(bench, name, runs):
    """Seconds of each run of a command."""
    export = bench.work / "hyperfine.json"
    prepare = f"rm -f {shlex.quote(str(bench.out))}"
    if is_large(name):  # what an earlier command wrote is not to be paid by this one
        prepare = f"sh -c {shlex.quote(prepare + ' && sync')}"
    subprocess.run(["hyperfine", "-N", "--style", "none", "--runs", str(runs), "--prepare", prepare,
                    "--export-json", export, shlex.join(map(str, bench.command(name)))],
                   check=True, stderr=subprocess.DEVNULL)
    return json.loads(export.read_text())["results"][0]["times"]


def measure_times(bench, names, rounds):
    """Of each command the seconds of its runs, in rounds over all commands."""
    times = {name: [] for name in names}
    for name in names:  # makes the input, and reads it into the page cache
        run(bench, name, 1)
    for number in range(rounds):
        if sys.stderr.isatty():
            print(f"\rround {number + 1} of {rounds}", end="", file=sys.stderr)
        for name in names:
            times[name] += run(bench, name, 1 if is_large(name) else 5)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    return times


def peak_memory(bench, name):
    """Bytes, the most that were resident."""
    bench.out.unlink(missing_ok=True)
    done = subprocess.run(["/usr/bin/time", "-v", *bench.command(name)], check=True, text=True,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    return 1024 * int(re.search(r"Maximum resident set size \(kbytes\): (\d+)", done.stderr)[1])


# --- Results ----------------------------------------------------------------------------------------


def row_of(title, unit, ours, value, against, other, limit, most=None):
    ratio = value / other
    reached = None if limit is None else ratio <= limit and (most is None or value < most)
    return {"row": title, "unit": unit, "command": ours, "median": value, "against": against,
            "against_median": other, "ratio": ratio, "limit": limit, "reached": reached}


def time_rows(rows, times):
    median = {name: statistics.median(runs) for name, runs in times.items()}
    for title, ours, others, limit in rows:
        against = max(others, key=lambda name: median[name])
        yield row_of(title, "s", ours, median[ours], against, median[against], limit)


def header_rows(rows, times):
    def per_header(what, of):
        return (statistics.median(times[f"{what}:{of[0]}"]) -
                statistics.median(times[f"{what}:{ONE[0]}"])) / (of[1] - 1)
    for title, what, limit in rows:
        yield row_of(title, "s", f"{what}:{MANY[0]}", per_header(what, MANY), f"{what}:{FEW[0]}",
                     per_header(what, FEW), limit)


def memory_rows(rows, memory):
    for title, ours, against, limit in rows:
        yield row_of(title, "bytes", ours, memory[ours], against, memory[against], limit,
                     MEMORY_LIMIT)


def quantity(value, unit):
    if unit == "bytes":
        return f"{value / MIB:.1f} MiB"
    for factor, name in ((1, "s"), (1e3, "ms")):
        if value * factor >= 1:
            return f"{value * factor:.2f} {name}"
    return f"{value * 1e6:.2f} us"


def table(rows):
    lines = [f"{'':50} {'ours':>10} {'against':>10} {'ratio':>6} {'reach':>6}"]
    for row in rows:
        limit = "" if row["limit"] is None else f"{row['limit']:.2f}"
        word = {None: "", True: "ok", False: "MISSED"}[row["reached"]]
        lines.append(f"{row['row']:50} {quantity(row['median'], row['unit']):>10} "
                     f"{quantity(row['against_median'], row['unit']):>10} {row['ratio']:6.2f} "
                     f"{limit:>6} {word:6} {row['against']}".rstrip())
    return "\n".join(lines) + "\n"


GNUPLOT = """set terminal svg size 1000,450 dynamic background rgb 'white'
set output 'plot.svg'
set multiplot layout 1,2
set logscale xy
set key below
set xlabel 'size of the ELF file, MiB'
set ylabel 'seconds, median'
plot {times}
set ylabel 'peak memory, MiB'
plot {memory}
"""


def plot(results, times, memory):
    """Time and memory over the size of the input."""
    def curves(column):
        return ", ".join(f"'plot-{what}.data' using 1:{column} with linespoints title '{what}'"
                         for what in PLOTTED)
    for what in PLOTTED:
        lines = [f"{size / MIB} {statistics.median(times[f'{what}:{name}'])} "
                 f"{memory[f'{what}:{name}'] / MIB}\n" for name, size in SIZES.items()]
        (results / f"plot-{what}.data").write_text("".join(lines))
    (results / "plot.gnuplot").write_text(GNUPLOT.format(times=curves(2), memory=curves(3)))
    subprocess.run(["gnuplot", "plot.gnuplot"], cwd=results, check=True)


# --- All of it --------------------------------------------------------------------------------------


def parse():
    parser = argparse.ArgumentParser(usage="tests/bench/run.sh [--list] [--rounds N] [ROW...]")
    for name in ("bin", "vectors", "work", "results"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("row", nargs="*")
    return parser.parse_args()


def main():
    args = parse()
    bench = Bench(args)
    timed, headers, remembered = ([row for row in rows if not args.row or
                                   any(word in row[0] for word in args.row)]
                                  for rows in (TIME_ROWS + (SCRIPT_ROWS if bench.script else []),
                                               HEADER_ROWS, MEMORY_ROWS))
    if args.list:
        print("\n".join(row[0] for row in timed + headers + remembered))
        return 0
    if not timed + headers + remembered:
        print("no such row; see --list", file=sys.stderr)
        return 2
    plotted = [] if args.row else [f"{what}:{size}" for what in PLOTTED for size in SIZES]
    times = measure_times(bench, dict.fromkeys(
        [name for _, ours, others, _ in timed for name in (ours, *others)] +
        [f"{what}:{of}" for _, what, _ in headers for of, _ in (MANY, FEW, ONE)] + plotted),
        args.rounds)
    memory = {name: peak_memory(bench, name) for name in dict.fromkeys(
        [name for _, ours, other, _ in remembered for name in (ours, other)] + plotted)}

    rows = [*time_rows(timed, times), *header_rows(headers, times),
            *memory_rows(remembered, memory)]
    results = pathlib.Path(args.results)
    results.mkdir(parents=True, exist_ok=True)
    (results / "results.json").write_text(json.dumps(
        {"rounds": args.rounds, "processors": os.cpu_count(), "rows": rows, "seconds": times,
         "peak_bytes": memory}, indent=1) + "\n")
    (results / "table.txt").write_text(table(rows))
    print(table(rows), end="")
    if plotted:
        plot(results, times, memory)
    return 0


if __name__ == "__main__":
    sys.exit(main())
