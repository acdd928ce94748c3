"""Records share a Markdown converter, and no page shows what another one said."""

from __future__ import annotations

import json
from pathlib import Path

import markdown
import pytest
from builds import build, dump, project
from mkdocs.structure import pages

from gatepost.mkdocs_plugin.converter import FORGETTING, Converter
from gatepost.site import RecordLinks
from trees import clean_log, edited

Settings = dict[str, dict[str, bool]]

RICH = """\
# One {#one .wide}

A note[^1] and [a reference][there], "quoted" -- with `code`, `#!python 1 + 1`, ==marked==, ~~gone~~, H~2~O, x^2^ and
++ctrl+c++ (tm) :smile: $a^2$ {++added++}.

[^1]: The note.
    With a second line.
[there]: https://example.org/there "There"

*[HTML]: Hyper Text

Term
:   What it means.

| a | b |
| - | - |
| 1 | 2 |

!!! warning "Careful"
    Inside.

??? note "Folded"
    Hidden.

=== "Tab one"
    First.

=== "Tab two"
    Second.

- [x] done
- [ ] not done

```python title="x.py" linenums="3" hl_lines="3"
print("one")
```

~~~
plain
~~~

<div markdown="1" class="kept">
*Inside HTML.*
</div>

## Two

## Two
"""
PLAIN = """\
author: nobody

# One

The note[^1] and [a reference][there] of another page; HTML is no abbreviation here.

```python
print("two")
```

=== "Tab one"
    Again.

## Two
"""


def lent(
    converter: Converter, *extensions: str | RecordLinks, settings: Settings | None = None, text: str | None = ""
) -> tuple[markdown.Markdown, str]:
    """Give what MkDocs gets for a page, as it asks for it, and its HTML of a text; None is no text and breaks."""
    config = {"markdown_extensions": list(extensions), "mdx_configs": settings}
    with converter.lent(config):  # type: ignore[arg-type]  # only these two are looked at
        found = pages.markdown.Markdown(extensions=list(extensions), extension_configs=settings or {})
        return found, found.convert(text)  # type: ignore[arg-type]


@pytest.mark.parametrize("extensions", [*[[name] for name in sorted(FORGETTING)], sorted(FORGETTING)], ids=str)
@pytest.mark.parametrize("texts", [(RICH, PLAIN), (RICH, RICH), (PLAIN, RICH)], ids=["plain", "again", "rich"])
def test_nothing_of_one_page_is_left_for_the_next(extensions: list[str], texts: tuple[str, str]) -> None:
    """What has been used before gives the HTML, the contents and the metadata that a new one gives."""
    converter = Converter()
    lent(converter, *extensions, text=texts[0])
    used, html = lent(converter, *extensions, text=texts[1])
    new = markdown.Markdown(extensions=extensions)
    assert html == new.convert(texts[1])
    for kept in ("toc_tokens", "Meta"):
        assert getattr(used, kept, None) == getattr(new, kept, None)


def test_an_extension_that_may_remember_gets_a_new_converter_for_each_page() -> None:
    """One that is not known keeps all records from sharing; ours does not."""
    converter, own = Converter(), RecordLinks()
    for names, shared in ((("toc", "tables"), True), (("toc", "abbr"), False), (("toc", own), True)):
        assert (lent(converter, *names)[0] is lent(converter, *names)[0]) is shared


def test_other_settings_and_errors_make_it_anew() -> None:
    """A hook may change the settings between two pages, and what failed halfway is not used again."""
    converter = Converter()
    settings = {"toc": {"permalink": True}}
    first, _ = lent(converter, "toc", settings=settings)
    settings["toc"]["permalink"] = False
    second, _ = lent(converter, "toc", settings=settings)
    assert first is not second
    with pytest.raises(AttributeError):
        lent(converter, "toc", settings=settings, text=None)
    assert lent(converter, "toc", settings=settings)[0] is not second
    assert vars(pages)["markdown"] is markdown


def test_a_site_is_the_same_with_it(tmp_path: Path) -> None:
    """With Material's extensions, every file of the site has the bytes that it has when no converter is shared."""
    names = sorted(FORGETTING - {"meta"})
    files = edited(clean_log(), "churn/decisions/0002-batch-scoring.md", "\n# ", f"\n{RICH.partition('##')[2]}\n# ")
    shared = build(project(tmp_path / "a", files, settings=f"markdown_extensions: {json.dumps(names)}\n"))
    apart = build(project(tmp_path / "b", files, settings=f"markdown_extensions: {json.dumps([*names, 'abbr'])}\n"))
    assert (shared.code, apart.code) == (0, 0), shared.log + apart.log
    assert dump(shared.site) == dump(apart.site)
