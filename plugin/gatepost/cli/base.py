"""What a branch is compared with: the commit where it left its base, or a revision itself."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from gatepost.cli.project import checked, checked_at, project_of, read_at
from gatepost.cli.trouble import CouldNotCheckError

if TYPE_CHECKING:
    from gatepost.check.compare import Comparison
    from gatepost.cli.settings import Settings
    from gatepost.report.diff_words import Sides
    from gatepost.sources.repository import Repository

__all__ = ["Base", "base_of", "compared"]

_WHOLE: Final = "fetch the whole history (fetch-depth: 0, or git fetch --unshallow)"

_NOT_SAID: Final = "which branch this one is meant for is not known here; name it: gatepost diff BASE"


@dataclass(frozen=True, slots=True)
class Base:
    """What is compared with."""

    name: str
    """What people call it."""
    commit: str
    """The commit that is read."""
    tip: str
    """The commit that the name stands for now."""


def compared(settings: Settings, wanted: str | None, *, exact: bool = False) -> tuple[Comparison, Sides]:
    """Compare the project, as it is or at the revision that was asked for, with a base; both on the same day.

    Args:
        settings: the project; its revision is the later side.
        wanted: the base as a person names it; where the default branch was left when left out.
        exact: compare with the base itself, rather than with where it was left.

    Raises:
        CouldNotCheckError: git cannot be asked, there is no such base, or nothing to compare.
    """
    from gatepost.check.compare import compare  # noqa: PLC0415 - only when something is compared
    from gatepost.check.compare_ids import with_taken_ids  # noqa: PLC0415 - the same
    from gatepost.report.diff_words import Sides  # noqa: PLC0415 - the same
    from gatepost.sources.repository import Repository  # noqa: PLC0415 - the same

    base = base_of(Repository(project_of(settings).root), wanted, settings.revision, exact=exact)
    before, after = checked_at(settings, base.commit), checked(settings)
    if base.tip != base.commit:
        after = with_taken_ids(after, before.book, read_at(settings, base.tip), base.name)
    head = settings.revision or "the working tree"
    return compare(before, after), Sides(base.name, base.commit, head, is_merge_base=base.tip != base.commit)


def base_of(repository: Repository, wanted: str | None, revision: str | None = None, *, exact: bool = False) -> Base:
    """Find what is compared with.

    Args:
        repository: the repository.
        wanted: the base as a person names it.
        revision: the later side, when it is not the working tree.
        exact: the base itself, rather than where it was left.

    Raises:
        CouldNotCheckError: git cannot be asked, there is no such base, or no commit that both sides share.
    """
    if repository.common_dir is None:
        raise _cannot(repository.problem or "this is no git repository")
    if repository.head is None and revision is None:
        raise _cannot(repository.problem or "there are no commits yet; commit once, then compare")
    name = wanted or _usual(repository)
    tip = repository.commit(name)
    if tip is None and (tip := repository.commit(f"origin/{name}")) is not None:
        name = f"origin/{name}"
    if tip is None:
        raise _unknown(repository, name)
    if exact:
        return Base(name, tip, tip)
    head = repository.commit(revision or "HEAD")
    if head is None:
        raise _unknown(repository, revision or "HEAD")
    commit = repository.merge_base(head, tip)
    if commit is None:
        raise _apart(repository, revision or "HEAD", name)
    return Base(name, commit, tip)


def _usual(repository: Repository) -> str:
    """Give the base when none is named: the default branch, or, on that branch, its upstream; else the last commit.

    Raises:
        CouldNotCheckError: nothing tells which branch this one is meant for.
    """
    default = repository.default_branch()
    if default is not None and default != repository.branch:
        return default
    if upstream := _upstream(repository):
        return upstream
    if default is None and (repository.branch is None or repository.is_shallow or len(repository.branches()) > 1):
        raise _cannot(_NOT_SAID)
    return "HEAD"


def _upstream(repository: Repository) -> str | None:
    found = repository.ask("rev-parse", "--abbrev-ref", "--symbolic-full-name", "@{upstream}")
    name = (found or b"").decode("utf-8", "surrogateescape").strip()
    return name if name and repository.commit(name) else None


def _apart(repository: Repository, later: str, name: str) -> CouldNotCheckError:
    if repository.is_shallow:
        return _cannot(f"this is a shallow clone without the commit where {later} left {name}; {_WHOLE}")
    return _cannot(f"{later} and {name} share no commit; `gatepost diff --exact {name}` compares with {name} itself")


def _unknown(repository: Repository, name: str) -> CouldNotCheckError:
    if repository.is_shallow:
        return _cannot(f"there is no commit '{name}' in this shallow clone; {_WHOLE}")
    near = get_close_matches(name, [branch.name for branch in repository.branches()], n=1)
    hint = f"did you mean {near[0]}?" if near else "`git fetch` may bring it, `git branch --all` lists the branches"
    return _cannot(f"there is no commit '{name}'; {hint}")


def _cannot(reason: str) -> CouldNotCheckError:
    return CouldNotCheckError(f"cannot compare: {reason}")
