"""Every program: its help, and wrong use."""

import unittest

from programs import DONE, PROGRAMS, USAGE, run


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

if __name__ == "__main__":
    unittest.main()
