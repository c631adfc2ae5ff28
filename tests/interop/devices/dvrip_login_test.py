"""Logins of DVRIP devices: challenges, each verdict of the notes, old recorders, JSON answers in pieces."""

import json

from device import SERIAL, Case, watch
from dvrip import Device, accepted, challenge, digest_body, frame, refused

REALM_REQUEST = bytes.fromhex("a0050060 00000000 0000000000000000 0000000000000000 05020001 0000a1aa")
DIGEST_TAIL = bytes.fromhex("05020008 0000a1aa")
# The published hashes of the old login.
OLD_USER, OLD_PASSWORD = "admin", "donotuse"
GEN0 = bytes.fromhex("c4a3af489956b6b4 54abaeb60121d671")


def log_in(device, **options):
    with device.listen() as listener:
        return watch(control="dvrip", port=listener.port, **options), listener


class DvripDigest(Case):
    def check_accepted(self, device, **options):
        seen, listener = log_in(device, **options)
        self.assertIsNone(seen["error"], seen)
        self.assertEqual(seen["login"]["login"], "dvrip_digest")
        self.assertEqual(seen["login_attempts"], 1)
        self.check_secret(listener)
        return seen

    def test_sends_the_bytes_of_the_notes(self):
        device = Device()
        seen = self.check_accepted(device)
        self.assertEqual(device.asked[0], (REALM_REQUEST, b""))
        [(header, body)] = device.credentials
        self.assertEqual(header[:4], bytes.fromhex("a0050060"))
        self.assertEqual(header[8:24], bytes(16))
        self.assertEqual(header[24:], DIGEST_TAIL)
        self.assertEqual(body, digest_body())
        self.assertEqual((seen["login"]["serial"], seen["login"]["route"]), (SERIAL, "dvrip"))

    def test_accepts_each_header_dialect(self):
        for byte1, byte3 in ((0, 0x68), (1, 0x68), (0, 0x58), (0, 0)):
            with self.subTest(byte1=byte1, byte3=byte3):
                device = Device()
                device.byte1, device.byte3 = byte1, byte3
                self.check_accepted(device)

    def test_a_challenge_is_known_by_its_text(self):
        class Odd(Device):
            def first_login(self, link, header, body):
                link.send(frame(b"\xb0\0\0\x58", f"Realm:Login to {SERIAL}\r\nRandom:1852772904\r\n\r\n\0".encode()))

        self.check_accepted(Odd())

    def test_a_realm_of_another_brand(self):
        class Brand(Device):
            realm = "Device 4M, cam: 2"

            def first_login(self, link, header, body):
                link.send(challenge(realm=self.realm))

            def login(self, link, header, body):
                self.control = link
                if not body:
                    return self.first_login(link, header, body)
                good = body == digest_body(realm=self.realm)
                link.send(accepted() if good else refused(1, 0))

        self.check_accepted(Brand())

    def test_names_its_class_and_unsolicited_frames_come_first(self):
        class Busy(Device):
            channels = 4
            unsolicited = frame(b"\x69\0\0\x68\0\0\0\0\2\0\0\0\1") + frame(b"\xb3", b"junk") + frame(b"\xee\0\0\0", bytes(40))

            def accept(self):
                return accepted(channels=self.channels, body=b"DeviceClass:VTO\r\nDeviceType:VTO6210B\r\n\r\n")

        seen = self.check_accepted(Busy())
        self.assertEqual((seen["login"]["channels"], seen["login"]["class"]), (4, "VTO"))

    def test_both_dialects_of_channel_names(self):
        class Named(Device):
            dialects = ()

            def names(self, link, header, body):
                if header[8] in self.dialects:
                    super().names(link, b"\0" * 8 + b"\1", body)

        class EmptyFirst(Device):
            def names(self, link, header, body):
                if header[8] == 0:
                    link.send(frame(b"\xb8\0\0\x68"))
                super().names(link, header, body)

        devices = [Named(), Named(), Named(), EmptyFirst()]
        for device, dialects in zip(devices, ((0,), (1,), (0, 1))):
            device.dialects = dialects
        for device in devices:
            device.channels = 3
            self.assertEqual(self.check_accepted(device)["login"]["names"], ["Camera 1", "Camera 2", "Camera 3"])

    def test_an_answer_byte_by_byte(self):
        class Slow(Device):
            def login(self, link, header, body):
                whole = link.send
                link.send = lambda data: [whole(data[i : i + 1]) for i in range(len(data))]
                super().login(link, header, body)
                link.send = whole

        self.check_accepted(Slow())


