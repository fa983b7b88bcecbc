using System.Collections.Immutable;
using Kehrwerk.Link.Messages;
using Kehrwerk.Sweeper.Driving;
using Kehrwerk.Sweeper.Orders;
using Kehrwerk.Sweeper.Reports;
using Kehrwerk.Sweeper.Requests;

namespace Kehrwerk.Sweeper.Corridors;

/// <summary>
/// Halts before an obstacle and passes it beside its line where the edge has a corridor for that (VDA 5050 3.0.0, 6.1.5): where the corridor
/// asks for a release only after the Centre's grant (6.6.10), and in any case only after it has stood, looked again and found all as it was.
/// Not thread-safe.
/// </summary>
internal sealed class CorridorPass(SweeperModel model, RequestDesk requests, News news)
{
    /// <summary>Error type: an obstacle lies on the line, and the vehicle may not or cannot pass it.</summary>
    public const string WayBlocked = "wayBlocked";

    /// <summary>Error type: the leave to use the corridor ended while the vehicle was beside its line.</summary>
    public const string CorridorLost = "corridorLost";

    /// <summary>The greatest speed beside the line, m/s.</summary>
    public const double WalkMps = 1.5;

    // The way out of the line and back into it, along the line.
    private const double SwingM = 6;
    private const double ClearM = 1;
    private const double ReachedM = 0.01;
    private const double LookS = 1;
    private static readonly TimeSpan AfterRejection = TimeSpan.FromSeconds(30);

    private Pass? pass;
    private Request? request;
    private DateTimeOffset? againAt;
    private double lookedS;
    private bool isUnderWay;
    private bool isOffLine;
    private bool isStandingBefore;
    private bool mustLook;

    /// <summary>What the sensors find now; null if the way is free.</summary>
    public Obstacle? Found { get; set; }

    /// <summary>Where the vehicle must stand; null if it need not.</summary>
    public StopPoint? Stop { get; private set; }

    /// <summary>How hard the vehicle has to brake to a stop now, m/s²; null if nothing here halts it.</summary>
    public double? HaltMps2 => isUnderWay && (!MayBeAside || FindsOther || mustLook) ? model.BrakingMps2 : null;

    public IEnumerable<EdgeRequest> EdgeRequests =>
        request is not null && pass is not null ? [new(request.Id, EdgeRequestType.Corridor, pass.Edge.EdgeId, pass.Edge.SequenceId, request.Status)] : [];

    public IEnumerable<RobotError> Errors =>
        isUnderWay && !MayBeAside ? [Error(CorridorLost, ErrorLevel.Critical, "The leave to use the corridor ended; the vehicle stands beside its line")]
        : isUnderWay && FindsOther ? [Error(WayBlocked, ErrorLevel.Urgent, "Something else lies there than what the vehicle began to pass; it waits beside its line until that is gone")]
        : isStandingBefore ? [Error(WayBlocked, ErrorLevel.Urgent, pass!.AsideM is null ? "Something lies on the way that cannot be passed within the edge's corridor" : "Something lies on the way; the vehicle waits to pass it")]
        : [];

    private bool MayBeAside => pass is { Edge.Corridor.ReleaseRequired: not true } || request is { IsGranted: true };

    /// <summary>Not what the vehicle began to pass: of that it knows neither the place nor how far aside it must be.</summary>
    private bool FindsOther => Found is { } found && found != pass?.Obstacle;

    /// <summary>The greatest speed on a leg, m/s: walking pace while the vehicle passes on it, or comes back to its line.</summary>
    public double LimitMps(Leg leg) => isOffLine || (isUnderWay && IsOn(leg)) ? WalkMps : double.PositiveInfinity;

    /// <summary>Looks at the way anew.</summary>
    /// <param name="mayAsk">The Centre is in control.</param>
    /// <param name="isHeld">Something else halts the vehicle: what it sees meanwhile may have changed when it may go.</param>
    /// <returns>True: speeds are to be planned anew.</returns>
    public bool Step(Drive drive, OrderBook book, bool mayAsk, bool isHeld, double stepS)
    {
        var before = (isUnderWay, isOffLine);
        if (isUnderWay)
        {
            GoOn(drive, mayAsk);
            LookAgain(drive, isHeld, stepS);
        }
        else
        {
            BackToLine(drive, stepS);
            Prepare(drive, book, mayAsk, isHeld, stepS);
        }

        return before != (isUnderWay, isOffLine);
    }

    /// <summary>The order is gone: what was asked is asked no more. Where the vehicle stands aside it stays.</summary>
    public void End()
    {
        CloseRequest();
        (pass, Stop, isUnderWay, isStandingBefore, mustLook, againAt, lookedS) = (null, null, false, false, false, null, 0);
    }

    private void Prepare(Drive drive, OrderBook book, bool mayAsk, bool isHeld, double stepS)
    {
        var (leg, found) = Plan(drive, book);
        if (found is null || found != pass)
        {
            // Nothing there, or another thing than that for which leave was asked.
            End();
            pass = found;
        }

        if (pass is null)
        {
            return;
        }

        Stop = StopPoint.Before(leg!, null, pass.FromM, isFinal: false);
        var stands = drive.IsStanding && IsOn(drive.Leg) && drive.OffsetM >= pass.FromM - ReachedM;
        if (stands != isStandingBefore)
        {
            isStandingBefore = stands;
            news.Note();
        }

        if (!stands || pass.AsideM is null || !mayAsk)
        {
            lookedS = 0;
            CloseRequest();
            return;
        }

        Ask();
        lookedS = MayBeAside && !isHeld ? lookedS + stepS : 0;
        if (lookedS >= LookS)
        {
            (isUnderWay, isStandingBefore, Stop) = (true, false, null);
            news.Note();
        }
    }

