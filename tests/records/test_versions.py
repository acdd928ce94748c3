"""A name is fixed when it says by itself which version is meant, and by no other word."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatepost.records.versions import is_fixed, names_a_version

DIGEST = "a" * 64

FIXED = [
    *(
        "7",
        "v7",
        "V3",
        "0",
        "1.4",
        "1.4.2",
        "v1.4.2-rc1",
        "1.4-rc1",
        "1.2.3+cu121",
        "2024.1.post1",
        "v1.2.3-4-g3f2a1bc",
    ),
    *("release-7", "release 7", "model 7", "r1234", "snapshot=8123", "snapshot-812", "version=12", "v3/part-0.csv"),
    *("3f2a1bc", "abcdefab", f"sha256:{DIGEST}", "550e8400-e29b-41d4-a716-446655440000", "main-3f2a1bc"),
    *("2026.02.30", "2024.02.31-1"),
    *("2026-11-02", "2026/11/02", "2026/11/02/part-0.csv", "20261102", "20261102T101500Z", "2026-11-02T10:00:00Z"),
    *("02.11.2026", "02/11/2026", "2-Nov-2026", "November 2026", "2026-nov", "2026-W45", "2026Q3", "Q3-2026", "2026.1"),
    *("spring-2026", "dt=2026-11-02", "nightly-2026-11-02", "daily20261102", "release-before-2026", "1730505600"),
    *(
        "2026-11-02 (see FU-3)",
        "7 (frozen)",
        "v3 # frozen",
        "the bundle of 2026-05-04",
        "the model of 2026-05-04",
        "the release before 2026",
    ),
    *("pXNyQabcDEFghIJKlmnOPqrsTUvwXYza", "4sp9Kyk3DzsQ9qrlvsgX.xyvXsfBB8iL", "_oGBOB3xp.0Jhl9jLPyPtq1uYNHYv8tC"),
    *("01ARZ3NDEKTSV4RRFFQ69G5FAV", "tags/v1.2", "refs/tags/gold-3", "tag:gold-3", "run:3f9xk2ab"),
    *("offset=1234", "FY2026", "version_as_of=12", "versionAsOf=12", f"main#sha256={DIGEST}"),
]
MOVING = [
    *(
        "main-2",
        "daily2",
        "latest-2",
        "prod-7",
        "stable-2026",
        "dev2",
        "trunk-1",
        "live2",
        "team2",
        "HEAD",
        "tag:latest-2",
    ),
    *(
        "7d",
        "24h",
        "2w",
        "7 days",
        "last7days",
        "7 days ago",
        "3 releases",
        "the previous 2",
        "T-1",
        "N-1",
        "-1",
        "w45",
    ),
    *(
        "${V2}",
        "$V2",
        "{{ v2 }}",
        "v{n}",
        "<v2>",
        "%Y-%m-%d",
        "2026-{{ month }}",
        "tag:${V2}",
        "HEAD~3",
        "main@{2026-11-02}",
    ),
    *(
        "1.x",
        "1.2.*",
        "^1.2",
        "~1.2",
        ">=2",
        "v1..v2",
        "2026-*",
        "1.4-SNAPSHOT",
        "1.2.3 or later",
        "main, frozen 2026-11-02",
    ),
    *("release/2", "feature/labels-2", "origin/release-1", "tags/latest", "sha256:abc", "facade-2", "marketing-2"),
    *("2026-02-31", "2025-02-29", "31.04.2026", "2026/02/30", "facts-20260231", "2026-11-31T10:00Z"),
    *("v3, else previous", "v3 (or newer)", "2026-11-02+", "since 2026-11-02", "release-2026-05-04 or previous"),
    *("previous, since 2026-01-01", "previous (2026-05-04)", "what was there", "stable", "rules engine 2", "", "???"),
    *("ThisIsMyFavouriteMovingBranchName", "RecommendationsForNewUsers2", "My-Great-Feature-Branch-V2"),
]
WORDS = st.sampled_from(
    "latest main master head tip trunk daily nightly current stable prod production live edge dev canary".split()  # noqa: SIM905 - words read best as a text
)
NUMBERS = st.integers(0, 999)
SEPARATORS = st.sampled_from(["", "-", "_", ".", " "])


@pytest.mark.parametrize("name", FIXED)
def test_what_says_which_one_it_is_is_fixed(name: str) -> None:
    """Digests, commits, dates, versions, numbers, tokens of machines, and names that are introduced as such."""
    assert is_fixed(name)
    assert names_a_version(f"warehouse.facts@{name}")


@pytest.mark.parametrize(
    ("source", "is_one"),
    [
        ("s3://bucket/key?versionId=3HL4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY", True),
        ("s3://bucket/a/b.csv?versionId=3/L4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY+MTRCxf3vjVBH40Nr8X8gdRQBpUMLUo", True),
        ("https://bucket.s3.amazonaws.com/key?x=1&versionId=pXNyQabcDEFghIJKlmnOPqrsTUvwXYza", True),
        ("s3://bucket/key?versionId=null", False),
        ("s3://bucket/key?versionId=latest", False),
        ("s3://bucket/key?versionId=latest-version-number-2", False),
        ("s3://bucket/key?versionId=${VERSION}", False),
        ("s3://${BUCKET}/key?versionId=3HL4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY", False),
        ("s3://bucket/key?version=3", False),
        ("s3://bucket/key", False),
        ("models:/fraud/7", True),
        ("models:/fraud model/12", True),
        ("models:/fraud/Production", False),
        ("models:/fraud/latest", False),
        ("models:/fraud@champion", False),
        ("models:/fraud/${N}", False),
        (f"runs:/{DIGEST[:32]}/model", True),
        ("runs:/latest/model", False),
    ],
)
def test_a_store_that_has_versions_names_them_in_the_address(source: str, is_one: bool) -> None:  # noqa: FBT001 - a case
    """The form that the store itself writes is as good as `@`; stages, aliases and variables move there, too."""
    assert names_a_version(source) is is_one


@pytest.mark.parametrize("name", MOVING)
def test_any_other_name_may_mean_another_one_next_week(name: str) -> None:
    """Words with or without a number, times that are counted from now, branches, ranges, variables."""
    assert not is_fixed(name)


@given(WORDS, SEPARATORS, NUMBERS)
def test_a_word_that_moves_moves_with_a_number_too(word: str, separator: str, number: int) -> None:
    """However they are put together, in whatever case."""
    for name in (f"{word}{separator}{number}", f"{number}{separator}{word}", f"{word.upper()}{separator}{number}"):
        assert not is_fixed(name), name


@given(
    st.text("abcdefghijklmnopqrstuvwxyz-_. 0123456789", max_size=12),
    st.sampled_from(["${V}", "$V", "{{ v }}", "{v}", "%(v)s", "<v>"]),
    st.text("abcdefghijklmnopqrstuvwxyz-_. 0123456789", max_size=12),
)
def test_a_variable_anywhere_leaves_it_open(before: str, variable: str, after: str) -> None:
    """What it stands for is known to whoever runs it, and to no reader."""
    assert not is_fixed(f"{before}{variable}{after}")
    assert not names_a_version(f"warehouse.{variable}@2026-11-02")


@given(st.integers(0, 9999), st.sampled_from(["ms", "s", "m", "min", "h", "d", "days", "w", "weeks", "months", "y"]))
def test_a_length_of_time_is_no_version(number: int, unit: str) -> None:
    """It is counted from now."""
    for name in (f"{number}{unit}", f"{number} {unit}", f"{number}-{unit}", f"last-{number}-{unit}"):
        assert not is_fixed(name), name


@given(
    st.dates(dt.date(1990, 1, 1), dt.date(2099, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y-%m", "%d.%m.%Y", "%d-%b-%Y", "%B %Y", "%G-W%V"]),
    st.sampled_from(["", "v", "facts-", "latest-", "nightly-", "release-"]),
)
def test_a_date_is_fixed_whatever_stands_before_it(day: dt.date, form: str, before: str) -> None:
    """`nightly-2026-11-02` is one night."""
    said = day.strftime(form)
    assert is_fixed(said)
    assert " " in said or "/" in said or is_fixed(f"{before}{said}")


@given(st.text("0123456789abcdef", min_size=7, max_size=64), WORDS)
def test_seven_hexadecimal_digits_are_a_commit_or_a_digest(digits: str, branch: str) -> None:
    """With or without a digit among them, and behind the branch that the commit is on."""
    assert is_fixed(digits)
    assert is_fixed(f"{branch}-{digits}")


@pytest.mark.parametrize(
    ("source", "pinned"),
    [
        ("warehouse.facts", False),
        ("warehouse.facts@", False),
        ("git@git.example.org:data/facts", False),
        ("git@git2.example.org:data/facts-2026-11-02", False),
        ("reader@10.0.0.7:facts", False),
        ("sftp://reader@10.0.0.7/facts", False),
        ("git@git.example.org:data/facts@v1.2", True),
        ("https://reader:word@x.example.org/facts@7", True),
    ],
)
def test_a_login_is_no_version(source: str, pinned: bool) -> None:  # noqa: FBT001 - a case
    """What stands before a host is who asks, not what is asked for."""
    assert names_a_version(source) is pinned


@pytest.mark.parametrize("piece", ["a", "a1", "aA", "nov-", "2026-", "tag:", "(", "<", "{", "1.", "@", " "])
def test_a_hostile_name_is_read_in_time_that_grows_with_it(piece: str) -> None:
    """Nobody waits for a name that repeats itself."""
    begun = time.process_time()
    for length in (1900, 200_000):
        assert not names_a_version(f"x@{piece * (length // len(piece))}!")
    assert time.process_time() - begun < 1
