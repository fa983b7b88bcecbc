using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Corridors;
using Kehrwerk.Sweeper.Driving;
using Kehrwerk.Sweeper.Orders;
using Kehrwerk.Sweeper.Reports;
using Kehrwerk.Sweeper.Requests;
using Kehrwerk.Sweeper.Safety;
using Kehrwerk.Sweeper.Sensing;
using Kehrwerk.Sweeper.Work;
using Kehrwerk.Sweeper.Zones;

namespace Kehrwerk.Sweeper;

/// <summary>
/// The vehicle and the order that it carries out, in physical steps: it drives, sweeps, works at the depot, and halts where something
/// holds it. Knows no messages but the order, and no clock. Not thread-safe.
/// </summary>
internal sealed partial class Vehicle
{
    private readonly News news;
    private readonly MapPoint depotPlace;
    private readonly string depotNodeId;
    private readonly int depotArc;
    private readonly bool depotHasMarkers;
    private uint? enteredEdge;
    private bool isHeld;
    private StateReport.Noted noted;

    private readonly SafetyMemory? unusedMemory;

    /// <param name="guard">Its supervision; null: none.</param>
    /// <param name="start">Where it stands and what it holds; fits the model and the map.</param>
    /// <param name="platform">Its hardware, by which it drives in full; null: it moves along its line by its model's figures alone.</param>
    public Vehicle(
        SweeperModel model, StreetNetwork map, string mapId, SweeperSettings settings, SweeperCondition start, ErrorLog errors, News news, Guard? guard, IPlatform? platform = null)
    {
        (Model, Map, MapId, this.news, Guard, unusedMemory) = (model, map, mapId, news, guard, start.Safety);
        Drive = new(model, map, map.FindArc(start.Arc)!.Value, start.OffsetM) { AsideM = start.AsideM };
        Levels = new(model, start, platform);
        Self = platform is null ? null : new(model, map, platform);
        Depot = new(model, Levels, news) { Report = error => errors.Add(error, ErrorLife.AWhile) };
        Actions = new(Levels, new(settings.DirtSeed, settings.DirtSpread), Depot, news);
        Desk = new(Depot, errors, news, start.Deactivated, guard);
        ZoneSets = new(errors, news);
        Requests = new(news);
        Proposing = new(Requests, news);
        Zones = new(model, map, mapId, ZoneSets, Requests, errors, news);
        Pass = new(model, Requests, news);
        Control = new(this, news);
        Journal = new(news);
        var further = new FurtherActions(this);
        (Desk.Further, Depot.AtOnce) = (further.Take, further.TakeAtNode);
        Book = new(start.LastNodeId);
        (OdometerM, SweptM) = (start.OdometerM, start.SweptM);
        (depotArc, depotHasMarkers) = (settings.DepotArc, settings.DepotHasMarkers && platform is not null);
        var depotNode = map.ArcHead[settings.DepotArc];
        depotPlace = map.NodePoint[depotNode];
        depotNodeId = map.NodeKey(depotNode);
    }

    public SweeperModel Model { get; }
    public StreetNetwork Map { get; }
    public string MapId { get; }
    public Drive Drive { get; }
    public Levels Levels { get; }

    /// <summary>The driving in full; null in the light mode.</summary>
    public SelfDriving? Self { get; }

    /// <summary>Where it is and which way it points.</summary>
    public (MapPoint At, double HeadingRad) Pose => Drive.Measured ?? (Drive.Position, Drive.HeadingRad);
    public DepotWork Depot { get; }
    public ActionRunner Actions { get; }
    public InstantDesk Desk { get; }
    public Guard? Guard { get; }
    public OrderBook Book { get; private set; }
    public ZoneShelf ZoneSets { get; }
    public RequestDesk Requests { get; }
    public ZoneGuard Zones { get; }

    /// <summary>What it asks the Centre to release.</summary>
    public ManoeuvreDesk Proposing { get; }
    public CorridorPass Pass { get; }

    public Journal Journal { get; }

    /// <summary>Who drives, and whether the vehicle sleeps.</summary>
    public ControlDesk Control { get; }

    /// <summary>Metres driven since the vehicle was built.</summary>
    public double OdometerM { get; private set; }

    /// <summary>Part of them with brooms down.</summary>
    public double SweptM { get; private set; }

    /// <inheritdoc cref="SweeperProgram.KeepsCondition"/>
    public bool KeepsCondition { get; set; } = true;

    public bool IsIdle => Book.Nodes.IsEmpty && Actions.AllEnded;

