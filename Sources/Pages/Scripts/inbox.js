// SPDX-License-Identifier: Apache-2.0
// @ts-check
// New notices come into the open page: a note with รับทราบ, the count in the menu and in the title. Nothing is played.
//
// However many pages are open, one of them holds the line and tells the others: a browser keeps only six lines to a
// server, and six open pages must not leave none for the seventh.
import { swap } from "./swap.js";

/**
 * @typedef {{text: string, title?: string, path?: string, late?: string, acknowledgePath: string, acknowledge: string,
 *            open: string, waiting: number}} LiveNotice
 * @typedef {{kind: "notice", id: string, notice: LiveNotice} | {kind: "waiting", waiting: number}} Heard
 */

/** Whoever is signed in: another person's page in the same browser must not hear of it. */
const person = document.querySelector(".who strong")?.textContent ?? "";
const others = new BroadcastChannel(`sanyan inbox ${person}`);
const title = document.title;

/** @param {Heard} heard */
function hear(heard) {
    const waiting = heard.kind === "notice" ? heard.notice.waiting : heard.waiting;
    count(waiting);
    const list = document.querySelector("#inbox > .inbox:not(.seen)");
    if (list) {
        if (heard.kind === "notice") announce(heard.notice.text);
        // When it does not work, the next notice brings the list up to date.
        if (list.children.length !== waiting) swap("inbox").catch(() => {});
    } else if (heard.kind === "notice") {
        show(heard.id, heard.notice);
    }
}

/** The number in the menu and in the title. @param {number} waiting */
function count(waiting) {
    document.title = waiting > 0 ? `(${waiting}) ${title}` : title;
    const item = document.querySelector('.menu a[href="/inbox"]');
    if (!item) return;
    let badge = item.querySelector(".count");
    if (waiting === 0) return badge?.remove();
    if (!badge) {
        badge = document.createElement("span");
        badge.className = "count";
        item.append(" ", badge);
    }
    badge.textContent = String(waiting);
}

const arrivals = document.createElement("div");
arrivals.className = "arrivals";
arrivals.setAttribute("role", "status");
document.body.append(arrivals);

/** Says it to those who hear the page. @param {string} text */
function announce(text) {
    const line = document.createElement("p");
    line.className = "unseen";
    line.textContent = text;
    arrivals.append(line);
    setTimeout(() => line.remove(), 10_000);
}

/** @param {string} id @param {LiveNotice} notice */
function show(id, notice) {
    if (arrivals.querySelector(`[data-notice="${CSS.escape(id)}"]`)) return;
    const arrival = document.createElement("section");
    arrival.className = "arrival";
    arrival.dataset.notice = id;
    const text = document.createElement("strong");
    text.textContent = notice.text;
    arrival.append(text);
    for (const more of [notice.title, notice.late]) {
        if (!more) continue;
        const line = document.createElement("p");
        line.textContent = more;
        arrival.append(line);
    }
    arrival.append(actions(arrival, notice));
    arrivals.append(arrival);
    while (arrivals.querySelectorAll(".arrival").length > 3) arrivals.querySelector(".arrival")?.remove();
}

/** @param {HTMLElement} arrival @param {LiveNotice} notice */
function actions(arrival, notice) {
    const row = document.createElement("div");
    row.className = "actions";
    if (notice.path) {
        const link = document.createElement("a");
        link.href = notice.path;
        link.textContent = notice.open;
        row.append(link);
    }
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = notice.acknowledge;
    button.addEventListener("click", async () => {
        button.disabled = true;
        try {
            const answer = await fetch(notice.acknowledgePath, { method: "POST", redirect: "manual" });
            if (answer.type !== "opaqueredirect") throw new Error(`the inbox answered ${answer.status}`);
            arrival.remove();
            const badge = document.querySelector('.menu a[href="/inbox"] .count');
            tell({ kind: "waiting", waiting: Math.max(0, Number(badge?.textContent ?? 1) - 1) });
        } catch {
            // Not carried: the button stays, the notice waits in the inbox.
            button.disabled = false;
        }
    });
    row.append(button);
    return row;
}

/** Here and in the other open pages. @param {Heard} heard */
function tell(heard) {
    hear(heard);
    others.postMessage(heard);
}

others.addEventListener("message", (event) => hear(event.data));

/** Holds the line. EventSource connects again by itself and says with `Last-Event-ID` what it heard last. */
function listen() {
    const line = new EventSource("/inbox/live");
    line.addEventListener("notice", (event) => {
        tell({ kind: "notice", id: event.lastEventId, notice: JSON.parse(event.data) });
    });
    line.addEventListener("waiting", (event) => {
        tell({ kind: "waiting", waiting: JSON.parse(event.data).waiting });
    });
    line.addEventListener("error", () => {
        // A line that broke is mended by the browser; one that was answered with an error is tried again by us.
        if (line.readyState === EventSource.CLOSED) setTimeout(listen, 30_000);
    });
}

// The lock is kept until the page goes; then the next page gets it. Without locks (plain http from another machine)
// every page holds a line of its own.
if (navigator.locks) {
    navigator.locks.request(`sanyan inbox ${person}`, () => {
        listen();
        return new Promise(() => {});
    });
} else {
    listen();
}
