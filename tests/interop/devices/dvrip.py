"""A DVRIP device (TCP 37777): logins, a4/a8, f6 JSON, f4 text, live the new and the old way."""

import json
import struct
import threading

from device import REALM, SERIAL, USER, PASSWORD, Closed, Listener, default_hash, gen1, md5

RANDOM = "1852772904"
SESSION = 0x4428F5FF
ACCEPTED_TAIL = bytes.fromhex("01000000 0600f900 00070002")


def frame(header, body=b""):
    """A 32-byte header, with the length of the body filled in."""
    header = bytearray(header.ljust(32, b"\0"))
    header[4:8] = struct.pack("<I", len(body))
    return bytes(header) + body


def challenge(realm=REALM, random=RANDOM, byte1=0, byte3=0x68):
    head = bytes([0xB0, byte1, 0, byte3, 0, 0, 0, 0]) + bytes.fromhex("010e0100 00000000 00000000 01000000 0600f900 00000002")
    return frame(head, f"Realm:{realm}\r\nRandom:{random}\r\n\r\n".encode())


def accepted(session=SESSION, byte1=0, byte3=0x68, channels=1, body=b""):
    head = bytes([0xB0, byte1, 0, byte3, 0, 0, 0, 0, 0, 8, channels, 0, 0, 0, 0, 0]) + struct.pack("<I", session) + ACCEPTED_TAIL
    return frame(head, body)


def refused(first, second, tries=0, session=0, body=b""):
    head = bytes([0xB0, 0, 0, 0x68, 0, 0, 0, 0, first, second, 0, 0, 0, 0, 0, 0]) + struct.pack("<I", session)
    return frame(head + bytes.fromhex("01000000 0600f900") + struct.pack(">H", tries) + b"\0\2", body)


def digest_body(user=USER, password=PASSWORD, realm=REALM, random=RANDOM):
    h2 = default_hash(user, realm, random, password)
    h1 = md5(f"{user}:{random}:{gen1(password)}").upper()
    return f"{user}&&{h2}{h1}".encode()


def fields(body):
    return dict(line.split(":", 1) for line in body.decode().split("\r\n") if ":" in line)


