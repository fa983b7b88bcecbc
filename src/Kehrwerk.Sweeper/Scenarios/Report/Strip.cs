using System.Globalization;
using System.Net;
using System.Text;
using Kehrwerk.Link.Messages;
using Kehrwerk.Streets;

namespace Kehrwerk.Sweeper.Scenarios.Report;

/// <summary>Draws a run as a strip of frames seen from above, like stills of a film: an SVG file that stands alone. Its captions need no language.</summary>
internal static class Strip
{
    private const int Columns = 2, Rows = 3, FramePx = 560, GapPx = 10, CaptionPx = 26;
    private const double AsideM = 7, AroundM = 10;

    /// <param name="fromS">Time of the first frame; <paramref name="toS"/> of the last.</param>
    public static string Draw(RunTrace trace, double fromS, double toS)
    {
        var times = Enumerable.Range(0, Columns * Rows).Select(i => fromS + ((toS - fromS) * i / ((Columns * Rows) - 1))).ToArray();
        var frames = times.Select(time => trace.Moments.MinBy(moment => Math.Abs(moment.TimeS - time))!).ToArray();
        var (fromX, toX) = (frames.Min(frame => frame.Vehicle.At.X) - AroundM, frames.Max(frame => frame.Vehicle.At.X) + (2.2 * AroundM));
        var middleY = frames.Average(frame => frame.Vehicle.At.Y) / 4;
        var scale = FramePx / (toX - fromX);
        var heightPx = (int)Math.Clamp(2 * AsideM * scale, 120, 300);
        var (width, height) = ((Columns * (FramePx + GapPx)) + GapPx, (Rows * (heightPx + CaptionPx + GapPx)) + GapPx);
        var svg = new StringBuilder().Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" font-family="sans-serif">
            <style>.ground{"{fill:#dfe3da}"}.road{"{fill:#c3c6cb}"}.kerb{"{fill:none;stroke:#7b7f86;stroke-width:2}"}.way{"{fill:none;stroke:#0a7f3f;stroke-width:3;stroke-dasharray:2 5;stroke-linecap:round}"}
            .vehicle{"{fill:#ff8a00;stroke:#5a3000;stroke-width:1.5}"}.glass{"{fill:#2b3440}"}.car{"{fill:#6f7f95;stroke:#3c4755}"}.blue{"{fill:#1f5fe0;stroke:#0b2d78}"}.person{"{fill:#c2185b;stroke:#5f0b2d}"}.cyclist{"{fill:#7b1fa2;stroke:#3c0f50}"}
            .low{"{fill:#8d6e63;stroke:#4e342e}"}.flash{"{fill:#ffd400;stroke:#b08900}"}.bubble{"{fill:#fff;stroke:#333;stroke-width:1.5}"}.says{"{font-size:19px;font-weight:bold;text-anchor:middle;fill:#222}"}.now{"{font-size:17px;fill:#222}"}.no{"{font-size:17px;font-weight:bold;fill:#222}"}</style>
            <rect width="{width}" height="{height}" fill="#fff"/>
            """);
        for (var i = 0; i < frames.Length; i++)
        {
            var (x, y) = (GapPx + (i % Columns * (FramePx + GapPx)), GapPx + (i / Columns * (heightPx + CaptionPx + GapPx)));
            Frame(svg, trace, frames, i, new(x, y, heightPx, fromX, middleY, scale));
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"no\" x=\"{x + 4}\" y=\"{y + heightPx + 19}\">{i + 1}</text><text class=\"now\" x=\"{x + 26}\" y=\"{y + heightPx + 19}\">{Caption(frames[i], frames[0].TimeS)}</text>");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static string Caption(TraceMoment moment, double startS) => WebUtility.HtmlEncode(string.Create(
        CultureInfo.InvariantCulture, $"+{moment.TimeS - startS:F1} s   ·   {Math.Abs(moment.SpeedMps) * 3.6:F0} km/h   ·   {(Math.Abs(moment.SpeedMps) < 0.1 ? "■" : moment.AccelerationMps2 < -0.5 ? "▼" : "▶")}"));

    private static void Frame(StringBuilder svg, RunTrace trace, TraceMoment[] frames, int index, in View view)
    {
        var place = view;
        string At(MapPoint point) => string.Create(CultureInfo.InvariantCulture, $"{place.X + ((point.X - place.FromX) * place.Scale):F1},{place.Y + (place.HeightPx / 2.0) - ((point.Y - place.MiddleY) * place.Scale):F1}");
        string Line(IEnumerable<MapPoint> points) => string.Join(' ', points.Select(At));
        svg.Append(CultureInfo.InvariantCulture, $"<clipPath id=\"f{index}\"><rect x=\"{view.X}\" y=\"{view.Y}\" width=\"{FramePx}\" height=\"{view.HeightPx}\"/></clipPath><g clip-path=\"url(#f{index})\">");
        svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"ground\" x=\"{view.X}\" y=\"{view.Y}\" width=\"{FramePx}\" height=\"{view.HeightPx}\"/>");
        for (var k = 0; k + 1 < trace.Kerbs.Count; k += 2)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<polygon class=\"road\" points=\"{Line(trace.Kerbs[k].Concat(trace.Kerbs[k + 1].Reverse()))}\"/>");
        }

        foreach (var kerb in trace.Kerbs)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<polyline class=\"kerb\" points=\"{Line(kerb)}\"/>");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<polyline class=\"way\" points=\"{Line(trace.Moments.Where(moment => moment.TimeS <= frames[index].TimeS).Select(moment => moment.Vehicle.At))}\"/>");
        foreach (var other in frames[index].Others)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<polygon class=\"{ClassOf(other)}\" points=\"{Line(Corners(Larger(other), 1))}\"/>");
            if (other.LengthM > 3)
            {
                svg.Append(CultureInfo.InvariantCulture, $"<polygon class=\"glass\" points=\"{Line(Corners(other, 0.6).Take(2).Concat(Corners(other, 0.35).Take(2).Reverse()))}\"/>");
            }
        }

        var vehicle = frames[index].Vehicle;
        svg.Append(CultureInfo.InvariantCulture, $"<polygon class=\"vehicle\" points=\"{Line(Corners(vehicle, 1))}\"/><polygon class=\"glass\" points=\"{Line(Corners(vehicle, 1).Take(2).Concat(Corners(vehicle, 0.55).Take(2).Reverse()))}\"/>");
        if (Says(frames[index], Announcement.HazardLights))
        {
            foreach (var corner in Corners(vehicle, 1))
            {
                svg.Append(CultureInfo.InvariantCulture, $"<circle class=\"flash\" r=\"4.5\" {Centre(At(corner), 0)}/>");
            }
        }

        if (Sign(frames[index]) is { } sign)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<circle class=\"bubble\" r=\"15\" {Centre(At(vehicle.At), -38)}/><text class=\"says\" {Centre(At(vehicle.At), -31).Replace("cx", "x", StringComparison.Ordinal).Replace("cy", "y", StringComparison.Ordinal)}>{sign}</text>");
        }

        svg.Append("</g>");
    }

    private static string Centre(string at, double downPx)
    {
        var parts = at.Split(',');
        return string.Create(CultureInfo.InvariantCulture, $"cx=\"{parts[0]}\" cy=\"{double.Parse(parts[1], CultureInfo.InvariantCulture) + downPx:F1}\"");
    }

    private static bool Says(TraceMoment moment, Announcement one) => (moment.Announced & (1u << (int)one)) != 0;

    /// <summary>What the vehicle's display says, as a sign: it asks, waits, is about to move, goes round something.</summary>
    private static string? Sign(TraceMoment moment) =>
        Says(moment, Announcement.AskingForHelp) ? "?"
        : Says(moment, Announcement.SettingOff) ? "!"
        : Says(moment, Announcement.WaitingForYou) ? "…"
        : Says(moment, Announcement.MakingRoom) ? "↘"
        : Says(moment, Announcement.SwervingLeft) ? "↖"
        : Says(moment, Announcement.SwervingRight) ? "↗"
        : null;

    // A person of half a metre would be a dot.
    private static Box Larger(Box box) => box with { LengthM = Math.Max(box.LengthM, 0.9), WidthM = Math.Max(box.WidthM, 0.9) };

    private static string ClassOf(Box box) =>
        box.Id.Contains("emergency", StringComparison.OrdinalIgnoreCase) || box.Id.Contains("ambulance", StringComparison.OrdinalIgnoreCase) ? "blue"
        : box.LengthM < 1.2 && box.WidthM < 1.2 ? "person"
        : box.WidthM < 1 ? "cyclist"
        : box.LengthM < 2.5 ? "low"
        : "car";

    /// <summary>Front left and right, then back right and left.</summary>
    private static IEnumerable<MapPoint> Corners(Box box, double front)
    {
        var (c, s) = (Math.Cos(box.HeadingRad), Math.Sin(box.HeadingRad));
        foreach (var (ahead, left) in new[] { (front, 1.0), (front, -1.0), (-1.0, -1.0), (-1.0, 1.0) })
        {
            var (x, y) = (ahead * box.LengthM / 2, left * box.WidthM / 2);
            yield return new(box.At.X + (x * c) - (y * s), box.At.Y + (x * s) + (y * c));
        }
    }

    /// <summary>Where a frame lies on the sheet, and what of the plane it shows.</summary>
    private readonly record struct View(int X, int Y, int HeightPx, double FromX, double MiddleY, double Scale);
}
