"""A format, a line a photo as in `beach.jpg: dog, sea`, and an encoder that knows three colours."""

import numpy as np

from engine.formats.format import IN_IMAGES, Format, OneFile, Reader, Takes, Writer, named_after_split
from engine.formats.known_labels import PRESENT, Gathering
from engine.models.encoders.encoder import LabelEmbeddings
from engine.wording import Sentence


def read(path):
    gathering = Gathering()
    for line in path.read_text("utf-8").splitlines():
        name, _, labels = line.partition(": ")
        photo = gathering.photo(name)
        for label in labels.split(", "):
            gathering.answer(photo, gathering.label(label), PRESENT)
    return gathering.some


def write(export, stream):
    for photo in export.photos():
        labels = ", ".join(export.labels[label.column].name for label in photo.labels)
        stream.write(f"{photo.name}: {labels}\n".encode())
    return int(export.present.sum())


WHAT = Sentence("A line for each photo: its name and its labels")
FILES = OneFile(".lines", named_after_split("labels_{split}.lines"), write)
LINES = Format(
    "lines",
    Reader(WHAT, Takes.FILE, read, lambda path, _head: path.suffix == ".lines"),
    Writer(title=Sentence("Lines"), description=WHAT, files=FILES, photos=IN_IMAGES),
)

COLOURS = {"red": (1, 0, 0), "green": (0, 1, 0), "blue": (0, 0, 1)}


class Colours:
    name = id = comparison = "colours:1"
    input_size, dimension, feature_count = 32, 3, 3
    temperature = default_temperature = 0.1
    contrast, lift_temperature, takes_witness = 0.0, None, False

    def encode_snippets(self, snippets):
        return snippets.mean((1, 2), dtype=np.float32) / 255

    def encode_labels(self, prompts):
        named = [[rgb for name, rgb in COLOURS.items() if name in texts[0]] for texts in prompts]
        return LabelEmbeddings(np.array([each[0] if each else (0.5, 0.5, 0.5) for each in named], np.float32))

    def similarities(self, embeddings, labels):
        return -np.linalg.norm(embeddings[..., None, :].astype(np.float32) - labels.vectors, axis=-1)
