"""one.py FILE CLASS.METHOD: runs one test; 77 and the reason when it was skipped."""

import sys
import unittest

result = unittest.TextTestRunner(verbosity=2).run(unittest.defaultTestLoader.loadTestsFromName(f"{sys.argv[1]}.{sys.argv[2]}"))
if result.skipped:
    sys.exit(77)
sys.exit(0 if result.wasSuccessful() and result.testsRun == 1 else 1)
