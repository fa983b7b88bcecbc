using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Transport;
using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Driving;
using Kehrwerk.Sweeper.Orders;
using Kehrwerk.Sweeper.Reports;
using Kehrwerk.Sweeper.Work;

namespace Kehrwerk.Sweeper;

/// <summary>
/// The program of one sweeper, without I/O and clock: messages and time go in, messages to publish come out. Time passes in steps of
/// <see cref="StepS"/> on a fixed grid, so that it does not matter how often <see cref="Advance"/> is called. Not thread-safe.
/// </summary>
public sealed class SweeperProgram
{
    /// <summary>Length of a physical step, seconds.</summary>
    public const double StepS = 0.1;

    private const long StepTicks = TimeSpan.TicksPerSecond / 10;
    private const long StepsPerState = 10;

    // A clock that jumps farther than this was set: no time passed for the vehicle.
    private const long MaxStepsAtOnce = 600;

    private readonly VehicleParts parts;
    private readonly SweeperSettings settings;
    private readonly OrderRules rules;
    private readonly Outbox outbox;
    private readonly MapPoint depot;
    private readonly string depotNodeId;
    private OrderBook book;
    private double odometerM;
    private double sweptM;
    private long? gridStep;
    private uint? enteredEdge;
    private bool isHeld;
    private bool hasNews;
    private (bool, bool, bool, bool, bool) reported;

    /// <param name="id">Who it is.</param>
    /// <param name="model">What it can do.</param>
    /// <param name="map">The streets it knows.</param>
    /// <param name="mapId">Name of that map on the wire.</param>
    /// <param name="settings">Depot and surroundings.</param>
    /// <param name="start">Where it stands and what it holds.</param>
    /// <exception cref="ArgumentException">The condition does not fit the model or the map.</exception>
    public SweeperProgram(VehicleId id, SweeperModel model, StreetNetwork map, string mapId, SweeperSettings settings, SweeperCondition start)
    {
        if (start.Fault(model, map) is { } fault)
        {
            throw new ArgumentException($"The vehicle cannot start: {fault}.", nameof(start));
        }

        var levels = new Levels(model, start);
        var runner = new ActionRunner(model, levels, new(settings.DirtSeed, settings.DirtSpread));
        var errors = new ErrorLog();
        parts = new(
            id, model, map, mapId, new(model, map, map.FindArc(start.Arc)!.Value, start.OffsetM), levels, runner, new(runner, errors, start.Deactivated), errors);
        this.settings = settings;
        rules = new(map, mapId);
        outbox = new(id, settings.Topics);
        var depotNode = map.ArcHead[settings.DepotArc];
        depot = map.NodePoint[depotNode];
        depotNodeId = OrderNodes.IdOf(map, depotNode);
        book = new(start.LastNodeId);
        (odometerM, sweptM) = (start.OdometerM, start.SweptM);
    }

    public VehicleId Id => parts.Id;

    /// <summary>What a restart goes on with.</summary>
    public SweeperCondition Condition => new(
        parts.Map.ArcKey(Drive.Arc), Drive.OffsetM, book.LastNodeId, Levels.EnergyWh, Levels.WaterL, Levels.HopperM3, odometerM, sweptM, Desk.IsDeactivated);

    private Drive Drive => parts.Drive;
    private Levels Levels => parts.Levels;
    private ActionRunner Runner => parts.Runner;
    private InstantDesk Desk => parts.Desk;

    private bool IsIdle => book.Nodes.IsEmpty && Runner.AllEnded;

    private bool IsAtDepot => Drive.IsStanding && book.LastNodeId == depotNodeId && Drive.Position.DistanceTo(depot) <= OrderRules.StartToleranceM;

    /// <summary>A person told it to rest: then it does not work either. An empty battery only keeps it from driving, it may charge.</summary>
    private bool MustRest => Desk.IsPaused || Desk.IsDeactivated;

    /// <summary>How hard the vehicle has to brake to a stop now; null if nothing holds it, m/s².</summary>
    private double? HaltMps2 => Desk.IsDeactivated ? parts.Model.DeactivationBrakingMps2
        : Desk.IsPaused || Desk.IsCancelling || Levels.IsBatteryEmpty ? parts.Model.BrakingMps2
        : null;

    /// <summary>The vehicle is at the broker (again): says so, and sends its factsheet and state.</summary>
    public IReadOnlyList<LinkMessage> Greet(DateTimeOffset now)
    {
        RunTo(now);
        outbox.Add(LinkTopic.Connection, ConnectionIs(parts.Id, ConnectionState.Online, now));
        outbox.Add(LinkTopic.Factsheet, SweeperFactsheet.Of(parts.Id, parts.Model, now));
        Report(now);
        return outbox.Take();
    }

    /// <summary>The vehicle leaves the broker in good order.</summary>
    public IReadOnlyList<LinkMessage> Farewell(DateTimeOffset now)
    {
        outbox.Add(LinkTopic.Connection, ConnectionIs(parts.Id, ConnectionState.Offline, now));
        return outbox.Take();
    }

