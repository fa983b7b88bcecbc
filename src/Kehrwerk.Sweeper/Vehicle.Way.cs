using Kehrwerk.Sweeper.Driving;

namespace Kehrwerk.Sweeper;

/// <summary>The way that the order gives: legs to drive, edges that lead nowhere, where to stand and how fast to be.</summary>
internal sealed partial class Vehicle
{
    /// <summary>Takes up the base of the order as it now is.</summary>
    /// <param name="firstArcFrom">Where on its first edge the vehicle is, metres; null if the way to it is still to be driven.</param>
    private void Follow(double? firstArcFrom)
    {
        var legs = new List<Leg>();
        var offsetM = firstArcFrom ?? Drive.OffsetM;
        if (Book.Edges is [{ Released: true }, ..] && (firstArcFrom is null || Drive.Leg is { SequenceId: null }))
        {
            legs.Add(Drive.NewLeg(Drive.Arc, null, double.PositiveInfinity, stopsAtEnd: false));
        }
        else if (StandsShort() is { } behindM)
        {
            // Driving in full it stands before the node, and turns off from there.
            legs.Add(Drive.NewLeg(Drive.Arc, null, double.PositiveInfinity, stopsAtEnd: false));
            offsetM = Drive.ArcLengthM - behindM;
        }

        foreach (var edge in Book.Edges.Where((_, i) => !IsStay(i)).Take(StaysFrom()))
        {
            var arc = Map.FindArc(edge.EdgeId)!.Value;
            var docks = depotHasMarkers && arc == depotArc && edge.SequenceId == Book.Edges[^1].SequenceId;
            legs.Add(Drive.NewLeg(arc, edge.SequenceId, edge.MaximumSpeed ?? double.PositiveInfinity, docks || Actions.HasWorkAt(edge.SequenceId + 1), docks));
        }

        Drive.Follow(legs, offsetM);
        SetLimits();
    }

    /// <summary>How far the vehicle stands before the node from which the first edge leads on, metres; null where it is on that edge, or is reckoned to be at the node.</summary>
    private double? StandsShort()
    {
        const double mostM = 12;
        if (Self is null || Drive is not { Leg: null, Measured: { } measured } || Book.Edges is not [{ Released: true } first, ..] || Map.FindArc(first.EdgeId) is not { } arc
            || arc == Drive.Arc || Map.ArcTail[arc] != Map.ArcHead[Drive.Arc])
        {
            return null;
        }

        var behindM = measured.At.DistanceTo(Map.NodePoint[Map.ArcTail[arc]]);
        return behindM > 1 && behindM < Math.Min(mostM, Drive.ArcLengthM) ? behindM : null;
    }

    /// <summary>How many edges of the base are driven before the first that leads nowhere, or before the horizon.</summary>
    private int StaysFrom()
    {
        var count = 0;
        while (count < Book.Edges.Length && Book.Edges[count].Released && !IsStay(count))
        {
            count++;
        }

        return count;
    }

    private bool IsStay(int edge) => Map.FindArc(Book.Edges[edge].EdgeId) is null;

    /// <summary>Passes an edge that leads nowhere: what is to be done at its end is done where the vehicle stands.</summary>
    private void PassStay()
    {
        Book = Book.Pass();
        Actions.ReachNode(Book.LastSequenceId);
        var isAtEnd = Drive.OffsetM >= Drive.ArcLengthM - 0.01;
        var goesOnHere = !Book.Edges.IsEmpty && Book.Edges[0].EdgeId == Map.ArcKey(Drive.Arc);
        Follow(isAtEnd ? 0 : goesOnHere ? Drive.OffsetM : null);
        news.Note();
    }

    /// <summary>Zones and obstacles on the way: where to stand, how fast to drive.</summary>
    private void LookAhead()
    {
        var mayAsk = Control.IsAutomatic && !Desk.IsCancelling;
        var replan = Zones.Step(Drive, Book, mayAsk);
        replan |= Pass.Step(Drive, Book, mayAsk, HaltBesidePassMps2 is not null, SweeperProgram.StepS);
        Drive.StopAt(Drive.Nearer(Zones.Stop, Pass.Stop));
        if (replan)
        {
            SetLimits();
        }
    }

    /// <summary>Plans the speeds anew, after a limit changed.</summary>
    public void SetLimits()
    {
        foreach (var leg in Drive.Ahead)
        {
            var limitMps = Math.Min(Math.Min(leg.TransitLimitMps, Control.HandSpeedMps), Math.Min(Zones.LimitMps(leg.Arc), Pass.LimitMps(leg)));
            leg.LimitMps = leg.SequenceId is { } sequenceId && Actions.WillSweep(sequenceId) ? Math.Min(limitMps, Model.SweepSpeedMps) : limitMps;
        }

        Drive.Plan();
        GiveWay();
    }
}
