// Server-sent events, with a watch over them: the server sends something every two seconds, so silence means that the
// line is broken, even where the browser has not noticed.

import { announce, byId, setText, t } from "./texts.js";

const silentMs = 5000;
const retryMs = 2000;

export function openStream(url, take) {
  let source = null;
  let heardAt = -Infinity;
  let openedAt = 0;
  let everLive = false;

  function open() {
    source?.close();
    openedAt = performance.now();
    source = new EventSource(url);
    for (const kind of ["snapshot", "changes"]) {
      source.addEventListener(kind, event => {
        heardAt = performance.now();
        everLive = true;
        take(JSON.parse(event.data), kind === "snapshot");
      });
    }
  }

  const isLive = () => performance.now() - heardAt < silentMs;

  async function watch() {
    if (!isLive() && performance.now() - openedAt > silentMs) {
      await tellIfSignedOut(url);
      open();
    }
  }

  open();
  setInterval(watch, retryMs);
  return { isLive, hasBeenLive: () => everLive };
}

async function tellIfSignedOut(url) {
  const asking = new AbortController();
  try {
    const response = await fetch(url, { signal: asking.signal });
    if (response.status === 401 && byId("stream-lost").textContent !== t("Command.SignedOut")) {
      setText(byId("stream-lost"), t("Command.SignedOut"));
      announce(t("Command.SignedOut"), { urgent: true });
    }
  } catch {
    // No answer at all: the banner already says that there is no connection.
  } finally {
    asking.abort();
  }
}
