"""Rows 19 and 20: memory and the size of the library."""
import os
import subprocess
import tempfile

from programs import MeasureError
from report import Row


def memory(bench):
    """memory per session and per stream"""
    p = bench.programs

    def slope(mode, transport, few, many, *options):
        """kB of one more; what the process has anyway is left out."""
        sizes = [p.ours(mode, ports, transport, "--windows", n, "--warm-up", 0.5, "--seconds", 0.5 if bench.quick else 2, *options)["anon_kb"] for n in (few, many)]
        return (sizes[1] - sizes[0]) / (many - few)

    with p.server() as ports:
        return [
            Row("19.idle", "idle session, 37777", "KB", slope("idle", "dvrip", 8, 72), None, 128, 64),
            Row("19.idle.tls", "idle session, 37777 over TLS", "KB", slope("idle", "dvrips", 8, 72), None, 200, 64),
            Row("19.receive.rtsp", "receiving fhd, RTSP", "MB", slope("receive", "tcp", 4, 20) / 1024, None, 1.0, 0.5),
            Row("19.receive.dvrip", "receiving fhd, 37777", "MB", slope("receive", "dvrip", 4, 20) / 1024, None, 1.0, 0.5),
            Row("19.decode.fhd", "decoding fhd", "MB", slope("decode", "tcp", 2, 5) / 1024, None, 12),
            Row("19.decode.d1", "decoding d1", "MB", slope("decode", "tcp", 4, 20, "--extra") / 1024, None, 4),
        ]


def library(bench):
    """size of the shared library, stripped"""
    with tempfile.TemporaryDirectory() as folder:
        copy = os.path.join(folder, "stripped.so")
        done = subprocess.run(["strip", "-o", copy, bench.programs.library], capture_output=True, text=True)
        if done.returncode != 0:
            raise MeasureError(done.stderr.strip())
        size = os.path.getsize(copy) / 1e6
    return [Row("20", "libdmss_c.so, stripped", "MB", size, None, 4, 2)]
