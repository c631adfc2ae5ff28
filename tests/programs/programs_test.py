"""The example programs: what they print, for people and for machines, and how they end."""

import json
import os
import pathlib
import re
import signal
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


class Events(unittest.TestCase):
    """dmss-events runs until it is interrupted: it is waited for by what it prints."""

    def setUp(self):
        self.recorder = Recorder()
        self.recorder.__enter__()
        self.addCleanup(self.recorder.__exit__)

    def raise_event(self, code, action, index, **more):
        event = {"code": code, "action": action, "index": index, **more}
        url = f"http://127.0.0.1:{self.recorder.ports['control']}/event"
        urllib.request.urlopen(urllib.request.Request(url, json.dumps(event).encode(), method="POST"), timeout=10).close()

    def watch(self, *words, control="dvrip"):
        """The running program, attached."""
        if "dmss-events" not in PROGRAMS:
            raise unittest.SkipTest("dmss-events was not built")
        process = subprocess.Popen([PROGRAMS["dmss-events"], *address(self.recorder, control), *words], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   env=dict(os.environ, DMSS_PASSWORD=PASSWORD))
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
