"""The SDK plays from GStreamer's RTSP server: with GStreamer's packetisers, and with packets that ffmpeg made."""

import os
import pathlib
import socket
import subprocess
import tempfile
import unittest

from interop import PASSWORD, USER, Case, Recorder, clips_folder, need, need_gst, run

PICTURES, BLOCKS = 60, 20
CODECS = {1: ("h264", "pcm_alaw"), 2: ("h265", "aac")}


class Server:
    """interop_gst_server with one pipeline."""

    def __init__(self, pipeline):
        words = [os.environ["DMSS_GST_SERVER"], pipeline, USER, PASSWORD]
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.port = int(self.process.stdout.readline())

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


class ServerCase(Case):
    def setUp(self):
        need("ffmpeg")
        if not os.environ.get("DMSS_GST_SERVER"):
            self.skipTest("built without gstreamer-rtsp-server-1.0")
        with Recorder():
            pass  # its clips exist now

    def clip(self, channel):
        name = f"{Recorder.WIDTH}x{Recorder.HEIGHT}-{Recorder.FPS}-512k-*-ch{channel}.{CODECS[channel][0]}"
        [clip] = clips_folder().glob(f"*/{name}")
        return clip

    def serve(self, pipeline):
        server = Server(pipeline)
        self.addCleanup(server.stop)
        return server

    def play(self, server, channel, transport, password=PASSWORD):
        words = [os.environ["DMSS_SDK_PLAYER"], server.port, transport, channel, password, PICTURES, BLOCKS]
        done = run([str(word) for word in words])
        self.assertEqual(done.returncode, 0, done.stderr)
        return dict(line.split("=", 1) for line in done.stdout.decode().splitlines() if "=" in line)

    def check(self, seen, channel, transport):
        for clean in ("missing", "wrong", "unreadable", "lost", "corrupt", "dropped", "decode_errors", "restarts", "time_went_back"):
            self.assertEqual(int(seen[clean]), 0, (clean, seen))
        self.assertGreaterEqual(int(seen["frames"]), PICTURES, seen)
        self.assertGreaterEqual(int(seen["blocks"]), BLOCKS, seen)
        self.assertEqual((int(seen["width"]), int(seen["height"])), (704, 576))
        self.assertEqual((seen["video"], seen["audio"]), CODECS[channel])
        self.assertTrue(seen["transport"].startswith(f"rtsp/{transport}"), seen)


class GStreamerServer(ServerCase):
    PAY = {1: ("h264parse ! rtph264pay", "rtppcmapay pt=8"), 2: ("h265parse ! rtph265pay", "aacparse ! rtpmp4gpay pt=97")}
    SOUND = {1: ["-c:a", "pcm_alaw", "-ar", "8000"], 2: ["-c:a", "aac", "-ar", "16000"]}

    def play_file(self, channel, transport, password=PASSWORD):
        need_gst("matroskademux", "rtph264pay", "rtph265pay", "rtpmp4gpay", "rtppcmapay")
        file = self.movie(channel)
        video, sound = self.PAY[channel]
        server = self.serve(
            f"( filesrc location={file} ! matroskademux name=d d. ! queue ! {video} config-interval=-1 name=pay0 pt=96 d. ! queue ! {sound} name=pay1 )"
        )
        return self.play(server, channel, transport, password)

    def movie(self, channel):
        folder = tempfile.TemporaryDirectory(prefix="dmss-interop-")
        self.addCleanup(folder.cleanup)
        file = pathlib.Path(folder.name) / "movie.mkv"
        words = ["ffmpeg", "-y", "-v", "error", "-r", "15", "-stream_loop", "9", "-i", str(self.clip(channel))]
        words += ["-f", "lavfi", "-i", "sine=frequency=500:duration=60", *self.SOUND[channel], "-c:v", "copy", "-shortest", str(file)]
        done = run(words)
        self.assertEqual(done.returncode, 0, done.stderr)
        return file

    def test_h264_and_g711_over_tcp(self):
        self.check(self.play_file(1, "tcp"), 1, "tcp")

    def test_h264_and_g711_over_udp(self):
        self.check(self.play_file(1, "udp"), 1, "udp")

    def test_h265_and_aac_over_tcp(self):
        self.check(self.play_file(2, "tcp"), 2, "tcp")

    def test_h265_and_aac_over_udp(self):
        self.check(self.play_file(2, "udp"), 2, "udp")

    def test_wrong_password_is_refused(self):
        seen = self.play_file(1, "tcp", "wrong")
        self.assertEqual(seen["state"], "failed", seen)
        self.assertEqual(int(seen["frames"]), 0)


class FFmpegServer(ServerCase):
    """ffmpeg packetises, GStreamer's server hands its packets on."""

    AAC = "encoding-name=MPEG4-GENERIC,clock-rate=16000,encoding-params=(string)1,streamtype=(string)5,profile-level-id=(string)1,mode=(string)AAC-hbr,sizelength=(string)13,indexlength=(string)3,indexdeltalength=(string)3,config=(string)1408"
    CAPS = {
        1: ("encoding-name=H264,clock-rate=90000,packetization-mode=(string)1", "encoding-name=PCMA,clock-rate=8000", 8),
        2: ("encoding-name=H265,clock-rate=90000", AAC, 97),
    }
    SOUND = {1: ["-c:a", "pcm_alaw", "-ar", "8000"], 2: ["-c:a", "aac", "-ar", "16000"]}

    def play_packets(self, channel, transport):
        need_gst("udpsrc", "rtpjitterbuffer")
        video, sound, payload = self.CAPS[channel]
        ports = [free_udp_port(), free_udp_port()]
        feed = ["ffmpeg", "-v", "error", "-re", "-r", "15", "-stream_loop", "-1", "-i", str(self.clip(channel))]
        feed += ["-re", "-f", "lavfi", "-i", "sine=frequency=500", *self.SOUND[channel], "-c:v", "copy"]
        feed += ["-map", "0:v", "-payload_type", "96", "-f", "rtp", f"rtp://127.0.0.1:{ports[0]}"]
        feed += ["-map", "1:a", *self.SOUND[channel], "-payload_type", str(payload), "-f", "rtp", f"rtp://127.0.0.1:{ports[1]}"]
        ffmpeg = subprocess.Popen(feed, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        self.addCleanup(ffmpeg.wait)
        self.addCleanup(ffmpeg.kill)
        source = "udpsrc address=127.0.0.1 port={} buffer-size=1000000 caps=\"application/x-rtp,media={},payload={},{}\" ! rtpjitterbuffer latency=100 name=pay{}"
        pictures = source.format(ports[0], "video", 96, video, 0)
        tone = source.format(ports[1], "audio", payload, sound, 1)
        server = self.serve(f"( {pictures} {tone} )")
        return self.play(server, channel, transport)

    def test_h264_and_g711_over_tcp(self):
        self.check(self.play_packets(1, "tcp"), 1, "tcp")

    def test_h264_and_g711_over_udp(self):
        self.check(self.play_packets(1, "udp"), 1, "udp")

    def test_h265_and_aac_over_tcp(self):
        self.check(self.play_packets(2, "tcp"), 2, "tcp")

    def test_h265_and_aac_over_udp(self):
        self.check(self.play_packets(2, "udp"), 2, "udp")


def free_udp_port():
    """Even, with the one above it free as well: RTP and RTCP."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as two:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
            try:
                two.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            if port % 2 == 0:
                return port


if __name__ == "__main__":
    unittest.main()