class DvripVerdict(Case):
    ROWS = {
        (1, 0x00): "wrong_password",
        (1, 0x01): "wrong_user",
        (1, 0x04): "locked",
        (1, 0x05): "blocked",
        (1, 0x11): "not_initialised",
        (3, 0x03): "already_logged_in",
        (1, 0x77): "login_refused",
        (9, 0x09): "login_refused",
    }

    def test_each_row_of_the_notes(self):
        for (first, second), code in self.ROWS.items():
            with self.subTest(first=first, second=second):
                device = Device()
                device.verdict = refused(first, second)
                seen, listener = log_in(device)
                self.check_refused(seen, code)
                self.check_secret(listener)
                self.assertEqual(seen["error"]["device_code"], 256 * first + second)

    def test_refused_credentials_are_not_sent_again(self):
        for second in (0x00, 0x01, 0x04, 0x05):
            with self.subTest(second=second):
                device = Device()
                device.verdict = refused(1, second)
                seen, _ = log_in(device, logins=3)
                self.assertEqual((seen["login_attempts"], len(device.credentials)), (1, 1))

    def test_not_implemented_is_a_refusal(self):
        device = Device()
        device.verdict = refused(1, 0x13)
        seen, _ = log_in(device)
        self.assertIsNotNone(seen["error"])
        self.assertIn(seen["error"]["code"], ("login_refused", "unsupported", "legacy_login_needed"))

    def test_attempts_left(self):
        device = Device()
        device.verdict = refused(1, 0, tries=4)
        seen, _ = log_in(device)
        self.assertEqual(seen["error"]["tries_left"], 4)

    def test_time_left_of_a_lock(self):
        device = Device()
        device.verdict = refused(1, 4, body=b"LockLeftTime:1800\r\n\r\n")
        seen, _ = log_in(device)
        self.check_refused(seen, "locked")
        self.assertEqual(seen["error"].get("seconds_left"), 1800)

    def test_a_session_left_in_a_refusal(self):
        device = Device()
        device.verdict = refused(1, 0, session=0x4428F5FF)
        seen, _ = log_in(device)
        self.check_refused(seen, "wrong_password")

    def test_wrong_password(self):
        device = Device()
        seen, listener = log_in(device, password="another-one")
        self.check_refused(seen, "wrong_password")
        self.check_secret(listener, "another-one")

    def test_a_device_that_closes_after_the_verdict(self):
        class Closing(Device):
            verdict = refused(1, 1)

            def login(self, link, header, body):
                super().login(link, header, body)
                if body:
                    link.sock.close()

        seen, _ = log_in(Closing())
        self.check_refused(seen, "wrong_user")


class Old(Device):
    """Answers a realm request with a verdict; knows the logins in `knows`."""

    json = False

    def __init__(self, knows, user=OLD_USER, password=OLD_PASSWORD):
        super().__init__()
        self.knows, self.user, self.password = knows, user.encode(), password.encode()
        self.tried = []

    def login(self, link, header, body):
        self.control = link
        known = {
            "gen0": header[8:24] == GEN0,
            "short": header[:4] == b"\xa0\0\0\x60" and header[8:24] == self.user.ljust(8, b"\0") + self.password.ljust(8, b"\0"),
            "long": header[:4] == b"\xa0\0\0\x60" and body.startswith(self.user + b"&&" + self.password),
        }
        kinds = [kind for kind, match in known.items() if match]
        self.tried += kinds
        good = any(kind in self.knows for kind in kinds)
        link.send(accepted(byte3=0x58) if good else refused(1, 0))


