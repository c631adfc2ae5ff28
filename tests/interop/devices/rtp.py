"""RTP packets of H.264, H.265, G.711 and AAC, and RTCP sender reports."""

import struct

MTU = 1200


def packet(kind, sequence, timestamp, payload, marker=False, padding=b"", ssrc=0x30A98EE7):
    first = 0x80 | (0x20 if padding else 0)
    return struct.pack(">BBHII", first, kind | (0x80 if marker else 0), sequence & 0xFFFF, timestamp & 0xFFFFFFFF, ssrc) + payload + padding


def sender_report(ntp_seconds, timestamp, ssrc=0x30A98EE7):
    report = struct.pack(">BBHIIIIII", 0x80, 200, 6, ssrc, ntp_seconds, 0xCCCCCCCC, timestamp & 0xFFFFFFFF, 0, 0)
    return report + struct.pack(">BBHI", 0x81, 202, 3, ssrc) + b"\1\6(none)" + bytes(2)


def aggregate(codec, units):
    """STAP-A or AP."""
    head = b"\x78" if codec == "h264" else b"\x60\1"
    return head + b"".join(struct.pack(">H", len(nal)) + nal for nal in units)


def fragments(codec, nal, size):
    """FU-A or FU."""
    header = 1 if codec == "h264" else 2
    pieces = [nal[at : at + size] for at in range(header, len(nal), size)]
    out = []
    for n, piece in enumerate(pieces):
        flags = (0x80 if n == 0 else 0) | (0x40 if n == len(pieces) - 1 else 0)
        if codec == "h264":
            out.append(bytes([nal[0] & 0xE0 | 28, flags | nal[0] & 0x1F]) + piece)
        else:
            out.append(bytes([nal[0] & 0x81 | 49 << 1, nal[1], flags | nal[0] >> 1 & 0x3F]) + piece)
    return out


def payloads(codec, unit, size=MTU, join=True):
    """The payloads of one picture: small units together, a large one in fragments."""
    small = [nal for nal in unit if len(nal) <= size // 3]
    large = [nal for nal in unit if len(nal) > size // 3]
    out = []
    if join and len(small) > 1:
        out.append(aggregate(codec, small))
    else:
        out += small
    for nal in large:
        out += fragments(codec, nal, size) if len(nal) > size else [nal]
    return out


def video(clip, kind, first_sequence=47121, first_timestamp=3475222385, size=MTU, join=True, marker=True, step=3600, padding=b"", before=()):
    """One list of packets for each picture; `before` are units put in front of each picture."""
    out = []
    sequence = first_sequence
    for number, unit in enumerate(clip.units):
        parts = payloads(clip.codec, [*before, *unit], size, join)
        packets = []
        for n, part in enumerate(parts):
            last = n == len(parts) - 1
            packets.append(packet(kind, sequence, first_timestamp + number * step, part, marker and last, padding))
            sequence += 1
        out.append(packets)
    return out


def audio(pieces, kind, samples, first_sequence=9, first_timestamp=77):
    return [[packet(kind, first_sequence + n, first_timestamp + n * samples, p, True, ssrc=0x1234)] for n, p in enumerate(pieces)]


def aac_unit(frame):
    """One access unit of RFC 3640 in its high-bit-rate form."""
    return struct.pack(">HH", 16, len(frame) << 3) + frame
