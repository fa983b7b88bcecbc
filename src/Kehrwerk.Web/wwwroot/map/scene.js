// A vehicle's surroundings on a close map: the paths that it proposes and the objects that it sees, as outlines in their true size.

const font = "600 14px 'Fira Sans', sans-serif";
const smallFont = "500 12px 'Fira Sans', sans-serif";

/**
 * @param scene see Vehicles.setScene
 * @param project from longitude and latitude to pixels
 * @param metrePx pixels of a metre
 */
export function drawScene(context, colours, scene, project, metrePx) {
  context.save();
  context.lineJoin = context.lineCap = "round";
  scene.seen.forEach(object => drawObject(context, colours, object, project([object.lon, object.lat]), metrePx));
  // The chosen one last, over the others.
  for (const path of scene.paths.toSorted((a, b) => a.isChosen - b.isChosen)) {
    drawPath(context, colours, path, path.points.map(project));
  }

  context.restore();
}

function drawObject(context, colours, object, at, metrePx) {
  const length = Math.max(6, (object.lengthM ?? 1) * metrePx);
  const width = Math.max(6, (object.widthM ?? 1) * metrePx);
  context.save();
  context.translate(at.x, at.y);
  context.rotate(((object.heading - 90) * Math.PI) / 180);
  context.beginPath();
  context.rect(-length / 2, -width / 2, length, width);
  context.fillStyle = object.blocks ? colours.alarm : colours.halo;
  context.globalAlpha = object.blocks ? 0.75 : 0.6;
  context.fill();
  context.globalAlpha = 1;
  context.lineWidth = 2;
  context.strokeStyle = object.blocks ? colours.alarm : colours.stale;
  context.stroke();
  context.restore();
  text(context, colours, smallFont, object.name, at.x, at.y - width / 2 - 8);
}

function drawPath(context, colours, path, points) {
  const line = (colour, width, dash) => {
    context.beginPath();
    points.forEach((p, i) => (i === 0 ? context.moveTo(p.x, p.y) : context.lineTo(p.x, p.y)));
    context.setLineDash(dash);
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.stroke();
    context.setLineDash([]);
  };
  line(colours.halo, path.isChosen ? 9 : 6, []);
  line(colours.path, path.isChosen ? 5 : 2.5, path.isChosen ? [] : [7, 7]);
  const end = points.at(-1);
  context.beginPath();
  context.arc(end.x, end.y, 12, 0, 2 * Math.PI);
  context.fillStyle = path.isChosen ? colours.path : colours.halo;
  context.fill();
  context.lineWidth = 2;
  context.strokeStyle = path.isChosen ? colours.halo : colours.path;
  context.stroke();
  context.font = font;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = path.isChosen ? colours.halo : colours.path;
  context.fillText(String(path.number), end.x, end.y + 1);
}

function text(context, colours, style, words, x, y) {
  context.font = style;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineWidth = 4;
  context.strokeStyle = colours.halo;
  context.strokeText(words, x, y);
  context.fillStyle = colours.label;
  context.fillText(words, x, y);
}