    /// <summary>What the broker is to publish when the vehicle vanishes.</summary>
    public static LastWill LastWillOf(VehicleId id, Topics topics, DateTimeOffset now) =>
        new(topics.Of(id, LinkTopic.Connection), LinkJson.Serialize(ConnectionIs(id, ConnectionState.ConnectionBroken, now)));

    /// <summary>Takes a message. Whatever is wrong with it is told in the state, never thrown.</summary>
    /// <returns>Messages to publish, in order.</returns>
    public IReadOnlyList<LinkMessage> Receive(LinkMessage message, DateTimeOffset now)
    {
        RunTo(now);
        if (!settings.Topics.TryParse(message.Topic, out var vehicle, out var topic) || vehicle != parts.Id)
        {
            Refuse(ErrorTypes.ValidationFailure, $"A message for another vehicle came in, on topic {message.Topic}");
        }
        else if (topic == LinkTopic.Order)
        {
            Take<Order>(message, TakeOrder);
        }
        else if (topic == LinkTopic.InstantActions)
        {
            Take<InstantActions>(message, TakeInstantActions);
        }

        ReportNews(now);
        return outbox.Take();
    }

    /// <summary>Lets time pass up to <paramref name="now"/>.</summary>
    /// <returns>Messages to publish, in order: a state each second and at each event.</returns>
    public IReadOnlyList<LinkMessage> Advance(DateTimeOffset now)
    {
        RunTo(now);
        return outbox.Take();
    }

    private static Connection ConnectionIs(VehicleId id, ConnectionState state, DateTimeOffset now) =>
        new() { HeaderId = 0, Timestamp = now, Vehicle = id, ConnectionState = state };

    private void RunTo(DateTimeOffset now)
    {
        var target = now.UtcTicks / StepTicks;
        if (gridStep is not { } from || target - from > MaxStepsAtOnce || from - target > StepsPerState)
        {
            gridStep = target;
            return;
        }

        for (var step = from + 1; step <= target; step++)
        {
            gridStep = step;
            Step();
            var stepTime = new DateTimeOffset(step * StepTicks, TimeSpan.Zero);
            if (step % StepsPerState == 0)
            {
                Report(stepTime);
            }
            else
            {
                ReportNews(stepTime);
            }
        }
    }

    private void Step()
    {
        var haltMps2 = HaltMps2;
        var stays = haltMps2 is not null && Drive.IsStanding;
        if (stays)
        {
            Hold();
        }

        if (isHeld && !MustRest)
        {
            isHeld = false;
            Runner.Resume();
        }

        if (!stays && !Runner.HoldsVehicle && Drive.Leg is not null)
        {
            Move(haltMps2);
        }
        else
        {
            Stand();
        }

        Watch();
    }

    /// <summary>The vehicle stands as it was told to: what runs is paused, and a cancelled order given up.</summary>
    private void Hold()
    {
        if (Desk.IsCancelling)
        {
            Runner.CancelAll();
            Drive.GiveUp();
            book = book.Cancel();
        }

        Desk.Settle();
        if (!isHeld && MustRest)
        {
            isHeld = true;
            Runner.Pause();
        }
    }

    private void Stand()
    {
        var worked = Runner.HoldsVehicle;
        if (Drive.IsStanding && !MustRest)
        {
            Runner.Work(StepS, IsAtDepot);
        }

        if (worked && !Runner.HoldsVehicle)
        {
            // After tipping or filling there may be sweeping again.
            SetLimits();
        }

        if (!Runner.IsCharging)
        {
            Levels.Draw(IsIdle && IsAtDepot ? parts.Model.StandbyPowerW : parts.Model.IdlePowerW, StepS);
        }
    }

    private void Move(double? haltMps2)
    {
        var before = Drive.SpeedMps;
        var restM = Drive.Step(StepS, haltMps2);
        var wayM = restM;
        var sweepS = 0.0;
        do
        {
            var leg = Drive.Leg!;
            Enter(leg);
            var reached = Drive.Roll(ref restM, out var rolledM);
            odometerM += rolledM;
            if (Runner.IsSweeping)
            {
                var pieceS = wayM > 0 ? StepS * Math.Min(1, rolledM / wayM) : 0;
                sweepS += pieceS;
                Sweep(rolledM, pieceS, reached is not null);
            }

            if (reached is not null)
            {
                Reach(reached);
            }
        }
        while (restM > 0 && Drive.Leg is not null);

        Levels.Draw(parts.Model.SweepPowerW, sweepS);
        Levels.Draw(parts.Model.DrivePowerW((before + Drive.SpeedMps) / 2), StepS - sweepS);
    }

    private void Enter(Leg leg)
    {
        if (leg.SequenceId is { } sequenceId && sequenceId != enteredEdge)
        {
            enteredEdge = sequenceId;
            Runner.EnterEdge(sequenceId);
        }
    }

