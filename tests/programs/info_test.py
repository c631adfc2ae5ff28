"""dmss-info: what it prints, for people and for machines, and how it ends."""

import json
import unittest

from programs import DONE, REFUSED, UNREACHABLE, USAGE, USER, address, run
from interop import Recorder


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

if __name__ == "__main__":
    unittest.main()
