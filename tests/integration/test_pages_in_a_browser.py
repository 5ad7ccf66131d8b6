"""Our pages in a real browser: what hostile submissions can do there, and how the pages fit.

A submission full of HTML, scripts and terminal escapes can do nothing. Every page is opened in a
headless Chromium. Each trick, if it worked, would ask a server of the test's own for something, or
leave a mark on the document; a page without our protection shows that the tricks do work.
"""

import html
import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.integration.test_batch import room
from tests.tiny import ANSWER_CELL, ANSWERS, handed_in, tiny_harness

PLUMB = Path(sys.executable).parent / "plumb"
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium here; `make test` installs it")


class Server(http.server.ThreadingHTTPServer):
    """Counts what is asked of it."""

    def __init__(self):
        self.asked = []
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args):
        pass


@pytest.fixture(scope="module")
def listening():
    with Server() as made:
        thread = threading.Thread(target=made.serve_forever)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@pytest.fixture
def server(listening):
    """The server, of which nothing was asked yet."""
    listening.asked.clear()
    return listening


def tricks(url, leaving=True):
    """One of each kind that loads something or runs a script; those that leave the page too."""
    mark = "document.documentElement.setAttribute('pwned','yes')"
    away = (
        f"<meta http-equiv=refresh content='0;url={url}/refresh'>"
        f"<form action='{url}/form'><input autofocus onfocus=\"this.form.submit()\"></form>"
    )
    return (
        f"<script>{mark};fetch('{url}/script')</script>"
        f"<img src='{url}/image' onerror=\"{mark}\">"
        f"<svg onload=\"{mark}\"><image href='{url}/svg'/><script>{mark}</script></svg>"
        f"<iframe src='{url}/frame'></iframe><object data='{url}/object'></object>"
        f"<link rel=stylesheet href='{url}/sheet'><style>@import url('{url}/import');"
        f"body{{background:url('{url}/background')}}</style>"
        f"<video src='{url}/video' autoplay></video><a href='javascript:{mark}' id=a>x</a>"
        f"<details open ontoggle=\"{mark}\">x</details><base href='{url}/base/'><img src=relative>"
        f"{away if leaving else ''}{{{{7*7}}}} {{% include '/etc/passwd' %}}"
        " \x1b[2J\x1b]0;owned\x07\x1b]8;;http://x\x07 \x9b31m \u202e"
    )


