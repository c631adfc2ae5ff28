"""A client of DHIP: JSON-RPC behind a header of 32 bytes."""

import json
import struct

from clients.rpc import Rpc

MAGIC = bytes.fromhex("2000000044484950")


def packet(body, session=0, number=0, total=None):
    return MAGIC + struct.pack("<6I", session, number, len(body), 0, len(body) if total is None else total, 0) + body


def read(link):
    """The next message out of its packets, and the session and the id of the header."""
    data, total = b"", None
    while total is None or len(data) < total:
        head = link.take(32)
        assert head[:8] == MAGIC, head.hex()
        session, number, length, _, total, _ = struct.unpack("<6I", head[8:])
        data += link.take(length)
    assert len(data) == total, (len(data), total)
    return json.loads(data.rstrip(b"\n\0 ")), session, number


class Dhip(Rpc):
    """With `silent` the header's session and id stay 0, as one family of clients has them."""

    def __init__(self, link, silent=False):
        super().__init__()
        self.link, self.silent, self.notes = link, silent, []

    def packets(self, call, pieces=1, trailer=b""):
        data = json.dumps(call).encode() + trailer
        size = -(-len(data) // pieces)
        session, number = (0, 0) if self.silent else (self.session, call["id"])
        return [packet(data[i : i + size], session, number, len(data)) for i in range(0, len(data), size)]

    def transact(self, call):
        self.link.send(b"".join(self.packets(call)))
        return self.answer(call["id"])

    def answer(self, number):
        while True:
            reply = read(self.link)[0]
            if "method" not in reply and reply["id"] == number:
                return reply
            self.notes.append(reply)

    def notification(self):
        return self.notes.pop(0) if self.notes else read(self.link)[0]
