"""Photos encoded by Ray's workers, on this machine or a cluster.

Ray schedules and does not own the data: a worker takes a part of the photos, writes what its networks made of them into
the store, and returns the part's name. So a worker, or whoever asked, may be killed at any time, and at most the parts
in flight are made again. Photos must have the same paths on all machines.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, cast

from engine.cluster.parts import Looked, PartStore, key_of
from engine.cluster.ray_cluster import cause_of, ray_cluster
from engine.errors import UserError
from engine.models.encoders.encoder import Encoder
from engine.project.contents import Contents
from engine.remote import AnyFile
from engine.stages.labelling.encode_files import EncodedPhoto, Networks, Onlooker, encode_files
from engine.wording import Sentence, n_photos

_FIRST_PART, _LARGEST_PART = 16, 1000
"""Photos. The first parts are small, so that all workers are busy at once and something is there soon."""

_IN_FLIGHT = 2
"""Parts for each worker: one is computed, one waits."""

_PATIENCE = 1800.0
"""Seconds without any part done after which the workers are taken for lost."""


@dataclass(frozen=True)
class RayRunner:
    """Encodes files by workers of Ray, of the cluster that RAY_ADDRESS names, else of this machine; an `EncodeFiles`.

    Args:
        store: where workers leave their parts, a folder or an address that fsspec knows; all must reach it.
        workers: at most; by default one for each processor of the cluster, or each graphics card where there are any.
        say: told what is waited for.
    """

    store: str
    workers: int | None = None
    say: Callable[[Sentence], object] = lambda sentence: None

    def __call__(
        self, photos: Iterable[tuple[int, AnyFile]], networks: Networks, check: Callable[[], None]
    ) -> Generator[list[EncodedPhoto], None, None]:
        """What is in the store first, then the rest by workers.

        Raises:
            UserError: the cluster or the store cannot be reached, or workers do not find the photos; what was encoded
                until then is in the store.
        """
        store = PartStore(self.store, Looked.by(networks))
        wanted = {key_of(file): (photo_id, file) for photo_id, file in photos}
        ids = {key: photo_id for key, (photo_id, _) in wanted.items()}
        found: set[int] = set()
        for name in store.parts_with(wanted):
            for group in store.read(name, ids):
                check()
                # What could not be read then is tried again.
                readable = [photo for photo in group if photo.read.problem is None]
                found.update(photo.read.photo_id for photo in readable)
                yield [replace(photo, from_store=True) for photo in readable]
        files = [file for photo_id, file in wanted.values() if photo_id not in found]
        for name in self._encode(files, networks, check) if files else ():
            for group in store.read(name, ids):
                found.update(photo.read.photo_id for photo in group)
                yield group
        lost = [file for key, (photo_id, file) in wanted.items() if photo_id not in found and key_of(file) == key]
        if lost:
            raise UserError(
                Sentence(
                    "Of {photos} the workers sent nothing, {file} among them. All machines must see the photos under "
                    "the same paths, with the same size and time of change."
                ).format(photos=n_photos(len(lost)), file=lost[0])
            )

    def _encode(self, files: list[AnyFile], networks: Networks, check: Callable[[], None]) -> Iterator[str]:
        """The names of the parts that workers made of the files, as they come."""
        with ray_cluster(self.say) as ray:
            yield from self._by_workers(ray, files, networks, check)

    def _by_workers(
        self, ray: Any, files: list[AnyFile], networks: Networks, check: Callable[[], None]
    ) -> Iterator[str]:
        resources = ray.cluster_resources()
        cards = int(resources.get("GPU", 0))
        there = cards or int(resources.get("CPU", 1))
        count = max(1, min(there, self.workers or there))
        remote = ray.remote(num_cpus=1, num_gpus=1 if cards else 0, max_restarts=-1, max_task_retries=3)(_Worker)
        # A network that only embeds, and has no name to be opened by, is none that photos are labelled with.
        work = _Work(self.store, cast(Encoder, networks.encoder).name, networks.crop, Looked.by(networks))
        workers = [remote.remote(work) for _ in range(count)]
        parts = _parts(files, count)
        waiting: dict[Any, Any] = {}
        try:
            for worker, part in zip(workers * _IN_FLIGHT, parts, strict=False):
                waiting[worker.encode.remote(part)] = worker
            since = time.monotonic()
            while waiting:
                check()
                done, _ = ray.wait(list(waiting), timeout=0.5)
                if not done and time.monotonic() - since > _PATIENCE:
                    raise UserError(
                        Sentence(
                            "No worker has finished a part for {minutes} minutes. `ray status` tells whether they are "
                            "there; what they finished is kept, and labelling again goes on from it."
                        ).format(minutes=round(_PATIENCE / 60))
                    )
                for one in done:
                    since, worker = time.monotonic(), waiting.pop(one)
                    yield _result(ray, one)
                    if part := next(parts, ()):
                        waiting[worker.encode.remote(part)] = worker
        finally:
            for worker in workers:
                ray.kill(worker)


@dataclass(frozen=True)
class _Work:
    """What a worker needs to know to make the parts that are asked for."""

    store: str
    encoder: str
    crop: bool
    looked: Looked


class _Worker:
    """One process of the cluster, with its networks open."""

    def __init__(self, work: _Work) -> None:
        self._work = work

    @cached_property
    def _networks(self) -> Networks:
        # Not before a part is asked for: what goes wrong in beginning loses its sentence.
        import torch

        from engine.models.device import device_named
        from engine.models.encoders.catalog import open_encoder

        work = self._work
        torch.set_num_threads(1)
        onlooker = None
        if work.looked.onlooker is not None:
            from engine.models.detector import Detector

            onlooker = Onlooker(Detector(device_named()), Contents())
        networks = Networks(open_encoder(work.encoder), work.looked.grids, (), onlooker, work.crop)
        mine = Looked.by(networks)
        if mine != work.looked:
            raise UserError(
                Sentence(
                    "A worker's {encoder} makes other embeddings ({there}) than this machine's ({here}): its processor "
                    "computes in another precision, or its files differ. Use machines of one kind."
                ).format(encoder=work.encoder, there=mine.kept_as, here=work.looked.kept_as)
            )
        return networks

    def encode(self, files: Sequence[AnyFile]) -> str:
        """Make a part of these files; returns its name."""
        photos = list(enumerate(files))
        keys = [key_of(file) for _, file in photos]
        made: list[EncodedPhoto | None] = [None] * len(files)
        for group in encode_files(photos, self._networks, lambda: None):
            for photo in group:
                made[photo.read.photo_id] = photo
        return PartStore(self._work.store, self._work.looked).write(
            keys, [photo for photo in made if photo is not None]
        )


def _parts(files: Sequence[AnyFile], workers: int) -> Iterator[Sequence[AnyFile]]:
    """The files in parts, each round of the workers twice as large as the one before, up to a limit; towards the end
    they become small again, so that all workers end together."""
    start, size = 0, _FIRST_PART
    while start < len(files):
        for _ in range(workers):
            left = (len(files) - start) // (2 * workers)
            end = start + max(_FIRST_PART, min(size, left))
            if start < len(files):
                yield files[start:end]
            start = end
        size = min(2 * size, _LARGEST_PART)


def _result(ray: Any, one: Any) -> str:
    """The name of a part, or what went wrong with it as a sentence."""
    try:
        return str(ray.get(one))
    except ray.exceptions.RayTaskError as error:
        if isinstance(error.cause, UserError):
            raise error.cause from error
        raise
    except ray.exceptions.RayActorError as error:
        raise UserError(
            Sentence("A worker could not begin or was lost again and again: {why}").format(why=cause_of(error))
        ) from error
