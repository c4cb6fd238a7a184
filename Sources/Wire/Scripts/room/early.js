// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Whoever reloads the page sees again as soon as can be: the call down begins while the rest of it is still on its way.
import { Doors } from "./doors.js";
import { Down } from "./down.js";
import { seatOf } from "./seat.js";

const name = decodeURIComponent(location.pathname.split("/")[2] ?? "");
const { token, ice = [], limits, you } = seatOf(name);
/** @type {Down | null} */
let down = null;
if (token && limits && you?.inside) {
  const doors = new Doors(name);
  doors.token = token;
  down = new Down(doors, ice, limits);
  down.call.open();
}

/** When that call is on its way: what the page does before that only delays it. */
export const offered = down?.call.offered ?? Promise.resolve();

/** The call that has begun, for whoever goes on with it; nil when there is none. */
export function takeEarly() {
  const taken = down;
  down = null;
  return taken;
}
