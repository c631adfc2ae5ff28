"""Devices that mean harm: each ends in a typed error, in bounded memory, and learns nothing about the password."""

import json
import os
import struct

import dhav
import dhip_test
import dvrip
import http_device
import rtp
import rtsp_test
from clip import Clip
from device import Case, Listener, watch
from dvrip_live_test import Camera
from rtsp_device import RtspDevice, chunk

MEGABYTE = 1 << 20
MEMORY_KB = (1024 if os.environ.get("DMSS_SANITIZE") else 160) << 10  # of the whole program
# A device that talks nonsense is one of these; "internal" never.
TYPED = {
    *("malformed", "too_large", "timeout", "connection_lost", "device_offline", "unsupported", "login_refused", "device_error"),
    *("legacy_login_needed", "wrong_password", "plaintext_refused", "no_media", "no_stream", "no_key_frame", "connect_failed"),
}


class HostileCase(Case):
    def check_ends(self, seen, listener=None):
        self.assertIsNotNone(seen["error"], seen)
        self.assertLessEqual(set(seen["error"]["codes"]), TYPED, seen["error"])
        self.assertLess(seen["rss_kb"], MEMORY_KB)
        self.assertLess(len(seen["error"]["text"]), 8192)
        if listener:
            self.check_secret(listener)

    def serve(self, function, **options):
        """Logs in to a device that is nothing but `function(link)`."""
        with Listener(function) as listener:
            port = {"dvrip": "port", "http": "http_port", "dhip": "dhip_port"}[options["control"]]
            return watch(call_ms=1000, login_ms=3000, **{port: listener.port}, **options), listener


def forever(link, data):
    while True:
        link.send(data)


class HostileDvrip(HostileCase):
    def answer_login(self, data, endless=False):
        def device(link):
            link.read(32)
            if endless:
                forever(link, data)
            link.send(data)
            while True:
                link.more()

        seen, listener = self.serve(device, control="dvrip")
        self.check_ends(seen, listener)
        return listener

    def test_a_realm_of_a_megabyte(self):
        for realm in ("A" * MEGABYTE, "A" * 5 * MEGABYTE, "Login to \0\xff\n" * 1000):
            self.answer_login(dvrip.challenge(realm=realm))

    def test_a_random_of_a_megabyte(self):
        self.answer_login(dvrip.challenge(random="9" * MEGABYTE))

    def test_lengths_that_lie(self):
        for length in (0xFFFFFFFF, 0x7FFFFFFF, 0x80000000, 0x10000000):
            head = bytearray(dvrip.challenge()[:32])
            head[4:8] = struct.pack("<I", length)
            listener = self.answer_login(bytes(head) + bytes(100))
            self.assertEqual(len(listener.received()), 32)
            self.answer_login(bytes(head) + bytes(65536), endless=True)

    def test_endless_other_frames(self):
        listener = self.answer_login(dvrip.frame(b"\xb1") * 100, endless=True)
        self.assertEqual(len(listener.received()), 32)

    def test_other_protocols(self):
        for data in (b"HTTP/1.1 400 Bad Request\r\n\r\n", b"SSH-2.0-OpenSSH_9\r\n", bytes(64), b"\xff" * 64, b"\x15\x03\x01\0\x02\x02\x46"):
            self.answer_login(data)

    def test_no_challenge_no_credentials(self):
        texts = (b"", b"Realm:x\r\n\r\n", b"Random:1\r\n\r\n", b"Realm:\r\nRandom:\r\n\r\n", b"realm Random\r\n", b"Random:Realm:\r\n")
        for text in texts:
            with self.subTest(text=text):
                listener = self.answer_login(dvrip.frame(dvrip.challenge()[:32], text))
                self.assertNotIn(b"&&", listener.received())

    def test_a_session_without_a_login(self):
        listener = self.answer_login(dvrip.accepted())
        self.assertNotIn(b"&&", listener.received())

    def json_device(self, make):
        class Bomb(dvrip.Device):
            def rpc(self, link, header, body):
                ident = json.loads(body.rstrip(b"\n\0"))["id"]
                make(self, link, ident)

        device = Bomb()
        with device.listen() as listener:
            seen = watch(control="dvrip", port=listener.port, call="echo.call", call_ms=2000)
        self.assertIn("call_error", seen, seen)
        self.assertIn(seen["call_error"]["code"], TYPED)
        self.assertLess(seen["rss_kb"], MEMORY_KB)

    def test_json_of_a_hundred_thousand_brackets(self):
        for text in (b"[" * 100000 + b"]" * 100000, b'{"a":' * 100000 + b"1" + b"}" * 100000, b"[" * 3000000):
            for wrap in (b"%s", b'{"id":1,"result":true,"params":%s}'):
                self.json_device(lambda device, link, ident: link.send(device.fragments(ident, wrap.replace(b"%s", text))))

    def test_json_whose_total_lies(self):
        def make(device, link, ident):
            for total in (0, 1, 0xFFFFFFFF):
                head = b"\xf6\0\0\x68" + bytes(4) + struct.pack("<IIIII", ident, 0, total, 0, dvrip.SESSION)
                link.send(dvrip.frame(head, b'{"id":%d,' % ident))

        self.json_device(make)

    def test_endless_json(self):
        def make(device, link, ident):
            head = b"\xf6\0\0\x68" + bytes(4) + struct.pack("<IIIII", ident, 0, 0xFFFFFFF0, 0, dvrip.SESSION)
            forever(link, dvrip.frame(head, b" " * 60000))

        self.json_device(make)


