// The panel of the selected vehicle on the levels vehicle, detail and diagnosis.

import { title } from "../cases/words.js";
import { DetailLevel } from "./detail.js";
import { DiagnosisLevel } from "./diagnosis.js";
import { pathOf } from "./levels.js";
import { ManoeuvreLevel } from "./manoeuvre.js";
import { activityText, byId, clockText, errorText, kmh, linkText, mission, number, percent, qualityText, saidText, setAttribute, setText, shownText, t, timeOfDay } from "./texts.js";

/** How often the level asks for what the stream does not bring. */
const everyMs = { vehicle: 1000, manoeuvre: 500, detail: 2000, diagnosis: 1000 };

export class Details {
  #panel;
  #clock;
  #view;
  #level = "vehicle";
  #detail;
  #diagnosis;
  #askedAt = -Infinity;
  #isAsking = false;

  onClose;
  onLevel;
  onCase;
  manoeuvre;

  /** Called with what the vehicle itself shows of its path. */
  onPath;

  constructor(panel, clock) {
    this.#panel = panel;
    this.#clock = clock;
    this.#detail = new DetailLevel(clock);
    this.manoeuvre = new ManoeuvreLevel(clock);
    this.#diagnosis = byId("level-diagnosis") ? new DiagnosisLevel() : null;
    panel.querySelector("#details-close").addEventListener("click", () => this.onClose());
    byId("levels").addEventListener("click", event => {
      const link = event.target.closest("a");
      if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
        event.preventDefault();
        this.onLevel(link.dataset.to);
      }
    });
    byId("vehicle-cases").addEventListener("click", event => {
      const button = event.target.closest("button");
      if (button) {
        this.onCase(Number(button.dataset.case));
      }
    });
  }

  get levels() {
    return [...byId("levels").querySelectorAll("a:not([hidden])")].map(link => link.dataset.to);
  }

  focus() {
    byId("details-title").focus();
  }

  /** @param level one of `levels` but for the overview */
  show(view, level = this.#level) {
    const isOther = view?.id !== this.#view?.id || level !== this.#level;
    this.#view = view;
    this.#level = level;
    this.#panel.hidden = !view;
    if (!view) {
      return;
    }

    if (isOther) {
      this.#askedAt = -Infinity;
      this.#turn();
    }

    this.#set("name", view.name);
    this.#set("activity", activityText(view));
    this.#set("street", view.street || t("Details.NoStreet"));
    this.#set("speed", kmh(view.speedMps));
    this.#set("link", view.linkSince === null ? linkText(view) : t("Link.Since", linkText(view), timeOfDay(view.linkSince)));
    this.#set("quality", qualityText(view));
    this.#set("clock", clockText(view));
    this.#set("battery", percent(view.battery));
    this.#set("hopper", percent(view.hopper));
    this.#set("water", percent(view.water));
    this.#set("mission", mission(view));
    this.#set("way", view.path.length > 1 ? t("Level.WayM", number(lengthM(view.path))) : t("Level.WayNone"));
    this.#set("shown", shownText(view.shown));
    this.#set("said", saidText(view));
    this.#set("errors", view.errors.map(errorText).join("; ") || t("Details.NoErrors"));
    this.#panel.dataset.attention = view.attention;
    this.tick();
  }

  /** @param cases open cases, the most urgent first */
  showCases(cases) {
    const list = byId("vehicle-cases");
    const own = cases.filter(view => view.vehicle === this.#view?.id);
    const key = own.map(view => `${view.id} ${view.version}`).join();
    if (list.dataset.key === key && list.childElementCount > 0) {
      return;
    }

    list.dataset.key = key;
    list.replaceChildren(...(own.length === 0 ? [Object.assign(document.createElement("li"), { textContent: t("Level.NoCases") })] : own.map(caseItem)));
  }

  tick() {
    if (!this.#view) {
      return;
    }

    this.#set("age", this.#clock.ageText(this.#view));
    this.#panel.classList.toggle("is-stale", this.#clock.isStale(this.#view));
    if (!this.#isAsking && performance.now() - this.#askedAt > everyMs[this.#level]) {
      this.#ask();
    }
  }

  #turn() {
    this.#panel.dataset.level = this.#level;
    for (const part of this.#panel.querySelectorAll("[data-at]")) {
      part.hidden = part.dataset.at !== this.#level;
    }

    this.#offerManoeuvre(false);
    for (const link of byId("levels").querySelectorAll("a")) {
      setAttribute(link, "href", pathOf(this.#view.id, link.dataset.to));
      link.dataset.to === this.#level ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current");
    }
  }

  /** The level is there while there is something to see on it. */
  #offerManoeuvre(isThere) {
    byId("levels").querySelector("[data-to=manoeuvre]").hidden = !isThere && this.#level !== "manoeuvre";
  }

  /** Asks for what only this level shows. What comes too late, for another vehicle, is not shown. */
  async #ask() {
    const { id } = this.#view;
    const level = this.#level;
    this.#isAsking = true;
    this.#askedAt = performance.now();
    const base = `/api/vehicles/${id.split("/").map(encodeURIComponent).join("/")}`;
    try {
      const [detail, messages] = await Promise.all([
        get(`${base}${level === "detail" ? "?levels=true" : ""}`),
        level === "diagnosis" ? get(`${base}/messages`) : null,
      ]);
      if (this.#view?.id === id && this.#level === level) {
        this.onPath(id, detail.planned);
        this.#set("own", detail.planned.length > 1 ? t("Level.OwnPath", number(lengthM(detail.planned))) : t("Level.OwnNone"));
        this.#offerManoeuvre(detail.manoeuvres.length > 0);
        if (level === "manoeuvre") {
          this.manoeuvre.show(id, detail);
        } else if (level === "detail") {
          this.#detail.show(detail);
        } else if (level === "diagnosis") {
          this.#diagnosis?.show(detail.link, messages);
        }
      }
    } catch (error) {
      console.error(error);
      if (this.#view?.id === id) {
        this.onPath(id, []);
        this.#detail.fail();
      }
    } finally {
      this.#isAsking = false;
    }
  }

  #set(field, text) {
    setText(this.#panel.querySelector(`[data-field=${field}]`), text);
  }
}

async function get(path) {
  const response = await fetch(path, { headers: { Accept: "application/json" }, redirect: "manual" });
  if (!response.ok) {
    throw new Error(`${path}: ${response.status}`);
  }

  return response.json();
}

function caseItem(view) {
  const item = document.createElement("li");
  const button = Object.assign(document.createElement("button"), { type: "button", className: "details__case", textContent: `${view.class} ${title(view)}, ${t(`State.${view.state}`)}` });
  button.dataset.case = view.id;
  item.append(button);
  return item;
}

const degreeM = 111_195;

/** Metres of a line of longitudes and latitudes, near enough for a city. */
function lengthM(path) {
  let sum = 0;
  for (let i = 1; i < path.length; i++) {
    const [a, b] = [path[i - 1], path[i]];
    sum += Math.hypot((b[0] - a[0]) * Math.cos((a[1] * Math.PI) / 180), b[1] - a[1]);
  }

  return sum * degreeM;
}
