// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Clocks that go on: the page comes with the time in words, this shows it by the second.
// `data-since` counts up, `data-until` counts down; both are milliseconds since 1970.

/** @param {number} milliseconds */
function read(milliseconds) {
    const seconds = Math.max(0, Math.floor(milliseconds / 1000));
    const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

/** Clocks that are days away stay in words: nobody counts their seconds. */
const longest = 48 * 3600 * 1000;

/** Shows every clock of the page as it is now. */
export function tick() {
    for (const clock of document.querySelectorAll("[data-since], [data-until]")) {
        if (!(clock instanceof HTMLElement)) continue;
        const { since, until } = clock.dataset;
        const length = since ? Date.now() - Number(since) : Number(until) - Date.now();
        if (length >= 0 && length < longest) clock.textContent = read(length);
    }
}

if (document.querySelector("[data-since], [data-until]")) tick();
setInterval(tick, 1000);
