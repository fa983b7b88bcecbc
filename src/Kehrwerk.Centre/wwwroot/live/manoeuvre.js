// The level manoeuvre: the paths that a vehicle proposes, what it sees, the answer, and what becomes of it. The map draws the same.

import { announce, byId, decimal, isText, kmh, setText, t, timeOfDay } from "./texts.js";

export class ManoeuvreLevel {
  #vehicle = null;
  #manoeuvres = [];
  #chosen = null;
  #numbers = new Map();
  #log = new Map();
  #isSending = false;

  /** Called with the scene to be drawn: { paths: [{ points, number, isChosen }], seen }. */
  onScene;

  #clock;

  constructor(clock) {
    this.#clock = clock;
    const form = byId("man-form");
    byId("man-list").addEventListener("change", event => this.#choose(event.target.value));
    form.addEventListener("submit", event => {
      event.preventDefault();
      this.grant();
    });
    byId("man-reject")?.addEventListener("click", () => this.reject());
  }

  show(id, detail) {
    if (id !== this.#vehicle) {
      this.#vehicle = id;
      this.#chosen = null;
      this.#numbers.clear();
      this.#log.clear();
      byId("man-form").reset();
      this.#fail("");
    }

    this.#manoeuvres = detail.manoeuvres;
    const asked = detail.manoeuvres.filter(one => one.status === "Requested" || one.status === "Granted");
    for (const one of detail.manoeuvres) {
      if (!this.#numbers.has(one.request)) {
        this.#numbers.set(one.request, this.#numbers.size === 0 || !asked.includes(one) ? this.#numbers.size + 1 : Math.max(...this.#numbers.values()) + 1);
      }

      this.#note(one);
    }

    // Those that are asked for now count from 1, as their keys do.
    asked.forEach((one, i) => this.#numbers.set(one.request, i + 1));
    if (!asked.some(one => one.request === this.#chosen)) {
      this.#chosen = asked.length === 1 ? asked[0].request : null;
    }

    byId("man-none").hidden = asked.length > 0;
    byId("man-form").hidden = asked.length === 0;
    this.#showList(asked);
    showSeen(detail.seen);
    this.#showLog();
    this.#draw(asked, detail.seen);
  }

  /** Chooses a path by its number, on behalf of a key. */
  choose(number) {
    const input = byId("man-list").querySelectorAll("input")[number - 1];
    if (input) {
      input.checked = true;
      input.focus();
      this.#choose(input.value);
    }
  }

  grant() {
    const one = this.#manoeuvres.find(m => m.request === this.#chosen);
    if (!one) {
      this.#fail(t("Man.NeedsChoice"), byId("man-list").querySelector("input"));
    } else if (!one.isAhead) {
      this.#fail(t("Man.NotAhead"));
    } else if (!byId("man-looked").checked) {
      this.#fail(t("Man.NeedsLook"), byId("man-looked"));
    } else {
      this.#send([one], "Granted");
    }
  }

  /** No to all that it asks for: it is one question. */
  reject() {
    const asked = this.#manoeuvres.filter(one => one.status === "Requested");
    if (byId("man-reason").value.trim() === "") {
      this.#fail(t("Man.NeedsReason"), byId("man-reason"));
    } else if (asked.length > 0) {
      this.#send(asked, "Rejected");
    }
  }

  async #send(asked, grant) {
    if (this.#isSending) {
      return;
    }

    this.#isSending = true;
    const vehicle = this.#vehicle;
    try {
      for (const one of asked) {
        const form = new FormData(byId("man-form"));
        form.delete("path");
        Object.entries({ vehicle, request: one.request, grant, reason: byId("man-reason").value, confirmed: String(grant === "Granted") }).forEach(([name, value]) => form.set(name, value));
        const response = await fetch("/vehicles/answers", { method: "POST", body: form, headers: { Accept: "application/json" }, redirect: "manual" });
        if (response.type === "opaqueredirect" || response.status === 401) {
          throw new Refusal(t("Command.SignedOut"));
        }

        if (!response.ok) {
          throw new Refusal((await response.json()).detail);
        }

        this.#say(one.request, t("Man.Sent", t(grant === "Granted" ? "Man.Grant" : "Man.Reject", this.#numbers.get(one.request))));
      }

      this.#fail("");
      byId("man-looked").checked = false;
      byId("man-reason").value = "";
      this.#showLog();
    } catch (error) {
      if (!(error instanceof Refusal)) {
        console.error(error);
      }

      // What was written stays for the next try.
      this.#fail(error instanceof Refusal ? error.message : t("Man.Failed"));
    } finally {
      this.#isSending = false;
    }
  }

  #choose(request) {
    this.#chosen = request;
    this.#fail("");
    this.onChange?.();
  }

  #showList(asked) {
    const list = byId("man-list");
    const key = asked.map(one => `${one.request} ${one.status}`).join();
    if (list.dataset.key !== key) {
      list.dataset.key = key;
      list.replaceChildren(...asked.map(one => choice(one, this.#numbers.get(one.request))));
    }

    asked.forEach((one, i) => {
      const item = list.children[i];
      const input = item.querySelector("input");
      input.checked = one.request === this.#chosen;
      setText(item.querySelector(".man__figures"), figures(one));
    });
    const grant = byId("man-grant");
    if (grant) {
      setText(grant.firstChild, `${t("Man.Grant", this.#chosen ? this.#numbers.get(this.#chosen) : "–")} `);
    }
  }

  #note(one) {
    const stage = one.stage ?? one.status;
    const log = this.#log.get(one.request) ?? [];
    if (stage && log.at(-1)?.stage !== stage && log.findLast(entry => entry.stage)?.stage !== stage) {
      const name = t("Man.Path", this.#numbers.get(one.request));
      const key = `ManStage.${stage}`;
      this.#say(one.request, isText(key) ? t(key, name, one.refusal ?? "") : `${name}: ${t(`Request.${stage}`)}`, stage);
    }
  }

  #say(request, text, stage = null) {
    const log = this.#log.get(request) ?? [];
    log.push({ stage, text, at: this.#clock.now() });
    this.#log.set(request, log);
    if (stage && stage !== "Proposed") {
      announce(text);
    }
  }

  #showLog() {
    const entries = [...this.#log.values()].flat().sort((a, b) => b.at - a.at).slice(0, 20);
    const list = byId("man-stages");
    const key = String(entries.length);
    if (list.dataset.key !== key || entries[0]?.at !== Number(list.dataset.newest)) {
      Object.assign(list.dataset, { key, newest: entries[0]?.at ?? "" });
      list.replaceChildren(...entries.map(entry => {
        const item = document.createElement("li");
        item.append(make("time", "", timeOfDay(entry.at)), " ", entry.text);
        return item;
      }));
    }
  }

  #draw(asked, seen) {
    this.onScene?.({
      paths: asked.filter(one => one.path.length > 1).map(one => ({ points: one.path, number: this.#numbers.get(one.request), isChosen: one.request === this.#chosen })),
      seen: seen.map(one => ({ ...one, name: t(`Seen.${one.kind}`) })),
    });
    this.onChange = () => this.#draw(asked, seen);
  }

  #fail(text, place = null) {
    setText(byId("man-failed"), text);
    place?.focus();
  }
}

class Refusal extends Error {}

function choice(one, number) {
  const item = document.createElement("li");
  const label = make("label", "man__choice", "");
  const input = Object.assign(document.createElement("input"), { type: "radio", name: "path", value: one.request });
  const words = make("span", "man__words", "");
  const known = `Man.${one.reason}`;
  words.append(
    make("strong", "", `${t("Man.Path", number)}: ${t(isText(known) ? known : "Man.Other")}`),
    make("span", "man__figures", figures(one)));
  if (one.text) {
    words.append(make("span", "man__text", one.text));
  }

  one.told.filter(text => !one.text).forEach(text => words.append(make("span", "man__text", text)));
  if (!one.isAhead) {
    words.append(make("span", "man__text", t("Man.NotAhead")));
  }

  label.append(input, make("kbd", "", String(number)), words);
  item.append(label);
  return item;
}

const figures = one => (one.path.length > 1 ? t("Man.Figures", decimal(one.lengthM), decimal(one.clearM), one.mps === null ? "–" : kmh(one.mps), decimal(one.seenForS)) : t("Man.NoPath"));

function showSeen(seen) {
  byId("man-seen-none").hidden = seen.length > 0;
  byId("man-seen-wrap").hidden = seen.length === 0;
  const rows = seen.map(one => [
    `${t(`Seen.${one.kind}`)}${one.blocks ? ` (${t("Man.Blocks")})` : ""}`,
    t("Man.Metres", decimal(one.lengthM), decimal(one.widthM)),
    one.distanceM === null ? "–" : t("Man.Metre", decimal(one.distanceM)),
    one.mps > 0 ? kmh(one.mps) : t("Man.Stands"),
  ]);
  const body = byId("man-seen");
  const key = JSON.stringify(rows);
  if (body.dataset.key !== key) {
    body.dataset.key = key;
    body.replaceChildren(...rows.map(([name, ...cells]) => {
      const row = document.createElement("tr");
      row.append(Object.assign(make("th", "", name), { scope: "row" }), ...cells.map(text => make("td", "number", text)));
      return row;
    }));
  }
}

function make(tag, className, text) {
  return Object.assign(document.createElement(tag), { className, textContent: text });
}
