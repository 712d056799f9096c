"""The proxy that weights are fetched through: one that a person named, else the system's.

The system's is what HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say, and on Windows and macOS its settings.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from engine.errors import UserError
from engine.user_settings import keep_user_setting, user_setting
from engine.wording import Sentence

_SETTING = "proxy"


def chosen_proxy() -> str | None:
    """The address of the proxy that a person named."""
    return user_setting(_SETTING) or None


def choose_proxy(address: str | None) -> None:
    """Fetch through this proxy from now on; None or nothing for the system's.

    Raises:
        UserError: it is no address of a proxy.
    """
    wanted = (address or "").strip()
    if wanted and "://" not in wanted:
        wanted = f"http://{wanted}"
    if wanted and not _is_address(wanted):
        raise UserError(
            Sentence("Expected a proxy such as http://proxy.example:3128, but got {address}.").format(
                address=without_password(wanted)
            )
        )
    keep_user_setting(_SETTING, wanted.rstrip("/") or None)


def proxy_for(address: str) -> str | None:
    """The proxy that an address is asked through; None if it is asked directly."""
    from urllib.request import getproxies, proxy_bypass  # takes long to load

    asked = urlsplit(address)
    if (chosen := chosen_proxy()) is not None:
        return chosen
    proxies = getproxies()
    found = proxies.get(asked.scheme) or proxies.get("all")
    return None if not found or proxy_bypass(asked.netloc) else found


def without_password(address: str) -> str:
    """An address as it can be shown."""
    before, at, host = address.rpartition("@")
    return f"{before.partition('://')[0]}://{host}" if at and "://" in before else host if at else address


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
