"""What the SDK's DHAV writer makes, read by ffmpeg's `dhav` demuxer, which was written from recordings of real devices."""

import calendar
import json
import os
import unittest

from interop import Case, Recorder, clip_hashes, frame_hashes, need, run

START_MS = calendar.timegm((2024, 2, 29, 23, 59, 58)) * 1000


class Dhav(Case):
    def setUp(self):
        need("ffmpeg", "ffprobe")
        recorder = Recorder()
        self.recorder = recorder.__enter__()
        self.addCleanup(recorder.__exit__)

    def write(self, channel):
        """The file, and what was written: {kind: [(key, size, milliseconds)]}."""
        file = self.recorder.folder / "written.dav"
        done = run([os.environ["DMSS_WRITE_DHAV"], str(self.recorder.folder / "profile.json"), str(channel), str(file)])
        self.assertEqual(done.returncode, 0, done.stderr)
        written = {"video": [], "audio": []}
        for line in done.stdout.decode().splitlines():
            kind, key, size, ms = line.split()
            written[kind].append((int(key), int(size), int(ms)))
        return file, written

    def packets(self, file):
        done = run(["ffprobe", "-v", "error", "-show_packets", "-show_streams", "-show_format", "-of", "json", str(file)])
        self.assertEqual(done.stderr, "")
        return json.loads(done.stdout)

    def check(self, channel, video, audio, rate):
        file, written = self.write(channel)
        probe = self.packets(file)
        self.assertEqual(probe["format"]["format_name"], "dhav")
        streams = {stream["codec_type"]: stream for stream in probe["streams"]}
        shown = streams["video"]
        self.assertEqual((shown["codec_name"], shown["width"], shown["height"]), (video, 704, 576))
        heard = streams["audio"]
        self.assertEqual((heard["codec_name"], int(heard["sample_rate"]), heard["channels"]), (audio, rate, 1))
        for kind, tolerance in (("video", 1), ("audio", 64)):
            read = [packet for packet in probe["packets"] if packet["codec_type"] == kind]
            self.assertEqual([int(p["size"]) for p in read], [size for _, size, _ in written[kind]])
            times = [int(p["pts"]) - START_MS for p in read]
            self.assertEqual(times, sorted(times))
            for time, (_, _, ms) in zip(times, written[kind]):
                self.assertAlmostEqual(time, ms, delta=tolerance)
        keys = [int("K" in p["flags"]) for p in probe["packets"] if p["codec_type"] == "video"]
        self.assertEqual(keys, [key for key, _, _ in written["video"]])
        self.decode(file, channel, video, rate)

    def decode(self, file, channel, video, rate):
        sound = self.recorder.folder / "sound.pcm"
        words = ["ffmpeg", "-y", "-v", "error", "-i", str(file), "-map", "0:v", "-fps_mode", "passthrough", "-f", "framehash", "-hash", "md5", "-"]
        done = run([*words, "-map", "0:a", "-f", "s16le", str(sound)])
        self.assertEqual(done.stderr, "")
        loop = clip_hashes({"h264": "h264", "hevc": "h265"}[video], channel)
        self.check_pictures([md5 for _, md5 in frame_hashes(done.stdout.decode())], loop, 4 * Recorder.FPS)
        self.check_tone(sound.read_bytes(), rate, 3.8)

    def test_h264_with_g711(self):
        self.check(1, "h264", "pcm_alaw", 8000)

    def test_h265_with_aac(self):
        self.check(2, "hevc", "aac", 16000)


if __name__ == "__main__":
    unittest.main()
