// SPDX-License-Identifier: Apache-2.0
// @ts-check
// What this browser remembers from visit to visit. In a frame of somebody else's it may be forbidden: then nothing is.

const prefix = "sanyan.";

/**
 * @param {string} name
 * @returns {string} empty when nothing is known
 */
export function kept(name) {
  try {
    return localStorage.getItem(prefix + name) ?? "";
  } catch {
    return "";
  }
}

/**
 * @param {string} name
 * @param {string} text empty forgets it
 */
export function keep(name, text) {
  try {
    if (text) localStorage.setItem(prefix + name, text);
    else localStorage.removeItem(prefix + name);
  } catch {
    // Forbidden, or full: it lasts as long as the page.
  }
}
