// The page of all cases.

import { CaseBoard } from "./cases/board.js";
import { byText, title, where } from "./cases/words.js";
import { CentreClock } from "./live/clock.js";
import { showLink } from "./live/guard.js";
import { openDesk } from "./live/palette.js";
import { listenToStop } from "./live/stop.js";
import { openStream } from "./live/stream.js";
import { byId, language, setText, t } from "./live/texts.js";

const tickMs = 500;
const clock = new CentreClock();
const atRisk = new Map();
const board = new CaseBoard(clock, { isAtRisk: id => Boolean(atRisk.get(id)) });
const moment = new Intl.DateTimeFormat(language, { dateStyle: "short", timeStyle: "short" });

board.onSelect = view => (byId("case-none").hidden = view !== null);
board.onClosed = view => {
  byId("none-closed").hidden = true;
  byId("closed-list").querySelector(`[data-case="${view.id}"]`)?.remove();
  const row = document.createElement("tr");
  row.dataset.case = view.id;
  const name = document.createElement("th");
  name.scope = "row";
  name.append(Object.assign(document.createElement("a"), { href: `/cases/${view.id}`, textContent: `${view.class} ${view.id} ${title(view)}` }));
  const last = view.history.at(-1);
  const outcome = view.decision ? t(`Action.${view.decision}`) : last.by === "centre" ? (last.kind === "Merged" ? t("Step.Merged") : t("Outcome.Gone")) : last.text || byText(last.by);
  const cells = [where(view), moment.format(view.raisedAt), moment.format(last.at), view.owner ?? t("Cases.NoOwner"), outcome];
  row.append(name, ...cells.map(text => Object.assign(document.createElement("td"), { textContent: text })));
  byId("closed-list").prepend(row);
};

function take(message, isSnapshot) {
  clock.sync(message.now, message.speed);
  message.vehicles.forEach(vehicle => atRisk.set(vehicle.id, vehicle.mrc));
  board.take(message.cases, isSnapshot);
}

function tick() {
  showLink(stream);
  setText(byId("clock"), clock.text());
  board.tick();
}

const stream = openStream("/api/live", take);
setInterval(tick, tickMs);
listenToStop();
openDesk(board.actions, {
  clear: () => board.hide(),
  other: event => board.actionOf(event),
  more: () => board.open.map(view => ({ text: t("Palette.Case", view.id, title(view), where(view)), run: () => board.select(view.id, { focus: true }) })),
});

// Browser tests wait for this.
document.body.dataset.ready = "true";
