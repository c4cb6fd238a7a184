// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The service worker: shows what is pushed, also while no page is open, and answers for it. It caches nothing.
//
// In front of this text stands `icons`, written by the server.

/**
 * @typedef {{kind: "notice" | "trial" | "check", by: string, notice: number, token: string, title: string, body: string,
 *            path: string, tag: string, language: string, button: string, isPressing: boolean}} Message
 */

/** @type {any} */
const worker = self;
/** Where the page has written down under which address this browser is known (see devices.js). */
const memory = "sanyan device";

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(worker.clients.claim()));

worker.addEventListener("push", (/** @type {any} */ event) => {
    /** @type {Message | undefined} */
    let message;
    try { message = event.data?.json(); } catch { /* Not ours, or cut: something must be shown all the same. */ }
    event.waitUntil(message ? receive(message) : show({ title: "สัญญาณ · Sanyan", path: "/inbox", tag: "unknown" }));
});

/** @param {Message} message */
async function receive(message) {
    if (message.kind === "check") return check(message);
    await show(message);
    await answer("/push/shown", message);
}

/** @param {Partial<Message>} message */
function show(message) {
    const { title = "", body = "", path = "/inbox", tag, language, button, isPressing, kind } = message;
    return worker.registration.showNotification(title, {
        body, tag, lang: language, data: message, icon: icons.icon, badge: icons.badge,
        renotify: kind === "notice" || kind === "trial", requireInteraction: isPressing ?? false,
        silent: kind === "check", timestamp: Date.now(),
        actions: button ? [{ action: "acknowledge", title: button }] : [],
    });
}

/**
 * The weekly question, without a sound. A browser wants to see something for every push, unless a page of ours is in
 * sight: then a quiet line stands there until the answer is carried.
 *
 * @param {Message} message
 */
async function check(message) {
    const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
    const isInSight = pages.some((/** @type {any} */ page) => page.visibilityState === "visible");
    if (!isInSight) await show(message);
    if (!await answer("/push/shown", message)) return;
    for (const line of await worker.registration.getNotifications({ tag: message.tag })) line.close();
}

/** Tells the office; true when it has heard. @param {string} address @param {Message} message */
async function answer(address, message) {
    try {
        const body = new URLSearchParams({ by: message.by, token: message.token });
        return (await fetch(address, { method: "POST", body })).ok;
    } catch {
        return false;
    }
}

worker.addEventListener("notificationclick", (/** @type {any} */ event) => {
    /** @type {Message} */
    const message = event.notification.data;
    event.notification.close();
    event.waitUntil(event.action === "acknowledge" ? acknowledge(message) : open(message.path));
});

/** รับทราบ. What could not be carried stands there again. @param {Message} message */
async function acknowledge(message) {
    if (!await answer("/push/acknowledgement", message)) await show(message);
}

/** A page that is open already is brought to the front. @param {string} path */
async function open(path) {
    const target = new URL(path, worker.location.origin);
    // Whatever came by push leads to our own pages only.
    if (target.origin !== worker.location.origin) return;
    for (const page of await worker.clients.matchAll({ type: "window" })) {
        if (new URL(page.url).pathname === target.pathname) return page.focus();
    }
    return worker.clients.openWindow(target.href);
}

/** The browser was given another address: the office is told which one it replaces. */
worker.addEventListener("pushsubscriptionchange", (/** @type {any} */ event) => event.waitUntil(renew(event)));

/** @param {any} event */
async function renew(event) {
    const notes = await caches.open(memory);
    const noted = await notes.match("/push/renewal");
    const old = event.oldSubscription?.endpoint ?? (noted ? await noted.text() : "");
    const options = event.oldSubscription?.options;
    const fresh = event.newSubscription ?? (options ? await worker.registration.pushManager.subscribe(options) : null);
    if (!old || !fresh) return;
    const { endpoint, expirationTime, keys } = fresh.toJSON();
    const body = new URLSearchParams({
        old, endpoint, expires: String(expirationTime ?? ""), point: keys.p256dh, secret: keys.auth,
    });
    await fetch("/push/renewal", { method: "POST", body });
    await notes.put("/push/renewal", new Response(endpoint));
}
