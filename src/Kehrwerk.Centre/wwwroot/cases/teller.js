// Says that a case needs somebody: to screen readers in one sentence for all that came together, and by sound and speech where
// a person has switched them on in this browser.

import { announce, byId, language, t } from "../live/texts.js";
import { compare, title, where } from "./words.js";

const gatherMs = 1500;
const quietMs = 8000;
const store = { sound: "kehrwerk.sound", speech: "kehrwerk.speech" };

export class CaseTeller {
  #waiting = [];
  #timer = null;
  #toldAt = -Infinity;
  #audio = null;
  #before = ["sound"];

  constructor() {
    for (const kind of Object.keys(store)) {
      const button = byId(`case-${kind}`);
      this.#show(kind, localStorage.getItem(store[kind]) === "on");
      button.addEventListener("click", () => this.#set(kind, !this.#isOn(kind)));
    }
  }

  /** @param views cases that are new or have escalated */
  tell(views) {
    this.#waiting.push(...views);
    // Whatever comes together or shortly after is one sentence: a flood of them would help nobody.
    this.#timer ??= setTimeout(() => this.#say(), Math.max(gatherMs, this.#toldAt + quietMs - performance.now()));
  }

  /** One key for silence, and back to what was on. */
  toggleMute() {
    const on = Object.keys(store).filter(kind => this.#isOn(kind));
    if (on.length > 0) {
      this.#before = on;
      on.forEach(kind => this.#set(kind, false));
      speechSynthesis?.cancel();
      announce(t("Cases.Muted"));
    } else {
      this.#before.forEach(kind => this.#set(kind, true));
      announce(t("Cases.Unmuted"));
    }
  }

  #say() {
    const views = this.#waiting.sort(compare);
    this.#waiting = [];
    this.#timer = null;
    this.#toldAt = performance.now();
    const first = views[0];
    const text = views.length > 1 ? t("Cases.NewMany", views.length, title(first), where(first))
      : first.level > 0 ? t("Cases.Escalated", title(first), where(first))
      : t("Cases.New", title(first), where(first), t(`Priority.${first.priority}`));
    const isUrgent = views.some(view => view.priority === "High" || view.level > 0 || "ABC".includes(view.class));
    announce(text, { urgent: isUrgent });
    if (this.#isOn("sound")) {
      this.#beep(isUrgent);
    }

    if (this.#isOn("speech") && "speechSynthesis" in window) {
      speechSynthesis.speak(Object.assign(new SpeechSynthesisUtterance(text), { lang: language }));
    }
  }

  /** Two tones for what is urgent, one low one for the rest. */
  #beep(isUrgent) {
    this.#audio ??= new AudioContext();
    const at = this.#audio.currentTime;
    (isUrgent ? [[880, 0], [660, 0.18]] : [[440, 0]]).forEach(([hertz, after]) => {
      const tone = this.#audio.createOscillator();
      const loudness = this.#audio.createGain();
      tone.frequency.value = hertz;
      loudness.gain.setValueAtTime(0.15, at + after);
      loudness.gain.exponentialRampToValueAtTime(0.001, at + after + 0.16);
      tone.connect(loudness).connect(this.#audio.destination);
      tone.start(at + after);
      tone.stop(at + after + 0.17);
    });
  }

  #isOn(kind) {
    return byId(`case-${kind}`).getAttribute("aria-pressed") === "true";
  }

  #set(kind, isOn) {
    localStorage.setItem(store[kind], isOn ? "on" : "off");
    this.#show(kind, isOn);
    if (kind === "sound" && isOn) {
      // The click or key that switched it on is what browsers want before they let a page be heard.
      this.#audio ??= new AudioContext();
      this.#audio.resume();
    }
  }

  #show(kind, isOn) {
    byId(`case-${kind}`).setAttribute("aria-pressed", String(isOn));
  }
}
