// Without the stream nobody knows what a command would meet: then nothing can be commanded from this page but a stop, which is always tried.

import { announce, byId, setAttribute, setText, t } from "./texts.js";

/** What commands something, but for stops. */
const commanding = "#pause-all, #resume-all, [data-action=pause], [data-action=release], #release-confirm, #case-form button:not(#case-cancel), #report [type=submit], [data-needs-link]";
const stops = "[data-action=stop], #stop-one, #stop-all";

let isLocked = false;

for (const kind of ["click", "submit"]) {
  document.addEventListener(kind, event => {
    const target = kind === "submit" ? (event.submitter ?? event.target) : event.target;
    if (isLocked && target.closest?.(commanding) && !target.closest(stops)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      announce(t("Stream.Locked"), { urgent: true });
    }
  }, { capture: true });
}

/** Shows whether the page is live, and locks or frees what commands. */
export function showLink(stream) {
  const isLive = stream.isLive();
  const lock = !isLive && stream.hasBeenLive();
  byId("stream-lost").hidden = !lock;
  document.body.classList.toggle("is-stale", !isLive);
  setText(byId("stream-state"), t(isLive ? "Stream.Live" : "Stream.Connecting"));
  if (lock !== isLocked) {
    isLocked = lock;
    if (!lock) {
      announce(t("Stream.Back"));
    }
  }

  for (const button of document.querySelectorAll(commanding)) {
    if (isLocked) {
      setAttribute(button, "aria-disabled", "true");
    } else {
      button.removeAttribute("aria-disabled");
    }
  }
}
