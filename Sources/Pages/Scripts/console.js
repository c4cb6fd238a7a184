// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The console brings itself up to date: the server sends each part that has changed, drawn as on the page.
// A part in which somebody types or has unfolded something waits until they have done.
import { tick } from "./clock.js";
import { isBusy } from "./swap.js";

const page = document.querySelector("[data-live]");
const sign = document.querySelector("[data-lost]");

/** Parts that came while somebody was busy there, newest only. @type {Map<string, string>} */
const waiting = new Map();

/** @param {string} id @param {string} html */
function put(id, html) {
    const old = document.getElementById(id);
    if (!old) return;
    // Whoever has pressed a button stands on it, or on its part after the page has come again: that is no typing.
    const focus = document.activeElement;
    const stands = focus === old || (focus instanceof HTMLButtonElement && old.contains(focus));
    const place = stands && focus instanceof HTMLElement ? focus : null;
    place?.blur();
    if (isBusy(old)) {
        place?.focus();
        waiting.set(id, html);
        return;
    }
    const fresh = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
    if (!fresh) return;
    waiting.delete(id);
    old.replaceWith(document.adoptNode(fresh));
    // A button that was pressed, or was about to be, keeps the focus in its new shape.
    if (place) (document.getElementById(place.id) ?? document.getElementById(id))?.focus();
    tick();
}

setInterval(() => {
    for (const [id, html] of waiting) put(id, html);
}, 1000);

/** @param {boolean} isLost */
function show(isLost) {
    if (sign instanceof HTMLElement) sign.hidden = !isLost;
}

/** EventSource connects again by itself; after an answer that is an error, we do. */
function listen() {
    if (!(page instanceof HTMLElement) || !page.dataset.live) return;
    const line = new EventSource(page.dataset.live);
    line.addEventListener("open", () => show(false));
    line.addEventListener("part", (event) => {
        const { id, html } = JSON.parse(event.data);
        put(id, html);
    });
    line.addEventListener("error", () => {
        show(true);
        if (line.readyState === EventSource.CLOSED) setTimeout(listen, 10_000);
    });
}

listen();
