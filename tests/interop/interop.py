"""What the interoperation tests share: the recorder as a process, its clips as hashes, programs with a time limit."""

import array
import hashlib
import json
import math
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

USER = "admin"
PASSWORD = "Test-pass-1"
PROFILES = pathlib.Path(__file__).parent.parent / "recorder" / "profiles"
TONE_HZ = 500


def need(*programs):
    """Skips, with the reason, when a foreign program is missing."""
    for program in programs:
        if shutil.which(program) is None:
            raise unittest.SkipTest(f"{program} is not installed")


def need_gst(*elements):
    need("gst-launch-1.0", "gst-inspect-1.0")
    for element in elements:
        if subprocess.run(["gst-inspect-1.0", "--exists", element]).returncode != 0:
            raise unittest.SkipTest(f"the GStreamer element {element} is not installed")


def run(words, limit=60):
    """The finished process; a program that hangs fails the test."""
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=limit)
    done.stderr = done.stderr.decode(errors="replace")
    return done


class Recorder:
    """dmss-recorder with small channels, two unless told otherwise: 1 is H.264 with G.711 A-law, 2 is H.265 with AAC."""

    WIDTH, HEIGHT, FPS = 704, 576, 15

    def __init__(self, channels=2):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="dmss-interop-"))
        profile = json.loads((PROFILES / "nvr16.json").read_text())
        profile["channels"] = channels
        profile["extra"]["h265_channels"] = [2]
        profile["main"].update(width=640, height=360, kbps=512, h265_channels=[])
        profile["ptz_channels"] = [1]
        self.profile = profile
        (self.folder / "profile.json").write_text(json.dumps(profile))

    def __enter__(self):
        words = [os.environ["DMSS_RECORDER"], "--listen", "127.0.0.1", "--user", USER, "--password", PASSWORD]
        words += ["--profile", str(self.folder / "profile.json"), "--until-eof"]
        for service in ("dvrip", "http", "https", "rtsp", "rtsps", "dhip", "control"):
            words += [f"--{service}", "0"]
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        line = self.process.stdout.readline()
        if not line:
            self.__exit__()
            raise AssertionError("dmss-recorder did not start")
        self.ports = json.loads(line)
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, channel, scheme="rtsp", login=f"{USER}:{PASSWORD}@", subtype=1):
        return f"{scheme}://{login}127.0.0.1:{self.ports[scheme]}/cam/realmonitor?channel={channel}&subtype={subtype}"


def raw_hashes(data, size):
    return [hashlib.md5(data[i : i + size]).hexdigest() for i in range(0, len(data) - size + 1, size)]


def frame_hashes(text):
    """[(pts, md5)] of ffmpeg's framehash output."""
    rows = [line.split(",") for line in text.splitlines() if line and not line.startswith("#")]
    return [(int(row[2]), row[5].strip()) for row in rows]


def clip_hashes(codec, channel):
    """The recorder's loop, decoded: one hash a picture, all different since every picture carries its number."""
    name = f"{Recorder.WIDTH}x{Recorder.HEIGHT}-{Recorder.FPS}-512k-*-ch{channel}.{codec}"
    [clip] = clips_folder().glob(f"*/{name}")
    done = run(["ffmpeg", "-v", "error", "-i", str(clip), "-f", "framehash", "-hash", "md5", "-"])
    hashes = [md5 for _, md5 in frame_hashes(done.stdout.decode())]
    assert done.returncode == 0 and len(set(hashes)) == len(hashes) > 0, done.stderr
    return hashes


def clips_folder():
    if "DMSS_CLIPS" in os.environ:
        return pathlib.Path(os.environ["DMSS_CLIPS"])
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.environ["HOME"], ".cache")
    return pathlib.Path(cache) / "dmss-recorder"


class Case(unittest.TestCase):
    def check_pictures(self, hashes, loop, at_least):
        """Bit-exact pictures of the loop, each once and in order."""
        self.assertGreaterEqual(len(hashes), at_least)
        self.assertEqual(loop.index(hashes[0]) % 30, 0, "playing starts at a key frame")
        expected = [loop[(loop.index(hashes[0]) + i) % len(loop)] for i in range(len(hashes))]
        self.assertEqual(hashes, expected)

    def check_tone(self, pcm, rate, at_least_seconds):
        """Signed 16-bit samples of the recorder's tone, without a gap."""
        samples = array.array("h", pcm[: len(pcm) // 2 * 2])
        self.assertGreaterEqual(len(samples), rate * at_least_seconds)
        samples = samples[rate // 4 :]
        seconds = len(samples) / rate
        rms = math.sqrt(sum(s * s for s in samples) / len(samples))
        self.assertGreater(rms, 1000)
        rises = sum(a < 0 <= b for a, b in zip(samples, samples[1:]))
        self.assertAlmostEqual(rises / seconds, TONE_HZ, delta=TONE_HZ * 0.02)
