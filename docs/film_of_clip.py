"""Takes pictures of the way to CLIP in the real window, from the first start to its labels, and of what can go wrong.

    python docs/film_of_clip.py OUTDIR [--size 1280x800] [--scheme light]

A hub of the tests' on this machine publishes a small random network under the name of the real one, so that no network
is needed; its labels therefore mean nothing. Without a display set QT_QPA_PLATFORM=offscreen. Nothing of the person who
runs it is read or changed: home, caches, settings and project live in a temporary folder.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TOP = Path(__file__).parents[1]


def main() -> None:
    """Take all pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--size", default="1280x800")
    parser.add_argument("--scheme", choices=("light", "dark"), default="light")
    arguments = parser.parse_args()
    width, height = map(int, arguments.size.split("x"))
    sys.path[:0] = [str(TOP), str(TOP / "tests"), str(TOP / "docs")]
    from filming import live_in

    with tempfile.TemporaryDirectory() as home:
        live_in(Path(home))
        from hub import open_hub

        with open_hub() as hub:
            os.environ["HF_ENDPOINT"] = hub.address
            Film(arguments.out, Path(home), hub, (width, height), arguments.scheme).take_all()


class Film:
    """One run of the program after another, on the same home."""

    def __init__(self, out: Path, home: Path, hub: Any, size: tuple[int, int], scheme: str) -> None:
        from filming import Camera
        from making import TINY_CLIP, make_tiny_clip

        self._home, self._hub = home, hub
        self._camera = Camera(out, home, size, scheme)
        self._app = self._camera.app
        import open_clip.factory

        from engine.models.encoders.known import BY_NAME

        (home / "tiny").mkdir()
        self._folder = make_tiny_clip(home / "tiny")
        weights = (self._folder / "open_clip_model.safetensors").read_bytes()
        for known in BY_NAME.values():
            hub.put(known.repository, "open_clip_model.safetensors", weights)
            open_clip.factory._MODEL_CONFIGS[known.name.partition(":")[0]] = TINY_CLIP["model_cfg"]
        self._half = len(weights) // 2

    def take_all(self) -> None:
        self._from_first_start_to_labels()
        self._cut_and_gone_on_with()
        self._damaged()
        self._full_disk()
        self._from_files()

    # The way

    def _from_first_start_to_labels(self) -> None:
        from cdul_gui.settings import LabellingChoice, Settings

        # Few labels: a random network would suggest dozens of the proposed set for each photo.
        Settings().labelling = LabellingChoice("cow, dog, cat, horse, bird, giraffe, car, boat, church, people, coffee")
        window = self._open_window()
        self._camera.take(window, "first_start")
        window.desk.opening.open_samples()
        self._camera.settle(window)
        window.desk.labelling.label()
        self._camera.settle(window)
        self._wait_for_choice(window, "Get better labels")
        self._camera.take(window, "starter_labelled")
        window.desk.ask.set_up_and_label()
        self._camera.wait(lambda: self._app.activeModalWidget() is not None)
        dialog = self._app.activeModalWidget()
        assert dialog is not None
        self._camera.wait(lambda: dialog.encoder.count() > 1)
        dialog.encoder.setCurrentIndex(1)
        self._camera.take(dialog, "set_up")
        dialog.reject()
        window.desk.ask_encoders.show_encoders()
        self._camera.wait(lambda: self._app.activeModalWidget() is not None)
        dialog = self._app.activeModalWidget()
        assert dialog is not None
        self._camera.wait(lambda: dialog.model.rowCount() > 5)
        self._camera.take(dialog, "encoders")
        dialog.reject()
        window.encoder_line.click()
        self._camera.wait(window.encoder_line.menu_of_encoders.isVisible)
        self._camera.take(window.encoder_line.menu_of_encoders, "menu_of_encoders")
        window.encoder_line.menu_of_encoders.close()
        self._hub.hold_at = self._half
        self._choose(window, "Get better labels")
        self._wait_for_half(window)
        self._camera.take(window, "fetching")
        self._hub.held.set()
        self._wait_for_choice(window, "Label ")
        self._camera.take(window, "is_here")
        self._choose(window, "Label ")
        self._wait_for_choice(window, "Show th")
        self._camera.settle(window)
        self._camera.take(window, "labelled_by_clip")
        self._choose(window, "Show these photos")
        self._camera.settle(window)
        self._camera.take(window, "seen_differently")
        window.close()

    def _cut_and_gone_on_with(self) -> None:
        self._forget_weights()
        window = self._open_window(with_photos=True)
        self._hub.hold_at = self._half
        window.desk.encoders.fetch(self._name)
        self._wait_for_half(window)
        window.desk.encoders.pause()
        self._camera.take(window, "paused")
        window.desk.encoders.go_on()
        self._hub.vanish()
        self._camera.wait(lambda: window.desk.download_bar.close_button.isVisible())
        self._camera.take(window, "network_gone")
        window.close()
        self._hub.open()
        window = self._open_window(with_photos=True)
        self._camera.take(window, "after_a_restart")
        window.desk.download_bar.again.click()
        self._wait_for_choice(window, "Label ")
        self._camera.take(window, "gone_on_with")
        window.close()

    def _damaged(self) -> None:
        self._forget_weights()
        self._hub.wrong = True
        window = self._open_window(with_photos=True)
        window.desk.encoders.fetch(self._name)
        self._camera.wait(lambda: window.desk.download_bar.close_button.isVisible())
        self._camera.take(window, "wrong_checksum")
        self._hub.wrong = False
        window.desk.download_bar.close_button.click()
        window.close()

    def _full_disk(self) -> None:
        self._hub.claimed = 10**15
        window = self._open_window(with_photos=True)
        window.desk.encoders.fetch(self._name)
        self._camera.wait(lambda: window.desk.download_bar.close_button.isVisible())
        self._camera.take(window, "disk_full")
        self._hub.claimed = None
        window.desk.download_bar.close_button.click()
        window.close()

    def _from_files(self) -> None:
        window = self._open_window(with_photos=True)
        for kind, place in self._published_kinds():
            window.desk.encoders.take(str(place), lambda *_: None)
            self._wait_for_choice(window, "Label ")
            self._camera.take(window, f"from_{kind}")
            self._choose(window, "Label ")
            self._camera.settle(window)
            self._camera.take(window, f"labelled_from_{kind}")
        window.close()

    def _published_kinds(self) -> Iterator[tuple[str, Path]]:
        """A folder with its configuration, and beside such a one: safetensors, PyTorch's own, OpenAI's archive."""
        import shutil

        import open_clip
        import torch

        yield "a_folder", self._folder
        network = open_clip.create_model(f"local-dir:{self._folder}").eval()
        inputs = torch.zeros(1, 3, 32, 32), torch.zeros(1, 77, dtype=torch.long)
        for kind, name in (("safetensors", "a.safetensors"), ("a_torch_file", "b.pt"), ("an_archive", "c.pt")):
            beside = self._home / kind
            shutil.copytree(self._folder, beside, ignore=shutil.ignore_patterns("*.safetensors"))
            if kind == "safetensors":
                shutil.copy(self._folder / "open_clip_model.safetensors", beside / name)
            elif kind == "a_torch_file":
                torch.save({"epoch": 32, "state_dict": network.state_dict()}, beside / name)
            else:
                torch.jit.save(torch.jit.trace(network, inputs, check_trace=False).half(), beside / name)
            yield kind, beside / name

    # How it is done

    @property
    def _name(self) -> str:
        from engine.models.encoders.recommended import recommended

        return recommended().name

    def _open_window(self, *, with_photos: bool = False) -> Any:
        window = self._camera.open_window()
        if with_photos:
            window.desk.opening.open_samples()
            self._camera.settle(window)
        return window

    def _forget_weights(self) -> None:
        import shutil

        shutil.rmtree(self._home / "hub")

    def _wait_for_choice(self, window: Any, text: str) -> None:
        messages = window.messages
        self._camera.wait(lambda: messages.isVisible() and any(one.text().startswith(text) for one in messages.choices))

    def _choose(self, window: Any, text: str) -> None:
        next(one for one in window.messages.choices if one.text().startswith(text)).click()

    def _wait_for_half(self, window: Any) -> None:
        encoders = window.desk.encoders
        self._camera.wait(
            lambda: encoders.download.report is not None and encoders.download.report.done >= self._half - 100_000
        )


if __name__ == "__main__":
    main()
