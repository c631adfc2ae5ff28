"""Starting the measuring programs, and measuring programs from outside."""
import contextlib
import glob
import json
import os
import re
import shutil
import subprocess
import tempfile
import time

PATIENCE = 300  # seconds for any one run
# Where server and client under callgrind share a core, a picture is sent whole before any of it is read: counts hardly vary.
SAME_CORE = 0
# glibc copies and clears larger blocks with one "rep movsb", which callgrind counts once a byte.
COUNTABLE = {"GLIBC_TUNABLES": "glibc.cpu.x86_rep_movsb_threshold=100000000:glibc.cpu.x86_rep_stosb_threshold=100000000"}


class MeasureError(Exception):
    pass


class Disturbed(MeasureError):
    """The machine was too busy for this run; another one may do better."""


def pinned(core):
    return None if core is None else lambda: os.sched_setaffinity(0, {core})


class Programs:
    def __init__(self, binaries, clips, library):
        self.binaries = binaries
        self.clips = clips
        self.library = library

    def path(self, name):
        return os.path.join(self.binaries, f"dmss-bench-{name}")

    def clip(self, name):
        return os.path.join(self.clips, f"{name}.h264")

    @contextlib.contextmanager
    def server(self, *options, core=None):
        command = [self.path("server"), "--main", self.clip("fhd") + "@25", "--extra", self.clip("d1") + "@15", *options]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, preexec_fn=pinned(core))
        try:
            line = process.stdout.readline()
            if not line:
                raise MeasureError("the server did not start")
            yield json.loads(line)
        finally:
            process.stdin.close()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            process.stdout.close()

    def run(self, command, core=None, environment=None):
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, preexec_fn=pinned(core),
                                  env={**os.environ, **(environment or {})})
        except subprocess.TimeoutExpired as e:
            raise MeasureError(f"{os.path.basename(command[0])} hung") from e
        if done.returncode != 0:
            raise MeasureError(f"{' '.join(command)}: exit {done.returncode}: {done.stderr.strip()[-500:]}")
        return done

    def ours_command(self, mode, ports, transport, *options):
        return [self.path("client"), mode, "--transport", transport, "--dvrip", str(ports["dvrips" if transport == "dvrips" else "dvrip"]),
                "--rtsp", str(ports["rtsps" if transport == "tls" else "rtsp"]), *map(str, options)]

    def ours(self, mode, ports, transport, *options, core=None):
        return json.loads(self.run(self.ours_command(mode, ports, transport, *options), core).stdout)

    def floor_command(self, mode, ports, transport, *options):
        return [self.path("floor"), mode, "--transport", transport, "--dvrip", str(ports["dvrip"]),
                "--rtsp", str(ports["rtsps" if transport == "tls" else "rtsp"]), *map(str, options)]

    def floor(self, mode, ports, transport, *options):
        return json.loads(self.run(self.floor_command(mode, ports, transport, *options)).stdout)

    def floor_echo(self, ports, *options):
        return json.loads(self.run([self.path("floor"), "echo", "--echo", str(ports["echo"]), *map(str, options)]).stdout)

    def floor_clip(self, mode, clip, *options):
        return json.loads(self.run([self.path("floor"), mode, "--clip", self.clip(clip), *map(str, options)]).stdout)

    def url(self, ports, stream=0):
        return f"rtsp://127.0.0.1:{ports['rtsp']}/cam/realmonitor?channel=1&subtype={stream}"

    def lavf_command(self, mode, ports, streams, warm_up, seconds, pictures=0):
        return [self.path("lavf"), mode, self.url(ports), str(streams), str(warm_up), str(seconds), str(pictures)]

    def lavf(self, *arguments):
        return json.loads(self.run(self.lavf_command(*arguments)).stdout)

    def ffmpeg(self, ports, *options, stream=0, threads=None):
        return ["ffmpeg", "-hide_banner", "-loglevel", "error", "-nostdin", *(["-threads", str(threads)] if threads else []),
                "-rtsp_transport", "tcp", "-i", self.url(ports, stream), *options, "-f", "null", "-"]

    def gstreamer(self, ports, decode):
        tail = "! h264parse ! avdec_h264 max-threads=1" if decode else ""
        return ["gst-launch-1.0", "-q", *f"rtspsrc location={self.url(ports)} protocols=tcp latency=200 ! rtph264depay {tail} ! fakesink sync=false".split()]

    def instructions(self, command):
        """User instructions of a whole run, by callgrind."""
        with tempfile.TemporaryDirectory() as folder:
            out = os.path.join(folder, "out")
            done = self.run(["valgrind", "--tool=callgrind", "-q", f"--callgrind-out-file={out}", *command], core=SAME_CORE, environment=COUNTABLE)
            if json.loads(done.stdout).get("dropped"):
                raise MeasureError("pictures were dropped under valgrind")
            with open(out, encoding="utf-8", errors="replace") as file:
                found = re.search(r"^(?:totals|summary): (\d+)", file.read(), re.MULTILINE)
        if not found:
            raise MeasureError("callgrind counted nothing")
        return int(found[1])


def have(program):
    return shutil.which(program) is not None


def _cpu(pids):
    total = 0
    for pid in pids:
        for path in glob.glob(f"/proc/{pid}/task/*/schedstat"):
            with contextlib.suppress(OSError, ValueError, IndexError):
                with open(path, encoding="ascii") as file:
                    total += int(file.read().split()[0])
    return total / 1e9


def crowd(command, count, start_up, seconds):
    """CPU seconds per process and minute of `count` copies of a program that runs on and on."""
    processes = [subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for _ in range(count)]
    try:
        time.sleep(start_up)
        pids = [p.pid for p in processes]
        began, before = time.monotonic(), _cpu(pids)
        time.sleep(seconds)
        spent, wall = _cpu(pids) - before, time.monotonic() - began
        for p in processes:
            if p.poll() is not None:
                raise MeasureError(f"{command[0]} ended early: {p.stderr.read().decode(errors='replace')[-300:]}")
        return spent * 60 / wall / count
    finally:
        for p in processes:
            p.kill()
        for p in processes:
            p.wait()
            p.stderr.close()
