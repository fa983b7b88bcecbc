namespace Kehrwerk.Streets.Demo;

/// <summary>The streets, waters and greens of one town on its metric plane, before houses and tags.</summary>
internal sealed class TownPlan
{
    private TownPlan(double radiusM, long seed)
    {
        Dice dice = new(seed);
        Shape = new(radiusM, seed);
        Streets = new();
        MainRoads = new(Streets, Shape, dice);
        Harbour = new(Streets, Shape);
        Blocks = new(Streets, Shape, dice);
        Depot = new(Streets, Shape);
        MainRoads.Draw();
        Harbour.Draw(MainRoads.Bridges);
        Blocks.Draw(MainRoads.Market);
        Depot.Draw(Blocks.Built);
        SideStreets sides = new(Streets, dice);
        sides.Draw(Blocks.Built);
        sides.FrayEdge();
        DropIslands();
    }

    public TownShape Shape { get; }
    public StreetPlan Streets { get; }
    public MainRoads MainRoads { get; }
    public Harbour Harbour { get; }
    public Blocks Blocks { get; }
    public Depot Depot { get; }

    /// <summary>Kerb length by the rule of <see cref="DemoCityOptions"/>.</summary>
    public double KerbM => Streets.LiveEdges.Sum(edge => Streets.LengthM(edge) * KerbSides(edge.Course));

    /// <summary>
    /// Finds the town with the kerb length that is asked for. Length grows about with the square of the radius but
    /// in jumps, as quarters gain a street or a ring; so the search keeps the best of a few towns.
    /// </summary>
    public static TownPlan WithKerb(double kerbKm, long seed)
    {
        var radiusM = 105 * Math.Sqrt(kerbKm);
        TownPlan? best = null;
        for (var attempt = 0; attempt < 14; attempt++)
        {
            TownPlan town = new(radiusM, seed);
            if (best is null || Miss(town) < Miss(best))
                best = town;
            if (Miss(best) < 0.04)
                break;
            // The nudge keeps the search from standing still at a jump.
            radiusM = best.Shape.RadiusM * Math.Sqrt(kerbKm * 1000 / best.KerbM) * (1 + 0.011 * (attempt % 7 - 3));
        }
        return best!.Depot.Yard.Count > 0 ? best : throw new InvalidOperationException($"Seed {seed} gives no town of {kerbKm} km with room for a depot.");

        // A town without room for a depot is none.
        double Miss(TownPlan town) => Math.Abs(town.KerbM / (kerbKm * 1000) - 1) + (town.Depot.Yard.Count > 0 ? 0 : 10);
    }

    /// <summary>Drops what hung on the edge of the town only and now has no way to the market.</summary>
    private void DropIslands()
    {
        var start = Streets.NodeAt(MainRoads.Market[0]);
        HashSet<int> reached = [start];
        Stack<int> open = new([start]);
        while (open.TryPop(out var node))
            foreach (var edge in Streets.EdgesAt[node])
                if (reached.Add(edge.Other(node)))
                    open.Push(edge.Other(node));
        foreach (var edge in Streets.LiveEdges.Where(edge => !reached.Contains(edge.From)).ToList())
            Streets.Remove(edge);
    }

    private static int KerbSides(Course course) => course switch
    {
        { Kind: StreetKind.Service or StreetKind.Boundary } => 0,
        { Dual: true } or { Roundabout: true } => 1,
        _ => 2,
    };
}