class Device:
    """Answers one client. A test changes a device by overriding the method or attribute of what is different."""

    channels = 1
    byte1, byte3 = 0, 0x68  # of the answers to a login
    json = True
    json_piece = 1 << 20  # bytes of one f6 fragment
    json_trailer = b"\n"
    verdict = None  # sent in the place of the real one
    unsolicited = b""  # sent before each answer

    def __init__(self):
        self.control = None
        self.media = {}  # connection id or channel from 1: link
        self.tied = threading.Condition()
        self.credentials = []
        self.asked = []

    def listen(self):
        return Listener(self.serve)

    def serve(self, link):
        while True:
            header = link.read(32)
            body = link.read(struct.unpack("<I", header[4:8])[0])
            self.asked.append((header, body))
            handler = {0xA0: self.login, 0xA1: self.alive, 0xA4: self.system, 0xA8: self.names, 0xF6: self.rpc, 0xF4: self.text}
            handler.update({0xF1: self.tie, 0x11: self.old_live, 0x0A: self.logout})
            handler.get(header[0], self.unknown)(link, header, body)

    def unknown(self, link, header, body):
        pass

    def alive(self, link, header, body):
        link.send(self.unsolicited + frame(b"\xb1\0\0\x68"))

    def logout(self, link, header, body):
        link.send(frame(b"\x0b\0\0\x68"))

    # login

    def login(self, link, header, body):
        self.control = link
        if header[26:28] == b"\0\x08":
            self.credentials.append((header, body))
            good = body == digest_body()
            link.send(self.verdict or (self.accept() if good else refused(1, 0, tries=4)))
        else:
            self.first_login(link, header, body)

    def first_login(self, link, header, body):
        link.send(challenge(byte1=self.byte1, byte3=self.byte3))

    def accept(self):
        return accepted(byte1=self.byte1, byte3=self.byte3, channels=self.channels)

    # what the device is

    def system(self, link, header, body):
        answers = {0x07: SERIAL, 0x08: "2.800.0000000.3.R,2016-10-11", 0x0B: "DH-TEST"}
        answers[0x1A] = "FTP:1:Record,Snap&&Dahua_Config:1:Json&&ProtocolFramework:1:V3_1" if self.json else "FTP:1:Record,Snap"
        text = answers.get(header[8], "")
        link.send(self.unsolicited + frame(b"\xb4\0\0\x68\0\0\0\0" + header[8:9], text.encode()))

    def names(self, link, header, body):
        if header[8] == 1:
            link.send(frame(b"\xb8\0\0\x68\0\0\0\0\1", b"&&".join(b"Camera %d" % (i + 1) for i in range(self.channels))))

    # f6

    def rpc(self, link, header, body):
        if not self.json:
            return
        call = json.loads(body.rstrip(b"\n\0 "))
        answer = {"id": call["id"], "session": SESSION, **self.answer(call["method"], call.get("params"))}
        link.send(self.unsolicited + self.fragments(call["id"], json.dumps(answer).encode() + self.json_trailer))

    def answer(self, method, params):
        if method == "magicBox.getSystemInfo":
            return {"result": True, "params": {"serialNumber": SERIAL, "deviceType": "DH-TEST"}}
        if method in ("global.keepAlive", "echo.call"):
            return {"result": True, "params": params}
        return {"result": False, "error": {"code": 268894210, "message": "Method not found"}}

    def fragments(self, ident, data):
        out = b""
        for at in range(0, len(data), self.json_piece):
            piece = data[at : at + self.json_piece]
            head = b"\xf6\0\0\x68" + bytes(4) + struct.pack("<IIIII", ident & 0xFFFFFFFF, 0, len(data), 0, SESSION)
            out += frame(head, piece)
        return out

    # f4 and live

    def text(self, link, header, body):
        asked = fields(body)
        name = asked["ParameterName"].rsplit(".", 2)
        reply = {"TransactionID": asked["TransactionID"], "Method": asked["Method"] + "Response", "ParameterName": asked["ParameterName"]}
        extra = self.text_answer(link, asked, name)
        if extra is not None:
            self.send_text(link, {**reply, **extra})
            self.after_text(link, asked, name)

    def send_text(self, link, reply):
        link.send(self.unsolicited + frame(b"\xf4\0\0\x68", "".join(f"{k}:{v}\r\n" for k, v in reply.items()).encode() + b"\r\n"))

    def text_answer(self, link, asked, name):
        """The result keys, or None for no answer."""
        if asked["Method"] == "AddObject":
            return {"FaultCode": "OK", "ConnectionID": 77}
        if name[-1] == "AckSubChannel":
            good = asked["SessionID"] == str(SESSION) and asked["ConnectionID"] == "77"
            if good:
                self.media[77] = link
            return {"FaultCode": "OK" if good else "Error"}
        return {"FaultCode": "OK"}

    def after_text(self, link, asked, name):
        if name[-2:] == ["Monitor", "General"] and asked["state"] == "1":
            self.play(self.media[int(asked["ConnectionID"])], int(asked["channel"]), int(asked["stream"]))

    def tie(self, link, header, body):
        if header[8:12] == struct.pack("<I", SESSION) and header[12] == 1 and header[17] == 0:
            with self.tied:
                self.media[header[13]] = link
                self.tied.notify_all()

    def old_live(self, link, header, body):
        if header[26] == 8:
            asked = fields(body)
            if asked["Operate"] == "1":
                self.play_tied(int(asked["ChannelName"]), int(asked["Stream"]))
        elif len(body) == 16:
            for channel in range(16):
                if header[8 + channel] == 1:
                    self.play_tied(channel, body[channel])

    def play_tied(self, channel, stream):
        with self.tied:  # the tie comes on another connection, so perhaps later
            self.tied.wait_for(lambda: channel + 1 in self.media, 20)
        self.play(self.media[channel + 1], channel, stream)

    def play(self, link, channel, stream):
        """Starts the pictures of a channel on a sub-connection."""
        raise Closed


def bc(data, channel=0):
    return frame(b"\xbc\0\0\x68\0\0\0\0" + bytes([channel]), data)
