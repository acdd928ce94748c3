"""A report as a browsable site: pages, charts, assets, messages. It knows nothing of MkDocs."""

from gatepost.site.linker import RecordLinks, quote_metrics
from gatepost.site.page import Asset, EditUrl, Page, Urls, markdown_urls
from gatepost.site.site import STATUSES, Site, status_words

__all__ = [
    "STATUSES",
    "Asset",
    "EditUrl",
    "Page",
    "RecordLinks",
    "Site",
    "Urls",
    "markdown_urls",
    "quote_metrics",
    "status_words",
]