class DvripOld(Case):
    def test_nothing_is_sent_unless_allowed(self):
        for knows in (["gen0"], ["short"], ["long"], []):
            device = Old(knows)
            seen, listener = log_in(device, password=OLD_PASSWORD)
            self.check_refused(seen, "legacy_login_needed")
            self.check_secret(listener, OLD_PASSWORD)
            self.assertNotIn(GEN0[8:], listener.received())
            self.assertEqual(device.tried, [])

    def test_plain_short(self):
        seen, _ = log_in(Old(["short"]), password=OLD_PASSWORD, legacy=1)
        self.assertIsNone(seen["error"], seen)
        self.assertEqual(seen["login"]["login"], "dvrip_plain")

    def test_plain_long(self):
        seen, _ = log_in(Old(["long"], password="longer-than-eight"), password="longer-than-eight", legacy=1)
        self.assertIsNone(seen["error"], seen)
        self.assertEqual(seen["login"]["login"], "dvrip_plain")

    def test_gen0(self):
        device = Old(["gen0"])
        seen, listener = log_in(device, password=OLD_PASSWORD, legacy=2)
        self.assertIsNone(seen["error"], seen)
        self.assertEqual(seen["login"]["login"], "dvrip_gen0")
        self.assertEqual(seen["login_attempts"], 1)
        self.check_secret(listener, OLD_PASSWORD)

    def test_only_the_login_that_was_named(self):
        for legacy, knows, tried in ((1, "gen0", ["short"]), (2, "short", ["gen0"])):
            device = Old([knows])
            seen, _ = log_in(device, password=OLD_PASSWORD, legacy=legacy)
            self.check_refused(seen, "wrong_password")
            self.assertEqual(device.tried, tried)

    def test_a_device_that_knows_digest_gets_no_old_login(self):
        device = Device()
        device.verdict = refused(1, 0)
        seen, listener = log_in(device, legacy=1)
        self.check_refused(seen, "wrong_password")
        self.check_secret(listener)

    def test_a_device_without_json(self):
        seen, _ = log_in(Old(["short"]), password=OLD_PASSWORD, legacy=1, call="magicBox.getSystemInfo", call_ms=1500)
        self.assertIsNone(seen["call"])
        self.assertIn(seen["call_error"]["code"], ("unsupported", "timeout"))


class DvripJson(Case):
    PARAMS = {"text": "x" * 3000, "nested": [1, {"deep": None}]}

    def call(self, device, **options):
        seen, _ = log_in(device, call="echo.call", params=json.dumps(self.PARAMS), **options)
        return seen

    def check_echo(self, seen):
        self.assertIsNone(seen["call_error"], seen)
        reply = json.loads(seen["call"])
        self.assertEqual((reply["params"], reply["result"]), (self.PARAMS, True))

    def test_in_one_piece(self):
        self.check_echo(self.call(Device()))

    def test_in_many_pieces(self):
        for size in (1, 7, 1000, 3000):
            device = Device()
            device.json_piece = size
            self.check_echo(self.call(device))

    def test_with_every_trailer(self):
        for trailer in (b"", b"\n", b"\n\0", b"\0", b" \n\0\0", b"\r\n"):
            device = Device()
            device.json_trailer = trailer
            self.check_echo(self.call(device))

    def test_after_a_notification_and_an_answer_to_nobody(self):
        class Noisy(Device):
            def rpc(self, link, header, body):
                for note in ({"id": 8, "method": "client.notifyEventStream", "params": {"SID": 513}}, {"id": 999999, "result": False}):
                    link.send(self.fragments(note["id"], json.dumps(note).encode()))
                super().rpc(link, header, body)

        self.check_echo(self.call(Noisy()))

    def test_a_refusal_in_both_shapes(self):
        for error in ({"error": {"code": 268894210, "message": "Method not found"}}, {"errCode": 268894210, "message": "Method not found"}):

            class Refusing(Device):
                def answer(self, method, params):
                    return {"result": False, **error} if method == "echo.call" else super().answer(method, params)

            seen = self.call(Refusing())
            self.assertEqual(seen["call_error"]["device_code"], 268894210)

    def test_no_answer_ends_in_a_timeout(self):
        class Silent(Device):
            def rpc(self, link, header, body):
                if b"echo.call" not in body:
                    super().rpc(link, header, body)

        self.assertEqual(self.call(Silent(), call_ms=1000)["call_error"]["code"], "timeout")
