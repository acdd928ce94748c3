"""Where a commit can be read on a forge: an address of the repository to the address of a commit."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple, TypeAlias
from urllib.parse import quote, urlsplit

__all__ = ["CommitUrl", "commit_urls", "no_commit_url"]

CommitUrl: TypeAlias = Callable[[str], str]
"""From the full id of a commit to its address on the forge; empty where there is none."""

_SCP: Final = re.compile(r"(?:[^@/:\s]+@)?(?P<host>[^@/:\s]+):(?P<path>[^:].*)\Z")
_COMMIT: Final = re.compile(r"[0-9a-f]{7,64}\Z")
_HOST: Final = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\Z", re.IGNORECASE)
_GITLAB: Final = "/-/commit/"
_BITBUCKET: Final = "/commits/"
_USUAL: Final = "/commit/"
_KNOWN: Final = (
    ("gitlab", _GITLAB),
    ("bitbucket.org", _BITBUCKET),
    ("github", _USUAL),
    ("gitea", _USUAL),
    ("forgejo", _USUAL),
    ("codeberg", _USUAL),
)
"""What a host's name, or a label of it, says about the forge; Bitbucket's own servers have other addresses."""
_OTHERS: Final = "{commit}"
_DEEP: Final = 2
"""From how many slashes on the path of a repository has groups within groups, which GitLab alone has."""
_FRONT_DOORS: Final = ("ssh.", "altssh.")
"""What the names of hosts begin with that take ssh where only the ports of the web are open."""


class _Place(NamedTuple):
    """A repository on a host."""

    scheme: str
    host: str
    """The host, with its port when the address is one of the web."""
    path: str
    """The path of the repository, without slashes at its ends."""


def no_commit_url(_commit: str) -> str:
    """Know no forge."""
    return ""


def commit_urls(configured: str | None, remote: str | None = None) -> CommitUrl:
    """Give what links to commits; it knows none where nothing tells how the forge names them.

    Args:
        configured: what the author wrote: the address of the repository in the web, or that of a commit with
            `{commit}` in it.
        remote: the address of git's remote, which counts when nothing is configured.
    """
    if configured:
        before = _template(configured) if _OTHERS in configured else _commits(configured, said=True)
    else:
        before = _commits(remote or "", said=False)
    if before is None:
        return no_commit_url
    start, end = before
    return lambda commit: f"{start}{commit}{end}" if _COMMIT.match(commit) else ""


def _template(configured: str) -> tuple[str, str] | None:
    """Give what stands before and behind a commit's id in an address that the author wrote out."""
    scheme, _, rest = configured.partition("://")
    host, _, port = rest.partition("/")[0].partition(":")
    if scheme not in {"http", "https"} or not _HOST.match(host) or not (port or "0").isdecimal():
        return None
    if not _is_clean(configured):
        return None
    start, _, end = configured.partition(_OTHERS)
    return start, end


def _commits(address: str, *, said: bool) -> tuple[str, str] | None:
    """Give what the addresses of commits begin with.

    Args:
        address: the address of a repository.
        said: whether the author gave it as one of the web; then a forge that is not known has the usual form.
    """
    place = _place(address)
    if place is None:
        return None
    path, below, _ = place.path.partition("/-/")
    form = _GITLAB if below else _form(place.host, path.split("/"))
    if form is None and said and place.scheme != "ssh":
        form = _USUAL if path.count("/") < _DEEP else _GITLAB
    scheme = "http" if place.scheme == "http" else "https"
    return (f"{scheme}://{place.host}/{quote(path, safe='/~@:+%')}{form}", "") if form else None


def _form(host: str, parts: list[str]) -> str | None:
    """Tell what stands between a repository and a commit; None when nothing tells."""
    if parts[0] in {"projects", "users"} and parts[2:3] == ["repos"]:
        return _BITBUCKET
    labels = re.split("[.:-]", host.lower())
    return next((form for name, form in _KNOWN if name in labels or name == host), None)


def _place(address: str) -> _Place | None:
    """Read an address of the web or of ssh; None for a path on disk, and for whatever cannot be one."""
    if not _is_clean(address):
        return None
    if "://" not in address:
        match = _SCP.match(address)
        return _named("ssh", match["host"], match["path"]) if match else None
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if parts.scheme in {"http", "https"}:
        return _named(parts.scheme, f"{host}:{port}" if port else host, parts.path)
    return _named("ssh", host, parts.path) if parts.scheme in {"ssh", "git+ssh", "git"} else None


def _named(scheme: str, host: str, path: str) -> _Place | None:
    if scheme == "ssh":
        host = next((host.removeprefix(door) for door in _FRONT_DOORS if host.startswith(door)), host)
    path = path.strip("/").removesuffix(".git").rstrip("/")
    name = host.partition(":")[0]
    if not _HOST.match(name) or not path or ".." in path.split("/"):
        return None
    return _Place(scheme, host, path)


def _is_clean(address: str) -> bool:
    """Tell whether an address has nothing in it that would break out of one."""
    return address.isprintable() and not any(sign in address for sign in " \"'<>\\`")
