using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Kehrwerk.Link.Messages;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Routing;

namespace Kehrwerk.Centre.Missions;

/// <summary>
/// The closures of the city's network as a zone set (VDA 5050 3.0.0, 6.4): each segment that is closed in every direction becomes BLOCKED
/// zones, one for each straight piece, narrow and short of the crossings, so that traffic across and beside it is free. What is closed in
/// one direction only the Centre keeps by itself, in the ways it orders. The id names the content: the same closures give the same set.
/// </summary>
public static class ClosureZones
{
    /// <summary>The ids of all zone sets that are made here begin so.</summary>
    public const string Prefix = "closures-";

    /// <summary>The set without a zone.</summary>
    public const string NoneId = Prefix + "none";

    // Half the width of a zone: enough to be met by whoever drives along the line.
    private const double HalfWidthM = 1;

    // So much of the street before each crossing stays free, for vehicles that turn there; of a short street a third.
    private const double FreeEndM = 8;
    private const double LeastM = 0.5;

    public static ZoneSetContent Of(City city, Closures closures)
    {
        var streets = city.Streets;
        var segments = closures.Arcs
            .Where(arc => streets.ArcReverse[arc] < 0 || closures.Contains(streets.ArcReverse[arc]))
            .Select(arc => streets.ArcSegment[arc])
            .Distinct()
            .ToList();
        var zones = segments.SelectMany(segment => Pieces(streets, segment)).ToImmutableArray();
        var id = segments.Count == 0 ? NoneId : Prefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
            string.Join('\n', segments.Select(segment => $"{streets.SegmentWayId[segment]}.{streets.SegmentPiece[segment]}").Order(StringComparer.Ordinal)))))[..16];
        return new(city.Fingerprint, id, zones, "closed streets");
    }

    /// <summary>Whether a vehicle at a place may be within a zone or so near that it could not halt before it.</summary>
    public static bool IsNear(ZoneSetContent set, MapPoint place, double withinM) =>
        set.Zones.Any(zone => zone.Vertices.Min(v => v.X) - withinM <= place.X && place.X <= zone.Vertices.Max(v => v.X) + withinM
            && zone.Vertices.Min(v => v.Y) - withinM <= place.Y && place.Y <= zone.Vertices.Max(v => v.Y) + withinM);

    private static IEnumerable<Zone> Pieces(StreetNetwork streets, int segment)
    {
        var line = streets.SegmentLine(segment).ToArray();
        var lengthM = line.Zip(line.Skip(1)).Sum(piece => piece.First.DistanceTo(piece.Second));
        var freeM = Math.Min(FreeEndM, lengthM / 3);
        var alongM = 0.0;
        for (var i = 1; i < line.Length; i++)
        {
            var pieceM = line[i - 1].DistanceTo(line[i]);
            var (fromM, toM) = (Math.Max(freeM - alongM, 0), Math.Min(lengthM - freeM - alongM, pieceM));
            if (toM - fromM >= LeastM)
            {
                var id = string.Create(CultureInfo.InvariantCulture, $"{streets.SegmentWayId[segment]}.{streets.SegmentPiece[segment]}-{i}");
                yield return new(id, ZoneType.Blocked, Rectangle(line[i - 1].Towards(line[i], fromM / pieceM), line[i - 1].Towards(line[i], toM / pieceM)), streets.SegmentName(segment));
            }

            alongM += pieceM;
        }
    }

    /// <summary>Counter-clockwise, as zones are given (7.6).</summary>
    private static ImmutableArray<Vertex> Rectangle(MapPoint from, MapPoint to)
    {
        var lengthM = from.DistanceTo(to);
        var (x, y) = (-(to.Y - from.Y) / lengthM * HalfWidthM, (to.X - from.X) / lengthM * HalfWidthM);
        return [new(from.X - x, from.Y - y), new(to.X - x, to.Y - y), new(to.X + x, to.Y + y), new(from.X + x, from.Y + y)];
    }
}
