"""DHAV frames."""

import struct

from clip import FPS, HEIGHT, WIDTH, annex_b

KEY, P, AUDIO, AUXILIARY = 0xFD, 0xFC, 0xF0, 0xF1
CODEC_ID = {"h264": 8, "h265": 12}
MIDNIGHT = (2026, 6, 27, 22, 38, 57)


def packed_date(year, month, day, hour, minute, second):
    return second | minute << 6 | hour << 12 | day << 17 | month << 22 | (year - 2000) << 26


def frame(kind, payload, number=0, ms=0, extension=b"", sub=0, channel=0, seconds=0, trailer=True):
    length = 24 + len(extension) + len(payload) + (8 if trailer else 0)
    date = packed_date(*MIDNIGHT[:4], MIDNIGHT[4] + (MIDNIGHT[5] + seconds) // 60, (MIDNIGHT[5] + seconds) % 60)
    head = b"DHAV" + struct.pack("<BBBBIIIHB", kind, sub, channel, 0, number, length, date, ms & 0xFFFF, len(extension))
    return head + bytes([sum(head) & 0xFF]) + extension + payload + (b"dhav" + struct.pack("<I", length) if trailer else b"")


def size_tag():
    return bytes([0x80, 0, WIDTH // 8, HEIGHT // 8])


def codec_tag(codec):
    return bytes([0x81, 0, CODEC_ID[codec], FPS])


def wide_tag():
    return bytes([0x82, 0, 0, 0]) + struct.pack("<HH", WIDTH, HEIGHT)


def video(clip, tags=None, first_ms=0, channel=0, trailer=True):
    """One frame for each picture, 40 ms apart."""
    tags = size_tag() + codec_tag(clip.codec) + wide_tag() if tags is None else tags
    out = []
    for number, unit in enumerate(clip.units):
        key = clip.is_key(unit)
        at = number * 1000 // FPS
        kind, extension = (KEY, tags) if key else (P, b"")
        out.append(frame(kind, annex_b(unit), number, first_ms + at, extension, channel=channel, seconds=at // 1000, trailer=trailer))
    return out


def audio(pieces, extension, ms_each):
    """One frame for each piece of coded sound."""
    return [frame(AUDIO, p, n, n * ms_each, extension, seconds=n * ms_each // 1000) for n, p in enumerate(pieces)]


def audio_tag(codec_id, rate_index, channels=1):
    return bytes([0x83, channels, codec_id, rate_index])
