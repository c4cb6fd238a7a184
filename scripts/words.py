#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sorts Sources/Pages/Words/*.json by key and names the keys that only one language has. Exit code 1 if there are any."""
import json
import pathlib
import sys

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "Sources/Pages/Words"


def once(pairs):
    words = dict(pairs)
    if len(words) != len(pairs):
        names = [name for name, _ in pairs]
        sys.exit("twice in one file: " + ", ".join(sorted({name for name in names if names.count(name) > 1})))
    return words


def tidy(path):
    """The words of one file, after writing it back sorted."""
    text = path.read_text(encoding="utf-8")
    words = json.loads(text, object_pairs_hook=once)
    tidied = json.dumps(words, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    if tidied != text:
        path.write_text(tidied, encoding="utf-8")
        print(f"{path.name}: sorted")
    return words


languages = {path.stem: tidy(path) for path in sorted(FOLDER.glob("*.json"))}
everything = sorted(set().union(*languages.values()))
lost = 0
for language, words in languages.items():
    for key in everything:
        if not words.get(key, "").strip():
            print(f"{language}.json has no words for {key}")
            lost += 1
print(f"{len(everything)} keys, {lost} without words, in " + ", ".join(languages))
sys.exit(1 if lost else 0)
