"""dmss-live: how it ends."""

import unittest

from programs import DONE, FAILED, address, run
from clients.wire import Rig


class Live(unittest.TestCase):
    def test_a_window_that_shows_nothing_is_a_failure(self):
        with Rig() as recorder:
            words = [*address(recorder), "--channels", "1-2", "--seconds", "5"]
            done = run("dmss-live", *words)
            self.assertEqual(done.returncode, DONE, done.stderr)
            recorder.control("/fault", {"name": "no_media", "channel": 2})
            done = run("dmss-live", *words)
            self.assertEqual(done.returncode, FAILED)
            self.assertIn("channel 2: no picture", done.stderr)
            self.assertNotIn("channel 1:", done.stderr)


if __name__ == "__main__":
    unittest.main()
