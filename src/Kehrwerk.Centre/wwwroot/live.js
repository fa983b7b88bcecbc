// The live page: one stream of changes feeds the map, the list and the details; orders go out as forms.

import { openMap, kerb } from "../Kehrwerk.Web/map/map.js";
import { CaseBoard } from "./cases/board.js";
import { title, where as placeOf } from "./cases/words.js";
import { CentreClock } from "./live/clock.js";
import { Commands } from "./live/commands.js";
import { Details } from "./live/details.js";
import { showLink } from "./live/guard.js";
import { keepLegend } from "./live/legend.js";
import { go, where } from "./live/levels.js";
import { openDesk } from "./live/palette.js";
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
const cases = new CaseBoard(clock, { isAtRisk: id => Boolean(views.get(id)?.mrc), showVehicle: id => select(id, { focus: true }), investigate: id => commands.askRelease(id) });
const pageTitle = document.title;
let { id: selected, level } = where();
let hasInput = true;

/** Shows a vehicle on a level; the address follows, unless it was the address that asked. */
function select(id, { focus = false, to = "vehicle", isAddress = false } = {}) {
  selected = id;
  level = id === null ? "overview" : to;
  list.select(id, focus);
  const view = views.get(id);
  details.show(view, level === "overview" ? "vehicle" : level);
  details.showCases(cases.open);
  commands.select(id);
  map?.vehicles.select(id);
  level === "manoeuvre" ? map?.vehicles.closeUp(id) : map?.vehicles.endCloseUp();
  map?.vehicles.show(id, getComputedStyle(byId("details")).position === "absolute" ? byId("details").offsetWidth : 0);
  document.title = view ? `${t("Level.Title", view.name, t(`Level.${level}`))} – ${pageTitle}` : pageTitle;
  if (!isAddress) {
    go(id, level);
  }
}

function turnTo(to) {
  if (to === "overview" || selected === null) {
    const before = selected;
    select(null);
    list.select(before, true);
    list.select(null, false);
  } else {
    select(selected, { to });
    details.focus();
  }
}

/** One level down or up; without a selection the first vehicle of the list. */
function step(by) {
  if (selected === null) {
    if (by > 0) {
      select(list.neighbour(null, 1), { focus: true });
    }

    return;
  }

  const all = details.levels;
  turnTo(all[Math.min(all.length - 1, Math.max(0, all.indexOf(level) + by))]);
}

/** The manoeuvre of the selected vehicle, or of the case that asks for one first. */
function openManoeuvre() {
  const asking = cases.open.find(view => view.kind === "Request" && view.vehicle);
  const id = selected !== null && cases.open.some(view => view.kind === "Request" && view.vehicle === selected) ? selected : asking?.vehicle;
  if (id) {
    select(id, { to: "manoeuvre" });
    details.focus();
  } else {
    announce(t("Requests.None"));
  }
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
    } else if (view.id === selected) {
      // The address named it before it was known.
      select(selected, { to: level, isAddress: true });
    }
  }

  cases.take(message.cases, isSnapshot);
  map?.setKerbs(message.kerbs);
  details.show(views.get(selected));
  details.showCases(cases.open);
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
  showLink(stream);
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
details.onClose = () => turnTo("overview");
details.onLevel = turnTo;
cases.onManoeuvre = id => {
  select(id, { to: "manoeuvre" });
  details.focus();
};
details.onCase = id => cases.select(id, { focus: true });
details.manoeuvre.onScene = scene => map?.vehicles.setScene(level === "manoeuvre" ? scene : null);
details.onPath = (id, path) => map?.vehicles.setOwnPath(id, path);
byId("follow").addEventListener("click", toggleFollow);
window.addEventListener("popstate", () => {
  const at = where();
  select(at.id, { to: at.level, isAddress: true });
});
if (map) {
  map.onPick = id => id !== null && select(id);
  map.vehicles.onFollow = id => byId("follow").setAttribute("aria-pressed", String(id !== null));
} else {
  byId("follow").hidden = true;
}

openDesk({
  ...cases.actions,
  "vehicle.next": () => select(list.neighbour(selected, 1), { focus: true }),
  "vehicle.previous": () => select(list.neighbour(selected, -1), { focus: true }),
  "vehicle.pause": () => commands.press(selected, "pause"),
  "vehicle.stop": () => commands.press(selected, "stop"),
  "vehicle.release": () => commands.press(selected, "release"),
  "vehicle.follow": toggleFollow,
  "vehicle.clear": () => turnTo("overview"),
  "level.deeper": () => step(1),
  "level.up": () => step(-1),
  "manoeuvre.open": openManoeuvre,
  "manoeuvre.grant": () => level === "manoeuvre" && details.manoeuvre.grant(),
  "manoeuvre.reject": () => level === "manoeuvre" && details.manoeuvre.reject(),
  "level.detail": () => turnTo("detail"),
  "level.diagnosis": () => turnTo("diagnosis"),
  "all.pause": () => byId("pause-all").click(),
  "all.resume": () => byId("resume-all").click(),
}, {
  clear: () => cases.hide() || (selected !== null && turnTo("overview")),
  other: event => (level === "manoeuvre" && /^[1-3]$/.test(event.key) ? () => details.manoeuvre.choose(Number(event.key)) : cases.actionOf(event)),
  more: () => [
    ...[...views.values()].flatMap(view => [
      { text: t("Palette.Vehicle", view.name), run: () => select(view.id, { focus: true }) },
      ...["stop", "pause"].filter(act => list.offers(view.id, act)).map(act => ({ text: t(act === "stop" ? "Palette.StopVehicle" : "Palette.PauseVehicle", view.name), run: () => list.press(view.id, act) })),
    ]),
    ...cases.open.map(view => ({ text: t("Palette.Case", view.id, title(view), placeOf(view)), run: () => cases.select(view.id, { focus: true }) })),
  ],
});

// Browser tests wait for this.
document.body.dataset.ready = "true";
