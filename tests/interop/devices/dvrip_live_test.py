"""Live streams of DVRIP devices, whatever way they cut, order and dress their DHAV frames."""

import dhav
from clip import FPS, PICTURES, Clip, adts_frames, tone
from device import Case, watch
from dvrip import SESSION, Device, bc, frame

RATE_INDEX = {8000: 2, 16000: 4, 32000: 7, 44100: 8, 48000: 9}


class Camera(Device):
    """Sends `frames` in bc packets of `piece` bytes."""

    piece = 4096
    channel_byte = 0
    between = b""  # sent on the media link between the packets

    def __init__(self, frames):
        super().__init__()
        self.stream = frames if isinstance(frames, bytes) else b"".join(frames)
        self.played = []

    def play(self, link, channel, stream):
        self.played.append((channel, stream))
        for at in range(0, len(self.stream), self.piece):
            link.send(bc(self.stream[at : at + self.piece], self.channel_byte) + self.between)


def view(camera, **options):
    with camera.listen() as listener:
        seen = watch(control="dvrip", media="dvrip", port=listener.port, **{"channel": 1, "frames": PICTURES, **options})
    if seen["error"]:
        raise AssertionError(seen)
    return seen["live"]


class LiveCase(Case):
    def check_pictures(self, live, clip, first=0, warning=None):
        self.assertEqual(live["states"][-1], "playing", live["error"])
        self.assertEqual(live["error"] and live["error"]["code"], warning)
        self.assertEqual(live["crcs"], clip.crcs[first:])
        self.assertEqual((live["codec"], live["decode_errors"], live["corrupt"]), (clip.codec, 0, 0))
        steps = {b - a for a, b in zip(live["times"], live["times"][1:])}
        self.assertEqual(steps, {1000000 // FPS})


class DvripVideo(LiveCase):
    def test_h264(self):
        clip = Clip("h264")
        camera = Camera(dhav.video(clip))
        live = view(camera)
        self.check_pictures(live, clip)
        self.assertEqual(camera.played, [(0, 1)])
        self.assertEqual((live["route"], live["lost"], live["width"], live["height"]), ("dvrip", 0, 320, 240))

    def test_h265_main_stream_of_channel_three(self):
        clip = Clip("h265")
        camera = Camera(dhav.video(clip, channel=2))
        camera.channels = 4
        self.check_pictures(view(camera, channel=3, stream="main"), clip)
        self.assertEqual(camera.played, [(2, 0)])

    def test_packets_of_any_size(self):
        clip = Clip("h264")
        for piece in (29, 1021, 0x8000, 1 << 20):
            with self.subTest(piece=piece):
                camera = Camera(dhav.video(clip))
                camera.piece = piece
                self.check_pictures(view(camera), clip)

    def test_junk_before_the_first_frame(self):
        clip = Clip("h264")
        for junk in (b"\0" * 40, b"DHAVDHA" * 9, b"DAHUA".ljust(0x400, b"\0"), dhav.video(clip)[0][700:], b"\0\0\0\1\x67junk"):
            with self.subTest(junk=junk[:8]):
                self.check_pictures(view(Camera(junk + b"".join(dhav.video(clip)))), clip)

    def test_junk_between_the_frames(self):
        clip = Clip("h264")
        self.check_pictures(view(Camera(b"\x55DHAV\xaa".join(dhav.video(clip)))), clip)

    def test_overwritten_trailers(self):
        clip = Clip("h264")
        self.check_pictures(view(Camera([f[:-8] + bytes(8) for f in dhav.video(clip)] + [dhav.frame(dhav.AUXILIARY, b"end")])), clip)

    def test_missing_trailers(self):
        clip = Clip("h264")
        frames = [dhav.frame(dhav.AUXILIARY, b"end")]
        for whole in dhav.video(clip):
            frames.insert(-1, whole[:-8])
        self.check_pictures(view(Camera(frames)), clip)

    def test_p_frames_first(self):
        clip = Clip("h264")
        live = view(Camera(dhav.video(clip)[5:]), frames=PICTURES - 15)
        self.check_pictures(live, clip, first=15)

    def test_auxiliary_and_unknown_frames_between(self):
        clip = Clip("h265")
        frames = []
        for n, f in enumerate(dhav.video(clip)):
            frames += [f, dhav.frame(dhav.AUXILIARY, b'{"FocusStatus": 1', n, sub=5), dhav.frame(0xEE, b"?" * 70, n)]
            frames += [dhav.frame(dhav.AUXILIARY, b"TEXT" + bytes(4) + b"\4\0\0\0mark", n, sub=6), dhav.frame(dhav.AUXILIARY, b"", n)]
        self.check_pictures(view(Camera(frames)), clip)

    def test_tags_in_any_order(self):
        clip = Clip("h264")
        size, codec, wide = dhav.size_tag(), dhav.codec_tag("h264"), dhav.wide_tag()
        sum_tag, four, eight = b"\x88" + bytes(7), b"\x96\1\0\0\x84\0\0\0\xb4\1\2\3", b"\x9b" + b"\1" * 7 + b"\xb3" + bytes(7)
        for tags in (codec + size, wide + codec, size + wide + codec, sum_tag + four + codec + eight + size, codec + wide + b"\xee\1\2\3\4\5", codec):
            with self.subTest(tags=tags.hex()):
                self.check_pictures(view(Camera(dhav.video(clip, tags=tags))), clip)

    def test_the_first_picture_decides_the_codec(self):
        for codec, lie in (("h264", "h265"), ("h265", "h264")):
            clip = Clip(codec)
            self.check_pictures(view(Camera(dhav.video(clip, tags=dhav.size_tag() + dhav.codec_tag(lie)))), clip)

    def test_a_frame_without_tags(self):
        clip = Clip("h264")
        self.check_pictures(view(Camera(dhav.video(clip, tags=b""))), clip)

    def test_a_clock_that_wraps(self):
        clip = Clip("h264")
        self.check_pictures(view(Camera(dhav.video(clip, first_ms=65000))), clip)

    def test_wrong_channel_numbers(self):
        clip = Clip("h264")
        camera = Camera(dhav.video(clip, channel=7))
        camera.channel_byte = 9
        self.check_pictures(view(camera), clip)

    def test_other_frames_between_the_packets(self):
        clip = Clip("h264")
        camera = Camera(dhav.video(clip))
        camera.piece = 1000
        camera.between = frame(b"\xb1") + frame(b"\x69", b"alarm") + frame(b"\xf4", b"TransactionID:999\r\n\r\n") + frame(b"\xee", bytes(99)) + bc(b"")
        camera.unsolicited = frame(b"\x69\0\0\x68\0\0\0\0\2\0\0\0\1") + frame(b"\xf1")
        self.check_pictures(view(camera), clip)


class DvripStart(LiveCase):
    def test_no_answer_to_the_start(self):
        class Silent(Camera):
            def text_answer(self, link, asked, name):
                if name[-1] == "General":
                    self.after_text(link, asked, name)
                    return None
                return super().text_answer(link, asked, name)

        clip = Clip("h264")
        self.check_pictures(view(Silent(dhav.video(clip))), clip)

    def test_pictures_before_the_answer(self):
        class Eager(Camera):
            def text_answer(self, link, asked, name):
                if name[-1] == "General" and asked["state"] == "1":
                    super().after_text(link, asked, name)
                return super().text_answer(link, asked, name)

            def after_text(self, link, asked, name):
                pass

        clip = Clip("h264")
        self.check_pictures(view(Eager(dhav.video(clip))), clip)

    def test_a_refused_start_is_told(self):
        class Refusing(Camera):
            def text_answer(self, link, asked, name):
                return {"FaultCode": "Error", "ErrorReason": 1} if name[-1] == "General" else super().text_answer(link, asked, name)

            def after_text(self, link, asked, name):
                pass

        live = view(Refusing(b""), watch_ms=8000)
        self.assertIsNotNone(live["error"])
        self.assertEqual(live["crcs"], [])

    def old_camera(self, clip, answer):
        class OldCamera(Camera):
            def text_answer(self, link, asked, name):
                return {"FaultCode": "Error"}

            def after_text(self, link, asked, name):
                pass

            def tie(self, link, header, body):
                super().tie(link, header, body)
                if answer:
                    link.send(frame(b"\xf1\0\0\x58"))

        return OldCamera(dhav.video(clip))

    def test_the_old_way(self):
        clip = Clip("h264")
        for answer in (False, True):
            with self.subTest(answer=answer):
                camera = self.old_camera(clip, answer)
                self.check_pictures(view(camera), clip)
                [tie] = [h for h, _ in camera.asked if h[0] == 0xF1]
                self.assertEqual(tie[8:14], SESSION.to_bytes(4, "little") + b"\1\1")
                self.assertEqual(camera.played, [(0, 1)])

    def test_the_old_way_on_the_last_of_sixteen(self):
        clip = Clip("h264")
        camera = self.old_camera(clip, True)
        camera.channels = 16
        self.check_pictures(view(camera, channel=16, stream="main"), clip)
        self.assertEqual(camera.played, [(15, 0)])

    def test_the_old_way_beyond_sixteen_channels(self):
        clip = Clip("h264")
        camera = self.old_camera(clip, False)
        camera.channels = 20
        self.check_pictures(view(camera, channel=20), clip)
        self.assertEqual(camera.played, [(19, 1)])


class DvripSound(LiveCase):
    def hear(self, pieces, extension, rate, ms_each, channels=1, warning=None):
        """The same clip with sound between the pictures."""
        clip = Clip("h264")
        sounds = dhav.audio(pieces, extension, ms_each)
        frames = dhav.video(clip)
        mixed = sorted(frames + sounds, key=lambda f: int.from_bytes(f[20:22], "little"))
        live = view(Camera(mixed), samples=rate * channels // 2)
        self.check_pictures(live, clip, warning=warning)
        self.assertEqual((live["rate"], live["audio_channels"]), (rate, channels))
        self.assertGreaterEqual(live["samples"], rate * channels // 2)
        self.assertGreater(live["peak"], 5000)
        self.assertLess(live["peak"], 32767)
        return live

    def chop(self, data, size):
        return [data[at : at + size] for at in range(0, len(data), size)][:30]

    def test_g711(self):
        for ident, form, codec in ((0x0E, "alaw", "pcm_alaw"), (0x16, "mulaw", "pcm_mulaw"), (0x0A, "mulaw", "pcm_mulaw")):
            for rate in (8000, 16000):
                with self.subTest(codec=codec, ident=ident, rate=rate):
                    live = self.hear(self.chop(tone(form, rate), rate // 25), dhav.audio_tag(ident, RATE_INDEX[rate]), rate, 40)
                    self.assertEqual(live["audio"], codec)

    def test_rate_index_zero(self):
        self.hear(self.chop(tone("alaw", 8000), 320), dhav.audio_tag(0x0E, 0), 8000, 40)

    def test_pcm(self):
        for ident in (0x10, 0x0C):
            with self.subTest(ident=ident):
                live = self.hear(self.chop(tone("s16le", 16000), 1280), dhav.audio_tag(ident, 4), 16000, 40)
                self.assertEqual(live["audio"], "pcm_s16le")

    def test_aac(self):
        live = self.hear(adts_frames(tone("adts", 16000))[:19], dhav.audio_tag(0x1A, 4), 16000, 64)
        self.assertEqual(live["audio"], "aac")

    def test_g711_that_calls_itself_aac(self):
        self.hear(self.chop(tone("alaw", 8000), 320), dhav.audio_tag(0x1A, 2), 8000, 40, warning="codec_unsupported")

    def test_second_form_of_the_tag(self):
        self.hear(self.chop(tone("alaw", 8000), 320), b"\x8c\0\1\x0e\2\0\0\0", 8000, 40)

    def test_other_tags_before_and_after(self):
        tags = b"\x96\1\0\0" + b"\x88" + bytes(7) + dhav.audio_tag(0x16, 2) + b"\x92" + bytes(7)
        self.hear(self.chop(tone("mulaw", 8000), 320), tags, 8000, 40)

    def test_an_unknown_codec_leaves_the_pictures_alone(self):
        clip = Clip("h264")
        sounds = dhav.audio([bytes(range(200))] * 30, dhav.audio_tag(0x7B, 2), 40)
        frames = [f for pair in zip(dhav.video(clip), sounds) for f in pair]
        live = view(Camera(frames))
        self.check_pictures(live, clip, warning="codec_unsupported")
        self.assertEqual(live["samples"], 0)
