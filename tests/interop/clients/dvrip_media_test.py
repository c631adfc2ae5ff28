"""Live video over 37777 in both dialects, checked frame by frame."""

import struct

from clients import dhav
from clients.dvrip import (CONNECTION, Dvrip, acknowledge, add_object, message, monitor, plain_long, plain_random, read,
                           realm_request)
from clients.wire import PASSWORD, USER, ClientCase, Closed

EVERY = {"dvrip": {"logins": ["digest", "plain", "gen0"]}}


def tie(session, channel, close=False):
    return message(b"\xf1", fields={8: struct.pack("<I", session), 12: bytes([1, channel + 1]), 17: bytes([close])})


def start(streams):
    """The old live request: {channel: stream} of everything that shall run."""
    flags, numbers = bytearray(16), bytearray(16)
    for channel, stream in streams.items():
        flags[channel], numbers[channel] = 1, stream
    return message(b"\x11", bytes(numbers), {8: bytes(flags)})


class DvripMedia(ClientCase):
    def client(self, recorder, login=None):
        client = Dvrip(self.link(recorder.ports["dvrip"]))
        answer = client.login(login) if login else client.digest()
        self.assertEqual(answer.verdict(), (0, 8))
        return client

    def sub_connection(self, recorder, client):
        """A second connection that the session knows."""
        added = add_object(client)
        self.assertEqual(added["FaultCode"], "OK")
        self.assertIn(added.get("Port", "0"), ("0", str(recorder.ports["dvrip"])))
        sub = self.link(recorder.ports["dvrip"])
        self.assertEqual(acknowledge(client, sub, added["ConnectionID"])["FaultCode"], "OK")
        return sub, added["ConnectionID"]

    def frames(self, link, count):
        """So many frames out of bc messages; what the chunks hold is one stream of DHAV."""
        reader, frames = dhav.Reader(), []
        while len(frames) < count:
            piece = read(link)
            if piece.command == 0xF1:
                continue
            self.assertEqual((piece.command, piece.number(16)), (0xBC, 0))
            self.assertLessEqual(len(piece.body), 0x8000)
            frames += reader.feed(piece.body)
        return frames

    def check_new_style(self, recorder, client):
        for channel, stream in ((0, 1), (1, 1), (1, 0)):
            with self.subTest(channel=channel, stream=stream):
                sub, connection = self.sub_connection(recorder, client)
                self.assertEqual(monitor(client, channel, 1, connection, stream)["FaultCode"], "OK")
                dhav.check_stream(self, self.frames(sub, 150), recorder.profile, channel, stream)
                client.keep_alive()
                self.assertEqual(client.aside, [], "exactly one answer to the start")
                self.assertEqual(monitor(client, channel, 0, connection, stream)["FaultCode"], "OK")
                deleted = client.parameter("DeleteObject", f"{CONNECTION}.Passive", f"ConnectionID:{connection}")
                self.assertEqual(deleted["FaultCode"], "OK")
                sub.close()

    def test_new_style_after_a_digest_login(self):
        recorder = self.rig()
        self.check_new_style(recorder, self.client(recorder))

    def test_new_style_after_a_plain_login(self):
        recorder = self.rig(**EVERY)
        self.check_new_style(recorder, self.client(recorder, plain_long(USER, PASSWORD, bytes.fromhex("0402030001a1aa00"))))

    def test_text_of_the_requests_has_the_captured_lengths(self):
        recorder = self.rig()
        client = self.client(recorder)
        sent = []
        send, client.link.send = client.link.send, lambda data: (sent.append(data), send(data))
        add_object(client)
        probe = client.parameter("GetParameterValues", "Dahua.Device.Decode.Cfg")
        self.assertEqual([data[4] for data in sent], [0x76, 0x55])
        self.assertIn("FaultCode", probe)

    def test_keep_alive_on_the_sub_connection_does_no_harm(self):
        recorder = self.rig()
        client = self.client(recorder)
        sub, connection = self.sub_connection(recorder, client)
        sub.send(message(b"\xa1"))
        self.assertEqual(monitor(client, 0, 1, connection, 1)["FaultCode"], "OK")
        while read(sub).command != 0xBC:
            pass

    def test_stopped_stream_starts_again_at_a_key_frame(self):
        recorder = self.rig()
        client = self.client(recorder)
        sub, connection = self.sub_connection(recorder, client)
        monitor(client, 0, 1, connection, 1)
        self.frames(sub, 5)
        self.assertEqual(monitor(client, 0, 0, connection, 1)["FaultCode"], "OK")
        self.assertEqual(recorder.control("/state")["viewers"], [])
        sub.close()
        sub, connection = self.sub_connection(recorder, client)
        monitor(client, 0, 1, connection, 0)
        dhav.check_stream(self, self.frames(sub, 100), recorder.profile, 0, 0)

    def test_two_streams_of_one_session_do_not_mix(self):
        recorder = self.rig()
        client = self.client(recorder)
        subs = []
        for channel, stream in ((0, 1), (1, 1), (0, 0)):
            sub, connection = self.sub_connection(recorder, client)
            monitor(client, channel, 1, connection, stream)
            subs.append((sub, channel, stream))
        for sub, channel, stream in subs:
            dhav.check_stream(self, self.frames(sub, 100), recorder.profile, channel, stream)

    def test_channels_and_streams_that_are_not_there(self):
        recorder = self.rig()
        client = self.client(recorder)
        sub, connection = self.sub_connection(recorder, client)
        for channel, stream in ((2, 0), (255, 0), (-1, 0), (0, 9), (4294967296, 0), ("x", 0), ("", "")):
            with self.subTest(channel=channel, stream=stream):
                self.assertNotEqual(monitor(client, channel, 1, connection, stream)["FaultCode"], "OK")
        self.assertNotEqual(monitor(client, 0, 1, int(connection) + 77, 0)["FaultCode"], "OK")
        self.assertEqual(monitor(client, 0, 1, connection, 1)["FaultCode"], "OK")
        self.frames(sub, 5)

    def test_sub_connection_of_another_session_is_refused(self):
        recorder = self.rig()
        client, stranger = self.client(recorder), Dvrip(None)
        connection = add_object(client)["ConnectionID"]
        strangers = ((client.session ^ 1, connection), (0, connection), (client.session, int(connection) + 5))
        for stranger.session, number in strangers:
            sub = self.link(recorder.ports["dvrip"])
            try:
                self.assertNotEqual(acknowledge(stranger, sub, number)["FaultCode"], "OK")
            except Closed:
                pass

    def test_text_split_at_every_byte(self):
        recorder = self.rig()
        client = self.client(recorder)
        request = ("TransactionID:9\r\nMethod:AddObject\r\nParameterName:Dahua.Device.Network.ControlConnection.Passive\r\n"
                   "ConnectProtocol:0\r\n\r\n")
        data = message(b"\xf4", request.encode())
        for at in range(1, len(data)):
            self.send_split(recorder, client.link, data, at)
            pairs = client.expect(0xF4).text()
            self.assertEqual((pairs["TransactionID"], pairs["FaultCode"]), ("9", "OK"))
            client.parameter("DeleteObject", f"{CONNECTION}.Passive", f"ConnectionID:{pairs['ConnectionID']}")

    def test_text_that_is_none(self):
        recorder = self.rig()
        client = self.client(recorder)
        empty = b"Method:\r\nParameterName:\r\n\r\n"
        for body in (b"", b"\r\n\r\n", b"x", b":::\r\n\r\n", b"Method:AddObject", b"\xff" * 300, empty):
            client.link.send(message(b"\xf4", body))
        client.keep_alive()
        self.assertEqual(add_object(client)["FaultCode"], "OK")

    def old_style(self, recorder, client, streams):
        links = {}
        for channel in streams:
            links[channel] = self.link(recorder.ports["dvrip"])
            links[channel].send(tie(client.session, channel))
            self.assertEqual(read(links[channel]).command, 0xF1)
        client.link.send(start(streams))
        return links

    def test_old_dialect_from_the_sweep_to_raw_video(self):
        recorder = self.rig("olddvr")
        client = self.client(recorder, plain_long(USER, PASSWORD))
        for sub in range(256):
            client.query(sub)
        for channel, link in self.old_style(recorder, client, {0: 0, 1: 1}).items():
            dhav.check_stream(self, self.frames(link, 100), recorder.profile, channel, channel)
            client.keep_alive()

    def test_old_dialect_where_the_new_one_is_refused(self):
        recorder = self.rig("olddvr")
        client = self.client(recorder, plain_random(USER, PASSWORD))
        client.link.send(message(b"\xf4", b"TransactionID:1\r\nMethod:AddObject\r\nParameterName:" +
                                 f"{CONNECTION}.Passive\r\nConnectProtocol:0\r\n\r\n".encode()) + message(b"\xa1"))
        while (answer := read(client.link)).command != 0xB1:
            self.assertNotIn("ConnectionID", answer.text())
        [link] = self.old_style(recorder, client, {1: 0}).values()
        dhav.check_stream(self, self.frames(link, 60), recorder.profile, 1, 0)

    def test_old_dialect_on_a_recorder_of_today(self):
        recorder = self.rig()
        client = self.client(recorder)
        [link] = self.old_style(recorder, client, {1: 1}).values()
        dhav.check_stream(self, self.frames(link, 100), recorder.profile, 1, 1)

    def test_old_table_that_leaves_a_channel_out_stops_it(self):
        recorder = self.rig("olddvr")
        client = self.client(recorder, plain_long(USER, PASSWORD))
        links = self.old_style(recorder, client, {0: 1, 1: 1})
        for link in links.values():
            self.frames(link, 5)
        client.link.send(start({1: 1}))
        client.keep_alive()
        self.assertEqual([viewer["channel"] for viewer in recorder.control("/state")["viewers"]], [2])
        self.frames(links[1], 30)

    def test_tie_that_is_closed_ends_the_stream(self):
        recorder = self.rig("olddvr")
        client = self.client(recorder, plain_long(USER, PASSWORD))
        [link] = self.old_style(recorder, client, {0: 1}).values()
        self.frames(link, 5)
        link.send(tie(client.session, 0, close=True))
        recorder.settle()
        client.keep_alive()
        self.assertEqual(recorder.control("/state")["viewers"], [])

    def test_old_start_with_a_version_byte(self):
        """A client that sets byte 3; for the main stream of the first channel its flags are the usual ones."""
        recorder = self.rig("olddvr")
        client = self.client(recorder, plain_long(USER, PASSWORD))
        link = self.link(recorder.ports["dvrip"])
        link.send(tie(client.session, 0))
        self.assertEqual(read(link).command, 0xF1)
        request = bytearray(start({0: 0}))
        request[3] = 1
        client.link.send(bytes(request))
        dhav.check_stream(self, self.frames(link, 60), recorder.profile, 0, 0)

    def test_tie_to_a_session_that_is_not(self):
        recorder = self.rig("olddvr")
        client = self.client(recorder, plain_long(USER, PASSWORD))
        link = self.link(recorder.ports["dvrip"])
        link.send(tie(client.session ^ 0x55, 0))
        client.link.send(start({0: 1}))
        client.keep_alive()
        link.send(realm_request())
        try:
            while (answer := read(link)).command != 0xB0:
                self.assertNotEqual(answer.command, 0xBC)
        except Closed:
            pass

    def test_media_is_dropped_without_keep_alive_even_while_it_flows(self):
        recorder = self.rig(dvrip={"keep_alive_timeout": 1})
        client = self.client(recorder)
        sub, connection = self.sub_connection(recorder, client)
        monitor(client, 0, 1, connection, 1)
        with self.assertRaises(Closed):
            self.frames(sub, 100000)
        self.assert_closed(client.link)

    def test_media_goes_on_while_the_session_is_kept_alive(self):
        recorder = self.rig(dvrip={"keep_alive_timeout": 1})
        client = self.client(recorder)
        sub, connection = self.sub_connection(recorder, client)
        monitor(client, 0, 1, connection, 1)
        reader, frames = dhav.Reader(), []
        while len(frames) < 120:
            frames += reader.feed(read(sub).body)
            client.keep_alive()
        dhav.check_stream(self, frames, recorder.profile, 0, 1)
