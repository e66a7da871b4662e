#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Runs a program under qemu-user and leaves out one instruction of core after the other.

usage: skip.py [-e] [-v] QEMU {thumb|arm|aarch64} PROGRAM [SCENARIO...]

PROGRAM is harness.c with core in the section core_text; README.md says what this is for. Speaks to
the debugger's port of qemu (the remote protocol of gdb). Prints a line for each scenario, and each
skip that was enough to have something accepted.
  -e   of an instruction that is executed often, the first and the last time only
  -v   print where a skip led to a crash or to an endless loop, too
Exit status: 0 nothing was accepted, 1 something was, 2 could not be done.
"""
import bisect
import concurrent.futures
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

# harness.c has a word for each bit, 0 or YES: twice, for a run that goes astray may store into one.
BITS = {1: "answered OK", 2: "bytes handed over", 4: "said to be loaded", 8: "started",
        16: "start answered OK"}
YES = 0x9E3779B9
PAGE = 4096  # bytes between the two
# Scenario: what may not come out of it. A wrong segment has to be handed over to be found wrong. While
# a good container is loaded, that is said, and it is what start starts. That start answers OK, and
# starts nothing, is no acceptance. segment_later runs when asked for only: README.md says why.
SCENARIOS = {"signature_verify": 15, "signature_load": 15, "signature_reload": 15,
             "signature_loaded": 3, "segment_verify": 13, "segment_load": 13, "segment_later": 13}
CONTROLS = {"good_verify": 3, "good_load": 31}

REFUSED, CRASHED, ENDLESS = -1, -2, -3  # outcomes of one run; otherwise the bits accepted
CPU_LIMIT = 0.3  # seconds of processor time, of a run that takes some milliseconds

# Numbers of registers in the protocol, and their bytes.
MACHINES = {"thumb": dict(pc=15, sp=13, lr=14, status=25, bytes=4),
            "arm": dict(pc=15, sp=13, lr=14, status=25, bytes=4),
            "aarch64": dict(pc=32, sp=31, lr=30, status=33, bytes=8)}


class Crash(Exception):
    pass


class Endless(Exception):
    pass


class Guest:
    """A program that stands still at its first instruction; the protocol's commands that we need."""

    def __init__(self, qemu, machine, program):
        self.machine = MACHINES[machine]
        self.folder = tempfile.TemporaryDirectory()
        path = os.path.join(self.folder.name, "gdb")
        self.process = subprocess.Popen([qemu, "-g", path, program], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.socket = socket.socket(socket.AF_UNIX)
        for _ in range(1000):
            try:
                self.socket.connect(path)
                break
            except (FileNotFoundError, ConnectionRefusedError):
                time.sleep(0.01)
        self.buffer = b""
        self.breakpoints = set()
        self.ask("qXfer:features:read:target.xml:0,ffb")  # before it, registers have no numbers
        self.first_sp = self.register("sp")
        self.first_status = self.register("status")

    def close(self):
        self.process.kill()
        self.process.wait()
        self.socket.close()
        self.folder.cleanup()

    def cpu(self):
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as stat:
            fields = stat.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def answer(self):
        """The next packet; an endless loop is told by the time that the guest takes, not by ours."""
        limit = None
        self.socket.settimeout(0.2)
        while True:
            match = re.search(rb"\$([^#]*)#..", self.buffer)
            if match:
                self.buffer = self.buffer[match.end():]
                self.socket.sendall(b"+")
                return match.group(1).decode()
            try:
                received = self.socket.recv(4096)
            except socket.timeout:
                limit = limit or self.cpu() + CPU_LIMIT
                if self.cpu() > limit:
                    raise Endless from None
                continue
            except ConnectionError:
                raise Crash from None
            if not received:
                raise Crash
            self.buffer += received

    def ask(self, text):
        packet = f"${text}#{sum(text.encode()) % 256:02x}".encode()
        try:
            self.socket.sendall(packet)
        except ConnectionError:
            raise Crash from None
        return self.answer()

    def register(self, name):
        text = self.ask(f"p{self.machine[name]:x}")
        return int.from_bytes(bytes.fromhex(text), "little")

    def set_register(self, name, value, size=None):
        text = value.to_bytes(size or self.machine["bytes"], "little").hex()
        if self.ask(f"P{self.machine[name]:x}={text}") != "OK":
            raise RuntimeError("a register cannot be set")

    def memory(self, address, size):
        return bytes.fromhex(self.ask(f"m{address:x},{size:x}"))

    def stop_at(self, *addresses):
        """Exactly these breakpoints."""
        for kind, changed in (("z", self.breakpoints - set(addresses)),
                              ("Z", set(addresses) - self.breakpoints)):
            for address in changed:
                if self.ask(f"{kind}0,{address:x},4") != "OK":
                    raise RuntimeError("no breakpoint")
        self.breakpoints = set(addresses)

    def resume(self, how):
        """how: c to the next breakpoint, s one instruction; where it stopped then."""
        if not self.ask(how).startswith(("T05", "S05")):
            raise Crash  # by a signal, or it ended
        return self.register("pc")

    def interrupt(self):
        """Out of an endless loop."""
        self.process.send_signal(signal.SIGINT)  # which qemu tells the debugger
        self.answer()

    def begin(self, scenario):
        self.set_register("sp", self.first_sp)
        self.set_register("status", self.first_status, 4)
        self.set_register("lr", 0)  # a return out of the scenario leads to a crash
        self.set_register("pc", scenario)


class Program:
    """PROGRAM, and what is known of it without running it."""

    def __init__(self, qemu, machine, path):
        self.qemu, self.machine, self.path = qemu, machine, path
        self.symbols = {}
        nm = subprocess.run(["nm", path], check=True, capture_output=True, text=True).stdout
        for line in nm.splitlines():
            value, _, name = line.split()[-3:] if len(line.split()) == 3 else ("0", "", "")
            self.symbols[name] = int(value, 16) & ~1  # bit 0 says Thumb

    def guest(self):
        return Guest(self.qemu, self.machine, self.path)

    def is_core(self, address):
        return self.symbols["__start_core_text"] <= address < self.symbols["__stop_core_text"]

    def run_to_begin(self, guest, scenario):
        guest.begin(self.symbols[scenario])
        guest.stop_at(self.symbols["scenario_begins"])
        guest.resume("c")

    def outcome(self, guest):
        """The bits of what was accepted so far."""
        copies = [guest.memory(self.symbols["accepted"] + at, 4 * len(BITS)) for at in (0, PAGE)]
        bits = 0
        for number, bit in enumerate(BITS):
            words = [int.from_bytes(copy[4 * number:4 * number + 4], "little") for copy in copies]
            if YES not in words and 0 not in words:
                raise RuntimeError("stray stores into what was accepted")
            bits |= bit if YES in words else 0
        return bits

    def trace(self, scenario):
        """The instructions of core in the order in which they run: addresses. And the outcome."""
        guest = self.guest()
        done, addresses = self.symbols["done"], []
        self.run_to_begin(guest, scenario)
        pc = guest.register("pc")
        while pc != done:
            if self.is_core(pc):
                addresses.append(pc)
                pc = guest.resume("s")
                continue
            back = guest.register("lr") & ~1
            if self.is_core(back):  # a callback, or the C library: up to where it returns to
                guest.stop_at(back, done)
                pc = guest.resume("c")
            else:
                pc = guest.resume("s")
        outcome = self.outcome(guest)
        guest.close()
        return addresses, outcome

    def skip(self, guest):
        """Where the guest stands, the instruction is left out."""
        pc = guest.register("pc")
        size = 4
        if self.machine == "thumb":
            half = int.from_bytes(guest.memory(pc, 2), "little")
            size = 4 if half >> 11 >= 0b11101 else 2
            advance_it_block(guest)
        guest.set_register("pc", pc + size)

    def reach(self, guest, address, times):
        """On to where that instruction is the next, for the so-manieth time from here on."""
        guest.stop_at(address, self.symbols["done"])
        for _ in range(times):
            if guest.register("pc") in guest.breakpoints:
                guest.resume("s")
            if guest.register("pc") != address and guest.resume("c") != address:
                raise RuntimeError(f"{address:x} is not reached as in the first run")

    def one_run(self, guest, scenario, way):
        """REFUSED, CRASHED, ENDLESS, or what was accepted, however the run ended then."""
        how = REFUSED
        try:
            self.run_without(guest, scenario, way)
        except Crash:
            how = CRASHED
        except Endless:
            how = ENDLESS
        try:
            if how == ENDLESS:
                guest.interrupt()
            return self.outcome(guest) & SCENARIOS[scenario] or how
        except Crash:
            return how  # it has ended, and its memory with it

    def run_without(self, guest, scenario, way):
        done = self.symbols["done"]
        self.run_to_begin(guest, scenario)
        for address, times in way:
            self.reach(guest, address, times)
        self.skip(guest)
        guest.stop_at(done)
        if guest.register("pc") != done and guest.resume("c") != done:
            raise RuntimeError(f"{scenario}: stopped elsewhere")


def ways(addresses):
    """For each instruction executed how to get there with few stops: [(address, times)...], the
    next after the one before. In a loop, by way of a place that is seldom passed. And for each,
    the how-manieth time it is."""
    passed, found = {}, []  # address: indices
    for index, address in enumerate(addresses):
        passed.setdefault(address, []).append(index)
    order = [0] * len(addresses)
    for indices in passed.values():
        for times, index in enumerate(indices):
            order[index] = times + 1
    for index, address in enumerate(addresses):
        best, way = order[index], [(address, order[index])]
        for by in range(max(0, index - 1000), index):
            if order[by] >= best:
                continue
            rest = order[index] - bisect.bisect_right(passed[address], by)
            if order[by] + rest < best:
                best, way = order[by] + rest, [(addresses[by], order[by]), (address, rest)]
        found.append(way)
    return found, order


def advance_it_block(guest):
    """An instruction that is left out uses up its place in the IT block. (An IT instruction left
    out has no such place: what follows it is unconditional then.)"""
    status = guest.register("status")
    it = status >> 25 & 3 | (status >> 10 & 0x3F) << 2
    if it & 0xF == 0:
        return
    it = 0 if it & 7 == 0 else it & 0xE0 | it << 1 & 0x1F
    status = status & ~0x0600FC00 | (it & 3) << 25 | (it >> 2) << 10
    guest.set_register("status", status, 4)


def run_all(program, scenario, places):
    """Outcomes of these runs: [(address, occurrence, outcome)]."""
    guest, outcomes = None, []
    for address, occurrence, way in places:
        if guest is None:
            guest = program.guest()
        outcome = program.one_run(guest, scenario, way)
        outcomes.append((address, occurrence, outcome))
        if outcome != REFUSED:  # what such a run left behind is not to disturb the next
            guest.close()
            guest = None
    if guest is not None:
        guest.close()
    return outcomes


def line_of(program, address):
    """The function, and the line in it."""
    return subprocess.run(["addr2line", "-f", "-s", "-e", program.path, f"{address:x}"],
                          check=True, capture_output=True, text=True).stdout.split()[:2]


def report(program, scenario, addresses, outcomes, verbose):
    """Prints; returns how many skips were enough."""
    accepted = [one for one in outcomes if one[2] > 0]
    counts = [sum(1 for one in outcomes if one[2] == what) for what in (REFUSED, CRASHED, ENDLESS)]
    print(f"{scenario:18} {len(addresses):8} {len(outcomes):8} {len(accepted):8} "
          f"{counts[0]:8} {counts[1]:8} {counts[2]:8}", flush=True)
    for address, occurrence, outcome in outcomes:
        if outcome > 0 or (verbose and outcome != REFUSED):
            words = {CRASHED: "crashed", ENDLESS: "endless"}.get(outcome) or ", ".join(
                word for bit, word in BITS.items() if outcome & bit)
            function, line = line_of(program, address)
            print(f"  {line} in {function}, at {address:#x}, time {occurrence}: {words}", flush=True)
    return len(accepted)


def main(arguments):
    options = []
    while arguments[:1] in (["-e"], ["-v"]):
        options.append(arguments.pop(0))
    if len(arguments) < 3 or arguments[1] not in MACHINES or set(arguments[3:]) - set(SCENARIOS):
        print(__doc__, file=sys.stderr)
        return 2
    program = Program(*arguments[:3])
    for scenario, expected in CONTROLS.items():
        if program.trace(scenario)[1] != expected:
            print(f"{scenario}: the good container is not accepted", file=sys.stderr)
            return 2
    found = 0
    workers = os.cpu_count() or 1
    print(f"{'scenario':18} {'executed':>8} {'skipped':>8} {'accepted':>8} "
          f"{'refused':>8} {'crashed':>8} {'endless':>8}")
    with concurrent.futures.ProcessPoolExecutor(workers) as pool:
        for scenario in arguments[3:] or sorted(set(SCENARIOS) - {"segment_later"}):
            forbidden = SCENARIOS[scenario]
            addresses, outcome = program.trace(scenario)
            if outcome & forbidden or not addresses:
                print(f"{scenario}: accepted without a skip", file=sys.stderr)
                return 2
            found_ways, order = ways(addresses)
            places = list(zip(addresses, order, found_ways))
            if "-e" in options:
                last = dict(zip(addresses, order))
                places = [place for place in places if place[1] in (1, last[place[0]])]
            parts = [pool.submit(run_all, program, scenario, places[i::4 * workers])
                     for i in range(4 * workers)]
            outcomes = sorted(one for part in parts for one in part.result())
            found += report(program, scenario, addresses, outcomes, "-v" in options)
    return 1 if found else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (OSError, RuntimeError, Crash, subprocess.CalledProcessError) as error:
        print(f"skip.py: {type(error).__name__} {error}", file=sys.stderr)
        sys.exit(2)
