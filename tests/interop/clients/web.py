"""HTTP/1.1 on one connection, Digest access authentication, and JSON-RPC on it."""

import hashlib
import json
import re

from clients.rpc import Rpc
from clients.wire import PASSWORD, USER

NAMES = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def header(self, name):
        values = self.all(name)
        return values[0] if values else None

    def all(self, name):
        return [value for key, value in self.headers if key == name.lower()]


def read_head(link):
    lines = link.take_until(b"\r\n\r\n").decode().split("\r\n")
    headers = [(name.lower(), value.strip()) for name, value in (line.split(":", 1) for line in lines[1:] if line)]
    version, status = re.fullmatch(r"(\S+) (\d{3}) .*", lines[0]).groups()
    return version, int(status), headers


def read(link):
    version, status, headers = read_head(link)
    assert version == "HTTP/1.1", version
    length = dict(headers).get("content-length")
    assert length is not None, headers
    return Answer(status, headers, link.take(int(length)))


def request(method, target, headers=(), body=b""):
    lines = [f"{method} {target} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers)]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


class Challenge:
    """One WWW-Authenticate value and the answers to it."""

    def __init__(self, value):
        self.scheme, rest = value.split(" ", 1)
        pairs = re.findall(r'([\w-]+)=(?:"([^"]*)"|([^\s,]+))', rest)
        self.fields = {name.lower(): quoted or plain for name, quoted, plain in pairs}
        self.count = 0

    @property
    def algorithm(self):
        return self.fields.get("algorithm", "MD5")

    def answer(self, method, uri, user=USER, password=PASSWORD, qop="auth", count=None):
        digest = NAMES[self.algorithm]

        def mix(*words):
            return digest(":".join(words).encode()).hexdigest()

        realm, nonce = self.fields["realm"], self.fields["nonce"]
        first, second = mix(user, realm, password), mix(method, uri)
        words = [f'username="{user}"', f'realm="{realm}"', f'nonce="{nonce}"', f'uri="{uri}"']
        if qop and qop in self.fields.get("qop", "").replace(" ", "").split(","):
            self.count += 1
            number = f"{self.count if count is None else count:08x}"
            words += [f'response="{mix(first, nonce, number, "0a4f113b", qop, second)}"', f"qop={qop}", f"nc={number}",
                      'cnonce="0a4f113b"']
        else:
            words.append(f'response="{mix(first, nonce, second)}"')
        if "algorithm" in self.fields:
            words.append(f"algorithm={self.algorithm}")
        if "opaque" in self.fields:
            words.append(f'opaque="{self.fields["opaque"]}"')
        return "Digest " + ", ".join(words)


def challenges(answer):
    return [Challenge(value) for value in answer.all("WWW-Authenticate")]


class Web(Rpc):
    def __init__(self, link):
        super().__init__()
        self.link = link
        del self.session

    def exchange(self, method, target, headers=(), body=b""):
        self.link.send(request(method, target, headers, body))
        return read(self.link)

    def get(self, target, **options):
        """A CGI request in two steps: unauthenticated, then the first challenge answered."""
        first = self.exchange("GET", target)
        assert first.status == 401, first.status
        return self.exchange("GET", target, [("Authorization", challenges(first)[0].answer("GET", target, **options))])

    def call(self, method, params=None, **members):
        self.id += 1
        session = {"session": self.session} if hasattr(self, "session") else {}
        return self.transact({"id": self.id, "method": method, "params": params, **session, **members})

    def transact(self, call):
        target = "/RPC2_Login" if call["method"] == "global.login" else "/RPC2"
        answer = self.exchange("POST", target, [("Content-Type", "application/json")], json.dumps(call).encode())
        assert answer.status == 200, (answer.status, answer.body)
        return json.loads(answer.body)
