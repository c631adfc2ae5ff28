"""RTP and RTCP of a live track, checked packet by packet."""

import struct

NTP_EPOCH = 2208988800


class Packet:
    def __init__(self, data):
        first, second, self.sequence, self.time, self.ssrc = struct.unpack_from(">BBHII", data)
        assert first == 0x80, f"version 2, no padding, no extension, no source: {first:#x}"
        self.marker, self.type, self.payload = second >> 7, second & 0x7F, data[12:]


class Report:
    """The sender report at the head of a compound packet."""

    def __init__(self, data):
        first, kind, words, self.ssrc, high, low, self.time, self.packets, self.octets = struct.unpack_from(">BBHIIIIII", data)
        assert first >> 6 == 2 and kind == 200, data.hex()
        self.seconds = high - NTP_EPOCH + low / 2**32
        at, self.kinds = 0, []
        while at < len(data):
            self.kinds.append(data[at + 1])
            at += 4 + 4 * struct.unpack_from(">H", data, at + 2)[0]
        assert at == len(data), "lengths of the compound"


def step(a, b, bits):
    """b - a of counters that wrap, signed."""
    half = 1 << bits - 1
    return (b - a + half) % (1 << bits) - half


def h26x_units(packets, h265):
    """NAL units of one picture out of its packets."""
    units, size = [], 2 if h265 else 1
    for packet in packets:
        data = packet.payload
        kind = data[0] >> 1 & 63 if h265 else data[0] & 31
        if kind == (49 if h265 else 28):
            flags = data[size]
            assert flags & 0xC0 != 0xC0, "a fragment is not start and end at once"
            if flags & 0x80:
                head = bytes([data[0] & 0x81 | (flags & 63) << 1, data[1]]) if h265 else bytes([data[0] & 0xE0 | flags & 31])
                units.append(bytearray(head))
                open_unit = True
            assert open_unit, "a fragment follows its start"
            units[-1] += data[size + 1 :]
            open_unit = not flags & 0x40
        elif kind == (48 if h265 else 24):
            at = size
            while at < len(data):
                length = struct.unpack_from(">H", data, at)[0]
                units.append(bytearray(data[at + 2 : at + 2 + length]))
                at += 2 + length
            assert at == len(data)
        else:
            units.append(bytearray(data))
            open_unit = False
    return [bytes(unit) for unit in units]


def pictures(packets):
    """Groups up to each marker; the unfinished last one is left out."""
    groups, group = [], []
    for packet in packets:
        group.append(packet)
        if packet.marker:
            groups.append(group)
            group = []
    return groups


def check_common(case, packets, track):
    case.assertGreater(len(packets), 10)
    case.assertEqual({packet.type for packet in packets}, {track.type})
    case.assertEqual(len({packet.ssrc for packet in packets}), 1)
    if "ssrc" in track.fields:
        case.assertEqual(packets[0].ssrc, int(track.fields["ssrc"], 16))
    case.assertEqual({step(a.sequence, b.sequence, 16) for a, b in zip(packets, packets[1:])}, {1})


def check_video(case, packets, track):
    """Each picture under one time, the marker at its end; times a frame apart; starts at a key frame."""
    check_common(case, packets, track)
    h265 = track.codec == "H265"
    groups = pictures(packets)
    case.assertGreater(len(groups), 3)
    for group in groups:
        case.assertEqual(len({packet.time for packet in group}), 1)
    steps = [step(a[0].time, b[0].time, 32) for a, b in zip(groups, groups[1:])]
    frame = track.clock / track.framerate
    case.assertTrue(all(abs(one - frame) <= track.clock / 500 for one in steps), steps)
    case.assertAlmostEqual(sum(steps), frame * len(steps), delta=track.clock / 250)
    first = [unit[0] >> 1 & 63 if h265 else unit[0] & 31 for unit in h26x_units(groups[0], h265)]
    case.assertLessEqual({32, 33, 34} if h265 else {5, 7, 8}, set(first))
    case.assertTrue(not h265 or {19, 20} & set(first), first)


def check_sound(case, packets, track):
    """Time counts samples."""
    check_common(case, packets, track)
    samples = []
    for packet in packets:
        if track.codec == "PCMA":
            samples.append(len(packet.payload))
        else:
            bits = struct.unpack_from(">H", packet.payload)[0]
            case.assertEqual(bits % 16, 0)
            sizes = [one >> 3 for one in struct.unpack_from(f">{bits // 16}H", packet.payload, 2)]
            case.assertEqual(2 + bits // 8 + sum(sizes), len(packet.payload))
            samples.append(1024 * len(sizes))
    steps = [step(a.time, b.time, 32) for a, b in zip(packets, packets[1:])]
    case.assertTrue(all(abs(one - count) <= track.clock / 500 for one, count in zip(steps, samples)), steps)
    case.assertAlmostEqual(sum(steps), sum(samples[:-1]), delta=track.clock / 250)


def check_reports(case, reports, packets, track):
    """Reports name the source, count what was sent and map one clock onto the other."""
    case.assertTrue(reports)
    times = [packet.time for packet in packets]
    for report in reports:
        case.assertEqual(report.ssrc, packets[0].ssrc)
        case.assertEqual(report.kinds[:2], [200, 202])
        case.assertLess(abs(min(step(time, report.time, 32) for time in times[:1])), track.clock * 60)
        case.assertGreaterEqual(report.octets, report.packets)
    for a, b in zip(reports, reports[1:]):
        case.assertAlmostEqual(step(a.time, b.time, 32) / track.clock, b.seconds - a.seconds, delta=0.05)
        case.assertGreater(b.packets, a.packets)
