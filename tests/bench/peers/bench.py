"""What fitsdb-schema costs, next to what users would take in its place: docs/speed.md says what is measured, and why.

    bench.py BUILD

For the throwaway server that tests/bench/peers.sh starts it with. SIZES says for how many migrations (37 300 3000),
STATUS_RUNS and UPGRADE_RUNS how often each is measured at most (40, 9), PATIENCE how many seconds all rounds of an
upgrade may take a tool (30; of the others a quarter of that). The tables go to stdout. The exit status says whether all
was measured, not whether an aim is met.
"""

import os
import shutil
import subprocess
import sys
import time
from collections import namedtuple

from databases import Databases
from distance import Distance
from measure import Failed, in_turns, median, memory, ratio, say, sql
from tables import print_aims, print_builds, print_distance, print_memory, print_times
from tools import TOOLS
from write import write_history

SIZES = [int(size) for size in os.environ.get("SIZES", "37 300 3000").split()]
STATUS_RUNS = int(os.environ.get("STATUS_RUNS", 40))
UPGRADE_RUNS = int(os.environ.get("UPGRADE_RUNS", 9))
PATIENCE = float(os.environ.get("PATIENCE", 30))
ROUND_TRIP = 0.020

Far = namedtuple("Far", "connections round_trips seconds")
Build = namedtuple("Build", "seconds megabytes")


def make(own, folder):
    """The executable with these migrations, from nothing; how long that took, and how large it is."""
    began = time.perf_counter()
    subprocess.run(["make", "-s", f"BUILD={own}", f"MIGRATIONS={folder}", "DATABASE=bench"], check=True,
                   stdout=subprocess.DEVNULL, env={**os.environ, "MAKEFLAGS": ""})
    seconds = time.perf_counter() - began
    stripped = os.path.join(own, "stripped")
    subprocess.run(["strip", "-o", stripped, os.path.join(own, "fitsdb-schema")], check=True)
    return Build(seconds, os.path.getsize(stripped) / 1e6)


def prepare(build, size):
    """Every tool with its migrations; and what our own build was."""
    own = os.path.join(build, "bench", str(size))
    shutil.rmtree(own, ignore_errors=True)
    tools = [kind(build, own, size) for kind in TOOLS]
    for form, folder in {(tool.form, tool.folder) for tool in tools}:
        write_history(form, size, folder)
    return tools, make(own, tools[0].folder)


def take_times(databases, tools):
    """By command and tool. The last upgrade of each leaves the database that the others are asked about."""
    times = {"upgrade": in_turns(tools, UPGRADE_RUNS, PATIENCE, databases.upgrade)}
    databases.compare(tools)
    databases.keep()
    asked = [(tool, command) for tool in tools for command in ("status", "repeat")
             if command == "status" or tool.repeat("")]
    seconds = in_turns(asked, STATUS_RUNS, PATIENCE / 4, lambda question: databases.run(*question))
    for command in ("status", "repeat"):
        times[command] = {tool: seconds[tool, command] for tool in tools if (tool, command) in seconds}
    reverting = [tool for tool in tools if tool.downgrade("")]
    times["downgrade"] = in_turns(reverting, UPGRADE_RUNS, PATIENCE / 4, databases.downgrade)
    databases.compare(reverting)
    return times


def take_distance(databases, tools):
    far = {}
    for tool in tools:
        measured = []
        for command in ("status", "upgrade"):
            if command == "upgrade":
                databases.fresh(tool)
            with Distance(ROUND_TRIP) as distance:
                seconds = databases.run(tool, command)
            measured.append(Far(distance.connections, distance.round_trips, seconds))
        far[tool] = measured
    return far


def take_memory(databases, tools):
    megabytes = {}
    for tool in tools:
        databases.fresh(tool)
        name = databases.names[tool]
        megabytes[tool.name] = memory(tool.upgrade(name), tool.environment(name))
    return megabytes


