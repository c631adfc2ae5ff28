"""A client of the private protocol on 37777."""

import json
import struct

from clients import hashes
from clients.wire import PASSWORD, USER

TAIL_REALM = bytes.fromhex("050200010000a1aa")
TAIL_DIGEST = bytes.fromhex("050200080000a1aa")
TAIL_PLAIN = bytes.fromhex("040100000000a1aa")


def message(first, body=b"", fields=None, length=None):
    """32 bytes that start with `first`, with bytes at the offsets of `fields`, then the body."""
    head = bytearray(32)
    head[: len(first)] = first
    head[4:8] = struct.pack("<I", len(body) if length is None else length)
    for offset, value in (fields or {}).items():
        head[offset : offset + len(value)] = value
    return bytes(head) + body


def credentials(user, password, coded):
    return {8: coded(user).ljust(8, b"\0")[:8], 16: coded(password).ljust(8, b"\0")[:8]}


def ascii8(word):
    return word.encode()[:8]


def realm_request(first=b"\xa0\x05\x00\x60", tail=TAIL_REALM, fields=None):
    return message(first, fields={24: tail, **(fields or {})})


def digest_login(user, halves, first=b"\xa0\x05\x00\x60"):
    return message(first, f"{user}&&{halves}".encode(), {24: TAIL_DIGEST})


def gen0_login(user, password, first=b"\xa0\0\0\0", tail=TAIL_REALM):
    return message(first, fields={**credentials(user, password, hashes.gen0), 24: tail})


def plain_short(user, password):
    return message(b"\xa0\0\0\x60", fields={**credentials(user, password, ascii8), 24: TAIL_PLAIN})


def plain_long(user, password, tail=TAIL_PLAIN, fields=None):
    return message(b"\xa0\0\0\x60", f"{user}&&{password}".encode(), {24: tail, **(fields or {})})


def plain_random(user, password, time=1769957522):
    body = f"{user}&&{password}\0Random:{time}\r\n\r\n".encode()
    assert len(body) == 24 + len(user) + len(password)
    return message(b"\xa0\0\0\x60", body, {**credentials(user, password, ascii8), 24: TAIL_PLAIN})


class Message:
    def __init__(self, head, body):
        self.head, self.body, self.command = head, body, head[0]

    def number(self, offset):
        return struct.unpack_from("<I", self.head, offset)[0]

    def text(self):
        """The pairs of a text body."""
        lines = self.body.decode().rstrip("\0").split("\r\n")
        return dict(line.split(":", 1) for line in lines if line)

    def verdict(self):
        return self.head[8], self.head[9]

    def challenge(self):
        pairs = self.text()
        return pairs["Realm"], pairs["Random"]


def read(link):
    head = link.take(32)
    return Message(head, link.take(struct.unpack_from("<I", head, 4)[0]))


class Dvrip:
    """One control connection; what comes unasked waits in `aside`."""

    def __init__(self, link):
        self.link, self.aside, self.session, self.id, self.transaction = link, [], 0, 0, 0

    def expect(self, command):
        while True:
            answer = read(self.link)
            if answer.command == command:
                return answer
            self.aside.append(answer)

    def ask(self, data, command):
        self.link.send(data)
        return self.expect(command)

    def login(self, request):
        answer = self.ask(request, 0xB0)
        if answer.head[8] == 0:
            self.session = answer.number(16)
        return answer

    def challenge(self, request=None):
        return self.login(request or realm_request()).challenge()

    def digest(self, user=USER, password=PASSWORD):
        realm, random = self.challenge()
        return self.login(digest_login(user, hashes.h2(user, password, realm, random) + hashes.h1(user, password, random)))

    def keep_alive(self):
        return self.ask(message(b"\xa1"), 0xB1)

    def query(self, sub):
        """The answer to an a4, or None when only the b1 of the a1 behind it came."""
        self.link.send(message(b"\xa4", fields={8: bytes([sub])}) + message(b"\xa1"))
        answer = None
        while (got := read(self.link)).command != 0xB1:
            if got.command == 0xB4:
                answer = got
            else:
                self.aside.append(got)
        return answer

    def call_frames(self, method, params=None, trailer=b"", pieces=1, **members):
        """An f6 request in as many frames."""
        self.id += 1
        call = {"id": self.id, "method": method, "params": params, "session": self.session, **members}
        data = json.dumps(call).encode() + trailer
        size = -(-len(data) // pieces)
        parts = [data[i : i + size] for i in range(0, len(data), size)]
        fields = {8: struct.pack("<I", self.id), 16: struct.pack("<I", len(data)), 24: struct.pack("<I", self.session)}
        return [message(b"\xf6", part, fields) for part in parts]

    def read_json(self):
        """The next f6 message, put together from its frames, and its first header."""
        first = self.expect(0xF6)
        data, total = first.body, first.number(16)
        while len(data) < total:
            data += self.expect(0xF6).body
        assert len(data) == total, (len(data), total)
        return json.loads(data.rstrip(b"\n\0 ")), first

    def call(self, method, params=None, **options):
        self.link.send(b"".join(self.call_frames(method, params, **options)))
        return self.answer(self.id)

    def answer(self, number):
        while True:
            reply, first = self.read_json()
            if "method" not in reply and reply["id"] == number:
                return reply
            self.aside.append(reply)

    def notification(self):
        for i, waiting in enumerate(self.aside):
            if isinstance(waiting, dict):
                return self.aside.pop(i)
        while "method" not in (reply := self.read_json()[0]):
            pass
        return reply

    def parameter(self, method, name, *keys, link=None):
        """One f4 exchange; the answer's pairs."""
        self.transaction += 1
        link = link or self.link
        lines = [f"TransactionID:{self.transaction}", f"Method:{method}", f"ParameterName:{name}", *keys, "", ""]
        link.send(message(b"\xf4", "\r\n".join(lines).encode()))
        while (answer := read(link)).command != 0xF4:
            self.aside.append(answer)
        pairs = answer.text()
        assert pairs["TransactionID"] == str(self.transaction), pairs
        assert pairs["Method"] == f"{method}Response" and pairs["ParameterName"] == name, pairs
        return pairs


CONNECTION = "Dahua.Device.Network.ControlConnection"
MONITOR = "Dahua.Device.Network.Monitor.General"


def add_object(client):
    return client.parameter("AddObject", f"{CONNECTION}.Passive", "ConnectProtocol:0")


def acknowledge(client, sub, connection):
    keys = (f"SessionID:{client.session}", f"ConnectionID:{connection}")
    return client.parameter("GetParameterNames", f"{CONNECTION}.AckSubChannel", *keys, link=sub)


def monitor(client, channel, state, connection, stream):
    keys = (f"channel:{channel}", f"state:{state}", f"ConnectionID:{connection}", f"stream:{stream}")
    return client.parameter("GetParameterNames", MONITOR, *keys)
