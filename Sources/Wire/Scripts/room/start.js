// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The page comes to life when a call that begins early is on its way, which takes a moment or never comes true.
import { offered } from "./early.js";

/** In milliseconds. */
const patience = 300;

Promise.race([offered, new Promise((done) => setTimeout(done, patience))]).then(() => {
  // Asked for all at once, and not before: they would only keep the browser from making its offer.
  const later = /** @type {HTMLTemplateElement | null} */ (document.querySelector("#later"));
  if (later) document.head.append(later.content);
  return import("./room.js");
});