def opened(page, profile):
    """The document after its scripts have run."""
    rootly = ["--no-sandbox"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [
            BROWSER, "--headless", *rootly, "--disable-gpu", "--virtual-time-budget=3000",
            f"--user-data-dir={profile}", "--disable-background-networking", "--dump-dom",
            page.as_uri(),
        ],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.stdout, done.stderr
    return done.stdout


def asked_in(page, question, profile):
    """What a JavaScript expression gives in a page that is shown in a frame.

    The page stays as it is, with its own security policy: the script stands in the page around it.
    In the expression `frame` is the frame, `doc` is the document in it, and `shown` tells whether
    an element takes any room.
    """
    inside = html.escape(page.read_text("utf-8"))
    around = profile.with_suffix(".html")
    around.write_text(
        # So high that nothing scrolls up and down: a scroll bar takes some width.
        f"<!doctype html><iframe height=100000 srcdoc='{inside}'></iframe>"
        "<script>onload = () => { const frame = document.querySelector('iframe');"
        "const doc = frame.contentDocument;"
        "const shown = element => element.getClientRects().length > 0;"
        f"document.body.textContent = 'answer ' + JSON.stringify({question}) + ' end'; }}</script>",
        "utf-8",
    )
    document = html.unescape(opened(around, profile))
    return json.loads(document.partition("answer ")[2].partition(" end")[0])


def pwned(document):
    """Whether a script has left its mark on the document's root."""
    return "pwned" in document[document.index("<html") :].partition(">")[0]


@pytest.fixture(scope="module")
def pages(listening, tmp_path_factory):
    """What ``plumb grade`` leaves of a submission that puts the tricks wherever it can."""
    tmp_path = tmp_path_factory.mktemp("graded")
    text = json.dumps(tricks(listening.url))
    name = "<img src=x onerror=document.documentElement.setAttribute('pwned','yes')>"
    hostile = (
        f"T = {text}\nprint(T)\n\nclass Trick(Exception):\n    pass\n\n\n"
        "Trick.__name__ = Trick.__qualname__ = T[:200]\n\n\n"
        "def double(x):\n    print(T)\n    raise Trick(T)\n\n\n"
        "def pair(x):\n    return T, {T: T}\n"
    )
    cell = ANSWER_CELL.replace("return 7", f"raise ValueError({text})")
    harness = tmp_path / "tiny"
    harness.mkdir()
    tiny_harness(harness)
    handed_in(tmp_path / "class" / name, ANSWERS | {"ops.py": hostile}, best=cell)
    (tmp_path / "class" / name / f"Left {name.replace('/', '')}.ipynb").write_text(text, "utf-8")
    handed_in(tmp_path / "class" / "anna")
    out = tmp_path / "out"
    command = [PLUMB, "grade", tmp_path / "class", "--harness", harness / "harness.zip"]
    with room() as scratch:
        done = subprocess.run(
            [*command, "--out", out], env={**os.environ, "TMPDIR": scratch},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    assert "\x9b" not in done.stdout + done.stderr
    found = [out / "index.html", *(out / "feedback").glob("*.html")]
    assert len(found) == 3
    return found


def test_nothing_of_a_submission_runs_or_loads(pages, server, tmp_path):
    for number, page in enumerate(pages):
        text = page.read_text("utf-8")
        assert not [c for c in text if (ord(c) < 32 and c not in "\t\n") or 127 <= ord(c) < 160]
        document = opened(page, tmp_path / f"profile{number}")
        assert not pwned(document)
        for tag in ("script", "iframe", "img", "object", "form", "video", "base"):
            assert f"<{tag}" not in document
    assert server.asked == []


def test_the_tricks_work_where_nothing_is_escaped(server, tmp_path):
    """Else the test above could not fail."""
    page = tmp_path / "plain.html"
    page.write_text(f"<html><body>{tricks(server.url, leaving=False)}</body></html>", "utf-8")
    assert pwned(opened(page, tmp_path / "profile"))
    kinds = ("script", "image", "frame", "sheet", "import")
    assert {f"/{kind}" for kind in kinds} <= set(server.asked)


def test_what_got_past_the_escaping_would_still_do_nothing(pages, server, tmp_path):
    """The page's Content-Security-Policy alone: the tricks stand raw in one of our pages."""
    text = max(pages, key=lambda path: len(path.read_bytes())).read_text("utf-8")
    assert "</main>" in text
    page = tmp_path / "raw.html"
    page.write_text(text.replace("</main>", f"{tricks(server.url, leaving=False)}</main>"), "utf-8")
    assert not pwned(opened(page, tmp_path / "profile"))
    assert server.asked == []


#: By each width: of the page as it is laid out, and what stands out of it to the right. What is in
#: a part that scrolls by itself does not.
_WIDTHS = """
[320, 390, 1200].map(width => {
    frame.width = width;
    const wide = [...doc.querySelectorAll('body *')].filter(element => shown(element)
        && !element.closest('pre, .scroll') && element.getBoundingClientRect().right > width + 0.5);
    return [width, doc.documentElement.scrollWidth, wide.map(e => e.outerHTML.slice(0, 200))];
})
"""


def test_every_page_fits_a_phone(pages, tmp_path):
    for number, page in enumerate(pages):
        found = asked_in(page, _WIDTHS, tmp_path / f"profile{number}")
        assert found == [[320, 320, []], [390, 390, []], [1200, 1200, []]]


#: The students whose rows are shown, before and after the filter is switched on and off.
_FILTERED = """
[0, 1, 1].map(clicks => {
    if (clicks) doc.getElementById('only').click();
    const rows = [...doc.querySelectorAll('.students tbody tr')].filter(shown);
    return rows.map(row => row.querySelector('.name').firstChild.textContent.slice(0, 4));
})
"""


def test_the_staff_can_look_at_nothing_but_what_needs_a_look(pages, tmp_path):
    """The filter works without any script in the page."""
    (index,) = (page for page in pages if page.name == "index.html")
    everybody, doubtful, again = asked_in(index, _FILTERED, tmp_path / "profile")
    assert sorted(everybody) == ["anna", "img_"]
    assert doubtful == ["img_"]
    assert again == everybody
