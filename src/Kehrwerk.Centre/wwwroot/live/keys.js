// Single-key shortcuts. They rest in text fields and dialogs, and can be switched off (WCAG 2.1.4).

import { byId } from "./texts.js";

const storeKey = "kehrwerk.keys";

export function listenToKeys(actions) {
  const dialog = byId("keys");
  const enabled = byId("keys-enabled");
  enabled.checked = localStorage.getItem(storeKey) !== "off";
  enabled.addEventListener("change", () => localStorage.setItem(storeKey, enabled.checked ? "on" : "off"));
  byId("open-keys").addEventListener("click", () => dialog.showModal());
  for (const close of document.querySelectorAll("dialog [data-close]")) {
    close.addEventListener("click", () => close.closest("dialog").close());
  }

  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat && event.key.length === 1 && !"jk".includes(event.key)
      || event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) {
      return;
    }

    const action = actionOf(event, actions, enabled.checked, () => dialog.showModal());
    if (action) {
      event.preventDefault();
      action();
    }
  });
}

function actionOf(event, actions, singleKeys, help) {
  const inList = event.target.closest("#vehicle-list") !== null;
  switch (event.key) {
    case "ArrowDown": return inList ? actions.next : null;
    case "ArrowUp": return inList ? actions.previous : null;
    case "Escape": return actions.clear;
  }

  if (!singleKeys) {
    return null;
  }

  // By the shift key, not by the letter's case: caps lock must not turn "stop this one" into "stop all".
  switch (event.key.toLowerCase()) {
    case "j": return actions.next;
    case "k": return actions.previous;
    case "p": return actions.pause;
    case "s": return event.shiftKey ? actions.stopAll : actions.stop;
    case "f": return actions.follow;
    case "?": return help;
    default: return actions.other?.(event) ?? null;
  }
}
