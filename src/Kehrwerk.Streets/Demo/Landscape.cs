using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Buffer;
using NetTopologySuite.Operation.Union;
using NetTopologySuite.Simplify;

namespace Kehrwerk.Streets.Demo;

/// <summary>What lies between the streets: built-up land, water and green, in the town and around it.</summary>
internal sealed class Landscape(OsmFile file, TownPlan town, Dice dice)
{
    // OSM allows 2,000 nodes in a way.
    private const int MostNodes = 1900;

    public void Draw()
    {
        HarbourLand();
        BuiltUp("industrial", zone => zone == Zone.Industrial);
        BuiltUp("residential", zone => zone != Zone.Industrial);
        Water();
        file.Area(town.Shape.Promenade, ("leisure", "park"), ("name", "Rheinpromenade"));
        Meadows();
        Greens();
        Surroundings();
        file.Area(town.MainRoads.Market, ("place", "square"), ("name", "Marktplatz"));
    }

    /// <summary>The blocks of a kind of quarter, grown together over the streets between them.</summary>
    private void BuiltUp(string landuse, Func<Zone, bool> belongs)
    {
        var blocks = town.Blocks.Outlines.Where(block => belongs(block.Zone)).Select(block => Polygon(block.Ring).Buffer(13)).ToList();
        if (blocks.Count == 0)
            return;
        var land = CascadedPolygonUnion.Union(blocks).Buffer(-4);
        foreach (var part in Parts(land).Where(part => part.Area > 2000))
        {
            var shell = new Polygon((LinearRing)part.ExteriorRing);
            var toleranceM = 1.0;
            while (shell.NumPoints > MostNodes)
                shell = (Polygon)DouglasPeuckerSimplifier.Simplify(shell, toleranceM *= 2);
            file.Area(Ring(shell), ("landuse", landuse));
        }
    }

    private void HarbourLand()
    {
        var (south, north) = town.MainRoads.Bridges;
        var shape = town.Shape;
        file.Area([.. shape.Strip(south, north, -shape.RiverWidthM / 2), .. Enumerable.Reverse(shape.Strip(south, north, shape.HarbourOffsetM))],
            ("landuse", "industrial"), ("name", "Hafen"));
    }

    private void Water()
    {
        var shape = town.Shape;
        file.Area(shape.RiverArea, ("natural", "water"), ("water", "river"), ("name", "Rhein"));
        file.Line(shape.RiverLine, ("waterway", "river"), ("name", "Rhein"));
        foreach (var basin in town.Harbour.Basins)
            file.Area(basin, ("natural", "water"), ("water", "harbour"));
    }

    /// <summary>Meadows on the far bank, below and above the harbour, that the river floods in spring.</summary>
    private void Meadows()
    {
        var shape = town.Shape;
        var (south, north) = town.MainRoads.Bridges;
        var reach = 0.55 * shape.HarbourDepthM;
        foreach (var (from, to) in new[] { (-1.9 * shape.RadiusM, south - 60), (north + 60, 1.9 * shape.RadiusM) })
        {
            var phase = dice.Between(0, 6);
            var inland = Shapes.Sampled(u => shape.Bend(shape.River(from + (to - from) * u,
                -shape.RiverWidthM / 2 - reach * (0.25 + 0.75 * Math.Sqrt(Math.Sin(Math.PI * u))) * (1 + 0.2 * Math.Sin(9 * u + phase)))), 25);
            file.Area([.. shape.Strip(from, to, -shape.RiverWidthM / 2), .. Enumerable.Reverse(inland)], ("landuse", "meadow"));
        }
    }

