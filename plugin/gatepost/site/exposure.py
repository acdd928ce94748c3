"""How much risk a design may carry."""

from __future__ import annotations

from gatepost.book import Book
from gatepost.records.design import Tier

__all__ = ["threshold", "tier_of"]


def tier_of(book: Book, design_id: str) -> Tier:
    """Give the tier of a design; the policy's default for the records of none."""
    design = book.design(design_id)
    return design.tier if design else book.policy.default_tier


def threshold(book: Book, design_id: str) -> int:
    """Give the highest exposure that a design may accept without escalation."""
    return book.policy.tier(tier_of(book, design_id)).accepted_exposure
