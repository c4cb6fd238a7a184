// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Lets this browser take notices, and says which line of the list it is. What is shown is chosen by `data-when`.

/** Where the service worker finds under which address this browser is known (see sw.js). */
const memory = "sanyan device";

/** @typedef {"off" | "on" | "denied" | "iphone" | "insecure" | "none"} Case */

const box = document.getElementById("devices");
const form = /** @type {HTMLFormElement | null} */ (document.getElementById("this-device"));
if (box && form) begin(box, form).catch(() => choose(box, "none"));

/** @param {HTMLElement} box @param {Case} now */
function choose(box, now) {
    for (const part of /** @type {NodeListOf<HTMLElement>} */ (box.querySelectorAll("[data-when]"))) {
        part.hidden = !(part.dataset.when ?? "").split(" ").includes(now);
    }
}

/** @param {HTMLElement} box @param {HTMLFormElement} form */
async function begin(box, form) {
    const isInstalled = matchMedia("(display-mode: standalone)").matches || "standalone" in navigator && navigator.standalone;
    // An iPad says that it is a Mac, but no Mac has a touch screen.
    const isApple = /iPhone|iPad|iPod/.test(navigator.userAgent)
        || navigator.userAgent.includes("Macintosh") && navigator.maxTouchPoints > 1;
    if (!isSecureContext) return choose(box, "insecure");
    if (!("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window)) {
        return choose(box, isApple && !isInstalled ? "iphone" : "none");
    }
    if (isInstalled) field(form, "installed", "yes");
    const registration = await navigator.serviceWorker.register("/sw.js", { scope: "/" });
    const key = form.dataset.key ?? "";
    const known = await registration.pushManager.getSubscription();
    const row = known ? await line(box, known) : null;
    form.addEventListener("submit", (event) => {
        if (form.dataset.isReady) return;
        event.preventDefault();
        // Asked for in the press itself: browsers answer nothing else.
        Notification.requestPermission().then(async (permission) => {
            if (permission !== "granted") return choose(box, "denied");
            await subscribe(registration, key, form);
            form.dataset.isReady = "yes";
            form.removeAttribute("data-sent");
            form.requestSubmit();
        }).catch((error) => {
            form.removeAttribute("data-sent");
            const said = box.querySelector("[data-fault]");
            if (said instanceof HTMLElement) { said.hidden = false; said.append(` (${error.name})`); }
        });
    });
    if (row && known) {
        row.dataset.here = "yes";
        for (const removal of row.querySelectorAll("form[data-removal]")) {
            // The browser stops listening, whether the office hears of it or not.
            removal.addEventListener("submit", () => { known.unsubscribe(); });
        }
        await remember(known);
        return choose(box, "on");
    }
    choose(box, Notification.permission === "denied" ? "denied" : "off");
}

/** @param {ServiceWorkerRegistration} registration @param {string} key @param {HTMLFormElement} form */
async function subscribe(registration, key, form) {
    const options = { userVisibleOnly: true, applicationServerKey: bytes(key) };
    await navigator.serviceWorker.ready;
    let subscription;
    try {
        subscription = await registration.pushManager.subscribe(options);
    } catch (error) {
        // It listens to another key, of an office that was here before.
        const old = await registration.pushManager.getSubscription();
        if (!old) throw error;
        await old.unsubscribe();
        subscription = await registration.pushManager.subscribe(options);
    }
    const { endpoint = "", expirationTime, keys = {} } = subscription.toJSON();
    field(form, "endpoint", endpoint);
    field(form, "expires", String(expirationTime ?? ""));
    field(form, "point", keys.p256dh ?? "");
    field(form, "secret", keys.auth ?? "");
    await remember(subscription);
}

/** @param {PushSubscription} subscription */
async function remember(subscription) {
    const notes = await caches.open(memory);
    await notes.put("/push/renewal", new Response(subscription.endpoint));
}

/** The line of the list that is this browser. @param {HTMLElement} box @param {PushSubscription} subscription */
async function line(box, subscription) {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(subscription.endpoint));
    const mark = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return /** @type {HTMLElement | null} */ (box.querySelector(`[data-mark="${mark}"]`));
}

/** @param {HTMLFormElement} form @param {string} name @param {string} value */
function field(form, name, value) {
    let input = form.querySelector(`input[name="${name}"]`);
    if (!(input instanceof HTMLInputElement)) {
        input = document.createElement("input");
        input.setAttribute("type", "hidden");
        input.setAttribute("name", name);
        form.append(input);
    }
    /** @type {HTMLInputElement} */ (input).value = value;
}

/** @param {string} text base64url @returns {Uint8Array<ArrayBuffer>} */
function bytes(text) {
    const padded = text.replaceAll("-", "+").replaceAll("_", "/").padEnd(Math.ceil(text.length / 4) * 4, "=");
    return Uint8Array.from(atob(padded), (letter) => letter.charCodeAt(0));
}
