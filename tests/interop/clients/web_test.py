"""RPC2 and CGI over HTTP and HTTPS."""

import base64
import json

from clients import rpc
from clients.web import Challenge, Web, challenges, read, request
from clients.wire import PASSWORD, USER, ClientCase

SERIAL = "/cgi-bin/magicBox.cgi?action=getSerialNo"


class WebClient(ClientCase):
    def client(self, recorder, tls=False):
        return Web(self.link(recorder.ports["https" if tls else "http"], tls))

    def logged_in(self, recorder, tls=False):
        client = self.client(recorder, tls)
        self.assertTrue(client.login()["result"])
        return client


class Rpc2(WebClient):
    def test_login_with_number_and_string_sessions(self):
        for base, kind in (("nvr16", int), ("ptz", str)):
            recorder = self.rig(base)
            for tls in (False, True):
                client = self.client(recorder, tls)
                reply = client.login()
                self.assertEqual((reply["result"], type(reply["session"]), reply["id"]), (True, kind, client.id))
                self.assertGreater(reply["params"]["keepAliveInterval"], 0)
                if kind is str:
                    self.assertRegex(client.session, r"^[0-9a-f]{32}$")
                answer = client.call("magicBox.getSerialNo")
                self.assertEqual((answer["params"]["sn"], answer["session"]), (recorder.profile["serial"], client.session))

    def test_session_in_the_first_step_may_be_zero(self):
        client = self.client(self.rig())
        client.session = 0
        self.assertTrue(client.login()["result"])

    def test_session_works_on_another_connection_and_ends_by_logout(self):
        recorder = self.rig()
        client, other = self.logged_in(recorder), self.client(recorder, tls=True)
        other.session = client.session
        self.assertTrue(other.call("global.keepAlive", {"timeout": 300, "active": True})["result"])
        self.assertTrue(other.call("global.logout")["result"])
        self.assertIn(rpc.code(client.call("magicBox.getSerialNo")), rpc.NO_SESSION)

    def test_sessions_that_are_none(self):
        for base in ("nvr16", "ptz"):
            client = self.client(self.rig(base))
            for client.session in (0, 1, -1, "", "0" * 32, 1 << 70, None, 1.5, [], {}):
                with self.subTest(base=base, session=client.session):
                    reply = client.call("magicBox.getSerialNo")
                    self.assertFalse(reply["result"])

    def test_expired_session(self):
        recorder = self.rig()
        client = self.logged_in(recorder)
        recorder.control("/expire", {})
        self.assertIn(rpc.code(client.call("magicBox.getSerialNo")), rpc.NO_SESSION)
        self.assertTrue(client.login()["result"])

    def test_wrong_password_and_unknown_user(self):
        recorder = self.rig()
        reply = self.client(recorder).login(password="wrong")
        self.assertEqual((reply["result"], rpc.code(reply)), (False, rpc.WRONG))
        self.assertEqual(reply["params"], {"remainLockSecond": 0, "remainLoginTimes": 4})
        nobody = self.client(recorder).login(user="nobody")
        self.assertFalse(nobody["result"])
        self.assertIn(rpc.code(nobody), (rpc.WRONG, 268632070))

    def test_lock_tells_how_long(self):
        recorder = self.rig(lock={"tries": 2, "seconds": 300})
        for _ in range(2):
            self.assertFalse(self.client(recorder).login(password="wrong")["result"])
        reply = self.client(recorder).login()
        self.assertEqual((reply["result"], rpc.code(reply)), (False, rpc.LOCKED))
        self.assertIn(reply["params"]["remainLockSecond"], range(1, 301))

    def test_answer_to_an_old_challenge_is_refused(self):
        client = self.client(self.rig())
        old = client.challenge()["params"]
        client.challenge = lambda user: dict(type(client).challenge(client, user), params=old)
        self.assertFalse(client.login()["result"])

    def test_multicall(self):
        recorder = self.rig()
        client = self.logged_in(recorder)
        methods = ["magicBox.getDeviceType", "magicBox.noSuchMethod", "magicBox.getSerialNo"]
        calls = [{"id": 20 + i, "method": method, "params": None, "session": client.session} for i, method in enumerate(methods)]
        reply = client.call("system.multicall", calls)
        self.assertEqual([answer["id"] for answer in reply["params"]], [20, 21, 22])
        self.assertEqual([bool(answer["result"]) for answer in reply["params"]], [True, False, True])
        self.assertEqual(reply["params"][2]["params"]["sn"], recorder.profile["serial"])
        self.assertEqual(client.call("system.multicall", [])["params"], [])

    def test_services_and_methods_are_listed_and_answer(self):
        client = self.logged_in(self.rig())
        services = client.call("system.listService")["params"]["service"]
        self.assertLessEqual({"magicBox", "configManager", "eventManager", "global"}, set(services))
        for service in services:
            methods = client.call(f"{service}.listMethod")["params"]["method"]
            self.assertTrue(methods)
            for method in methods:
                self.assertTrue(method.startswith(f"{service}."))

    def test_error_codes(self):
        client = self.logged_in(self.rig())
        self.assertEqual(rpc.code(client.call("magicBox.noSuchMethod")), rpc.NO_METHOD)
        self.assertIn(rpc.code(client.call("noSuchService.get")), (rpc.NO_SERVICE, rpc.NO_METHOD))
        for params in ({"name": "NoSuchTable"}, {"name": 5}, None):
            self.assertIn(rpc.code(client.call("configManager.getConfig", params)), (rpc.BAD_PARAMETER, *rpc.NO_CONFIG))
        for body in (b"{", b"nonsense", b"\xff\xfe\0"):
            answer = client.exchange("POST", "/RPC2", [("Content-Type", "application/json")], body)
            self.assertEqual(rpc.code(json.loads(answer.body)), rpc.PARSE)

    def test_configuration_is_written_and_read_back(self):
        client = self.logged_in(self.rig())
        table = client.call("configManager.getConfig", {"name": "General"})["params"]["table"]
        table["MachineName"] = "Porch"
        self.assertTrue(client.call("configManager.setConfig", {"name": "General", "table": table})["result"])
        self.assertEqual(client.call("configManager.getConfig", {"name": "General"})["params"]["table"], table)

    def test_old_recorder_has_no_rpc(self):
        client = self.client(self.rig("olddvr"))
        self.assertEqual(client.exchange("POST", "/RPC2_Login", body=b"{}").status, 404)


