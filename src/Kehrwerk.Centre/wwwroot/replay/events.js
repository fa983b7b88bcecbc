// Cases and commands of the hour that is shown: on the time line, and as a list beside it that says the same in words. Kerbs turn swept when they were.

import { announce, byId, isText, language, t } from "../live/texts.js";

export const hourMs = 3_600_000;
const namespace = "http://www.w3.org/2000/svg";
const clockTime = new Intl.DateTimeFormat(language, { timeStyle: "medium" });

export class ReplayEvents {
  #hour = null;
  #events = [];
  #kerbs = { planned: [], swept: [] };
  #shownSwept = -1;
  #goTo;
  #map;

  constructor(goTo, map) {
    this.#goTo = goTo;
    this.#map = map;
    byId("replay-events").addEventListener("click", event => {
      const button = event.target.closest("button");
      if (button) {
        goTo(Number(button.dataset.at));
      }
    });
  }

  /** Loads the hour of a time where it is another. */
  async want(time) {
    const hour = Math.floor(time / hourMs) * hourMs;
    if (hour === this.#hour) {
      return;
    }

    this.#hour = hour;
    this.#take(hour, { events: [], planned: [], swept: [] });
    try {
      const response = await fetch(`/api/replay/events?from=${hour}&to=${hour + hourMs}`, { headers: { Accept: "application/json" }, redirect: "manual" });
      if (response.ok && hour === this.#hour) {
        this.#take(hour, await response.json());
        this.show(time);
      }
    } catch (error) {
      console.error(error);
      this.#hour = null;
    }
  }

  show(time) {
    for (const button of byId("replay-events").querySelectorAll("button")) {
      const at = Number(button.dataset.at);
      button.classList.toggle("is-past", at <= time);
      button.classList.toggle("is-now", Math.abs(at - time) < 5000);
    }

    const now = byId("replay-marks").querySelector(".now");
    if (now && this.#hour !== null) {
      const x = String((time - this.#hour) / 1000);
      now.setAttribute("x1", x);
      now.setAttribute("x2", x);
    }

    this.#showKerbs(time);
  }

  /** To the next or previous event. */
  step(time, by) {
    const event = by > 0 ? this.#events.find(one => one.at > time + 500) : this.#events.findLast(one => one.at < time - 500);
    if (event) {
      this.#goTo(event.at);
      announce(`${clockTime.format(event.at)} ${words(event)}`);
    } else {
      announce(t("Replay.NoEvents"));
    }
  }

  #take(hour, message) {
    this.#events = message.events;
    this.#kerbs = message;
    this.#shownSwept = -1;
    byId("replay-events").replaceChildren(...(message.events.length === 0 ? [Object.assign(document.createElement("li"), { textContent: t("Replay.NoEvents") })] : message.events.map(item)));
    const now = line(0, 0, 40, "now");
    byId("replay-marks").replaceChildren(...message.events.map(one => {
      const x = (one.at - hour) / 1000;
      return one.case === null ? line(x, 24, 38, "entry") : line(x, 2, 18, one.class <= "C" ? "case case--high" : "case");
    }), now);
  }

  #showKerbs(time) {
    const swept = this.#kerbs.swept.findLastIndex(([, at]) => at <= time) + 1;
    if (!this.#map || swept === this.#shownSwept) {
      return;
    }

    if (swept < this.#shownSwept || this.#shownSwept < 0) {
      this.#map.clearKerbs();
      this.#shownSwept = 0;
      this.#map.setKerbs({ none: [], planned: this.#kerbs.planned, swept: [], missed: [] });
    }

    this.#map.setKerbs({ none: [], planned: [], swept: this.#kerbs.swept.slice(this.#shownSwept, swept).map(([kerb]) => kerb), missed: [] });
    this.#shownSwept = swept;
  }
}

function item(one) {
  const entry = document.createElement("li");
  const button = Object.assign(document.createElement("button"), { type: "button", className: "replay__event" });
  button.dataset.at = one.at;
  button.append(Object.assign(document.createElement("time"), { textContent: clockTime.format(one.at) }), Object.assign(document.createElement("span"), { textContent: words(one) }));
  entry.append(button);
  return entry;
}

function words(one) {
  if (one.case !== null) {
    const place = `Place.${one.vehicle}`;
    return one.kind === "caseRaised"
      ? t("Replay.CaseRaised", one.case, t(`Kind.${one.caseKind}`), isText(place) ? t(place) : one.vehicle)
      : `${t("Replay.CaseStep", one.case, t(`Step.${one.step}`))}${one.who === "centre" ? "" : `, ${one.who}`}`;
  }

  const who = one.who === "centre" ? t("Centre") : one.who;
  return t("Replay.Entry", one.vehicle ? `${one.vehicle}, ` : "", who, `${one.kind} ${one.text}`.trim());
}

function line(x, from, to, name) {
  const made = document.createElementNS(namespace, "line");
  Object.entries({ x1: x, x2: x, y1: from, y2: to, class: name }).forEach(([key, value]) => made.setAttribute(key, value));
  return made;
}
