namespace Kehrwerk.Streets.Demo;

/// <summary>The harbour on the far bank between the bridges: slanting basins, and a road on every pier between them.</summary>
internal sealed class Harbour(StreetPlan plan, TownShape shape)
{
    public List<IReadOnlyList<PlanPoint>> Basins { get; } = [];

    public void Draw((double South, double North) bridges)
    {
        var spanM = bridges.North - bridges.South;
        var count = Math.Max(1, (int)Math.Round(spanM / 210));
        var pitchM = spanM / (count + 0.6);
        var widthM = Math.Min(62, 0.36 * pitchM);
        for (var i = 0; i < count; i++)
        {
            var mouth = bridges.South + pitchM * (i + 0.55);
            Basins.Add(Basin(mouth, Math.Min(0.3 * pitchM, 60), widthM));
            if (i + 1 < count)
                Pier(mouth + pitchM / 2, Math.Min(0.3 * pitchM, 60));
        }
    }

    /// <summary>A basin with a rounded inner end; its mouth lies in the river, so that both waters join.</summary>
    private List<PlanPoint> Basin(double mouth, double slant, double widthM)
    {
        var half = shape.RiverWidthM / 2;
        var innermost = shape.HarbourDepthM * 0.74;
        List<PlanPoint> ring = [];
        foreach (var side in new[] { -1, 1 })
        {
            var edge = Shapes.Sampled(u =>
            {
                var depthM = -8 + (innermost + 8) * u;
                var halfWidth = widthM / 2 * Math.Sqrt(Math.Max(0, 1 - Math.Pow(u, 14)));
                return shape.Bend(shape.River(mouth + slant * u + side * halfWidth, -half - depthM));
            }, 8);
            ring.AddRange(side < 0 ? edge : edge.AsEnumerable().Reverse().Skip(1));
        }
        return ring;
    }

    private void Pier(double mouth, double slant)
    {
        var half = shape.RiverWidthM / 2;
        var course = plan.NewCourse(StreetKind.Unclassified);
        plan.Draw(course, Shapes.Sampled(u =>
            shape.Bend(shape.River(mouth + slant * (1 - u), -half - shape.HarbourDepthM + u * (shape.HarbourDepthM - 36))), 30));
    }
}
