// The replay of a past time: all vehicles on one clock, with cases and commands. Nothing here comes from the stream of live pages, and nothing goes to a vehicle but the stop.

import { openMap } from "../Kehrwerk.Web/map/map.js";
import { openDesk } from "./live/palette.js";
import { listenToStop } from "./live/stop.js";
import { announce, byId, language, percent, setText, t } from "./live/texts.js";
import { ReplayEvents, hourMs } from "./replay/events.js";
import { ReplayTracks } from "./replay/tracks.js";

const tickMs = 100;
const main = byId("main");
const speed = byId("replay-speed");
const slider = byId("replay-slider");
const known = { from: Number(main.dataset.from), to: Number(main.dataset.to) };
const moment = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" });
const clockTime = new Intl.DateTimeFormat(language, { timeStyle: "medium" });

let at = Number(main.dataset.at);
let isPlaying = false;
let lastTick = performance.now();
let linkedAt = 0;

// Nothing is stale by a clock of now: how old each report was then is part of what was kept.
const clock = { now: () => at, speed: 1, isStale: view => view.isOld };
const map = openMap(byId("map"), clock);
const tracks = new ReplayTracks();
const events = new ReplayEvents(time => goTo(time), map);

function goTo(time) {
  at = Math.min(Math.max(time, known.from || 0), Math.max(known.to || time, time));
  show();
  link();
}

function play(on) {
  isPlaying = on;
  byId("replay-play").setAttribute("aria-pressed", String(on));
  setText(byId("replay-play"), t(on ? "Replay.Pause" : "Replay.Play"));
  announce(t(on ? "Replay.Play" : "Replay.Pause"));
  link();
}

function tick() {
  const now = performance.now();
  if (isPlaying && tracks.isReady(at)) {
    at += (now - lastTick) * Number(speed.value);
    if (known.to && at >= known.to) {
      at = known.to;
      play(false);
    }

    show();
    if (now - linkedAt > 2000) {
      link();
    }
  }

  lastTick = now;
}

function show() {
  tracks.want(at, Number(speed.value)).then(isNew => isNew && draw(), () => setText(byId("replay-state"), t("Replay.Failed")));
  events.want(at);
  draw();
}

function draw() {
  const views = tracks.at(at);
  setText(byId("replay-state"), !tracks.isReady(at) ? t("Replay.Loading") : views.length === 0 ? t("Replay.NoData") : "");
  setText(byId("replay-clock"), clockTime.format(at));
  setText(byId("replay-moment"), moment.format(at));
  const from = Math.floor(at / hourMs) * hourMs;
  slider.value = String(Math.floor((at - from) / 1000));
  slider.setAttribute("aria-valuetext", moment.format(at));
  setText(byId("replay-from"), clockTime.format(from));
  setText(byId("replay-to"), clockTime.format(from + hourMs));
  map?.vehicles.put(views);
  showList(views);
  events.show(at);
}

function showList(views) {
  const list = byId("replay-vehicles");
  while (list.children.length > views.length) {
    list.lastElementChild.remove();
  }

  views.forEach((view, i) => {
    const item = list.children[i] ?? list.appendChild(row());
    item.dataset.attention = view.attention;
    item.classList.toggle("is-old", view.isOld);
    setText(item.children[0], view.name);
    setText(item.children[1], view.isOld ? (view.age === null ? t("Replay.Unknown") : t("Replay.Old", Math.round(view.age))) : t(`Activity.${view.activity}`, "–", "–"));
    setText(item.children[2], [
      t("Speed.Kmh", Math.round(view.kmh)), `${t("Level.Battery")} ${percent(view.battery)}`, `${t("Level.Hopper")} ${percent(view.hopper)}`,
      `${t("Level.Water")} ${percent(view.water)}`, t(`Link.${view.link}`),
    ].join(" · "));
  });
}

function row() {
  const item = Object.assign(document.createElement("li"), { className: "replay__vehicle" });
  item.append(document.createElement("strong"), document.createElement("span"), Object.assign(document.createElement("span"), { className: "replay__levels" }));
  return item;
}

/** The moment stands in the address, so that it can be kept and passed on. */
function link() {
  linkedAt = performance.now();
  const path = `/replay?at=${Math.round(at)}`;
  history.replaceState(null, "", path);
  byId("replay-link").href = path;
}

function change(by) {
  const options = [...speed.options];
  speed.selectedIndex = Math.min(options.length - 1, Math.max(0, speed.selectedIndex + by));
  announce(t("Replay.SpeedOf", speed.value));
}

slider.addEventListener("input", () => goTo(Math.floor(at / hourMs) * hourMs + 1000 * Number(slider.value)));
byId("replay-play").addEventListener("click", () => play(!isPlaying));
byId("replay-go").addEventListener("submit", event => {
  event.preventDefault();
  const time = Date.parse(byId("replay-day").value);
  if (Number.isFinite(time)) {
    goTo(time);
  }
});

listenToStop();
openDesk({
  "replay.play": () => !byId("replay-play").disabled && play(!isPlaying),
  "replay.back": () => goTo(at - 10_000),
  "replay.on": () => goTo(at + 10_000),
  "replay.backMinute": () => goTo(at - 60_000),
  "replay.onMinute": () => goTo(at + 60_000),
  "replay.slower": () => change(-1),
  "replay.faster": () => change(1),
  "replay.next": () => events.step(at, 1),
  "replay.previous": () => events.step(at, -1),
});
show();
setInterval(tick, tickMs);

// Browser tests wait for this.
document.body.dataset.ready = "true";
