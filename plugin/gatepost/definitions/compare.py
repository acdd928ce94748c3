"""A contract against the real definition: what either has and the other does not.

A definition shows less than people do: an approval may be a setting of the forge, a monitor another system. What is not
in the text is "not shown by the definition", and where the text has gaps, it is unknown; it is never called wrong.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple, get_args

from gatepost.definitions.compare_answers import answers
from gatepost.definitions.compare_details import details
from gatepost.definitions.compare_folders import folders
from gatepost.definitions.compare_functions import functions
from gatepost.definitions.compare_guards import guards, leaks_of
from gatepost.definitions.compare_images import images
from gatepost.definitions.compare_numbers import numbers
from gatepost.definitions.compare_order import order
from gatepost.definitions.compare_shared import shared
from gatepost.definitions.compare_shared_unnamed import unnamed
from gatepost.definitions.compare_stages import stages
from gatepost.definitions.compare_targets import targets
from gatepost.definitions.definition import Definition, Gap, ReadFile
from gatepost.definitions.difference import Difference, Weight
from gatepost.definitions.mapping import StageMapping
from gatepost.definitions.moves import without_moves
from gatepost.definitions.reach import Reach
from gatepost.definitions.script_files import ScriptFiles
from gatepost.definitions.sides import Sides
from gatepost.pipeline import Contract
from gatepost.records import Pipeline

__all__ = ["Conformance", "compare"]


class Conformance(NamedTuple):
    """What comparing gave."""

    definition: Definition
    differences: tuple[Difference, ...]
    reals: Mapping[str, tuple[str, ...]]
    """For each stage of the contract the real ones that stand for it; empty for none."""

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """The gaps that leave open something of what was compared."""
        known = {real for reals in self.reals.values() for real in reals}
        return tuple(gap for gap in self.definition.gaps if gap.touches is None or not known.isdisjoint(gap.touches))

    def of(self, weight: Weight) -> tuple[Difference, ...]:
        """Give the differences of one weight."""
        return tuple(one for one in self.differences if one.weight == weight)


def compare(
    contract: Pipeline, definition: Definition, folder: str, read_file: ReadFile = lambda _: None
) -> Conformance:
    """Compare a contract with the real definition that it names; what differs comes before what is open or not shown.

    Args:
        contract: the contract.
        definition: what the definition says.
        folder: the folder that the contract's paths are seen from, from the root of the repository.
        read_file: gives other files of the repository: scripts that a gate consists of are looked into.
    """
    scripts = ScriptFiles(read_file, contract.workdir or folder, (posixpath.dirname(definition.path), ""))
    mapping = StageMapping(contract, definition)
    bare = without_moves(contract, mapping, contract.workdir or folder)
    sides = Sides(Contract(bare), definition, mapping, Reach(definition), folder, scripts)
    leaks = leaks_of(sides)
    leaking = frozenset(name for leak in leaks for name in leak.failing)
    inside = shared(sides)
    within = tuple(unnamed(sides))
    kept = inside.kept | {one.value.split()[0] for one in within}
    told = tuple(details(sides, leaking | kept))
    hidden = {one.at[1] for one in told if one.id == "guard-cannot-fail" and one.weight == "differs"}
    found = (
        *stages(sides),
        *order(sides),
        *guards(sides, leaks),
        *(one for one in inside.differences if one.id != "guard-weakened" or one.value.split()[0] not in hidden),
        *within,
        *told,
        *functions(sides),
        *numbers(sides),
        *images(sides),
        *targets(sides),
        *folders(replace(sides, contract=Contract(contract)), read_file),
        *answers(sides, inside.kept),
    )
    found = tuple(sorted(found, key=lambda one: get_args(Weight).index(one.weight)))
    return Conformance(definition, found, sides.mapping.reals)
