// Keys of the page, by the table of commands that the page brings along. Single keys rest in text fields and dialogs, and can be switched off (WCAG 2.1.4).

import { byId } from "./texts.js";

const storeKey = "kehrwerk.keys";
const arrows = { ArrowDown: "↓", ArrowUp: "↑" };

/** What the person can do here: { id, text, keys, path, group }. */
export const commands = JSON.parse(byId("commands").textContent);

const byKey = new Map(commands.flatMap(command => command.keys.split(" ").filter(Boolean).map(key => [key, command.id])));

/**
 * @param actions what each command's id does
 * @param clear what Escape does
 * @param other what a key does that stands in no table, or null
 */
export function listenToKeys(actions, { clear = null, other = null } = {}) {
  const enabled = byId("keys-enabled");
  enabled.checked = localStorage.getItem(storeKey) !== "off";
  enabled.addEventListener("change", () => localStorage.setItem(storeKey, enabled.checked ? "on" : "off"));
  byId("open-keys").addEventListener("click", actions["screen.keys"]);
  for (const close of document.querySelectorAll("dialog [data-close]")) {
    close.addEventListener("click", () => close.closest("dialog").close());
  }

  document.addEventListener("keydown", event => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      if (!document.querySelector("dialog[open]")) {
        actions["screen.palette"]();
      }

      return;
    }

    if (event.ctrlKey || event.metaKey || event.altKey || (event.repeat && event.key.length === 1 && !"jk".includes(event.key))
      || event.target.closest("input:not([type=checkbox], [type=radio], [type=range]), textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) {
      return;
    }

    const action = actionOf(event);
    if (action) {
      event.preventDefault();
      action();
    }
  });

  function actionOf(event) {
    if (event.key === "Escape") {
      return clear;
    }

    if (event.key in arrows) {
      // In the map arrow keys move the map.
      return event.target.closest("#vehicle-list") ? actions[byKey.get(arrows[event.key])] : null;
    }

    if (!enabled.checked) {
      return null;
    }

    // By the shift key, not by the letter's case: caps lock must not turn "stop this one" into "stop all".
    if (event.key === " " && event.target.closest("button, a, summary, input")) {
      return null;
    }

    const letter = event.key === " " ? "Space" : event.key.toLowerCase();
    const name = /^[a-zäöü]$/.test(letter) && event.shiftKey ? `Shift+${letter.toUpperCase()}` : letter;
    return actions[byKey.get(name)] ?? other?.(event) ?? null;
  }
}
