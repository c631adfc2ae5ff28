"""Rows 21 and 22: events and calls."""
from bench import median
from report import Row

DEVICES = 64
RATE = 100  # events a second of each device


def events(bench):
    """events of 64 devices: CPU per event, what is delivered"""
    p = bench.programs
    with p.server("--events", str(RATE)) as ports:
        runs = bench.interleave({"events": lambda: p.ours("events", ports, "dvrip", "--windows", DEVICES, *bench.timing)})["events"]
    delivered = median(runs, lambda r: r["events"] / r["wall_s"])
    return [Row("21.rate", f"events delivered, {DEVICES} devices x {RATE}/s", "per s", delivered, DEVICES * RATE, 0.98, None, "ratio", ">=", "floor: events sent"),
            Row("21.cpu", "CPU of an event", "µs", median(runs, lambda r: 1e6 * r["cpu_s"] / max(r["events"], 1))),
            Row("21.capacity", "events one CPU second delivers", "per CPU s", median(runs, lambda r: r["events"] / r["cpu_s"]))]


def calls(bench):
    """JSON calls a second on one session, against an echo of the same bytes on a bare socket"""
    p = bench.programs
    rows = []
    with p.server() as ports:
        for depth in (1, 16):
            def ours(n=depth):
                return p.ours("calls", ports, "dvrip", "--windows", n, *bench.timing)

            first = ours()
            size = ("--request", round(first["request_bytes"]), "--reply", round(first["reply_bytes"]))

            def floor(n=depth, sizes=size):
                return p.floor_echo(ports, "--streams", n, "--seconds", bench.seconds, *sizes)

            runs = bench.interleave({"ours": ours, "floor": floor})
            rate = {name: median(r, lambda x: x["calls"] / x["wall_s"]) for name, r in runs.items()}
            cost = {name: median(r, lambda x: 1e6 * x["cpu_s"] / x["calls"]) for name, r in runs.items()}
            rows.append(Row(f"22.rate.{depth}", f"JSON calls, {depth} under way", "per s", rate["ours"], rate["floor"], sense=">=", by="ratio", note="floor: echo of the same bytes"))
            rows.append(Row(f"22.cpu.{depth}", f"CPU of a JSON call, {depth} under way", "µs", cost["ours"], cost["floor"], by="ratio", note="floor: echo of the same bytes"))
    return rows
