"""Writes bot/order.ld: which functions devboxd uses, for the linker to put together.

The program is linked once more, as it is but without that order and with a map, and runs under callgrind: in Slack, in a
room of Matrix, and with the built-in simulators, through an `up` and a `down`: in this order, for a chat is all that most
processes have most of the time. What ran is looked up in the map. Names are cut as soon as they differ from those of
functions that were not used, so that they fit other compilers' as well.
"""
import argparse
import bisect
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from training import in_matrix, in_slack, with_simulators

#: In bytes of unused code: what a line of the order is worth.
LINE = 500
SECTION = re.compile(r"^ (\.text\S*)?\s+0x([0-9a-f]+)\s+0x([0-9a-f]+) (\S+)")
#: An object whose functions did not each get a section.
OBJECT = re.compile(r".*/(\S+\.a)\((\S+)\)")


def link(build, directory):
    """devboxd with nothing in order: its path and its map."""
    words = subprocess.run(["ninja", "-C", build, "-t", "commands", "bin/devboxd"], capture_output=True, text=True,
                           check=True).stdout.splitlines()[-1]
    words = re.sub(r"-Wl,-T,\S+", "", words).removeprefix(": && ").removesuffix(" && :")
    program, linked = f"{directory}/devboxd", f"{directory}/map"
    subprocess.run(words.replace("-o bin/devboxd", f"-o {program} -Wl,-Map,{linked}"), shell=True, check=True, cwd=build)
    return program, linked


def sections(linked):
    """(address, bytes, name) of each function in the map, by address. Of a library whose functions were not told apart
    the name is what a linker's script calls it: library, object and section."""
    found, inside, named = [], False, None
    with open(linked, encoding="utf-8") as lines:
        for line in lines:
            if re.match(r"\.text\s", line):
                inside = True
            elif re.match(r"[./]\w", line):
                inside = False
            if not inside:
                continue
            alone = re.match(r"^ (\.text\S*)\s*$", line)
            placed = SECTION.match(line)
            if alone:
                named = alone[1]
            elif placed:
                name, named = placed[1] or named, None
                whole = OBJECT.match(placed[4])
                if whole and name and name.count(".") == 1:
                    name = f"*{whole[1]}:{whole[2]}({name})"
                if name and int(placed[3], 16):
                    found.append((int(placed[2], 16), int(placed[3], 16), name))
    return sorted(found)


