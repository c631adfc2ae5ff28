"""Rows 6 to 8 and 14: decoding."""
import os

from bench import ROUTES, TRIES, check_rate, median, per_stream_minute
from programs import SAME_CORE, have
from report import Row

KEPT = 0.98  # share of the pictures that counts as all
BUSY = 0.9  # load of a core that counts as full


def decoding(bench):
    """CPU of decoding, fhd"""
    p, n = bench.programs, 4
    unit = "CPU s/stream-min"

    def ours(transport):
        run = p.ours("decode", ports, transport, "--windows", n, *bench.timing)
        check_rate(run, n, 25)
        return run

    with p.server() as ports:
        cells = {"floor": lambda: p.floor_clip("memory", "fhd", "--fps", 25, "--streams", n, *bench.timing)}
        cells |= {name: lambda t=transport: ours(t) for name, transport in ROUTES.items()}
        cells["ffmpeg"] = bench.peer(p.ffmpeg(ports, threads=1), n)
        seldom = {"gst": bench.peer(p.gstreamer(ports, decode=True), n)} if have("gst-launch-1.0") and not bench.quick else {}
        runs = bench.interleave(cells, seldom)
    cost = {name: median(r, lambda x: per_stream_minute(x, n, 25) if isinstance(x, dict) else x) for name, r in runs.items()}
    rows = [Row(f"6.{name}", f"decode fhd, {n} streams, {name}", unit, cost[name], cost["floor"], 1.05, 1.0, "ratio", note="floor: paced from memory") for name in ROUTES]
    rows.append(Row("6.rtsp.ffmpeg", "against ffmpeg -threads 1", unit, cost["rtsp"], cost["ffmpeg"], 1.0, None, "ratio"))
    if "gst" in cost:
        rows.append(Row("6.rtsp.gst", "against gst avdec_h264", unit, cost["rtsp"], cost["gst"], by="ratio"))
    rows += overhead(bench)
    return rows


def overhead(bench):
    """Instructions beyond those of the decoder, for the same pictures."""
    p = bench.programs
    short, long = 3, 6 if bench.quick else 23
    commands = {"floor": lambda n: [p.path("floor"), "memory", "--clip", p.clip("fhd"), "--pictures", str(n)]}
    rows, cost = [], {}
    # Slow enough for a decoder under valgrind, which must not fall behind.
    with p.server("--speed", "0.1", core=SAME_CORE) as ports:
        for name, transport in ROUTES.items():
            commands[name] = lambda n, t=transport: p.ours_command("decode", ports, t, "--pictures", n)
        for name, command in commands.items():
            cost[name] = (p.instructions(command(long)) - p.instructions(command(short))) / (long - short)
    for name in ROUTES:
        extra = 100 * (cost[name] - cost["floor"]) / cost["floor"]
        rows.append(Row(f"6.{name}.overhead", f"instructions beyond the decoder's, {name}", "% of decoding", extra, None, 0.1, None,
                        note=f"{cost[name] - cost['floor']:,.0f} of {cost['floor']:,.0f}"))
    return rows


def grid(bench):
    """CPU of a grid of 16, d1"""
    p, n = bench.programs, 16
    unit = "CPU s/stream-min"

    def ours(transport):
        run = p.ours("decode", ports, transport, "--extra", "--windows", n, *bench.timing)
        check_rate(run, n, 15)
        return run

    with p.server() as ports:
        cells = {}
        for name, transport in ROUTES.items():
            cells[f"floor.{name}"] = lambda t=transport: p.floor("decode", ports, t, "--extra", "--streams", n, *bench.timing)
            cells[name] = lambda t=transport: ours(t)
        cells["ffmpeg"] = bench.peer(p.ffmpeg(ports, stream=1), n)
        runs = bench.interleave(cells)
    cost = {name: median(r, lambda x: per_stream_minute(x, n, 15) if isinstance(x, dict) else x) for name, r in runs.items()}
    rows = [Row(f"7.{name}", f"decode d1, {n} streams, {name}", unit, cost[name], cost[f"floor.{name}"], 1.06, 1.02, "ratio",
                note="floor: bare depacketiser and decoder, one thread") for name in ROUTES]
    rows.append(Row("7.rtsp.ffmpeg", "against ffmpeg", unit, cost["rtsp"], cost["ffmpeg"], 0.80, None, "ratio"))
    return rows


def capacity(bench):
    """streams that one core takes"""
    p = bench.programs
    server_core, client_core = (0, 1) if (os.cpu_count() or 1) > 1 else (None, None)
    sets = [("receive.fhd", "receive", 300, 25, (), 300, 1000), ("decode.fhd", "decode", 8, 25, (), 8, 9), ("decode.d1", "decode", 65, 15, ("--extra",), 65, 72)]
    rows = []
    with p.server(core=server_core) as ports:
        for name, transport in ROUTES.items():
            if bench.quick and name != "rtsp":
                continue
            for what, mode, count, fps, options, limit, goal in sets:
                for _ in range(1 if bench.quick else TRIES):
                    run = p.ours(mode, ports, transport, *options, "--windows", count, "--warm-up", 1 if bench.quick else 2, "--seconds", bench.seconds, core=client_core)
                    kept, busy = run["pictures"] / (fps * count * run["wall_s"]), run["cpu_s"] / run["wall_s"]
                    disturbed = kept <= KEPT and busy < BUSY
                    if not disturbed:
                        break
                # A core that keeps the rate has room left in proportion; one that does not carries what it delivered.
                streams = count / busy if kept > KEPT else count * kept
                rows.append(Row(f"8.{name}.{what}", f"streams of one core, {what}, {name}", "streams", streams, None, limit, goal, sense=">=",
                                note=f"{count} ran at {100 * kept:.0f} % of the rate with {100 * busy:.0f} % of a core" + (", disturbed" if disturbed else "")))
    return rows


def snapshot(bench):
    """snapshot of the last picture, fhd"""
    p = bench.programs
    repeats = 10
    with p.server() as ports:
        runs = bench.interleave({
            "floor": lambda: p.floor_clip("jpeg", "fhd", "--repeats", repeats),
            "ours": lambda: p.ours("snapshot", ports, "tcp", "--warm-up", 0.2, "--repeats", repeats)})
    middle = {name: median(r, lambda x: x["cpu_ms"][len(x["cpu_ms"]) // 2]) for name, r in runs.items()}
    return [Row("14", "JPEG of the last fhd picture", "CPU ms", middle["ours"], middle["floor"], 1.1, 1.0, "ratio", note="floor: mjpeg encoder alone")]