    public bool IsAtDepot => Drive.IsStanding && Book.LastNodeId == depotNodeId && Drive.Position.DistanceTo(depotPlace) <= NodeReach.ToleranceM;

    public Standing Standing => new(
        Drive.Arc, Drive.OffsetM, Drive.ArcLengthM, Drive.Position, IsIdle && Drive.IsStanding,
        Desk.IsDeactivated ? "The vehicle is deactivated" : Self is { Pilot.Where.IsKnown: false } ? "The vehicle does not know yet where it is" : Control.Unavailable);

    public SweeperCondition Condition => new(
        Map.ArcKey(Drive.Arc), Drive.OffsetM, Book.LastNodeId, Levels.EnergyWh, Levels.WaterL, Levels.HopperM3, OdometerM, SweptM, Desk.IsDeactivated, Guard?.Memory ?? unusedMemory)
    { AsideM = Drive.AsideM };

    public SweeperActivity Activity => new(
        Book.OrderId, Book.OrderUpdateId, Drive.SpeedMps, Depot.IsWorking, !IsIdle, Desk.IsPaused, Desk.IsDeactivated);

    /// <summary>A person told it to rest: then it does not work either. What else halts it only keeps it from driving, it may charge.</summary>
    private bool MustRest => Desk.IsPaused || !Control.IsAutomatic || IsAtRisk;

    /// <summary>On the way to the minimal risk condition, or in it: work rests.</summary>
    private bool IsAtRisk => Desk.IsDeactivated || Guard is { MustRest: true };

    /// <summary>Something makes it brake to a stop, or stand.</summary>
    public bool IsHalting => HaltMps2 is not null;

    /// <summary>How hard the vehicle has to brake to a stop now; null if nothing holds it, m/s². Of what holds it the hardest counts.</summary>
    private double? HaltMps2 => HaltBesidePassMps2 ?? Pass.HaltMps2;

    /// <summary>
    /// The same without what lies on the way. A minimal risk manoeuvre holds only what cannot go on to a safer place: driving in full, the motion guard sees to it.
    /// </summary>
    private double? HaltBesidePassMps2 => Desk.IsDeactivated ? Model.DeactivationBrakingMps2
        : Zones.HaltMps2 is { } zoneMps2 && zoneMps2 > Model.BrakingMps2 ? zoneMps2
        : Desk.IsPaused || Desk.IsCancelling || Levels.IsBatteryEmpty || !KeepsCondition || Control.HasToStand || (Guard is { IsHolding: true } guard && !(Self is not null && guard.IsInMrm)) ? Model.BrakingMps2
        : Zones.HaltMps2;

    public void Take(Order order, OrderVerdict.Started started)
    {
        Guard?.NoteOrder();
        Book = started.Book;
        Actions.Load(order, isNew: true);
        Actions.ReachNode(Book.LastSequenceId);
        enteredEdge = null;
        Zones.TakeInstruction();
        Follow(started.FirstArcFrom);
    }

    public void Take(Order order, OrderVerdict.Extended extended)
    {
        var waits = Drive.Leg is null;
        Book = extended.Book;
        Actions.Load(order, isNew: false);
        if (waits)
        {
            Actions.ReachNode(Book.LastSequenceId);
        }

        Zones.TakeInstruction();
        Follow(!waits || Map.FindNode(Book.LastNodeId) is null ? Drive.OffsetM : 0);
    }

    /// <summary>Takes an instant action; what a cancellation makes fail fails at once.</summary>
    public void Take(RobotAction action)
    {
        Desk.Take(action, IsIdle ? null : Book.OrderId, IsAtDepot, Control.Mode);
        if (Desk.IsCancelling)
        {
            Actions.CancelWaiting();
        }
    }

    /// <summary>Gives up the order at a standstill (6.6.7); its ids and the last node stay.</summary>
    public void ClearOrder()
    {
        Actions.CancelAll();
        Drive.GiveUp();
        Book = Book.Cancel();
        Pass.End();
        GiveWay();
    }

    /// <summary>Sets the last node: where the Centre tells it, or to nothing where it means nothing any more.</summary>
    public void SetLastNode(string nodeId)
    {
        Book = Book with { LastNodeId = nodeId };
        news.Note();
    }

    /// <summary>A person has moved the vehicle: a last node from which no order could begin any more is forgotten (6.6.6, MANUAL).</summary>
    public void MoveByHand(int arc, double offsetM)
    {
        Drive.Put(arc, offsetM);
        var isStart = Map.FindNode(Book.LastNodeId) is { } node
            && (node == Map.ArcTail[arc] || Map.NodePoint[node].DistanceTo(Drive.Position) <= NodeReach.ToleranceM);
        SetLastNode(isStart ? Book.LastNodeId : "");
    }

