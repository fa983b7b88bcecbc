namespace Kehrwerk.Streets.Import;

/// <summary>
/// Finds the two carriageways of one street: one-way segments of the same name that run against each other within 30 m,
/// each on the other's left, as in right-hand traffic.
/// </summary>
internal static class DualCarriageways
{
    private const double MaxGapM = 30;
    private const double MinTurnRad = 150 * Math.PI / 180;
    private static readonly double[] Samples = [0.2, 0.5, 0.8];

    /// <summary>Marks the segments of the draft; returns how many.</summary>
    public static int Mark(DraftNetwork draft)
    {
        var grid = new LineGrid();
        for (var s = 0; s < draft.Segments.Count; s++)
        {
            if (IsCandidate(draft.Segments[s].Input))
            {
                grid.Add(s, Driven(draft.Segments[s].Input));
            }
        }

        var marked = new List<int>();
        for (var s = 0; s < draft.Segments.Count; s++)
        {
            if (IsCandidate(draft.Segments[s].Input) && Samples.Count(share => HasPartner(draft, grid, s, share)) * 2 > Samples.Length)
            {
                marked.Add(s);
            }
        }

        foreach (var s in marked)
        {
            var segment = draft.Segments[s];
            draft.Segments[s] = segment with { Input = segment.Input with { Traits = segment.Input.Traits | SegmentTraits.DualCarriageway } };
        }

        return marked.Count;
    }

    private static bool IsCandidate(SegmentInput segment) =>
        segment.Directions is Directions.Forward or Directions.Backward && segment.Name.Length > 0 && !segment.Traits.HasFlag(SegmentTraits.Roundabout);

    private static bool HasPartner(DraftNetwork draft, LineGrid grid, int s, double share)
    {
        var segment = draft.Segments[s].Input;
        var (point, heading) = At(Driven(segment), share);
        return grid.Nearest(point, MaxGapM, hit =>
            hit.Owner != s
            && draft.Segments[hit.Owner].Input.Name == segment.Name
            && Math.Abs(Math.IEEERemainder(hit.HeadingRad - heading, 2 * Math.PI)) >= MinTurnRad
            && !hit.IsOnRight(point)) is not null;
    }

    private static MapPoint[] Driven(SegmentInput segment) =>
        segment.Directions == Directions.Forward ? segment.Line : [.. segment.Line.Reverse()];

    private static (MapPoint Point, double HeadingRad) At(MapPoint[] line, double share)
    {
        var restM = share * Enumerable.Range(1, line.Length - 1).Sum(i => line[i - 1].DistanceTo(line[i]));
        for (var i = 1; ; i++)
        {
            var stepM = line[i - 1].DistanceTo(line[i]);
            if ((restM <= stepM && stepM > 0) || i == line.Length - 1)
            {
                return (line[i - 1].Towards(line[i], stepM > 0 ? Math.Min(1, restM / stepM) : 0), Math.Atan2(line[i].Y - line[i - 1].Y, line[i].X - line[i - 1].X));
            }

            restM -= stepM;
        }
    }
}
