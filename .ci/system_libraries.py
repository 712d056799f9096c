"""Sees to it that Qt finds the system libraries it needs: installs them where that takes no password, else says how."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from cdul_gui.window.system import LIBRARIES, missing_library

# Without any font Qt draws empty boxes; the offscreen platform needs no X libraries, but a window does.
PACKAGES = [*LIBRARIES.split(), "fonts-dejavu-core"]


def main() -> int:
    may_install = os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get") is not None
    # Where it costs nothing also what a window needs, should there be no display yet.
    is_for_a_window = may_install or bool(os.environ.get("DISPLAY"))
    os.environ["QT_QPA_PLATFORM"] = "xcb" if is_for_a_window else "offscreen"
    missing = missing_library()
    has_fonts = not sys.platform.startswith("linux") or any(Path("/usr/share/fonts").rglob("*.[to]tf"))
    if missing is None and has_fonts:
        return 0
    if may_install:
        print(f"Installing system libraries for Qt ({missing or 'fonts'}) ...")
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (
            ["apt-get", "update", "-q"],
            ["apt-get", "install", "-yq", "--no-install-recommends", *PACKAGES],
        ):
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
            if done.returncode:
                print(done.stdout[-2000:], done.stderr[-2000:])
                return 1
        return 0
    print(f"Qt needs system libraries that are missing: sudo apt-get install -y {' '.join(PACKAGES)}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
