"""The example programs: what they print, for people and for machines, and how they end."""

import json
import os
import pathlib
import re
import subprocess
import sys
import unittest
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "interop"))
from interop import PASSWORD, USER, Recorder  # noqa: E402

DONE, FAILED, USAGE, REFUSED, UNREACHABLE = range(5)
PROGRAMS = {pathlib.Path(p).name: p for p in os.environ["DMSS_PROGRAMS"].split(":")}


def run(name, *words, password=PASSWORD):
    if name not in PROGRAMS:
        raise unittest.SkipTest(f"{name} was not built")
    environment = dict(os.environ, DMSS_PASSWORD=password)
    return subprocess.run([PROGRAMS[name], *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
                          env=environment)


def address(recorder, control="dvrip"):
    ports = recorder.ports
    return [f"dahua://{USER}@127.0.0.1:{ports['dvrip']}", "--control", control, "--http-port", str(ports["http"]),
            "--https-port", str(ports["https"]), "--dhip-port", str(ports["dhip"]), "--rtsp-port", str(ports["rtsp"])]


class Help(unittest.TestCase):
    def test_every_program_tells_its_use_and_its_exit_codes(self):
        for name in PROGRAMS:
            with self.subTest(name):
                done = run(name, "--help")
                self.assertEqual(done.returncode, DONE)
                self.assertIn("dahua://user@host", done.stdout)
                self.assertIn("Exit codes: 0 done, 1 failed, 2 wrong use", done.stdout)

    def test_every_program_refuses_wrong_use(self):
        for name in PROGRAMS:
            for words in ([], ["http://x", "x", "x"], ["dahua://x", "--no-such-option"]):
                with self.subTest(name, words=words):
                    done = run(name, *words)
                    self.assertEqual(done.returncode, USAGE)
                    self.assertEqual(done.stdout, "")
                    self.assertNotEqual(done.stderr, "")


class Info(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.recorder = cls.enterClassContext(Recorder())

    @classmethod
    def enterClassContext(cls, context):
        value = context.__enter__()
        cls.addClassCleanup(context.__exit__, None, None, None)
        return value

    def test_tells_machines_what_the_device_is_on_every_route(self):
        for control in ("dvrip", "http", "https", "dhip"):
            with self.subTest(control):
                done = run("dmss-info", *address(self.recorder, control), "--json")
                self.assertEqual(done.returncode, DONE, done.stderr)
                report = json.loads(done.stdout)
                profile = self.recorder.profile
                self.assertEqual(report["device"]["serial"], profile["serial"])
                self.assertEqual(report["device"]["model"], profile["type"])
                self.assertEqual(report["device"]["channels"], profile["channels"])
                self.assertRegex(report["time"], r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$")
                self.assertIn(USER, [u["name"] for u in report["users"]])
                self.assertEqual(sorted(report["channels"]), ["1", "2"])
                self.assertEqual(done.stderr, "")

    def test_asks_only_for_the_channels_it_is_told(self):
        done = run("dmss-info", *address(self.recorder), "--json", "--channels", "2")
        self.assertEqual(list(json.loads(done.stdout)["channels"]), ["2"])
        done = run("dmss-info", *address(self.recorder), "--channels", "2-1")
        self.assertEqual(done.returncode, USAGE)

    def test_tells_people(self):
        done = run("dmss-info", *address(self.recorder))
        self.assertEqual(done.returncode, DONE, done.stderr)
        lines = {line.split()[0]: line for line in done.stdout.splitlines() if line.strip()}
        self.assertIn(self.recorder.profile["type"], lines["model"])
        self.assertIn(self.recorder.profile["serial"], lines["serial"])
        self.assertIn("dvrip_digest", lines["connected"])

    def test_a_wrong_password_has_its_exit_code_and_is_not_shown(self):
        done = run("dmss-info", *address(self.recorder), "--json", password="Wrong-pass-1")
        self.assertEqual(done.returncode, REFUSED)
        self.assertEqual(done.stdout, "")
        self.assertIn("wrong_password", done.stderr)
        self.assertNotIn("Wrong-pass-1", done.stderr)
        self.assertEqual(run("dmss-info", *address(self.recorder), "--channels", "none").returncode, DONE)

    def test_a_device_that_is_not_there_has_its_exit_code(self):
        done = run("dmss-info", f"dahua://{USER}@127.0.0.1:1", "--control", "dvrip")
        self.assertEqual(done.returncode, UNREACHABLE)
        self.assertIn("connect_failed", done.stderr)


class Live(unittest.TestCase):
    def test_a_window_that_shows_nothing_is_a_failure(self):
        with Recorder() as recorder:
            words = [*address(recorder), "--channels", "1-2", "--seconds", "5"]
            done = run("dmss-live", *words)
            self.assertEqual(done.returncode, DONE, done.stderr)
            fault = json.dumps({"name": "no_media", "channel": 2}).encode()
            urllib.request.urlopen(f"http://127.0.0.1:{recorder.ports['control']}/fault", fault).close()
            done = run("dmss-live", *words)
            self.assertEqual(done.returncode, FAILED)
            self.assertIn("channel 2: no picture", done.stderr)
            self.assertNotIn("channel 1:", done.stderr)


class Probe(unittest.TestCase):
    def test_records_a_profile_without_secrets_that_the_recorder_plays(self):
        with Recorder() as recorder:
            file = recorder.folder / "probed.json"
            done = run("dmss-probe", *address(recorder), str(file), "--pause", "0", "--mask-addresses")
            self.assertEqual(done.returncode, DONE, done.stderr)
            self.assertIn("questions", done.stdout)
            text = file.read_text()
            profile = json.loads(text)
            self.assertEqual(profile["serial"], recorder.profile["serial"])
            self.assertEqual(profile["channels"], recorder.profile["channels"])
            self.assertNotIn(PASSWORD, text)
            self.assertEqual(re.findall(r'"Password": "(?!\*{6}|")', text), [])
            self.assertIn("ChannelTitle", profile["tables"])
            played = Recorder()
            (played.folder / "profile.json").write_text(text)
            with played:
                again = run("dmss-info", *address(played), "--json", "--channels", "none")
                self.assertEqual(json.loads(again.stdout)["device"]["serial"], profile["serial"])

    def test_can_leave_out_the_serial_number(self):
        with Recorder() as recorder:
            file = recorder.folder / "probed.json"
            done = run("dmss-probe", *address(recorder), str(file), "--pause", "0", "--mask-serials")
            self.assertEqual(done.returncode, DONE, done.stderr)
            self.assertNotIn(recorder.profile["serial"], file.read_text())


if __name__ == "__main__":
    unittest.main()
