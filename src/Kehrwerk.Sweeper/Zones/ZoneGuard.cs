using System.Collections.Immutable;
using Kehrwerk.Link.Messages;
using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Driving;
using Kehrwerk.Sweeper.Orders;
using Kehrwerk.Sweeper.Reports;
using Kehrwerk.Sweeper.Requests;

namespace Kehrwerk.Sweeper.Zones;

/// <summary>
/// Keeps the zones that hold on the vehicle's map (VDA 5050 3.0.0, 6.4): looks along the released way, says where the vehicle must stand and
/// how fast it may be, asks for what needs a release, and reports what was violated or lost. Not thread-safe.
/// </summary>
internal sealed class ZoneGuard(SweeperModel model, StreetNetwork map, string mapId, ZoneShelf shelf, RequestDesk requests, ErrorLog errors, News news)
{
    /// <summary>Error type: a release has ended within its zone, and the zone lets the vehicle drive on, or it only has to ask anew.</summary>
    public const string ReleaseEnded = "releaseEnded";

    /// <summary>The most errors that zones report at once.</summary>
    public const int MaxErrors = 6;

    // The vehicle stands so far before a zone that it must not enter.
    private const double GapM = 0.5;
    private const double ReachedM = 0.01;
    private const double AskBeforeM = 60;
    private const double AskBeforeS = 10;
    private static readonly TimeSpan AfterRejection = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AfterLoss = TimeSpan.FromSeconds(5);

    private readonly Dictionary<int, List<ZoneSpan>> spansByArc = [];
    private readonly Dictionary<ZoneShape, ZoneAsk> asks = [];
    private ImmutableArray<ZoneShape> shapes = [];
    private List<ZoneShape> inside = [];
    private int version;
    private bool hasGivenUp;

    /// <summary>Where the vehicle must stand; null if the released way is free.</summary>
    public StopPoint? Stop { get; private set; }

    /// <summary>How hard the vehicle has to brake to a stop now, m/s²; null if no zone halts it.</summary>
    public double? HaltMps2 => inside.Exists(shape => shape.Zone.ZoneType == ZoneType.Blocked) ? model.DeactivationBrakingMps2
        : hasGivenUp || inside.Exists(HasLostStay) ? model.BrakingMps2
        : null;

    /// <summary>What is asked for now; nothing of zones that hold no longer (6.4.3), also where they are looked at only in the next step.</summary>
    public IEnumerable<ZoneRequest> Requests => version != shelf.Version ? [] : asks.Values.Where(ask => ask.Request is not null).Select(ask => ask.ToMessage());

    public IEnumerable<RobotError> Errors => inside.Select(ErrorOf).OfType<RobotError>().Take(MaxErrors);

    /// <summary>An order or an update came in: that is the instruction for which a vehicle waits that could not reach a node (6.4.5).</summary>
    public void TakeInstruction() => hasGivenUp = false;

    /// <summary>The greatest speed on an arc by the zones that it meets, m/s. It holds for the whole arc, so it is reached before the zone.</summary>
    public double LimitMps(int arc)
    {
        Refresh();
        return SpansOf(arc).Min(span => span.Shape.Zone.ZoneType == ZoneType.SpeedLimit ? span.Shape.Zone.MaximumSpeed : null) ?? double.PositiveInfinity;
    }

    /// <summary>Looks at the zones anew.</summary>
    /// <param name="mayAsk">The Centre is in control: requests are made and kept (6.6.6).</param>
    /// <returns>True: other zones hold now than before.</returns>
    public bool Step(Drive drive, OrderBook book, bool mayAsk)
    {
        var hasChanged = Refresh();
        if (shapes.IsEmpty && asks.Count == 0)
        {
            (Stop, inside) = (null, []);
            return hasChanged;
        }

        var outline = new Footprint(drive.Position, drive.HeadingRad, model.LengthM / 2, model.WidthM / 2);
        var before = inside;
        inside = [.. shapes.Where(shape => shape.Zone.ZoneType is not (ZoneType.Directed or ZoneType.Bidirected)
            && shape.MayTouch(outline.Centre, outline.Centre, model.LengthM) && shape.Touches(outline))];
        if (!before.SequenceEqual(inside))
        {
            news.Note();
        }

        var ahead = Look(drive, mayAsk);
        KeepAsks(drive, ahead, mayAsk);
        if (Stop is { IsFinal: true } stop && drive.IsStanding && ReferenceEquals(stop.Leg, drive.Leg) && drive.OffsetM >= stop.AtM - ReachedM && !hasGivenUp)
        {
            GiveUp(stop, book);
        }

        return hasChanged;
    }

