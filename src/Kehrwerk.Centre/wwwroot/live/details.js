// The panel of the selected vehicle.

import { activityText, clockText, errorText, kmh, linkText, mission, percent, setText, shownText, t, timeOfDay } from "./texts.js";

export class Details {
  #panel;
  #clock;
  #view;

  onClose;

  constructor(panel, clock) {
    this.#panel = panel;
    this.#clock = clock;
    panel.querySelector("#details-close").addEventListener("click", () => this.onClose());
  }

  show(view) {
    this.#view = view;
    this.#panel.hidden = !view;
    if (!view) {
      return;
    }

    this.#set("name", view.name);
    this.#set("activity", activityText(view));
    this.#set("street", view.street || t("Details.NoStreet"));
    this.#set("speed", kmh(view.speedMps));
    this.#set("link", view.linkSince === null ? linkText(view) : t("Link.Since", linkText(view), timeOfDay(view.linkSince)));
    this.#set("clock", clockText(view));
    this.#set("battery", percent(view.battery));
    this.#set("hopper", percent(view.hopper));
    this.#set("water", percent(view.water));
    this.#set("mission", mission(view));
    this.#set("shown", shownText(view.shown));
    this.#set("errors", view.errors.map(errorText).join("; ") || t("Details.NoErrors"));
    this.#panel.dataset.attention = view.attention;
    this.tick();
  }

  tick() {
    if (this.#view) {
      this.#set("age", this.#clock.ageText(this.#view));
      this.#panel.classList.toggle("is-stale", this.#clock.isStale(this.#view));
    }
  }

  #set(field, text) {
    setText(this.#panel.querySelector(`[data-field=${field}]`), text);
  }
}
