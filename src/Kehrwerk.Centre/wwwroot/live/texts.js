// Words of the page in its language, and small ways to show them.

const texts = JSON.parse(document.getElementById("texts").textContent);

export const language = document.documentElement.lang;
export const byId = id => document.getElementById(id);

/** The text of a key, with {0}, {1} … replaced. */
export const t = (key, ...values) => texts[key].replace(/\{(\d)\}/g, (_, i) => values[i]);

export const isText = key => key in texts;

/** A vehicle reports "type: description" in its own language; for a type that we know we have words of ours. */
export const errorText = error => texts[`Error.${error.split(":")[0]}`] ?? error;

const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });

/** With up to two digits; a dash where it is not known. */
export const decimal = value => (value === null || value === undefined ? "–" : fine.format(value));
export const number = value => whole.format(value);
export const percent = value => t("Percent", whole.format(value));
export const kmhText = value => t("Speed.Kmh", whole.format(value));
export const kmh = mps => t("Speed.Kmh", whole.format(mps * 3.6));
export const mission = view =>
  view.kerbsPlanned === 0 ? t("Mission.None")
  : t("Mission.Kerbs", view.kerbsSwept, view.kerbsPlanned) + (view.missedM > 0 ? t("Mission.Missed", number(view.missedM)) : "");

/** {0} and {1} stand only in the text for a vehicle that waits for another one. */
export const activityText = view => t(`Activity.${view.activity}`, view.waitsFor, view.waitsIn);
export const linkText = view => (view.signedOff ? t("Link.SignedOff") : t(`Link.${view.link}`));

/** What the vehicle shows to those around it: its display in the page's language, the light bands, and what it lets hear. */
export const shownText = shown =>
  !shown ? t("Shown.Unknown")
  : [
      shown[language === "en" ? "en" : "de"] && `„${shown[language === "en" ? "en" : "de"]}“`,
      texts[`Bands.${shown.lightBands}`],
      shown.sound !== "None" && texts[`Sound.${shown.sound}`],
    ].filter(Boolean).join(", ");

export const qualityText = view => t(`Quality.${view.quality?.grade ?? "Unknown"}`);
export const saidText = view => view.said.map(one => texts[`Said.${one}`] ?? one).join(", ") || t("Said.None");

export const clockText = view =>
  view.clockOffsetS === null ? t("Clock.Good")
  : view.clockOffsetS > 0 ? t("Clock.Ahead", whole.format(view.clockOffsetS))
  : t("Clock.Behind", whole.format(-view.clockOffsetS));

const clockTime = new Intl.DateTimeFormat(language, { timeStyle: "medium" });
export const timeOfDay = ms => clockTime.format(ms);

/** Writes only what has changed, so that nothing is laid out or read aloud anew without need. */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

export function setAttribute(element, name, value) {
  if (element.getAttribute(name) !== value) {
    element.setAttribute(name, value);
  }
}

const said = { announce: [], "announce-urgent": [] };

/** Says a sentence to screen readers. Several at once are joined, so that none cuts off another. */
export function announce(text, { urgent = false } = {}) {
  const place = urgent ? "announce-urgent" : "announce";
  said[place].push(text);
  if (said[place].length === 1) {
    setTimeout(() => {
      byId(place).textContent = said[place].join(". ");
      said[place] = [];
    }, 300);
  }
}
