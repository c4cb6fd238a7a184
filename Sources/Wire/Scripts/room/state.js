// SPDX-License-Identifier: Apache-2.0
// @ts-check
// What is known of the meeting, and how each event changes it. Nothing here knows a page or a clock.

/** @typedef {"host" | "cohost" | "speaker" | "listener"} Role */
/** @typedef {"camera" | "screen" | "microphone" | "screenSound"} Kind */
/**
 * @typedef {object} Person
 * @property {string} id
 * @property {string} name
 * @property {Role} role
 * @property {boolean} identified
 * @property {boolean} inside
 * @property {number | null} hand since when it is up, in milliseconds since 1970
 * @property {boolean} microphone
 * @property {boolean} camera
 * @property {boolean} screen
 * @property {boolean} hardMuted
 * @property {string[]} [hardMutes]
 * @property {boolean} [device] an encoder, no person
 * @property {boolean} away
 * @property {number | null} [group]
 */
/** @typedef {{number: number, from: string, name: string, to: string | null, text: string, at: number, hidden: boolean,
 *   standing?: "shown" | "waiting" | "answered",
 *   file?: {id: string, name: string, bytes: number}}} Message */
/** @typedef {{id: string, color: string, width: number, points: number[], kind: string, text?: string}} Stroke */
/** @typedef {{poll: string, question: string, choices: string[], secret: boolean, formal: boolean, quorum?: number,
 *   isOpen: boolean, by?: string, counts?: number[], cast?: number, eligible?: number, hasQuorum?: boolean, hasVoted?: boolean,
 *   yours?: number, ballots?: {name: string, choice: number}[]}} Poll */
/** @typedef {{deck: string, page: number, pages: number, by: string, name?: string}} Slides */
/** @typedef {{mid: string, person: string | null, kind: Kind, layer: string | null, height: number, reason: string}} Slot */
/** @typedef {{person: string | null, name: string, text: string, final: boolean}} Caption */
/** @typedef {{title: string, locked: boolean, lobby: string, mayUnmute: boolean, mayShare: boolean, mayChat: boolean,
 *   webinar: boolean, endsAt?: number | null, mayDraw?: boolean, mayRecord?: boolean, mayAir?: boolean, agenda?: string[]}} Rules */
/** @typedef {{estimate: number, roundTrip: number, loss: number, advice?: {th: string, en: string}}} Line */

/**
 * @typedef {object} State
 * @property {{id: string, role: Role, inside: boolean, consent?: {th: string, en: string}}} you
 * @property {Rules} room
 * @property {Record<string, Person>} people those inside, by what they are called here
 * @property {Person[]} lobby those who wait; only hosts know
 * @property {{queue: {person: string, since: number}[], floor: {person: string, until?: number} | null}} hands
 * @property {Message[]} chat
 * @property {Poll[]} polls
 * @property {Slides | null} slides
 * @property {Record<string, Stroke[]>} board by surface
 * @property {Caption[]} captions
 * @property {string | null} speaker
 * @property {string | null} spotlight
 * @property {Record<string, Slot>} slots by section
 * @property {Record<string, string[]>} wanted which encodings somebody needs, by section
 * @property {{isOn: boolean, since?: number}} recording
 * @property {{isOn: boolean, layout?: string}} air
 * @property {{free: boolean, groups: {id: number, name: string, people: string[]}[]} | null} groups
 * @property {Line | null} line
 * @property {{id: string, name: string, pages: number, by: string}[]} decks slides that were brought
 * @property {string} ended why it is over; empty while it goes on
 * @property {{th: string, en: string} | null} farewell
 * @property {string} evaluation where people say how it was
 */

const longestChat = 500;
const longestBoard = 4_000;

/** @returns {State} */
export function nothing() {
  return {
    you: { id: "", role: "speaker", inside: false },
    room: { title: "", locked: false, lobby: "off", mayUnmute: true, mayShare: true, mayChat: true, webinar: false,
      endsAt: null },
    people: {}, lobby: [], hands: { queue: [], floor: null }, chat: [], polls: [], slides: null, board: {},
      captions: [],
    speaker: null, spotlight: null, slots: {}, wanted: {}, recording: { isOn: false }, air: { isOn: false },
      groups: null,
    line: null, decks: [], ended: "", farewell: null, evaluation: "",
  };
}

/**
 * @param {State} state
 * @param {any} event what the server said, with its `kind`
 * @returns {State} another one when something changed
 */
export function reduce(state, event) {
  return (changes[event?.kind] ?? same)(state, event);
}

const same = (/** @type {State} */ state) => state;

