"""DHIP on port 5000 as door station clients use it."""

import json

from clients import rpc
from clients.dhip import MAGIC, Dhip, packet, read
from clients.wire import PASSWORD, USER, ClientCase, Closed


class DhipClient(ClientCase):
    def client(self, recorder, silent=False, login=True):
        client = Dhip(self.link(recorder.ports["dhip"]), silent)
        if login:
            reply = client.login()
            self.assertTrue(reply["result"])
            self.assertGreater(reply["params"]["keepAliveInterval"], 0)
        return client

    def serial(self, client):
        return client.call("magicBox.getSerialNo")["params"]["sn"]

    def test_two_step_login_with_and_without_a_session_in_the_header(self):
        recorder = self.rig()
        for silent in (False, True):
            self.assertEqual(self.serial(self.client(recorder, silent)), recorder.profile["serial"])

    def test_challenge_names_realm_random_and_hash(self):
        reply = self.client(self.rig(), login=False).challenge()
        self.assertRegex(reply["params"]["realm"], r"^Login to \S+$")
        self.assertRegex(reply["params"]["random"], r"^\d+$")
        self.assertNotEqual(reply["session"], 0)

    def test_headers_of_the_answers(self):
        client = self.client(self.rig())
        client.id += 1
        client.link.send(client.packets({"id": client.id, "method": "global.keepAlive", "params": {"timeout": 60, "active": True},
                                         "session": client.session})[0])
        self.assertEqual(read(client.link)[1:], (client.session, client.id))

    def test_session_is_a_number_here_even_where_http_has_strings(self):
        for base in ("nvr16", "ptz"):
            recorder = self.rig(base)
            client = self.client(recorder, silent=True)
            self.assertIsInstance(client.session, int)
            reply = client.call("magicBox.getSerialNo")
            self.assertEqual((reply["session"], reply["params"]["sn"]), (client.session, recorder.profile["serial"]))

    def test_keep_alive_by_active_and_by_action(self):
        client = self.client(self.rig(), silent=True)
        for params in ({"timeout": 300, "active": True}, {"timeout": 300, "action": True}):
            reply = client.call("global.keepAlive", params)
            self.assertTrue(reply["result"])
            self.assertIsInstance(reply["params"]["timeout"], int)

    def test_optional_members_of_a_call(self):
        recorder = self.rig()
        client = self.client(recorder, login=False)
        self.assertTrue(client.login(passwordType="Default", ipAddr="(null)")["result"])
        self.assertEqual(client.call("magicBox.getSerialNo", magic="0x1234")["params"]["sn"], recorder.profile["serial"])
        self.assertEqual(client.call("magicBox.getSerialNo", {})["params"]["sn"], recorder.profile["serial"])

    def test_wrong_password_counts_down_and_locks_every_service(self):
        recorder = self.rig(lock={"tries": 3, "seconds": 300})
        for left in (2, 1, 0):
            reply = self.client(recorder, login=False).login(password="wrong")
            if left:
                self.assertEqual((rpc.code(reply), reply["params"]["remainLoginTimes"]), (rpc.WRONG, left))
        locked = self.client(recorder, login=False).login(password=PASSWORD)
        self.assertEqual((locked["result"], rpc.code(locked)), (False, rpc.LOCKED))
        self.assertIn(locked["params"]["remainLockSecond"], range(1, 301))
        recorder.control("/unlock", {"user": USER})
        self.client(recorder)

    def test_calls_without_a_session(self):
        recorder = self.rig()
        client = self.client(recorder, login=False)
        reply = client.call("magicBox.getSerialNo")
        self.assertFalse(reply["result"])
        self.assertIn(rpc.code(reply), rpc.NO_SESSION)
        self.assertNotIn(recorder.profile["serial"], json.dumps(reply))

    def test_logout_ends_the_session(self):
        client = self.client(self.rig())
        self.assertTrue(client.call("global.logout")["result"])
        try:
            self.assertIn(rpc.code(client.call("magicBox.getSerialNo")), rpc.NO_SESSION)
        except Closed:
            pass

    def test_events(self):
        recorder = self.rig()
        client = self.client(recorder, silent=True)
        reply = client.call("eventManager.attach", {"codes": ["All"]})
        attach = client.id
        self.assertTrue(reply["result"])
        for i in range(20):
            recorder.control("/event", {"code": "CallNoAnswered", "action": "Start" if i % 2 == 0 else "Stop", "index": i})
        for i in range(20):
            note = client.notification()
            self.assertEqual((note["method"], note["id"]), ("client.notifyEventStream", attach))
            self.assertEqual(note["params"]["SID"], reply["params"]["SID"])
            [event] = note["params"]["eventList"]
            self.assertEqual((event["Code"], event["Index"]), ("CallNoAnswered", i))
            self.assertEqual(event["Action"], "Start" if i % 2 == 0 else "Stop")

    def test_fragments_split_at_every_byte_and_merged(self):
        recorder = self.rig()
        client = self.client(recorder)
        call = {"id": 500, "method": "magicBox.getSerialNo", "params": None, "session": client.session}
        for pieces in range(1, 20):
            client.link.send(b"".join(client.packets(call, pieces, b"\n")))
            self.assertEqual(client.answer(500)["params"]["sn"], recorder.profile["serial"])
        data = b"".join(client.packets(call, 2))
        for at in range(1, len(data)):
            self.send_split(recorder, client.link, data, at)
            self.assertEqual(client.answer(500)["params"]["sn"], recorder.profile["serial"])
        calls = [dict(call, id=i) for i in range(600, 650)]
        client.link.send(b"".join(b"".join(client.packets(one)) for one in calls))
        self.assertEqual(sorted(read(client.link)[0]["id"] for _ in calls), list(range(600, 650)))

    def test_error_codes(self):
        client = self.client(self.rig())
        self.assertIn(rpc.code(client.call("noSuchService.get")), (rpc.NO_SERVICE, rpc.NO_METHOD))
        self.assertEqual(rpc.code(client.call("magicBox.noSuchMethod")), rpc.NO_METHOD)
        for body in (b"{not json", b"nonsense", b"", b'{"id":1}'):
            client.link.send(packet(body, client.session, 9))
            reply, _, number = read(client.link)
            self.assertEqual((rpc.code(reply), number), (rpc.PARSE, 9))

    def test_headers_that_lie_end_the_connection(self):
        recorder = self.rig()
        huge = b"\xff\xff\xff\x7f"
        for head in (b"GET / HTTP/1.1\r\nHost: example\r\n\r\n", MAGIC + bytes(8) + huge + bytes(4) + huge + bytes(4),
                     b"\x20\0\0\0DHXP" + bytes(24), b"\x21\0\0\0DHIP" + bytes(24)):
            client = self.client(recorder, login=False)
            client.link.send(head)
            self.assert_closed(client.link)
        self.client(recorder)
