"""`encoders` and `doctor`: what is on this machine."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from engine.commands.choices import encoder_names
from engine.commands.console import AnyFolder, AsJson, Device, ProjectPlace, folder_named, open_project, show_progress
from engine.commands.saying import print_json, say, tell

if TYPE_CHECKING:
    from engine.models.encoders.catalog import EncoderInfo


def encoders(
    every: Annotated[bool, typer.Option("--all", help="Every CLIP model that open_clip knows.")] = False,
    download: Annotated[
        str | None,
        typer.Option(
            help="Fetch the weights of MODEL:TAG into the cache.", metavar="MODEL:TAG", autocompletion=encoder_names
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the encoders, or fetch the weights of one."""
    from engine.models.encoders.catalog import encoders as list_encoders

    if download:
        _download(download)
        return
    found = list_encoders(every=every)
    if as_json:
        print_json({"encoders": [asdict(encoder) for encoder in found]})
        return
    for encoder in found:
        say(_described(encoder))


def _described(encoder: EncoderInfo) -> str:
    """Its name and whether it is here, then what is known of it, how it is used, and what it is good for."""
    size = f"{encoder.size_mb} MB" if encoder.size_mb else ""
    begun = f", {encoder.begun_mb} MB came already" if encoder.begun_mb else ""
    best = "  recommended for this machine" if encoder.recommended else ""
    facts = [
        "" if encoder.title == encoder.name else encoder.title,
        f"ImageNet {encoder.imagenet} %" if encoder.imagenet else "",
        f"{encoder.photos_a_minute:,} photos a minute" + ("" if encoder.measured else " (guessed)")
        if encoder.photos_a_minute
        else "",
        encoder.licence or "licence: see model card",
        encoder.languages or "",
    ]
    here = "here" if encoder.available else f"not here{begun}"
    lines = [
        f"{encoder.name:40} {here:9} {size:>8}{best}",
        " · ".join(filter(None, facts)),
        f"activation {encoder.activation} · pixels: {encoder.pixels}" if encoder.activation else "",
        f"{encoder.fast.sentence} (--fast, {encoder.fast.made})" if encoder.fast else "",
        encoder.description,
    ]
    return "\n    ".join(filter(None, lines))


def _download(name: str) -> None:
    from engine.models.encoders.download import Source, download_weights
    from engine.models.encoders.proxy import proxy_for, without_password

    def begins(source: Source) -> None:
        size = f" ({source.size:,} bytes)" if source.size else ""
        proxy = proxy_for(source.address)
        through = f" through the proxy {without_password(proxy)}" if proxy else ""
        tell(f"Fetching {source.address}{size}{through}")

    with show_progress() as (progress, cancellation):
        downloaded = download_weights(name, progress, cancellation, begins=begins)
    checked = ", as published" if downloaded.checked else ""
    tell(f"The weights of {name} are in {downloaded.file}\nSHA-256 {downloaded.sha256}{checked}")


def doctor(
    photos: Annotated[
        AnyFolder | None,
        typer.Argument(
            help="A folder whose encoder in force is looked at.",
            metavar="[PHOTOS]",
            show_default=False,
            parser=folder_named,
        ),
    ] = None,
    encoder: Annotated[
        str | None,
        typer.Option(
            help="Look at this encoder.", show_default="that in force, or the starter", autocompletion=encoder_names
        ),
    ] = None,
    project: ProjectPlace = None,
    device: Device = None,
    as_json: AsJson = False,
) -> None:
    """Show versions, devices and folders, how an encoder is used, and whether it says what it did, for a report.

    Exits with 1 where a package that is needed does not load, or the encoder cannot be opened or does not say any more
    what it did.
    """
    from engine.stages.care.doctor import PACKAGE_PROBLEM, PROBLEM, facts

    if encoder is not None:
        from engine.models.encoders.confirmed import confirm_encoder

        confirm_encoder(encoder)
    found = {}
    with nullcontext() if photos is None else open_project(photos, project, to_read=True) as opened:
        for name, value in facts(opened, encoder):
            found[name] = value
            if not as_json:
                say(f"{name:20} {value}")
    if as_json:
        print_json(found)
    if {PROBLEM, PACKAGE_PROBLEM} & found.keys():
        raise typer.Exit(1)
