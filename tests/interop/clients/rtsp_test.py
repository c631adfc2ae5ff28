"""RTSP conversations as third-party clients hold them: authentication, statuses, keep-alive, ends."""

from clients import web
from clients.rtsp import Rtsp, tracks_of
from clients.wire import ClientCase, Closed

TCP = "RTP/AVP/TCP;unicast;interleaved=0-1"
METHODS = {"OPTIONS", "DESCRIBE", "SETUP", "PLAY", "PAUSE", "TEARDOWN", "GET_PARAMETER", "SET_PARAMETER"}


class RtspClient(ClientCase):
    def client(self, recorder, channel=1, subtype=1, tls=False, more="", **options):
        scheme = "rtsps" if tls else "rtsp"
        url = recorder.url(channel, scheme, login="", subtype=subtype) + more
        return Rtsp(self.link(recorder.ports[scheme], tls), url, **options)

    def check_plays(self, client, packets=30):
        tracks = client.open()
        self.assertEqual(len(tracks), 2)
        self.assertEqual({client.media()[0] % 2 for _ in range(packets)} - {0, 1}, set())
        answer = client.ask("TEARDOWN")
        self.assertEqual(answer.status, 200)

    def test_each_way_to_authenticate(self):
        for base in ("nvr16", "ptz", "olddvr"):
            recorder = self.rig(base)
            for signing in ("each", "once", "base"):
                for tls in (False, True):
                    with self.subTest(base=base, signing=signing, tls=tls):
                        self.check_plays(self.client(recorder, tls=tls, signing=signing))

    def test_authorization_of_options_serves_the_whole_connection(self):
        recorder = self.rig("ptz")
        client = self.client(recorder, signing="once")
        self.assertEqual(client.ask("OPTIONS").status, 200)
        self.assertIsNotNone(client.challenge, "this unit challenges at once")
        self.check_plays(client)

    def test_each_challenge_offered_is_accepted(self):
        recorder = self.rig("ptz")
        probe = self.client(recorder)
        probe.send("DESCRIBE")
        offered = web.challenges(probe.answer())
        self.assertEqual({one.algorithm for one in offered}, {"SHA-256", "MD5"})
        for one in offered:
            client = self.client(recorder)
            client.send("DESCRIBE")
            client.challenge = [c for c in web.challenges(client.answer()) if c.algorithm == one.algorithm][0]
            self.check_plays(client)

    def test_refusals_of_credentials(self):
        recorder = self.rig()
        self.assertEqual(self.client(recorder, password="wrong").describe().status, 401)
        client = self.client(recorder)
        client.send("DESCRIBE")
        client.answer()
        client.challenge = web.Challenge('Digest realm="Login to x", nonce="0123456789abcdef"')
        self.assertEqual(client.describe().status, 401)
        client = self.client(recorder)
        client.send("DESCRIBE", headers=[("Authorization", "Basic YWRtaW46VGVzdC1wYXNzLTE=")])
        self.assertEqual(client.answer().status, 401)
        for words in ("", "Digest", "Digest ,,,=", "Bearer x", 'Digest username="admin'):
            client.send("DESCRIBE", headers=[("Authorization", words)])
            self.assertIn(client.answer().status, (400, 401))

    def test_nothing_is_set_up_without_credentials(self):
        client = self.client(self.rig())
        client.send("SETUP", client.url + "/trackID=0", [("Transport", TCP)])
        self.assertEqual(client.answer().status, 401)

    def test_options_names_the_methods(self):
        answer = self.client(self.rig()).ask("OPTIONS")
        self.assertEqual(answer.header("Server"), "Rtsp Server/3.0")
        self.assertLessEqual(METHODS, set(answer.header("Public").split(", ")))

    def test_description(self):
        recorder = self.rig()
        client = self.client(recorder)
        answer = client.describe()
        self.assertEqual(answer.header("Content-Type"), "application/sdp")
        self.assertEqual(answer.header("Content-Base"), client.url + "/")
        self.assertIn("a=range:npt=now-", answer.text())
        self.assertIn("a=packetization-supported:DH", answer.text())
        video, sound = tracks_of(answer.text())[:2]
        self.assertEqual((video.kind, video.type, video.codec, video.clock), ("video", 96, "H264", 90000))
        self.assertEqual((video.control, sound.control), ("trackID=0", "trackID=1"))
        self.assertEqual(video.framerate, recorder.profile["extra"]["fps"])
        self.assertIn("sprop-parameter-sets=", video.fmtp)
        self.assertEqual((sound.kind, sound.type, sound.codec, sound.clock), ("audio", 8, "PCMA", 8000))
        video, sound = tracks_of(self.client(recorder, channel=2).describe().text())[:2]
        self.assertEqual((video.type, video.codec, sound.type, sound.codec), (98, "H265", 97, "MPEG4-GENERIC"))
        self.assertIn("sprop-vps=", video.fmtp)
        self.assertIn("sizelength=13", sound.fmtp)

    def test_streams_that_are_not_there(self):
        recorder = self.rig()
        for channel, subtype in ((0, 0), (3, 0), (-1, 0), (1, 9), ("x", 0), ("1x", 0), (1, "y"), (99999999999999999999, 0)):
            with self.subTest(channel=channel, subtype=subtype):
                self.assertIn(self.client(recorder, channel, subtype).describe().status, (400, 404))
        client = self.client(recorder)
        client.url = client.base = client.url.replace("realmonitor", "nothing")
        self.assertIn(client.describe().status, (400, 404))

    def test_backchannel_that_is_not_known(self):
        recorder = self.rig()
        client = self.client(recorder, more="&unicast=true&proto=Onvif")
        require = ("Require", "www.onvif.org/ver20/backchannel")
        answer = client.ask("DESCRIBE", headers=[require])
        self.assertEqual((answer.status, answer.header("Unsupported")), (551, require[1]))
        self.check_plays(client)

    def test_unit_that_wants_a_user_agent(self):
        recorder = self.rig()
        recorder.control("/fault", {"name": "needs_user_agent"})
        client = self.client(recorder, user_agent=None)
        client.send("DESCRIBE")
        self.assertEqual(client.answer().status, 401)
        self.check_plays(self.client(recorder))
        recorder.control("/clear", {})
        self.check_plays(self.client(recorder, user_agent=None))

    def test_transports_that_are_not_served(self):
        client = self.client(self.rig())
        track = tracks_of(client.describe().text())[0]
        for transport in ("RTP/AVP;multicast", "RTP/SAVP/TCP;unicast;interleaved=0-1", "", "nonsense", "RTP/AVP/UDP;unicast",
                          "RTP/AVP/UDP;unicast;client_port=0-0", "RTP/AVP/UDP;unicast;client_port=99999-100000"):
            with self.subTest(transport=transport):
                self.assertEqual(client.setup(track, transport).status, 461)
        self.assertEqual(client.setup(track, TCP).status, 200)

    def test_first_acceptable_transport_of_a_list_is_taken(self):
        client = self.client(self.rig())
        track = tracks_of(client.describe().text())[0]
        answer = client.setup(track, "RTP/AVP;multicast," + TCP)
        self.assertEqual(answer.status, 200)
        self.assertEqual(track.fields["interleaved"], "0-1")

    def test_tracks_that_are_not_there(self):
        client = self.client(self.rig())
        tracks = tracks_of(client.describe().text())
        for control in ("trackID=9", "trackID=-1", "trackID=x", "trackID=", "trackID=4294967296"):
            with self.subTest(control=control):
                tracks[0].control = control
                self.assertIn(client.setup(tracks[0], TCP).status, (400, 404))

    def test_sessions_that_are_not(self):
        client = self.client(self.rig())
        tracks = tracks_of(client.describe().text())
        client.setup(tracks[0], TCP)
        own, client.session = client.session, "123456789"
        for method in ("PLAY", "PAUSE", "GET_PARAMETER", "TEARDOWN"):
            self.assertEqual(client.ask(method).status, 454, method)
        client.session = own
        self.assertEqual(client.play().status, 200)
        other = self.client(self.rig())
        other.describe()
        for method in ("PLAY", "PAUSE"):
            self.assertIn(other.ask(method).status, (454, 455))

    def test_too_many_viewers(self):
        recorder = self.rig(rtsp={"max_viewers": 2})
        first, second, third = (self.client(recorder) for _ in range(3))
        first.open(), second.open()
        track = tracks_of(third.describe().text())[0]
        self.assertIn(third.setup(track, TCP).status, (453, 503))
        self.assertEqual(second.ask("TEARDOWN").status, 200)
        self.assertEqual(third.setup(track, TCP).status, 200)

    def test_methods_that_are_not_known(self):
        client = self.client(self.rig())
        client.describe()
        for method in ("DANCE", "SETUPS", "ANNOUNCE", "RECORD"):
            with self.subTest(method=method):
                self.assertIn(client.ask(method).status, (400, 405, 501))
        self.assertEqual(client.ask("OPTIONS").status, 200)

    def test_teardown_ends_the_media(self):
        recorder = self.rig()
        client = self.client(recorder)
        client.open()
        client.media()
        self.assertEqual(client.ask("TEARDOWN").status, 200)
        self.assertEqual(recorder.control("/state")["viewers"], [])
        client.session = None
        client.packets.clear()
        try:
            self.assertEqual(client.ask("OPTIONS").status, 200)
            self.assertEqual(client.packets, [])
        except (Closed, BrokenPipeError, ConnectionResetError):
            pass

    def test_pause_and_play_again(self):
        recorder = self.rig()
        client = self.client(recorder)
        client.open()
        client.media()
        self.assertEqual(client.ask("PAUSE").status, 200)
        client.packets.clear()
        self.assertEqual(client.ask("GET_PARAMETER").status, 200)
        self.assertEqual(client.packets, [])
        self.assertEqual(client.play().status, 200)
        client.media()

    def test_session_times_out(self):
        recorder = self.rig(rtsp={"session_timeout": 1})
        client = self.client(recorder)
        tracks = tracks_of(client.describe().text())
        self.assertRegex(client.setup(tracks[0], TCP).header("Session"), r"^\d+;timeout=1$")
        self.assertEqual(client.play().status, 200)
        self.assert_closed(client.link)
        self.assertEqual(recorder.control("/state")["viewers"], [])

    def kept_alive(self, method, wait):
        """Pictures for three times the timeout, by their own clock."""
        recorder = self.rig(rtsp={"session_timeout": 1})
        client = self.client(recorder)
        client.open()
        pictures = 0
        while pictures < 45:
            channel, data = client.media()
            if channel == 0 and data[1] & 0x80:
                pictures += 1
                if pictures % 5 == 0:
                    client.send(method)
                    if wait:
                        self.assertEqual(client.answer().status, 200)
        client.send("TEARDOWN")
        while (answer := client.answer()).header("CSeq") != str(client.sequence):
            self.assertFalse(wait)
        self.assertEqual(answer.status, 200)

    def test_kept_alive_by_options_without_waiting(self):
        self.kept_alive("OPTIONS", wait=False)

    def test_kept_alive_by_get_parameter(self):
        self.kept_alive("GET_PARAMETER", wait=True)

    def test_kept_alive_by_set_parameter(self):
        self.kept_alive("SET_PARAMETER", wait=True)

    def test_requests_split_at_every_byte(self):
        recorder = self.rig()
        client = self.client(recorder)
        tracks_of(client.describe().text())
        for at in range(1, len(client.text("DESCRIBE", client.url))):
            self.send_split(recorder, client.link, client.text("DESCRIBE", client.url), at)
            answer = client.answer()
            self.assertEqual((answer.status, answer.header("CSeq")), (200, str(client.sequence)))

    def test_requests_in_one_segment(self):
        recorder = self.rig()
        client = self.client(recorder)
        tracks = tracks_of(client.describe().text())
        client.setup(tracks[0], TCP)
        setup = client.text("SETUP", client.control(tracks[1]), [("Transport", "RTP/AVP/TCP;unicast;interleaved=2-3")])
        first = client.sequence
        report = b"$\x01\x00\x08" + bytes.fromhex("80c9000101020304")
        client.link.send(setup + client.text("OPTIONS") + report + client.text("PLAY") + report + client.text("GET_PARAMETER"))
        answers = [client.answer() for _ in range(4)]
        self.assertEqual([(answer.status, answer.header("CSeq")) for answer in answers],
                         [(200, str(first + i)) for i in range(4)])
        self.assertEqual({client.media()[0] for _ in range(60)} & {0, 2}, {0, 2})

    def test_bytes_that_are_no_request(self):
        recorder = self.rig()
        for data in (b"\0" * 64, b"GET / HTTP/1.1\r\n\r\n", b"OPTIONS\r\n\r\n", b"O" * (1 << 20),
                     b"OPTIONS * RTSP/9.9\r\nCSeq: 1\r\n\r\n",
                     b"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\nContent-Length: 99999999999999999999\r\n\r\n"):
            with self.subTest(data=data[:60]):
                client = self.client(recorder)
                try:
                    client.link.send(data)
                    client.link.socket.shutdown(1)
                except OSError:
                    continue
                self.assertNotIn(b" 200 ", client.link.read_to_end()[:40])
        self.check_plays(self.client(recorder))
