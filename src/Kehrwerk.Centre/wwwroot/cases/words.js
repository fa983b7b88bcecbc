// Cases in words; CaseWords.cs has the same for the server.

import { errorText, isText, t, timeOfDay } from "../live/texts.js";

export const title = view => t(`Kind.${view.kind}`);
export const where = view => (view.vehicle ? view.name : t(`Place.${view.name}`));
export const cause = view => t(`Cause.${view.kind}`, detail(view));
export const kindLine = view => [t("Cases.Number", view.id), t(`Class.${view.class}`), t(`Priority.${view.priority}`)].join(" · ");

function detail(view) {
  const known = `Detail.${view.kind}.${view.detail}`;
  return isText(known) ? t(known)
    : view.kind === "VehicleErrors" ? view.detail.split(", ").map(errorText).join("; ")
    : view.kind === "VehicleFault" ? errorText(view.detail)
    : view.detail;
}

/** State, with whose it is. */
export function stateLine(view, me) {
  const owner = view.owner === me ? t("Cases.Mine") : view.owner;
  return view.owner ? `${t(`State.${view.state}`)}: ${owner}` : t(`State.${view.state}`);
}

/** What is left until it escalates, until when it is shelved, or how old it is. */
export function clockText(view, now) {
  if (view.shelvedUntil !== null) {
    return t("Cases.Until", minuteOfDay(view.shelvedUntil));
  }

  if (view.due === null) {
    return ageText(now - view.raisedAt);
  }

  const left = Math.ceil((view.due - now) / 1000);
  return left > 0 ? t("Cases.Left", `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`) : t("Cases.Over");
}

export function ageText(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return seconds < 120 ? t("Cases.Age.Seconds", seconds)
    : seconds < 7200 ? t("Cases.Age.Minutes", Math.floor(seconds / 60))
    : t("Cases.Age.Hours", Math.floor(seconds / 3600));
}

export const levelText = view => (view.level > 0 ? t("Cases.Level", view.level) : "");
export const stepText = step => (step.action ? `${t(`Step.${step.kind}`)}: ${t(`Action.${step.action}`)}` : t(`Step.${step.kind}`));
export const byText = by => (by === "centre" ? t("Centre") : by);
export { timeOfDay };

const minute = new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "short" });
const minuteOfDay = ms => minute.format(ms);

/** What has to be done first comes first: shelved and decided ones last, then class, priority and age. */
export const rank = view => [view.state === "Shelved" ? 2 : view.state === "Decided" ? 1 : 0, view.class, ["High", "Medium", "Low"].indexOf(view.priority), view.raisedAt, view.id];

export function compare(a, b) {
  const [x, y] = [rank(a), rank(b)];
  const i = x.findIndex((value, k) => value !== y[k]);
  return i < 0 ? 0 : x[i] < y[i] ? -1 : 1;
}
