"""A DHIP device (TCP 5000): JSON-RPC in 32-byte headers, in pieces and glued together."""

import json
import struct

import http_device
from device import PASSWORD, SERIAL, Case, Listener, gen1, watch

PARAMS = {"text": "y" * 2500, "deep": [[[1]]]}


def message(ident, session, data, piece=1 << 20):
    """The fragments of one message, each behind a header."""
    out = []
    for at in range(0, len(data), piece):
        part = data[at : at + piece]
        out.append(b"\x20\0\0\0DHIP" + struct.pack("<IIIIII", session, ident, len(part), 0, len(data), 0) + part)
    return out


class Device(http_device.Device):
    """The JSON of the HTTP device in DHIP's dress."""

    first_session = 1722306858
    second_session = 1722306859
    piece = 1 << 20
    header_session = None  # of answers; None: the JSON's
    trailer = b"\n"
    before = ()  # objects sent in front of each answer, in its segment

    def listen(self):
        return Listener(self.serve)

    def serve(self, link):
        self.headers = []
        while True:
            header = link.read(32)
            size, total = struct.unpack("<I", header[16:20])[0], struct.unpack("<I", header[24:28])[0]
            assert header[:8] == b"\x20\0\0\0DHIP" and size == total, header.hex()
            self.headers.append(header)
            call = json.loads(link.read(size).rstrip(b"\n\0"))
            self.calls.append(("dhip", call))
            reply = self.login(call) if call["method"] == "global.login" else self.call(call)
            answer = {"id": call["id"], "session": self.second_session, **reply}
            link.send(b"".join(self.dress(answer)))

    def dress(self, answer):
        session = answer["session"] if self.header_session is None else self.header_session
        packets = [p for one in self.before for p in message(one["id"], session, json.dumps(one).encode() + b"\n")]
        return packets + message(answer["id"], session, json.dumps(answer).encode() + self.trailer, self.piece)


def log_in(device, **options):
    with device.listen() as listener:
        return watch(control="dhip", dhip_port=listener.port, **options), listener


class Dhip(Case):
    def check_call(self, device, **options):
        seen, listener = log_in(device, call="echo.call", params=json.dumps(PARAMS), **options)
        self.assertIsNone(seen["error"], seen)
        self.assertIsNone(seen["call_error"], seen)
        self.assertEqual(json.loads(seen["call"])["params"], PARAMS)
        self.assertEqual((seen["login"]["login"], seen["login"]["route"], seen["login"]["serial"]), ("rpc_digest", "dhip", SERIAL))
        self.check_secret(listener)
        return seen

    def test_login_and_call(self):
        device = Device()
        self.check_call(device)
        first = device.headers[0]
        self.assertEqual((first[8:12], first[20:24], first[28:32]), (bytes(4), bytes(4), bytes(4)))

    def test_the_older_challenge(self):
        device = Device()
        device.challenge_code = 401
        self.check_call(device)

    def test_answers_in_pieces(self):
        for piece in (1, 13, 1024, 2500):
            device = Device()
            device.piece = piece
            self.check_call(device)

    def test_header_sessions_are_not_enforced(self):
        for session in (0, 0xFFFFFFFF):
            device = Device()
            device.header_session = session
            self.check_call(device)

    def test_trailers(self):
        for trailer in (b"", b"\n", b"\n\0", b"\0\0", b" \r\n"):
            device = Device()
            device.trailer = trailer
            self.check_call(device)

    def test_notifications_in_the_segment_of_an_answer(self):
        event = {"Action": "Start", "Code": "CrossRegionDetection", "Index": 0}
        note = {"id": 8, "method": "client.notifyEventStream", "params": {"SID": 513, "eventList": [event]}, "session": 1722306858}
        device = Device()
        device.before = (note, note, {"id": 4711, "result": True})
        self.check_call(device)

    def test_glued_objects_in_one_message(self):
        class Gluing(Device):
            def dress(self, answer):
                note = json.dumps({"id": 8, "method": "client.notifyEventStream", "params": {}}).encode()
                return message(answer["id"], 0, note + b"\n" + json.dumps(answer).encode() + b"\n", 100)

        self.check_call(Gluing())

    def test_readable_logins_need_permission(self):
        for encryption in ("Plain", "Basic", "WatchNet", "Surprise", "", "OldDigest"):
            with self.subTest(encryption=encryption):
                device = Device()
                device.encryption = encryption
                seen, listener = log_in(device)
                self.assertIn(seen["error"]["code"], ("plaintext_refused", "unsupported", "legacy_login_needed"))
                self.check_secret(listener)
                self.assertEqual(device.passwords, [])

    def test_old_digest_with_permission(self):
        device = Device()
        device.encryption = "OldDigest"
        seen, listener = log_in(device, legacy=1)
        self.assertIsNone(seen["error"], seen)
        self.assertEqual(device.passwords, [gen1(PASSWORD)])

    def test_refusals(self):
        for code, name in ((268632085, "wrong_password"), (268632081, "locked"), (268632086, "not_initialised"), (268632073, "blocked")):
            device = Device()
            device.login_error = (code, {"remainLockSecond": 30, "remainLoginTimes": 1})
            seen, _ = log_in(device, logins=2)
            self.assertEqual(len(device.passwords), 1 if name in ("wrong_password", "locked", "blocked") else 2)
            seen, _ = log_in(device)
            self.check_refused(seen, name)

    def test_a_session_that_is_gone(self):
        class Forgetful(Device):
            def call(self, call):
                if call["method"] == "echo.call":
                    return {"result": False, "error": {"code": 287637505, "message": "Invalid session"}}
                return super().call(call)

        seen, _ = log_in(Forgetful(), call="echo.call")
        self.assertEqual((seen["call_error"]["code"], seen["call_error"]["device_code"]), ("session_expired", 287637505))
