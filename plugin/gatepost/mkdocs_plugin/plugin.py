"""The hooks: what happens at which event of a build. All else is in the modules beside this one."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority, get_plugin_logger

from gatepost.check import GateLoadError
from gatepost.mkdocs_plugin.build import Build
from gatepost.mkdocs_plugin.memory import kept, leave_at_exit, let_go
from gatepost.mkdocs_plugin.messages import lines_of, summary_of
from gatepost.mkdocs_plugin.options import Options
from gatepost.sources import ClockError, ProjectError

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page
    from mkdocs.utils.templates import TemplateContext

__all__ = ["GatepostPlugin"]

_log = get_plugin_logger("gatepost")

_AFTER_GENERATORS = -75
"""After plugins that make pages (the blog: -50), before those that read the list of files (literate-nav: -100)."""
_BEFORE_NAV_PLUGINS = 110
"""Before awesome-nav (100) and whatever rearranges a navigation."""
_BEFORE_MACROS = 60
"""Before macros (0), which would take a quoted number for one of its own."""
_BEFORE_SEARCH = 50
_AFTER_SEARCH = -50
"""After the search (0), which reads a page's content when its template is about to be filled."""


class GatepostPlugin(BasePlugin[Options]):  # type: ignore[no-untyped-call]  # MkDocs leaves the hook untyped
    """Checks the decision log while MkDocs builds it, and adds the pages that show how its gates stand."""

    _build: Build | None = None
    _unheard = 0
    """How many warnings a quiet build has hidden, from its reader and from MkDocs' count."""

    @event_priority(_AFTER_GENERATORS)
    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Check the records, say all that is to mend, add the generated pages."""
        self._build = None
        self._unheard = 0
        if not self.config.enabled:
            return files
        leave_at_exit()
        with kept():
            try:
                self._build = Build(files, config, self.config)
            except (ClockError, ProjectError, GateLoadError) as error:
                message = f"gatepost: {error}"
                raise PluginError(message) from None
            if config.strict or _log.isEnabledFor(logging.WARNING):  # else nobody hears or counts the words
                for level, line in lines_of(self._build.report):
                    self._say(level, line)
            for line in self._build.warnings:
                self._say(logging.WARNING, line)
            for line in self._build.add_pages():
                _log.info(line)
            if _log.isEnabledFor(logging.INFO):
                _log.info(summary_of(self._build.report))
        return files

    def _say(self, level: int, line: str) -> None:
        """Say what is to mend, and count it when MkDocs will not."""
        _log.log(level, line)
        if level >= logging.WARNING and not _log.isEnabledFor(level):
            self._unheard += 1

    @event_priority(_BEFORE_NAV_PLUGINS)
    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Put the pages that lead to all others first, unless the author arranges the navigation."""
        return self._build.arrange(nav, config, files) if self._build else nav

    @event_priority(_BEFORE_MACROS)
    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG002 - MkDocs hands them to every plugin
        """Fill in quoted numbers, and keep frontmatter that MkDocs could not read out of the text."""
        if self._build is None:
            return markdown
        text = self._build.pages.markdown(markdown, page)
        for line in self._build.pages.warnings:
            self._say(logging.WARNING, line)
        return text

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG002 - MkDocs hands them to every plugin
        """Let the search find a record by its id."""
        return self._build.pages.content(html, page) if self._build else html

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:  # noqa: ARG002 - MkDocs hands them to every plugin
        """Write what goes around the records, when all of them are rendered and none is published."""
        if self._build:
            self._build.pages.dress_ahead()
        return env

    @event_priority(_BEFORE_SEARCH)
    def _open(self, context: TemplateContext, /, *, page: Page, **_: object) -> TemplateContext:
        """Give a generated page its metadata back, which the search reads."""
        if self._build:
            self._build.pages.open(page)
        return context

    @event_priority(_AFTER_SEARCH)
    def _finish(self, context: TemplateContext, /, *, page: Page, **_: object) -> TemplateContext:
        """Put what is known about a record around the author's words, and the tables into generated pages."""
        if self._build:
            self._build.pages.finish(page)
        return context

    on_page_context = CombinedEvent(_open, _finish)

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:  # noqa: ARG002 - see above
        """Let readers of feeds find the change log's."""
        return self._build.pages.whole(output, page) if self._build else output

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Let the garbage collector see the log again, which `on_files` kept from it; let no gate fail unheard."""
        if self._build:
            let_go()
        if config.strict and self._unheard:
            hidden = "1 warning is" if self._unheard == 1 else f"{self._unheard} warnings are"
            counted = "it" if self._unheard == 1 else "them"
            message = f"gatepost: {hidden} hidden by --quiet, and --strict would count {counted}: build without --quiet"
            raise PluginError(message)

    def on_build_error(self, *, error: Exception) -> None:  # noqa: ARG002 - see above
        """Do the same when the build comes to no good end."""
        if self._build:
            let_go()

    def on_serve(self, server: LiveReloadServer, **_: object) -> LiveReloadServer:
        """Build again when evidence outside the docs folder changes."""
        for path in self._build.log.cited_outside() if self._build else ():
            server.watch(str(path))
        return server
