// The level diagnosis: figures of the link, and the last messages as they were.

import { facts } from "./detail.js";
import { byId, decimal, number, t, timeOfDay } from "./texts.js";

export class DiagnosisLevel {
  #isHeld = false;

  constructor() {
    byId("diag-hold").addEventListener("click", event => {
      this.#isHeld = !this.#isHeld;
      event.currentTarget.setAttribute("aria-pressed", String(this.#isHeld));
    });
  }

  show(link, { messages }) {
    facts("diag-link", [
      [t("Diag.Grade"), t(`Quality.${link.grade}`)],
      [t("Diag.Heard"), number(link.heard)],
      [t("Diag.Missing"), number(link.lost)],
      [t("Diag.Late"), t("Diag.Seconds", decimal(link.lateS))],
      [t("Diag.Gap"), t("Diag.Seconds", decimal(link.gapS))],
      [t("Diag.Bytes"), t("Diag.BytesOf", number(link.bytesPerS))],
    ]);
    // While somebody reads, what is open stays as it is.
    const list = byId("diag-messages");
    if (this.#isHeld || list.querySelector("details[open]")) {
      return;
    }

    const focused = list.contains(document.activeElement) ? [...list.children].findIndex(item => item.contains(document.activeElement)) : -1;
    list.replaceChildren(...(messages.length === 0 ? [make("li", "", t("Diag.None"))] : messages.map(item)));
    if (focused >= 0) {
      (list.children[focused] ?? list.lastElementChild)?.querySelector("summary")?.focus();
    }
  }
}

function item(message) {
  const entry = document.createElement("li");
  const box = document.createElement("details");
  const summary = make("summary", "", "");
  summary.append(
    make("time", "", timeOfDay(message.at)), " ", make("strong", "", message.topic), " ",
    make("span", "messages__way", `${t(message.in ? "Diag.From" : "Diag.To")}, ${t("Diag.Length", number(message.bytes))}`));
  if (message.fault) {
    summary.append(" ", make("span", "messages__fault", t("Diag.Fault", message.fault)));
  }

  const text = make("pre", "messages__text", pretty(message.text));
  text.tabIndex = 0;
  box.append(summary, text);
  if (message.isCut) {
    box.append(make("p", "", t("Diag.Cut", number(message.bytes))));
  }

  entry.append(box);
  return entry;
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 1);
  } catch {
    return text;
  }
}

function make(tag, className, text) {
  return Object.assign(document.createElement(tag), { className, textContent: text });
}
