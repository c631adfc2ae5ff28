"""What a control connection on 37777 is asked: identity, names, JSON, events, snapshots, its life and end."""

import struct

from clients import rpc
from clients.dvrip import Dvrip, acknowledge, add_object, message, plain_long, read
from clients.wire import PASSWORD, USER, ClientCase, Closed

SNAPSHOT = {28: b"\x0a"}


class DvripWork(ClientCase):
    def client(self, recorder, old=False):
        client = Dvrip(self.link(recorder.ports["dvrip"]))
        answer = client.login(plain_long(USER, PASSWORD)) if old else client.digest()
        self.assertEqual(answer.verdict(), (0, 8))
        return client

    def check_identity(self, recorder, client):
        self.assertEqual(client.query(0x07).body.rstrip(b"\0").decode(), recorder.profile["serial"])
        self.assertIn(recorder.profile["version"], client.query(0x08).body.decode())
        self.assertEqual(client.query(0x0B).body.rstrip(b"\0").decode(), recorder.profile["type"])
        self.assertEqual(client.query(0x1A).body.rstrip(b"\0").decode(), recorder.profile["dvrip"]["capabilities"])

    def test_keep_alive_is_answered_by_a_bare_header(self):
        client = self.client(self.rig())
        for _ in range(50):
            answer = client.keep_alive()
            self.assertEqual((answer.head[0], answer.body), (0xB1, b""))
        self.assertEqual(client.aside, [])

    def test_identity(self):
        for base in ("nvr16", "olddvr"):
            recorder = self.rig(base)
            self.check_identity(recorder, self.client(recorder, old=base == "olddvr"))

    def test_system_query(self):
        recorder = self.rig()
        answer = self.client(recorder).query(0x01)
        self.assertEqual(len(answer.body), 32)
        year, month, day = struct.unpack_from("<HBB", answer.body, 12)
        self.assertEqual(f"{year:04}-{month:02}-{day:02}", recorder.profile["build"])

    def test_sweep_over_every_question_leaves_the_connection_in_step(self):
        for base in ("nvr16", "olddvr"):
            recorder = self.rig(base)
            client = self.client(recorder, old=base == "olddvr")
            answers = {sub: client.query(sub) for sub in range(256)}
            known = {sub: answer for sub, answer in answers.items() if answer}
            self.assertLessEqual({0x01, 0x07, 0x08, 0x0B, 0x1A}, set(known))
            self.assertEqual({sub: answer.head[8] for sub, answer in known.items()}, {sub: sub for sub in known})
            self.assertEqual(client.aside, [])
            self.check_identity(recorder, client)

    def test_channel_names_in_one_of_the_two_dialects(self):
        recorder = self.rig()
        client = self.client(recorder)
        client.link.send(message(b"\xa8", fields={8: b"\0"}) + message(b"\xa8", fields={8: b"\1"}) + message(b"\xa1"))
        answers = []
        while (answer := read(client.link)).command != 0xB1:
            self.assertEqual(answer.command, 0xB8)
            answers.append(answer.body.rstrip(b"\0").decode())
        names = [answer for answer in answers if answer]
        self.assertTrue(names)
        for name in names:
            self.assertEqual(len(name.split("&&")), recorder.profile["channels"])

    def test_alarm_subscription_is_answered_by_an_empty_echo(self):
        client = self.client(self.rig())
        for kind in (0x01, 0x02, 0x10, 0x12, 0x9C, 0xA2):
            answer = client.ask(message(b"\x68", fields={8: b"\2", 12: bytes([kind])}), 0x69)
            self.assertEqual((answer.head[8], answer.head[12], answer.body), (2, kind, b""))

    def test_unknown_commands_are_skipped(self):
        client = self.client(self.rig())
        for command in (0x02, 0x24, 0x60, 0x7F, 0xC0, 0xEE):
            client.link.send(message(bytes([command]), b"unknown"))
            client.keep_alive()
        self.check_json(client)

    def check_json(self, client, **options):
        reply = client.call("magicBox.getSerialNo", **options)
        self.assertEqual((reply["id"], reply["session"], reply["result"]), (client.id, client.session, True))
        return reply["params"]["sn"]

    def test_json_headers_and_trailers(self):
        recorder = self.rig()
        client = self.client(recorder)
        for trailer in (b"", b"\n", b"\n\0"):
            client.link.send(client.call_frames("magicBox.getSerialNo", trailer=trailer)[0])
            reply, first = client.read_json()
            self.assertEqual(reply["params"]["sn"], recorder.profile["serial"])
            self.assertEqual([first.number(at) for at in (8, 12, 16, 20, 24, 28)],
                             [client.id, 0, first.number(4), 0, client.session, 0])

    def test_json_in_many_fragments(self):
        recorder = self.rig()
        client = self.client(recorder)
        for pieces in range(1, 20):
            self.assertEqual(self.check_json(client, pieces=pieces), recorder.profile["serial"])
        self.assertEqual(self.check_json(client, params={"fill": "x" * 200000}, pieces=7), recorder.profile["serial"])

    def test_json_split_at_every_byte_and_merged(self):
        recorder = self.rig()
        client = self.client(recorder)
        frames = b"".join(client.call_frames("magicBox.getSerialNo", pieces=2))
        for at in range(1, len(frames)):
            self.send_split(recorder, client.link, frames, at)
            self.assertEqual(client.answer(client.id)["params"]["sn"], recorder.profile["serial"])
        calls = [b"".join(client.call_frames("magicBox.getDeviceType")) for _ in range(20)]
        client.link.send(message(b"\xa1").join(calls))
        ids = [client.read_json()[0]["id"] for _ in calls]
        self.assertEqual(sorted(ids), list(range(client.id - 19, client.id + 1)))

    def test_json_of_a_mobile_application(self):
        """Ids that step by 256, LF and NUL behind each request."""
        client = self.client(self.rig())
        services = []
        for client.id in range(1066, 1066 + 4 * 256, 256):
            reply = client.call("system.listService", trailer=b"\n\0")
            services.append(reply["params"]["service"])
        self.assertIn("magicBox", services[0])
        self.assertEqual(services, services[:1] * 4)

    def test_multicall_answers_in_order(self):
        recorder = self.rig()
        client = self.client(recorder)
        methods = ["magicBox.getSerialNo", "noSuch.method", "magicBox.getDeviceType", "global.getCurrentTime"]
        calls = [{"id": 100 + i, "session": client.session, "method": method, "params": None} for i, method in enumerate(methods)]
        reply = client.call("system.multicall", calls)
        self.assertTrue(reply["result"])
        answers = reply["params"]
        self.assertEqual([answer["id"] for answer in answers], [100, 101, 102, 103])
        self.assertEqual(answers[0]["params"]["sn"], recorder.profile["serial"])
        self.assertEqual((answers[1]["result"], answers[1]["error"]["code"] in (268632064, 268894210)), (False, True))
        self.assertEqual(answers[2]["params"]["type"], recorder.profile["type"])
        large = client.call("system.multicall", [dict(calls[0], id=i) for i in range(200)])
        self.assertEqual([answer["id"] for answer in large["params"]], list(range(200)))

    def test_what_is_not_json_is_a_parse_error(self):
        client = self.client(self.rig())
        for body in (b"{", b"", b"[1,2]", b'"x"', b"\xff\xfe", b'{"id":1}', b"[" * 5000):
            with self.subTest(body=body[:8]):
                head = {8: b"\x07", 16: struct.pack("<I", len(body)), 24: struct.pack("<I", client.session)}
                client.link.send(message(b"\xf6", body, head) + message(b"\xa1"))
                reply = client.read_json()[0]
                self.assertEqual((reply["id"], reply["result"], reply["error"]["code"]), (7, False, rpc.PARSE))
                client.expect(0xB1)
        self.check_json(client)

    def test_fragments_that_lie_about_the_total(self):
        recorder = self.rig()
        for total in (0xFFFFFFFF, 0x7FFFFFFF):
            client = self.client(recorder)
            client.link.send(message(b"\xf6", b"{", {16: struct.pack("<I", total)}) + message(b"\xa1"))
            try:
                client.expect(0xB1)
            except Closed:
                continue
            client.link.send(message(b"\xf6", b"x" * (1 << 20), {16: struct.pack("<I", total)}) * 8)
            self.client(recorder).keep_alive()

    def test_events_by_notification(self):
        recorder = self.rig()
        client, silent = self.client(recorder), self.client(recorder)
        reply = client.call("eventManager.attach", {"codes": ["VideoMotion"]})
        attach = client.id
        self.assertTrue(reply["result"])
        for action in ("Start", "Stop"):
            recorder.control("/event", {"code": "AlarmLocal", "action": action, "index": 0})
            recorder.control("/event", {"code": "VideoMotion", "action": action, "index": 1})
            note = client.notification()
            self.assertEqual(note["method"], "client.notifyEventStream")
            self.assertTrue(note["params"]["SID"] == reply["params"]["SID"] and note["id"] == attach)
            [event] = note["params"]["eventList"]
            self.assertEqual((event["Action"], event["Code"], event["Index"]), (action, "VideoMotion", 1))
        self.assertTrue(client.call("eventManager.detach", {"SID": reply["params"]["SID"]})["result"])
        recorder.control("/event", {"code": "VideoMotion", "action": "Start", "index": 1})
        self.check_json(client)
        silent.keep_alive()
        self.assertEqual(client.aside + silent.aside, [])

    def test_events_of_every_code_through_an_instance(self):
        recorder = self.rig()
        client = self.client(recorder)
        instance = client.call("eventManager.factory.instance")["result"]
        self.assertGreater(instance, 1)
        reply = client.call("eventManager.attach", {"codes": ["All"], "proc": instance}, object=instance)
        self.assertTrue(reply["result"])
        for code in ("VideoMotion", "AlarmLocal", "StorageFailure"):
            recorder.control("/event", {"code": code, "action": "Pulse", "index": 0})
            self.assertEqual(client.notification()["params"]["eventList"][0]["Code"], code)

    def test_snapshot_comes_in_pieces_up_to_an_empty_one(self):
        recorder = self.rig()
        client = self.client(recorder)
        for channel in (0, 1):
            for copied in (0, channel):
                body = bytearray(40)
                body[0], body[20], body[24] = channel, copied, 1
                client.link.send(message(b"\x11", bytes(body), SNAPSHOT))
                jpeg = b""
                while (piece := client.expect(0xBC)).body:
                    self.assertEqual(piece.head[24:32], bytes([0x0A, channel, 0, 0, 0x0A, 0, 0, 0]))
                    self.assertLessEqual(len(piece.body), 0x8000)
                    jpeg += piece.body
                self.assertEqual((jpeg[:2], jpeg[-2:]), (b"\xff\xd8", b"\xff\xd9"))
            client.keep_alive()

    def test_from_a_plain_login_straight_to_names_and_a_snapshot(self):
        recorder = self.rig("olddvr")
        client = self.client(recorder, old=True)
        questions = [message(b"\xa4", fields={8: bytes([sub])}) for sub in (0x07, 0x0B, 0x1A)]
        names = [message(b"\xa8", fields={8: bytes([kind])}) for kind in (0, 1)]
        client.link.send(b"".join(questions + names) + message(b"\x11", bytes(24) + b"\1" + bytes(15), SNAPSHOT))
        self.assertEqual({client.expect(0xB4).head[8] for _ in range(3)}, {0x07, 0x0B, 0x1A})
        jpeg = b""
        while not jpeg.endswith(b"\xff\xd9"):
            jpeg += client.expect(0xBC).body
        self.assertEqual(jpeg[:2], b"\xff\xd8")

    def test_logout_ends_the_session(self):
        recorder = self.rig()
        client, other = self.client(recorder), self.client(recorder)
        connection = add_object(client)["ConnectionID"]
        client.link.send(message(b"\x0a", fields={8: struct.pack("<I", client.session)}))
        recorder.settle()
        sub = self.link(recorder.ports["dvrip"])
        try:
            self.assertNotEqual(acknowledge(client, sub, connection)["FaultCode"], "OK")
        except Closed:
            pass
        self.assertEqual(other.query(0x07).body.rstrip(b"\0").decode(), recorder.profile["serial"])

    def test_session_without_keep_alive_is_dropped(self):
        recorder = self.rig(dvrip={"keep_alive_timeout": 1})
        self.assert_closed(self.client(recorder).link)

    def test_questions_before_the_login_get_no_answer_of_worth(self):
        recorder = self.rig()
        client = Dvrip(self.link(recorder.ports["dvrip"]))
        client.link.send(message(b"\xa4", fields={8: b"\x07"}) + message(b"\xa8") + message(b"\x11", bytes(40), SNAPSHOT))
        try:
            client.link.send(client.call_frames("magicBox.getSerialNo")[0])
            client.challenge()
        except (Closed, BrokenPipeError, ConnectionResetError):
            pass
        for answer in client.aside:
            self.assertNotIn(recorder.profile["serial"].encode(), answer.body)
            self.assertNotIn(b"\xff\xd8", answer.body)
