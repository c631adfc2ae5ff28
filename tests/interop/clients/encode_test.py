"""The stream follows the Encode table: viewers that are there get other parameter sets without losing their connection."""

import base64
import re

from clients import dhav, rtp
from clients.config_test import OK, ConfigClient
from clients.dvrip import Dvrip, acknowledge, add_object, monitor, read
from clients.rtsp import Rtsp, tracks_of

VIDEO = "Encode[0].ExtraFormat[0].Video"


class EncodeIsPlayed(ConfigClient):
    def viewer(self, recorder):
        """A running stream over 37777: the extra stream of channel 1."""
        client, sub = Dvrip(self.link(recorder.ports["dvrip"])), self.link(recorder.ports["dvrip"])
        client.digest()
        connection = add_object(client)["ConnectionID"]
        acknowledge(client, sub, connection)
        self.assertEqual(monitor(client, 0, 1, connection, 1)["FaultCode"], "OK")
        self.reader, self.client = dhav.Reader(), client
        return sub

    def until(self, sub, ready, limit=3000):
        """Frames up to the first that is `ready`."""
        frames = []
        while not (frames and ready(frames[-1])):
            self.assertLess(len(frames), limit)
            piece = read(sub)
            self.assertEqual(piece.command, 0xBC)
            for frame in self.reader.feed(piece.body):
                frames.append(frame)
                if ready(frame):
                    break
        return frames

    def check_one_clock(self, frames):
        """Nothing is missing, and time goes on over the change by the old step or the new one."""
        video = [frame for frame in frames if frame.video]
        self.assertEqual([frame.number - video[0].number for frame in video], list(range(len(video))))
        fps = {frame.fps for frame in video if frame.key}
        steps = dhav.ms_steps(video)
        self.assertLessEqual(max(steps), 1000 / min(fps) + 1.5, steps)
        self.assertGreaterEqual(min(steps), 1000 / max(fps) - 1.5, steps)

    def test_size_rate_and_codec_change_in_mid_stream(self):
        recorder = self.rig()
        sub = self.viewer(recorder)
        frames = self.until(sub, lambda frame: frame.key)
        self.assertEqual((frames[-1].size, frames[-1].fps), ((704, 576), 15))
        self.assertEqual(self.write(recorder, f"{VIDEO}.resolution=352x288&{VIDEO}.FPS=25&{VIDEO}.GOP=25"), OK)
        frames += self.until(sub, lambda frame: frame.key and frame.size == (352, 288))
        self.assertEqual(frames[-1].fps, 25)
        self.assertLessEqual({7, 8, 5}, set(dhav.nal_types(frames[-1].payload, False)))
        self.assertEqual(self.write(recorder, f"{VIDEO}.Compression=H.265"), OK)
        frames += self.until(sub, lambda frame: frame.key and frame.codec == 12)
        self.assertEqual(frames[-1].size, (352, 288))
        self.assertLessEqual({32, 33, 34}, set(dhav.nal_types(frames[-1].payload, True)))
        tail = self.until(sub, lambda frame: frame.key)
        self.assertEqual(len([frame for frame in tail if frame.video]), 25, "GOP is how far key frames are apart")
        self.check_one_clock(frames + tail)
        [viewer] = recorder.control("/state")["viewers"]
        self.assertEqual((viewer["codec"], viewer["width"], viewer["fps"]), ("h265", 352, 25))

    def test_back_to_what_it_was(self):
        recorder = self.rig()
        sub = self.viewer(recorder)
        client = self.logged_in(recorder)
        before = client.call("configManager.getConfig", {"name": "Encode", "channel": 0})["params"]["table"]
        self.assertEqual(self.write(recorder, f"{VIDEO}.Width=352&{VIDEO}.Height=288"), OK)
        frames = self.until(sub, lambda frame: frame.key and frame.size == (352, 288))
        self.assertTrue(client.call("configManager.restore", {"names": ["Encode"]})["result"])
        frames += self.until(sub, lambda frame: frame.key and frame.size == (704, 576))
        self.check_one_clock(frames)
        after = client.call("configManager.getConfig", {"name": "Encode", "channel": 0})["params"]["table"]
        self.assertEqual(after, before)

    def test_other_streams_go_on_as_they_are(self):
        recorder = self.rig()
        sub = self.viewer(recorder)
        self.assertEqual(self.write(recorder, "Encode[0].MainFormat[0].Video.resolution=352x288"), OK)
        self.assertEqual(self.write(recorder, "Encode[1].ExtraFormat[0].Video.resolution=352x288"), OK)
        self.assertEqual(self.write(recorder, "Encode[0].MainFormat[1].Video.resolution=352x288"), OK)
        frames = [frame for _ in range(2) for frame in self.until(sub, lambda frame: frame.key)]
        self.assertEqual({frame.size for frame in frames if frame.key}, {(704, 576)})

    def test_sound_and_picture_are_switched(self):
        recorder = self.rig()
        sub = self.viewer(recorder)
        self.until(sub, lambda frame: frame.type == dhav.AUDIO)
        self.assertEqual(self.write(recorder, "Encode[0].ExtraFormat[0].AudioEnable=false"), OK)
        seen = [frame for _ in range(2) for frame in self.until(sub, lambda frame: frame.key)]
        later = self.until(sub, lambda frame: frame.key)
        self.assertTrue(seen)
        self.assertEqual([frame for frame in later if frame.type == dhav.AUDIO], [])
        rtsp = Rtsp(self.link(recorder.ports["rtsp"]), recorder.url(1, login=""))
        self.assertEqual([track.kind for track in tracks_of(rtsp.describe().text())], ["video"])
        self.assertEqual(self.write(recorder, "Encode[0].ExtraFormat[0].AudioEnable=true&Encode[0].ExtraFormat[0].VideoEnable=false"), OK)
        self.until(sub, lambda frame: frame.type == dhav.AUDIO)
        sound = [self.until(sub, lambda frame: frame.type == dhav.AUDIO)[-1] for _ in range(30)]
        self.assertEqual(len(sound), 30)

    def test_over_rtsp(self):
        recorder = self.rig()
        client = Rtsp(self.link(recorder.ports["rtsp"]), recorder.url(1, login=""))
        client.open((0,))
        packets, sizes = [], []
        written = False

        def next_packet():
            channel, data = client.media()
            if channel == 0:
                packets.append(rtp.Packet(data))
            return channel == 0 and packets[-1].payload[0] & 31 == 7

        while len(sizes) < 2:
            if not next_packet():
                continue
            unit = packets[-1].payload
            if not sizes or unit != sizes[-1]:
                sizes.append(unit)
            if not written:
                written = True
                self.assertEqual(self.write(recorder, f"{VIDEO}.resolution=352x288"), OK)
        while not packets[-1].marker:
            next_packet()
        self.assertEqual({rtp.step(a.sequence, b.sequence, 16) for a, b in zip(packets, packets[1:])}, {1})
        groups = rtp.pictures(packets)
        steps = [rtp.step(a[0].time, b[0].time, 32) for a, b in zip(groups, groups[1:])]
        self.assertTrue(all(abs(step - 6000) <= 180 for step in steps), steps)
        # Who asks now is told of the new pictures at once.
        again = Rtsp(self.link(recorder.ports["rtsp"]), recorder.url(1, login="")).describe().text()
        [sets] = re.findall(r"sprop-parameter-sets=([^,]+),", again)
        self.assertEqual(base64.b64decode(sets), sizes[-1])

    def test_new_codec_is_described(self):
        recorder = self.rig()
        self.assertEqual(self.write(recorder, f"{VIDEO}.Compression=H.265&Encode[0].ExtraFormat[0].Audio.Compression=AAC"), OK)
        sub = self.viewer(recorder)
        self.until(sub, lambda frame: frame.key and frame.codec == 12)
        rtsp = Rtsp(self.link(recorder.ports["rtsp"]), recorder.url(1, login=""))
        self.assertEqual([track.codec for track in tracks_of(rtsp.describe().text())], ["H265", "MPEG4-GENERIC"])
        tracks = rtsp.open()
        self.assertEqual([track.codec for track in tracks], ["H265", "MPEG4-GENERIC"])
        kinds = set()
        while kinds != {0, 2}:
            channel, _ = rtsp.media()
            kinds.add(channel & ~1)
