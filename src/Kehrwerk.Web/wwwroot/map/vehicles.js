// Vehicles on a canvas above the map, so that their movement never redraws the map below, which is slow without a
// graphics card. A vehicle is drawn where it was a little ago, between two places that it reported: it never runs
// ahead of what is known, and stands still when reports stop.

import { drawScene } from "./scene.js";
import { drawVehicle, labelBox, rank, signBox } from "./signs.js";

const frameMs = 30;
const reach = 22;

/** Vehicles nearer to each other than this, in pixels, are drawn as one: at the depot they stand on one spot. */
const together = 12;
const namesShown = 3;

/** Reports further apart than this are not joined by a glide: nobody knows the way between them. */
const maxGapMs = 6000;

/** Between two batches of the live stream, with some slack; real time. */
const batchMs = 320;

export class Vehicles {
  #map;
  #canvas;
  #context;
  #clock;
  #colours;
  #tracks = new Map();
  #selected = null;
  #ownPath = [];
  #scene = null;
  #before = null;
  #followed = null;
  #wanted = null;
  #coveredPx = 0;
  #frame = 0;
  #drawnAt = 0;
  #calm = matchMedia("(prefers-reduced-motion: reduce)");

  /** @param clock { now(), speed, isStale(view) }: the Centre's clock in milliseconds, and how fast it runs */
  constructor(map, element, clock, colours) {
    this.#map = map;
    this.#clock = clock;
    this.#colours = colours;
    this.#canvas = element.appendChild(document.createElement("canvas"));
    this.#canvas.className = "map__overlay";
    this.#canvas.setAttribute("aria-hidden", "true");
    this.#context = this.#canvas.getContext("2d");
    map.on("move", () => this.redraw());
    new ResizeObserver(() => this.#resize()).observe(this.#canvas);
  }

  /** Called with the id of the vehicle that the map follows now, or null. */
  onFollow;

  /** @param view { id, name, sign, attention, fixes: [{ t, lon, lat, heading }], path: [[lon, lat]], reportedAt } */
  update(view) {
    const track = this.#tracks.get(view.id) ?? { fixes: [], intervalMs: 1000 };
    for (const fix of view.fixes) {
      const last = track.fixes.at(-1);
      if (last && fix.t <= last.t) {
        continue;
      }

      if (last && fix.t - last.t < maxGapMs) {
        track.intervalMs += 0.2 * (fix.t - last.t - track.intervalMs);
      }

      track.fixes.push(fix);
    }

    track.view = view;
    this.#tracks.set(view.id, track);
    this.redraw();
  }

  /** Shows exactly these, each at its `fix`: for a picture that is not live. */
  put(views) {
    this.#tracks.clear();
    views.filter(view => view.fix !== null).forEach(view => this.#tracks.set(view.id, { fixes: [view.fix], intervalMs: 1000, view }));
    this.redraw();
  }

  clear() {
    this.#tracks.clear();
    this.redraw();
  }

  /** What a vehicle itself shows of its path, as pairs of longitude and latitude. */
  setOwnPath(id, path) {
    this.#ownPath = id === this.#selected ? path : [];
    this.redraw();
  }

  /** What is drawn over a close map: { paths: [{ points, number, isChosen }], seen: [{ lon, lat, heading, lengthM, widthM, name, blocks }] }, or null. */
  setScene(scene) {
    this.#scene = scene;
    this.redraw();
  }

  /** Goes near to a vehicle, beside the panel that lies over the map, and remembers where the map was. */
  closeUp(id) {
    const place = this.#place(this.#tracks.get(id) ?? { fixes: [] });
    if (!place) {
      return;
    }

    this.#before ??= { center: this.#map.getCenter(), zoom: this.#map.getZoom() };
    const width = this.#canvas.clientWidth;
    this.#map.easeTo({ center: [place.lon, place.lat], zoom: 19, padding: { left: width > 800 ? width / 2 : 0, top: 0, right: 0, bottom: 0 }, duration: this.#calm.matches ? 0 : 500 });
  }

  /** Back to where the map was. */
  endCloseUp() {
    if (this.#before) {
      this.#map.easeTo({ ...this.#before, padding: { left: 0, top: 0, right: 0, bottom: 0 }, duration: 0 });
      this.#before = null;
      this.setScene(null);
    }
  }

  /**
   * Brings a vehicle into sight, once, where it is not; also one whose place is not known yet.
   * @param coveredPx so much of the map, from the left, lies under something
   */
  show(id, coveredPx = 0) {
    this.#wanted = id;
    this.#coveredPx = coveredPx;
    this.redraw();
  }

  select(id) {
    if (id !== this.#selected) {
      this.#ownPath = [];
    }

    this.#selected = id;
    if (this.#followed !== null) {
      this.follow(id);
    }

    this.redraw();
  }

  /** Keeps the vehicle in the middle of the map, or lets go with null. */
  follow(id) {
    if (this.#followed === id) {
      return;
    }

    this.#followed = id;
    this.#keepInSight(true);
    this.onFollow?.(id);
  }

  /** The vehicle drawn at a point of the screen, or null; of several on one spot the one after the selected one. */
  at(point) {
    const distance = stack => Math.hypot(stack[0].x - point.x, stack[0].y - point.y);
    const nearest = this.#stacks().sort((a, b) => distance(a) - distance(b))[0];
    if (!nearest || distance(nearest) > reach) {
      return null;
    }

    const selected = nearest.findIndex(v => v.id === this.#selected);
    return nearest[(selected + 1) % nearest.length].id;
  }

  recolour(colours) {
    this.#colours = colours;
    this.redraw();
  }

  redraw() {
    this.#frame ||= requestAnimationFrame(time => this.#tick(time));
  }

  #tick(time) {
    this.#frame = 0;
    if (time - this.#drawnAt < frameMs) {
      this.redraw();
      return;
    }

    this.#drawnAt = time;
    this.#bringIntoSight();
    this.#keepInSight(false);
    if (this.#draw()) {
      this.redraw();
    }
  }

  /** @returns whether a vehicle is still on its way between two reports */
  #draw() {
    const context = this.#context;
    context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    context.save();
    context.scale(devicePixelRatio, devicePixelRatio);
    const selected = this.#tracks.get(this.#selected);
    if (selected) {
      this.#drawPath(selected);
    }

    if (this.#scene) {
      drawScene(context, this.#colours, this.#scene, point => this.#map.project(point), this.#metrePx());
    }

    const signs = this.#stacks().map(stack => ({
      x: stack[0].x,
      y: stack[0].y,
      heading: stack[0].heading - this.#map.getBearing(),
      label: labelOf(stack.map(v => v.view.name)),
      sign: stack[0].view.sign,
      attention: stack[0].view.attention,
      stale: this.#clock.isStale(stack[0].view),
      selected: stack.some(v => v.id === this.#selected),
    }));
    placeLabels(context, signs);
    // The most urgent last, so that nothing lies over it.
    signs.reverse().forEach(sign => drawVehicle(context, this.#colours, sign));

    context.restore();
    return [...this.#tracks.values()].some(track => this.#isMoving(track));
  }

  /** Vehicles by where they are drawn, those on one spot together; the most urgent first, then the selected one. */
  #stacks() {
    const drawn = [];
    for (const [id, track] of this.#tracks) {
      const place = this.#place(track);
      if (place) {
        drawn.push({ ...this.#project(place), id, heading: place.heading, view: track.view });
      }
    }

    drawn.sort((a, b) => rank(a.view) - rank(b.view) || (b.id === this.#selected) - (a.id === this.#selected) || (a.id < b.id ? -1 : 1));
    const stacks = [];
    for (const one of drawn) {
      const stack = stacks.find(([first]) => Math.hypot(first.x - one.x, first.y - one.y) < together);
      stack ? stack.push(one) : stacks.push([one]);
    }

    return stacks;
  }

  #drawPath(track) {
    const context = this.#context;
    const place = this.#place(track);
    const points = [place && [place.lon, place.lat], ...track.view.path].filter(Boolean).map(p => this.#map.project(p));
    if (points.length < 2) {
      return;
    }

    context.beginPath();
    points.forEach((p, i) => (i === 0 ? context.moveTo(p.x, p.y) : context.lineTo(p.x, p.y)));
    context.lineJoin = context.lineCap = "round";
    for (const [colour, width] of [[this.#colours.halo, 7], [this.#colours.path, 4]]) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.stroke();
    }

    this.#drawOwnPath();
    const end = points.at(-1);
    context.beginPath();
    context.arc(end.x, end.y, 5, 0, 2 * Math.PI);
    context.fillStyle = this.#colours.path;
    context.fill();
  }

  /** Dotted over the way that is ordered: where the vehicle itself is about to drive. */
  #drawOwnPath() {
    if (this.#ownPath.length < 2) {
      return;
    }

    const context = this.#context;
    context.save();
    context.lineCap = "round";
    for (const [colour, width] of [[this.#colours.halo, 6], [this.#colours.vehicle, 3.5]]) {
      context.beginPath();
      this.#ownPath.map(p => this.#map.project(p)).forEach((p, i) => (i === 0 ? context.moveTo(p.x, p.y) : context.lineTo(p.x, p.y)));
      context.setLineDash([0.1, 8]);
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.stroke();
    }

    context.restore();
  }

  /** Pixels of a metre here. */
  #metrePx() {
    const { lng, lat } = this.#map.getCenter();
    const a = this.#map.project([lng, lat]);
    const b = this.#map.project([lng, lat + 0.001]);
    return Math.abs(b.y - a.y) / 111.195;
  }

  #bringIntoSight() {
    const place = this.#wanted === null ? null : this.#place(this.#tracks.get(this.#wanted) ?? { fixes: [] });
    if (!place || this.#map.isMoving()) {
      return;
    }

    this.#wanted = null;
    const { x, y } = this.#project(place);
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    const covered = this.#coveredPx < 0.6 * width ? this.#coveredPx : 0;
    if (x < covered + 0.05 * width || x > 0.95 * width || y < 0.05 * height || y > 0.95 * height || this.#map.getZoom() < 14) {
      this.#map.easeTo({ center: [place.lon, place.lat], zoom: Math.max(this.#map.getZoom(), 15), offset: [covered / 2, 0], duration: this.#calm.matches ? 0 : 500 });
    }
  }

  /** The time of which the picture is: late enough that the next report is usually known. */
  #playback(track) {
    return this.#clock.now() - 1.15 * track.intervalMs - batchMs * this.#clock.speed;
  }

  #isMoving(track) {
    const [a, b] = track.fixes.slice(-2);
    return !this.#calm.matches && b !== undefined && this.#playback(track) < b.t && (a.lon !== b.lon || a.lat !== b.lat || track.fixes.length > 2);
  }

  #place(track) {
    const { fixes } = track;
    if (fixes.length < 2 || this.#calm.matches) {
      fixes.splice(0, fixes.length - 1);
      return fixes[0];
    }

    const time = this.#playback(track);
    while (fixes.length > 2 && fixes[1].t <= time) {
      fixes.shift();
    }

    const [a, b] = fixes;
    if (time >= b.t) {
      return b;
    }

    const share = b.t - a.t > maxGapMs ? 0 : Math.max(0, (time - a.t) / (b.t - a.t));
    const turn = ((b.heading - a.heading + 540) % 360) - 180;
    return { lon: a.lon + share * (b.lon - a.lon), lat: a.lat + share * (b.lat - a.lat), heading: a.heading + share * turn };
  }

  #project(place) {
    return place ? this.#map.project([place.lon, place.lat]) : null;
  }

  /** Moves the map only when the vehicle nears its edge: a map that creeps all the time is hard to read. */
  #keepInSight(now) {
    const track = this.#tracks.get(this.#followed);
    const place = track && this.#place(track);
    if (!place || this.#map.isMoving()) {
      return;
    }

    const { x, y } = this.#project(place);
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    if (now || Math.abs(x / width - 0.5) > 0.28 || Math.abs(y / height - 0.5) > 0.28) {
      this.#map.easeTo({ center: [place.lon, place.lat], zoom: now ? Math.max(this.#map.getZoom(), 16) : this.#map.getZoom(), duration: 700 });
    }
  }

  #resize() {
    this.#canvas.width = this.#canvas.clientWidth * devicePixelRatio;
    this.#canvas.height = this.#canvas.clientHeight * devicePixelRatio;
    this.redraw();
  }
}

/** On the right, but on the left where something is there already and the left is free. */
function placeLabels(context, signs) {
  const taken = signs.map(signBox);
  for (const sign of signs) {
    const right = labelBox(context, sign);
    const left = labelBox(context, { ...sign, labelIsLeft: true });
    sign.labelIsLeft = taken.some(box => overlap(box, right)) && !taken.some(box => overlap(box, left));
    taken.push(sign.labelIsLeft ? left : right);
  }
}

const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

function labelOf(names) {
  return names.length > namesShown ? `${names[0]} + ${names.length - 1}` : names.join(", ");
}