    private static bool NeedsRelease(ZoneShape shape) => shape.Zone.ZoneType is ZoneType.Release or ZoneType.CoordinatedReplanning;

    private bool IsGranted(ZoneShape shape) => asks.GetValueOrDefault(shape)?.Request is { IsGranted: true };

    /// <summary>Inside without a release, where the zone does not let the vehicle drive on.</summary>
    private bool HasLostStay(ZoneShape shape) => NeedsRelease(shape) && !IsGranted(shape)
        && shape.Zone.ReleaseLossBehavior is not (ZoneLossBehavior.Continue or ZoneLossBehavior.Evacuate);

    private RobotError? ErrorOf(ZoneShape shape) =>
        shape.Zone.ZoneType == ZoneType.Blocked ? Error(ErrorTypes.BlockedZoneViolation, ErrorLevel.Critical, "The vehicle is within a blocked zone", shape)
        : !NeedsRelease(shape) || IsGranted(shape) ? null
        : shape.Zone.ZoneType == ZoneType.Release && HasLostStay(shape) ? Error(ErrorTypes.ReleaseLost, ErrorLevel.Critical, "The vehicle is within a zone without its release", shape)
        : Error(ReleaseEnded, ErrorLevel.Warning, "The release ended while the vehicle is within the zone", shape);

    private static RobotError Error(string type, ErrorLevel level, string text, ZoneShape shape, params ImmutableArray<Reference> about) => new(type, level, text)
    {
        ErrorReferences = [.. about, new("zoneId", shape.Zone.ZoneId), new("zoneSetId", shape.ZoneSetId)],
    };

    private bool Refresh()
    {
        if (version == shelf.Version)
        {
            return false;
        }

        version = shelf.Version;
        shapes = shelf.Of(mapId);
        spansByArc.Clear();
        foreach (var ask in asks.Values)
        {
            ask.Close(requests);
        }

        asks.Clear();
        return true;
    }

    private List<ZoneSpan> SpansOf(int arc)
    {
        if (!spansByArc.TryGetValue(arc, out var spans))
        {
            spans = ZoneSpans.Of(map.ArcLine(arc), shapes, model.LengthM, model.WidthM);
            spansByArc.Add(arc, spans);
        }

        return spans;
    }

    /// <summary>Finds the first place where the way is not free, and the zones on the way that need a release, with their distances.</summary>
    private Dictionary<ZoneShape, double> Look(Drive drive, bool mayAsk)
    {
        Stop = null;
        var ahead = new Dictionary<ZoneShape, double>();
        var legStartM = -drive.OffsetM;
        Leg? before = null;
        foreach (var leg in drive.Ahead)
        {
            foreach (var span in SpansOf(leg.Arc).OrderBy(span => span.FromM))
            {
                if (legStartM + span.ToM < 0 || inside.Contains(span.Shape))
                {
                    continue;
                }

                var isFinal = span.Shape.Zone.ZoneType is ZoneType.Blocked or ZoneType.Directed or ZoneType.Bidirected;
                if (NeedsRelease(span.Shape))
                {
                    ahead.TryAdd(span.Shape, Math.Max(0, legStartM + span.FromM));
                }

                if (isFinal || (NeedsRelease(span.Shape) && !(mayAsk && IsGranted(span.Shape))))
                {
                    Stop ??= StopPoint.Before(leg, before, span.FromM - GapM, isFinal, span.Shape);
                }
            }

            legStartM += leg.LengthM;
            before = leg;
        }

        return ahead;
    }

