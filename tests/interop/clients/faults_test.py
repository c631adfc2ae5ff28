"""The checks see what is wrong: the recorder's faults fail them, and counters that wrap do not."""

from clients import dhav, rtp
from clients.dvrip import Dvrip, acknowledge, add_object, monitor, read
from clients.rtsp import Rtsp
from clients.wire import ClientCase


class Faults(ClientCase):
    def play(self, recorder):
        client = Rtsp(self.link(recorder.ports["rtsp"]), recorder.url(1, login=""))
        tracks, packets, reports = client.open(), {0: [], 2: []}, {1: [], 3: []}
        while sum(packet.marker for packet in packets[0]) < 40:
            channel, data = client.media()
            if channel in packets:
                packets[channel].append(rtp.Packet(data))
            else:
                reports[channel].append(rtp.Report(data))
        rtp.check_video(self, packets[0], tracks[0])
        rtp.check_sound(self, packets[2], tracks[1])
        rtp.check_reports(self, reports[1], packets[0], tracks[0])

    def watch(self, recorder):
        client = Dvrip(self.link(recorder.ports["dvrip"]))
        client.digest()
        connection, sub = add_object(client)["ConnectionID"], self.link(recorder.ports["dvrip"])
        acknowledge(client, sub, connection)
        monitor(client, 0, 1, connection, 1)
        reader, frames = dhav.Reader(), []
        while len(frames) < 100:
            frames += reader.feed(read(sub).body)
        dhav.check_stream(self, frames, recorder.profile, 0, 1)

    def check_noticed(self, look, faults):
        recorder = self.rig()
        for fault in faults:
            with self.subTest(fault=fault):
                recorder.control("/fault", fault)
                with self.assertRaises((AssertionError, dhav.Broken)):
                    look(recorder)
                recorder.control("/clear", {})
        look(recorder)

    def test_faults_of_rtp_are_noticed(self):
        self.check_noticed(self.play, [{"name": "lose", "every": 40}, {"name": "reorder", "every": 40},
                                       {"name": "duplicate", "every": 40}, {"name": "no_sender_reports"},
                                       {"name": "clock_jump", "ms": 5000}, {"name": "drop_pictures", "every": 7},
                                       {"name": "junk_between", "every": 30}])

    def test_faults_of_dhav_are_noticed(self):
        self.check_noticed(self.watch, [{"name": "wrong_channel"}, {"name": "clock_jump", "ms": 5000},
                                        {"name": "drop_pictures", "every": 7}, {"name": "no_audio"}])

    def test_counters_that_wrap_pass(self):
        recorder = self.rig()
        recorder.control("/fault", {"name": "wrap"})
        self.play(recorder)
        self.watch(recorder)
