"""The recorder's stamps, read from a grey picture: which one it is, and where the camera points (docs/recorder.md)."""

import struct

COLUMNS, ROWS = 12, 6
FRAME, POSITION = 0xA6, 0xB2


def block(picture, width, place):
    """The bytes of one block of cells, or None when its check byte is wrong."""
    size = max(8, width // 44 // 8 * 8)
    bits = 0
    for cell in range(COLUMNS * ROWS):
        x = size // 2 + cell % COLUMNS * size + size // 2
        y = size // 2 + (place * (ROWS + 1) + cell // COLUMNS) * size + size // 2
        bits = bits << 1 | (picture[y * width + x] >= 128)
    data = bits.to_bytes(COLUMNS * ROWS // 8, "big")
    check = 0x5C
    for byte in data[:-1]:
        check = (check << 1 | check >> 7) & 0xFF ^ byte
    return data if check == data[-1] else None


def frame(picture, width):
    """(channel, number, loop), or None."""
    data = block(picture, width, 0)
    return struct.unpack(">BIH", data[1:8]) if data and data[0] == FRAME else None


def position(picture, width):
    """(pan, tilt, zoom, focus) in degrees, degrees, factor and share, or None."""
    data = block(picture, width, 1)
    if not data or data[0] != POSITION:
        return None
    pan, tilt, zoom, focus = struct.unpack(">hhHB", data[1:8])
    return pan / 10, tilt / 10, zoom / 100, focus / 255
