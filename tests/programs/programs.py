"""What the tests of the example programs share: running one, where its device is, exit codes."""

import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "interop"))
from interop import PASSWORD, USER  # noqa: E402

DONE, FAILED, USAGE, REFUSED, UNREACHABLE, UNSUPPORTED = range(6)
PROGRAMS = {pathlib.Path(p).name: p for p in os.environ["DMSS_PROGRAMS"].split(":")}


def path(name):
    if name not in PROGRAMS:
        raise unittest.SkipTest(f"{name} was not built")
    return PROGRAMS[name]


def environment(password=PASSWORD):
    return dict(os.environ, DMSS_PASSWORD=password)


def run(name, *words, password=PASSWORD):
    return subprocess.run([path(name), *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
                          env=environment(password))


def address(recorder, control="dvrip"):
    ports = recorder.ports
    return [f"dahua://{USER}@127.0.0.1:{ports['dvrip']}", "--control", control, "--http-port", str(ports["http"]),
            "--https-port", str(ports["https"]), "--dhip-port", str(ports["dhip"]), "--rtsp-port", str(ports["rtsp"])]
