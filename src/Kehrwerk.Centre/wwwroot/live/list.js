// The list of vehicles. Cards made by the server are taken over, new ones come from the template.

import { rank } from "../../Kehrwerk.Web/map/signs.js";
import { arrange } from "./order.js";
import { activityText, errorText, linkText, mission, percent, qualityText, setAttribute, setText, t } from "./texts.js";

/** While a pointer was active over the list this recently, cards do not change places under it. */
const holdMs = 4000;

const lowBattery = 20;
const lowWater = 10;
const fullHopper = 90;

export class VehicleList {
  #list;
  #template;
  #clock;
  #cards = new Map();
  #heldUntil = 0;

  onSelect;
  onRelease;

  constructor(list, template, clock) {
    this.#list = list;
    this.#template = template;
    this.#clock = clock;
    for (const item of list.children) {
      this.#cards.set(item.dataset.vehicle, { item, view: null });
    }

    list.addEventListener("click", event => {
      const action = event.target.closest("[data-action]")?.dataset.action;
      const id = event.target.closest("[data-vehicle]")?.dataset.vehicle;
      if (action === "select") {
        this.onSelect(id);
      } else if (action === "release") {
        this.onRelease(id);
      }
    });
    list.addEventListener("pointermove", () => (this.#heldUntil = performance.now() + holdMs));
    list.addEventListener("pointerdown", () => (this.#heldUntil = performance.now() + holdMs));
    list.addEventListener("pointerleave", () => (this.#heldUntil = 0));
  }

  update(view) {
    let card = this.#cards.get(view.id);
    if (!card) {
      card = { item: this.#template.content.firstElementChild.cloneNode(true) };
      card.item.dataset.vehicle = view.id;
      card.item.querySelector("[name=vehicle]").value = view.id;
      this.#list.append(card.item);
      this.#cards.set(view.id, card);
    }

    card.view = view;
    fill(card.item, view);
    this.#age(card);
  }

  remove(id) {
    this.#cards.get(id)?.item.remove();
    this.#cards.delete(id);
  }

  select(id, focus) {
    for (const [key, { item }] of this.#cards) {
      const isIt = key === id;
      item.classList.toggle("is-selected", isIt);
      const name = item.querySelector("[data-action=select]");
      name.setAttribute("aria-pressed", String(isIt));
      if (isIt && focus) {
        name.focus();
        item.scrollIntoView({ block: "nearest" });
      }
    }
  }

  /** The id that stands a step further in the list; the first or last where none is selected. */
  neighbour(id, step) {
    const ids = [...this.#list.children].map(item => item.dataset.vehicle);
    const at = ids.indexOf(id);
    return at < 0 ? (ids.at(step > 0 ? 0 : -1) ?? null) : ids[Math.min(ids.length - 1, Math.max(0, at + step))];
  }

  /** Whether a card has such a button to be pressed now, and the person may. */
  offers(id, action) {
    const button = this.#cards.get(id)?.item.querySelector(`[data-action=${action}]`);
    return Boolean(button) && !button.hidden && !button.disabled && getComputedStyle(button).display !== "none";
  }

  /** Presses a button of a card as a person would; false where it has none such or it is not to be pressed now. */
  press(id, action) {
    const button = this.#cards.get(id)?.item.querySelector(`[data-action=${action}]`);
    if (!button || button.hidden || button.disabled) {
      return false;
    }

    button.click();
    return true;
  }

  /** Shows what became of an order, on the card it went to. */
  notice(id, text) {
    const place = this.#cards.get(id)?.item.querySelector("[data-field=notice]");
    if (place) {
      place.hidden = text === null;
      setText(place, text ?? "");
    }
  }

  tick() {
    for (const card of this.#cards.values()) {
      if (card.view) {
        this.#age(card);
      }
    }

    if (performance.now() > this.#heldUntil) {
      this.#sort();
    }
  }

  #age({ item, view }) {
    setText(item.querySelector("[data-field=age]"), this.#clock.ageText(view));
    const stale = this.#clock.isStale(view);
    item.classList.toggle("is-stale", stale);
    setAttribute(item.querySelector("[data-field=sign]"), "href", `#sign-${stale && !isAlarm(view) ? "lost" : view.sign}`);
  }

  /** Most urgent first. */
  #sort() {
    arrange(this.#list, [...this.#cards.values()].filter(c => c.view).sort((a, b) => rank(a.view) - rank(b.view) || (a.view.id < b.view.id ? -1 : 1)).map(c => c.item));
  }
}

const isAlarm = view => view.sign === "fault" || view.sign === "stopped";

function fill(item, view) {
  const field = name => item.querySelector(`[data-field=${name}]`);
  setAttribute(item, "data-attention", view.attention);
  setAttribute(item, "data-activity", view.activity);
  setText(field("name"), view.name);
  setText(field("activity"), activityText(view));
  setText(field("street"), view.street);
  setAttribute(field("quality"), "data-grade", view.quality?.grade ?? "None");
  setText(field("quality").querySelector(".quality__text"), `${t("Quality")}: ${qualityText(view)}`);
  setText(field("link"), view.link === "Connected" ? "" : linkText(view));
  level(field("battery"), view.battery, view.battery < lowBattery ? t("Level.Low") : null);
  level(field("hopper"), view.hopper, view.hopper > fullHopper ? t("Level.High") : null);
  level(field("water"), view.water, view.water < lowWater ? t("Level.Low") : null);
  const meter = field("mission").querySelector("meter");
  setAttribute(meter, "max", String(Math.max(1, view.kerbsPlanned)));
  setAttribute(meter, "value", String(view.kerbsSwept));
  setAttribute(meter, "aria-valuetext", mission(view));
  setText(field("mission").querySelector(".level__text"), view.kerbsPlanned === 0 ? mission(view) : t("Mission.Short", view.kerbsSwept, view.kerbsPlanned));
  errors(field("errors"), view.errors.map(errorText));
  buttons(item, view);
}

function level(element, value, warning) {
  const meter = element.querySelector("meter");
  setAttribute(meter, "value", String(Math.round(value)));
  setAttribute(meter, "aria-valuetext", warning ? `${percent(value)}, ${warning}` : percent(value));
  setText(element.querySelector(".level__text"), warning ? `! ${percent(value)}` : percent(value));
  element.classList.toggle("is-low", warning !== null);
}

function errors(element, texts) {
  element.hidden = texts.length === 0;
  if (texts.join("\n") !== [...element.children].map(c => c.textContent).join("\n")) {
    element.replaceChildren(...texts.map(text => Object.assign(document.createElement("li"), { textContent: text })));
  }
}

function buttons(item, view) {
  const button = action => item.querySelector(`[data-action=${action}]`);
  const stopped = view.activity === "Deactivated";
  const kind = view.activity === "Paused" ? "Resume" : "Pause";
  const pause = button("pause");
  setAttribute(pause, "value", kind);
  setText(pause, t(`Act.${kind}`));
  setAttribute(pause, "aria-label", t(`Act.${kind}Of`, view.name));
  pause.disabled = stopped;
  const hadFocus = document.activeElement === button("stop") || document.activeElement === button("release");
  button("stop").hidden = stopped;
  button("release").hidden = !stopped;
  setAttribute(button("stop"), "aria-label", t("Act.StopOf", view.name));
  setAttribute(button("release"), "aria-label", t("Act.ReleaseOf", view.name));
  if (hadFocus && !item.contains(document.activeElement)) {
    button("select").focus();
  }
}
