"""dmss-probe: the profile that it writes of a device."""

import json
import re
import unittest

from programs import DONE, PASSWORD, address, run
from clients.wire import Rig
from interop import Recorder


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

    def test_an_old_recorder_is_recorded_as_one(self):
        with Rig("olddvr") as recorder:
            file = recorder.folder / "probed.json"
            done = run("dmss-probe", *address(recorder), "--legacy-login", "plain", "--plaintext-password", str(file), "--pause", "0")
            self.assertEqual(done.returncode, DONE, done.stderr)
            profile = json.loads(file.read_text())
            self.assertEqual(profile["dvrip"]["logins"], ["plain"])
            self.assertEqual((profile["dvrip"]["json"], profile["http"]["rpc"]), (False, False))
            self.assertIn("MotionDetect", profile["tables"])

    def test_can_leave_out_the_serial_number(self):
        with Recorder() as recorder:
            file = recorder.folder / "probed.json"
            done = run("dmss-probe", *address(recorder), str(file), "--pause", "0", "--mask-serials")
            self.assertEqual(done.returncode, DONE, done.stderr)
            self.assertNotIn(recorder.profile["serial"], file.read_text())

if __name__ == "__main__":
    unittest.main()
