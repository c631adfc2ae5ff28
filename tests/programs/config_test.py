"""dmss-config: reads, writes, edits and compares, and what it prints, for people and for machines."""

import json
import re
import unittest

from programs import DONE, FAILED, UNSUPPORTED, USAGE, USER, address, run
from clients.wire import Rig


class Config(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        recorder = Rig()
        cls.recorder = recorder.__enter__()
        cls.addClassCleanup(recorder.__exit__)

    def config(self, *words, code=DONE, recorder=None):
        done = run("dmss-config", *address(recorder or self.recorder), *words)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def table(self, path, recorder=None):
        return (recorder or self.recorder).control(f"/tables?name={path}")["value"]

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
        with Rig(channels=16) as recorder:
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
        with Rig() as other:
            there = f"dahua://{USER}@127.0.0.1:{other.ports['dvrip']}"
            before = self.table("NTP.Address"), self.table("NTP.Address", other)
            self.assertEqual(before[0], before[1])
            self.config("diff", there, "Locales")
            self.config("set", "Locales.DSTEnable=" + json.dumps(not self.table("Locales.DSTEnable")))
            done = self.config("diff", there, "Locales", code=FAILED)
            self.assertRegex(done.stdout, r"^Locales\.DSTEnable: (true \| false|false \| true)\n$")
            done = self.config("diff", there, "Locales", "--json", code=FAILED)
            self.assertEqual(list(json.loads(done.stdout)), ["Locales.DSTEnable"])


if __name__ == "__main__":
    unittest.main()
