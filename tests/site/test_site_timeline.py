"""The history at the foot of a record's page: what each step says, links to the forge, amendments, what is missing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from site_logs import HOSTILE, Parsed, parsed

from gatepost.book.history import NoHistory, RecordHistory
from gatepost.book.missing import missing_history
from gatepost.check import check_book, check_project
from gatepost.site import Site
from gatepost.sources import find_project
from gatepost.sources.forge import commit_urls
from gatepost.sources.git_command import NO_GIT, NO_REPOSITORY
from gatepost.sources.repository import PARTIAL, SHALLOW
from lives import commit, life, lost, step, version
from trees import TODAY, clean_log, commit_files, edited, git, with_key, write_tree

BATCH = "churn/decisions/0002-batch-scoring.md"
LOG = clean_log()
FORGE = commit_urls("https://github.com/acme/churn")


class OneLife(NoHistory):
    """A history in which every record has the same life."""

    def __init__(self, life_of_all: RecordHistory, problem: str = "") -> None:
        super().__init__(problem)
        self._life = life_of_all

    def of(self, _one: object) -> RecordHistory:
        """Give it."""
        return self._life


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a log with two commits, the second of which accepts ADR-2."""
    early = edited(LOG, BATCH, "status: accepted", "status: proposed")
    return commit_files(tmp_path_factory.mktemp("log"), early, LOG)


def site_at(root: Path, language: str = "en") -> Site:
    """Give the site of a project on disk."""
    return Site(check_project(find_project(root), TODAY), language=language, commit_url=FORGE)


def site_with(root: Path, history: NoHistory, language: str = "en") -> Site:
    """Give the site of the same records with a history that is made up."""
    report = check_project(find_project(root), TODAY)
    return Site(check_book(report.book, TODAY, history=history), language=language, commit_url=FORGE)


def foot(site: Site, key: str = "ADR-2") -> Parsed:
    """Give the foot of a record, parsed; its tags are balanced."""
    found = parsed(site.record_foot(site.report.book.named(key)[0]))
    assert found.unbalanced == []
    return found


def told(found: Parsed) -> str:
    """Give what the section on the history says."""
    words = " ".join(found.text.split())
    return words[words.rindex("History ") + len("History ") :]


def test_the_newest_step_stands_first(root: Path) -> None:
    """Day, author, id and subject of the commit; the move of the status in two badges; what came first."""
    found = foot(site_at(root))
    head = git(root, "log", "--format=%h %H %cI", "--abbrev=10").splitlines()
    (short, full, date), (first, *_) = (line.split() for line in head)

    assert told(found) == (
        f"{date[:10]} Ana Ruiz {short} A version proposed → accepted "
        f"{date[:10]} Ana Ruiz {first} A version added proposed"
    )
    assert {"class": "gp-s gp-s-accepted"} in found.all("span", "gp-s")
    assert f"https://github.com/acme/churn/commit/{full}" in [tag["href"] for tag in found.all("a")]
    assert found.all("time")[-2]["datetime"] == date
    assert len(found.all("ol", "gp-time")) == 1


def test_an_edit_on_disk_is_the_last_step(tmp_path: Path, root: Path) -> None:
    """It says that it is not committed yet, and names the section."""
    copy = Path(shutil.copytree(root, tmp_path / "copy"))
    (copy / "docs" / BATCH).write_text(LOG[BATCH].replace("in October", "in May"), encoding="utf-8")

    assert told(foot(site_at(copy))).startswith("not committed yet text Context and Problem Statement: edited, ")


def test_a_long_history_is_folded(root: Path) -> None:
    """The newest twenty are open, the rest is in the page too, behind a line that says how many there are."""
    versions = [version({"status": "proposed", "owner": f"Owner {number}"}) for number in range(23)]
    found = foot(site_with(root, OneLife(life(*versions))))

    assert len(found.all("li", "gp-step")) == 23
    assert len(found.all("details", "gp-older")) == 1
    assert "3 older steps" in told(found)
    assert "owner Owner 0 → Owner 1" in told(found)
    assert not foot(site_with(root, OneLife(life(*versions[:20])))).all("details", "gp-older")


def test_a_merge_shows_who_wrote_it(root: Path) -> None:
    """The commits of the branch stand behind the merge, the newest first, each with its link."""
    by = commit(1, "Propose", "Tom"), commit(2, "Accept", "Kim")
    found = foot(site_with(root, OneLife(RecordHistory((step(3, version({"status": "open"}), *by),)))))

    assert "2 commits of the merged branch2026-10-03 Kim 0000000000 Accept 2026-10-02 Tom" in told(found)
    assert FORGE(by[0].id) in [tag["href"] for tag in found.all("a")]


