"""A strict reader of DHAV: everything that the format promises is checked of every frame."""

import datetime
import struct

VIDEO, AUDIO, OTHER = (0xFD, 0xFC, 0xFE), 0xF0, 0xF1
LONG_TAGS = (0x82, 0x88, 0x8C, 0x91, 0x92, 0x93, 0x95, 0x9A, 0x9B, 0xB3)
SHORT_TAGS = (0x80, 0x81, 0x83, 0x84, 0x85, 0x8B, 0x94, 0x96, 0xA0, 0xB2, 0xB4)
RATES = {0: 8000, 1: 4000, 2: 8000, 3: 11025, 4: 16000, 5: 20000, 6: 22050, 7: 32000, 8: 44100, 9: 48000}


class Broken(Exception):
    pass


def need(holds, what, data):
    if not holds:
        raise Broken(f"{what}: {data[:48].hex()}")


class Frame:
    def __init__(self, data):
        magic, self.type, self.subtype, self.channel, sub, self.number, length, date, self.ms, ext, checksum = struct.unpack_from(
            "<4sBBBBIIIHBB", data)
        need(magic == b"DHAV" and length == len(data), "header", data)
        need(checksum == sum(data[:23]) & 0xFF, "header checksum", data)
        need(data[-8:] == b"dhav" + struct.pack("<I", length), "trailer", data[-8:])
        need(sub == 0 and 24 + ext + 8 <= length, "sub-frame number and extension length", data)
        self.date = datetime.datetime((date >> 26) + 2000, date >> 22 & 15, date >> 17 & 31, date >> 12 & 31, date >> 6 & 63,
                                      date & 63)
        self.payload = data[24 + ext : -8]
        self.tags = self.walk(data[24 : 24 + ext])

    def walk(self, block):
        tags, at = {}, 0
        while at < len(block):
            size = 8 if block[at] in LONG_TAGS else 4 if block[at] in SHORT_TAGS else 0
            need(size and at + size <= len(block), "extension", block[at:])
            need(block[at] not in tags, "tag twice", block)
            tags[block[at]] = block[at : at + size]
            at += size
        if 0x88 in tags:
            need(struct.unpack_from("<I", tags[0x88], 1)[0] == sum(self.payload), "body checksum", block)
        return tags

    @property
    def key(self):
        return self.type == 0xFD

    @property
    def video(self):
        return self.type in VIDEO

    @property
    def codec(self):
        return self.tags[0x81 if self.video else 0x83][2]

    @property
    def fps(self):
        return self.tags[0x81][3]

    @property
    def rate(self):
        return RATES[self.tags[0x83][3]]

    @property
    def size(self):
        if 0x82 in self.tags:
            return struct.unpack_from("<HH", self.tags[0x82], 4)
        return self.tags[0x80][2] * 8, self.tags[0x80][3] * 8


class Reader:
    """Frames out of a byte stream that may hold nothing else."""

    def __init__(self):
        self.buffer = bytearray()

    def feed(self, data):
        self.buffer += data
        frames = []
        while len(self.buffer) >= 16:
            need(self.buffer[:4] == b"DHAV", "no frame where one should start", self.buffer)
            length = struct.unpack_from("<I", self.buffer, 12)[0]
            need(32 <= length <= 8 << 20, "length", self.buffer)
            if len(self.buffer) < length:
                break
            frames.append(Frame(bytes(self.buffer[:length])))
            del self.buffer[:length]
        return frames


def ms_steps(frames):
    return [(b.ms - a.ms) % 65536 for a, b in zip(frames, frames[1:])]


def nal_types(payload, h265):
    """Types of the NAL units of an Annex-B access unit."""
    starts, at = [], payload.find(b"\0\0\1")
    while at >= 0:
        starts.append(payload[at + 3])
        at = payload.find(b"\0\0\1", at + 3)
    return [byte >> 1 & 63 if h265 else byte & 31 for byte in starts]


def check_stream(case, frames, profile, channel, stream):
    """Frames of one channel, 0-based: one loop, no frame missing, one clock."""
    format = profile["extra" if stream else "main"]
    h265 = channel + 1 in format["h265_channels"]
    case.assertTrue(frames[0].key, "a stream starts at a key frame")
    case.assertEqual({frame.channel for frame in frames}, {channel})
    video = [frame for frame in frames if frame.video]
    sound = [frame for frame in frames if frame.type == AUDIO]
    for track in (video, sound):
        case.assertGreater(len(track), 10)
        case.assertEqual([frame.number - track[0].number for frame in track], list(range(len(track))))
    fps = format["fps"]
    case.assertLessEqual({abs(step - 1000 / fps) <= 1.5 for step in ms_steps(video)}, {True}, ms_steps(video))
    case.assertAlmostEqual(sum(ms_steps(video)), (len(video) - 1) * 1000 / fps, delta=2)
    check_clock(case, video)
    for frame in video:
        types = nal_types(frame.payload, h265)
        if frame.key:
            case.assertIn(frame.codec, (12,) if h265 else (2, 4, 8))
            case.assertEqual((frame.fps, frame.size), (fps, (format["width"], format["height"])))
            case.assertLessEqual({32, 33, 34} if h265 else {7, 8, 5}, set(types))
        else:
            case.assertTrue(types and not set(types) & ({32, 33, 34, 19, 20} if h265 else {7, 8, 5}), types)
    aac = channel + 1 in profile["audio"]["aac_channels"]
    for frame in sound:
        case.assertEqual(frame.codec, 26 if aac else 14)
        if aac:
            case.assertEqual(frame.payload[:2][0] << 4 | frame.payload[1] >> 4, 0xFFF, "AAC keeps its ADTS head")
            case.assertEqual((frame.payload[3] & 3) << 11 | frame.payload[4] << 3 | frame.payload[5] >> 5, len(frame.payload))
    samples = [1024 if aac else len(frame.payload) for frame in sound]
    case.assertAlmostEqual(sum(ms_steps(sound)), sum(samples[:-1]) * 1000 / sound[0].rate, delta=3)


def check_clock(case, frames):
    """The date advances with the free-running milliseconds and never by more than a second against them."""
    dates = [(frame.date - frames[0].date).total_seconds() for frame in frames]
    elapsed = 0
    for date, step in zip(dates[1:], ms_steps(frames)):
        elapsed += step / 1000
        case.assertLess(abs(date - elapsed), 1.0)
    case.assertEqual(dates, sorted(dates))
