"""Foreign players against dmss-recorder: every picture they decode is the one that was sent."""

import subprocess
import unittest

from interop import Case, Recorder, clip_hashes, frame_hashes, need, need_gst, raw_hashes, run

PICTURES = 45
SOUND_SECONDS = 2
STREAMS = {1: ("h264", "pcm_alaw", 8000), 2: ("hevc", "aac", 16000)}
CLIP_SUFFIX = {"h264": "h264", "hevc": "h265"}


class FFmpeg(Case):
    def setUp(self):
        need("ffmpeg", "ffprobe")

    def play(self, channel, *options, scheme="rtsp"):
        codec, _, rate = STREAMS[channel]
        with Recorder() as recorder:
            loop = clip_hashes(CLIP_SUFFIX[codec], channel)
            sound = recorder.folder / "sound.pcm"
            done = run(
                ["ffmpeg", "-y", "-v", "error", *options, "-i", recorder.url(channel, scheme)]
                + ["-map", "0:v", "-fps_mode", "passthrough", "-frames:v", str(PICTURES), "-f", "framehash", "-hash", "md5", "-"]
                + ["-map", "0:a", "-t", str(SOUND_SECONDS), "-f", "s16le", str(sound)]
            )
            self.assertEqual(done.stderr, "")
            self.assertEqual(done.returncode, 0)
            rows = frame_hashes(done.stdout.decode())
            self.check_pictures([md5 for _, md5 in rows], loop, PICTURES)
            times = [pts for pts, _ in rows]
            self.assertEqual(times, sorted(set(times)))
            self.check_tone(sound.read_bytes(), rate, SOUND_SECONDS * 0.9)

    def test_h264_over_tcp(self):
        self.play(1, "-rtsp_transport", "tcp")

    def test_h264_over_udp(self):
        self.play(1, "-rtsp_transport", "udp")

    def test_h265_over_tcp(self):
        self.play(2, "-rtsp_transport", "tcp")

    def test_h265_over_udp(self):
        self.play(2, "-rtsp_transport", "udp")

    def test_h264_over_tls(self):
        self.play(1, scheme="rtsps")

    def test_h265_over_tls(self):
        self.play(2, scheme="rtsps")

    def test_describes_both_streams(self):
        with Recorder() as recorder:
            for channel, (video, audio, rate) in STREAMS.items():
                entries = "stream=codec_name,width,height,sample_rate,avg_frame_rate"
                done = run(["ffprobe", "-v", "error", "-rtsp_transport", "tcp", "-show_entries", entries, "-of", "compact=p=0", recorder.url(channel)])
                self.assertEqual(done.stderr, "")
                text = done.stdout.decode()
                self.assertIn(f"codec_name={video}|width=704|height=576|avg_frame_rate=15/1", text)
                self.assertIn(f"codec_name={audio}|sample_rate={rate}", text)

    def test_wrong_password_is_refused(self):
        with Recorder() as recorder:
            done = run(["ffprobe", "-v", "error", "-rtsp_transport", "tcp", recorder.url(1, login="admin:wrong@")])
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("401 Unauthorized", done.stderr)

    def test_channel_that_is_not_there(self):
        with Recorder() as recorder:
            done = run(["ffprobe", "-v", "error", "-rtsp_transport", "tcp", recorder.url(3)])
            self.assertNotEqual(done.returncode, 0)
            self.assertRegex(done.stderr, "40[04]")


class GStreamer(Case):
    VIDEO = {
        1: "rtph264depay ! queue ! h264parse ! avdec_h264",
        2: "rtph265depay ! queue ! h265parse ! avdec_h265",
    }
    SOUND = {
        1: "rtppcmadepay ! queue ! alawdec",
        2: "rtpmp4gdepay ! queue ! aacparse ! avdec_aac ! audioconvert",
    }

    def setUp(self):
        need("ffmpeg")
        need_gst("rtspsrc", "avdec_h264", "avdec_h265", "avdec_aac", "alawdec")

    def launch(self, recorder, channel, source):
        """Both branches run longer than asked: interleaved, rtspsrc ends with the first of them. Each begins with a depayloader,
        which fits one of the source's pads only: where a filter tells the pads apart, GStreamer links two that appear at once wrongly."""
        _, _, rate = STREAMS[channel]
        blocks = 2 * SOUND_SECONDS * (25 if channel == 1 else 16)
        pictures, sound = recorder.folder / "pictures.yuv", recorder.folder / "sound.pcm"
        words = (
            ["gst-launch-1.0", "-q", "rtspsrc", "name=s", "latency=0", *source]
            + f"s. ! {self.VIDEO[channel]} ! video/x-raw,format=I420".split()
            + f"! identity eos-after={PICTURES + 15} ! filesink sync=false location={pictures}".split()
            + f"s. ! {self.SOUND[channel]} ! audio/x-raw,format=S16LE,rate={rate}".split()
            + f"! identity eos-after={blocks} ! filesink sync=false location={sound}".split()
        )
        try:
            done = run(words, limit=20)
        except subprocess.TimeoutExpired:
            # Now and then rtspsrc does not end when one of its branches does; what it played is on disk all the same.
            done = subprocess.CompletedProcess(words, 0, b"", "")
        return done, pictures, sound

    def play(self, channel, protocol, scheme="rtsp"):
        codec, _, rate = STREAMS[channel]
        with Recorder() as recorder:
            loop = clip_hashes(CLIP_SUFFIX[codec], channel)
            url = recorder.url(channel, scheme)
            source = [f"location={url}", f"protocols={protocol}", "tls-validation-flags=0"]
            done, pictures, sound = self.launch(recorder, channel, source)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertNotIn("ERROR", done.stderr)
            size = Recorder.WIDTH * Recorder.HEIGHT * 3 // 2
            self.check_pictures(raw_hashes(pictures.read_bytes(), size), loop, PICTURES)
            self.check_tone(sound.read_bytes(), rate, SOUND_SECONDS * 0.9)

    def test_h264_over_tcp(self):
        self.play(1, "tcp")

    def test_h264_over_udp(self):
        self.play(1, "udp")

    def test_h265_over_tcp(self):
        self.play(2, "tcp")

    def test_h265_over_udp(self):
        self.play(2, "udp")

    def test_h264_over_tls(self):
        self.play(1, "tcp+tls", "rtsps")

    def test_wrong_password_is_refused(self):
        with Recorder() as recorder:
            source = [f"location={recorder.url(1, login='')}", "user-id=admin", "user-pw=wrong", "protocols=tcp"]
            done, _, _ = self.launch(recorder, 1, source)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("Unauthorized", done.stderr)


if __name__ == "__main__":
    unittest.main()
