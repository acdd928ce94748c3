"""Honest lives of decisions, risks and follow-ups: what a team that keeps to the rules commits."""

from __future__ import annotations

import random
import subprocess
from dataclasses import dataclass, field, replace
from pathlib import Path

from gatepost.records import moves_from
from stories import Story, body

__all__ = ["honest_log"]

FOLDERS = {"decision": ("decisions", "churn/decisions", "pricing/decisions"), "risk": ("risks",), "follow-up": ("fu",)}
PREFIX = {"decision": "ADR", "risk": "RISK", "follow-up": "FU"}
STANDS = frozenset({"accepted", "deprecated", "superseded"})


@dataclass(frozen=True)
class One:
    """One record."""

    kind: str
    number: int
    status: str
    title: str
    text: str
    """What was decided, or what may happen."""
    day: int = 1
    path: str = ""
    options: tuple[str, ...] = ("batch", "online")
    more: str = "None yet.\n"
    """What stands in the living section."""
    links: tuple[str, ...] = ()
    """Lines of the frontmatter that grow: evidence, follow-ups, both sides of a supersession."""
    amendments: tuple[str, ...] = ()
    style: int = 0
    """How it is written: line ends, quotes, the order of fields, the breaks in the text."""

    def file(self) -> str:
        """Give it as text."""
        name = f"{PREFIX[self.kind]}-{self.number:04d}"
        quote = '"' if self.style % 2 else ""
        fields = [
            f"kind: {self.kind}",
            f"id: {name}",
            f"title: {quote}{self.title}{quote}",
            f"status: {self.status}",
            *self.links,
        ]
        if self.kind == "decision":
            fields += [f"date: 2026-10-{self.day:02d}", "decision-makers: [Ana]", "options:"]
            fields += [f"  - {{name: {one}, security: 3}}" for one in self.options]
        elif self.kind == "risk":
            fields += ["likelihood: 2", "impact: 2", "accepted-by: Ana", "accepted-on: 2026-10-01"]
        elif self.kind == "follow-up" and self.status in {"done", "dropped"}:
            fields.append("outcome: It is as it is")
        if self.amendments:
            fields += ["amendments:", *(f"  - {one}" for one in self.amendments)]
        said = self.text.replace("\n", " ") if self.style % 3 else self.text
        head = "\n".join(
            fields[:3] + fields[:2:-1]
            if self.style % 4 == 1 and not self.amendments and self.kind == "risk"
            else fields
        )
        text = (
            f"---\n{head}\n---\n\n# {self.title}\n\n## Decision Outcome\n\n{said}\n\n## More Information\n\n{self.more}"
        )
        return text.replace("\n", "\r\n") if self.style % 5 == 4 else text


