"""Ray itself: begun on this machine, or joined where RAY_ADDRESS names a cluster. The only module that imports ray.

A cluster may ask whoever joins it for a token. Ray shows the one in ~/.ray/auth_token to clusters that it found by
itself, but not to one that was named, unless RAY_AUTH_MODE says so; whoever did not know that would wait half a minute
and read a line of `InvalidAuthToken` each second. So a cluster is asked first what it wants.
"""

from __future__ import annotations

import logging
import os
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from engine.errors import UserError
from engine.wording import Sentence

_SECONDS_TO_ANSWER = 5.0


@contextmanager
def ray_cluster(say: Callable[[Sentence], object]) -> Iterator[Any]:
    """The module `ray`, in touch with a cluster until this ends.

    Args:
        say: told what is waited for, before it takes long.

    Raises:
        UserError: Ray is not installed, or there is no cluster, or it lets nobody in.
    """
    address = os.environ.get("RAY_ADDRESS", "")
    say(
        Sentence("Starting Ray's workers in the cluster at {address}…").format(address=address)
        if address
        else Sentence("Starting Ray's workers on this machine…")
    )
    ray = _ray()
    # Its own messages are for whoever runs a cluster, a dashboard would be a server.
    logging.getLogger("ray").setLevel(logging.ERROR)
    _hush()
    try:
        if found := re.fullmatch(r"([^/]+):(\d+)", address):
            # Ray itself would try for minutes, and tell of each time.
            socket.create_connection((found[1], int(found[2])), _SECONDS_TO_ANSWER).close()
            _be_let_in(address)
        # Else Ray would look for a cluster on this machine, which may be another person's.
        ray.init(address or "local", log_to_driver=False, include_dashboard=False, configure_logging=False)
    except (OSError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
        why = cause_of(error)
        raise UserError(
            Sentence("There is no Ray cluster at RAY_ADDRESS={address} that can be joined ({why}).").format(
                address=address, why=why
            )
            if address
            else Sentence("Ray cannot begin a cluster of this machine ({why}).").format(why=why)
        ) from error
    try:
        yield ray
    finally:
        ray.shutdown()


def cause_of(error: BaseException) -> str:
    """The last line that says what happened."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__


def _be_let_in(address: str) -> None:
    """Have Ray show its token from now on, where the cluster asks for one.

    Raises:
        UserError: the token is not here, or another one.
        RayError: what answers is no cluster.
    """
    try:
        from ray._private.authentication.authentication_token_setup import maybe_enable_token_auth_if_token_available

        token, client = _compiled().AuthenticationTokenLoader.instance(), _compiled().InnerGcsClient
    except (ImportError, AttributeError):
        return  # a Ray that knows no tokens, or others
    mode = os.environ.get("RAY_AUTH_MODE", "")
    # Who has none, and says that there is one, is ended by Ray without a word.
    if mode.lower() == "token" and not token.has_token(ignore_auth_mode=True):
        raise _not_let_in(address, False, mode)
    # First without the token: once Ray has read it, it lets nobody in who shows none, workers among them.
    if _lets_in(client, address):
        return
    if mode or not maybe_enable_token_auth_if_token_available(warn_if_disabled=False) or not _lets_in(client, address):
        raise _not_let_in(address, token.has_token(ignore_auth_mode=True), mode)


def _lets_in(client: Any, address: str) -> bool:
    """Whether the cluster talks to whoever shows what Ray shows now."""
    from ray.exceptions import AuthenticationError

    try:
        with _without_standard_error():  # Ray would print there what is told here
            client.standalone(address, None, round(1000 * _SECONDS_TO_ANSWER))
    except AuthenticationError:
        return False
    return True


def _compiled() -> Any:
    """What of Ray is not written in Python, nor known to the checker of types."""
    from ray import _raylet

    return _raylet


def _not_let_in(address: str, is_here: bool, mode: str) -> UserError:
    if not is_here:
        sentence = Sentence(
            "The Ray cluster at {address} asks for a token, and there is none here. Copy ~/.ray/auth_token from the "
            "machine where the cluster was started to the same place on this one."
        )
    elif mode and mode.lower() != "token":
        sentence = Sentence(
            "The Ray cluster at {address} asks for a token, but RAY_AUTH_MODE={mode} has Ray not show it. Set it to "
            "token."
        )
    else:
        sentence = Sentence(
            "The Ray cluster at {address} asks for another token than the one here. Copy ~/.ray/auth_token from the "
            "machine where the cluster was started to the same place on this one; RAY_AUTH_TOKEN, if set, comes first."
        )
    return UserError(sentence.format(address=address, mode=mode))


@contextmanager
def _without_standard_error() -> Iterator[None]:
    """What is not Python prints nothing there meanwhile."""
    kept = None
    with suppress(OSError):
        kept = os.dup(2)
    if kept is None:  # there is none
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _hush() -> None:
    """Have Ray keep to itself what it would print, on standard output, of a worker that died: its part is made again,
    and where that cannot be it is told in words of our own.
    """
    from ray._private import worker

    if hasattr(worker, "print_to_stdstream"):  # else there is nothing to be had
        worker.print_to_stdstream = lambda *_what, **_how: None


def _ray() -> Any:
    try:
        import ray
    except ImportError as error:
        raise UserError(Sentence("Ray is not installed. Install it with: pip install 'cdul[cluster]'")) from error
    return ray
