// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The recordings that are offered when it is over, and what a film's own page has beside the picture.
import { box, element, icon, make } from "./page.js";
import { day, say, spoken } from "./words.js";

/**
 * @param {import("./news.js").News} news
 * @param {string} name of the broadcast
 * @param {string} playing the film that plays now; empty when none does
 */
export function offerFilms(news, name, playing) {
  let drawn = "";
  const draw = () => {
    const films = news.films.filter((one) => one.file !== playing);
    const isTime = news.phase === "ended" || playing !== "";
    box("films").hidden = films.length === 0 || !isTime;
    const key = JSON.stringify([films, say("films.title")]);
    if (key === drawn) return;
    drawn = key;
    box("films-list").replaceChildren(...films.map((film) => {
      const title = film.title || (film.startedAt ? say("films.watch", day(film.startedAt)) : film.file);
      const address = new URL(location.href);
      address.search = new URLSearchParams([["film", film.file], ...ticket(address)]).toString();
      const link = make("a", { href: address.href }, icon("play"), make("span", {}, title));
      const minutes = Math.max(1, Math.round((film.milliseconds ?? 0) / 60_000));
      if (film.milliseconds) link.append(make("small", {}, say("films.minutes", minutes)));
      return make("li", {}, link);
    }));
  };
  news.addEventListener("state", draw);
  spoken.addEventListener("change", draw);
  draw();
  if (!playing) return;
  const back = element("back", HTMLAnchorElement);
  back.href = `/watch/${name}?${new URLSearchParams(ticket(new URL(location.href)))}`.replace(/\?$/, "");
  back.hidden = false;
}

/**
 * The link that let this viewer in lets it in there as well.
 * @param {URL} address
 * @returns {[string, string][]}
 */
function ticket(address) {
  const own = address.searchParams.get("ticket");
  return own ? [["ticket", own]] : [];
}
