# SPDX-License-Identifier: Apache-2.0
"""Every page as every role meets it, and the whole storybook: wide and narrow, light and dark.

The office's pages are looked at wide in the light and narrow in the dark, the storybook's the other way round, so that
every template is seen in all four. A page that somebody else was already shown is looked at briefly: it must answer,
have its frame, complain of nothing and fit a small phone.
"""
import re
import sys
import urllib.parse

import kit
import office
from office import go

STAGES = (
    "toRegister toComplete toSubmit toDecide toReturn toAssign toPrepare ready inService toEvaluate closed returned"
    " withdrawn voided"
).split()
# Whose eyes: a person, and the pages of a matter that are theirs besides what the folder offers them.
EYES = {
    "somsri": ["/registration", "/return", "/service"],
    "ratana": ["/decision"],
    "anan": ["/preparation", "/service", "/evaluation-qr", "/room", "/links", "/meeting"],
    "narong": ["/service"],
    "prasert": [],
}
faults = []
judged = set()


def main():
    parts = sys.argv[1:] or ["outside", *EYES, "storybook"]
    with kit.browser() as chromium:
        for part in parts:
            with kit.desktop(chromium) as page:
                page.on("console", complain)
                seen = {"outside": outside, "storybook": storybook}.get(part, lambda page: inside(page, part))(page)
                print(f"{part}: {seen} pages", flush=True)
    if faults:
        raise SystemExit(f"{len(faults)} faults:\n" + "\n".join(faults))


def complain(message):
    if kit.is_complaint(message):
        faults.append(f"console: {message.text} ({message.page and message.page.url})")


def look(page, path, name):
    """One page: its frame, then wide and narrow, light and dark."""
    answer = page.goto(kit.BASE_URL + path)
    if answer is None or not answer.ok:
        return faults.append(f"{path} answers {answer and answer.status}")
    headings = page.locator("h1").count()
    if headings != 1:
        faults.append(f"{path} has {headings} first headings")
    if page.locator("html").get_attribute("lang") not in ("th", "en"):
        faults.append(f"{path} does not say its language")
    if " · " not in page.title() or page.title().startswith(" ·"):
        faults.append(f"{path} is called {page.title()!r}")
    if "⟦" in page.content():
        faults.append(f"{path} shows a key instead of words")
    is_story = path.startswith("/storybook")
    for width, height, colours in [(1280, 900, "dark" if is_story else "light"), (320, 640, "light" if is_story else "dark")]:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=colours)
        try:
            kit.narrow(page)
        except kit.Wrong as wrong:
            faults.append(str(wrong))
        if path in judged:
            continue
        try:
            kit.axe(page)
        except kit.Wrong as wrong:
            faults.append(f"{width} px, {colours}: {wrong}")
        kit.shot(page, f"{name}-{width}")
    judged.add(path)
    page.set_viewport_size({"width": 1280, "height": 900})


def named(path):
    return re.sub(r"[^0-9a-zA-Zก-๙]+", "-", path).strip("-")[:80] or "home"


def outside(page):
    """What somebody without an account meets."""
    link = "/track/" + tracked(page)
    paths = ["/", "/request", "/sign-in", link]
    for path in paths:
        look(page, path, "outside-" + ("track" if path == link else named(path)))
    page.set_viewport_size({"width": 1280, "height": 900})
    return len(paths)


def tracked(page):
    path = office.request(page, office.letter(title="ขอความอนุเคราะห์บันทึกภาพวันสถาปนา"), [office.letter_file()])
    return path.removeprefix("/track/")


def inside(page, username):
    """The menu, what its pages lead to, and the pages of one matter per stage."""
    office.sign_in(page, username)
    paths = [link.get_attribute("href") for link in page.locator("nav.menu a").all()] + ["/me"]
    for path in list(paths):
        paths += deeper(page, path)
    if username == "somsri":
        paths += ["/counter", "/register/outgoing"]
    paths += of_matters(page, username)
    paths = list(dict.fromkeys(paths))
    for path in paths:
        look(page, path, f"{username}-{named(path)}")
    return len(paths)


def deeper(page, path):
    """Of a desk with pages below it, one page of each kind."""
    kinds = {"/admin": 9, "/reports": 1, "/calendar": 3}
    if path not in kinds:
        return []
    go(page, path)
    links = [link.get_attribute("href") for link in page.locator("main a[href]").all()]
    mine = [link for link in dict.fromkeys(links) if link.startswith(path) and not link.endswith((".pdf", ".csv"))]
    found = mine[: kinds[path]]
    if path == "/admin":
        for link in list(found):
            go(page, link)
            below = [a.get_attribute("href") for a in page.locator("main a[href]").all()]
            found += [a for a in below if a.startswith(link + "/")][:1]
    if path == "/calendar":
        found = [link for link in mine if "view=" in link][:4]
    return found


def of_matters(page, username):
    """The folder at each stage, what it offers this person, and their own pages of it.

    The secretariat's eyes are on every folder; the others look at what is theirs alone.
    """
    found = []
    for stage in STAGES:
        go(page, f"/matters?stage={stage}")
        link = page.locator("article.matter h3 a").first
        if not link.count():
            faults.append(f"{username} finds no matter at {stage}")
            continue
        folder = re.match(r"/matters/\d+", link.get_attribute("href")).group()
        if username == "somsri" or stage in ("toDecide", "inService"):
            found.append(folder)
        go(page, folder)
        acts = [a.get_attribute("href") for a in page.locator("p.actions a.button").all()]
        offered = [act.split("#")[0] for act in acts if act.startswith("/") and not act.endswith(".pdf")]
        offered += [folder + more for more in EYES[username]]
        for path in dict.fromkeys(offered):
            # Of each kind of page, its first few states.
            kind = path.rsplit("/", 1)[1]
            if sum(other.endswith("/" + kind) for other in found) < 3 and page.context.request.get(kit.BASE_URL + path).ok:
                found.append(path)
    return found


def storybook(page):
    """Every page with sample data, as it is shown to who draws them."""
    office.sign_in(page, "somchai")
    go(page, "/storybook")
    paths = [link.get_attribute("href") for link in page.locator("a").all()]
    for path in paths:
        look(page, urllib.parse.urlparse(path).path, "story-" + named(path.removeprefix("/storybook")))
    return len(paths)


main()
