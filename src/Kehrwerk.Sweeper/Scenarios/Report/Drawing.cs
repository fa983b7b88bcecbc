using System.Globalization;
using System.Net;
using System.Text;
using Kehrwerk.Streets;

namespace Kehrwerk.Sweeper.Scenarios.Report;

/// <summary>Draws a run as SVG: from above, and over time.</summary>
internal static class Drawing
{
    private const int WidthPx = 880;

    /// <summary>The scene from above: kerbs, the vehicle's way with its box every two seconds, the others where they were at the worst moment.</summary>
    public static string FromAbove(RunTrace trace, string title)
    {
        var worst = WorstMoment(trace);
        var (fromX, fromY, toX, toY) = Extent(trace, worst);
        var scale = WidthPx / Math.Max(toX - fromX, 1);
        var height = Math.Clamp((toY - fromY) * scale, 120, 600);
        var svg = Begin(title, height);
        string At(MapPoint point) => Text($"{(point.X - fromX) * scale:F1},{height - ((point.Y - fromY) * scale):F1}");
        string Line(IEnumerable<MapPoint> points) => string.Join(' ', points.Select(At));
        foreach (var kerb in trace.Kerbs)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<polyline class=\"kerb\" points=\"{Line(kerb)}\"/>");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<polyline class=\"way\" points=\"{Line(trace.Moments.Select(moment => moment.Vehicle.At))}\"/>");
        var next = 0.0;
        foreach (var moment in trace.Moments)
        {
            if (moment.TimeS >= next)
            {
                svg.Append(CultureInfo.InvariantCulture, $"<polygon class=\"ghost\" points=\"{Line(Corners(moment.Vehicle))}\"/>");
                next = moment.TimeS + 2;
            }
        }

        foreach (var way in Ways(trace))
        {
            svg.Append(CultureInfo.InvariantCulture, $"<polyline class=\"other-way\" points=\"{Line(way)}\"/>");
        }

        foreach (var other in worst.Others)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<polygon class=\"other\" points=\"{Line(Corners(other))}\"><title>{WebUtility.HtmlEncode(other.Id)}</title></polygon>");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<polygon class=\"vehicle\" points=\"{Line(Corners(worst.Vehicle))}\"/>");
        return svg.Append("</svg>").ToString();
    }

    /// <summary>Speed and distance over time, each in its own band, with what happened as vertical lines.</summary>
    public static string OverTime(RunTrace trace, string title, string speedName, string distanceName)
    {
        const double bandPx = 90;
        var lasts = Math.Max(trace.Moments[^1].TimeS, 1);
        var svg = Begin(title, (2 * bandPx) + 20);
        double X(double timeS) => 40 + ((WidthPx - 50) * timeS / lasts);
        foreach (var (timeS, _) in trace.Events)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"event\" x1=\"{X(timeS):F1}\" x2=\"{X(timeS):F1}\" y1=\"0\" y2=\"{2 * bandPx:F0}\"/>");
        }

        Band(0, speedName, moment => moment.SpeedMps * 3.6, 5);
        Band(bandPx, distanceName, moment => Math.Min(moment.DistanceM, 30), 5);
        for (var second = 0; second <= lasts; second += lasts > 100 ? 20 : lasts > 30 ? 5 : 1)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(second):F1}\" y=\"{(2 * bandPx) + 14:F0}\" text-anchor=\"middle\">{second}</text>");
        }

        return svg.Append("</svg>").ToString();

        void Band(double topPx, string name, Func<TraceMoment, double> value, double least)
        {
            var most = Math.Max(least, trace.Moments.Max(value));
            var points = trace.Moments.Select(moment => Text($"{X(moment.TimeS):F1},{topPx + bandPx - 6 - ((bandPx - 20) * value(moment) / most):F1}"));
            svg.Append(CultureInfo.InvariantCulture, $"<polyline class=\"series\" points=\"{string.Join(' ', points)}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"36\" y=\"{topPx + 14:F0}\" text-anchor=\"end\">{most:F0}</text><text x=\"36\" y=\"{topPx + bandPx - 6:F0}\" text-anchor=\"end\">0</text>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"44\" y=\"{topPx + 14:F0}\">{WebUtility.HtmlEncode(name)}</text>");
        }
    }

    /// <summary>The moment of the least distance; of equal ones the first.</summary>
    public static TraceMoment WorstMoment(RunTrace trace) => trace.Moments.MinBy(moment => moment.DistanceM)!;

    private static StringBuilder Begin(string title, double height) =>
        new StringBuilder().Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {WidthPx} {height:F0}\" role=\"img\"><title>{WebUtility.HtmlEncode(title)}</title>");

    private static IEnumerable<IEnumerable<MapPoint>> Ways(RunTrace trace) =>
        from moment in trace.Moments
        from other in moment.Others
        group other.At by other.Id into way
        where way.Max(at => at.DistanceTo(way.First())) > 1
        select way;

    private static (double FromX, double FromY, double ToX, double ToY) Extent(RunTrace trace, TraceMoment worst)
    {
        var points = trace.Moments.Select(moment => moment.Vehicle.At).Concat(worst.Others.Where(other => other.At.DistanceTo(worst.Vehicle.At) < 40).Select(other => other.At)).ToArray();
        const double aroundM = 8;
        return (points.Min(p => p.X) - aroundM, points.Min(p => p.Y) - aroundM, points.Max(p => p.X) + aroundM, points.Max(p => p.Y) + aroundM);
    }

    private static IEnumerable<MapPoint> Corners(Box box)
    {
        var (c, s) = (Math.Cos(box.HeadingRad), Math.Sin(box.HeadingRad));
        foreach (var (ahead, left) in new[] { (1, 1), (1, -1), (-1, -1), (-1, 1) })
        {
            var (x, y) = (ahead * box.LengthM / 2, left * box.WidthM / 2);
            yield return new(box.At.X + (x * c) - (y * s), box.At.Y + (x * s) + (y * c));
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
