// SPDX-License-Identifier: Apache-2.0
// @ts-check
// A button that copies a field's text; without this script the field is there to copy from.

for (const button of document.querySelectorAll("button[data-copy]")) {
    if (!(button instanceof HTMLButtonElement) || !navigator.clipboard) continue;
    const field = document.getElementById(button.dataset.copy ?? "");
    if (!(field instanceof HTMLInputElement)) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(field.value);
        button.textContent = button.dataset.copied ?? button.textContent;
    });
    field.addEventListener("focus", () => field.select());
}
