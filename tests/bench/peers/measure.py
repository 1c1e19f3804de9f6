"""Run commands and take their time; many tools in turns, so that what else the machine does hits all alike."""

import os
import statistics
import subprocess
import sys
import tempfile
import time


class Failed(Exception):
    pass


def run(command, environment):
    """The seconds from fork to exit. What it prints is read only where it has failed."""
    with tempfile.TemporaryFile() as output:
        outputs = [(os.POSIX_SPAWN_DUP2, output.fileno(), 1), (os.POSIX_SPAWN_DUP2, output.fileno(), 2)]
        began = time.perf_counter()
        child = os.posix_spawnp(command[0], command, {**os.environ, **environment}, file_actions=outputs)
        _, status = os.waitpid(child, 0)
        seconds = time.perf_counter() - began
        if status != 0:
            output.seek(0)
            said = output.read().decode(errors="replace")[-2000:]
            raise Failed(f"failed with {os.waitstatus_to_exitcode(status)}: {' '.join(command)}\n{said}")
    return seconds


def memory(command, environment):
    """The most memory, in MB, that the largest of the command's processes had."""
    with tempfile.NamedTemporaryFile("r") as said:
        run(["/usr/bin/time", "-f", "%M", "-o", said.name, *command], environment)
        return int(said.read().split()[-1]) / 1000


def in_turns(tools, runs, patience, measure):
    """
    The seconds of each tool, in a list, one for each round that it took part in: those are the first `runs`, or fewer
    where it would take more than `patience` seconds in all; but always one.
    """
    seconds = {tool: [] for tool in tools}
    for turn in range(runs):
        first = turn % len(tools)
        for tool in tools[first:] + tools[:first]:
            so_far = seconds[tool]
            if not so_far or sum(so_far) / len(so_far) * (len(so_far) + 1) <= patience:
                so_far.append(measure(tool))
    return seconds


def median(seconds):
    return statistics.median(seconds)


def ratio(ours, others):
    """The median of the ratios of what was measured in the same round."""
    return statistics.median(a / b for a, b in zip(ours, others))


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def sql(text, database="postgres"):
    """As the superuser; the answer, as psql prints it without any decoration."""
    command = ["psql", "-U", "postgres", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", database]
    script = "SET client_min_messages = warning;\n" + text
    return subprocess.run(command, input=script, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
