"""Rows 9, 10 and 12: latency, the first picture and changing channels."""
from bench import ROUTES
from programs import MeasureError
from report import Row

ROUND_TRIP_MS = 100


def percentile(values, share):
    """Of sorted values."""
    if not values:
        raise MeasureError("no picture carried a stamp")
    return values[min(len(values) - 1, int(len(values) * share))]


def latency(bench):
    """added latency, sending to picture, fhd"""
    p = bench.programs
    routes = ROUTES if bench.quick else {**ROUTES, "udp": "udp", "tls": "tls"}
    with p.server("--stamps") as ports:
        cells = {name: lambda t=transport: p.ours("decode", ports, t, *bench.brief) for name, transport in routes.items()}
        cells["floor"] = lambda: p.floor("decode", ports, "tcp", *bench.brief)
        cells["lavf"] = lambda: p.lavf("decode", ports, 1, bench.warm_up, 2)
        runs = bench.interleave(cells, rounds=1 if bench.quick else 3)

    def least(name, share):
        return min(percentile(r["latency_ms"], share) for r in runs[name])

    rows = []
    for name in routes:
        decode = min(r["decode_ms"] for r in runs[name])
        rows.append(Row(f"9.{name}", f"latency, median, {name}", "ms", least(name, 0.5), decode, decode + 2, decode + 0.5, note="floor: decoding; least of the rounds"))
        rows.append(Row(f"9.{name}.p95", f"latency, 95 %, {name}", "ms", least(name, 0.95), decode, decode + 5))
    rows.append(Row("9.bare", "latency, median, against a bare client", "ms", rows[0].ours, least("floor", 0.5), by="ratio"))
    rows.append(Row("9.bare.p95", "latency, 95 %, against a bare client", "ms", rows[1].ours, least("floor", 0.95), by="ratio"))
    rows.append(Row("9.lavf", "latency, median, against libavformat", "ms", rows[0].ours, least("lavf", 0.5), by="ratio"))
    return rows


def first_picture(bench):
    """first picture on loopback, fhd"""
    p = bench.programs
    decode = bench.first_decode_ms()
    rows = []
    with p.server() as ports:
        for name, transport in (*ROUTES.items(), *(() if bench.quick else (("udp", "udp"), ("tls", "tls")))):
            run = p.ours("open", ports, transport, "--repeats", 3 if bench.quick else 10)
            best = run["logged_in_ms"]
            rows.append(Row(f"10.{name}", f"open_live to first picture, {name}", "ms", best[0], decode, decode + 30, decode + 5,
                            note=f"floor: key frame decode; median {best[len(best) // 2]:.1f}"))
            cold = run["cold_ms"]
            rows.append(Row(f"10.{name}.cold", f"the same with login, {name}", "ms", cold[0], decode, note=f"median {cold[len(cold) // 2]:.1f}"))
        peer = min(p.lavf("decode", ports, 1, 0, 0.1)["first_ms"][0] for _ in range(2 if bench.quick else 5))
        rows.append(Row("10.lavf", "against libavformat without probing", "ms", rows[0].ours, peer, by="ratio"))
    return rows


def reopening(bench):
    """another channel on a logged-in session, round trip 100 ms"""
    p = bench.programs
    decode = bench.first_decode_ms()
    rows = []
    with p.server("--rtt", str(ROUND_TRIP_MS)) as ports:
        for name, transport in ROUTES.items():
            run = p.ours("open", ports, transport, "--repeats", 1 if bench.quick else 3)
            again = run["reopen_ms"]
            rows.append(Row(f"12.{name}", f"next channel, first picture, {name}", "ms", again[0], ROUND_TRIP_MS + decode, 2 * ROUND_TRIP_MS + decode,
                            ROUND_TRIP_MS + decode, note=f"{(again[0] - decode) / ROUND_TRIP_MS:.1f} round trips"))
            fresh = run["logged_in_ms"]
            rows.append(Row(f"12.{name}.first", f"first channel of a session, {name}", "ms", fresh[0], None,
                            note=f"{(fresh[0] - decode) / ROUND_TRIP_MS:.1f} round trips"))
    return rows
