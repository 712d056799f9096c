"""Installs CDUL from the checkout into the Python that runs this, says how large that gets, and how far it is.

python .ci/install.py          # what people need
python .ci/install.py dev      # and what the tests, lints and documents need
"""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
import time
from importlib.util import find_spec
from pathlib import Path

from torch_without_cuda import has_nvidia_card, torch_without_cuda

TOP = Path(__file__).parent.parent
LOG = Path(sys.prefix, "install.log")
STARTER = "./packaging/cdul-starter"

_FETCHED = re.compile(r"^ *(?:Downloading|Using cached) ([A-Za-z0-9_.]+?)-\d.* \(([\d.]+) (kB|MB|GB)\)")
_IN_MB = {"kB": 0.001, "MB": 1, "GB": 1000}
_WORTH_A_LINE = 20
"""Megabytes."""


def main() -> int:
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr] - to be read as it goes, in a log as well
    extras = "".join(f"[{name}]" for name in sys.argv[1:])
    torch = [] if find_spec("torch") else torch_without_cuda()
    small = bool(torch) or not sys.platform.startswith("linux")
    size = "1.5 GB" if small else "6.5 GB"
    if not find_spec("torch"):
        print(f"Installing CDUL and what it needs into {sys.prefix}: some {size} on disk, half of that to be fetched.")
        if not small and not has_nvidia_card():
            print("Most of it is for NVIDIA cards, of which none was found; it does no harm.")
    LOG.write_text("")
    if torch and not _install(torch):
        print("It could not be fetched from there; torch comes from the usual index.")
    if not _install(["--constraint", "constraints.txt", "--editable", f".{extras}", STARTER]):
        print(LOG.read_text("utf-8", "replace"))
        print("The installation failed; see above. Done again, it goes on with what it has fetched.")
        return 1
    print(f"Installed: {_megabytes(Path(sysconfig.get_path('purelib'))):,} MB.")
    return 0


def _install(what: list[str]) -> bool:
    """Have pip install something; its output goes to a log, what takes long to the screen."""
    command = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off", *what]
    began, fetched = time.monotonic(), 0.0
    with (
        LOG.open("a", encoding="utf-8") as log,
        subprocess.Popen(
            command, cwd=TOP, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        ) as pip,
    ):
        for line in pip.stdout or ():
            log.write(line)
            if found := _FETCHED.match(line):
                size = float(found[2]) * _IN_MB[found[3]]
                fetched += size
                if size >= _WORTH_A_LINE:
                    print(f"  {found[1]}, {size:,.0f} MB; {fetched:,.0f} MB so far", flush=True)
            elif line.startswith("Installing collected packages:"):
                print(f"  unpacking {line.count(',') + 1} packages, a minute or two", flush=True)
    print(f"  done in {time.monotonic() - began:.0f} s" if pip.returncode == 0 else "  that failed", flush=True)
    return pip.returncode == 0


def _megabytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) // 10**6


if __name__ == "__main__":
    sys.exit(main())
