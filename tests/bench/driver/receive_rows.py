"""Rows 1 to 5: receiving without decoding."""
import os
import statistics

from bench import RECEIVE_STREAMS, ROUTES, median, per_stream_minute
from programs import SAME_CORE
from report import Row

KEY_INTERVAL = 50  # pictures


def receiving(bench):
    """CPU of receiving, fhd"""
    runs = bench.received()
    cost = {name: median(r, lambda x: per_stream_minute(x, RECEIVE_STREAMS, 25) if isinstance(x, dict) else x) for name, r in runs.items()}
    unit = "CPU s/stream-min"
    rows = [Row(f"1.{name}", f"receive fhd, {label}", unit, cost[f"ours.{name}"], cost[f"floor.{name}"], 1.6, 1.3, "ratio", note="floor: recv()")
            for name, label in (("rtsp", "RTSP over TCP"), ("dvrip", "37777"), ("udp", "RTSP over UDP"))]
    rows.append(Row("1.tls", "receive fhd, RTSP over TLS", unit, cost["ours.tls"], cost["floor.rtsp"], 2.5, None, "ratio", note="floor: recv() without TLS"))
    rows.append(Row("1.tls.ssl", "receive fhd, RTSP over TLS", unit, cost["ours.tls"], cost["floor.tls"], by="ratio", note="floor: SSL_read()"))
    for name in ROUTES:
        rows.append(Row(f"1.{name}.lavf", "against libavformat", unit, cost[f"ours.{name}"], cost["lavf"], 0.25, None, "ratio", note="floor: av_read_frame()"))
    for row, what, ours, floor in (("rtsp.depay", "against a bare depacketiser", "ours.rtsp", "depay.rtsp"),
                                   ("dvrip.depay", "against a bare depacketiser", "ours.dvrip", "depay.dvrip"),
                                   ("rtsp.packets", "a send for each RTP packet", "ours.packets", "floor.packets"),
                                   ("rtsp.ffmpeg", "against ffmpeg -c copy", "ours.rtsp", "ffmpeg"),
                                   ("rtsp.gst", "against gst rtspsrc ! depay", "ours.rtsp", "gst")):
        if floor in cost:
            rows.append(Row(f"1.{row}", what, unit, cost[ours], cost[floor], by="ratio"))
    return rows


def instructions(bench):
    """user instructions per picture received, fhd"""
    p = bench.programs
    short, long = KEY_INTERVAL, KEY_INTERVAL * (3 if bench.quick else 5)

    def per_picture(command):
        return (p.instructions(command(long)) - p.instructions(command(short))) / (long - short)

    rows = []
    with p.server("--speed", "4" if bench.quick else "2", core=SAME_CORE) as ports:
        for name, transport in (*ROUTES.items(), *(() if bench.quick else (("udp", "udp"),))):
            ours = per_picture(lambda n, t=transport: p.ours_command("receive", ports, t, "--pictures", n))
            floor = per_picture(lambda n, t=transport: p.floor_command("depay", ports, t, "--pictures", n))
            rows.append(Row(f"2.{name}", f"instructions per fhd picture, {name}", "instructions", ours, floor, 20000, 9000, note="floor: bare depacketiser"))
        if not bench.quick:
            lavf = per_picture(lambda n: p.lavf_command("receive", ports, 1, 0, 0, n))
            rows.append(Row("2.rtsp.lavf", "against libavformat", "instructions", rows[0].ours, lavf, by="ratio"))
    return rows


def bulk(bench):
    """bulk rate of one core"""
    p = bench.programs
    seconds = 1 if bench.quick else 1.5
    timing = ("--warm-up", 0.3, "--seconds", seconds)

    def rate(run):
        return run["bytes"] * 8e-9 / run["cpu_s"]

    with p.server("--bulk") as ports:
        cells = {}
        for name, transport in ROUTES.items():
            cells[f"floor.{name}"] = lambda t=transport: p.floor("recv", ports, t, *timing)
            cells[f"ours.{name}"] = lambda t=transport: p.ours("receive", ports, t, *timing)
        cells["lavf"] = lambda: p.lavf("receive", ports, 1, 0.3, seconds)
        runs = bench.interleave(cells)
    rows = []
    for name in ROUTES:
        lost = sum(r["dropped"] + r["lost"] for r in runs[f"ours.{name}"])
        rows.append(Row(f"3.{name}", f"bulk receiving, {name}", "Gbit/CPU s", median(runs[f"ours.{name}"], rate), median(runs[f"floor.{name}"], rate), 8, 20,
                        sense=">=", note=f"{lost} pictures dropped" if lost else ""))
    rows.append(Row("3.rtsp.lavf", "against libavformat", "Gbit/CPU s", rows[0].ours, median(runs["lavf"], rate), by="ratio", sense=">="))
    return rows


def wake_ups(bench):
    """wake-ups per stream"""
    runs = bench.received()
    rows = []
    for name in ROUTES:
        ours = median(runs[f"ours.{name}"], lambda r: r["wakeups"] / r["pictures"])
        pictures = median(runs[f"ours.{name}"], lambda r: r["pictures"])
        floor = median(runs[f"floor.{name}"], lambda r: r["wakeups"]) / pictures
        rows.append(Row(f"4.{name}", f"wake-ups per picture received, {name}", "wake-ups", ours, floor, 1.2, 1.0))
    idle = idle_sessions(bench)
    rows.append(Row("4.idle", "wake-ups of an idle session", "per s", idle["wakeups"] / idle["wall_s"] / idle["sessions"], None, 0.2, 0.05))
    return rows


def idle_sessions(bench):
    """Logged-in sessions over whole keep-alive periods of 10 s."""
    if not hasattr(bench, "idle_run"):
        p, sessions = bench.programs, 64
        with p.server() as ports:
            bench.idle_run = p.ours("idle", ports, "dvrip", "--windows", sessions, "--warm-up", 0.5, "--seconds", 10 if bench.quick else 20)
        bench.idle_run["sessions"] = sessions
    return bench.idle_run


def threads(bench):
    """threads, whatever the number of sessions"""
    limit = 1 + os.cpu_count()
    runs = bench.received()
    rows = [Row(f"5.{name}", f"threads of {RECEIVE_STREAMS} streams, {name}", "threads", statistics.median(r["threads"] - 1 for r in runs[f"ours.{name}"]),
                1, limit, limit, note="without the caller's") for name in ROUTES]
    idle = idle_sessions(bench)
    rows.append(Row("5.idle", f"threads of {idle['sessions']} sessions", "threads", idle["threads"] - 1, None, limit, limit, note="without the caller's"))
    return rows
