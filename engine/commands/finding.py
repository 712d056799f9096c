"""`search` and `duplicates`: photos found by what they show."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from engine.commands.console import AsJson, Photos, ProjectFolder, open_project, print_json, show_progress
from engine.errors import UserError, WrongUsage
from engine.wording import Sentence, n_photos


def search(
    photos: Photos,
    words: Annotated[str, typer.Argument(help="What the photos show, like 'two dogs on a beach'.")] = "",
    like: Annotated[
        Path | None, typer.Option(help="A photo, of the folder or any other: find those that are like it.")
    ] = None,
    filter_line: Annotated[
        str,
        typer.Option(
            "--filter",
            help="Look only among these: 'label:dog -label:cat'.",
            show_default="all",
        ),
    ] = "",
    top: Annotated[int, typer.Option(help="How many to list, at most 500.", min=1, max=500)] = 20,
    project: ProjectFolder = None,
    as_json: AsJson = False,
) -> None:
    """Find photos by words, or by another photo.

    The photos must have been labelled before.
    """
    from engine.models.encoders.catalog import open_encoder
    from engine.photos.decode import PhotoProblem
    from engine.project.filters import parse
    from engine.project.snapshot import take_snapshot
    from engine.stages.finding.search import example_query, part_features, words_query
    from engine.stages.finding.search import search as find
    from engine.stages.finding.search_index import SearchIndex

    if bool(words) == (like is not None):
        raise WrongUsage(Sentence("Give words to look for, or --like with a photo: one of the two."))
    with (
        open_project(photos, project, to_read=True) as opened,
        show_progress(quiet=as_json) as (progress, cancellation),
    ):
        snapshot = take_snapshot(opened)
        condition = parse(filter_line, [label.name for label in snapshot.labels])
        among = snapshot.photo_ids[condition.rows(snapshot, partial(snapshot.matrix_of, opened))]
        index = SearchIndex.load(opened, progress, cancellation)
        progress.start("Opening the encoder", total=None, unit="")
        encoder = open_encoder(index.embeddings.encoder)
        if encoder.id != index.embeddings.encoder_id:
            raise UserError(
                Sentence("The encoder {name} changed since the photos were labelled. Label them again.").format(
                    name=encoder.name
                )
            )
        if like is None:
            query = words_query(encoder, words)
        else:
            try:
                query = example_query(index, part_features(encoder, like))
            except PhotoProblem as problem:
                raise UserError(Sentence("{file}: {error}").format(file=like, error=problem.sentence)) from problem
        found = find(opened, index, query, among, top)
        results = [
            {"file_name": snapshot.paths[snapshot.row_of(int(photo))], "score": float(score), "part": part._asdict()}
            for photo, score, part in zip(found.photo_ids, found.scores, found.parts, strict=True)
        ]
    if as_json:
        print_json({"words": words or None, "like": like and str(like), "searched": len(among), "found": results})
        return
    for result in results:
        typer.echo(f"{result['score']:8.3f}  {result['file_name']}")


def duplicates(photos: Photos, project: ProjectFolder = None, as_json: AsJson = False) -> None:
    """List groups of photos that show the same.

    The best of each group comes first; nothing is deleted.
    """
    from engine.project.snapshot import take_snapshot
    from engine.stages.finding.duplicates import best_of_groups, near_duplicate_groups
    from engine.stages.labelling.add_photos import add_some_photos

    with open_project(photos, project) as opened, show_progress(quiet=as_json) as (progress, cancellation):
        add_some_photos(opened, progress, cancellation)
        snapshot = take_snapshot(opened)
        groups = near_duplicate_groups(opened, snapshot, progress, cancellation)
        best = best_of_groups(opened, snapshot, groups)
    by_group: dict[int, list[str]] = {}
    for row in sorted(range(len(snapshot)), key=lambda row: (groups[row], not best[row])):
        by_group.setdefault(int(groups[row]), []).append(snapshot.paths[row])
    found = [paths for paths in by_group.values() if len(paths) > 1]
    if as_json:
        print_json({"photos": len(snapshot), "groups": [{"best": paths[0], "photos": paths} for paths in found]})
        return
    typer.echo(f"Groups of near-duplicates among {n_photos(len(snapshot))}: {len(found):,}.")
    for paths in found:
        typer.echo("\n".join(["", f"{paths[0]}  (best)", *paths[1:]]))
