"""Logins of HTTP devices: JSON-RPC with each kind of challenge, CGI only, and devices that point elsewhere."""

import base64
import json

from device import PASSWORD, SERIAL, USER, Case, gen1, watch
from http_device import Device, response


def log_in(device, **options):
    with device.listen() as listener:
        return watch(control="http", http_port=listener.port, **options), listener


class HttpRpc(Case):
    def check_accepted(self, device, kind="rpc_digest", **options):
        seen, listener = log_in(device, **options)
        self.assertIsNone(seen["error"], seen)
        self.assertEqual((seen["login"]["login"], seen["login_attempts"], len(device.passwords)), (kind, 1, 1))
        return seen, listener

    def test_each_form_of_session_and_challenge(self):
        for code in (268632079, 401):
            for first, second in ((2147483643, 1143535103), ("8acf34e5ab01", "9bd045f6bc12"), (2147483643, "9bd0"), ("8acf", "8acf"), (7, 7)):
                with self.subTest(code=code, first=first, second=second):
                    device = Device()
                    device.challenge_code, device.first_session, device.second_session = code, first, second
                    seen, listener = self.check_accepted(device, call="echo.call", params='{"a":[1,null,"x"]}')
                    self.check_secret(listener)
                    self.assertIsNone(seen["call_error"], seen)
                    self.assertEqual(json.loads(seen["call"])["params"], {"a": [1, None, "x"]})

    def test_says_who_it_is(self):
        seen, _ = self.check_accepted(Device())
        self.assertEqual((seen["login"]["serial"], seen["login"]["model"]), (SERIAL, "DH-HTTP"))

    def test_never_uses_a_bypass(self):
        device = Device()
        self.check_accepted(device)
        logins = [call["params"] for target, call in device.calls if call["method"] == "global.login"]
        self.assertEqual(logins[0]["password"], "")
        for params in logins:
            self.assertIn(params.get("clientType"), ("Web3.0", "Dahua3.0-Web3.0"))
            self.assertIn(params.get("loginType", "Direct"), ("Direct",))

    def test_readable_challenges_need_permission(self):
        basic = base64.b64encode(f"{USER}:{PASSWORD}".encode())
        for encryption in ("Basic", "Plain", "WatchNet", "Surprise", ""):
            with self.subTest(encryption=encryption):
                device = Device()
                device.encryption, device.cgi = encryption, False
                seen, listener = log_in(device)
                self.assertIn(seen["error"]["code"], ("plaintext_refused", "unsupported", "login_refused", "malformed"))
                self.check_secret(listener)
                self.assertNotIn(basic, listener.received())
                self.assertEqual(device.passwords, [])

    def test_readable_challenges_with_permission(self):
        for encryption in ("Basic", "Plain", "WatchNet"):
            with self.subTest(encryption=encryption):
                device = Device()
                device.encryption = encryption
                self.check_accepted(device, "rpc_basic", plaintext=1)

    def test_old_digest(self):
        device = Device()
        device.encryption, device.cgi = "OldDigest", False
        seen, listener = log_in(device)
        self.check_refused(seen, "legacy_login_needed")
        self.assertNotIn(gen1(PASSWORD).encode(), listener.received())
        seen, _ = log_in(device, legacy=1)
        self.assertIsNone(seen["error"], seen)

    def test_a_success_without_a_challenge_gets_no_password(self):
        class Open(Device):
            cgi = False

            def login(self, call):
                return {"result": True, "params": {"keepAliveInterval": 60}, "session": self.second_session}

        device = Open()
        _, listener = log_in(device)
        self.check_secret(listener)
        self.assertTrue(all(call["params"]["password"] == "" for target, call in device.calls if target == "/RPC2_Login"))

    def test_a_challenge_without_realm_or_random_gets_no_password(self):
        for missing in ("realm", "random", "encryption"):

            class Half(Device):
                cgi = False

                def challenge_params(self):
                    return {k: v for k, v in super().challenge_params().items() if k != missing}

            with self.subTest(missing=missing):
                device = Half()
                seen, listener = log_in(device)
                self.assertIsNotNone(seen["error"])
                self.check_secret(listener)
                self.assertEqual(device.passwords, [])

    def test_each_refusal_of_the_notes(self):
        rows = {
            268632085: "wrong_password",
            268632081: "locked",
            268632086: "not_initialised",
            268632070: "wrong_user",
            268632071: "wrong_password",
            268632073: "blocked",
            268632074: "already_logged_in",
            268632075: "device_busy",
        }
        for code, name in rows.items():
            with self.subTest(code=code):
                device = Device()
                device.login_error = (code, {"remainLockSecond": 30, "remainLoginTimes": 3})
                seen, _ = log_in(device)
                self.check_refused(seen, name)
                self.assertEqual((seen["error"]["device_code"], len(device.passwords)), (code, 1))

    def test_what_a_refusal_leaves(self):
        device = Device()
        device.login_error = (268632081, {"remainLockSecond": 1800, "remainLoginTimes": 0})
        self.assertEqual(log_in(device)[0]["error"]["seconds_left"], 1800)
        device.login_error = (268632085, {"remainLockSecond": 0, "remainLoginTimes": 2})
        self.assertEqual(log_in(device)[0]["error"]["tries_left"], 2)

    def test_refused_credentials_are_not_sent_again(self):
        device = Device()
        seen, _ = log_in(device, password="another", logins=3)
        self.check_refused(seen, "wrong_password")
        self.assertEqual(len(device.passwords), 1)

    def test_both_shapes_of_a_refused_call(self):
        for shape in ({"error": {"code": 268894211, "message": "x"}}, {"errCode": 268894211, "message": "x"}):

            class Refusing(Device):
                def call(self, call):
                    return {"result": False, **shape} if call["method"] == "echo.call" else super().call(call)

            seen, _ = self.check_accepted(Refusing(), call="echo.call")
            self.assertEqual(seen["call_error"]["device_code"], 268894211)