    private void Greens()
    {
        string[] parkNames = ["Stadtpark", "Volksgarten", "Kaisergarten", "Rosengarten", "Bürgerpark", "Südpark", "Nordpark", "Schlosspark"];
        var (parks, cemeteries) = (0, 0);
        foreach (var (ring, zone) in town.Blocks.Greens)
        {
            var inset = Inset(ring, 8);
            if (inset.Count < 4)
                continue;
            if (zone == Zone.WallGreen)
                file.Area(inset, ("leisure", "park"), ("name", "Wallanlagen"));
            else if (zone == Zone.Suburb && cemeteries <= parks / 3)
                file.Area(inset, ("landuse", "cemetery"), ("name", cemeteries++ == 0 ? "Hauptfriedhof" : $"Friedhof {cemeteries}"));
            else if (zone == Zone.Suburb && dice.Chance(0.35))
                file.Area(inset, ("landuse", "allotments"));
            else
                file.Area(inset, ("leisure", "park"), ("name", parks < parkNames.Length ? parkNames[parks++] : $"Park {++parks}"));
        }
    }

    /// <summary>Woods, a lake left by gravel digging, and fields around the town, clear of every street and of each other.</summary>
    private void Surroundings()
    {
        var shape = town.Shape;
        List<(PlanPoint Centre, double RadiusM)> taken = [];
        for (var attempt = 0; attempt < 160 && taken.Count < 22; attempt++)
        {
            var radiusM = shape.RadiusM * dice.Between(0.08, 0.24);
            var centre = PlanPoint.Polar(shape.RadiusM * dice.Between(1.05, 1.75), dice.Between(-Math.PI, Math.PI));
            PlanPoint reach = new(1.3 * radiusM, 1.3 * radiusM);
            if (taken.Exists(other => other.Centre.DistanceTo(centre) < 1.2 * (radiusM + other.RadiusM))
                || shape.RiverLine.Any(p => p.DistanceTo(centre) < 1.35 * radiusM + 0.5 * shape.RiverWidthM + (shape.OnWestBank(centre) ? 0.75 * shape.HarbourDepthM : 30))
                || centre.LengthM < shape.EdgeM(centre.Angle) + 0.7 * radiusM && !shape.OnWestBank(centre)
                || town.Streets.EdgesNear(centre - reach, centre + reach, 45).Any())
                continue;
            var (p1, p2, p3) = (dice.Between(0, 6), dice.Between(0, 6), dice.Between(0, 6));
            var outline = Enumerable.Range(0, 48).Select(i => i * Math.PI / 24).Select(angle => centre + PlanPoint.Polar(
                radiusM * (1 + 0.17 * Math.Sin(2 * angle + p1) + 0.08 * Math.Sin(3 * angle + p2) + 0.04 * Math.Sin(7 * angle + p3)), angle));
            file.Area(outline, (taken.Count % 4) switch
            {
                0 => [("landuse", "farmland")],
                3 when taken.Count == 3 => [("natural", "water"), ("water", "lake"), ("name", "Kiesteich")],
                _ => [("landuse", "forest")],
            });
            taken.Add((centre, radiusM));
        }
    }

    /// <summary>A ring moved inwards, with round corners; empty where nothing is left.</summary>
    private static List<PlanPoint> Inset(IReadOnlyList<PlanPoint> ring, double byM)
    {
        BufferParameters round = new(6, EndCapStyle.Round, JoinStyle.Round, 2);
        var inner = Polygon(ring).Buffer(-byM - 7, round).Buffer(7, round);
        return Parts(inner).MaxBy(part => part.Area) is { IsEmpty: false } largest ? Ring(largest) : [];
    }

    // The face of a dead end runs along it twice; a buffer of nothing takes such spikes away.
    private static Geometry Polygon(IReadOnlyList<PlanPoint> ring) =>
        new Polygon(new LinearRing([.. ring.Append(ring[0]).Select(p => new Coordinate(p.X, p.Y))])).Buffer(0);

    private static IEnumerable<Polygon> Parts(Geometry geometry) =>
        Enumerable.Range(0, geometry.NumGeometries).Select(geometry.GetGeometryN).OfType<Polygon>();

    private static List<PlanPoint> Ring(Polygon polygon) => [.. polygon.ExteriorRing.Coordinates[..^1].Select(c => new PlanPoint(c.X, c.Y))];
}
