// The chosen case: its facts, the steps that a person can take, its history.

import { announce, byId, setText, t } from "../live/texts.js";
import { ageText, byText, cause, clockText, kindLine, levelText, stateLine, stepText, timeOfDay, title, where } from "./words.js";

const confirmed = ["Release", "Grant"];

export class CasePanel {
  #panel = byId("case");
  #form = byId("case-form");
  #step = byId("case-step");
  #clock;
  #me;
  #isAtRisk;
  #send;
  #view = null;

  /** What is being filled in: { kind, action, version, opener }. */
  #open = null;

  onHide;
  onVehicle;

  /** Shows the manoeuvre that a vehicle asks for; null where the page has no map. */
  onManoeuvre = null;

  /** Asks for the investigation that the law wants; null where the page has no form for it. */
  onInvestigate = null;

  constructor(clock, me, isAtRisk, send) {
    this.#clock = clock;
    this.#me = me;
    this.#isAtRisk = isAtRisk;
    this.#send = send;
    byId("case-hide").addEventListener("click", () => this.onHide());
    byId("case-vehicle").addEventListener("click", () => this.onVehicle(this.#view.vehicle));
    byId("case-manoeuvre").addEventListener("click", () => this.onManoeuvre(this.#view.vehicle));
    byId("case-cancel").addEventListener("click", () => this.#cancel());
    this.#form.addEventListener("click", event => {
      const button = event.target.closest("[data-step]");
      if (button) {
        this.begin(button.dataset.step, button.dataset.action ?? null, button);
      }
    });
    this.#form.addEventListener("submit", event => {
      event.preventDefault();
      this.#submit();
    });
    this.#form.addEventListener("keydown", event => {
      if (event.key === "Escape" && this.#open) {
        event.stopPropagation();
        this.#cancel();
      } else if (event.key === "Enter" && event.target.tagName === "TEXTAREA" && !event.shiftKey) {
        event.preventDefault();
        this.#form.requestSubmit();
      }
    });
  }

  get isOpen() {
    return this.#view !== null;
  }

  show(view) {
    const isOther = view?.id !== this.#view?.id;
    this.#view = view ?? null;
    this.#panel.hidden = !view;
    if (isOther) {
      this.#close();
    }

    if (!view) {
      return;
    }

    this.#panel.dataset.priority = view.priority;
    this.#panel.dataset.state = view.state;
    this.#set("class", view.class);
    this.#set("title", title(view));
    this.#set("kind", kindLine(view));
    this.#set("cause", cause(view));
    this.#set("else", t(`Else.${view.kind}`));
    this.#set("where", where(view));
    this.#set("state", [stateLine(view, this.#me), levelText(view)].filter(Boolean).join(", "));
    this.#set("owner", view.owner ?? t("Cases.NoOwner"));
    this.#set("seen", view.goneAt !== null ? t("Cases.GoneAt", timeOfDay(view.goneAt)) : view.kind === "Reported" ? timeOfDay(view.lastSeenAt) : t("Cases.Holds"));
    this.#set("times", t("Cases.TimesN", view.times));
    this.#set("decision", view.decision ? t(`Action.${view.decision}`) : "–");
    byId("case-manoeuvre").hidden = view.kind !== "Request" || !view.vehicle || !this.onManoeuvre;
    byId("case-vehicle").hidden = !view.vehicle || !this.onVehicle;
    this.#showSteps(view);
    this.#showProposals(view);
    this.#showHistory(view);
    this.tick();
  }

  tick() {
    if (this.#view) {
      const now = this.#clock.now();
      this.#set("clock", this.#view.due === null && this.#view.shelvedUntil === null ? t("Cases.NoClock") : clockText(this.#view, now));
      this.#set("since", t("Cases.SinceAge", timeOfDay(this.#view.begunAt), ageText(now - this.#view.begunAt)));
    }
  }

  focus() {
    byId("case-title").focus();
  }

  /** Presses the button of a step or of a proposal by its number, on behalf of a key; false where it is not to be pressed now. */
  press(step, number = null) {
    const button = number === null ? this.#form.querySelector(`[data-step=${step}]`) : this.#form.querySelectorAll("[data-action]")[number - 1];
    if (!this.#view || !button || button.disabled) {
      return false;
    }

    button.click();
    return true;
  }

  /** Begins a step: at once where there is nothing to fill in. */
  begin(kind, action, opener) {
    const view = this.#view;
    const takesOver = kind === "Take" && view.owner !== null;
    if (action === "Release" && this.onInvestigate && this.#isAtRisk(view.vehicle)) {
      // The release decides the case.
      this.onInvestigate(view.vehicle);
      return;
    }

    this.#open = { kind, action, version: view.version, opener };
    this.#fail("");
    if (kind === "Acknowledge" || (kind === "Take" && !takesOver)) {
      this.#step.hidden = true;
      this.#submit();
      return;
    }

    const asksFinding = action === "Release" && this.#isAtRisk(view.vehicle);
    const isNeeded = asksFinding || takesOver || kind === "HandOver" || kind === "Shelve" || (view.needs && (kind === "Decide" || view.decision === null));
    this.#field("to", kind === "HandOver", false);
    this.#field("forMin", kind === "Shelve", true);
    this.#field("finding", asksFinding, true);
    this.#field("text", true, isNeeded);
    setText(byId("case-text-label"), t(asksFinding ? "Cases.Looked" : isNeeded ? "Cases.Reason" : "Cases.ReasonOptional"));
    setText(byId("case-step-title"), action ? t(`Action.${action}`) : t(`Cases.${kind}`).replace(" …", ""));
    byId("case-step").hidden = false;
    byId("case-confirm").classList.toggle("act--stop", action === "Stop");
    const first = [...this.#step.querySelectorAll("input, select, textarea")].find(input => !input.closest("[hidden]"));
    (isNeeded ? first : byId("case-confirm")).focus();
    byId("case-step").scrollIntoView({ block: "nearest" });
  }

  async #submit() {
    const open = this.#open;
    if (!open || open.isSending) {
      return;
    }

    for (const input of this.#step.querySelectorAll("[required]")) {
      if (!this.#step.hidden && !input.closest("[hidden]") && input.value.trim() === "") {
        this.#fail(t("Refused.NeedsText"));
        input.setAttribute("aria-invalid", "true");
        input.focus();
        return;
      }
    }

    const form = new FormData(this.#form);
    form.set("kind", open.kind);
    form.set("case", this.#view.id);
    form.set("version", open.version);
    if (open.action) {
      form.set("action", open.action);
      form.set("confirmed", String(confirmed.includes(open.action)));
    }

    if (this.#step.hidden) {
      ["to", "text", "finding"].forEach(name => form.delete(name));
    }

    // What was written must not be lost where it could not be sent. A button that is disabled would lose the focus.
    open.isSending = true;
    const refusal = await this.#send(form);
    open.isSending = false;
    if (this.#open !== open) {
      // Another case or step is under way by now: what is being written there stays.
      if (refusal !== null) {
        announce(refusal, { urgent: true });
      }

      return;
    }

    if (refusal === null) {
      this.#close();
      this.focus();
    } else {
      // The next try is made with what is seen now.
      open.version = this.#view.version;
      this.#fail(refusal);
    }
  }

  #cancel() {
    const opener = this.#open?.opener;
    this.#close();
    (opener?.isConnected ? opener : byId("case-title")).focus();
  }

  #close() {
    this.#open = null;
    this.#step.hidden = true;
    this.#form.reset();
    this.#fail("");
    this.#step.querySelectorAll("[aria-invalid]").forEach(input => input.removeAttribute("aria-invalid"));
  }

  #fail(text) {
    setText(byId("case-failed"), text);
  }

  #field(name, isShown, isRequired) {
    const field = this.#step.querySelector(`[data-for=${name}]`);
    field.hidden = !isShown;
    field.querySelector("input, select, textarea").required = isShown && isRequired;
  }

  #showSteps(view) {
    const can = {
      Acknowledge: view.state === "Open",
      Take: view.owner !== this.#me,
      HandOver: view.owner === this.#me,
      Shelve: view.mayShelve && view.state !== "Shelved" && (view.owner === null || view.owner === this.#me),
      Close: view.mayClose && (view.owner === null || view.owner === this.#me),
    };
    for (const [step, may] of Object.entries(can)) {
      this.#form.querySelector(`[data-step=${step}]`).disabled = !may;
    }
  }

  #showProposals(view) {
    const list = byId("case-proposals");
    const key = view.actions.join() + view.id;
    if (list.dataset.key !== key) {
      list.dataset.key = key;
      list.replaceChildren(...view.actions.map((action, i) => proposal(action, i + 1)));
    }

    for (const button of list.querySelectorAll("button")) {
      button.disabled = view.owner !== null && view.owner !== this.#me;
      button.setAttribute("aria-pressed", String(view.state === "Decided" && view.decision === button.dataset.action));
    }
  }

  #showHistory(view) {
    const list = byId("case-history");
    const key = `${view.id} ${view.history.length} ${view.history.at(-1)?.at}`;
    if (list.dataset.key !== key) {
      list.dataset.key = key;
      list.replaceChildren(...view.history.toReversed().map(entry));
    }
  }

  #set(field, text) {
    setText(this.#panel.querySelector(`[data-field=${field}]`), text);
  }
}

function proposal(action, number) {
  const button = make("button", "proposal", "");
  button.type = "button";
  Object.assign(button.dataset, { step: "Decide", action });
  const words = make("span", "proposal__words", "");
  words.append(make("span", "proposal__title", t(`Action.${action}`)), make("span", "proposal__then", t(`Then.${action}`)));
  button.append(make("kbd", "", String(number)), words);
  const item = document.createElement("li");
  item.append(button);
  return item;
}

function entry(step) {
  const item = document.createElement("li");
  item.append(make("time", "", timeOfDay(step.at)), " ", make("strong", "", stepText(step)), " ", make("span", "history__by", byText(step.by)));
  if (step.text && step.by !== "centre") {
    item.append(make("span", "history__text", step.text));
  }

  return item;
}

function make(tag, className, text) {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}