@dataclass
class Team:
    """Commits what a team does, one honest thing at a time."""

    rng: random.Random
    story: Story = field(init=False)
    there: dict[str, One] = field(default_factory=dict)
    count: int = 0

    def __post_init__(self) -> None:
        """Begin with nothing."""
        self.story = Story(self.rng)

    def new(self, kind: str, status: str = "") -> One:
        """Give a new record."""
        self.count += 1
        born = status or {"decision": "proposed"}.get(kind, "open")
        one = One(kind, self.count, born, f"The {kind} {self.count}", body(self.rng, 6))
        return replace(one, path=f"{self.rng.choice(FOLDERS[kind])}/{self.count:04d}-{self.rng.randrange(99)}.md")

    def act(self, there: dict[str, One], may: set[str]) -> dict[str, One]:
        """Do one thing to some of the records that one may touch."""
        there = dict(there)
        names = sorted(name for name in there if name in may)
        if not names or self.rng.random() < 0.15:
            one = self.new(self.rng.choice(["decision", "decision", "decision", "risk", "follow-up"]))
            there[f"{one.number}"] = one
            return there
        name = self.rng.choice(names)
        one = there[name]
        what = self.rng.choice(
            [self.move, self.grow, self.elsewhere, self.restyle, self.rework, self.amend, self.renumber]
        )
        if one.kind == "decision" and one.status == "accepted" and self.rng.random() < 0.1:
            return self.supersede(there, name)
        if one.status == "proposed" and self.rng.random() < 0.05:
            del there[name]
            return there
        there[name] = what(one)
        return there

    def move(self, one: One) -> One:
        """Let the status move as it may."""
        after = [status for status in moves_from(one.kind, one.status) if status != "superseded"]
        if not after:
            return self.grow(one)
        return replace(one, status=self.rng.choice(after), day=self.rng.randint(1, 30))

    def supersede(self, there: dict[str, One], name: str) -> dict[str, One]:
        """Let a new decision take the place of one; both say so."""
        new = self.new("decision", "accepted")
        old = there[name]
        new = replace(new, links=(f"supersedes: [ADR-{old.number:04d}]",))
        links = (*old.links, f"superseded-by: [ADR-{new.number:04d}]")
        there[name] = replace(old, status="superseded", day=self.rng.randint(1, 30), links=links)
        there[f"{new.number}"] = new
        return there

    def grow(self, one: One) -> One:
        """Add what may be added at any time: evidence, a review, more information."""
        said = "evidence: [{kind: url, claim: It works, url: 'https://example.org'}]"
        line = said if one.kind == "decision" else "reviewed: 2026-11-02"
        if line not in one.links and self.rng.random() < 0.5:
            return replace(one, links=(*one.links, line))
        return replace(one, more=one.more + body(self.rng, 1) + "\n")

    def elsewhere(self, one: One) -> One:
        """Rename the file, or move it to another design."""
        return replace(one, path=f"{self.rng.choice(FOLDERS[one.kind])}/{one.number:04d}-{self.rng.randrange(9999)}.md")

    def restyle(self, one: One) -> One:
        """Write the same in another way."""
        return replace(one, style=self.rng.randrange(60))

    def rework(self, one: One) -> One:
        """Change what is said while nothing has been decided; afterwards only what grows."""
        if one.kind == "decision" and one.status in STANDS | {"rejected"}:
            return self.grow(one)
        return replace(one, text=body(self.rng, 6), options=(*one.options, f"option {self.rng.randrange(999)}")[-3:])

    def amend(self, one: One) -> One:
        """Correct what was decided, and say so."""
        if one.kind != "decision" or one.status not in STANDS:
            return self.rework(one)
        said = f"{{date: 2026-11-01, by: Ana, reason: 'Number {len(one.amendments)}'}}"
        lines = one.text.split("\n")
        return replace(one, text="\n".join([body(self.rng, 1), *lines[1:]]), amendments=(*one.amendments, said))

    def renumber(self, one: One) -> One:
        """Give it the next number, and nothing else."""
        if any("supersede" in line for line in one.links):
            return self.elsewhere(one)
        self.count += 1
        return replace(one, number=self.count, path=f"{one.path.rpartition('/')[0]}/{self.count:04d}-again.md")

    def commit(self, there: dict[str, One], *parents: int) -> int:
        """Commit the records."""
        files = {name: (one.path, one.file()) for name, one in there.items()}
        return self.story.commit(files, [one for one in parents if one])

    def year(self, commits: int) -> None:
        """Make so many commits, some of them on branches."""
        head = 0
        while self.story.mark < commits:
            if self.rng.random() < 0.85 or not self.there:
                self.there = self.act(self.there, set(self.there))
                head = self.commit(self.there, head)
                continue
            theirs = {name for name in self.there if self.rng.random() < 0.5}
            mine, branch, tip = set(self.there) - theirs, self.there, head
            before = set(self.there)
            for _ in range(self.rng.randint(1, 4)):
                branch = self.act(branch, theirs | (set(branch) - before))
                tip = self.commit(branch, tip)
            for _ in range(self.rng.randint(0, 3)):
                self.there = self.act(self.there, mine | (set(self.there) - before))
                head = self.commit(self.there, head)
            kept = {name: one for name, one in self.there.items() if name not in theirs}
            self.there = kept | {name: one for name, one in branch.items() if name in theirs or name not in before}
            head = self.commit(self.there, head, tip)


def honest_log(root: Path, seed: int, commits: int = 200) -> Path:
    """Write an honest log of so many commits into a new repository; the same seed gives the same ids."""
    team = Team(random.Random(seed))  # noqa: S311 - reproducible text, no secret
    team.year(commits)
    subprocess.run(["git", "init", "-q", "-b", "main", str(root)], check=True)
    stream = "".join(team.story.stream).encode()
    subprocess.run(["git", "fast-import", "--quiet"], cwd=root, input=stream, check=True)
    subprocess.run(["git", "reset", "-q", "--hard", "main"], cwd=root, check=True)
    return root