class HttpCgi(Case):
    def device(self, *challenges, algorithms=("MD5",)):
        device = Device()
        device.rpc2 = False
        if challenges:
            device.digests, device.algorithms = challenges, algorithms
        return device

    def check_accepted(self, device, kind="http_digest", **options):
        seen, listener = log_in(device, **options)
        self.assertIsNone(seen["error"], seen)
        self.assertEqual((seen["login"]["login"], seen["login"]["serial"]), (kind, SERIAL))
        return listener

    def test_digest(self):
        head = 'Digest realm="{realm}", nonce="{nonce}"'
        for form in (head + ', qop="auth", opaque="5c"', head, head + ',qop="auth,auth-int"', head + ', algorithm=MD5, qop="auth"', head + ", stale=FALSE, qop=auth"):
            with self.subTest(form=form):
                listener = self.check_accepted(self.device(form))
                self.check_secret(listener)

    def test_digest_with_session(self):
        self.check_accepted(self.device('Digest realm="{realm}", nonce="{nonce}", qop="auth", algorithm=MD5-sess', algorithms=("MD5-sess",)))

    def test_sha_256(self):
        sha = 'Digest realm="{realm}", nonce="{nonce}", qop="auth", algorithm=SHA-256'
        md5 = 'Digest realm="{realm}", nonce="{nonce}", qop="auth", algorithm=MD5'
        for challenges in ((sha,), (md5, sha), (sha, md5)):
            with self.subTest(challenges=challenges):
                self.check_accepted(self.device(*challenges, algorithms=("SHA-256",)))

    def test_an_unknown_algorithm_gets_nothing(self):
        device = self.device('Digest realm="{realm}", nonce="{nonce}", qop="auth", algorithm=MD6')
        seen, listener = log_in(device)
        self.assertIsNotNone(seen["error"])
        self.assertNotIn(b"Authorization", listener.received())

    def test_basic_needs_permission(self):
        class BasicDevice(Device):
            rpc2 = False
            digests = ('Basic realm="{realm}"',)

            def is_authorised(self, given, method, target):
                return given == "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()

        seen, listener = log_in(BasicDevice())
        self.check_refused(seen, "plaintext_refused")
        self.assertNotIn(b"Authorization", listener.received())
        self.check_accepted(BasicDevice(), "http_basic", plaintext=1)

    def test_digest_is_taken_where_basic_is_offered_too(self):
        device = self.device('Basic realm="{realm}"', 'Digest realm="{realm}", nonce="{nonce}", qop="auth"')
        listener = self.check_accepted(device, plaintext=1)
        self.assertNotIn(b"Authorization: Basic", listener.received())

    def test_a_wrong_password_is_sent_once(self):
        device = self.device()
        seen, _ = log_in(device, password="another", logins=2)
        self.check_refused(seen, "wrong_password")
        self.assertEqual(len([1 for _, _, headers in device.requests if "authorization" in headers]), 1)

    def test_locked(self):
        for status, body in ((403, b'{"ErrorCode":268632081,"Result":false,"RmLock":1800,"RmLogin":0}'), (403, b"Error\r\nUser Locked! Please try again after 30 minutes.")):

            class Locked(Device):
                rpc2 = False

                def is_authorised(self, given, method, target):
                    return given != ""

                def answer(self, method, target, headers, body_):
                    return response(status, body) if "authorization" in headers else super().answer(method, target, headers, body_)

            with self.subTest(body=body):
                seen, _ = log_in(Locked())
                self.check_refused(seen, "locked")
                self.assertEqual(seen["error"].get("seconds_left"), 1800)


class HttpElsewhere(Case):
    def test_a_redirect_takes_no_credentials_to_another_place(self):
        for status in (301, 302, 303, 307, 308):
            other = Device()
            with other.listen() as thief:

                class Pointing(Device):
                    def answer(self, method, target, headers, body):
                        if "authorization" in headers or b'"password"' in body and b'"password":""' not in body.replace(b" ", b""):
                            raise AssertionError("credentials were sent to a device that only redirects")
                        return response(status, Location=f"http://localhost:{thief.port}{target}")

                with self.subTest(status=status):
                    seen, listener = log_in(Pointing())
                    self.assertIsNotNone(seen["error"])
                    self.check_secret(listener)
                    self.assertEqual(thief.received(), b"")

    def test_a_redirect_after_the_challenge(self):
        other = Device()
        with other.listen() as thief:

            class Pointing(Device):
                rpc2 = False

                def answer(self, method, target, headers, body):
                    if "authorization" in headers:
                        return response(302, Location=f"http://localhost:{thief.port}{target}")
                    return super().answer(method, target, headers, body)

            seen, _ = log_in(Pointing())
            self.assertIsNotNone(seen["error"])
            self.assertEqual(thief.received(), b"")
