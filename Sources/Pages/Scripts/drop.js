// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The counter's comfort: the whole page takes a dropped file, says what was chosen, and shows how far the sending is.
// Without this script the file field and the button do the same.

/** The largest file that is taken, in bytes. */
const largest = 50 * 1024 * 1024;

/** @param {number} bytes */
const size = (bytes) => (bytes >= 1048576 ? `${(bytes / 1048576).toFixed(1)} MB` : `${Math.ceil(bytes / 1024)} KB`);

for (const form of document.querySelectorAll("form[data-drop]")) {
    const field = form.querySelector("input[type=file]");
    const chosen = form.querySelector("[data-chosen]");
    const progress = form.querySelector("[data-progress]");
    if (!(form instanceof HTMLFormElement) || !(field instanceof HTMLInputElement)) continue;

    /** Says what has been chosen. */
    const tell = () => {
        if (!(chosen instanceof HTMLElement)) return;
        chosen.replaceChildren(
            ...[...(field.files ?? [])].map((file) => {
                const line = document.createElement("li");
                const isWrong = file.size > largest;
                line.className = isWrong ? "wrong" : "";
                line.textContent = `${isWrong ? "!" : "✓"} ${file.name} (${size(file.size)})`
                    + (isWrong ? ` ${chosen.dataset.tooLarge ?? ""}` : "");
                return line;
            }),
        );
        chosen.hidden = !field.files?.length;
    };
    field.addEventListener("change", tell);

    addEventListener("dragover", (event) => {
        if (!event.dataTransfer?.types.includes("Files")) return;
        event.preventDefault();
        document.body.classList.add("dropping");
    });
    addEventListener("dragleave", (event) => {
        if (event.relatedTarget === null) document.body.classList.remove("dropping");
    });
    addEventListener("drop", (event) => {
        if (!event.dataTransfer?.files.length) return;
        event.preventDefault();
        document.body.classList.remove("dropping");
        // Files that were chosen before stay.
        const all = new DataTransfer();
        for (const file of [...(field.files ?? []), ...event.dataTransfer.files]) all.items.add(file);
        field.files = all.files;
        tell();
        form.querySelector("input[type=radio]:checked, input[type=text]")?.scrollIntoView({ block: "nearest" });
    });

    form.addEventListener("submit", (event) => {
        if (!field.files?.length || event.defaultPrevented || !(progress instanceof HTMLProgressElement)) return;
        event.preventDefault();
        progress.hidden = false;
        const sending = new XMLHttpRequest();
        sending.upload.addEventListener("progress", (part) => {
            if (part.lengthComputable) progress.value = (100 * part.loaded) / part.total;
        });
        sending.addEventListener("load", () => {
            // A redirect was followed: go where it led. A form with mistakes comes back as a page: show it.
            if (sending.status < 400) {
                location.assign(sending.responseURL);
                return;
            }
            document.open();
            document.write(sending.responseText);
            document.close();
        });
        sending.addEventListener("error", () => {
            progress.hidden = true;
            form.submit();
        });
        sending.open("POST", form.action);
        sending.send(new FormData(form));
    });
}
