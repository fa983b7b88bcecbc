// The level detail: levels over time, errors with what to do, supervision, order, zones, requests.

import { chart } from "./charts.js";
import { byId, decimal, isText, kmhText, percent, setText, t, timeOfDay } from "./texts.js";

export class DetailLevel {
  #clock;

  constructor(clock) {
    this.#clock = clock;
  }

  fail() {
    setText(byId("detail-state"), t("Level.Failed"));
  }

  show(detail) {
    setText(byId("detail-state"), "");
    if (detail.levels) {
      const { from, to, battery, hopper, water, kmh } = detail.levels;
      byId("charts").replaceChildren(
        chart(t("Level.Battery"), battery, { from, to, most: 100, text: percent }),
        chart(t("Level.Hopper"), hopper, { from, to, most: 100, text: percent }),
        chart(t("Level.Water"), water, { from, to, most: 100, text: percent }),
        chart(t("Detail.Kmh"), kmh, { from, to, most: 30, text: kmhText }));
    }

    byId("detail-errors").replaceChildren(...(detail.errors.length === 0 ? [make("li", "", t("Detail.NoErrors"))] : detail.errors.map(errorItem)));
    facts("detail-lease", this.#lease(detail.lease));
    facts("detail-order", order(detail.order));
    facts("detail-zones", zones(detail.zones));
    facts("detail-requests", detail.requests.length === 0 ? [[t("Detail.NoRequests"), ""]] : detail.requests.map(one => [t(`Request.${one.kind}`, one.place), t(`Request.${one.status}`)]));
  }

  #lease(lease) {
    const rows = [
      [t("Detail.Supervised"), t(lease.isSupervised ? "Detail.Yes" : "Detail.No")],
      [t("Detail.OnDuty"), t(lease.onDuty ? "Detail.Yes" : "Detail.No")],
      [t("Detail.Mode"), lease.mode ? t(`Mode.${lease.mode}`) : "–"],
      [t("Detail.Epoch"), t("Detail.EpochOf", lease.centreEpoch, lease.epoch ?? "–")],
      [t("Detail.LeaseId"), lease.givenAt === null ? t("Detail.LeaseNone") : t("Detail.LeaseOf", lease.givenId, this.#clock.ageOf(lease.givenAt), lease.takenId ?? "–")],
      [t("Detail.LeaseAge"), lease.takenAgeS === null ? "–" : t("Detail.LeaseAgeOf", decimal(lease.takenAgeS), decimal(lease.timeoutS))],
      [t("Detail.Events"), String(lease.eventsWaiting)],
    ];
    if (lease.refusal) {
      rows.push([t("Detail.Refusal"), lease.refusal]);
    }

    if (lease.mrc) {
      const cause = `Detail.MinimalRisk.${lease.cause}`;
      rows.push([t("Detail.Mrc"), lease.mrc], [t("Detail.Cause"), isText(cause) ? t(cause) : (lease.cause ?? "–")]);
      if (lease.since !== null) {
        rows.push([t("Detail.Since"), timeOfDay(lease.since)]);
      }
    }

    return rows;
  }
}

function order(one) {
  if (!one) {
    return [[t("Level.WayNone"), ""]];
  }

  return [
    [t("Detail.Order"), t("Detail.OrderOf", one.id, one.update)],
    [t("Detail.Edges"), t("Detail.EdgesOf", one.base, one.edges)],
    [t("Detail.Shown"), t(one.isShown ? "Detail.Yes" : "Detail.No")],
    [t("Detail.Running"), one.action || "–"],
    [t("Detail.Bay"), one.bay ?? "–"],
    [t("Detail.Commands"), String(one.commands)],
  ];
}

function zones(one) {
  const rows = one.sets.map(([id, status]) => [id, t(`Zone.${status}`)]);
  if (one.wanted) {
    rows.push([t("Detail.ZonesWanted", one.wanted), one.fault ?? ""]);
  }

  return rows.length === 0 ? [[t("Detail.NoZones"), one.fault ?? ""]] : rows;
}

function errorItem(error) {
  const item = make("li", "error-list__item", "");
  item.dataset.level = error.level;
  const known = `Error.${error.type}`;
  item.append(make("strong", "", isText(known) ? t(known) : error.type), ` (${t(`ErrorLevel.${error.level}`)})`);
  if (error.text) {
    item.append(make("span", "error-list__text", error.text));
  }

  if (error.hint) {
    item.append(make("span", "error-list__hint", `${t("Detail.Hint")}: ${error.hint}`));
  }

  return item;
}

/** Fills a list of facts; what has not changed stays, so that nothing is read aloud anew. */
export function facts(id, rows) {
  const list = byId(id);
  const key = JSON.stringify(rows);
  if (list.dataset.key !== key) {
    list.dataset.key = key;
    list.replaceChildren(...rows.map(([name, value]) => {
      const row = document.createElement("div");
      row.append(make("dt", "", name), make("dd", "", value));
      return row;
    }));
  }
}

function make(tag, className, text) {
  return Object.assign(document.createElement(tag), { className, textContent: text });
}