def executed(profile, program):
    """Addresses of the program's instructions that ran, as callgrind writes them down."""
    objects, current, address, is_call = {}, None, 0, False
    with open(profile, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            entered = re.match(r"(c?)ob=\((\d+)\)(?: (.*))?$", line)
            if entered:
                if entered[3]:
                    objects[entered[2]] = entered[3]
                if not entered[1]:
                    current = objects[entered[2]]
            elif line.startswith("calls="):
                is_call = True
            elif re.match(r"0x|\+|-|\*", line):
                step = line.split()[0]
                if step.startswith("0x"):
                    address = int(step, 16)
                elif step != "*":
                    address += int(step, 16) if "x" in step else int(step)
                # The line after `calls` tells what the call came to, and is none of this function's.
                if not is_call and current == program:
                    yield address
                is_call = False


def used_functions(profile, program, placed):
    starts = [start for start, _, _ in placed]
    used = set()
    for address in executed(profile, program):
        start, size, name = placed[max(0, bisect.bisect_right(starts, address) - 1)]
        if start <= address < start + size and "simulator" not in name:
            used.add(name)
    return used


class Patterns:
    """The cheapest beginnings of names that take in each function that was used. A * anywhere else would be shorter and
    makes the linker ten times as slow."""

    def __init__(self, sizes, used):
        self.names, self.used = sorted(sizes), used & sizes.keys()
        #: Of the names before each: bytes of those that are not used, and how many are.
        self.waste, self.count = [0], [0]
        for name in self.names:
            self.waste.append(self.waste[-1] + (0 if name in used else sizes[name]))
            self.count.append(self.count[-1] + (name in used))

    def below(self, low, high, shared):
        """What names[low:high], which share so many letters, cost, and their patterns."""
        if self.count[high] == self.count[low]:
            return 0, []
        cost_of_all = LINE + self.waste[high] - self.waste[low]
        if high - low == 1:
            return cost_of_all, [self.names[low][:shared] + "*"]
        first, last = self.names[low], self.names[high - 1]
        depth = len(os.path.commonprefix([first, last]))
        cost, patterns = 0, []
        if len(first) == depth:
            if first in self.used:
                cost, patterns = LINE, [first]
            low += 1
        at = low
        while at < high:
            end = at
            while end < high and self.names[end][depth] == self.names[at][depth]:
                end += 1
            more, theirs = self.below(at, end, depth + 1)
            cost, patterns, at = cost + more, patterns + theirs, end
        return (cost_of_all, [first[:shared] + "*"]) if cost_of_all < cost else (cost, patterns)

    def taken_by(self, pattern):
        """Names that it takes in."""
        begin = pattern.removesuffix("*")
        at = bisect.bisect_left(self.names, begin)
        if begin == pattern:
            return [pattern]
        end = at
        while end < len(self.names) and self.names[end].startswith(begin):
            end += 1
        return self.names[at:end]

    def found(self):
        return sorted(self.below(0, len(self.names), 0)[1])


def script(patterns):
    words, lines = [], []

    def end_line():
        if words:
            lines.append(f"    *({' '.join(words)})")
            words.clear()

    for pattern in patterns:
        if not pattern.startswith(".text"):
            end_line()
            lines.append("    " + pattern)
            continue
        if sum(len(word) + 1 for word in words) + len(pattern) > 112:
            end_line()
        words.append(pattern)
    end_line()
    return ("/* Made by tests/bench/order/run: functions that are used, together. The kernel maps 64 KB around each page that\n"
            "   is touched; strewn over all of the code they keep nearly all of it in memory. What it names and is not there\n"
            "   is no error, what it does not name follows after it. */\n"
            "SECTIONS\n{\n  .text.used :\n  {\n" + "\n".join(lines) + "\n  }\n}\nINSERT BEFORE .text;\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True, help="where devboxd and the simulators were built")
    parser.add_argument("--out", required=True, help="the file to write")
    options = parser.parse_args()
    build = pathlib.Path(options.build).resolve()
    with tempfile.TemporaryDirectory(prefix="devbox-order-") as directory:
        program, linked = link(build, directory)
        placed = sections(linked)
        left, whole = {}, []
        for _, size, name in placed:
            if name.startswith(".text.") and name.count(".") > 1:
                left[name] = left.get(name, 0) + size
        patterns = []
        for number, train in enumerate((in_slack, in_matrix, with_simulators)):
            profile = f"{directory}/profile.{number}"
            callgrind = ["valgrind", "--tool=callgrind", "--dump-instr=yes", f"--callgrind-out-file={profile}", program]
            train(str(build / "bin"), callgrind, f"{directory}/{number}")
            used = used_functions(profile, program, placed)
            chosen = Patterns(left, used)
            found = chosen.found()
            taken = {name for pattern in found for name in chosen.taken_by(pattern)}
            print(f"   {train.__doc__}: {len(chosen.used)} functions of {sum(left[name] for name in chosen.used)} bytes are "
                  f"used for the first time; {len(found)} patterns take in {sum(left[name] for name in taken)}", flush=True)
            patterns += found
            whole += [name for name in sorted(used) if name.startswith("*") and name not in whole]
            left = {name: size for name, size in left.items() if name not in taken}
    pathlib.Path(options.out).write_text(script(whole + patterns), encoding="ascii")


if __name__ == "__main__":
    sys.setrecursionlimit(10000)
    main()
