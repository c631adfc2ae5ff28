"""Small streams made by the ffmpeg program, cut into access units, and the pictures they decode to."""

import shutil
import subprocess
import unittest
import zlib

WIDTH, HEIGHT, FPS, GOP, PICTURES = 320, 240, 25, 15, 30
START = b"\0\0\0\1"


def ffmpeg(*words, data=b""):
    if shutil.which("ffmpeg") is None:
        raise unittest.SkipTest("ffmpeg is not installed")
    done = subprocess.run(["ffmpeg", "-v", "error", *words], input=data, capture_output=True, timeout=100)
    if done.returncode != 0:
        raise AssertionError(done.stderr.decode(errors="replace"))
    return done.stdout


def nals(stream):
    """The NAL units of an Annex-B stream."""
    out = []
    at = stream.find(b"\0\0\1")
    while at >= 0:
        end = stream.find(b"\0\0\1", at + 3)
        out.append(stream[at + 3 : end if end >= 0 else len(stream)].rstrip(b"\0"))
        at = end
    return out


class Clip:
    """PICTURES pictures, one slice each, a key frame with parameter sets every GOP; `units` holds lists of NAL units."""

    ENCODERS = {
        "h264": ["libx264", "-preset", "ultrafast", "-x264-params", "slices=1:threads=1:repeat-headers=1:bframes=0:scenecut=0"],
        "h265": ["libx265", "-preset", "ultrafast", "-x265-params", "repeat-headers=1:bframes=0:scenecut=0:log-level=none:pools=1"],
    }

    def __init__(self, codec):
        self.codec = codec
        source = f"testsrc2=size={WIDTH}x{HEIGHT}:rate={FPS}"
        words = ["-f", "lavfi", "-i", source, "-frames:v", str(PICTURES), "-pix_fmt", "yuv420p", "-g", str(GOP), "-keyint_min", str(GOP)]
        form = "h264" if codec == "h264" else "hevc"
        self.stream = ffmpeg(*words, "-c:v", *self.ENCODERS[codec], "-f", form, "-")
        self.units = [[]]
        for nal in nals(self.stream):
            self.units[-1].append(nal)
            if self.is_slice(nal):
                self.units.append([])
        self.units.pop()
        raw = ffmpeg("-f", form, "-i", "-", "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-", data=self.stream)
        size = WIDTH * HEIGHT * 3 // 2
        self.crcs = [zlib.crc32(raw[at : at + size]) for at in range(0, len(raw), size)]
        assert len(self.units) == len(self.crcs) == len(set(self.crcs)) == PICTURES

    def kind(self, nal):
        return nal[0] & 0x1F if self.codec == "h264" else nal[0] >> 1 & 0x3F

    def is_slice(self, nal):
        return 1 <= self.kind(nal) <= 5 if self.codec == "h264" else self.kind(nal) < 32

    def is_key(self, unit):
        return any(self.kind(nal) == (7 if self.codec == "h264" else 33) for nal in unit)

    def parameter_sets(self):
        kinds = (7, 8) if self.codec == "h264" else (32, 33, 34)
        return [next(nal for nal in self.units[0] if self.kind(nal) == kind) for kind in kinds]


def annex_b(unit):
    return b"".join(START + nal for nal in unit)


def tone(form, rate, channels=1, seconds=2):
    """A 500 Hz tone as raw coded sound: alaw, mulaw, s16le, s16be, u8 … or adts (AAC)."""
    codec = ["-c:a", "aac", "-b:a", "48k"] if form == "adts" else []
    source = f"sine=frequency=500:sample_rate={rate}:duration={seconds}"
    return ffmpeg("-f", "lavfi", "-i", source, "-af", "volume=4", "-ac", str(channels), *codec, "-f", form, "-")


def adts_frames(stream):
    out = []
    while stream:
        size = (stream[3] & 3) << 11 | stream[4] << 3 | stream[5] >> 5
        out.append(stream[:size])
        stream = stream[size:]
    return out
