"""An HTTP device: RPC2 logins with each kind of challenge, CGI behind Digest or Basic."""

import base64
import hashlib
import json
import re

from device import PASSWORD, REALM, SERIAL, USER, Listener, default_hash, gen1

RANDOM = "1172275829"


def read_request(link):
    """(method, target, {lower-case header: value}, body)."""
    head = link.read_until(b"\r\n\r\n").decode("latin-1")
    first, *lines = head.split("\r\n")
    headers = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in lines if line)}
    method, target, _ = first.split(" ")
    return method, target, headers, link.read(int(headers.get("content-length", 0)))


def response(status, body=b"", kind="text/plain", **headers):
    lines = [f"HTTP/1.1 {status} {'OK' if status == 200 else 'No'}", f"Content-Length: {len(body)}", f"Content-Type: {kind}"]
    lines += [f"{key.replace('_', '-')}: {value}" for key, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def directives(header):
    return {k.lower(): quoted or bare for k, quoted, bare in re.findall(r'(\w+)=(?:"([^"]*)"|([^",\s]+))', header)}


def digest_is_good(header, method, target, nonce, user=USER, password=PASSWORD, realm=REALM, algorithms=("MD5",)):
    """Is this Authorization right for this very request?"""
    if not header.startswith("Digest "):
        return False
    d = directives(header)
    algorithm = d.get("algorithm", "MD5")
    if algorithm not in algorithms or (d["username"], d["realm"], d["nonce"], d["uri"]) != (user, realm, nonce, target):
        return False
    digest = hashlib.sha256 if algorithm.startswith("SHA-256") else hashlib.md5

    def h(text):
        return digest(text.encode()).hexdigest()

    ha1 = h(f"{user}:{realm}:{password}")
    if algorithm.endswith("-sess"):
        ha1 = h(f"{ha1}:{nonce}:{d['cnonce']}")
    ha2 = h(f"{method}:{target}")
    middle = f"{nonce}:{d['nc']}:{d['cnonce']}:{d['qop']}" if "qop" in d else nonce
    return d["response"] == h(f"{ha1}:{middle}:{ha2}")


class Device:
    """RPC2 and CGI. A test changes a device by overriding the attribute or method of what is different."""

    rpc2 = True
    cgi = True
    encryption = "Default"
    challenge_code = 268632079
    first_session = "8acf34e5ab01"
    second_session = "9bd045f6bc12"
    login_error = None
    digests = ('Digest realm="{realm}", qop="auth", nonce="{nonce}", opaque="5ccc069c"',)
    algorithms = ("MD5",)
    nonce = "6d1a75cd"

    def __init__(self):
        self.calls = []
        self.requests = []
        self.passwords = []

    def listen(self):
        return Listener(self.serve)

    def serve(self, link):
        while True:
            method, target, headers, body = read_request(link)
            self.requests.append((method, target, headers))
            link.send(self.answer(method, target, headers, body))

    def answer(self, method, target, headers, body):
        if target in ("/RPC2_Login", "/RPC2", "/OutsideCmd") and self.rpc2:
            call = json.loads(body)
            self.calls.append((target, call))
            reply = self.login(call) if target == "/RPC2_Login" else self.call(call)
            return response(200, json.dumps({"id": call["id"], **reply}).encode() + b"\n", "application/json")
        if target.startswith("/cgi-bin/") and self.cgi:
            return self.cgi_answer(method, target, headers)
        return response(404)

    # RPC2

    def challenge_params(self):
        return {"realm": REALM, "random": RANDOM, "encryption": self.encryption}

    def login(self, call):
        params = call["params"]
        if not params["password"]:
            error = {"code": self.challenge_code, "message": "Component error: login challenge!"}
            return {"result": False, "error": error, "params": self.challenge_params(), "session": self.first_session}
        self.passwords.append(params["password"])
        expected = {
            "Default": default_hash(USER, REALM, RANDOM, PASSWORD),
            "OldDigest": gen1(PASSWORD),
            "Basic": base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode(),
        }.get(self.encryption, PASSWORD)
        good = params["password"] == expected and params["userName"] == USER and call["session"] == self.first_session
        if self.login_error or not good:
            code, extra = self.login_error or (268632085, {"remainLockSecond": 0, "remainLoginTimes": 2})
            return {"result": False, "error": {"code": code, "message": "Component error!"}, "params": extra, "session": self.first_session}
        return {"result": True, "params": {"keepAliveInterval": 60}, "session": self.second_session}

    def call(self, call):
        if call.get("session") != self.second_session:
            return {"result": False, "error": {"code": 287637505, "message": "Invalid session in request data!"}}
        answers = {
            "magicBox.getSerialNo": {"sn": SERIAL},
            "magicBox.getDeviceType": {"type": "DH-HTTP"},
            "magicBox.getSystemInfo": {"serialNumber": SERIAL, "deviceType": "DH-HTTP"},
            "echo.call": call.get("params"),
        }
        if call["method"] in ("global.keepAlive", "global.logout"):
            return {"result": True, "params": {"timeout": 60}, "session": self.second_session}
        if call["method"] in answers:
            return {"result": True, "params": answers[call["method"]], "session": self.second_session}
        return {"result": False, "error": {"code": 268894210, "message": "Method not found!"}, "session": self.second_session}

    # CGI

    def cgi_answer(self, method, target, headers):
        given = headers.get("authorization", "")
        if not self.is_authorised(given, method, target):
            refusal = response(401, b"Error\r\nInvalid Authority!\r\n")
            lines = "".join(f"WWW-Authenticate: {d.format(realm=REALM, nonce=self.nonce)}\r\n" for d in self.digests)
            return refusal.replace(b"\r\n\r\n", b"\r\n" + lines.encode() + b"\r\n", 1)
        texts = {
            "getSerialNo": f"sn={SERIAL}\r\n",
            "getDeviceType": "type=DH-HTTP\r\n",
            "getSoftwareVersion": "version=2.800.0000\r\n",
        }
        action = re.search(r"action=(\w+)", target)
        text = texts.get(action.group(1) if action else "")
        return response(200, text.encode()) if text else response(400, b"Error\r\nBad Request!\r\n")

    def is_authorised(self, given, method, target):
        return digest_is_good(given, method, target, self.nonce, algorithms=self.algorithms)