    // By its number in the order: an update makes the legs anew.
    private bool IsOn(Leg? leg) => leg?.SequenceId is { } sequenceId && sequenceId == pass!.Edge.SequenceId;

    /// <summary>A vehicle whose order was given up beside its line returns to it with the next, once nothing lies there.</summary>
    private void BackToLine(Drive drive, double stepS)
    {
        var halfM = (model.LengthM / 2) + ClearM;
        var isBeside = Found is { } found && drive.Leg?.Key == found.Arc && drive.OffsetM >= found.AtM - halfM && drive.OffsetM <= found.AtM + found.LengthM + halfM;
        if (drive.AsideM != 0 && !isBeside)
        {
            var left = Math.Abs(drive.AsideM) - (drive.SpeedMps * stepS / SwingM);
            drive.AsideM = Math.Sign(drive.AsideM) * Math.Max(0, left);
        }

        isOffLine = drive.AsideM != 0;
    }

    private void GoOn(Drive drive, bool mayAsk)
    {
        if (!IsOn(drive.Leg) || drive.OffsetM >= pass!.ToM)
        {
            drive.AsideM = 0;
            End();
            return;
        }

        drive.AsideM = pass.At(drive.OffsetM);
        if (!mayAsk)
        {
            CloseRequest();
        }
        else if (request is not { IsLost: true } || drive.IsStanding)
        {
            // A lost leave is shown until the vehicle stands, as it must; then it may ask anew.
            Ask();
        }
    }

    /// <summary>After each standstill beside its line the vehicle looks as long as before the pass, with nothing else that holds it.</summary>
    private void LookAgain(Drive drive, bool isHeld, double stepS)
    {
        if (isUnderWay)
        {
            lookedS = drive.IsStanding && MayBeAside && !FindsOther && !isHeld ? lookedS + stepS : 0;
            mustLook = drive.IsStanding && lookedS < LookS;
        }
    }

    /// <summary>Keeps a request open where the corridor asks for one.</summary>
    private void Ask()
    {
        if (pass!.Edge.Corridor is not { ReleaseRequired: true })
        {
            return;
        }

        if (request is { IsRejected: true } or { IsLost: true })
        {
            againAt = request.IsRejected ? requests.Now + AfterRejection : null;
            CloseRequest();
        }

        if (request is null && !(requests.Now < againAt))
        {
            (request, againAt) = (requests.OpenForEdge(), null);
        }
    }

    private void CloseRequest()
    {
        if (request is not null)
        {
            requests.Close(request);
            request = null;
        }
    }

    /// <summary>The pass of the obstacle that lies on the released way, and its leg; null if none does.</summary>
    private (Leg? Leg, Pass? Pass) Plan(Drive drive, OrderBook book)
    {
        if (Found is not { } found)
        {
            return default;
        }

        foreach (var leg in drive.Ahead)
        {
            var (halfM, offsetM) = (model.LengthM / 2, ReferenceEquals(leg, drive.Leg) ? drive.OffsetM : 0);
            if (leg.SequenceId is not { } sequenceId || leg.Key != found.Arc || offsetM > found.AtM - halfM)
            {
                continue;
            }

            var edge = book.Edges.First(edge => edge.SequenceId == sequenceId);
            var fromM = Math.Max(offsetM, found.AtM - halfM - ClearM - SwingM);
            var toM = found.AtM + found.LengthM + halfM + ClearM + SwingM;
            var fits = found.AsideM is { } asideM && toM <= leg.LengthM && found.AtM - halfM - ClearM - SwingM >= 0 && Fits(edge.Corridor, asideM);
            // Once it stands the place stays as it is.
            return (leg, new(edge, found, pass is not null && IsOn(leg) ? pass.FromM : fromM, toM, fits ? found.AsideM : null));
        }

        return default;
    }

    private bool Fits(Corridor? corridor, double asideM)
    {
        if (corridor is null)
        {
            return false;
        }

        var widthM = asideM >= 0 ? corridor.LeftWidth : corridor.RightWidth;
        var beyondM = corridor.CorridorReferencePoint == CorridorReferencePoint.Contour ? model.WidthM / 2 : 0;
        return Math.Abs(asideM) + beyondM <= widthM;
    }

    private RobotError Error(string type, ErrorLevel level, string text) =>
        new(type, level, text) { ErrorReferences = ImmutableArray.Create(new Reference("edgeId", pass!.Edge.EdgeId)) };

    /// <param name="AsideM">How far beside the line, to the left; null if it does not fit.</param>
    private sealed record Pass(OrderEdge Edge, Obstacle Obstacle, double FromM, double ToM, double? AsideM)
    {
        /// <summary>How far beside the line the vehicle is at an offset: out over <see cref="SwingM"/>, along, and back in.</summary>
        public double At(double offsetM) =>
            AsideM!.Value * Math.Clamp(Math.Min(offsetM - FromM, ToM - offsetM) / SwingM, 0, 1);
    }
}
