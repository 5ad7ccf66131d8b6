"""A saved notebook as a PDF, printed by nbconvert and a browser of the Chromium family."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

#: The names of browsers that print, where programs are found by their names.
_COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge")
#: Where macOS keeps them, in /Applications or in the same folder of a user's own.
_MACOS = (
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Chromium.app/Contents/MacOS/Chromium",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
#: Where Windows keeps them, in one of the folders that these variables name.
_WINDOWS = (
    "Google/Chrome/Application/chrome.exe",
    "Chromium/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
)
_WINDOWS_FOLDERS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
#: Seconds for making a PDF; a browser that hangs must not keep the archive from being made.
_PDF_TIMEOUT_S = 180
#: Milliseconds of the page's own time that its scripts get before it is printed: formulas are
#: typeset by one, once it has been fetched.
_SCRIPTS_MS = 20_000
#: Paper does not scroll: long lines are broken, and what is wide is made to fit.
_STYLE = """
<style>
pre, code, .highlight pre {
  white-space: pre-wrap !important; overflow-wrap: anywhere !important;
  word-break: normal !important;
}
body { overflow-wrap: anywhere; }
.jp-OutputArea-output, .jp-RenderedHTMLCommon, .highlight { overflow: visible !important; }
img, svg, table { max-width: 100% !important; height: auto; }
td, th { overflow-wrap: anywhere; padding: 0.2em !important; }
</style>
"""


def print_notebook(notebook: Path, pdf: Path) -> str:
    """Print a saved notebook to a PDF; returns why that failed, or an empty string.

    HTML in the notebook stays HTML: it is the student's own, on their own computer.
    """
    browser = find_browser(sys.platform, os.environ, Path.home())
    advice = f"print {notebook.name} to a PDF yourself (Ctrl+P) and put it into the archive"
    if browser is None:
        return f"no PDF was made: there is no Chromium or Chrome here; install one, or {advice}"
    with tempfile.TemporaryDirectory() as scratch:
        page = Path(scratch, "page.html")
        export = [sys.executable, "-m", "nbconvert", "--to", "html", "--log-level", "ERROR"]
        export += ["--output", str(page), str(notebook)]
        # Chromium's sandbox does not work for root. The page is the student's own, so it is safe.
        root_options = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        printing = [browser, "--headless", *root_options, "--disable-gpu", "--no-pdf-header-footer"]
        printing += [f"--virtual-time-budget={_SCRIPTS_MS}"]
        printing += [f"--user-data-dir={scratch}/profile", f"--print-to-pdf={pdf}", page.as_uri()]
        for command, tool in ((export, "nbconvert"), (printing, "the browser")):
            try:
                done = subprocess.run(
                    command, capture_output=True, text=True, timeout=_PDF_TIMEOUT_S, check=False
                )
            except (OSError, subprocess.TimeoutExpired) as error:
                return f"no PDF was made: {tool}: {error}; {advice}"
            if done.returncode:
                reason = (done.stderr.strip().splitlines() or ["it gave no reason"])[-1]
                return f"no PDF was made: {tool} failed: {reason}; {advice}"
            if command is export:
                _fit_to_paper(page)
    return "" if pdf.is_file() else f"no PDF was made: the browser wrote none; {advice}"


def _fit_to_paper(page: Path) -> None:
    """Open what is folded in a page, and add the style for paper, last, so that it counts."""
    html = page.read_text("utf-8").replace("</head>", f"{_STYLE}</head>", 1)
    page.write_text(html.replace("<details>", "<details open>"), "utf-8")


def find_browser(platform: str, environment: Mapping[str, str], home: Path) -> str | None:
    """The path of a browser that can print, or None if there is none.

    Args:
        platform: as `sys.platform` names it.
        environment: the environment variables.
        home: the user's own folder.
    """
    path = environment.get("PATH", "")
    found = next((hit for name in _COMMANDS if (hit := shutil.which(name, path=path))), None)
    if found is not None:
        return found
    kept = kept_places(platform, environment, home)
    return next((str(path) for path in kept if path.is_file()), None)


def kept_places(platform: str, environment: Mapping[str, str], home: Path) -> Iterator[Path]:
    """Where a system keeps browsers that are not found by their names."""
    if platform == "darwin":
        for inner in _MACOS:
            yield Path("/Applications", inner)
            yield home / "Applications" / inner
    elif platform == "win32":
        for inner in _WINDOWS:
            for name in _WINDOWS_FOLDERS:
                if folder := environment.get(name):
                    yield Path(folder, inner)