    /// <summary>Lets <see cref="SweeperProgram.StepS"/> pass.</summary>
    /// <param name="now">When it has passed, by the vehicle's clock.</param>
    public void Step(DateTimeOffset now)
    {
        Requests.Tick(now);
        LookAhead();
        Control.Step(now);
        if (isHeld && !MustRest)
        {
            isHeld = false;
            Actions.Resume();
        }

        var haltMps2 = HaltMps2;
        var worked = Depot.HoldsVehicle;
        if ((Drive.IsStanding || !worked) && !MustRest && !Desk.IsCancelling)
        {
            Depot.Step(SweeperProgram.StepS, IsAtDepot);
        }

        if (worked && !Depot.HoldsVehicle)
        {
            // After tipping or filling there may be sweeping again.
            SetLimits();
        }

        if (haltMps2 is null && Drive is { Leg: null, IsStanding: true } && !Depot.HoldsVehicle && Book.Edges is [{ Released: true }, ..] && IsStay(0))
        {
            PassStay();
        }

        var moves = Drive.Leg is not null && !Depot.HoldsVehicle && !(haltMps2 is not null && Drive.IsStanding);
        if (Self is not null)
        {
            DriveSelf(Self, moves, haltMps2);
        }
        else if (Guard?.LetsGo(moves && !(Drive.IsStanding && Drive.IsAtStop)) ?? moves)
        {
            Move(haltMps2);
        }
        else
        {
            Stand();
        }

        if (haltMps2 is not null && Drive.IsStanding)
        {
            Hold();
        }

        NoteChanges();
    }

    /// <summary>The vehicle stands as it was told to: what runs is paused, and a cancelled order given up.</summary>
    private void Hold()
    {
        if (Desk.IsCancelling)
        {
            ClearOrder();
        }

        Desk.Settle();
        if (!isHeld && MustRest)
        {
            isHeld = true;
            Actions.Pause();
        }
    }

    private void Stand()
    {
        if (!Depot.IsCharging)
        {
            Levels.Draw(IsIdle && IsAtDepot ? Model.StandbyPowerW : Model.IdlePowerW, SweeperProgram.StepS);
        }
    }

    private void Move(double? haltMps2)
    {
        const double stepS = SweeperProgram.StepS;
        var before = Drive.SpeedMps;
        var restM = Drive.Step(stepS, haltMps2);
        var wayM = restM;
        var sweepS = 0.0;
        do
        {
            var leg = Drive.Leg!;
            Enter(leg);
            var fromM = Drive.OffsetM;
            var reached = Drive.Roll(ref restM, out var rolledM);
            OdometerM += rolledM;
            if (Actions.IsSweeping && IsAtRisk)
            {
                // Brooms are up from the first moment of a minimal risk manoeuvre (SP-MODE-5): what it still rolls over is missed.
                Actions.BookMissed(fromM, fromM + rolledM, MissedReasons.Halted);
            }
            else if (Actions.IsSweeping)
            {
                var pieceS = wayM > 0 ? stepS * Math.Min(1, rolledM / wayM) : 0;
                sweepS += pieceS;
                Sweep(rolledM, pieceS, reached is not null);
            }

            if (reached is not null)
            {
                Reach(reached);
            }
        }
        while (restM > 0 && Drive.Leg is not null);

        Levels.Draw(Model.SweepPowerW, sweepS);
        Levels.Draw(Model.DrivePowerW((before + Drive.SpeedMps) / 2), stepS - sweepS);
    }

    private void Enter(Leg leg)
    {
        if (leg.SequenceId is { } sequenceId && sequenceId != enteredEdge)
        {
            enteredEdge = sequenceId;
            Actions.EnterEdge(sequenceId);
        }
    }

    private void Sweep(double rolledM, double seconds, bool isAtEnd)
    {
        var doneM = Actions.SweepAlong(rolledM, seconds);
        SweptM += doneM;

        // What gives out just at the end was enough for the edge.
        if (!isAtEnd || doneM < rolledM)
        {
            Actions.FailSweepIfExhausted();
            if (!Actions.IsSweeping)
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

        Actions.LeaveEdge();
        Book = Book.Pass();
        Actions.ReachNode(Book.LastSequenceId);
        news.Note();
    }

    private void NoteChanges()
    {
        var now = StateReport.Noted.Of(this);
        if (now != noted)
        {
            noted = now;
            news.Note();
        }
    }
}
