"""dmss-ptz: what it does to the camera, what it prints, and that nothing goes on moving when it is interrupted."""

import json
import signal
import subprocess
import time
import unittest

from programs import DONE, UNSUPPORTED, USAGE, address, environment, path, run
from clients.wire import Rig


class Ptz(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.rig = Rig("ptz")
        cls.rig.__enter__()
        cls.addClassCleanup(cls.rig.__exit__)

    def head(self):
        [head] = self.rig.control("/state")["ptz"]["channels"]
        return head

    def order(self, *words, expected=DONE):
        done = run("dmss-ptz", *address(self.rig), *words)
        self.assertEqual(done.returncode, expected, done.stderr)
        return done

    def start(self, *words, **options):
        return subprocess.Popen([path("dmss-ptz"), *address(self.rig), *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                text=True, env=environment(), **options)

    def wait_until_it_moves(self):
        end = time.monotonic() + 20
        while not self.head()["running"]:
            self.assertLess(time.monotonic(), end, "the camera does not move")

    def test_moves_and_stops(self):
        before = self.head()["pan"]
        self.assertEqual(self.order("move", "right", "--speed", "8", "--seconds", "0.3").stdout, "")
        self.assertEqual(self.head()["running"], [])
        self.assertNotEqual(self.head()["pan"], before)

    def test_an_interrupt_stops_the_camera(self):
        for what in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(what.name):
                process = self.start("move", "left", "--seconds", "60")
                self.wait_until_it_moves()
                process.send_signal(what)
                _, errors = process.communicate(timeout=20)
                self.assertEqual(process.returncode, DONE, errors)
                self.assertEqual(self.head()["running"], [])

    def test_an_interrupt_stops_what_the_keys_move(self):
        process = self.start("keys", stdin=subprocess.PIPE)
        process.stdin.write("\033[C")
        process.stdin.flush()
        self.wait_until_it_moves()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
        self.assertEqual(process.returncode, DONE, errors)
        self.assertEqual(self.head()["running"], [])

    def test_tells_where_the_camera_looks_to_people_and_to_machines(self):
        self.order("absolute", "30", "10", "3")
        self.rig.control("/ptz", {"channel": 1, "place": {"pan": 30, "tilt": 10, "zoom": 3}})
        self.assertEqual(self.order("status").stdout, "at rest, pan 30.0, tilt 10.0, zoom 3.0\n")
        told = json.loads(self.order("status", "--json").stdout)
        self.assertEqual((told["pan"], told["tilt"], told["zoom"], told["moving"]), (30, 10, 3, False))

    def test_a_position_that_was_read_is_gone_back_to(self):
        self.rig.control("/ptz", {"channel": 1, "place": {"pan": 40, "tilt": 20, "zoom": 4.5}})
        told = json.loads(self.order("status", "--json").stdout)
        self.rig.control("/ptz", {"channel": 1, "place": {"pan": 0, "tilt": 0, "zoom": 1}})
        self.order("absolute", *(str(told[axis]) for axis in ("pan", "tilt", "zoom")))
        end = time.monotonic() + 30
        while [round(self.head()[axis], 1) for axis in ("pan", "tilt", "zoom")] != [40, 20, 4.5]:
            self.assertLess(time.monotonic(), end, f"the camera stands at {self.head()}")

    def test_presets(self):
        self.order("set", "7", "Gate")
        self.assertIn("7  Gate", self.order("presets").stdout.splitlines())
        self.assertIn({"number": 7, "name": "Gate"}, json.loads(self.order("presets", "--json").stdout))
        self.order("goto", "7")
        self.order("clear", "7")
        self.assertNotIn("7  Gate", self.order("presets").stdout.splitlines())

    def test_says_what_is_wrong(self):
        self.assertIn("invalid_argument", self.order("move", "sideways", expected=USAGE).stderr)
        self.order("move", "left", "--seconds", "0", expected=USAGE)
        done = run("dmss-ptz", *address(self.rig), "--channel", "9", "status")
        self.assertNotEqual(done.returncode, DONE)
        self.assertIn("channel", done.stderr)

    def test_a_camera_that_cannot_turn_says_so(self):
        with Rig("bullet", ptz_channels=[]) as fixed:
            done = run("dmss-ptz", *address(fixed), "move", "left")
            self.assertEqual(done.returncode, UNSUPPORTED, done.stderr)
            self.assertIn("unsupported", done.stderr)


if __name__ == "__main__":
    unittest.main()
