namespace Kehrwerk.Streets.Import;

/// <summary>A turn restriction in terms of the draft's segments.</summary>
internal sealed record DraftRestriction(RestrictionStep[] Steps, bool Only);

/// <summary>
/// Reads relations <c>type=restriction</c> with a node or ways as <c>via</c>. For restrictions the sweeper counts as a
/// <c>motorcar</c>: what excepts motorcar, motor_vehicle or vehicle does not bind it; what is meant for lorries, buses or
/// bicycles alone, or only holds at certain hours, is left out and counted.
/// </summary>
internal sealed class TurnRestrictions
{
    // Bounds of the search on hostile input; real chains have one or two ways as via.
    private const int MaxViaWays = 6;
    private const int MaxChains = 64;

    private readonly DraftNetwork draft;
    private readonly List<RestrictionStep[]> chains = [];

    private TurnRestrictions(DraftNetwork draft) => this.draft = draft;

    public static List<DraftRestriction> Read(OsmData data, DraftNetwork draft, ImportTally tally)
    {
        var reader = new TurnRestrictions(draft);
        var found = new List<DraftRestriction>();
        foreach (var relation in data.Relations)
        {
            if (relation.Tags["type"] == "restriction")
            {
                var (read, reason) = reader.Read(relation);
                found.AddRange(read);
                if (reason is null)
                {
                    tally.Take("turn restrictions");
                }
                else
                {
                    tally.LeaveOut($"turn restriction {reason}");
                }
            }
        }

        return found;
    }

    private (IReadOnlyList<DraftRestriction> Found, string? Reason) Read(OsmRelation relation)
    {
        if (relation.Tags["restriction"] is not { } kind)
        {
            return ([], relation.Tags.Has("restriction:conditional") ? "only at certain hours" : "for other vehicles only");
        }

        var only = kind.StartsWith("only_", StringComparison.Ordinal);
        if (!only && !kind.StartsWith("no_", StringComparison.Ordinal))
        {
            return ([], "of unknown kind");
        }

        if (relation.Tags["except"]?.Split(';', StringSplitOptions.TrimEntries).Any(e => e is "motorcar" or "motor_vehicle" or "vehicle") == true)
        {
            return ([], "that excepts our vehicle");
        }

        var from = WaysIn(relation, "from");
        var to = WaysIn(relation, "to");
        var via = relation.Members.Where(m => m.Role == "via").ToArray();
        var isNodeVia = via is [{ Kind: MemberKind.Node }];
        if (from.Length == 0 || to.Length == 0 || via.Length is 0 or > MaxViaWays || (!isNodeVia && via.Any(m => m.Kind != MemberKind.Way)))
        {
            return ([], "with missing or wrong members");
        }

        if (!from.Any(draft.SegmentsOfWay.ContainsKey) || !to.Any(draft.SegmentsOfWay.ContainsKey))
        {
            return ([], "on ways that are not driven");
        }

        // no_entry has several "from", no_exit several "to"; every pair is banned.
        var found = new List<DraftRestriction>();
        foreach (var (start, end) in from.SelectMany(f => to.Select(t => (f, t))).Take(MaxChains))
        {
            if (Chain(start, via, end, isNodeVia) is { } chain)
            {
                found.Add(new(chain, only));
            }
        }

        return found.Count > 0 ? (found, null) : ([], "that fits no drive, or more than one");
    }

    private static long[] WaysIn(OsmRelation relation, string role) =>
        [.. relation.Members.Where(m => m.Role == role && m.Kind == MemberKind.Way).Select(m => m.Id)];

    // The one chain of drivable steps that fits, or null where there is none or more than one.
    private RestrictionStep[]? Chain(long from, OsmMember[] via, long to, bool isNodeVia)
    {
        chains.Clear();
        foreach (var first in Steps(from))
        {
            if (isNodeVia)
            {
                if (draft.Nodes[Head(first)].OsmId == via[0].Id)
                {
                    Finish([first], to);
                }
            }
            else
            {
                Extend([first], via, 0, to);
            }
        }

        return chains is [var one] ? one : null;
    }

    private void Extend(RestrictionStep[] driven, OsmMember[] via, int next, long to)
    {
        if (next == via.Length)
        {
            Finish(driven, to);
            return;
        }

        // Along the via way from where we are, as far as it goes; it may be left at each of its junctions.
        foreach (var entry in Steps(via[next].Id).Where(step => Tail(step) == Head(driven[^1]) && step.Segment != driven[^1].Segment))
        {
            RestrictionStep? step = entry;
            var chain = driven;
            while (step is { } on && !chain.Contains(on) && chains.Count < MaxChains)
            {
                chain = [.. chain, on];
                Extend(chain, via, next + 1, to);
                step = After(via[next].Id, on);
            }
        }
    }

    private void Finish(RestrictionStep[] driven, long to)
    {
        foreach (var last in Steps(to))
        {
            if (Tail(last) == Head(driven[^1]) && chains.Count < MaxChains)
            {
                chains.Add([.. driven, last]);
            }
        }
    }

    private RestrictionStep? After(long way, RestrictionStep step)
    {
        foreach (var next in Steps(way))
        {
            if (next.Forward == step.Forward && Tail(next) == Head(step))
            {
                return next;
            }
        }

        return null;
    }

    // Every step along a way that its direction allows.
    private IEnumerable<RestrictionStep> Steps(long way)
    {
        if (!draft.SegmentsOfWay.TryGetValue(way, out var segments))
        {
            yield break;
        }

        foreach (var segment in segments)
        {
            var directions = draft.Segments[segment].Input.Directions;
            if (directions.HasFlag(Directions.Forward))
            {
                yield return new(segment, true);
            }

            if (directions.HasFlag(Directions.Backward))
            {
                yield return new(segment, false);
            }
        }
    }

    private int Tail(RestrictionStep step) => step.Forward ? draft.Segments[step.Segment].Input.From : draft.Segments[step.Segment].Input.To;

    private int Head(RestrictionStep step) => step.Forward ? draft.Segments[step.Segment].Input.To : draft.Segments[step.Segment].Input.From;
}
