"""CDUL's window, everything that imports Qt, and the door of the program, which imports Qt only for the window.

`engine` is a name that others use too. The one meant here lies beside this package, also where Python finds another one
first, in the current folder or on PYTHONPATH.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path


def _import_engine_beside() -> None:
    ours = Path(__file__).parents[1] / "engine" / "__init__.py"
    found = find_spec("engine")
    if not ours.is_file() or (found is not None and found.origin and Path(found.origin).resolve() == ours.resolve()):
        return
    if "engine" in sys.modules:
        other = found and (found.origin or next(iter(found.submodule_search_locations or ()), None))
        raise ImportError(f"Another package called engine, imported from {other}, hides CDUL's, {ours.parent}.")
    spec = spec_from_file_location("engine", ours)
    assert spec is not None
    assert spec.loader is not None
    sys.modules["engine"] = engine = module_from_spec(spec)
    spec.loader.exec_module(engine)


_import_engine_beside()