def test_every_change_is_said(root: Path) -> None:
    """Fields, items, sections, headings, moves and orders each have their words."""
    one = version(
        {"status": "proposed", "chosen": "batch", "due": None, "options": [{"name": "batch"}]},
        {"Context": 1, "Outcome": 120, "": 3},
    )
    two = version(
        {"status": "accepted", "due": "2027-01-01", "options": [{"name": "batch"}, {"name": "nightly"}]},
        {"Context": 2, "Result": 120, "": 4, "More": 1},
        "docs/churn/decisions/0002-weekly.md",
    )
    said = told(foot(site_with(root, OneLife(life(one, two, None, lost(), two, two)))))

    for words in (
        "moved docs/churn/decisions/0002-batch.md → docs/churn/decisions/0002-weekly.md",
        "proposed → accepted",
        "chosen batch → (nothing)",
        "due (nothing) → 2027-01-01",
        "options + nightly",
        "heading Outcome → Result",
        "text Context: edited, 1 → 2 words",
        "text before the first heading: edited, 3 → 4 words",
        "text More: added, 1 word",
        "A version removed",
        "what it said is not in this repository",
        "nothing that counts",
    ):
        assert words in said.replace("“", "").replace("”", "")


def test_a_status_of_another_day_is_no_trouble(root: Path) -> None:
    """A word that is no status today, and a status that was none, are shown as they were."""
    odd = [version({"status": "draft <b>"}), version({"status": "accepted"}), version({})]
    history = life(*odd, version({"status": {"x": 1}}))

    assert '(nothing) → {"x": 1}' in told(foot(site_with(root, OneLife(history))))
    assert "draft <b> → accepted" in told(foot(site_with(root, OneLife(history))))


def test_what_commits_and_records_say_is_text(root: Path) -> None:
    """Markup, macros and quotes in authors, subjects and values are shown, never obeyed."""
    last = step(1, version({"status": "accepted", "owner": HOSTILE}, {HOSTILE: 3}))
    history = RecordHistory((step(0, version({})), last._replace(commit=commit(1, HOSTILE, HOSTILE))))
    site = site_with(root, OneLife(history))
    html = site.record_foot(site.report.book.named("ADR-2")[0])

    assert parsed(html).all("script") == []
    assert told(foot(site)).count(" ".join(HOSTILE.split())) >= 3
    tail = html[html.index("gp-history") :]
    assert not set("{}`~") & set(tail)


def test_a_history_that_is_not_whole_says_how_to_mend_it(root: Path, tmp_path: Path) -> None:
    """A shallow clone shows what it has, in one line why that is not all, and calls nothing an addition."""
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{root}", "shallow")
    said = told(foot(site_at(tmp_path / "shallow")))

    assert said.startswith("This history is not whole: shallow clone: fetch the whole history (fetch-depth: 0, or git")
    assert said.endswith("the oldest version that is known here accepted")


def test_without_git_each_page_says_so(tmp_path: Path) -> None:
    """There is one line, and no list."""
    found = foot(site_at(write_tree(tmp_path, LOG, repository=False)))

    assert told(found) == (
        "The history is not known here: no git repository; check out the repository instead of copying its files"
    )
    assert found.all("ol", "gp-time") == []


def test_where_nobody_asked_there_is_no_section(root: Path) -> None:
    """A site that is made without a history has none, and says nothing of it."""
    site = site_with(root, NoHistory())

    assert "gp-history" not in foot(site).ids
    assert "gp-history" not in site.anchors(site.report.book.named("ADR-2")[0])


def test_a_record_that_cannot_be_read_has_its_history(tmp_path: Path) -> None:
    """Since when it cannot be read, and why, is what its reader wants to know."""
    broken = edited(LOG, BATCH, "status: accepted", "status: [accepted")
    site = site_at(commit_files(tmp_path, LOG, broken))

    assert "cannot be read: " in told(foot(site))


def test_amendments_have_a_table_of_their_own(tmp_path: Path) -> None:
    """Day, person and reason of each correction stand above the history, and can be linked to."""
    lines = f"amendments:\n  - {{date: 2026-10-05, by: Ana Ruiz, reason: '{HOSTILE}'}}\n"
    site = site_at(commit_files(tmp_path, with_key(LOG, BATCH, lines)))
    found = foot(site)

    assert ["2026-10-05", "Ana Ruiz", HOSTILE] in found.rows
    assert found.ids.index("gp-amendments") < found.ids.index("gp-history")
    assert {"gp-amendments", "gp-history"} <= site.anchors(site.report.book.named("ADR-2")[0])
    assert "gp-amendments" not in foot(site, "ADR-3").ids


def test_the_section_speaks_chinese(root: Path) -> None:
    """Titles and words of changes are in the reader's language."""
    one, two = version({"owner": "Ana"}, {"Context": 1}), version({}, {"Context": 2})
    words = " ".join(foot(site_with(root, OneLife(life(one, two)), "zh")).text.split())

    for said in ("历史", "修改", "新增", "1 → 2 词", "owner Ana → "):
        assert said in words


def test_each_reason_says_what_to_do() -> None:
    """Whatever keeps a history from being known, the line names the way out."""
    for problem, mend in (
        (NO_GIT, "install git"),
        (NO_REPOSITORY, "check out"),
        (SHALLOW, "fetch-depth: 0"),
        (PARTIAL, "without --filter"),
    ):
        assert mend in missing_history(NoHistory(problem))
    assert missing_history(NoHistory()) == ""
