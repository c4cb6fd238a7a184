// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The watch board keeps itself up to date, and says so when it cannot.
import { swap } from "./swap.js";

const pauseMilliseconds = 30_000;

async function renew() {
    let isLost = false;
    try {
        await swap("board");
    } catch {
        isLost = true;
    }
    const sign = document.querySelector("[data-lost]");
    if (sign instanceof HTMLElement) sign.hidden = !isLost;
}

setInterval(renew, pauseMilliseconds);
// A screen that was asleep shows old news until then.
document.addEventListener("visibilitychange", () => {
    if (!document.hidden) renew();
});
