"""Media over RTSP, packet by packet: sequence, time, markers, reports; interleaved on any channels, over TLS and over UDP."""

import socket

from clients import rtp
from clients.rtsp import Rtsp, tracks_of
from clients.wire import LIMIT, ClientCase


class RtspMedia(ClientCase):
    def client(self, recorder, channel=1, subtype=1, tls=False):
        scheme = "rtsps" if tls else "rtsp"
        return Rtsp(self.link(recorder.ports[scheme], tls), recorder.url(channel, scheme, login="", subtype=subtype))

    def collect(self, client, channels, pictures):
        """Packets and reports of each track, until the video has so many pictures."""
        packets, reports = {channel: [] for channel in channels}, {channel: [] for channel in channels}
        markers = 0
        while markers < pictures:
            channel, data = client.media()
            if channel in packets:
                packets[channel].append(rtp.Packet(data))
                markers += channel == channels[0] and packets[channel][-1].marker
            else:
                self.assertIn(channel - 1, reports)
                reports[channel - 1].append(rtp.Report(data))
        return packets, reports

    def check(self, tracks, channels, packets, reports):
        for track, channel in zip(tracks, channels):
            (rtp.check_video if track.kind == "video" else rtp.check_sound)(self, packets[channel], track)
            rtp.check_reports(self, reports[channel], packets[channel], track)

    def test_every_codec_and_stream(self):
        recorder = self.rig()
        for channel, subtype, codecs in ((1, 0, ("H264", "PCMA")), (1, 1, ("H264", "PCMA")), (2, 1, ("H265", "MPEG4-GENERIC"))):
            with self.subTest(channel=channel, subtype=subtype):
                client = self.client(recorder, channel, subtype)
                tracks = client.open()
                self.assertEqual(tuple(track.codec for track in tracks), codecs)
                self.check(tracks, (0, 2), *self.collect(client, (0, 2), 60))

    def test_over_tls(self):
        client = self.client(self.rig(), tls=True)
        self.check(client.open(), (0, 2), *self.collect(client, (0, 2), 30))

    def test_other_channel_numbers(self):
        recorder = self.rig()
        for channels in ((4, 6), (2, 0), (200, 10), (252, 254)):
            with self.subTest(channels=channels):
                client = self.client(recorder)
                tracks = client.open(channels)
                self.assertEqual([track.fields["interleaved"] for track in tracks], [f"{c}-{c + 1}" for c in channels])
                self.check(tracks, channels, *self.collect(client, channels, 30))

    def test_server_chooses_channels_where_none_are_named(self):
        client = self.client(self.rig())
        tracks = tracks_of(client.describe().text())[:2]
        for track in tracks:
            self.assertEqual(client.setup(track, "RTP/AVP/TCP;unicast").status, 200)
        channels = tuple(int(track.fields["interleaved"].split("-")[0]) for track in tracks)
        client.play()
        self.check(tracks, channels, *self.collect(client, channels, 30))

    def test_one_track_alone(self):
        recorder = self.rig()
        client = self.client(recorder)
        [video] = client.open((0,))
        packets, reports = self.collect(client, (0,), 30)
        self.check([video], (0,), packets, reports)
        client = self.client(recorder)
        sound = tracks_of(client.describe().text())[1]
        client.setup(sound, "RTP/AVP/TCP;unicast;interleaved=0-1")
        client.play()
        data = [client.media() for _ in range(80)]
        rtp.check_sound(self, [rtp.Packet(packet) for channel, packet in data if channel == 0], sound)

    def test_play_tells_the_first_sequence_and_time(self):
        client = self.client(self.rig())
        tracks = tracks_of(client.describe().text())[:2]
        for track, channel in zip(tracks, (0, 2)):
            client.setup(track, f"RTP/AVP/TCP;unicast;interleaved={channel}-{channel + 1}")
        info = client.play().header("RTP-Info").split(",")
        packets, _ = self.collect(client, (0, 2), 15)
        for text, track, channel in zip(info, tracks, (0, 2)):
            fields = dict(field.split("=", 1) for field in text.split(";"))
            self.assertEqual(fields["url"], track.control)
            self.assertEqual(int(fields["seq"]), packets[channel][0].sequence)
            self.assertEqual(int(fields["rtptime"]), packets[channel][0].time)

    def test_reports_map_sound_and_video_onto_one_clock(self):
        client = self.client(self.rig())
        tracks = client.open()
        packets, reports = self.collect(client, (0, 2), 45)
        starts = []
        for track, channel in zip(tracks, (0, 2)):
            report, first = reports[channel][0], packets[channel][0]
            starts.append(report.seconds + rtp.step(report.time, first.time, 32) / track.clock)
        self.assertLess(abs(starts[0] - starts[1]), 0.5)

    def udp_pair(self):
        """Two sockets on an even port and the next."""
        while True:
            pair = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2)]
            for one in pair:
                one.settimeout(LIMIT)
                self.addCleanup(one.close)
            pair[0].bind(("127.0.0.1", 0))
            pair[0].setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
            port = pair[0].getsockname()[1]
            if port % 2 == 0:
                try:
                    pair[1].bind(("127.0.0.1", port + 1))
                    return pair
                except OSError:
                    continue

    def test_udp(self):
        recorder = self.rig()
        for protocol in ("RTP/AVP", "RTP/AVP/UDP"):
            client = self.client(recorder)
            tracks, pairs = tracks_of(client.describe().text())[:2], []
            for track in tracks:
                pair = self.udp_pair()
                port = pair[0].getsockname()[1]
                self.assertEqual(client.setup(track, f"{protocol};unicast;client_port={port}-{port + 1}").status, 200)
                self.assertEqual(track.fields["client_port"], f"{port}-{port + 1}")
                server = [int(one) for one in track.fields["server_port"].split("-")]
                self.assertEqual((server[0] % 2, server[1]), (0, server[0] + 1))
                for one, to in zip(pair, server):
                    one.sendto(b"", ("127.0.0.1", to))
                pairs.append((pair, server))
            client.play()
            for track, (pair, server), count in zip(tracks, pairs, (120, 60)):
                packets = []
                while len(packets) < count:
                    data, peer = pair[0].recvfrom(65536)
                    self.assertEqual(peer, ("127.0.0.1", server[0]))
                    self.assertLessEqual(len(data), 1472)
                    packets.append(rtp.Packet(data))
                (rtp.check_video if track.kind == "video" else rtp.check_sound)(self, packets, track)
                data, peer = pair[1].recvfrom(65536)
                self.assertEqual(peer, ("127.0.0.1", server[1]))
                rtp.check_reports(self, [rtp.Report(data)], packets, track)
            self.assertEqual(client.ask("TEARDOWN").status, 200)

    def test_udp_without_keep_alive_ends(self):
        recorder = self.rig(rtsp={"session_timeout": 1})
        client = self.client(recorder)
        track, pair = tracks_of(client.describe().text())[0], self.udp_pair()
        port = pair[0].getsockname()[1]
        client.setup(track, f"RTP/AVP;unicast;client_port={port}-{port + 1}")
        client.play()
        rtp.Packet(pair[0].recv(65536))
        self.assert_closed(client.link)
        self.assertEqual(recorder.control("/state")["viewers"], [])

    def test_many_viewers_each_have_a_stream_of_their_own(self):
        recorder = self.rig()
        clients = [self.client(recorder, 1 + i % 2) for i in range(8)]
        opened = [client.open() for client in clients]
        self.assertEqual(len({tracks[0].fields["ssrc"] for tracks in opened}), len(clients))
        for client, tracks in zip(clients, opened):
            self.check(tracks, (0, 2), *self.collect(client, (0, 2), 15))
