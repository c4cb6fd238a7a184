// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Lines on a surface: points are fractions of its width and height, so that every screen shows the same.

/** @typedef {import("./state.js").Stroke} Stroke */

export const kinds = ["pen", "marker", "line", "arrow", "box", "ellipse", "text"];
/** What most people tell apart, on white and on slides. */
export const colors = ["#1d4f5c", "#b3173f", "#b9821b", "#1d6338", "#34548c", "#20282b"];
/** A surface is drawn on this many units, whatever its size on the screen. */
export const units = { width: 1600, height: 900 };
/** The server takes so many points at most in a stroke. */
const mostPoints = 1_000;

const at = (/** @type {number} */ fraction, /** @type {number} */ length) => Math.round(fraction * length * 10) / 10;

/**
 * A pen's way as a smooth path; SVG's own words.
 * @param {number[]} points x, y, x, y …
 */
export function path(points) {
  const { width, height } = units;
  if (points.length < 2) return "";
  const x = (/** @type {number} */ index) => points[index * 2] * width,
    y = (/** @type {number} */ index) => points[index * 2 + 1] * height;
  const round = (/** @type {number} */ value) => Math.round(value * 10) / 10;
  const count = Math.floor(points.length / 2);
  let way = `M${round(x(0))} ${round(y(0))}`;
  if (count === 1) return `${way}l.1 .1`;
  for (let index = 1; index < count - 1; index += 1) {
    way += `Q${round(x(index))} ${round(y(index))} ${round((x(index) + x(index + 1)) / 2)} ${round((y(index) + y(index + 1)) / 2)}`;
  }
  return `${way}L${round(x(count - 1))} ${round(y(count - 1))}`;
}

/**
 * What stands for a stroke in SVG: the element's name and its attributes.
 * @param {Stroke} stroke
 * @returns {{name: string, attributes: Record<string, string>, text?: string}}
 */
export function shape({ kind, points, color, width, text }) {
  const [x1 = 0, y1 = 0] = points, [x2 = x1, y2 = y1] = points.slice(-2);
  const { width: w, height: h } = units;
  const pen = { stroke: color, "stroke-width": String(at(width / 1000, w)), fill: "none" };
  const left = at(Math.min(x1, x2), w), top = at(Math.min(y1, y2), h), wide = at(Math.abs(x2 - x1), w),
    high = at(Math.abs(y2 - y1), h);
  switch (kind) {
    case "line": return { name: "line", attributes: { ...pen, x1: String(at(x1, w)), y1: String(at(y1, h)),
      x2: String(at(x2, w)), y2: String(at(y2, h)) } };
    case "arrow": return { name: "path", attributes: { ...pen, d: arrow([x1 * w, y1 * h], [x2 * w, y2 * h],
      at(width / 1000, w) * 6) } };
    case "box": return { name: "rect", attributes: { ...pen, x: String(left), y: String(top), width: String(wide),
      height: String(high) } };
    case "ellipse": return { name: "ellipse",
      attributes: { ...pen, cx: String(left + wide / 2), cy: String(top + high / 2), rx: String(wide / 2),
      ry: String(high / 2) } };
    case "text": return { name: "text", attributes: { fill: color, x: String(at(x1, w)), y: String(at(y1, h)),
      "font-size": String(at(width / 1000, w) * 6) }, text: text ?? "" };
    case "marker": return { name: "path", attributes: { ...pen, "stroke-width": String(at(width / 1000, w) * 5),
      "stroke-opacity": ".35", d: path(points) } };
    default: return { name: "path", attributes: { ...pen, d: path(points) } };
  }
}

/**
 * A line with two wings at its end.
 * @param {number[]} from
 * @param {number[]} to
 * @param {number} size of the wings
 */
function arrow([x1, y1], [x2, y2], size) {
  const way = Math.atan2(y2 - y1, x2 - x1), long = Math.min(size, Math.hypot(x2 - x1, y2 - y1));
  const round = (/** @type {number} */ value) => Math.round(value * 10) / 10;
  const wing = (/** @type {number} */ by) =>
    `${round(x2 - long * Math.cos(way + by))} ${round(y2 - long * Math.sin(way + by))}`;
  const tip = `${round(x2)} ${round(y2)}`;
  return `M${round(x1)} ${round(y1)}L${tip}M${wing(0.5)}L${tip}L${wing(-0.5)}`;
}

/**
 * Takes away what nobody would see: points that lie on the way between their neighbours.
 * @param {number[]} points
 * @param {number} tolerance
 */
export function thinned(points, tolerance = 0.0008) {
  const count = Math.floor(points.length / 2);
  const kept = [0];
  for (let index = 1; index < count - 1; index += 1) {
    const [x0, y0] = points.slice(kept[kept.length - 1] * 2), [x, y] = points.slice(index * 2),
      [x1, y1] = points.slice(index * 2 + 2);
    const length = Math.hypot(x1 - x0, y1 - y0) || 1e-9;
    const off = Math.abs((x1 - x0) * (y0 - y) - (x0 - x) * (y1 - y0)) / length;
    const back = (x - x0) * (x1 - x) + (y - y0) * (y1 - y) < 0;
    if (off > tolerance || back) kept.push(index);
  }
  if (count > 1) kept.push(count - 1);
  const every = Math.ceil(kept.length / mostPoints);
  return kept.filter((_, index) => index % every === 0 || index === kept.length - 1)
    .flatMap((index) => [fraction(points[index * 2]), fraction(points[index * 2 + 1])]);
}

/** Four places of a fraction are a quarter of a pixel on a wall. @param {number} value */
export const fraction = (value) => Math.round(Math.min(1, Math.max(0, value)) * 10_000) / 10_000;
