using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Buffer;

namespace Kehrwerk.Streets.Demo;

/// <summary>Water and green: the river, the harbour basins, the green belt, parks, a cemetery and the market square.</summary>
internal static class Landscape
{
    public static void Draw(OsmFile file, TownPlan town, Dice dice)
    {
        var shape = town.Shape;
        file.Area(shape.RiverArea, ("natural", "water"), ("water", "river"), ("name", "Rhein"));
        file.Line(shape.RiverLine.Reverse().Select(p => p), ("waterway", "river"), ("name", "Rhein"));
        foreach (var basin in town.Harbour.Basins)
            file.Area(basin, ("natural", "water"), ("water", "harbour"));
        file.Area(town.MainRoads.Market, ("place", "square"), ("name", "Marktplatz"));
        Greens(file, town, dice);
    }

    private static void Greens(OsmFile file, TownPlan town, Dice dice)
    {
        string[] parkNames = ["Stadtpark", "Volksgarten", "Kaisergarten", "Rosengarten", "Bürgerpark", "Südpark", "Nordpark", "Schlosspark"];
        var (parks, cemeteries) = (0, 0);
        foreach (var (ring, zone) in town.Blocks.Greens)
        {
            var inset = Inset(ring, zone == Zone.WallGreen ? 9 : 8);
            if (inset.Count < 4)
                continue;
            if (zone == Zone.WallGreen)
                file.Area(inset, ("leisure", "park"), ("name", "Wallanlagen"));
            else if (zone == Zone.Suburb && cemeteries <= parks / 3)
                file.Area(inset, ("landuse", "cemetery"), ("name", cemeteries++ == 0 ? "Hauptfriedhof" : $"Friedhof {cemeteries}"));
            else if (zone == Zone.Suburb && dice.Chance(0.4))
                file.Area(inset, ("landuse", "forest"));
            else
                file.Area(inset, ("leisure", "park"), ("name", parks < parkNames.Length ? parkNames[parks++] : $"Park {++parks}"));
        }
    }

    /// <summary>A ring moved inwards, with round corners; empty where nothing is left.</summary>
    private static List<PlanPoint> Inset(IReadOnlyList<PlanPoint> ring, double byM)
    {
        var polygon = new Polygon(new LinearRing([.. ring.Append(ring[0]).Select(p => new Coordinate(p.X, p.Y))])).Buffer(0);
        BufferParameters round = new(6, EndCapStyle.Round, JoinStyle.Round, 2);
        var inner = polygon.Buffer(-byM - 7, round).Buffer(7, round);
        var largest = Enumerable.Range(0, inner.NumGeometries).Select(inner.GetGeometryN).OfType<Polygon>().MaxBy(part => part.Area);
        return largest is null || largest.IsEmpty ? [] : [.. largest.ExteriorRing.Coordinates[..^1].Select(c => new PlanPoint(c.X, c.Y))];
    }
}
