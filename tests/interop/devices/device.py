"""What the devices share: a listening thread for each connection, the SDK's program as the client, hashes of logins."""

import hashlib
import json
import os
import socket
import subprocess
import threading
import unittest

USER = "admin"
PASSWORD = "Pa55-word-x"
SERIAL = "3G0TEST0001"
REALM = f"Login to {SERIAL}"


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


def gen1(password):
    """The eight characters of the old "compressor" hash."""
    digest = hashlib.md5(password.encode()).digest()
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    return "".join(letters[(digest[2 * i] + digest[2 * i + 1]) % 62] for i in range(8))


def default_hash(user, realm, random, password):
    gen2 = md5(f"{user}:{realm}:{password}").upper()
    return md5(f"{user}:{random}:{gen2}").upper()


class Closed(Exception):
    """The peer went away."""


class Link:
    """One accepted connection. `received` keeps every byte the client sent."""

    def __init__(self, sock):
        self.sock = sock
        self.received = bytearray()
        self.pending = b""
        self.lock = threading.Lock()

    def more(self):
        try:
            data = self.sock.recv(65536)
        except OSError:
            data = b""
        if not data:
            raise Closed
        self.received += data
        self.pending += data

    def read(self, size):
        while len(self.pending) < size:
            self.more()
        out, self.pending = self.pending[:size], self.pending[size:]
        return out

    def read_until(self, mark):
        while mark not in self.pending:
            self.more()
        at = self.pending.index(mark) + len(mark)
        out, self.pending = self.pending[:at], self.pending[at:]
        return out

    def send(self, data):
        try:
            with self.lock:
                self.sock.sendall(data)
        except OSError:
            raise Closed from None


class Listener:
    """A TCP port on which `serve(link)` runs in a thread of each connection, until the client or the test goes."""

    def __init__(self, serve):
        self.serve = serve
        self.links = []
        self.failure = None
        self.threads = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]

    def __enter__(self):
        self.start(self.accept)
        return self

    def start(self, function, *arguments):
        thread = threading.Thread(target=self.guard, args=(function, *arguments), daemon=True)
        self.threads.append(thread)
        thread.start()

    def guard(self, function, *arguments):
        try:
            function(*arguments)
        except (Closed, OSError):
            pass
        except Exception as problem:  # told to the test by __exit__
            self.failure = problem

    def accept(self):
        while True:
            sock, _ = self.socket.accept()
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            link = Link(sock)
            self.links.append(link)
            self.start(self.run, link)

    def run(self, link):
        try:
            self.serve(link)
        finally:
            link.sock.close()

    def received(self):
        return b"".join(bytes(link.received) for link in self.links)

    def __exit__(self, kind, *_):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        for link in self.links:
            try:
                link.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        for thread in self.threads:
            thread.join(10)
        if self.failure is not None and kind is None:
            raise self.failure


def watch(password=PASSWORD, **options):
    """What the SDK's program saw; a crash or a hang fails the test."""
    words = [os.environ["DMSS_WATCH"], *(f"{key}={value}" for key, value in options.items())]
    done = subprocess.run(words, env=dict(os.environ, DMSS_PASSWORD=password), stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
    if done.returncode != 0:
        raise AssertionError(f"{words} ended with {done.returncode}: {done.stderr.decode(errors='replace')}")
    return json.loads(done.stdout)


class Case(unittest.TestCase):
    maxDiff = None

    def check_refused(self, seen, code):
        self.assertIsNotNone(seen["error"], "the login was refused by the device")
        self.assertIn(code, seen["error"]["codes"], seen["error"]["text"])

    def check_secret(self, listener, password=PASSWORD):
        """Neither the password nor anything easily turned into it has left."""
        sent = listener.received()
        for form in (password, password[:8], gen1(password), md5(password), md5(password).upper()):
            self.assertNotIn(form.encode(), sent)
