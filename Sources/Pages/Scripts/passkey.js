// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Passkeys (Web Authentication): asks the browser, writes its answer into the form and sends it. Without this script
// the form stays hidden, and people sign in by other ways.

/** @param {ArrayBuffer | null | undefined} buffer */
function text(buffer) {
    if (!buffer) return "";
    let letters = "";
    for (const byte of new Uint8Array(buffer)) letters += String.fromCharCode(byte);
    return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** @param {string} text */
function bytes(text) {
    const letters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}

/** What the office asks, as the browser wants it. @param {any} asked */
function creation(asked) {
    return {
        publicKey: {
            challenge: bytes(asked.challenge),
            rp: { id: asked.host, name: asked.officeName },
            user: { id: bytes(asked.user), name: asked.username, displayName: asked.name },
            pubKeyCredParams: [-7, -257].map((alg) => ({ type: /** @type {const} */ ("public-key"), alg })),
            authenticatorSelection: {
                residentKey: /** @type {const} */ ("required"), requireResidentKey: true,
                userVerification: /** @type {const} */ ("required"),
            },
            excludeCredentials: asked.known.map((/** @type {string} */ id) => ({ type: "public-key", id: bytes(id) })),
            attestation: /** @type {const} */ ("none"),
            timeout: asked.milliseconds,
        },
    };
}

/** @param {any} asked */
function request(asked) {
    return {
        publicKey: {
            challenge: bytes(asked.challenge), rpId: asked.host, timeout: asked.milliseconds,
            userVerification: /** @type {const} */ ("required"),
        },
    };
}

/** Asks, and fills the form in. @param {HTMLFormElement} form */
async function fill(form) {
    const answer = await fetch(form.dataset.question ?? "", { method: "POST", credentials: "same-origin" });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    const asked = await answer.json();
    const isNew = form.dataset.passkey === "create";
    const found = isNew
        ? await navigator.credentials.create(creation(asked))
        : await navigator.credentials.get(request(asked));
    if (!(found instanceof PublicKeyCredential)) throw new Error("no passkey");
    const said = /** @type {any} */ (found.response);
    const values = {
        credential: found.rawId,
        client: said.clientDataJSON,
        device: isNew ? said.getAuthenticatorData() : said.authenticatorData,
        signature: said.signature,
        user: said.userHandle,
    };
    for (const [name, value] of Object.entries(values)) {
        const field = form.elements.namedItem(name);
        if (field instanceof HTMLInputElement) field.value = text(value);
    }
}

/** What went wrong, in the page's words. @param {HTMLFormElement} form @param {unknown} error */
function trouble(form, error) {
    const name = error instanceof Error ? error.name : "";
    if (name === "InvalidStateError") return form.dataset.known;
    return name === "NotAllowedError" || name === "AbortError" ? form.dataset.cancelled : form.dataset.failed;
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (!(form instanceof HTMLFormElement) || !("PublicKeyCredential" in window)) continue;
    form.hidden = false;
    const place = form.querySelector("[data-trouble]");
    let isFilled = false;
    addEventListener("pageshow", () => (isFilled = false));
    // Before everybody else who waits for the form to be sent: it is not sent yet.
    form.addEventListener("submit", async (event) => {
        if (isFilled) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        if (place instanceof HTMLElement) place.hidden = true;
        try {
            await fill(form);
            isFilled = true;
            form.requestSubmit();
        } catch (error) {
            if (!(place instanceof HTMLElement)) return;
            place.textContent = trouble(form, error) ?? "";
            place.hidden = false;
        }
    }, { capture: true });
}
