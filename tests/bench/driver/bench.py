"""What all rows share: rounds, durations, medians, and runs that serve several rows."""
import statistics
import sys

from programs import Disturbed, crowd, have

RECEIVE_STREAMS = 8
SELDOM_ROUNDS = 2
TRIES = 3
ROUTES = {"rtsp": "tcp", "dvrip": "dvrip"}


def per_stream_minute(run, streams, fps):
    """CPU seconds; of the pictures that came, so that a program is not cheap by falling behind."""
    minutes = run["pictures"] / fps / 60 if run.get("pictures") else run["wall_s"] * streams / 60
    return run["cpu_s"] / minutes


def check_rate(run, streams, fps):
    expected = fps * streams * run["wall_s"]
    if run["pictures"] < 0.8 * expected:
        raise Disturbed(f"only {run['pictures']} of {expected:.0f} pictures came")


def persist(cell):
    """The result of a run that was not disturbed."""
    for left in reversed(range(TRIES)):
        try:
            return cell()
        except Disturbed as e:
            if left == 0:
                raise
            print(f"  again: {e}", file=sys.stderr, flush=True)


class Bench:
    def __init__(self, programs, quick, numbers):
        self.programs = programs
        self.quick = quick
        self.numbers = numbers
        self.rounds = 1 if quick else 5
        # Whole groups of pictures, so that every run has the same share of key frames.
        self.seconds = 2 if quick else 4
        self.warm_up = 0.5
        self.settling = 2.5 if quick else 3  # ffmpeg probes for a second or more
        self._received = None
        self._first_decode = None

    @property
    def timing(self):
        return "--warm-up", self.warm_up, "--seconds", self.seconds

    @property
    def brief(self):
        """For figures that need less."""
        return "--warm-up", self.warm_up, "--seconds", 2

    def interleave(self, cells, seldom=None, rounds=None):
        """Runs every cell in turn, as often as there are rounds, and those that only inform seldom: {name: [result, …]}."""
        seldom = seldom or {}
        results = {name: [] for name in {**cells, **seldom}}
        for n in range(rounds or self.rounds):
            for name, cell in {**cells, **(seldom if n < SELDOM_ROUNDS else {})}.items():
                print(f"  round {n + 1}: {name}", file=sys.stderr, flush=True)
                results[name].append(persist(cell))
        return results

    def peer(self, command, count):
        return lambda: crowd(command, count, self.settling, self.seconds)

    def received(self):
        """Receiving fhd with everybody, once for rows 1, 4, 5 and 19."""
        if self._received is not None:
            return self._received
        p, n = self.programs, RECEIVE_STREAMS

        def floor(mode, transport):
            return lambda: p.floor(mode, ports, transport, "--streams", n, *self.timing)

        def ours(transport):
            def run():
                result = p.ours("receive", ports, transport, "--windows", n, *self.timing)
                check_rate(result, n, 25)
                return result
            return run

        with p.server() as ports, p.server("--packets") as trickle:
            cells = {}
            for name, transport in (*ROUTES.items(), ("udp", "udp"), ("tls", "tls")):
                cells[f"floor.{name}"] = floor("recv", transport)
                cells[f"ours.{name}"] = ours(transport)
            seldom = {}
            if 1 in self.numbers:
                cells["lavf"] = lambda: p.lavf("receive", ports, n, self.warm_up, self.seconds)
                seldom["ffmpeg"] = self.peer(p.ffmpeg(ports, "-c", "copy"), n)
            if 1 in self.numbers and not self.quick:
                seldom["depay.rtsp"] = floor("depay", "tcp")
                seldom["depay.dvrip"] = floor("depay", "dvrip")
                seldom["floor.packets"] = lambda: p.floor("recv", trickle, "tcp", "--streams", n, *self.timing)
                seldom["ours.packets"] = lambda: p.ours("receive", trickle, "tcp", "--windows", n, *self.timing)
                if have("gst-launch-1.0"):
                    seldom["gst"] = self.peer(p.gstreamer(ports, decode=False), n)
            self._received = self.interleave(cells, seldom)
        return self._received

    def first_decode_ms(self):
        """CPU time of the first key frame in a new decoder."""
        if self._first_decode is None:
            self._first_decode = min(self.programs.floor_clip("first", "fhd", "--repeats", 10)["cpu_ms"])
        return self._first_decode


def median(runs, f):
    return statistics.median(f(r) for r in runs)
