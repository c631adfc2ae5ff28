"""consume.py ACTION PREFIX: one way in which a program of someone else's finds what was installed in PREFIX.

The compilers come from CC and CXX, DMSS_RECORDER is the recorder the program then logs in to, DMSS_FLAGS what the library was
built with and its user must be as well (sanitizers)."""

import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "interop"))
from interop import PASSWORD, Recorder  # noqa: E402

FLAGS = shlex.split(os.environ.get("DMSS_FLAGS", ""))
STRICT = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", *FLAGS]


def do(*words, **options):
    subprocess.run([str(word) for word in words], check=True, **options)


def run_consumer(program, **environment):
    with Recorder() as recorder:
        ports = [str(recorder.ports[service]) for service in ("dvrip", "rtsp")]
        done = subprocess.run([program, *ports, PASSWORD], capture_output=True, text=True, timeout=60, env=os.environ | environment)
        expected = f"{recorder.profile['serial']} {recorder.profile['channels']}\n"
        if (done.returncode, done.stdout) != (0, expected):
            sys.exit(f"the program ended with {done.returncode}: {done.stdout}{done.stderr}")
        refused = subprocess.run([program, *ports, "wrong"], capture_output=True, text=True, timeout=60, env=os.environ | environment)
        if refused.returncode != 1 or refused.stderr == "":
            sys.exit(f"with a wrong password the program ended with {refused.returncode}: {refused.stdout}{refused.stderr}")


def cmake_package(prefix, build, source, **environment):
    flags = shlex.join(FLAGS)
    words = ["cmake", "-G", "Ninja", "-S", HERE / source, "-B", build, f"-DCMAKE_PREFIX_PATH={prefix}"]
    do(*words, f"-DCMAKE_C_FLAGS={flags}", f"-DCMAKE_CXX_FLAGS={flags}", env=os.environ | environment)
    do("cmake", "--build", build)
    run_consumer(build / "consumer")


def pkg_config(prefix, build, package, compiler, source):
    folders = ":".join(str(folder) for folder in prefix.rglob("pkgconfig"))
    environment = os.environ | {"PKG_CONFIG_PATH": folders}
    words = subprocess.run(["pkg-config", "--cflags", "--libs", package], env=environment, capture_output=True, text=True, check=True)
    version = subprocess.run(["pkg-config", "--modversion", package], env=environment, capture_output=True, text=True, check=True)
    print(words.stdout, version.stdout)
    if not version.stdout.startswith("0."):
        sys.exit("no version")
    if f"-I{prefix}" not in words.stdout or f"-L{prefix}" not in words.stdout:
        sys.exit(f"{package}.pc does not point into the prefix")
    do(*compiler, *STRICT, HERE / source, *shlex.split(words.stdout), "-pthread", "-o", build / "consumer")
    [library] = {path.parent for path in prefix.rglob("libdmss*.so")}
    run_consumer(build / "consumer", LD_LIBRARY_PATH=str(library))


def headers(prefix, build):
    include = prefix / "include"
    names = sorted(path.relative_to(include) for path in include.rglob("*.h*"))
    if len(names) < 10:
        sys.exit(f"only these headers were installed: {names}")
    for name in names:
        unit = build / "unit"
        unit.write_text(f"#include <{name}>\n#include <{name}>\n")
        alone = [*STRICT, "-Wundef", "-fsyntax-only", f"-I{include}"]
        do(*CXX, "-std=c++20", *alone, "-x", "c++", unit)
        if name.suffix == ".h":
            do(*CC, "-std=c11", *alone, "-x", "c", unit)
            do(*CC, "-std=c11", *alone, "-Wstrict-prototypes", "-Wc++-compat", "-x", "c", unit)


def exports(prefix, _):
    [library] = prefix.rglob("libdmss_c.so")
    do("sh", HERE.parent / "capi" / "exports_test.sh", library, env=os.environ | {"NM": shutil.which("nm")})


CC, CXX = shlex.split(os.environ.get("CC", "cc")), shlex.split(os.environ.get("CXX", "c++"))
ACTIONS = {
    "cmake_cpp": lambda p, b: cmake_package(p, b, "package_cpp"),
    "cmake_c": lambda p, b: cmake_package(p, b, "package_c", PKG_CONFIG_LIBDIR="/nowhere"),  # needs no FFmpeg
    "pkg_config_cpp": lambda p, b: pkg_config(p, b, "dmss", [*CXX, "-std=c++20"], "consumer.cpp"),
    "pkg_config_c": lambda p, b: pkg_config(p, b, "dmss_c", [*CC, "-std=c11"], "consumer.c"),
    "headers": headers,
    "exports": exports,
}


def main():
    action, prefix = sys.argv[1], pathlib.Path(sys.argv[2])
    with tempfile.TemporaryDirectory(prefix="dmss-consume-") as build:
        ACTIONS[action](prefix, pathlib.Path(build))


main()