class HostileMedia(HostileCase):
    def check_live(self, seen):
        self.assertIsNone(seen["error"], seen)
        self.assertLess(seen["rss_kb"], MEMORY_KB)
        return seen["live"]

    def watch_dvrip(self, stream, **options):
        camera = Camera(stream)
        with camera.listen() as listener:
            return self.check_live(watch(control="dvrip", media="dvrip", port=listener.port, channel=1, frames=15, **options))

    def test_dhav_lengths_that_lie(self):
        clip = Clip("h264")
        good = b"".join(dhav.video(clip))
        for length in (0, 1, 23, 31, 0xFFFFFFFF, 0x7FFFFFFF, 8 * MEGABYTE):
            head = bytearray(dhav.frame(dhav.KEY, b"x" * 40)[:24])
            head[12:16] = struct.pack("<I", length)
            head[23] = sum(head[:23]) & 0xFF
            with self.subTest(length=length):
                live = self.watch_dvrip(bytes(head) + bytes(64) + good, watch_ms=5000)
                if length != 8 * MEGABYTE:
                    self.assertEqual(live["crcs"][:15], clip.crcs[:15])

    def test_extensions_longer_than_their_frame(self):
        clip = Clip("h264")
        bad = []
        for size in (1, 200, 255):
            head = bytearray(dhav.frame(dhav.KEY, b"")[:24])
            head[22] = size
            head[23] = sum(head[:23]) & 0xFF
            bad.append(bytes(head) + b"dhav" + struct.pack("<I", 32))
        live = self.watch_dvrip(b"".join(bad) + b"".join(dhav.video(clip)))
        self.assertEqual(live["crcs"][:15], clip.crcs[:15])

    def test_half_of_each_tag(self):
        clip = Clip("h264")
        for tag in (0x80, 0x81, 0x82, 0x83, 0x88, 0x8C, 0x9B, 0xB5):
            frames = [dhav.frame(dhav.AUDIO, b"\x55" * 320, n, 0, bytes([tag]) * (n % 7 + 1)) for n in range(10)]
            live = self.watch_dvrip(b"".join(frames + dhav.video(clip)))
            self.assertEqual(live["crcs"][:15], clip.crcs[:15])

    def test_endless_media_that_is_none(self):
        class Endless(Camera):
            junk = b""

            def play(self, link, channel, stream):
                forever(link, dvrip.bc(self.junk))

        for junk in (b"\0" * 30000, b"DHAV" * 7000, dhav.frame(0xEE, bytes(500)) * 50, dhav.frame(dhav.P, b"\0\0\0\1\x41" * 100) * 50):
            camera = Endless(b"")
            camera.junk = junk
            with camera.listen() as listener:
                seen = watch(control="dvrip", media="dvrip", port=listener.port, channel=1, watch_ms=2500)
            self.assertEqual(self.check_live(seen)["crcs"], [])

    def watch_rtsp(self, camera, **options):
        with dvrip.Device().listen() as control, camera.listen() as listener:
            words = dict(control="dvrip", media="rtsp", port=control.port, rtsp_port=listener.port, channel=1, frames=15, call_ms=3000)
            seen = watch(**{**words, **options})
        return self.check_live(seen)

    def test_a_description_of_ten_megabytes(self):
        class Huge(RtspDevice):
            def sdp(self):
                return super().sdp() + "a=x:1\r\n" * (10 * MEGABYTE // 7)

        live = self.watch_rtsp(rtsp_test.camera_of(kind=Huge), watch_ms=10000)
        self.assertEqual(live["crcs"], [])
        self.assertIn(live["error"]["code"], TYPED)

    def test_descriptions_with_thousands_of_tracks(self):
        class Many(RtspDevice):
            def sdp(self):
                return super().sdp() + "m=video 0 RTP/AVP 96\r\na=control:trackID=7\r\na=rtpmap:96 H264/90000\r\n" * 1000

        live = self.watch_rtsp(rtsp_test.camera_of(kind=Many), watch_ms=10000)
        self.assertTrue(live["crcs"] or live["error"]["code"] in TYPED)

    def test_endless_header_lines(self):
        class Endless(RtspDevice):
            def options(self, link, url, headers):
                link.send(b"RTSP/1.0 200 OK\r\n")
                forever(link, b"X-More: and more\r\n" * 100)

            describe = options

        live = self.watch_rtsp(rtsp_test.camera_of(kind=Endless), watch_ms=10000)
        self.assertIn(live["error"]["code"], TYPED)

    def test_lengths_of_bodies_that_lie(self):
        for length in ("4294967295", "-1", "99999999999999999999", "1e9", "0x10", ""):

            class Lying(RtspDevice):
                def describe(self, link, url, headers):
                    link.send(f"RTSP/1.0 200 OK\r\nCSeq: {headers['cseq']}\r\nContent-Length: {length}\r\n\r\nv=0\r\n".encode())

            with self.subTest(length=length):
                live = self.watch_rtsp(rtsp_test.camera_of(kind=Lying), watch_ms=10000)
                self.assertEqual(live["crcs"], [])
                self.assertIn(live["error"]["code"], TYPED)

    def test_rtp_that_lies(self):
        good = rtp.packet(96, 0, 0, b"\x41abc")
        bad = [b"", b"\x80", good[:11], good[:12], b"\xbf" + good[1:12], b"\x90" + good[1:12] + b"\xbe\xde\xff\xff", b"\x40" + good[1:]]
        bad += [rtp.packet(96, 0, 0, b"", padding=bytes([n])) for n in (0, 1, 2, 200, 255)]
        bodies = (b"\x78", b"\x78\0", b"\x78\xff\xff\x67", b"\x78\0\0", b"\x7c", b"\x7c\x85", b"\x7c\xc5", b"\x7c\x45", b"\x7d\x85\0", b"\x7f", b"\0", b"\x1e" * 9)
        for body in bodies:
            bad.append(rtp.packet(96, 0, 0, body, True))

        class Lying(RtspDevice):
            def send_media(self, link):
                for one in bad:
                    link.send(chunk(self.channels[0], one) + chunk(self.channels[0] + 1, one))
                super().send_media(link)

        camera = rtsp_test.camera_of(kind=Lying)
        live = self.watch_rtsp(camera, watch_ms=8000)
        self.assertTrue(live["crcs"], live)
        self.assertIn(live["crcs"][-1], camera.clip.crcs)

    def test_pictures_without_an_end(self):
        class Endless(RtspDevice):
            def send_media(self, link):
                start = rtp.packet(96, 0, 0, b"\x7c\x85" + bytes(1000))
                link.send(chunk(self.channels[0], start))
                number = 1
                while True:
                    part = b"".join(chunk(self.channels[0], rtp.packet(96, number + n, 0, b"\x7c\x05" + bytes(1000))) for n in range(64))
                    link.send(part)
                    number += 64

        live = self.watch_rtsp(rtsp_test.camera_of(kind=Endless), watch_ms=3000)
        self.assertEqual(live["crcs"], [])


class HostileHttp(HostileCase):
    def answer(self, data, endless=b""):
        def device(link):
            while True:
                _, _, _, _ = http_device.read_request(link)
                link.send(data)
                if endless:
                    forever(link, endless)

        seen, listener = self.serve(device, control="http")
        self.check_ends(seen, listener)
        return listener

    def test_endless_headers(self):
        self.answer(b"HTTP/1.1 200 OK\r\n", b"X-More: and more\r\n" * 100)

    def test_an_endless_line(self):
        self.answer(b"", b"HTTP/1.1 200 " * 1000)

    def test_an_endless_body(self):
        for head in (b"", b"Content-Length: 4294967295\r\n", b"Content-Length: 18446744073709551615\r\n", b"Transfer-Encoding: chunked\r\n"):
            body = b"fff\r\n" + b" " * 0xFFF + b"\r\n" if b"chunked" in head else b" " * 60000
            self.answer(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n", body)

    def test_chunks_that_lie(self):
        for size in (b"ffffffffffffffff", b"7fffffff", b"-1", b"zz", b""):
            self.answer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + size + b"\r\nabc\r\n0\r\n\r\n")

    def test_json_bombs(self):
        for text in (b"[" * 1000000, b'{"a":' * 100000, b'{"result":false,"params":' + b"[" * 100000 + b"]" * 100000 + b"}", b"\xff\xfe{}", b"null", b"1e999", b'""'):
            self.answer(http_device.response(200, text, "application/json"))

    def test_a_challenge_of_a_megabyte(self):
        class Huge(http_device.Device):
            cgi = False

            def challenge_params(self):
                return {**super().challenge_params(), "realm": "R" * 20 * MEGABYTE}

        with Huge().listen() as listener:
            self.check_ends(watch(control="http", http_port=listener.port), listener)

    def test_digest_challenges_that_lie(self):
        forms = ('Digest realm="{', 'Digest realm="' + "a" * 100000, "Digest " + "a=b," * 20000, "Digest", "Negotiate", "Digest nonce=,realm=,qop=,", 'Digest realm="x\\')
        for form in forms:
            with self.subTest(form=form[:30]):
                body = b"HTTP/1.1 401 No\r\nContent-Length: 0\r\nWWW-Authenticate: " + form.encode() + b"\r\n\r\n"

                def device(link, body=body):
                    while True:
                        method, target, headers, _ = http_device.read_request(link)
                        link.send(http_device.response(404) if target.startswith("/RPC2") else body)

                seen, listener = self.serve(device, control="http")
                self.check_ends(seen, listener)


class HostileDhip(HostileCase):
    def test_answers_that_lie(self):
        answers = [b"\x20\0\0\0DHIP" + struct.pack("<IIIIII", 0, 1, part, 0, total, 0) + b"{}" for part in (0, 2, 0xFFFFFFFF) for total in (0, 1, 0xFFFFFFFF)]
        answers += [b"\x20\0\0\0DHOP" + bytes(24), bytes(32), b"HTTP/1.1 400 Bad\r\n\r\n" * 3, *dhip_test.message(1, 0, b"[" * 1000000), *dhip_test.message(1, 0, b"{}")]
        for data in answers:

            def device(link, data=data):
                link.read(32)
                link.send(data)
                while True:
                    link.more()

            with self.subTest(data=data[:40].hex()):
                seen, listener = self.serve(device, control="dhip")
                self.check_ends(seen, listener)

    def test_endless_empty_messages(self):
        def device(link):
            link.read(32)
            forever(link, (b"\x20\0\0\0DHIP" + bytes(24)) * 100)

        self.check_ends(*self.serve(device, control="dhip"))
