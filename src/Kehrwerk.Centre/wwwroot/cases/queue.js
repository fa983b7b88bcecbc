// The list of open cases.

import { arrange } from "../live/order.js";
import { byId, setAttribute, setText, t } from "../live/texts.js";
import { cause, clockText, compare, levelText, stateLine, title, where } from "./words.js";

/** While a pointer was active over the list this recently, cases do not change places under it. */
const holdMs = 4000;

export class CaseQueue {
  #list = byId("case-list");
  #template = byId("case-template");
  #items = new Map();
  #clock;
  #me;
  #heldUntil = 0;

  onSelect;

  constructor(clock, me) {
    this.#clock = clock;
    this.#me = me;
    this.#list.addEventListener("click", event => {
      const item = event.target.closest("[data-case]");
      if (item) {
        this.onSelect(Number(item.dataset.case));
      }
    });
    this.#list.addEventListener("pointermove", () => (this.#heldUntil = performance.now() + holdMs));
    this.#list.addEventListener("pointerleave", () => (this.#heldUntil = 0));
  }

  update(view) {
    let item = this.#items.get(view.id)?.item;
    if (!item) {
      item = this.#template.content.firstElementChild.cloneNode(true);
      item.dataset.case = view.id;
      this.#list.append(item);
    }

    this.#items.set(view.id, { item, view });
    for (const name of ["kind", "priority", "state", "class"]) {
      setAttribute(item, `data-${name}`, view[name]);
    }

    setAttribute(item, "data-level", String(view.level));
    setAttribute(item, "data-mine", String(view.owner === this.#me));
    set(item, "class", view.class);
    set(item, "priority", `${view.class}, ${t(`Priority.${view.priority}`)}: `);
    set(item, "title", title(view));
    set(item, "where", where(view));
    set(item, "cause", cause(view));
    set(item, "state", stateLine(view, this.#me));
    set(item, "level", levelText(view));
  }

  remove(id) {
    this.#items.get(id)?.item.remove();
    this.#items.delete(id);
  }

  select(id, focus) {
    for (const [key, { item }] of this.#items) {
      item.classList.toggle("is-selected", key === id);
      const button = item.querySelector("button");
      setAttribute(button, "aria-pressed", String(key === id));
      if (key === id && focus) {
        button.focus();
        item.scrollIntoView({ block: "nearest" });
      }
    }
  }

  /** The case that stands a step further; the first or last where none is chosen; null where there is none. */
  neighbour(id, step) {
    const ids = [...this.#list.children].map(item => Number(item.dataset.case));
    const at = ids.indexOf(id);
    return at < 0 ? (ids.at(step > 0 ? 0 : -1) ?? null) : ids[Math.min(ids.length - 1, Math.max(0, at + step))];
  }

  tick() {
    const now = this.#clock.now();
    for (const { item, view } of this.#items.values()) {
      set(item, "clock", clockText(view, now));
      item.classList.toggle("is-due", view.due !== null && view.due - now < 15_000);
    }

    byId("no-cases").hidden = this.#items.size > 0;
    const views = [...this.#items.values()].map(i => i.view);
    setText(byId("cases-summary"), t("Cases.Summary", views.length, views.filter(v => v.owner === null && v.state !== "Shelved").length));
    if (performance.now() > this.#heldUntil) {
      arrange(this.#list, [...this.#items.values()].sort((a, b) => compare(a.view, b.view)).map(i => i.item));
    }
  }
}

const set = (item, field, text) => setText(item.querySelector(`[data-field=${field}]`), text);
