"""What was measured, as tables in Markdown."""

from measure import median, ratio


def time_of(seconds):
    value = median(seconds)
    return f"{value * 1000:.1f} ms" if value < 1 else f"{value:.2f} s"


def cell(seconds, others):
    """A time, how often it was taken, and how it compares."""
    if not seconds:
        return "-"
    return f"{time_of(seconds)} ({len(seconds)}) | {ratio(seconds, others):.2f}"


def table(heads, rows):
    print("| " + " | ".join(heads) + " |")
    print("|" + "---|" * len(heads))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


def print_times(size, times, floor):
    """`times[command][tool]`; `floor` is the tool that all are compared with."""
    print(f"### {size} migrations\n")
    rows = []
    for tool in times["upgrade"]:
        rows.append([tool.name,
                     cell(times["status"][tool], times["status"][floor]),
                     cell(times["repeat"].get(tool), times["status"][floor]) if tool in times["repeat"] else "- | -",
                     cell(times["upgrade"][tool], times["upgrade"][floor]),
                     f"{median(times['upgrade'][tool]) * 1000 / size:.2f} ms",
                     cell(times["downgrade"][tool], times["downgrade"][floor]) if tool in times["downgrade"]
                     else "- | -"])
    table(["tool", "status (runs)", "x floor.c", "nothing to do (runs)", "x floor.c", "upgrade from nothing (runs)",
           "x psql -f", "a migration", "downgrade by 37 (runs)", "x psql -f"], rows)


def print_distance(size, far):
    print(f"### {size} migrations, 20 ms of round trip away\n")
    table(["tool", "connections of status", "its round trips", "its time", "connections of upgrade", "its round trips",
           "its round trips a migration", "its time"],
          [[tool.name, str(status.connections), str(status.round_trips), time_of([status.seconds]),
            str(upgrade.connections), str(upgrade.round_trips), f"{upgrade.round_trips / size:.2f}",
            time_of([upgrade.seconds])] for tool, (status, upgrade) in far.items()])


def print_memory(sizes, memories):
    print("### The most memory of the largest process during the upgrade\n")
    table(["tool"] + [f"{size} migrations" for size in sizes],
          [[name] + [f"{by_size[size]:.1f} MB" if size in by_size else "-" for size in sizes]
           for name, by_size in memories.items()])


def print_builds(builds):
    print("### The executable\n")
    table(["migrations", "built from nothing in", "size, stripped"],
          [[str(size), f"{build.seconds:.0f} s", f"{build.megabytes:.1f} MB"] for size, build in builds.items()])


def print_aims(aims):
    print("### The aims\n")
    table(["aim", "at most", "measured", ""],
          [[what, f"{limit:g}{unit}", f"{value:.2f}{unit}", "met" if value <= limit else "missed"]
           for what, limit, value, unit in aims])
