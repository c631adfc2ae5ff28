"""A TCP or TLS connection read by exact counts, and the recorder with a profile of the test's choice."""

import http.client
import json
import pathlib
import shutil
import socket
import ssl
import tempfile

from interop import PASSWORD, PROFILES, USER, Case, Recorder

LIMIT = 20


class Closed(Exception):
    """The peer ended the connection."""


class Link:
    """What does not come within the limit fails the test."""

    def __init__(self, port, tls=False):
        self.socket = socket.create_connection(("127.0.0.1", port), LIMIT)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if tls:
            context = ssl.create_default_context()
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            self.socket = context.wrap_socket(self.socket)
        self.buffer = bytearray()

    def close(self):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def fill(self):
        try:
            piece = self.socket.recv(65536)
        except ConnectionResetError as error:
            raise Closed from error
        if not piece:
            raise Closed
        self.buffer += piece

    def take(self, count):
        while len(self.buffer) < count:
            self.fill()
        data = bytes(self.buffer[:count])
        del self.buffer[:count]
        return data

    def take_until(self, mark):
        while mark not in self.buffer:
            self.fill()
        return self.take(self.buffer.index(mark) + len(mark))

    def read_to_end(self):
        try:
            while True:
                self.fill()
        except Closed:
            return bytes(self.buffer)


def merged(base, changes):
    """The profile with the named members replaced, objects member by member."""
    both = dict(base)
    for name, value in changes.items():
        both[name] = merged(both[name], value) if isinstance(value, dict) and name in both else value
    return both


class Rig(Recorder):
    """The recorder of `interop`, small as there, with another profile."""

    def __init__(self, base="nvr16", **changes):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="dmss-clients-"))
        profile = json.loads((PROFILES / f"{base}.json").read_text())
        small = {"main": {"width": 640, "height": 360, "fps": 25, "kbps": 512, "h265_channels": []},
                 "extra": {"width": 704, "height": 576, "fps": 15, "kbps": 512, "h265_channels": [2]},
                 "channels": min(profile["channels"], 2), "ptz_channels": [1]}
        self.profile = merged(merged(profile, small), changes)
        (self.folder / "profile.json").write_text(json.dumps(self.profile))

    def __enter__(self):
        try:
            return super().__enter__()
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def control(self, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.ports["control"], timeout=LIMIT)
        try:
            connection.request("GET" if body is None else "POST", path, None if body is None else json.dumps(body))
            answer = connection.getresponse()
            text = answer.read()
            assert answer.status == 200, (path, answer.status, text)
            return json.loads(text) if text else None
        finally:
            connection.close()

    def settle(self):
        """A round trip: what was sent before has been read by the recorder."""
        self.control("/state")


class ClientCase(Case):
    def rig(self, base="nvr16", **changes):
        recorder = Rig(base, **changes)
        recorder.__enter__()
        self.addCleanup(recorder.__exit__)
        return recorder

    def link(self, port, tls=False):
        link = Link(port, tls)
        self.addCleanup(link.close)
        return link

    def send_split(self, recorder, link, data, at):
        """Two segments, the second when the recorder has seen the first."""
        link.send(data[:at])
        recorder.settle()
        link.send(data[at:])

    def assert_closed(self, link):
        """Whatever is still on the way, the peer ends the connection."""
        link.read_to_end()


__all__ = ["LIMIT", "PASSWORD", "USER", "Closed", "ClientCase", "Link", "Rig", "merged"]
