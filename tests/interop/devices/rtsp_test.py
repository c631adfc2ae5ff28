"""RTSP devices: descriptions, challenges, answers and packets in every form of the notes."""

import dvrip
import rtp
from clip import FPS, PICTURES, Clip, adts_frames, tone
from device import Case, watch
from rtsp_device import NEW_HEAD, OLD_HEAD, VIDEO_TYPE, RtspDevice, chunk, video_lines


def view(camera, **options):
    with dvrip.Device().listen() as control, camera.listen() as listener:
        words = {"channel": 1, "frames": PICTURES, **options}
        seen = watch(control="dvrip", media="rtsp", port=control.port, rtsp_port=listener.port, **words)
        camera.sent_by_client = listener.received()
    if seen["error"]:
        raise AssertionError(seen)
    return seen["live"]


def camera_of(codec="h264", kind=RtspDevice, **packets):
    clip = Clip(codec)
    return kind(clip, rtp.video(clip, VIDEO_TYPE[codec], **packets))


class RtspCase(Case):
    def check_pictures(self, live, camera, pictures=PICTURES):
        self.assertEqual(live["states"][-1], "playing", live["error"])
        self.assertEqual(live["crcs"], camera.clip.crcs[:pictures])
        self.assertEqual((live["codec"], live["decode_errors"], live["corrupt"], live["lost"]), (camera.clip.codec, 0, 0, 0))
        self.assertEqual({b - a for a, b in zip(live["times"], live["times"][1:])}, {1000000 // FPS})

    def check_plays(self, camera, **options):
        live = view(camera, **options)
        self.check_pictures(live, camera)
        return live

    def check_fails(self, camera, *codes):
        live = view(camera, watch_ms=30000)
        self.assertEqual(live["crcs"], [])
        self.assertIsNotNone(live["error"])
        self.assertTrue(set(live["error"]["codes"]) & set(codes), live["error"])
        return live


class RtspDescription(RtspCase):
    def test_both_heads_and_codecs(self):
        for codec in ("h264", "h265"):
            for head in (NEW_HEAD, OLD_HEAD):
                with self.subTest(codec=codec, head=head[:60]):
                    camera = camera_of(codec)
                    camera.head = head
                    self.check_plays(camera)
                    self.assertIn("channel=1&subtype=1", camera.requests[0][1])
                    for _, url, headers in camera.requests:
                        self.assertNotIn("@", url)
                        self.assertTrue(headers.get("user-agent"))

    def test_without_fmtp(self):
        for codec in ("h264", "h265"):

            class Bare(RtspDevice):
                def sdp(self):
                    return self.head + video_lines(self.clip, with_fmtp=False)

            self.check_plays(camera_of(codec, Bare))

    def test_with_tracks_that_are_not_for_us(self):
        class Rich(RtspDevice):
            def sdp(self):
                tracks = "m=application 0 RTP/AVP 100\r\na=control:trackID=3\r\na=rtpmap:100 stream-assist-frame/90000\r\na=recvonly\r\n"
                tracks += "m=application 0 RTP/AVP 107\r\na=control:trackID=4\r\na=rtpmap:107 vnd.onvif.metadata/90000\r\na=recvonly\r\n"
                tracks += "m=audio 0 RTP/AVP 116 97 0 8\r\na=control:trackID=5\r\na=rtpmap:116 MPEG4-GENERIC/64000\r\na=sendonly\r\n"
                return self.head + video_lines(self.clip) + tracks + "m=holo 9 XYZ 1\r\na=control:trackID=6\r\n"

        camera = camera_of(kind=Rich)
        self.check_plays(camera)
        asked = [url for method, url, _ in camera.requests if method == "SETUP"]
        self.assertFalse([url for url in asked if url.endswith(("trackID=5", "trackID=6"))])

    def test_with_broken_lines(self):
        class Broken(RtspDevice):
            def sdp(self):
                mess = "s=\r\ns=again\r\no=broken\r\nc=\r\nc=IN IP4\r\nt=x y z\r\nnonsense\r\n\r\n=\r\nz\r\na=\r\na=fmtp\r\na=rtpmap:\r\n"
                return "v=0\r\n" + mess + (self.head + video_lines(self.clip))[5:-2].replace("\r\n", "\n")

        self.check_plays(camera_of(kind=Broken))

    def test_content_base_forms(self):
        forms = (lambda url: None, lambda url: f"Content-Base: {url}/", lambda url: f"content-base:{url}/")
        for form in forms:

            class Based(RtspDevice):
                content_base = staticmethod(form)

            self.check_plays(camera_of(kind=Based))


class RtspAnswers(RtspCase):
    def test_transport_forms(self):
        forms = (
            "RTP/AVP/TCP;unicast;interleaved={0}-{1};ssrc=     D93FF",
            "RTP/AVP/TCP;interleaved={0}-{1}",
            "RTP/AVP/TCP; unicast; interleaved={0}-{1}; mode=\"PLAY\"",
        )
        for form in forms:

            class Odd(RtspDevice):
                def transport(self, track, asked):
                    super().transport(track, asked)
                    return form.format(self.channels[track], self.channels[track] + 1)

            with self.subTest(form=form):
                self.check_plays(camera_of(kind=Odd))

    def test_other_channel_numbers(self):
        for first in (2, 8, 100):
            camera = camera_of()
            camera.first_channel = first
            self.check_plays(camera)

    def test_another_session_in_play(self):
        camera = camera_of()
        camera.sessions = {"SETUP": "634214675641;timeout=60", "PLAY": "9999;timeout=60"}
        self.check_plays(camera)

    def test_rtp_info_forms(self):
        forms = (lambda url: f"RTP-Info: url={url}trackID=0;seq=47121;rtptime=3475222385", lambda url: "X-None: 1", lambda url: "RTP-Info: url=;seq=;rtptime=x")
        for form in forms:

            class Told(RtspDevice):
                rtp_info = staticmethod(form)

            self.check_plays(camera_of(kind=Told))

    def test_text_and_strange_data_between_the_packets(self):
        class Noisy(RtspDevice):
            def after_picture(self, link, number):
                link.send(b"RTSP/1.0 200 OK\r\nCSeq: 9999\r\nSession: 634214675641\r\n\r\n" if number % 2 else b"")
                link.send(b"RTSP/1.0 451 Odd\r\nCSeq: 7777\r\nContent-Length: 9\r\n\r\n$\0\0\4body$" if number % 3 else b"")
                link.send(chunk(99, b"unassigned") + chunk(self.channels[0] + 1, b"\x80") + chunk(self.channels[0], b""))

        self.check_plays(camera_of(kind=Noisy))

    def test_packets_in_the_segment_of_the_answer(self):
        class Gluing(RtspDevice):
            def play(self, link, url, headers):
                whole, out = link.send, []
                link.send = out.append
                super().play(link, url, headers)
                link.send = whole
                link.send(b"".join(out))

        self.check_plays(camera_of(kind=Gluing))

    def test_refusals(self):
        rows = {453: "stream_limit", 503: "stream_limit", 404: "no_such_channel", 454: "session_expired"}
        for status, code in rows.items():
            for method in ("DESCRIBE", "SETUP", "PLAY"):
                with self.subTest(status=status, method=method):
                    camera = camera_of()
                    camera.refusals = {method: (status, "Said No")}
                    live = view(camera, watch_ms=5000)
                    self.assertEqual(live["crcs"], [])
                    self.assertIsNotNone(live["error"])
                    self.assertEqual(live["error"]["device_code"], status)
                    if status in (453, 503) and method != "PLAY":
                        self.assertIn(live["error"]["code"], (code, "device_busy"))


class RtspLogin(RtspCase):
    def check_login(self, challenges=None, algorithms=("MD5",), **changes):
        camera = camera_of()
        if challenges:
            camera.challenges, camera.algorithms = challenges, algorithms
        for name, value in changes.items():
            setattr(camera, name, value)
        self.check_plays(camera)
        return camera

    def test_a_challenge_at_any_step(self):
        for steps in (("OPTIONS", "DESCRIBE", "SETUP", "PLAY"), ("DESCRIBE",), ("SETUP", "PLAY"), ()):
            with self.subTest(steps=steps):
                camera = self.check_login(challenge_on=steps)
                if not steps:
                    self.assertNotIn(b"uthorization", camera.sent_by_client)

    def test_a_connection_that_logs_in_once(self):
        self.check_login(challenge_on=("OPTIONS",), each_request=False)

    def test_digest_forms(self):
        head = 'Digest realm="{realm}", nonce="{nonce}"'
        for form in (head + ', qop="auth"', head + ", algorithm=MD5", head + ', stale="FALSE", opaque="a,b"', head.replace(", ", ",").replace("Digest", "digest")):
            with self.subTest(form=form):
                self.check_login((form,))

    def test_sha_256(self):
        sha = 'Digest realm="{realm}", nonce="{nonce}", algorithm=SHA-256, qop="auth"'
        md5 = 'Digest realm="{realm}", nonce="{nonce}"'
        for challenges in ((sha,), (md5, sha), ('Basic realm="x"', md5, sha)):
            with self.subTest(challenges=challenges):
                self.check_login(challenges, ("SHA-256",))

    def test_no_reason_phrase(self):
        self.check_login(unauthorised="")

    def test_basic_is_not_sent_unless_allowed(self):
        camera = camera_of()
        camera.challenges, camera.algorithms = ('Basic realm="{realm}"',), ("Basic",)
        live = view(camera, watch_ms=20000)
        self.assertEqual(live["crcs"], [])
        self.assertIn("plaintext_refused", live["error"]["codes"])
        self.assertNotIn(b"uthorization", camera.sent_by_client)
        self.check_plays(camera, plaintext=1)

    def test_a_refused_password_is_sent_once(self):
        camera = camera_of()
        camera.nonce = "other"
        camera.authorised = lambda *_: False
        live = view(camera, watch_ms=20000)
        self.assertEqual(live["crcs"], [])
        self.assertIn("wrong_password", live["error"]["codes"])
        self.assertEqual(len([1 for _, _, headers in camera.requests if "authorization" in headers]), 1)


class RtspPackets(RtspCase):
    def test_ways_to_cut(self):
        for codec in ("h264", "h265"):
            for size, join in ((1200, True), (1200, False), (60000, True), (150, True), (1200, True)):
                with self.subTest(codec=codec, size=size, join=join):
                    self.check_plays(camera_of(codec, size=size, join=join))

    def test_no_markers(self):
        camera = camera_of(marker=False)
        live = view(camera, frames=PICTURES - 1)
        self.check_pictures({**live, "crcs": live["crcs"][: PICTURES - 1]}, camera, PICTURES - 1)

    def test_wrapping_sequence_and_time(self):
        self.check_plays(camera_of(first_sequence=65530, first_timestamp=0xFFFFFFFF - 3600 * 4))

    def test_padding(self):
        self.check_plays(camera_of(padding=b"\0\0\0\4"))

    def test_private_and_cut_sei(self):
        for codec, units in (("h264", [b"\x06\xe5\xff\xff\x10cut", b"\x06\x80\x04abcd\x80"]), ("h265", [b"\x4e\x01\xe5\xff\x10cut"])):
            camera = camera_of(codec, before=units)
            live = view(camera)
            self.check_pictures({**live, "decode_errors": 0}, camera)

    def test_reports_of_any_clock(self):
        for ntp in (0, 1, 0xE4362F99, 0xFFFFFFFF):

            class Reporting(RtspDevice):
                def after_picture(self, link, number):
                    link.send(chunk(self.channels[0] + 1, rtp.sender_report((ntp + number * 999) & 0xFFFFFFFF, 3475222385 + 3600 * number)))

            with self.subTest(ntp=ntp):
                self.check_plays(camera_of(kind=Reporting))


class RtspSound(RtspCase):
    def hear(self, form, sound, rate):
        clip = Clip("h264")
        camera = RtspDevice(clip, rtp.video(clip, 96), sound, form)
        live = view(camera, samples=rate // 2)
        self.check_pictures(live, camera)
        self.assertIsNone(live["error"], live["error"])
        self.assertEqual((live["rate"], live["audio_channels"]), (rate, 1))
        self.assertGreaterEqual(live["samples"], rate // 2)
        self.assertGreater(live["peak"], 5000)

    def test_g711(self):
        for form in ("alaw", "mulaw"):
            data = tone(form, 8000)
            self.hear(form, rtp.audio([data[at : at + 320] for at in range(0, 320 * 28, 320)], 8 if form == "alaw" else 0, 320), 8000)

    def test_aac(self):
        frames = [f[7:] for f in adts_frames(tone("adts", 16000))]
        self.hear("aac", rtp.audio([rtp.aac_unit(f) for f in frames], 97, 1024), 16000)

    def test_aac_with_adts_inside(self):
        frames = adts_frames(tone("adts", 16000))
        self.hear("aac", rtp.audio([rtp.aac_unit(f) for f in frames], 97, 1024), 16000)