/** @type {Record<string, (state: State, event: any) => State>} */
const changes = {
  state: (state, event) => whole(state, event),
  person: (state, { person }) => {
    const you = person.id === state.you.id ? { ...state.you, role: person.role, inside: person.inside } : state.you;
    const people = { ...state.people };
    // What is nil is left out: so nothing of what was is kept.
    if (person.inside) people[person.id] = person;
    else delete people[person.id];
    return { ...state, you, people };
  },
  consent: (state, { th, en }) => ({ ...state, you: { ...state.you, consent: th ? { th, en } : undefined } }),
  left: (state, { person }) => {
    const people = { ...state.people };
    delete people[person];
    const queue = state.hands.queue.filter((one) => one.person !== person);
    return { ...state, people, hands: { ...state.hands, queue },
      lobby: state.lobby.filter((one) => one.id !== person) };
  },
  room: (state, event) => ({ ...state, room: { ...state.room, ...without(event) } }),
  lobby: (state, { people }) => ({ ...state, lobby: people }),
  hands: (state, { queue, floor }) => ({ ...state, hands: { queue, floor: floor ?? null } }),
  chat: (state, { message }) => ({ ...state, chat: told(state.chat, message) }),
  poll: (state, { poll }) => {
    const known = state.polls.find((one) => one.poll === poll.poll);
    const one = { ...known, ...poll };
    return { ...state, polls: known ? state.polls.map((old) => (old === known ? one : old)) : [...state.polls, one] };
  },
  slides: (state, event) => ({ ...state, slides: event.slides === null || !event.deck ? null : without(event) }),
  decks: (state, { decks }) => ({ ...state, decks }),
  board: (state, { surface, strokes, whole: isWhole }) => {
    const known = isWhole ? [] : state.board[surface] ?? [];
    const names = new Set(strokes.map((/** @type {Stroke} */ one) => one.id));
    const drawn = [...known.filter((one) => !names.has(one.id)), ...strokes].slice(-longestBoard);
    return { ...state, board: { ...state.board, [surface]: drawn } };
  },
  boardUndo: (state, { surface, id }) => {
    const left = (state.board[surface] ?? []).filter((one) => one.id !== id);
    return { ...state, board: { ...state.board, [surface]: left } };
  },
  boardCleared: (state, { surface }) => ({ ...state, board: { ...state.board, [surface]: [] } }),
  caption: (state, event) => ({ ...state, captions: captioned(state.captions, without(event)) }),
  speaker: (state, { person }) => ({ ...state, speaker: person ?? null }),
  spotlight: (state, { person }) => ({ ...state, spotlight: person ?? null }),
  slots: (state, { slots }) => ({
    ...state, slots: { ...state.slots, ...Object.fromEntries(slots.map((/** @type {Slot} */ one) => [one.mid, one])) },
  }),
  wanted: (state, { tracks }) => ({
    ...state,
    wanted: { ...state.wanted, ...Object.fromEntries(tracks.map((/** @type {any} */ one) => [one.mid, one.rids])) },
  }),
  line: (state, event) => ({ ...state, line: without(event) }),
  recording: (state, event) => ({ ...state, recording: without(event) }),
  air: (state, event) => ({ ...state, air: without(event) }),
  groups: (state, event) => ({ ...state, groups: opened(event) }),
  ended: (state, { why, th, en, evaluation }) => ({
    ...state, ended: why || "over", farewell: th ? { th, en } : null, evaluation: evaluation ?? "",
  }),
};

/**
 * Everything anew, as it comes first and after a long absence.
 * @param {State} state
 * @param {any} event
 * @returns {State}
 */
function whole(state, event) {
  const fresh = nothing();
  /** @type {any} */
  const next = { ...fresh };
  for (const name of /** @type {(keyof State)[]} */ (Object.keys(fresh))) {
    if (event[name] !== undefined && event[name] !== null) next[name] = event[name];
  }
  next.room = { ...fresh.room, ...event.room };
  next.people = Array.isArray(event.people)
    ? Object.fromEntries(event.people.map((/** @type {Person} */ one) => [one.id, one])) : event.people ?? {};
  next.board = Array.isArray(event.board)
    ? Object.fromEntries(event.board.map((/** @type {any} */ one) => [one.surface, one.strokes])) : event.board ?? {};
  next.groups = opened(event.groups);
  // What sections carry is told apart from this, and goes on.
  return { ...next, slots: state.slots, wanted: state.wanted, line: state.line };
}

/** @param {any} event */
const opened = (event) => (event?.isOpen !== false && event?.groups?.length
  ? { free: event.free === true, groups: event.groups } : null);

/** @param {any} event */
function without({ kind, ...rest }) { return rest; }

/**
 * @param {Message[]} chat
 * @param {Message} message
 */
function told(chat, message) {
  const next = chat.filter((one) => one.number !== message.number);
  next.push(message);
  next.sort((one, two) => one.number - two.number);
  return next.slice(-longestChat);
}

/**
 * A sentence that is still being written is written over.
 * @param {Caption[]} captions
 * @param {Caption} caption
 */
function captioned(captions, caption) {
  const last = captions.findLastIndex((one) => one.person === caption.person && !one.final);
  const next = last < 0 ? [...captions] : captions.toSpliced(last, 1);
  next.push(caption);
  return next.slice(-20);
}

// What follows from it

/** @param {State} state */
export const isHost = ({ you }) => you.role === "host" || you.role === "cohost";
/** @param {State} state */
export const mayShow = (state) => isHost(state) || state.you.role === "speaker";
/** @param {State} state */
export const myself = (state) => state.people[state.you.id] ?? null;

/**
 * Everybody whom one sees and hears: those of one's own group.
 * @param {State} state
 */
export function together(state) {
  const mine = myself(state)?.group ?? null;
  return Object.values(state.people).filter((one) => one.inside && (one.group ?? null) === mine);
}

/**
 * People in the order of a list: oneself, hosts, raised hands, who speaks, then by name.
 * @param {State} state
 * @param {string} locale
 */
export function roll(state, locale) {
  const rank = (/** @type {Person} */ one) => (one.id === state.you.id ? 0 : one.role === "host" ? 1
    : one.role === "cohost" ? 2 : one.hand ? 3 : one.role === "speaker" ? 4 : 5);
  return Object.values(state.people).filter((one) => one.inside).sort((one, two) =>
    rank(one) - rank(two) || (one.hand ?? 0) - (two.hand ?? 0) || one.name.localeCompare(two.name, locale));
}

/**
 * Whether a formal vote has enough voters.
 * @param {Poll} poll
 */
export const isQuorate = (poll) => poll.hasQuorum ?? (!poll.quorum || (poll.cast ?? 0) >= poll.quorum);
