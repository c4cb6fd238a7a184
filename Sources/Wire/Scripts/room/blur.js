// SPDX-License-Identifier: Apache-2.0
// @ts-check
// What is behind somebody: blurred by the platform itself where it can be, and by nothing else, because everything else
// costs every device a processor.

/**
 * Whether a camera's picture can be blurred by a switch, and whether it is (Media Capture and Streams Extensions,
 * backgroundBlur). A platform that always blurs, or never, leaves no choice.
 * @param {{backgroundBlur?: boolean[]} | null | undefined} capabilities
 * @param {{backgroundBlur?: boolean} | null | undefined} settings
 */
export function blurOf(capabilities, settings) {
  const choices = capabilities?.backgroundBlur;
  const isOffered = Array.isArray(choices) && choices.includes(true) && choices.includes(false);
  return { isOffered, isOn: settings?.backgroundBlur === true };
}
