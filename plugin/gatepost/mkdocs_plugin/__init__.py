"""The MkDocs plugin: hooks only. The one room that may import mkdocs."""

from gatepost.mkdocs_plugin.plugin import GatepostPlugin

__all__ = ["GatepostPlugin"]
