// Where vehicles were: loaded in pieces of five minutes, a few of which are kept.

const pieceMs = 300_000;
const mostPieces = 8;
const oldS = 5;

/** Samples further apart than this are not joined: nobody knows the way between them. */
const maxGapMs = 6000;

/** What was known longer ago than this is not shown. */
const forgetMs = 120_000;

export class ReplayTracks {
  #pieces = new Map();

  isReady(time) {
    return this.#pieces.get(start(time))?.tracks !== undefined;
  }

  /** Loads the piece of a time, and the next one before it is needed; true where something new has come. */
  async want(time, speed) {
    const wanted = [start(time)];
    if (time + 10_000 * speed >= wanted[0] + pieceMs) {
      wanted.push(wanted[0] + pieceMs);
    }

    const loads = wanted.filter(from => !this.#pieces.has(from)).map(from => this.#load(from));
    await Promise.all(loads);
    return loads.length > 0;
  }

  /** Every vehicle as it was shown at a time. */
  at(time) {
    return (this.#pieces.get(start(time))?.tracks ?? []).map(track => viewOf(track, time - start(time))).filter(Boolean);
  }

  async #load(from) {
    this.#pieces.set(from, {});
    try {
      const response = await fetch(`/api/replay?from=${from}&to=${from + pieceMs}`, { headers: { Accept: "application/json" }, redirect: "manual" });
      if (!response.ok) {
        throw new Error(`replay: ${response.status}`);
      }

      const span = await response.json();
      this.#pieces.set(from, { tracks: span.vehicles, loadedAt: Date.now() });
      if (this.#pieces.size > mostPieces) {
        this.#pieces.delete(this.#pieces.keys().next().value);
      }
    } catch (error) {
      this.#pieces.delete(from);
      throw error;
    }
  }
}

const start = time => Math.floor(time / pieceMs) * pieceMs;

function viewOf(track, t) {
  // The last sample at or before the time.
  let [low, high] = [0, track.t.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    track.t[middle] <= t ? (low = middle + 1) : (high = middle);
  }

  const i = low - 1;
  if (i < 0 || t - track.t[i] > forgetMs) {
    return null;
  }

  const since = (t - track.t[i]) / 1000;
  const age = track.age[i] === null ? null : track.age[i] + since;
  const isOld = age === null || age > oldS || track.link[i] === "Lost" || track.link[i] === "NeverSeen";
  const j = i + 1;
  const isJoined = !isOld && j < track.t.length && track.lon[i] !== null && track.lon[j] !== null && track.t[j] - track.t[i] <= maxGapMs;
  const share = isJoined ? (t - track.t[i]) / (track.t[j] - track.t[i]) : 0;
  const between = (a, b) => a + share * (b - a);
  const attention = track.attention[i];
  return {
    id: track.id, name: track.name, activity: track.activity[i], attention, link: track.link[i], age, isOld,
    sign: sign(attention, track.activity[i]),
    kmh: track.kmh[i], battery: track.battery[i], hopper: track.hopper[i], water: track.water[i], swept: track.swept[i], path: [],
    fix: track.lon[i] === null ? null : isJoined
      ? { t, lon: between(track.lon[i], track.lon[j]), lat: between(track.lat[i], track.lat[j]), heading: track.heading[i] + share * ((((track.heading[j] - track.heading[i] + 540) % 360) + 360) % 360 - 180) }
      : { t, lon: track.lon[i], lat: track.lat[i], heading: track.heading[i] },
  };
}

/** As VehicleSign.cs has it. */
function sign(attention, activity) {
  const wrong = { Fault: "fault", Error: "fault", Deactivated: "stopped", Lost: "lost", Silent: "lost", Back: "lost", NeverSeen: "lost", Paused: "paused" }[attention];
  return wrong ?? { Sweeping: "sweeping", Charging: "depot", Tipping: "depot", Washing: "depot", FillingWater: "depot", Idle: "waiting", WaitingForBay: "waiting", WaitingForVehicle: "waiting" }[activity] ?? "driving";
}
