"""A photo within a JSON file is left out while it is read, wherever the parts that are read meet."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.formats.files import reading
from engine.formats.files.reading import KnownLabelsError, read_without

texts = st.text(alphabet='"\\\\/:, {}éa\n', max_size=30)


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.dictionaries(st.sampled_from(["imageData", "label", "a", 'imageData"']), texts | st.integers()),
    st.integers(1, 40),
)
def test_all_but_the_text_under_the_key(tmp_path: Path, value: dict[str, object], at_once: int) -> None:
    file = tmp_path / "a.json"
    document = {"shapes": [value, 1], **value}
    file.write_text(json.dumps(document, indent=at_once % 3 or None, ensure_ascii=at_once % 2 == 0), "utf-8")

    def emptied(one: dict[str, object]) -> dict[str, object]:
        return {name: "" if name == "imageData" and isinstance(text, str) else text for name, text in one.items()}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "_AT_ONCE", at_once)
        assert json.loads(read_without(file, "imageData")) == emptied({**document, "shapes": [emptied(value), 1]})


def test_what_is_left_has_a_limit_and_what_never_ends_is_no_json(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(b'{"imageData": "' + b"A" * 3 * 2**20)
    assert read_without(file, "imageData", 100) == b'{"imageData": "'
    file.write_bytes(b'{"flags": "' + b"A" * 3 * 2**20 + b'"}')
    with pytest.raises(KnownLabelsError, match=r"a\.json is larger than 1 MB"):
        read_without(file, "imageData", 2**20)
