// The Centre's clock, as the browser knows it. Ages are counted by it and never by the browser's own clock, which may
// be wrong and which does not run faster when the Centre's does.

import { language, t } from "./texts.js";

const staleMs = 3000;

/** The stream brings changes only every quarter of a second; in fast time that alone is a large age. */
const staleMsPerExtraSpeed = 500;

export class CentreClock {
  #offset = null;
  speed = 1;

  /** @param now the Centre's time in milliseconds, as the message that has just come says */
  sync(now, speed) {
    const offset = now - performance.now() * speed;
    if (speed !== this.speed || this.#offset === null || Math.abs(offset - this.#offset) > 5000 * speed) {
      this.#offset = offset;
    } else {
      // The message with the least delay is nearest to the truth; others only pull slowly, in case the clocks drift.
      this.#offset = Math.max(offset, this.#offset + 0.01 * (offset - this.#offset));
    }

    this.speed = speed;
  }

  now() {
    return this.#offset === null ? Date.now() : this.#offset + performance.now() * this.speed;
  }

  ageMs(view) {
    return view.reportedAt === null ? Infinity : Math.max(0, this.now() - view.reportedAt);
  }

  isStale(view) {
    return this.ageMs(view) > staleMs + (this.speed - 1) * staleMsPerExtraSpeed;
  }

  ageText(view) {
    if (view.reportedAt === null) {
      return t("Age.None");
    }

    return this.isStale(view) ? t("Age.Stale", this.ageOf(view.reportedAt)) : this.ageOf(view.reportedAt);
  }

  /** How long a time is ago, in words. */
  ageOf(time) {
    const seconds = Math.floor(Math.max(0, this.now() - time) / 1000);
    return seconds < 120 ? t("Age.Seconds", seconds) : seconds < 7200 ? t("Age.Minutes", Math.floor(seconds / 60)) : t("Age.Hours", Math.floor(seconds / 3600));
  }

  text() {
    if (this.#offset === null) {
      return "";
    }

    const time = new Date(this.now()).toLocaleTimeString(language, { hourCycle: "h23" });
    return this.speed === 1 ? time : `${time} · ${t("Stream.Speed", this.speed)}`;
  }
}
