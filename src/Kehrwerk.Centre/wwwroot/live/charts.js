// A small line of a value over the last hour, with its figures in words beneath: the picture says nothing that the words do not.

import { t } from "./texts.js";

const [width, height] = [240, 44];
const namespace = "http://www.w3.org/2000/svg";

/** @param values one for each of equal steps, null where nothing is known */
export function chart(name, values, { most, text }) {
  const figure = document.createElement("figure");
  figure.className = "chart";
  const known = values.filter(value => value !== null);
  const top = Math.max(most, ...known);
  const picture = element("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true", preserveAspectRatio: "none" });
  picture.append(element("path", { class: "chart__base", d: `M0 ${height - 0.5}H${width}M0 .5H${width}` }), element("path", { class: "chart__line", d: line(values, top) }));
  const caption = document.createElement("figcaption");
  caption.append(
    Object.assign(document.createElement("strong"), { textContent: name }), " ",
    known.length === 0 ? t("Detail.NoData") : t("Detail.Now", text(known.at(-1)), text(Math.min(...known)), text(Math.max(...known))));
  figure.append(picture, caption);
  return figure;
}

/** Where nothing is known the line has a gap. */
function line(values, top) {
  let path = "";
  let isOn = false;
  values.forEach((value, i) => {
    if (value === null) {
      isOn = false;
      return;
    }

    path += `${isOn ? "L" : "M"}${((i * width) / (values.length - 1)).toFixed(1)} ${(height - 1 - (value / top) * (height - 2)).toFixed(1)}`;
    isOn = true;
  });
  return path;
}

function element(tag, attributes) {
  const made = document.createElementNS(namespace, tag);
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
  return made;
}
