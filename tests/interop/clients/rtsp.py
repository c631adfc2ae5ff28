"""An RTSP client: text and `$` packets on one connection, three ways to authenticate, tracks of an SDP."""

import re

from clients import web
from clients.wire import PASSWORD, USER


class Answer(web.Answer):
    def text(self):
        return self.body.decode()


class Track:
    """One media description: control, payload type, codec and clock."""

    def __init__(self, lines):
        self.kind, self.type = re.match(r"m=(\w+) \d+ \S+ (\d+)", lines[0]).groups()
        self.type = int(self.type)
        attributes = dict(line[2:].split(":", 1) for line in lines if line.startswith("a=") and ":" in line)
        self.control, self.fmtp = attributes["control"], attributes.get("fmtp", "")
        static = {8: "PCMA/8000", 0: "PCMU/8000"}
        mapping = attributes.get("rtpmap", "").split(" ")[-1] or static[self.type]
        self.codec, self.clock = mapping.split("/")[0], int(mapping.split("/")[1])
        self.framerate = float(attributes["framerate"]) if "framerate" in attributes else None
        self.fields = {}


def tracks_of(sdp):
    assert sdp.startswith("v=0\r\n"), sdp
    return [Track(part.split("\r\n")) for part in re.findall(r"m=.*?(?=m=|\Z)", sdp, re.S)]


class Rtsp:
    """`signing`: each request properly, `once` the same words again, or `base` where SETUP is signed with the base URI."""

    def __init__(self, link, url, signing="each", password=PASSWORD, user_agent="clients/1.0"):
        self.link, self.url, self.signing, self.password, self.user_agent = link, url, signing, password, user_agent
        self.sequence, self.session, self.challenge, self.words, self.base = 0, None, None, None, url
        self.packets = []

    def authorization(self, method, uri):
        if not self.challenge:
            return None
        if self.signing == "once":
            self.words = self.words or self.challenge.answer(method, uri, password=self.password)
            return self.words
        signed = self.url if self.signing == "base" and method == "SETUP" else uri
        return self.challenge.answer(method, signed, password=self.password)

    def text(self, method, uri=None, headers=(), version="RTSP/1.0"):
        uri = uri or self.base
        self.sequence += 1
        lines = [f"{method} {uri} {version}", f"CSeq: {self.sequence}"]
        if self.user_agent:
            lines.append(f"User-Agent: {self.user_agent}")
        if words := self.authorization(method, uri):
            lines.append(f"Authorization: {words}")
        if self.session:
            lines.append(f"Session: {self.session}")
        lines += [f"{name}: {value}" for name, value in headers]
        return "\r\n".join([*lines, "", ""]).encode()

    def send(self, *arguments, **options):
        self.link.send(self.text(*arguments, **options))

    def packet(self):
        """The next interleaved packet, or an answer."""
        first = self.link.take(1)
        if first == b"$":
            channel, high, low = self.link.take(3)
            return channel, self.link.take(high << 8 | low)
        assert first == b"R", (first, bytes(self.link.buffer[:60]))
        rest = web.read_head(Unread(self.link, b"R"))
        version, status, headers = rest
        assert version == "RTSP/1.0", version
        return Answer(status, headers, self.link.take(int(dict(headers).get("content-length", 0))))

    def answer(self):
        while not isinstance(got := self.packet(), Answer):
            self.packets.append(got)
        return got

    def media(self):
        """The next interleaved packet; answers on the way are dropped."""
        if self.packets:
            return self.packets.pop(0)
        while isinstance(got := self.packet(), Answer):
            assert got.status == 200, got.status
        return got

    def ask(self, method, uri=None, headers=()):
        """The answer, after one challenge at most; a second one stands."""
        self.send(method, uri, headers)
        answer = self.answer()
        if answer.status == 401 and not self.challenge:
            self.challenge = web.challenges(answer)[0]
            self.send(method, uri, headers)
            answer = self.answer()
        assert answer.header("CSeq") == str(self.sequence), (answer.headers, self.sequence)
        return answer

    def describe(self):
        answer = self.ask("DESCRIBE", self.url, [("Accept", "application/sdp")])
        if answer.status == 200:
            self.base = answer.header("Content-Base") or self.url
        return answer

    def control(self, track):
        return track.control if "://" in track.control else self.base + track.control

    def setup(self, track, transport):
        answer = self.ask("SETUP", self.control(track), [("Transport", transport)])
        if answer.status == 200:
            self.session = answer.header("Session").split(";")[0]
            fields = answer.header("Transport").split(";")
            track.fields = dict(field.strip().split("=", 1) for field in fields if "=" in field)
        return answer

    def play(self):
        answer = self.ask("PLAY", headers=[("Range", "npt=0.000-")])
        if answer.header("Session"):
            self.session = answer.header("Session").split(";")[0]
        return answer

    def open(self, channels=(0, 2)):
        """DESCRIBE, SETUP of as many tracks interleaved on these numbers, PLAY."""
        tracks = tracks_of(self.describe().text())
        for track, channel in zip(tracks, channels):
            answer = self.setup(track, f"RTP/AVP/TCP;unicast;interleaved={channel}-{channel + 1}")
            assert answer.status == 200, answer.status
        answer = self.play()
        assert answer.status == 200, answer.status
        return tracks[: len(channels)]


class Unread:
    """A link whose first bytes were taken already."""

    def __init__(self, link, first):
        self.link, self.first = link, first

    def take_until(self, mark):
        return self.first + self.link.take_until(mark)


__all__ = ["USER", "Answer", "Rtsp", "Track", "tracks_of"]
