// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Small comforts for forms; every form works without them.

/** A form is sent once: a second press while the first is on its way does nothing. */
for (const form of document.querySelectorAll("form[method=post]")) {
    form.addEventListener("submit", (event) => {
        if (form.hasAttribute("data-sent")) event.preventDefault();
        form.setAttribute("data-sent", "");
    });
}

// Coming back with the browser's Back button, the form can be sent again.
addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) form.removeAttribute("data-sent");
});

/** A dragged file lights up the place where it can be dropped. */
for (const drop of document.querySelectorAll(".drop")) {
    drop.addEventListener("dragover", () => drop.classList.add("over"));
    for (const end of ["dragleave", "drop"]) drop.addEventListener(end, () => drop.classList.remove("over"));
}

/** The error summary takes the focus, so that it is read out and its links are next. */
const errors = document.querySelector(".errors");
if (errors instanceof HTMLElement) {
    errors.tabIndex = -1;
    errors.focus();
}
