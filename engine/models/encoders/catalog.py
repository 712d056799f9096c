"""Which encoders there are, and opening one by its name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.models.encoders.checkpoints.published import use_of_tag
from engine.models.encoders.download import begun
from engine.models.encoders.failures import EncoderUnavailable, NotCalibrated
from engine.models.encoders.fast_kept import FastCost, costs_measured
from engine.models.encoders.fast_names import exact_name, fast_name, is_fast
from engine.models.encoders.hub_cache import cached_file, cached_weights
from engine.models.encoders.known import BY_NAME, KNOWN_ENCODERS, STARTER, KnownEncoder
from engine.models.encoders.open_clip_names import every_published, published
from engine.models.encoders.recommended import Machine, recommended
from engine.plug_ins import named, package_of
from engine.wording import Sentence

if TYPE_CHECKING:
    from engine.models.encoders.encoder import Encoder

STARTER_MB = 107


@dataclass(frozen=True)
class EncoderInfo:
    """An encoder that could be used.

    `size_mb` of its weights, on disk or to be fetched; `licence` of the weights; `imagenet` is the share of ImageNet's
    photos that it tells right untrained, in per cent, by `source`; `photos_a_minute` on this machine, a guess unless
    `measured`. Whatever is not known is None.
    """

    name: str
    title: str
    description: Sentence
    size_mb: int | None
    licence: str | None
    available: bool
    """Whether the weights are on this machine."""
    recommended: bool = False
    """Whether it is the one that suits this machine best."""
    for_everybody: bool = True
    """Whether the licence, where it is known, allows any use."""
    languages: Sentence | None = None
    imagenet: float | None = None
    source: str | None = None
    gflop: float | None = None
    photos_a_minute: float | None = None
    measured: bool = False
    begun_mb: int = 0
    """How much of it came before its download was stopped."""
    activation: str | None = None
    """Of a CLIP: the one that its weights are used with, QuickGELU or GELU."""
    pixels: str | None = None
    """Of a CLIP: mean and deviation of the pixels that it was trained with, for people."""
    fast: FastCost | None = None
    """What its fast form costs and gains, where one was made on this computer."""

    @property
    def is_clip(self) -> bool:
        """Whether it is a CLIP, and neither the starter nor a plug-in."""
        return self.activation is not None


def encoders(*, every: bool = False) -> list[EncoderInfo]:
    """The starter, then a choice of CLIP models and what else is here, or all that open_clip knows; none is opened.

    What is on this machine comes first, then the recommended one. Loads no network's library.
    """
    machine = Machine.this()
    best = recommended(machine)
    found = [_starter(machine), *(_info(known, machine, known is best) for known in KNOWN_ENCODERS), *_plug_ins()]
    for name in every_published():
        if name in BY_NAME:
            continue
        model, _, tag = name.partition(":")
        weights = cached_weights(published(model, tag))
        if every or weights is not None:
            size = weights.stat().st_size // 10**6 if weights else None
            described = Sentence("Published weights that open_clip knows.")
            use = use_of_tag(model, tag)
            found.append(
                EncoderInfo(
                    name,
                    name,
                    described,
                    size,
                    None,
                    available=weights is not None,
                    activation=use.activation,
                    pixels=use.pixels,
                )
            )
    fast = costs_measured()
    found = [replace(one, fast=fast.get(one.name)) for one in found]
    return sorted(found, key=lambda encoder: (encoder.name != STARTER, not encoder.available, not encoder.recommended))


def title_of(name: str) -> str:
    """What people call an encoder: of a file or folder its name, of what nobody gave another name what is typed."""
    if is_fast(name):
        return f"{title_of(exact_name(name))} (int8)"
    if name in BY_NAME:
        return BY_NAME[name].title
    network, colon, rest = name.partition(":")
    if {"/", "\\"} & set(network):
        return Path(name).name
    if not (colon and {"/", "\\"} & set(rest)):
        return name
    file, _, tag = rest.partition("@")
    return f"{Path(file).name} ({title_of(f'{network}:{tag}') if tag else network})"


def _starter(machine: Machine) -> EncoderInfo:
    speed = machine.photos_a_minute(STARTER)
    return EncoderInfo(
        STARTER,
        STARTER,
        Sentence("Comes with the program, for any machine: EfficientNet-Lite2 and MiniLM."),
        STARTER_MB,
        "Apache-2.0",
        available=True,
        languages=Sentence("English"),
        photos_a_minute=None if speed is None else _in_few_digits(speed),
        measured=speed is not None,
    )


def _plug_ins() -> list[EncoderInfo]:
    return [
        EncoderInfo(
            name,
            name,
            Sentence("A plug-in of the package {package}, which you installed.").format(package=package_of(point)),
            None,
            None,
            available=True,
        )
        for name, point in sorted(named("cdul.encoders").items())
        if name != STARTER
    ]


def _info(known: KnownEncoder, machine: Machine, best: bool) -> EncoderInfo:
    weights = cached_weights({"hf_hub": f"{known.repository}/"})
    if known.tokenizer and cached_file(known.tokenizer, "tokenizer.json") is None:
        weights = None
    speed = machine.photos_a_minute(known)
    model, _, tag = known.name.partition(":")
    use = use_of_tag(model, tag)
    return EncoderInfo(
        known.name,
        known.title,
        known.good_for,
        weights.stat().st_size // 10**6 if weights else known.size_mb,
        known.licence,
        available=weights is not None,
        recommended=best,
        for_everybody=known.for_everybody,
        languages=known.languages,
        imagenet=known.imagenet,
        source=known.source,
        gflop=known.gflop,
        photos_a_minute=None if speed is None else _in_few_digits(speed),
        measured=known.name in machine.speeds,
        begun_mb=0 if weights else begun(known.repository) // 10**6,
        activation=use.activation,
        pixels=use.pixels,
    )


def open_encoder(name: str = STARTER, *, remember: bool = True) -> Encoder:
    """Open an encoder: `starter`, `MODEL:TAG`, `MODEL:FILE`, `MODEL:FILE@TAG`, a path, or a plug-in. Takes seconds.

    Args:
        name: which; `fast:` before that of a CLIP for its fast form.
        remember: keep what it says, if it never was opened here; see `engine.models.encoders.reference`.

    Raises:
        EncoderNotConfirmed: it is a file or folder that no person has named on this computer.
        NotCalibrated: of the fast form, see `engine.models.encoders.fast_clip`.
        EncoderUnavailable: says what is missing and what to do.
    """
    check_encoder(name)
    if name == STARTER:
        from engine.models.encoders.starter.starter_encoder import StarterEncoder

        return StarterEncoder.open()
    if name in named("cdul.encoders"):
        from engine.models.encoders.of_plug_ins import open_plug_in

        return open_plug_in(name)
    from engine.models.encoders.clip_encoder import ClipEncoder
    from engine.models.encoders.fast_clip import open_fast

    encoder = open_fast(name) if is_fast(name) else ClipEncoder.open(name)
    if remember:
        from engine.models.encoders.reference import remember_output

        remember_output(encoder)
    return encoder


def check_encoder(name: str) -> None:
    """Refuse what `open_encoder` would, for all reasons that are known without loading a network's library.

    Raises:
        EncoderNotConfirmed, NotCalibrated, EncoderUnavailable: see `open_encoder`.
    """
    exact = exact_name(name)
    is_ours = exact == STARTER or exact in named("cdul.encoders")
    if is_fast(name) and is_ours:
        raise EncoderUnavailable(
            Sentence(
                "{name} has no fast form, which is for CLIP encoders alone. Leave out --fast, or name a CLIP with "
                "--encoder: `cdul encoders` says which are here."
            ).format(name=exact)
        )
    if is_ours:
        return
    from engine.models.encoders.clip_use import check_source
    from engine.models.encoders.clip_weights import find_source
    from engine.models.encoders.confirmed import check_confirmed

    check_confirmed(exact)
    source = find_source(exact)
    check_source(source)
    if is_fast(name) and source.name not in costs_measured():
        raise NotCalibrated(fast_name(source.name))


def _in_few_digits(speed: float) -> float:
    """A whole number, or one digit behind the point where a photo takes longer than a minute."""
    return round(speed) if speed >= 1 else max(0.1, round(speed, 1))
