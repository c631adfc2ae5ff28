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

DONE, FAILED, USAGE, REFUSED, UNREACHABLE, UNSUPPORTED = range(6)
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


class Config(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        recorder = Recorder()
        cls.recorder = recorder.__enter__()
        cls.addClassCleanup(recorder.__exit__)

    def config(self, *words, code=DONE, recorder=None):
        done = run("dmss-config", *address(recorder or self.recorder), *words)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def table(self, path, recorder=None):
        ports = (recorder or self.recorder).ports
        with urllib.request.urlopen(f"http://127.0.0.1:{ports['control']}/tables?name={path}", timeout=10) as answer:
            return json.loads(answer.read())["value"]

    def test_lists_tables(self):
        names = self.config("list").stdout.split()
        self.assertIn("MotionDetect", names)
        self.assertEqual(json.loads(self.config("list", "--json").stdout), names)

    def test_gets_a_table_or_a_part_of_it(self):
        name = self.table("ChannelTitle[1].Name")
        self.assertEqual(self.config("get", "ChannelTitle[1].Name").stdout, f"ChannelTitle[1].Name = {name}\n")
        self.assertEqual(json.loads(self.config("get", "ChannelTitle[1].Name", "--json").stdout), name)
        lines = self.config("get", "NTP").stdout.splitlines()
        self.assertIn(f"NTP.Port = {self.table('NTP.Port')}", lines)
        self.assertEqual(json.loads(self.config("get", "NTP", "--json").stdout), self.table("NTP"))
        row = self.config("get", "ChannelTitle.Name", "--channel", "2").stdout
        self.assertEqual(row, f"ChannelTitle.Name = {name}\n")
        self.assertIn("no_such_thing", self.config("get", "NTP.no_such_thing", code=USAGE).stderr)
        self.config("get", "NoSuchTable", code=UNSUPPORTED)

    def test_sets_values(self):
        self.config("set", "ChannelTitle[1].Name=Back yard", "NTP.Port=124")
        self.assertEqual(self.table("ChannelTitle[1].Name"), "Back yard")
        self.assertEqual(self.table("NTP.Port"), 124)
        self.config("set", "--channel", "1", "ChannelTitle.Name=Gate")
        self.assertEqual(self.table("ChannelTitle[0].Name"), "Gate")
        for wrong in ("NTP.Port=many", "NTP.Portt=1", "NTP", "=1"):
            with self.subTest(wrong):
                self.config("set", wrong, code=USAGE)
        self.assertEqual(self.table("NTP.Port"), 124)

    def test_sets_one_row_of_a_table_that_is_too_long_to_be_written(self):
        with Recorder(channels=16) as recorder:
            before = self.table("MotionDetect", recorder)
            wanted = not before[0]["Enable"]
            self.config("set", f"MotionDetect[0].Enable={json.dumps(wanted)}", recorder=recorder)
            before[0]["Enable"] = wanted
            self.assertEqual(self.table("MotionDetect", recorder), before)
            # An alarm input is a row, too, whether or not there is a channel of that number.
            self.config("set", "AlarmOut[1].Mode=1", recorder=recorder)
            self.assertEqual(self.table("AlarmOut[1].Mode", recorder), 1)

    def test_shows_typed_values(self):
        shown = json.loads(self.config("show", "motion_detection", "--index", "1", "--json").stdout)
        text = self.config("show", "motion_detection", "--index", "1").stdout
        lines = text.splitlines()
        self.assertIn(f"enable = {json.dumps(shown['enable'])}", lines)
        at = lines.index("windows[0].region =")
        self.assertEqual([line.strip() for line in lines[at + 1 : at + 19]], shown["windows"][0]["region"])
        self.assertTrue(any(re.fullmatch(r"linkage\.period\.monday = (none|\d+ \d\d:.*)", line) for line in lines), text)
        self.assertNotIn("{", text)
        self.config("show", "no_such_kind", code=USAGE)
        self.config("show", "motion_detection", "--index", "9", code=FAILED)

    def test_edits_typed_values(self):
        self.config("edit", "motion_detection", "--index", "2", "linkage.anti_dither=33")
        self.assertEqual(self.table("MotionDetect[1].EventHandler.Dejitter"), 33)
        for wrong in ("linkage.anti_dither=999", "linkage.anti_dither=x", "no_such=1"):
            with self.subTest(wrong):
                self.config("edit", "motion_detection", "--index", "2", wrong, code=USAGE)

    def test_edits_streams_within_the_devices_choices(self):
        before = self.table("Encode")
        done = self.config("edit", "encode", "--index", "1", "main.codec=H.999", code=USAGE)
        self.assertIn("H.265", done.stderr)
        self.assertEqual(self.table("Encode"), before)

    def test_a_detector_that_is_not_there_is_not_asked_for(self):
        done = self.config("show", "pir_alarm", "--index", "1", code=UNSUPPORTED)
        self.assertIn("getAlarmCaps", done.stderr)

    def test_compares_two_devices(self):
        with Recorder() as other:
            there = f"dahua://{USER}@127.0.0.1:{other.ports['dvrip']}"
            before = self.table("NTP.Address"), self.table("NTP.Address", other)
            self.assertEqual(before[0], before[1])
            self.config("diff", there, "Locales")
            self.config("set", "Locales.DSTEnable=" + json.dumps(not self.table("Locales.DSTEnable")))
            done = self.config("diff", there, "Locales", code=FAILED)
            self.assertRegex(done.stdout, r"^Locales\.DSTEnable: (true \| false|false \| true)\n$")
            done = self.config("diff", there, "Locales", "--json", code=FAILED)
            self.assertEqual(list(json.loads(done.stdout)), ["Locales.DSTEnable"])


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
