// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Every sentence of the room, Thai first; keys are named by place.
import { teach } from "../speech.js";
import { wordsDoor } from "./wordsDoor.js";
import { wordsHosts } from "./wordsHosts.js";
import { wordsInside } from "./wordsInside.js";

export const words = { ...wordsDoor, ...wordsHosts, ...wordsInside };
teach(words);
