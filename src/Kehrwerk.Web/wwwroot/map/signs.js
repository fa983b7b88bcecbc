// Draws one vehicle. Its state shows in its outline; colour only repeats it.

const radius = 11;
const labelGap = radius + 9;
const labelFont = "600 13px 'Fira Sans', sans-serif";

const urgency = ["Fault", "Deactivated", "Lost", "Silent", "Back", "Error", "Paused", "NeverSeen", "None"];

/** 0 for the vehicle that needs a person first, more for one that needs a person less. */
export const rank = view => urgency.indexOf(view.attention);

/** @param v { x, y, heading, label, labelIsLeft, sign, attention, stale, selected } in pixels and degrees clockwise from north */
export function drawVehicle(context, colours, v) {
  const alarm = v.sign === "fault" || v.sign === "stopped";
  const hollow = v.stale || v.sign === "lost";
  const warns = v.attention === "Paused" || v.attention === "Error";
  const colour = warns ? colours.warn : alarm ? colours.alarm : hollow ? colours.stale : colours.vehicle;
  context.save();
  context.translate(v.x, v.y);
  if (v.selected) {
    ring(context, colours.halo, 7);
    ring(context, colours.path, 3.5);
  }

  context.lineJoin = context.lineCap = "round";
  if (!alarm) {
    tip(context, v.heading, hollow ? colours.halo : colour, hollow ? colour : colours.halo);
  }

  outline(context, v.sign);
  context.fillStyle = hollow ? colours.halo : colour;
  context.fill();
  context.lineWidth = 2;
  context.strokeStyle = hollow ? colour : colours.halo;
  context.setLineDash(hollow ? [3, 3] : []);
  context.stroke();
  context.setLineDash([]);
  context.strokeStyle = context.fillStyle = hollow ? colour : colours.vehicleText;
  glyph(context, hollow && !alarm ? "lost" : v.sign);
  label(context, colours, v.label, v.labelIsLeft, hollow ? colours.labelMuted : colours.label);
  context.restore();
}

function ring(context, colour, width) {
  context.beginPath();
  context.arc(0, 0, radius + 7, 0, 2 * Math.PI);
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke();
}

function tip(context, headingDeg, fill, stroke) {
  context.save();
  context.rotate((headingDeg * Math.PI) / 180);
  context.beginPath();
  context.moveTo(-7, -radius + 2);
  context.lineTo(0, -radius - 8);
  context.lineTo(7, -radius + 2);
  context.closePath();
  context.fillStyle = fill;
  context.strokeStyle = stroke;
  context.lineWidth = 2;
  context.fill();
  context.stroke();
  context.restore();
}

function outline(context, sign) {
  context.beginPath();
  if (sign === "stopped") {
    for (let corner = 0; corner < 8; corner++) {
      const angle = ((corner + 0.5) * Math.PI) / 4;
      context.lineTo((radius + 2) * Math.cos(angle), (radius + 2) * Math.sin(angle));
    }
  } else if (sign === "fault") {
    context.moveTo(0, -radius - 4);
    context.lineTo(radius + 4, radius);
    context.lineTo(-radius - 4, radius);
  } else {
    context.arc(0, 0, radius, 0, 2 * Math.PI);
  }

  context.closePath();
}

function glyph(context, sign) {
  context.lineWidth = 2.4;
  context.beginPath();
  switch (sign) {
    case "stopped":
      context.moveTo(-4, -4);
      context.lineTo(4, 4);
      context.moveTo(4, -4);
      context.lineTo(-4, 4);
      break;
    case "fault":
      context.moveTo(0, -6);
      context.lineTo(0, 2);
      context.moveTo(0, 6.4);
      context.lineTo(0, 6.6);
      break;
    case "paused":
      context.moveTo(-3, -4.5);
      context.lineTo(-3, 4.5);
      context.moveTo(3, -4.5);
      context.lineTo(3, 4.5);
      break;
    case "lost":
      context.font = "600 14px 'Fira Sans', sans-serif";
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.fillText("?", 0, 1);
      break;
    case "sweeping":
      for (const x of [-4, 0, 4]) {
        context.moveTo(0, -4);
        context.lineTo(x, 5);
      }

      break;
    case "depot":
      context.moveTo(-5, 4.5);
      context.lineTo(-5, -1);
      context.lineTo(0, -5.5);
      context.lineTo(5, -1);
      context.lineTo(5, 4.5);
      break;
    case "waiting":
      context.moveTo(0, -5);
      context.lineTo(0, 0);
      context.lineTo(4, 2);
      break;
    default:
      context.arc(0, 0, 2.5, 0, 2 * Math.PI);
      break;
  }

  context.stroke();
}

/** Where a label lies beside its sign. */
export function labelBox(context, v) {
  context.font = labelFont;
  const width = context.measureText(v.label).width;
  const left = v.labelIsLeft ? v.x - labelGap - width : v.x + labelGap;
  return { left, right: left + width, top: v.y - 8, bottom: v.y + 8 };
}

/** What a sign itself covers. */
export const signBox = v => ({ left: v.x - radius, right: v.x + radius, top: v.y - radius, bottom: v.y + radius });

function label(context, colours, text, isLeft, colour) {
  const x = isLeft ? -labelGap : labelGap;
  context.font = labelFont;
  context.textAlign = isLeft ? "right" : "left";
  context.textBaseline = "middle";
  context.lineWidth = 4;
  context.strokeStyle = colours.halo;
  context.strokeText(text, x, 1);
  context.fillStyle = colour;
  context.fillText(text, x, 1);
}