    private void Sweep(double rolledM, double seconds, bool isAtEnd)
    {
        var doneM = Runner.SweepAlong(rolledM, seconds);
        sweptM += doneM;

        // What gives out just at the end was enough for the edge.
        if (!isAtEnd || doneM < rolledM)
        {
            Runner.FailSweepIfExhausted();
            if (!Runner.IsSweeping)
            {
                SetLimits();
            }
        }
    }

    private void Reach(Leg leg)
    {
        if (leg.SequenceId is null)
        {
            return;
        }

        Runner.LeaveEdge();
        book = book.Pass();
        Runner.ReachNode(book.LastSequenceId);
        hasNews = true;
    }

    /// <summary>Notes changes that are worth a state at once.</summary>
    private void Watch()
    {
        var seen = (Drive.IsStanding, Levels.IsBatteryLow, Levels.IsBatteryEmpty, Levels.IsHopperFull, Levels.IsWaterEmpty);
        hasNews |= seen != reported;
        reported = seen;
    }

    private void Take<T>(LinkMessage message, Action<T> take)
        where T : VdaMessage
    {
        var read = LinkJson.Read<T>(message.Payload.Span);
        if (!read.IsOk)
        {
            Refuse(ErrorTypes.ValidationFailure, $"A message on topic {message.Topic} cannot be read. {read.Error}");
        }
        else if (read.Message.Vehicle != parts.Id)
        {
            Refuse(ErrorTypes.ValidationFailure, $"A message on topic {message.Topic} is for vehicle {read.Message.Vehicle}");
        }
        else
        {
            take(read.Message);
        }
    }

    private void TakeOrder(Order order)
    {
        var at = new Standing(Drive.Arc, Drive.OffsetM, Drive.ArcLengthM, Drive.Position, IsIdle && Drive.IsStanding, !Desk.IsDeactivated);
        switch (rules.Judge(book, order, at))
        {
            case OrderVerdict.Refused refused:
                parts.Errors.Add(refused.Error);
                hasNews = true;
                break;
            case OrderVerdict.Started started:
                book = started.Book;
                Runner.Load(order, isNew: true);
                Runner.ReachNode(book.LastSequenceId);
                enteredEdge = null;
                Follow(started.FirstArcFrom);
                break;
            case OrderVerdict.Extended extended:
                var waits = Drive.Leg is null;
                book = extended.Book;
                Runner.Load(order, isNew: false);
                if (waits)
                {
                    Runner.ReachNode(book.LastSequenceId);
                }

                Follow(!waits || book.LastNodeId == OrderNodes.Here ? Drive.OffsetM : 0);
                break;
        }
    }

    /// <summary>Takes up the base of the order as it now is.</summary>
    /// <param name="firstArcFrom">Where on its first edge the vehicle is, metres; null if the way to it is still to be driven.</param>
    private void Follow(double? firstArcFrom)
    {
        var legs = new List<Leg>();
        var offsetM = firstArcFrom ?? Drive.OffsetM;
        if (book.Edges is [{ Released: true }, ..] && (firstArcFrom is null || Drive.Leg is { SequenceId: null }))
        {
            legs.Add(Drive.NewLeg(Drive.Arc, null, double.PositiveInfinity, stopsAtEnd: false));
        }

        foreach (var edge in book.Edges.TakeWhile(edge => edge.Released))
        {
            legs.Add(Drive.NewLeg(
                parts.Map.FindArc(edge.EdgeId)!.Value, edge.SequenceId, edge.MaximumSpeed ?? double.PositiveInfinity, Runner.HasWorkAt(edge.SequenceId + 1)));
        }

        Drive.Follow(legs, offsetM);
        SetLimits();
        parts.Errors.Clear();
        hasNews = true;
    }

    private void SetLimits()
    {
        foreach (var leg in Drive.Ahead)
        {
            leg.LimitMps = leg.SequenceId is { } sequenceId && Runner.WillSweep(sequenceId)
                ? Math.Min(leg.TransitLimitMps, parts.Model.SweepSpeedMps)
                : leg.TransitLimitMps;
        }

        Drive.Plan();
    }

    private void TakeInstantActions(InstantActions message)
    {
        foreach (var action in message.Actions)
        {
            Desk.Take(action, IsIdle ? null : book.OrderId, IsAtDepot);
        }

        hasNews = true;
        if (Desk.WantsFactsheet)
        {
            Desk.WantsFactsheet = false;
            outbox.Add(LinkTopic.Factsheet, SweeperFactsheet.Of(parts.Id, parts.Model, new(gridStep!.Value * StepTicks, TimeSpan.Zero)));
        }
    }

    private void Refuse(string errorType, string text)
    {
        parts.Errors.Add(new(errorType, ErrorLevel.Warning, text));
        hasNews = true;
    }

    private void ReportNews(DateTimeOffset now)
    {
        if (hasNews || Runner.HasNews)
        {
            Report(now);
        }
    }

    private void Report(DateTimeOffset now)
    {
        (hasNews, Runner.HasNews) = (false, false);
        outbox.Add(LinkTopic.State, StateReport.Of(parts, book, odometerM, sweptM, now));
    }
}
