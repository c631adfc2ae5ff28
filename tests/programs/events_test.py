"""dmss-events: what it prints, for people and for machines, what it leaves out, and how it ends."""

import json
import signal
import subprocess
import unittest

from programs import DONE, REFUSED, USAGE, address, environment, path, run
from clients.wire import Rig


class Events(unittest.TestCase):
    """dmss-events runs until it is interrupted: it is waited for by what it prints."""

    def setUp(self):
        self.recorder = Rig()
        self.recorder.__enter__()
        self.addCleanup(self.recorder.__exit__)

    def raise_event(self, code, action, index, **more):
        self.recorder.control("/event", {"code": code, "action": action, "index": index, **more})

    def watch(self, *words, control="dvrip"):
        """The running program, attached."""
        process = subprocess.Popen([path("dmss-events"), *address(self.recorder, control), *words], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment())
        self.addCleanup(self.end, process)
        states = process.stdout if "--json" in words else process.stderr
        self.assertTrue(any("attached" in line for line in states))
        return process

    @staticmethod
    def end(process):
        process.kill()
        process.communicate()

    def interrupt(self, process):
        """What it printed at its end: standard output, standard error."""
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        self.assertEqual(process.returncode, DONE, err)
        return out, err

    def test_tells_people(self):
        process = self.watch("--housekeeping")
        self.raise_event("VideoMotion", "Start", 1, data={"Name": "Yard"})
        self.raise_event("AlarmLocal", "Pulse", 2)
        self.raise_event("AlarmOutput", "Pulse", 0)
        self.raise_event("DoorStatus", "Pulse", 3)
        self.raise_event("NTPAdjustTime", "Pulse", -1)
        lines = [process.stdout.readline() for _ in range(5)]
        for line in lines:
            self.assertRegex(line, r"^\d\d:\d\d:\d\d ")
        self.assertEqual([line[9:].rstrip("\n") for line in lines],
                         ['VideoMotion start channel 2 "Yard"', "AlarmLocal pulse input 3", "AlarmOutput pulse output 1",
                          "DoorStatus pulse index 4", "NTPAdjustTime pulse"])
        out, err = self.interrupt(process)
        self.assertEqual(out, "")
        self.assertIn("stopped", err)
        self.assertRegex(err, r"5 events, \d+ others, 0 dropped, 0 gaps, by rpc")

    def test_tells_machines(self):
        process = self.watch("--json", control="http")
        self.raise_event("VideoMotion", "Start", 1, data={"Name": "Yard", "UTC": 1795694401})
        self.raise_event("AlarmOutput", "Stop", 0)
        motion, output = (json.loads(process.stdout.readline()) for _ in range(2))
        self.assertEqual({k: motion[k] for k in ("code", "action", "group", "index", "index_of", "name")},
                         {"code": "VideoMotion", "action": "start", "group": "motion", "index": 2, "index_of": "channel",
                          "name": "Yard"})
        self.assertEqual(motion["data"], {"Name": "Yard", "UTC": 1795694401})
        self.assertRegex(motion["received"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertNotIn("recovered", motion)
        self.assertEqual((output["action"], output["index"], output["index_of"]), ("stop", 1, "output"))
        out, err = self.interrupt(process)
        self.assertEqual([json.loads(line) for line in out.splitlines()], [{"state": "stopped"}])
        self.assertEqual(err, "")

    def test_shows_only_what_is_asked_for(self):
        process = self.watch("--json", "--code", "AlarmLocal", "--group", "motion", "--channels", "2")
        self.raise_event("VideoMotion", "Start", 0)
        self.raise_event("VideoLoss", "Start", 1)
        self.raise_event("AlarmLocal", "Pulse", 8)  # an input, not a channel
        self.raise_event("VideoMotion", "Start", 1)
        told = [json.loads(process.stdout.readline()) for _ in range(2)]
        self.assertEqual([(e["code"], e["index"]) for e in told], [("AlarmLocal", 9), ("VideoMotion", 2)])
        self.interrupt(process)

    def test_ends_by_itself_after_its_time_and_when_nothing_can_come(self):
        done = run("dmss-events", *address(self.recorder), "--json", "--seconds", "0.5")
        self.assertEqual(done.returncode, DONE, done.stderr)
        self.assertEqual(json.loads(done.stdout.splitlines()[-1]), {"state": "stopped"})
        done = run("dmss-events", *address(self.recorder), password="Wrong-pass-1")
        self.assertEqual(done.returncode, REFUSED)
        self.assertIn("wrong_password", done.stderr)
        self.assertEqual(run("dmss-events", *address(self.recorder), "--group", "noise").returncode, USAGE)


if __name__ == "__main__":
    unittest.main()
