// The cases of a page: queue, chosen case, announcements and keys, fed by the page's stream.

import { announce, byId, t } from "../live/texts.js";
import { CasePanel } from "./panel.js";
import { CaseQueue } from "./queue.js";
import { CaseTeller } from "./teller.js";
import { compare, timeOfDay } from "./words.js";

const steps = { "case.seen": "Acknowledge", "case.take": "Take", "case.handOver": "HandOver", "case.shelve": "Shelve", "case.close": "Close" };

export class CaseBoard {
  #views = new Map();
  #queue;
  #panel;
  #teller = new CaseTeller();
  #selected = null;
  #hasPicture = false;

  /** Called with each case that was closed. */
  onClosed = null;

  /** Called with the chosen case or null. */
  onSelect = null;

  /** @param isAtRisk whether a vehicle stands in the minimal risk condition; @param showVehicle shows a vehicle, null where the page has none */
  constructor(clock, { isAtRisk, showVehicle = null, investigate = null }) {
    const me = byId("cases").dataset.me;
    this.#queue = new CaseQueue(clock, me);
    this.#panel = new CasePanel(clock, me, isAtRisk, form => this.#send(form));
    this.#queue.onSelect = id => (id === this.#selected ? this.#panel.focus() : this.select(id, { focus: true }));
    this.#panel.onHide = () => this.hide();
    this.#panel.onVehicle = showVehicle;
    this.#panel.onInvestigate = investigate;
    this.#listenToReports();
  }

  take(changed, isSnapshot) {
    const before = new Map(this.#views);
    if (isSnapshot) {
      const open = new Set(changed.map(view => view.id));
      [...this.#views.keys()].filter(id => !open.has(id)).forEach(id => this.#remove(id));
    }

    for (const view of changed) {
      if (view.state === "Closed") {
        this.#remove(view.id);
        this.onClosed?.(view);
      } else {
        this.#views.set(view.id, view);
        this.#queue.update(view);
      }
    }

    this.#panel.show(this.#views.get(this.#selected) ?? null);
    // What is there when a page opens is on the page; only what comes then is told.
    const news = changed.filter(view => view.state !== "Closed" && view.owner === null && (!before.has(view.id) || before.get(view.id).level < view.level));
    if (news.length > 0 && this.#hasPicture) {
      this.#teller.tell(news);
    }

    this.#hasPicture = true;
  }

  tick() {
    this.#queue.tick();
    this.#panel.tick();
  }

  select(id, { focus = false } = {}) {
    this.#selected = id;
    this.#queue.select(id, false);
    this.#panel.show(this.#views.get(id) ?? null);
    this.onSelect?.(this.#views.get(id) ?? null);
    if (focus && id !== null) {
      this.#panel.focus();
    }
  }

  /** Hides the chosen case; false where none is. */
  hide() {
    if (this.#selected === null) {
      return false;
    }

    const id = this.#selected;
    this.select(null);
    this.#queue.select(id, true);
    this.#queue.select(null, false);
    return true;
  }

  /** @param show shows the manoeuvre that a vehicle asks for */
  set onManoeuvre(show) {
    this.#panel.onManoeuvre = show;
  }

  /** Open cases, the most urgent first. */
  get open() {
    return [...this.#views.values()].sort(compare);
  }

  /** What the commands of cases do, by their ids. */
  get actions() {
    return {
      "case.next": () => this.#move(1),
      "case.previous": () => this.#move(-1),
      "case.report": () => byId("case-report").click(),
      "case.mute": () => this.#teller.toggleMute(),
      ...Object.fromEntries(Object.entries(steps).map(([id, step]) => [id, () => (this.#panel.isOpen ? this.#panel.press(step) : announce(t("Cases.Pick")))])),
    };
  }

  /** What a digit does: it chooses a proposal of the case that is open. */
  actionOf(event) {
    return this.#panel.isOpen && !event.shiftKey && /^[1-9]$/.test(event.key) ? () => this.#panel.press("Decide", Number(event.key)) : null;
  }

  #move(step) {
    const id = this.#queue.neighbour(this.#selected, step);
    if (id === null) {
      announce(t("Cases.None"));
    } else {
      this.select(id, { focus: true });
    }
  }

  #remove(id) {
    this.#views.delete(id);
    this.#queue.remove(id);
    if (id === this.#selected) {
      const hadFocus = byId("case").contains(document.activeElement);
      this.select(null);
      if (hadFocus) {
        byId("cases").focus();
      }
    }
  }

  /** Sends a step; null where it was taken, else why not, in words. */
  async #send(form) {
    try {
      const response = await fetch("/cases/steps", { method: "POST", body: form, headers: { Accept: "application/json" }, redirect: "manual" });
      if (response.ok) {
        const view = await response.json();
        announce(t("Cases.Done", view.id, t(`State.${view.state}`)));
        this.take([view], false);
        return null;
      }

      if (response.type === "opaqueredirect" || response.status === 401) {
        return t("Command.SignedOut");
      }

      const problem = await response.json();
      if (problem.case) {
        this.take([problem.case], false);
      }

      return problem.code ? t(`Refused.${problem.code}`, problem.who ?? "", problem.at ? timeOfDay(problem.at) : "")
        : response.status === 502 ? t("Cases.NotCarriedOut")
        : problem.detail ?? t("Cases.Failed");
    } catch (error) {
      console.error(error);
      return t("Cases.Failed");
    }
  }

  #listenToReports() {
    const dialog = byId("report");
    const form = byId("report-form");
    byId("case-report").addEventListener("click", () => {
      byId("report-failed").textContent = "";
      dialog.showModal();
    });
    form.addEventListener("submit", async event => {
      event.preventDefault();
      const refusal = await this.#send(new FormData(form));
      if (refusal === null) {
        form.reset();
        dialog.close();
      } else {
        byId("report-failed").textContent = refusal;
      }
    });
  }
}
