// Orders to vehicles: sends the page's forms without leaving it, and follows each order until the vehicle shows that
// it has carried it out.

import { announce, byId, errorText, setText, t } from "./texts.js";

const lateMs = 5000;
const doneShownMs = 4000;

/** Whether a vehicle's state shows that an order is carried out. */
const carriedOut = {
  Pause: view => view.activity === "Paused" || view.activity === "Deactivated",
  Resume: view => view.activity !== "Paused",
  Stop: view => view.activity === "Deactivated",
  Release: view => view.activity !== "Deactivated",
};

export class Commands {
  #views;
  #list;
  #pending = new Map();
  #releasing = null;
  #selected = null;

  constructor(views, list) {
    this.#views = views;
    this.#list = list;
    document.addEventListener("submit", event => {
      if (event.target.getAttribute("action") === "/vehicles/commands") {
        event.preventDefault();
        this.#send(new FormData(event.target, event.submitter));
      }
    });
    byId("investigation").addEventListener("submit", event => event.preventDefault());
    byId("stop-one").addEventListener("click", () => this.press(this.#selected, "stop"));
    byId("investigation").addEventListener("change", () => this.#guide());
    byId("release-confirm").addEventListener("click", async () => {
      const isInvestigated = !byId("investigation").hidden;
      if (isInvestigated && !this.#isComplete()) {
        return;
      }

      const id = this.#releasing;
      const form = new FormData(byId("all"));
      form.set("vehicle", id);
      form.set("kind", "Release");
      form.set("confirmed", "true");
      if (isInvestigated) {
        const investigation = byId("investigation");
        new FormData(investigation).forEach((value, name) => form.set(name, value));
        form.set("checked", [...investigation.querySelectorAll("[data-check]:checked")].map(box => box.dataset.check).join());
        form.set("cancelOrder", `${byId("release-cancels").checked}`);
      }

      // What was written must not be lost where it could not be sent.
      byId("release-confirm").disabled = true;
      const receipt = await this.#send(form);
      byId("release-confirm").disabled = false;
      if (this.#releasing !== id) {
        return;
      }

      if (receipt.failed.length === 0) {
        byId("release").close();
      } else {
        byId("release-failed").textContent = receipt.refusal ?? this.#text(id, "Command.Failed", "Release");
        byId("release-confirm").focus();
      }
    });
  }

  /** Presses a button of the selected vehicle's card, on behalf of a key. */
  press(id, action) {
    if (id === null) {
      announce(t("Keys.NoneSelected"));
      return;
    }

    this.#list.press(id, action);
  }

  /** The stop of one vehicle, always in sight, is that of the selected one. */
  select(id) {
    this.#selected = id;
    const button = byId("stop-one");
    const view = this.#views.get(id);
    button.disabled = !view || view.activity === "Deactivated";
    setText(button.firstElementChild, view ? t("Stop.One", view.name) : t("Stop.NoneSelected"));
  }

  askRelease(id) {
    this.#releasing = id;
    // Only from the minimal risk condition: the law wants to know what was looked at.
    byId("investigation").reset();
    byId("release-failed").textContent = "";
    const view = this.#views.get(id);
    byId("investigation").hidden = !view.mrc;
    setText(byId("mrc-says"), saysText(view));
    this.#guide();
    byId("release-title").textContent = t("Release.Title", this.#views.get(id).name);
    byId("release").showModal();
  }

  /** What endangers traffic, or has a defect, is not released: the form says what is done instead. */
  #guide() {
    const form = byId("investigation");
    const isStopped = ["traffic", "defect"].filter(name => form.elements[name].value === "Yes");
    for (const name of ["traffic", "defect"]) {
      byId(`mrc-stop-${name}`).hidden = !isStopped.includes(name);
    }

    byId("release-confirm").disabled = !form.hidden && isStopped.length > 0;
  }

  #isComplete() {
    const form = byId("investigation");
    const missing = [...form.elements].find(input => !input.validity.valid);
    form.querySelectorAll("[aria-invalid]").forEach(input => input.removeAttribute("aria-invalid"));
    byId("release-failed").textContent = missing ? t("Mrc.Missing") : "";
    missing?.setAttribute("aria-invalid", "true");
    missing?.focus();
    return !missing;
  }

  /** Looks whether a new view of a vehicle ends an order that waits for it. */
  check(view) {
    if (view.id === this.#selected) {
      this.select(view.id);
    }

    if (byId("release").open && view.id === this.#releasing) {
      setText(byId("mrc-says"), saysText(view));
      byId("investigation").hidden = !view.mrc;
    }

    const order = this.#pending.get(view.id);
    if (order && !order.doneAt && carriedOut[order.kind](view)) {
      order.doneAt = performance.now();
      this.#show(view.id, "Command.Done", order.kind);
    }
  }

  tick() {
    const now = performance.now();
    for (const [id, order] of this.#pending) {
      if (order.doneAt && now - order.doneAt > doneShownMs) {
        this.#list.notice(id, null);
        this.#pending.delete(id);
      } else if (!order.doneAt && !order.late && now - order.sentAt > lateMs) {
        order.late = true;
        this.#show(id, "Command.Late", order.kind);
        announce(this.#text(id, "Command.Late", order.kind), { urgent: true });
      }
    }
  }

  async #send(form) {
    const kind = form.get("kind");
    const vehicle = form.get("vehicle");
    const targets = vehicle === "*" ? [...this.#views.keys()] : [vehicle];
    for (const id of targets) {
      this.#pending.set(id, { kind, sentAt: performance.now() });
      this.#show(id, "Command.Sending", kind);
    }

    const receipt = await post(form, targets);
    for (const id of receipt.failed) {
      this.#pending.delete(id);
      this.#show(id, "Command.Failed", kind);
    }

    for (const id of receipt.sent.filter(id => this.#pending.get(id)?.kind === kind && !this.#pending.get(id).doneAt)) {
      this.#show(id, "Command.Sent", kind);
      this.check(this.#views.get(id));
    }

    if (receipt.refusal) {
      announce(receipt.refusal, { urgent: true });
      receipt.failed.forEach(id => this.#list.notice(id, receipt.refusal));
    } else if (receipt.signedOut) {
      announce(t("Command.SignedOut"), { urgent: true });
    } else if (receipt.failed.length > 0) {
      announce(receipt.failed.map(id => this.#text(id, "Command.Failed", kind)).join(". "), { urgent: true });
    } else if (vehicle === "*") {
      announce(t("Command.AllSent", receipt.sent.length, t(`Act.${kind}`)));
    }

    return receipt;
  }

  #text(id, key, kind) {
    return t(key, this.#views.get(id)?.name ?? id, t(`Act.${kind}`).replace(" …", ""));
  }

  #show(id, key, kind) {
    this.#list.notice(id, this.#text(id, key, kind));
  }
}

const saysText = view => t("Mrc.Says", view.errors.map(errorText).join("; ") || "–");

/** Sends the form; where the answer fails, every target counts as not reached. */
async function post(form, targets) {
  try {
    const response = await fetch("/vehicles/commands", { method: "POST", body: form, headers: { Accept: "application/json" }, redirect: "manual" });
    if (response.status === 403 || response.status === 400) {
      return { sent: [], failed: targets, refusal: (await response.json()).detail };
    }

    return response.ok ? await response.json() : { sent: [], failed: targets, signedOut: response.type === "opaqueredirect" };
  } catch (error) {
    console.error(error);
    return { sent: [], failed: targets };
  }
}