class Cgi(WebClient):
    def check_serial(self, recorder, answer):
        self.assertEqual((answer.status, answer.body), (200, f"sn={recorder.profile['serial']}\r\n".encode()))

    def test_digest_md5_and_sha256(self):
        for base, algorithms in (("nvr16", ["MD5"]), ("ptz", ["MD5", "SHA-256"])):
            recorder = self.rig(base)
            for tls in (False, True):
                client = self.client(recorder, tls)
                offered = challenges(client.exchange("GET", SERIAL))
                self.assertEqual([one.algorithm for one in offered], algorithms)
                for one in offered:
                    self.assertEqual(one.scheme, "Digest")
                    self.assertRegex(one.fields["realm"], r"^Login to \S+$")
                    self.check_serial(recorder, client.exchange("GET", SERIAL, [("Authorization", one.answer("GET", SERIAL))]))

    def test_digest_without_qop(self):
        recorder = self.rig()
        client = self.client(recorder)
        self.check_serial(recorder, client.get(SERIAL, qop=None))

    def test_nonce_is_used_again_with_a_rising_count(self):
        recorder = self.rig()
        client = self.client(recorder)
        [one] = challenges(client.exchange("GET", SERIAL))
        for _ in range(50):
            self.check_serial(recorder, client.exchange("GET", SERIAL, [("Authorization", one.answer("GET", SERIAL))]))
        other = self.client(recorder)
        self.check_serial(recorder, other.exchange("GET", SERIAL, [("Authorization", one.answer("GET", SERIAL))]))

    def test_authorization_of_another_request_or_nonce_is_refused(self):
        client = self.client(self.rig())
        [one] = challenges(client.exchange("GET", SERIAL))
        other = one.answer("GET", "/cgi-bin/magicBox.cgi?action=getDeviceType")
        self.assertEqual(client.exchange("GET", SERIAL, [("Authorization", other)]).status, 401)
        self.assertEqual(client.exchange("GET", SERIAL, [("Authorization", one.answer("POST", SERIAL))]).status, 401)
        made_up = Challenge(f'Digest realm="{one.fields["realm"]}", nonce="0123456789abcdef", qop="auth"')
        self.assertIn(client.exchange("GET", SERIAL, [("Authorization", made_up.answer("GET", SERIAL))]).status, (401, 403))

    def test_basic_is_refused_where_digest_is_offered(self):
        recorder = self.rig()
        client = self.client(recorder)
        word = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        answer = client.exchange("GET", SERIAL, [("Authorization", f"Basic {word}")])
        self.assertEqual(answer.status, 401)
        self.assertNotIn("Basic", " ".join(answer.all("WWW-Authenticate")))
        self.assertNotIn(recorder.profile["serial"].encode(), answer.body)

    def test_basic_on_an_old_unit(self):
        recorder = self.rig("olddvr")
        client = self.client(recorder)
        self.assertEqual([value.split()[0] for value in client.exchange("GET", SERIAL).all("WWW-Authenticate")], ["Basic"])
        word = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        self.check_serial(recorder, client.exchange("GET", SERIAL, [("Authorization", f"Basic {word}")]))

    def test_wrong_password_then_lock(self):
        recorder = self.rig(lock={"tries": 2, "seconds": 300})
        client = self.client(recorder)
        wrong = client.get(SERIAL, password="wrong")
        self.assertEqual((wrong.status, wrong.body), (401, b"Error\r\nInvalid Authority!\r\n"))
        client.get(SERIAL, password="wrong")
        first = client.exchange("GET", SERIAL)
        if first.status == 401:
            first = client.exchange("GET", SERIAL, [("Authorization", challenges(first)[0].answer("GET", SERIAL))])
        self.assertEqual(first.status, 403)
        lock = json.loads(first.body)
        self.assertEqual((lock["ErrorCode"], lock["Result"], lock["RmLogin"]), (268632081, False, 0))
        self.assertIn(lock["RmLock"], range(1, 301))

    def test_texts_of_refusals(self):
        client = self.client(self.rig())
        answer = client.get("/cgi-bin/magicBox.cgi?action=noSuchVerb")
        texts = {400: b"Error\r\nBad Request!\r\n", 501: b"Error\r\nNot Implemented!\r\n"}
        self.assertEqual(answer.body, texts.get(answer.status))
        answer = client.get("/cgi-bin/configManager.cgi?action=getConfig&name=NoSuchTable")
        self.assertIn(answer.status, (400, 403))
        self.assertEqual(self.client(self.rig()).exchange("GET", "/nothing.html").status, 404)

    def test_snapshot(self):
        recorder = self.rig()
        for target in ("", "?channel=1", "?channel=2", "?channel=2&type=0"):
            answer = self.client(recorder).get(f"/cgi-bin/snapshot.cgi{target}")
            self.assertEqual((answer.status, answer.header("Content-Type")), (200, "image/jpeg"))
            self.assertEqual(answer.body[:3], b"\xff\xd8\xff")
            self.assertIn(b"\xff\xd9", answer.body[-2048:])
        for target in ("?channel=3", "?channel=-1", "?channel=x", "?channel=1x", "?channel=99999999999999999999"):
            with self.subTest(target=target):
                answer = self.client(recorder).get(f"/cgi-bin/snapshot.cgi{target}")
                self.assertEqual((answer.status, answer.body), (400, b"Error\r\nBad Request!\r\n"))

    def test_requests_split_at_every_byte_and_pipelined(self):
        recorder = self.rig()
        client = self.client(recorder)
        [one] = challenges(client.exchange("GET", SERIAL))
        size = len(request("GET", SERIAL, [("Authorization", one.answer("GET", SERIAL))]))
        for at in range(1, size):
            data = request("GET", SERIAL, [("Authorization", one.answer("GET", SERIAL))])
            self.send_split(recorder, client.link, data, at)
            self.check_serial(recorder, read(client.link))
        client.link.send(b"".join(request("GET", SERIAL, [("Authorization", one.answer("GET", SERIAL))]) for _ in range(20)))
        for _ in range(20):
            self.check_serial(recorder, read(client.link))

    def test_requests_that_are_none(self):
        recorder = self.rig()
        for data in (b"\0" * 64 + b"\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
                     b"POST /RPC2 HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", b"GET /" + b"a" * (1 << 20),
                     b"POST /RPC2 HTTP/1.1\r\nContent-Length: 4294967295\r\n\r\n"):
            with self.subTest(data=data[:40]):
                client = self.client(recorder)
                try:
                    client.link.send(data)
                except (BrokenPipeError, ConnectionResetError):
                    continue
                self.assertNotIn(b" 200 ", client.link.read_to_end()[:64])
        self.check_serial(recorder, self.client(recorder).get(SERIAL))
