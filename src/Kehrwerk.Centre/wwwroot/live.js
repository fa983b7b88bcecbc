// The live page: one stream of changes feeds the map, the list and the details; orders go out as forms.

import { openMap, kerb } from "../Kehrwerk.Web/map/map.js";
import { CaseBoard } from "./cases/board.js";
import { CentreClock } from "./live/clock.js";
import { Commands } from "./live/commands.js";
import { Details } from "./live/details.js";
import { listenToKeys } from "./live/keys.js";
import { keepLegend } from "./live/legend.js";
import { openStream } from "./live/stream.js";
import { activityText, announce, byId, number, setText, t } from "./live/texts.js";
import { VehicleList } from "./live/list.js";

const tickMs = 500;
const signMs = 2000;
const needsALook = ["Fault", "Deactivated", "Lost"];

const clock = new CentreClock();
const views = new Map();
const map = openMap(byId("map"), clock);
const list = new VehicleList(byId("vehicle-list"), byId("vehicle-template"), clock);
const details = new Details(byId("details"), clock);
const commands = new Commands(views, list);
const cases = new CaseBoard(clock, { isAtRisk: id => Boolean(views.get(id)?.mrc), showVehicle: id => select(id, { focus: true }) });
let selected = null;
let hasInput = true;

function select(id, { focus = false } = {}) {
  selected = id;
  list.select(id, focus);
  details.show(views.get(id));
  map?.vehicles.select(id);
}

function toggleFollow() {
  map?.vehicles.follow(byId("follow").getAttribute("aria-pressed") === "true" ? null : selected);
}

function take(message, isSnapshot) {
  clock.sync(message.now, message.speed);
  if (isSnapshot) {
    startOver(message);
  }

  for (const view of message.vehicles) {
    const before = views.get(view.id);
    views.set(view.id, view);
    list.update(view);
    map?.vehicles.update(view);
    commands.check(view);
    if (before) {
      tellOfNote(before, view);
    }
  }

  cases.take(message.cases, isSnapshot);
  map?.setKerbs(message.kerbs);
  details.show(views.get(selected));
  byId("no-vehicles").hidden = views.size > 0;
}

/** What is not in a snapshot is no longer there. The selection stays as long as its vehicle does. */
function startOver(message) {
  const known = new Set(message.vehicles.map(v => v.id));
  for (const id of views.keys()) {
    if (!known.has(id)) {
      views.delete(id);
      list.remove(id);
    }
  }

  map?.vehicles.clear();
  map?.clearKerbs();
  if (selected !== null && !known.has(selected)) {
    select(null);
  }
}

/** What calls for a person is a case, and the cases speak of it; here only its end is told, never every report. */
function tellOfNote(before, view) {
  if (needsALook.includes(before.attention) && !needsALook.includes(view.attention)) {
    announce(t("State.Normal", view.name, activityText(view)));
  }
}

function tick() {
  const live = stream.isLive();
  byId("stream-lost").hidden = live || !stream.hasBeenLive();
  document.body.classList.toggle("is-stale", !live);
  setText(byId("stream-state"), t(live ? "Stream.Live" : "Stream.Connecting"));
  setText(byId("clock"), clock.text());
  const attention = [...views.values()].filter(v => v.attention !== "None").length;
  setText(byId("summary"), t("Summary", views.size, attention));
  byId("summary").classList.toggle("is-urgent", attention > 0);
  if (map) {
    const swept = map.countKerbs(kerb.swept);
    setText(byId("kerbs"), t("Kerbs.Progress", number(swept), number(swept + map.countKerbs(kerb.planned, kerb.missed))));
    map.vehicles.redraw();
  }

  list.tick();
  details.tick();
  commands.tick();
  cases.tick();
}

/** Whether a supervisor can see the fleet is for the Centre to know: vehicles may drive by that. A hidden page says nothing. */
async function sign() {
  if (stream.isLive() && document.visibilityState === "visible") {
    const form = new FormData(byId("all"));
    form.set("isLive", "true");
    const path = `/api/live/screen${hasInput ? "?input=true" : ""}`;
    hasInput = false;
    try {
      const response = await fetch(path, { method: "POST", body: form, redirect: "manual" });
      if (response.ok) {
        const duty = await response.json();
        setText(byId("duty"), duty.text);
        byId("duty").dataset.level = duty.level;
      }
    } catch {
      // The banner of the stream tells that there is no connection.
    }
  }
}

for (const kind of ["keydown", "pointerdown", "pointermove", "wheel", "focusin"]) {
  document.addEventListener(kind, () => (hasInput = true), { passive: true });
}

keepLegend();
const stream = openStream("/api/live", take);
setInterval(tick, tickMs);
setInterval(sign, signMs);

list.onSelect = id => select(id === selected ? null : id);
list.onRelease = id => commands.askRelease(id);
details.onClose = () => select(null);
byId("follow").addEventListener("click", toggleFollow);
if (map) {
  map.onPick = id => id !== null && select(id);
  map.vehicles.onFollow = id => byId("follow").setAttribute("aria-pressed", String(id !== null));
} else {
  byId("follow").hidden = true;
}

listenToKeys({
  next: () => select(list.neighbour(selected, 1), { focus: true }),
  previous: () => select(list.neighbour(selected, -1), { focus: true }),
  pause: () => commands.press(selected, "pause"),
  stop: () => commands.press(selected, "stop"),
  stopAll: () => byId("stop-all").click(),
  follow: toggleFollow,
  clear: () => cases.hide() || select(null),
  other: event => cases.actionOf(event),
});

// Browser tests wait for this.
document.body.dataset.ready = "true";
