"""The MkDocs plugin: hooks only. The one room that may import mkdocs."""

from gatepost.mkdocs_plugin.memory import undisturbed

with undisturbed():  # a collection halfway looks at all that MkDocs holds, which costs a tenth of the import
    from gatepost.mkdocs_plugin.plugin import GatepostPlugin

__all__ = ["GatepostPlugin"]
