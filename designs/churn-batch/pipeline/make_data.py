# ruff: noqa: INP001 - a folder of scripts, not a package
"""Make the synthetic inputs in `data/` again: `python pipeline/make_data.py`.

The extract, the champion (a model that learned from another, smaller extract), and the campaign's
counts. All are made up. The same seeds give the same bytes.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from churn import features, intake, modelling, synthetic
from churn.files import write_json, write_table

__all__ = ["CHAMPION_SEED", "EXTRACT_SEED", "make_champion", "make_extract"]

EXTRACT_SEED: Final = 20261116
CHAMPION_SEED: Final = 20260518
_DATA: Final = Path(__file__).resolve().parent / "data"


def make_extract(path: Path, seed: int, labelled: int, unlabelled: int, shift: synthetic.Shift | None = None) -> None:
    """Write an extract that says on its first line that it is synthetic."""
    rows = synthetic.extract(seed, labelled=labelled, unlabelled=unlabelled, shift=shift)
    write_table(path, synthetic.COLUMNS, rows, synthetic=True)


def make_champion(path: Path, labelled: int = 700) -> None:
    """Write the model that is in production before this week: it learned from fewer customers."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        make_extract(place / "extract.csv", CHAMPION_SEED, labelled, 0)
        intake.ingest(place / "extract.csv", place / "customers.csv", place / "profile.json")
        features.build(place / "customers.csv", place / "features.csv")
        modelling.train(place / "features.csv", path)


def main() -> None:
    """Write every input."""
    make_extract(_DATA / "extract.csv", EXTRACT_SEED, 2000, 600)
    make_champion(_DATA / "champion.json")
    write_json(_DATA / "campaign.json", {"contacted": 61, "opted_out": 1, "synthetic": True})
    answer = {"answer": "approved", "by": "rehearsal", "rehearsal": True, "role": "crm-lead"}
    write_json(_DATA / "rehearsal-answer.json", answer)


if __name__ == "__main__":
    main()
