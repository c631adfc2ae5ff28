"""Logins on 37777: every variant that clients are known to send, refusals and locks."""

import time

from clients import hashes
from clients.dvrip import (Dvrip, digest_login, gen0_login, message, plain_long, plain_random, plain_short, realm_request)
from clients.wire import LIMIT, PASSWORD, USER, ClientCase

EVERY = {"dvrip": {"logins": ["digest", "plain", "gen0"]}}
SHORT = "pass12"


class DvripLogin(ClientCase):
    def client(self, recorder):
        return Dvrip(self.link(recorder.ports["dvrip"]))

    def check_accepted(self, client, answer):
        """The verdict as laid out, and a session that works."""
        self.assertEqual(answer.verdict(), (0, 8))
        self.assertNotEqual(client.session, 0)
        self.assertEqual(answer.head[20:28], bytes.fromhex("010000000600f900"))
        self.assertEqual(answer.head[30:32], bytes.fromhex("0002"))
        self.assertIn(answer.head[3], (0x58, 0x68))
        self.assertIsNotNone(client.query(0x07))

    def check_refused(self, answer, reason, left=None):
        self.assertEqual(answer.verdict(), (1, reason))
        self.assertEqual(answer.number(16), 0, "no session in a refusal")
        if left is not None:
            self.assertEqual(answer.head[28:30], left.to_bytes(2, "big"))

    def check_logs_in(self, recorder, request):
        client = self.client(recorder)
        self.check_accepted(client, client.login(request))

    def every(self):
        recorder = self.rig(**EVERY)
        recorder.control("/password", {"user": USER, "password": SHORT})
        return recorder

    def test_challenge_is_laid_out_as_captured(self):
        recorder = self.rig()
        answer = self.client(recorder).login(realm_request())
        rest = bytes.fromhex("010e01000000000000000000" "01000000" "0600f90000000002")
        self.assertEqual(answer.head[:1] + answer.head[8:32], b"\xb0" + rest)
        self.assertRegex(answer.body, rb"\ARealm:Login to [^\r\n]+\r\nRandom:\d+\r\n\r\n\Z")

    def test_every_form_of_the_realm_request_is_challenged(self):
        recorder = self.rig()
        leak = gen0_login(USER, PASSWORD, first=b"\xa0\x01\0\0")
        requests = [realm_request(), realm_request(b"\xa0\x01\0\0"), leak,
                    realm_request(b"\xa0\x01\0\0", bytes.fromhex("050201010000a1aa"))]
        for request in requests:
            with self.subTest(request=request.hex()):
                client = self.client(recorder)
                realm, random = client.challenge(request)
                halves = hashes.h2(USER, PASSWORD, realm, random) + hashes.h1(USER, PASSWORD, random)
                self.check_accepted(client, client.login(digest_login(USER, halves)))

    def test_digest_in_both_headers_and_with_the_faulty_second_half(self):
        recorder = self.rig()
        for first in (b"\xa0\x05\0\x60", b"\xa0\x05\0\0"):
            for faulty in (False, True):
                with self.subTest(first=first.hex(), faulty=faulty):
                    client = self.client(recorder)
                    realm, random = client.challenge()
                    second = hashes.faulty_h1(PASSWORD) if faulty else hashes.h1(USER, PASSWORD, random)
                    request = digest_login(USER, hashes.h2(USER, PASSWORD, realm, random) + second, first)
                    self.check_accepted(client, client.login(request))

    def test_digest_over_another_challenge_is_refused(self):
        recorder = self.rig()
        first, second = self.client(recorder), self.client(recorder)
        realm, random = first.challenge()
        second.challenge()
        halves = hashes.h2(USER, PASSWORD, realm, random) + hashes.h1(USER, PASSWORD, random)
        self.check_refused(second.login(digest_login(USER, halves)), 0)

    def test_plain_short(self):
        self.check_logs_in(self.every(), plain_short(USER, SHORT))

    def test_plain_long(self):
        recorder = self.rig(**EVERY)
        self.check_logs_in(recorder, plain_long(USER, PASSWORD))
        self.check_logs_in(recorder, plain_long(USER, PASSWORD, bytes.fromhex("0402030001a1aa00")))

    def test_plain_long_with_the_short_fields_filled(self):
        recorder = self.every()
        fields = {8: USER.encode().ljust(8, b"\0"), 16: SHORT.encode().ljust(8, b"\0")}
        self.check_logs_in(recorder, plain_long(USER, SHORT, fields=fields))

    def test_plain_with_random(self):
        self.check_logs_in(self.every(), plain_random(USER, SHORT))

    def test_plain_with_random_and_a_long_password(self):
        self.check_logs_in(self.rig(**EVERY), plain_random(USER, PASSWORD))

    def test_gen0_and_its_second_form(self):
        recorder = self.every()
        self.check_logs_in(recorder, gen0_login(USER, SHORT))
        client = self.client(recorder)
        answer = client.login(gen0_login(USER, SHORT, b"\xa0\x05\0\x60", bytes.fromhex("040200010000a1aa")))
        self.assertEqual(answer.verdict(), (0, 8))

    def test_old_recorder_knows_no_challenge(self):
        recorder = self.rig("olddvr")
        answer = self.client(recorder).login(realm_request())
        self.assertNotEqual(answer.head[8], 0)
        self.assertNotIn(b"Random:", answer.body)
        self.assertEqual(self.client(recorder).login(plain_long(USER, PASSWORD)).head[3], 0x58)
        recorder.control("/password", {"user": USER, "password": SHORT})
        for request in (plain_short(USER, SHORT), plain_long(USER, SHORT), plain_random(USER, SHORT), gen0_login(USER, SHORT)):
            self.check_logs_in(recorder, request)

    def test_recorder_in_security_mode_refuses_old_logins(self):
        recorder = self.rig()
        recorder.control("/password", {"user": USER, "password": SHORT})
        for request in (plain_short(USER, SHORT), plain_long(USER, SHORT), plain_random(USER, SHORT), gen0_login(USER, SHORT)):
            with self.subTest(request=request.hex()):
                client = self.client(recorder)
                answer = client.login(request)
                self.assertNotEqual(answer.head[8], 0)
                self.assertEqual(client.session, 0)

    def test_wrong_password_counts_down_to_the_lock(self):
        recorder = self.rig(lock={"tries": 3, "seconds": 300})
        for left in (2, 1):
            self.check_refused(self.client(recorder).digest(password="wrong"), 0, left)
        self.assertNotEqual(self.client(recorder).digest(password="wrong").head[8], 0)
        for password in ("wrong", PASSWORD):
            answer = self.client(recorder).digest(password=password)
            self.check_refused(answer, 4)
            if answer.body:
                self.assertIn(int(answer.text()["LockLeftTime"]), range(1, 301))
        recorder.control("/unlock", {"user": USER})
        client = self.client(recorder)
        self.check_accepted(client, client.digest())

    def test_lock_ends_when_its_time_is_over(self):
        recorder = self.rig(lock={"tries": 1, "seconds": 2})
        self.assertNotEqual(self.client(recorder).digest(password="wrong").head[8], 0)
        end = time.monotonic() + LIMIT
        verdicts = []
        while verdicts[-1:] != [(0, 8)] and time.monotonic() < end:
            client = self.client(recorder)
            verdicts.append(client.digest().verdict())
            client.link.close()
        self.assertEqual(verdicts[0], (1, 4))
        self.assertEqual(set(verdicts[:-1]), {(1, 4)})
        self.assertEqual(verdicts[-1], (0, 8))

    def test_right_password_forgets_the_wrong_ones(self):
        recorder = self.rig(lock={"tries": 3, "seconds": 300})
        for _ in range(3):
            self.check_refused(self.client(recorder).digest(password="wrong"), 0, 2)
            client = self.client(recorder)
            self.check_accepted(client, client.digest())

    def test_wrong_password_is_refused_in_every_variant(self):
        recorder = self.rig(**EVERY, lock={"tries": 50, "seconds": 300})
        recorder.control("/password", {"user": USER, "password": SHORT})
        requests = [plain_short(USER, "wrong"), plain_long(USER, "wrong"), plain_random(USER, "wrong"), gen0_login(USER, "wrong"),
                    plain_long(USER, ""), plain_short(USER, ""), plain_long(USER, SHORT + "x"), plain_long(USER, SHORT[:-1])]
        for left, request in zip(range(49, 0, -1), requests):
            with self.subTest(request=request.hex()):
                self.check_refused(self.client(recorder).login(request), 0, left)

    def test_unknown_user_is_told_so(self):
        recorder = self.rig(**EVERY)
        self.check_refused(self.client(recorder).digest(user="nobody"), 1)
        self.check_refused(self.client(recorder).login(plain_long("nobody", "x")), 1)

    def test_halves_of_the_digest_that_are_wrong(self):
        recorder = self.rig(lock={"tries": 50, "seconds": 300})
        for halves in ("0" * 64, "Z" * 64, "0" * 63, "0" * 65, "0" * 4000):
            with self.subTest(halves=halves[:65]):
                client = self.client(recorder)
                client.challenge()
                self.assertNotEqual(client.login(digest_login(USER, halves)).head[8], 0)
                self.assertEqual(client.session, 0)

    def test_first_half_alone_is_refused_in_silence(self):
        recorder = self.rig()
        client = self.client(recorder)
        realm, random = client.challenge()
        client.link.send(digest_login(USER, hashes.h2(USER, PASSWORD, realm, random)))
        client.challenge()

    def test_login_split_at_every_byte(self):
        recorder = self.rig()
        for at in range(1, 32):
            client = self.client(recorder)
            self.send_split(recorder, client.link, realm_request(), at)
            client.expect(0xB0).challenge()
        for at in range(1, 32 + 71):
            client = self.client(recorder)
            realm, random = client.challenge()
            halves = hashes.h2(USER, PASSWORD, realm, random) + hashes.h1(USER, PASSWORD, random)
            self.send_split(recorder, client.link, digest_login(USER, halves), at)
            self.assertEqual(client.expect(0xB0).verdict(), (0, 8))
            client.link.close()

    def test_login_and_questions_in_one_segment(self):
        recorder = self.rig()
        client = self.client(recorder)
        realm, random = client.challenge()
        halves = hashes.h2(USER, PASSWORD, realm, random) + hashes.h1(USER, PASSWORD, random)
        client.link.send(digest_login(USER, halves) + message(b"\xa1") + message(b"\xa4", fields={8: b"\x07"}) + message(b"\xa1"))
        self.assertEqual(client.expect(0xB0).verdict(), (0, 8))
        self.assertEqual(sorted(client.expect(command).command for command in (0xB1, 0xB4, 0xB1)), [0xB1, 0xB1, 0xB4])

    def test_lying_length_before_the_login_ends_the_connection(self):
        recorder = self.rig()
        for length in (0xFFFFFFFF, 0x7FFFFFFF, 64 << 20):
            client = self.client(recorder)
            client.link.send(message(b"\xa0\x05\0\x60", fields={24: realm_request()[24:]}, length=length))
            self.assert_closed(client.link)
        self.client(recorder).challenge()