def aims_of_size(size, tools, times):
    """What is wanted, the most it may be, what it is, and the unit of both."""
    ours, floor = tools[0], tools[1]
    peers = [tool for tool in tools if not tool.made_by_us and tool.form not in ("fitsdb-schema", "psql")]
    status, upgrade, repeat, downgrade = (times[what] for what in ("status", "upgrade", "repeat", "downgrade"))
    yield f"{size}: status / floor.c", 1.1, ratio(status[ours], status[floor]), ""
    yield f"{size}: nothing to do / status", 1.2, ratio(repeat[ours], status[ours]), ""
    yield (f"{size}: upgrade / psql -f", 0.9 if size <= 37 else 0.95, ratio(upgrade[ours], upgrade[floor]), "")
    yield f"{size}: downgrade / psql -f", 0.9, ratio(downgrade[ours], downgrade[floor]), ""
    for what, name in ((status, "status"), (repeat, "nothing to do"), (upgrade, "upgrade"), (downgrade, "downgrade")):
        fastest = min((tool for tool in peers if tool in what), key=lambda tool: median(what[tool]))
        yield f"{size}: {name} / that of {fastest.name}, the fastest", 1, ratio(what[ours], what[fastest]), ""


def aims_of_all(results):
    """What several sizes have to say together."""
    smallest, largest = min(results), max(results)
    few, many = results[smallest], results[largest]
    if smallest != largest:
        # What the machine does besides changes from size to size, and the floor with it.
        yield (f"status / floor.c at {largest} / at {smallest}", 1.1,
               ratio(*(many.times["status"][tool] for tool in many.tools[:2]))
               / ratio(*(few.times["status"][tool] for tool in few.tools[:2])), "")
        yield (f"a migration at {largest} / at {smallest}", 1.1,
               median(many.times["upgrade"][many.tools[0]]) / largest
               / (median(few.times["upgrade"][few.tools[0]]) / smallest), "")
    status, upgrade = few.far[few.tools[0]]
    yield "status: round trips after the connection's own", 1, status.round_trips - status.connections, ""
    yield "upgrade: round trips a migration", 2, upgrade.round_trips / smallest, ""
    yield f"memory at {smallest}", 12, few.memory[few.tools[0].name], " MB"
    yield f"memory at {largest}", 12, many.memory[many.tools[0].name], " MB"
    yield f"executable at {smallest}, stripped", 7, few.build.megabytes, " MB"
    yield f"build of {largest}, from nothing", 60, many.build.seconds, " s"


Result = namedtuple("Result", "tools times build memory far")


def measure(build, size, near):
    """`near`: at this size the server is also put far away."""
    say(f"{size} migrations: writing and building")
    tools, built = prepare(build, size)
    databases = Databases(tools)
    say(f"{size} migrations: upgrade, status, nothing to do, downgrade")
    times = take_times(databases, tools)
    say(f"{size} migrations: memory" + (" and distance" if near else ""))
    megabytes = take_memory(databases, tools if near else tools[:1])
    return Result(tools, times, built, megabytes, take_distance(databases, tools) if near else None)


def versions():
    wanted = (["psql", "--version"], [os.environ["DBMATE"], "--version"], ["alembic", "--version"],
              ["sqitch", "--version"], ["node", "--version"])
    said = [subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip() for command in wanted]
    said.append(f"server {sql('SHOW server_version;')}, fsync {sql('SHOW fsync;')}, {os.cpu_count()} processors, load "
                f"{os.getloadavg()[0]:.1f} at the start")
    return "; ".join(said)


def main():
    build = os.path.abspath(sys.argv[1])
    print(f"{versions()}\n")
    began = time.perf_counter()
    results = {size: measure(build, size, size == SIZES[0]) for size in SIZES}
    for size, result in results.items():
        print_times(size, result.times, result.tools[1])
    print_distance(SIZES[0], results[SIZES[0]].far)
    names = [tool.name for tool in results[SIZES[0]].tools]
    print_memory(SIZES, {name: {size: results[size].memory[name] for size in SIZES if name in results[size].memory}
                         for name in names})
    print_builds({size: result.build for size, result in results.items()})
    aims = [aim for size, result in results.items() for aim in aims_of_size(size, result.tools, result.times)]
    print_aims(aims + list(aims_of_all(results)))
    say(f"done in {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    try:
        main()
    except (Failed, subprocess.CalledProcessError) as error:
        sys.exit(f"bench: {error}")
