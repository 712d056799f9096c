"""Published weights come whole and unchanged, whatever the line does; what came before is not fetched again."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from time import monotonic

import pytest
from hub import Hub, open_hub
from huggingface_hub import constants

from engine import user_settings
from engine.errors import UserError
from engine.jobs import Cancellation, Cancelled, Progress, ProgressReport
from engine.models.encoders import remembered
from engine.models.encoders.clip_weights import find_source
from engine.models.encoders.download import begun, download_weights
from engine.models.encoders.encoder import EncoderUnavailable
from engine.models.encoders.failures import Cause, DownloadFailed
from engine.models.encoders.known import BY_NAME
from engine.models.encoders.proxy import choose_proxy, chosen_proxy, proxy_for

NAME = "ViT-B-32:datacomp_xl_s13b_b90k"
REPOSITORY = BY_NAME[NAME].repository
WEIGHTS = bytes(range(256)) * 4_096
"""A megabyte."""
HALF = len(WEIGHTS) // 2

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with open_hub() as hub:
        hub.put(REPOSITORY, "open_clip_model.safetensors", WEIGHTS)
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        yield hub


def failure(work: Callable[[], object] = lambda: download_weights(NAME)) -> DownloadFailed:
    with pytest.raises(DownloadFailed) as raised:
        work()
    return raised.value


def partial() -> Path:
    (found,) = (Path(constants.HF_HUB_CACHE)).rglob("*.partial")
    return found


def test_they_are_where_every_program_looks_for_them(hub: Hub) -> None:
    downloaded = download_weights(NAME)
    assert downloaded.checked
    assert downloaded.file.read_bytes() == WEIGHTS
    assert find_source(NAME).weights == downloaded.file
    from huggingface_hub import try_to_load_from_cache

    assert try_to_load_from_cache(REPOSITORY, "open_clip_model.safetensors") == str(downloaded.file)
    # Once more asks for what is there, and fetches nothing.
    download_weights(NAME)
    assert hub.ranges == [None]


def test_progress_counts_bytes(hub: Hub) -> None:
    told: list[ProgressReport] = []
    download_weights(NAME, Progress(told.append, per_second=1e9))
    assert told[-1].task == "Fetching CLIP B/32 (DataComp)"
    assert (told[-1].done, told[-1].total, told[-1].unit) == (len(WEIGHTS), len(WEIGHTS), "bytes")
    assert len(told) > 3


def test_a_line_that_breaks_is_taken_up_where_it_broke(hub: Hub) -> None:
    hub.cuts = [HALF, HALF + 20_000]
    assert download_weights(NAME).file.read_bytes() == WEIGHTS
    assert hub.ranges == [None, f"bytes={HALF}-", f"bytes={HALF + 20_000}-"]


def test_a_network_that_is_gone_at_half_keeps_half(hub: Hub) -> None:
    hub.hold_at = HALF
    vanishing = Thread(target=lambda: (_until(lambda: not hub.held.is_set()), hub.vanish()))
    vanishing.start()
    told = failure()
    vanishing.join()
    assert told.cause == Cause.NO_NETWORK
    assert REPOSITORY in str(told)
    kept = begun(REPOSITORY)
    assert 0 < kept <= HALF
    hub.open()
    seen: list[ProgressReport] = []
    download_weights(NAME, Progress(seen.append, per_second=1e9))
    assert hub.ranges[-1] == f"bytes={kept}-"
    assert next(report.done for report in seen if report.done) >= kept


def _until(holds: Callable[[], bool]) -> None:
    from threading import Event

    late = monotonic() + 20
    while not holds():
        assert monotonic() < late
        Event().wait(0.005)


@pytest.mark.parametrize("paused", [False, True])
def test_it_is_cancelled_at_once_whatever_the_line_does(hub: Hub, paused: bool) -> None:
    hub.hold_at = HALF
    cancellation = Cancellation()
    ended: list[float] = []

    def work() -> None:
        with pytest.raises(Cancelled):
            download_weights(NAME, cancellation=cancellation)
        ended.append(monotonic())

    thread = Thread(target=work)
    thread.start()
    _until(lambda: not hub.held.is_set() and begun(REPOSITORY) == HALF)
    if paused:
        cancellation.pause()
    asked = monotonic()
    cancellation.cancel()
    thread.join(20)
    assert ended[0] - asked < 1
    # What came stays, and another try goes on from there at once, though the old line is still open.
    kept = begun(REPOSITORY)
    hub.held.set()
    assert download_weights(NAME).file.read_bytes() == WEIGHTS
    assert hub.ranges[-1] == f"bytes={kept}-"


def test_paused_nothing_comes_and_resumed_it_goes_on(hub: Hub) -> None:
    hub.hold_at = HALF
    cancellation = Cancellation()
    thread = Thread(target=lambda: download_weights(NAME, cancellation=cancellation))
    thread.start()
    _until(lambda: not hub.held.is_set() and begun(REPOSITORY) > 0)
    cancellation.pause()
    hub.held.set()
    thread.join(0.3)
    assert thread.is_alive()
    cancellation.resume()
    thread.join(20)
    assert find_source(NAME).weights.read_bytes() == WEIGHTS
    assert hub.ranges == [None]


def test_weights_that_were_changed_on_the_way_are_refused(hub: Hub) -> None:
    hub.wrong = True
    told = failure()
    assert told.cause == Cause.DAMAGED
    assert "changed on the way, and was deleted" in str(told)
    assert begun(REPOSITORY) == 0
    hub.wrong = False
    assert download_weights(NAME).file.read_bytes() == WEIGHTS


def test_a_server_that_cannot_go_on_begins_anew(hub: Hub) -> None:
    hub.cuts = [HALF]
    hub.no_ranges = True
    assert download_weights(NAME).file.read_bytes() == WEIGHTS


@pytest.mark.parametrize(
    ("status", "cause", "said"),
    [
        (404, Cause.NOT_THERE, "has none of the files"),
        (401, Cause.REFUSED, "asks for an account, or the network blocks it"),
        (403, Cause.REFUSED, "asks for an account, or the network blocks it"),
        (429, Cause.REFUSED, "asked too often from this network. Try again in 40 seconds"),
        (503, Cause.NO_NETWORK, "is out of order (answer 503)"),
    ],
)
def test_a_refusal_is_told_with_its_reason(hub: Hub, status: int, cause: Cause, said: str) -> None:
    hub.status, hub.retry_after = status, 40
    told = failure()
    assert told.cause == cause
    assert said in str(told)
    assert REPOSITORY in str(told)


def test_without_a_network_the_cause_comes_first(hub: Hub) -> None:
    hub.vanish()
    told = failure()
    assert told.cause == Cause.NO_NETWORK
    assert str(told).startswith(f"127.0.0.1:{hub.port} cannot be reached: there is no network, or")


def test_a_proxy_is_used_and_named_where_it_does_not_answer(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{hub.port}")
    monkeypatch.setenv("HF_ENDPOINT", "http://hub.example")
    # Whoever asks a proxy names the whole address; the hub, in its place, knows no such file.
    assert failure().cause == Cause.NOT_THERE
    monkeypatch.setenv("HTTP_PROXY", "http://me:secret@127.0.0.1:9")
    told = failure()
    assert told.cause == Cause.PROXY
    assert "The proxy http://127.0.0.1:9 does not answer" in str(told)
    assert "secret" not in str(told)


def test_a_proxy_that_a_person_named_goes_before_the_systems(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("HF_ENDPOINT", "http://hub.example")
    assert proxy_for("http://hub.example/a") == "http://127.0.0.1:9"
    choose_proxy(f"127.0.0.1:{hub.port}/")
    assert proxy_for("http://hub.example/a") == f"http://127.0.0.1:{hub.port}"
    assert failure().cause == Cause.NOT_THERE  # by the hub, in the proxy's place
    hub.status = 407
    told = failure()
    assert told.cause == Cause.PROXY
    assert f"The proxy http://127.0.0.1:{hub.port} asks for a name and a password" in str(told)
    choose_proxy("")
    assert failure().cause == Cause.PROXY
    assert chosen_proxy() is None


def test_a_proxys_password_is_for_its_owner_alone() -> None:
    choose_proxy("http://me:secret@proxy.example:3128")
    assert chosen_proxy() == "http://me:secret@proxy.example:3128"
    assert not user_settings._file().stat().st_mode & 0o077


def test_a_proxy_of_a_kind_that_cannot_be_used_is_said(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:9")
    monkeypatch.setenv("HF_ENDPOINT", "http://hub.example")
    told = failure()
    assert told.cause == Cause.PROXY
    assert "of a kind that cannot be used here" in str(told)


@pytest.mark.parametrize("wanted", ["socks5://127.0.0.1:9", "http://", "http://a:b:c", "ftp://proxy.example"])
def test_what_is_no_proxy_is_not_kept(wanted: str) -> None:
    with pytest.raises(UserError, match=r"Expected a proxy such as http://proxy.example:3128, but got"):
        choose_proxy(wanted)
    assert chosen_proxy() is None


def test_a_mirror_that_a_person_named_is_asked(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    remembered.choose_mirror(f"{hub.address}/")
    assert download_weights(NAME).checked


def test_too_little_room_is_said_before_anything_comes(hub: Hub) -> None:
    hub.claimed = 10**16
    told = failure()
    assert told.cause == Cause.NO_ROOM
    assert "10,000,000,000 MB are still to come, but only" in str(told)
    assert hub.ranges == []


def test_a_disk_that_is_full_on_the_way_keeps_what_came(hub: Hub) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (HALF, before[1]))
    try:
        told = failure()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert told.cause == Cause.NO_ROOM
    assert "is full" in str(told)
    assert begun(REPOSITORY) == HALF
    assert download_weights(NAME).file.read_bytes() == WEIGHTS
    assert hub.ranges[-1] == f"bytes={HALF}-"


def test_a_folder_that_a_person_chose_is_fetched_to_and_looked_into(hub: Hub, tmp_path: Path) -> None:
    remembered.choose_weights_folder(tmp_path / "big disk")
    assert tmp_path in download_weights(NAME).file.parents
    assert find_source(NAME).weights.read_bytes() == WEIGHTS


def test_the_files_that_read_the_texts_come_along(hub: Hub) -> None:
    siglip = "ViT-B-16-SigLIP2:webli"
    repository = BY_NAME[siglip].repository
    hub.put(repository, "open_clip_model.safetensors", WEIGHTS)
    hub.put(repository, "tokenizer.json", b'{"made": "up"}')
    hub.put(repository, "tokenizer_config.json", b"{}")
    sizes: list[int | None] = []
    download_weights(siglip, begins=lambda source: sizes.append(source.size))
    assert sizes == [len(WEIGHTS) + 14 + 2]
    from huggingface_hub import try_to_load_from_cache

    assert isinstance(try_to_load_from_cache(repository, "tokenizer.json"), str)


def test_no_such_weights(hub: Hub) -> None:
    with pytest.raises(EncoderUnavailable, match="no published weights 'ViT-B-32:nothing'"):
        download_weights("ViT-B-32:nothing")


def test_a_download_that_is_done_while_it_is_counted_counts_nothing(machine_of_its_own: Path) -> None:
    blobs = machine_of_its_own / "hub" / "cache" / f"models--{REPOSITORY.replace('/', '--')}" / "blobs"
    blobs.mkdir(parents=True)
    (blobs / "one.partial").write_bytes(b"123")
    (blobs / "gone.partial").symlink_to(blobs / "moved")  # listed, and not there any more
    assert begun(REPOSITORY) == 3