    private void KeepAsks(Drive drive, Dictionary<ZoneShape, double> ahead, bool mayAsk)
    {
        foreach (var (shape, ask) in asks.ToArray())
        {
            if (!mayAsk || (!inside.Contains(shape) && !ahead.ContainsKey(shape)))
            {
                ask.Close(requests);
                asks.Remove(shape);
            }
        }

        if (!mayAsk)
        {
            return;
        }

        var withinM = AskBeforeM + (AskBeforeS * drive.SpeedMps);
        foreach (var shape in inside.Where(NeedsRelease).Concat(ahead.Where(pair => pair.Value <= withinM).Select(pair => pair.Key)))
        {
            if (!asks.TryGetValue(shape, out var ask))
            {
                asks.Add(shape, ask = new(shape));
            }

            Keep(ask, drive, inside.Contains(shape));
        }
    }

    /// <summary>Opens, renews or ends the request for one zone.</summary>
    private void Keep(ZoneAsk ask, Drive drive, bool isInside)
    {
        if (ask.Request is { IsRejected: true })
        {
            ask.Close(requests);
            ask.AgainAt = requests.Now + AfterRejection;
        }
        else if (ask.Request is { IsLost: true } lost)
        {
            ask.AgainAt ??= requests.Now + AfterLoss;
            // Not begun: a revoked request leaves the state at once, an expired one is shown for a while (6.4.3). Begun: shown until the loss is dealt with.
            var isDealtWith = isInside ? HasLostStay(ask.Shape) && drive.IsStanding : lost.Status == RequestStatus.Revoked;
            if (isDealtWith || (!isInside && requests.Now >= ask.AgainAt))
            {
                ask.Close(requests);
                ask.AgainAt = isInside ? null : ask.AgainAt;
            }
        }

        if (ask.Request is null && (ask.AgainAt is not { } again || requests.Now >= again))
        {
            ask.AgainAt = null;
            ask.Request = requests.OpenForZone();
            ask.Path = ask.Shape.Zone.ZoneType == ZoneType.CoordinatedReplanning ? PathThrough(ask.Shape, drive) : null;
        }
    }

    /// <summary>The way that the vehicle will take through a zone, from where it is at the earliest; null without one.</summary>
    private Trajectory? PathThrough(ZoneShape shape, Drive drive)
    {
        var points = new List<MapPoint>();
        foreach (var (i, leg) in drive.Ahead.Index())
        {
            foreach (var span in SpansOf(leg.Arc).Where(span => ReferenceEquals(span.Shape, shape)))
            {
                points.AddRange(leg.Line(Math.Max(span.FromM, i == 0 ? drive.OffsetM : 0), span.ToM));
            }
        }

        return points.Count < 2 ? null : new([.. points.Select(point => new ControlPoint(point.X, point.Y))]);
    }

    private void GiveUp(StopPoint stop, OrderBook book)
    {
        hasGivenUp = true;
        var node = book.Nodes.FirstOrDefault(node => node.SequenceId > stop.Leg.SequenceId)?.NodeId ?? book.LastNodeId;
        errors.Add(Error(ErrorTypes.NodeUnreachable, ErrorLevel.Critical, $"A zone of type {stop.Shape!.Zone.ZoneType} lies on the way to node {node}", stop.Shape, new Reference("nodeId", node)));
        news.Note();
    }

    private sealed class ZoneAsk(ZoneShape shape)
    {
        public ZoneShape Shape { get; } = shape;
        public Request? Request { get; set; }
        public Trajectory? Path { get; set; }
        public DateTimeOffset? AgainAt { get; set; }

        public void Close(RequestDesk requests)
        {
            if (Request is not null)
            {
                requests.Close(Request);
                Request = null;
            }
        }

        public ZoneRequest ToMessage() => new(
            Request!.Id,
            Shape.Zone.ZoneType == ZoneType.Release ? ZoneRequestType.Access : ZoneRequestType.Replanning,
            Shape.Zone.ZoneId,
            Shape.ZoneSetId,
            Request.Status,
            Path);
    }
}
