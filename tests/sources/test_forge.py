"""Links to commits: which forge an address is of, and what is no address at all."""

from __future__ import annotations

import string
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gatepost.sources.forge import commit_urls

ID = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("remote", "start"),
    [
        ("https://github.com/acme/churn.git", "https://github.com/acme/churn/commit/"),
        ("git@github.com:acme/churn.git", "https://github.com/acme/churn/commit/"),
        ("ssh://git@ssh.github.com:443/acme/churn.git", "https://github.com/acme/churn/commit/"),
        ("https://github.acme.example/ml/churn", "https://github.acme.example/ml/churn/commit/"),
        ("git@gitlab.com:acme/ml/churn.git", "https://gitlab.com/acme/ml/churn/-/commit/"),
        ("ssh://git@gitlab.acme.example:2222/ml/churn.git/", "https://gitlab.acme.example/ml/churn/-/commit/"),
        ("https://gitlab.acme.example:8443/ml/churn.git", "https://gitlab.acme.example:8443/ml/churn/-/commit/"),
        ("https://code.acme.example/ml/churn/-/tree/main", "https://code.acme.example/ml/churn/-/commit/"),
        ("git@bitbucket.org:acme/churn.git", "https://bitbucket.org/acme/churn/commits/"),
        (
            "https://code.acme.example/projects/ML/repos/churn",
            "https://code.acme.example/projects/ML/repos/churn/commits/",
        ),
        ("https://codeberg.org/acme/churn", "https://codeberg.org/acme/churn/commit/"),
        ("http://gitea.acme.example:3000/ml/churn.git", "http://gitea.acme.example:3000/ml/churn/commit/"),
        ("git@forgejo.acme.example:ml/churn", "https://forgejo.acme.example/ml/churn/commit/"),
    ],
)
def test_the_remote_tells_the_forge(remote: str, start: str) -> None:
    """Addresses for ssh and for the web lead to the page of the commit on each forge that is known."""
    assert commit_urls(None, remote)(ID) == f"{start}{ID}"


@pytest.mark.parametrize(
    ("configured", "start"),
    [
        ("https://code.acme.example/ml/churn", "https://code.acme.example/ml/churn/commit/"),
        ("https://code.acme.example/acme/ml/churn/", "https://code.acme.example/acme/ml/churn/-/commit/"),
        ("https://code.acme.example/log?id={commit}", "https://code.acme.example/log?id="),
        ("https://ana:secret@github.com/acme/churn", "https://github.com/acme/churn/commit/"),
    ],
)
def test_what_the_author_wrote_counts_before_the_remote(configured: str, start: str) -> None:
    """A forge that no name tells has the usual form, or the form that is written out; a password is never shown."""
    assert commit_urls(configured, "git@github.com:other/place.git")(ID) == f"{start}{ID}"


@pytest.mark.parametrize(
    "remote",
    [
        "",
        "/srv/git/churn.git",
        "C:/git/churn.git",
        "file:///srv/git/github/churn.git",
        "git@work:acme/churn.git",
        "https://code.acme.example/ml/churn.git",
        "ssh://git@bitbucket.acme.example:7999/ml/churn.git",
        "javascript:alert(1)//github",
        "https://github.com",
        "https://github.com/../churn",
        'https://github.com/a"onclick="x/churn',
        "https://github.com/a\nb/churn",
        "https://git hub.com/a/churn",
        "https://[github/a/churn",
        "ftp://github.com/a/churn",
    ],
)
def test_no_link_rather_than_a_wrong_one(remote: str) -> None:
    """A path on disk, a name that only ssh knows, a forge of unknown form, and what is no address give no link."""
    assert not commit_urls(None, remote)(ID)


@pytest.mark.parametrize(
    "configured",
    [
        "javascript:alert({commit})",
        "https://ana:secret@code.example/{commit}",
        "ssh://x/{commit}",
        "x",
        "https://{commit}/",
    ],
)
def test_what_is_written_out_has_to_be_an_address_of_the_web(configured: str) -> None:
    """Another scheme, or an address with a password in it, gives no link."""
    assert not commit_urls(configured)(ID)


def test_only_an_id_of_a_commit_is_linked() -> None:
    """What is no id cannot reach into the address."""
    assert not commit_urls("https://github.com/acme/churn")("../../settings")


@given(
    st.one_of(
        st.text(alphabet=string.printable + "é€\u202e", max_size=40),
        st.tuples(
            st.sampled_from(["https://", "http://", "ssh://", "git@", "javascript:", "//", "https://u:p@"]),
            st.text(alphabet="github.com:/-gl@%{}<>\"'`", max_size=40),
        ).map("".join),
    )
)
@example("https://github.com/a/b%22%3e")
def test_whatever_is_given_a_link_is_one_of_the_web(address: str) -> None:
    """A link has the scheme http or https, a host, no user, and nothing that ends an attribute."""
    for link in (commit_urls(address)(ID), commit_urls(None, address)(ID)):
        if link:
            parts = urlsplit(link)
            assert parts.scheme in {"http", "https"}
            assert parts.hostname
            assert "@" not in parts.netloc
            assert not set("\"'<>`\\ \n") & set(link)
            assert ID in link
