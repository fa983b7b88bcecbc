using Kehrwerk.Link.Messages;
using Kehrwerk.Streets;

namespace Kehrwerk.Sweeper.Zones;

/// <summary>Where along an arc, in metres from its start, a zone has something to say.</summary>
internal readonly record struct ZoneSpan(ZoneShape Shape, double FromM, double ToM);

/// <summary>
/// Finds where the way along an arc meets zones: for contour-based zones where any part of the vehicle would be inside (6.4.1.1), for
/// kinematic centre-based ones where its reference point would be and the direction of travel is not allowed (6.4.1.2). Pure.
/// </summary>
internal static class ZoneSpans
{
    // The line is looked at this often; the outline is taken larger by as much, so that nothing is missed between two looks.
    private const double StepM = 0.25;

    // "As precisely as its technical capabilities allow": a street's line bends this much within its direction.
    private const double AlongRad = Math.PI / 6;

    public static List<ZoneSpan> Of(MapPoint[] line, IEnumerable<ZoneShape> shapes, double vehicleLengthM, double vehicleWidthM)
    {
        var spans = new List<ZoneSpan>();
        var low = new MapPoint(line.Min(point => point.X), line.Min(point => point.Y));
        var high = new MapPoint(line.Max(point => point.X), line.Max(point => point.Y));
        foreach (var shape in shapes)
        {
            if (shape.MayTouch(low, high, vehicleLengthM + vehicleWidthM))
            {
                Add(spans, shape, line, vehicleLengthM, vehicleWidthM);
            }
        }

        return spans;
    }

    /// <summary>Whether a direction of travel is against the zone; false for zones without one.</summary>
    public static bool IsAgainst(Zone zone, double headingRad)
    {
        var offRad = Math.Abs(Math.IEEERemainder(headingRad - (zone.Direction ?? 0), 2 * Math.PI));
        return (zone.ZoneType, zone.Limitation) switch
        {
            (ZoneType.Directed, DirectionLimitation.Restricted) => offRad > Math.PI / 2,
            (ZoneType.Directed, DirectionLimitation.Strict) => offRad > AlongRad,
            (ZoneType.Bidirected, DirectionLimitation.Restricted) => Math.Min(offRad, Math.PI - offRad) > AlongRad,
            _ => false,
        };
    }

    private static void Add(List<ZoneSpan> spans, ZoneShape shape, MapPoint[] line, double lengthM, double widthM)
    {
        var isByCentre = shape.Zone.ZoneType is ZoneType.Directed or ZoneType.Bidirected;
        double? fromM = null;
        var (toM, alongM) = (0.0, 0.0);
        for (var i = 1; i < line.Length; i++)
        {
            var pieceM = line[i - 1].DistanceTo(line[i]);
            var headingRad = Math.Atan2(line[i].Y - line[i - 1].Y, line[i].X - line[i - 1].X);
            var looks = Math.Max(1, (int)Math.Ceiling(pieceM / StepM));
            for (var k = 0; k <= looks; k++)
            {
                var point = line[i - 1].Towards(line[i], (double)k / looks);
                var isMet = shape.MayTouch(point, point, lengthM + widthM) && (isByCentre
                    ? IsAgainst(shape.Zone, headingRad) && shape.Contains(point)
                    : shape.Touches(new(point, headingRad, (lengthM / 2) + StepM, (widthM / 2) + StepM)));
                if (isMet)
                {
                    toM = alongM + (pieceM * k / looks);
                    fromM ??= toM;
                }
                else if (fromM is { } start)
                {
                    spans.Add(new(shape, start, toM));
                    fromM = null;
                }
            }

            alongM += pieceM;
        }

        if (fromM is { } last)
        {
            spans.Add(new(shape, last, toM));
        }
    }
}
