# SPDX-License-Identifier: Apache-2.0
"""What every browser script begins with: Debian's Chromium, three kinds of reader, and checks that fail loudly.

    import kit

    with kit.browser() as chromium:
        with kit.desktop(chromium) as page:        # 1280 x 900; kit.phone: 320 x 640; kit.plain: scripts off
            page.goto(kit.BASE_URL + "/")
            kit.check(page, "first")               # axe, no sideways scrolling, a picture

A page fails its script when it leaves complaints in the console, an uncaught error or a Content-Security-Policy breach.
The browser reaches this machine only.
"""
import contextlib
import os
import pathlib

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

BASE_URL = os.environ.get("BASE_URL", "")
DATA = os.environ.get("DATA", "")
OUT = pathlib.Path(os.environ.get("OUT", "."))
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")

expect.set_options(timeout=10_000)


class Wrong(AssertionError):
    """A page is not as it must be."""


@contextlib.contextmanager
def browser(hosts=("127.0.0.1",)):
    """Debian's Chromium, without a window. It knows no names but `hosts`."""
    known = "".join(f", EXCLUDE {host}" for host in hosts)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND" + known],
        )
        try:
            yield chromium
        finally:
            chromium.close()


@contextlib.contextmanager
def reader(chromium, width, height, scripts=True, **more):
    """A page in a context of its own: nobody else's cookies. Complaints of the page fail at its end."""
    context = chromium.new_context(
        viewport={"width": width, "height": height},
        java_script_enabled=scripts,
        locale="th-TH",
        timezone_id="Asia/Bangkok",
        accept_downloads=True,
        **more,
    )
    context.set_default_timeout(10_000)
    page = context.new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(f"uncaught: {error}"))
    page.on(
        "console",
        lambda message: complaints.append(f"console: {message.text} ({page.url})")
        if is_complaint(message) and is_ours(page.url) else None,
    )
    try:
        yield page
        if complaints:
            raise Wrong("the page complains:\n  " + "\n  ".join(complaints))
    except Exception:
        with contextlib.suppress(Exception):  # The first failure is the one to tell, not that of its picture.
            shot(page, "failed")
        raise
    finally:
        context.close()


def is_complaint(message):
    """An error of the page. A refused form answers 4xx on purpose, and Chromium calls that an error too."""
    return message.type == "error" and "the server responded with a status of 4" not in message.text


def is_ours(url):
    """A page of the office; what a provider's own page lacks is not ours to mend."""
    return not BASE_URL or url.startswith(BASE_URL)


def desktop(chromium, **more):
    """A reader at a desk, 1280 x 900."""
    return reader(chromium, 1280, 900, **more)


def phone(chromium, **more):
    """A reader with a small phone, 320 x 640, who touches."""
    return reader(chromium, 320, 640, has_touch=True, **more)


def plain(chromium, width=1280, height=900, **more):
    """A reader whose browser runs no scripts."""
    return reader(chromium, width, height, scripts=False, **more)


def axe(page):
    """Fails with the list of what axe-core finds wrong (WCAG and its best practices)."""
    violations = Axe().run(page).response["violations"]
    if violations:
        raise Wrong(f"axe finds {len(violations)} faults on {page.url}:\n" + "\n".join(map(told, violations)))


def told(violation):
    nodes = "\n".join(f"      {node['html'][:160]}" for node in violation["nodes"][:5])
    return f"  {violation['id']} ({violation['impact']}): {violation['help']}\n{nodes}"


def narrow(page):
    """Fails when a page must be scrolled sideways (WCAG 1.4.10)."""
    wide, room = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    if wide > room:
        raise Wrong(f"{page.url} is {wide} px wide in a window of {room} px")


def shot(page, name):
    """A picture of the whole page, OUT/name.png."""
    OUT.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(OUT / f"{name}.png"), full_page=True)


def check(page, name):
    """The picture first, so that there is one to look at when the rest fails."""
    shot(page, name)
    axe(page)
    narrow(page)

