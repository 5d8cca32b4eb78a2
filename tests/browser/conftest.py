"""A browser for the page's tests: the system's Chromium, and the service's real server."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

_place = Path(__file__).parents[1] / "service" / "conftest.py"
_spec = importlib.util.spec_from_file_location("tonecheck_tests_service_conftest", _place)
assert _spec is not None and _spec.loader is not None
_service = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_service)
server = _service.server


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with api.sync_playwright() as driver:
        # The sandbox needs rights that containers seldom give; the page is our own.
        running = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def visit(browser: Any, server: str) -> Iterator[Callable[..., Any]]:
    """Opens the page in a fresh profile; options are those of a browser context.

    Afterwards the test fails where a page asked another origin for anything, broke its own security policy, or raised.
    """
    contexts, faults = [], []

    def open_page(**options: Any) -> Any:
        options = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce", **options}
        context = browser.new_context(permissions=["clipboard-read", "clipboard-write"], **options)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: _watch(request.url, server, faults))
        page.on("pageerror", lambda error: faults.append(f"the script raised {error}"))
        page.on("console", lambda line: faults.append(line.text) if "Content Security" in line.text else None)
        page.goto(server)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def _watch(url: str, server: str, faults: list[str]) -> None:
    if not url.startswith((server, "blob:", "data:")):
        faults.append(f"the page asked {url}")
