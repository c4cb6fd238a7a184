// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Brings one part of the open page up to date: the server draws it, this puts it in the old one's place.

/**
 * Fetches the page again and swaps the element with this id.
 *
 * Somebody who is typing, choosing or has unfolded something is left in peace: then nothing happens and false comes back.
 * @param {string} id
 * @returns {Promise<boolean>}
 */
export async function swap(id) {
    const old = document.getElementById(id);
    if (!old || isBusy(old)) return false;
    const answer = await fetch(location.pathname + location.search.replace(/[?&]done=\w+/, ""), {
        headers: { Accept: "text/html" },
    });
    if (!answer.ok || answer.redirected) throw new Error(`the page answered ${answer.status}`);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(id);
    if (!fresh || isBusy(old)) return false;
    old.replaceWith(document.adoptNode(fresh));
    return true;
}

/** Whether somebody is typing, choosing or reading in a part of the page. @param {Element} part */
export function isBusy(part) {
    if (part.querySelector("details[open], input:checked, form[data-sent]")) return true;
    if ([...part.querySelectorAll("select")].some(isChosen)) return true;
    const focus = document.activeElement;
    return focus !== null && part.contains(focus);
}

/** Whether somebody has chosen another than what it came with. @param {HTMLSelectElement} select */
function isChosen(select) {
    const usual = [...select.options].findIndex((option) => option.defaultSelected);
    return select.selectedIndex !== Math.max(0, usual);
}
