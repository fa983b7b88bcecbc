using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Transport;
using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Driving;
using Kehrwerk.Sweeper.Recording;
using Kehrwerk.Sweeper.Reports;
using Kehrwerk.Sweeper.Safety.Motion;

namespace Kehrwerk.Sweeper.Safety;

/// <summary>
/// The vehicle's side of the safety profile: supervision, what is said outside, and the event recorder. Called before and after each
/// step of the vehicle; it can hold the vehicle and never moves it. Not thread-safe.
/// </summary>
internal sealed class Guard
{
    // D9 in bends: the map's bends are points, a wheel turns no tighter than its radius.
    private readonly double turningRadiusM;

    private static readonly TimeSpan StateEvery = TimeSpan.FromSeconds(1);

    // An answer that comes so much later than the one before is overdue, s.
    private const double OverdueS = 0.2;

    private readonly VehicleId id;
    private readonly News news;
    private readonly SafetyMemory start;
    private readonly SafetyLayer layer;
    private readonly EventRecorder recorder;
    private readonly EventShelf shelf;
    private readonly Announcing outside = new();
    private readonly List<(Occasion Occasion, string Code, string Text)> occasions = [];
    private readonly int settingOffSteps;
    private UseCounts counts;
    private int announcedSteps, releases;
    private int movedSteps;
    private bool isStanding = true;
    private SelfDriving? self;
    private Occasion? occasion;
    private SensorSample sensors = SensorSample.Nothing;
    private bool isIdle = true;
    private string? impairment;
    private Monitored monitored;
    private double speedMps;
    private double? headingRad;
    private string? toldRefusal;
    private DateTimeOffset reportedAt;

    public Guard(VehicleId id, SweeperModel model, SweeperSettings settings, StreetNetwork map, string mapId, SafetyMemory? memory, IEnumerable<RecordedEvent> unsent, News news)
    {
        var rules = settings.Supervision ?? throw new ArgumentException("A vehicle without supervision has no guard.", nameof(settings));
        (this.id, this.news, start, turningRadiusM) = (id, news, memory ?? new(), model.TurningRadiusM);
        layer = new(rules, new(mapId, map.Frame.Name), start);
        recorder = new(new(id, settings.Vin ?? VirtualVin(id), map.Frame));
        shelf = new(unsent);
        counts = new(start.Drives, start.Activations, start.Deactivations, start.Releases);
        settingOffSteps = (int)Math.Round(rules.SettingOff.TotalSeconds / SweeperProgram.StepS);
    }

    // While it asks for a manoeuvre.
    private Vehicle? scene;
    private string toldStages = "";

    public SafetyStanding Standing => layer.Standing;

    /// <summary>An event was recorded since the program began.</summary>
    public bool HasRecorded { get; private set; }

    /// <summary>False while events cannot be stored.</summary>
    public bool KeepsEvents { get; set; } = true;

    /// <summary>The vehicle must stand: it has no lease, or is at minimal risk.</summary>
    public bool IsHolding => !layer.MayDrive;

    /// <summary>It is on its way to the minimal risk condition.</summary>
    public bool IsInMrm => Standing.Mode == SafetyMode.Mrm;

    /// <summary>The answer to a state is overdue, and the lease runs out: the next state is sent sooner.</summary>
    public bool IsLeaseAging => layer.MayDrive && layer.LeaseAgeS > StateEvery.TotalSeconds + layer.LatencyS + OverdueS;

    /// <summary>What runs is to pause while it stands.</summary>
    public bool MustRest => Standing.IsAtRisk;

    public SafetyMemory Memory => Standing.Into(start) with
    {
        Drives = counts.Drives,
        Activations = counts.Activations,
        Deactivations = counts.Deactivations,
        Releases = counts.Releases,
    };

    /// <summary>Before each step of the vehicle.</summary>
    public void Before(Vehicle vehicle, DateTimeOffset now)
    {
        See(vehicle);
        self = vehicle.Self;
        layer.Limit = vehicle.Self is { Verdict: { Action: MotionAction.Mrm } verdict } ? SelfReports.CauseOf(verdict.Cause) : null;
        layer.GoesOn = vehicle.Self is { Verdict.Strategy: MrmStrategy.PullOver or MrmStrategy.ClearJunction };
        Watch(() => layer.Step(now, isStanding, isIdle, vehicle.Desk.IsDeactivated));
    }

    /// <summary>
    /// Whether the vehicle may move in this step: from standstill only after it has said for a while that it sets off.
    /// </summary>
    public bool LetsGo(bool wantsTo)
    {
        announcedSteps = wantsTo && isStanding ? announcedSteps + 1 : 0;
        return wantsTo && (!isStanding || announcedSteps > settingOffSteps);
    }

    /// <summary>The driving program says itself when it sets off, and counts how long.</summary>
    public void Announce(bool isSettingOff) => announcedSteps = isSettingOff ? announcedSteps + 1 : 0;

    /// <summary>After each step of the vehicle.</summary>
    public void After(Vehicle vehicle, DateTimeOffset now)
    {
        See(vehicle);
        movedSteps = isStanding ? 0 : movedSteps + 1;
        LookOutside(vehicle);
        LookAtManoeuvres(vehicle);
        Monitor(vehicle);
        NoteReleases(vehicle);
        NoteOccasion(vehicle.Self);
        if (recorder.Step(Sample(vehicle, now), counts) is { } ended)
        {
            shelf.Put(ended);
        }

        foreach (var (occasion, code, text) in occasions)
        {
            if (recorder.Note(occasion, code, text, counts) is { } begun)
            {
                HasRecorded = true;
                shelf.Begin(begun);
            }
        }

        occasions.Clear();
    }

    /// <summary>What is said outside follows the mode at once: a message can change it between two steps (SP-OUT-2).</summary>
    public void LookOutside(Vehicle vehicle)
    {
        See(vehicle);
        var isSettingOff = announcedSteps > 0 || (!isStanding && movedSteps <= settingOffSteps);
        if (outside.Look(new(Standing.Mode, isStanding, !isIdle, vehicle.IsHalting, isSettingOff, vehicle.Self?.Announced)))
        {
            Tell();
        }
    }

    public void NoteOrder() => counts = counts with { Drives = counts.Drives.Again(layer.Now) };

    /// <inheritdoc cref="SafetyLayer.HeldUp"/>
    public TimeSpan HeldUp(DateTimeOffset sentAt) => layer.HeldUp(sentAt);

    public void NoteSent(uint headerId, DateTimeOffset timestamp) => layer.NoteSent(headerId, timestamp);

    /// <summary>The vehicle's clock begins, or goes on after a jump.</summary>
    public void Begin(DateTimeOffset now, long missedSteps)
    {
        layer.Now = now;
        layer.ClockJumped(missedSteps);
    }

    /// <summary>Everything that comes in is recorded.</summary>
    public void Receive(LinkMessage message, DateTimeOffset now) => recorder.Receive(message, now);

    public void Take(Supervision lease, Vehicle vehicle)
    {
        var epoch = Standing.Epoch;
        layer.Take(lease);
        Watch(() => layer.Look(vehicle.Drive.IsStanding, vehicle.IsIdle, vehicle.Desk.IsDeactivated));
        if (Standing.LeaseRefusal != toldRefusal || Standing.Epoch != epoch)
        {
            toldRefusal = Standing.LeaseRefusal;
            Tell();
        }
    }

    public void Take(EventReceipts receipts)
    {
        foreach (var receipt in receipts.Receipts)
        {
            shelf.Take(receipt);
        }
    }

    /// <inheritdoc cref="SafetyLayer.Refusal(Order)"/>
    public string? Refusal(Order order) => layer.Refusal(order);

    /// <summary>Why an instant action is refused, as <c>code: text</c>; null: it is carried out, and recorded where a person intervenes.</summary>
    public string? Judge(RobotAction action)
    {
        if (layer.Refusal(action) is { } refusal)
        {
            return refusal;
        }

        var by = CommandStamp.Of(action, out _)?.By;
        var isAsking = CommandGate.IsAlwaysOpen(action.ActionType) && action.ActionType is not (SweeperActions.Deactivate or SweeperActions.StartPause or SweeperActions.CancelOrder);
        if (!isAsking && by != CommandStamp.Centre)
        {
            occasions.Add((Occasion.Intervention, action.ActionType, $"by {by ?? "an unnamed person"}"));
        }

        return null;
    }

    /// <summary>Ends the minimal risk condition; says why, as <c>code: text</c>, where that cannot be.</summary>
    /// <param name="isDeactivated">It was deactivated, perhaps since the last step.</param>
    public string? End(MrcInvestigation investigation, bool isDeactivated)
    {
        string? refusal = null;
        Watch(() => layer.Look(isStanding, isIdle, isDeactivated));
        Watch(() => refusal = layer.End(investigation, isStanding, isIdle, impairment));
        if (refusal is null)
        {
            // At once: what the guard said before must not begin another at the next lease.
            layer.Limit = null;
            self?.EndMrm();
        }

        return refusal;
    }

    /// <summary>The event to be sent now: only while a lease shows that the link stands.</summary>
    public EventMessage? DueEvent(DateTimeOffset now) =>
        Standing.HasLease(layer.NowS, layer.Rules) && shelf.Due(now) is { } due ? EventShelf.ToMessage(due, id, now) : null;

    public IReadOnlyList<EventOrder> TakeEventOrders() => shelf.TakeOrders();

    /// <summary>What the vehicle says of its safety, if that is due.</summary>
    public SafetyReport? DueReport(DateTimeOffset now)
    {
        // It goes out with a state, once a second: with the next one it would be late. A clock that was set back must not silence it.
        // A person who judges a manoeuvre sees what the vehicle sees now.
        var every = scene is null ? layer.Rules.ReportEvery - StateEvery : StateEvery * 0.9;
        if (now >= reportedAt && now - reportedAt < every)
        {
            return null;
        }

        reportedAt = now;
        var report = SafetyReports.Of(id, layer, outside, shelf.Waiting, now);
        return scene is null ? report : report with { Manoeuvres = scene.Proposing.Manoeuvres, Seen = SafetyReports.SeenBy(scene.Self) };
    }

    /// <summary>What became of a manoeuvre is told at once.</summary>
    private void LookAtManoeuvres(Vehicle vehicle)
    {
        scene = vehicle.Proposing.IsAsking ? vehicle : null;
        if (vehicle.Proposing.Stages is var stages && stages != toldStages)
        {
            toldStages = stages;
            Tell();
        }
    }

    private static string VirtualVin(VehicleId id)
    {
        var serial = new string([.. id.Serial.ToUpperInvariant().Where(char.IsAsciiLetterOrDigit)]);
        return "KEHRWERK" + serial[Math.Max(0, serial.Length - 9)..].PadLeft(9, '0');
    }

    private void See(Vehicle vehicle) => (isStanding, isIdle) = (vehicle.Drive.IsStanding, vehicle.IsIdle);

    /// <summary>The next report is due at once, and a state with it.</summary>
    private void Tell()
    {
        reportedAt = default;
        news.Note();
    }

    private void Watch(Action look)
    {
        var before = Standing;
        look();
        var after = Standing;
        if (after.Mode == before.Mode && after.MrcId == before.MrcId)
        {
            return;
        }

        Tell();
        if (after.Mode == SafetyMode.Supervised)
        {
            counts = counts with { Activations = counts.Activations.Again(layer.Now) };
        }
        else if (before.Mode == SafetyMode.Supervised)
        {
            counts = counts with { Deactivations = counts.Deactivations.Again(layer.Now) };
        }

        if (after.IsAtRisk && after.MrcId != before.MrcId && after.Cause != MrcCause.Deactivated)
        {
            occasions.Add((Occasion.Disturbance, after.Cause.ToString()!, SafetyReports.Words(after.Cause)));
        }
    }

    private void Monitor(Vehicle vehicle)
    {
        var levels = vehicle.Levels;
        var now = (levels.IsBatteryLow ? Monitored.BatteryLow : 0) | (levels.IsBatteryEmpty ? Monitored.BatteryEmpty : 0)
            | (levels.IsHopperFull ? Monitored.HopperFull : 0) | (levels.IsWaterEmpty ? Monitored.WaterEmpty : 0)
            | (vehicle.KeepsCondition ? 0 : Monitored.ConditionNotSaved) | (KeepsEvents ? 0 : Monitored.EventsNotStored);
        const Monitored disturbing = Monitored.BatteryEmpty | Monitored.ConditionNotSaved | Monitored.EventsNotStored;
        var begun = now & ~monitored & disturbing;
        if (begun != Monitored.None)
        {
            occasions.Add((Occasion.Disturbance, begun.ToString(), "System monitoring"));
        }

        monitored = now;
        impairment = levels.IsBatteryEmpty ? "the battery is empty"
            : !vehicle.KeepsCondition ? "the vehicle cannot store its condition"
            : vehicle.Self is { Impairment: not MotionCause.None and var cause } ? MotionCauses.Of(cause).Text
            : null;
    }

    /// <summary>D4: each manoeuvre that was released.</summary>
    private void NoteReleases(Vehicle vehicle)
    {
        for (; releases < vehicle.Proposing.ReleasedCount; releases++)
        {
            counts = counts with { Releases = counts.Releases.Again(layer.Now) };
        }
    }

    /// <summary>A conflict, an evasion or a fault that the motion guard sees is recorded when it begins.</summary>
    private void NoteOccasion(SelfDriving? self)
    {
        if (self?.Verdict is not { } verdict)
        {
            return;
        }

        if (verdict.Occasion is { } now && now != occasion)
        {
            occasions.Add((now, verdict.Cause.Code(), MotionCauses.Of(verdict.Cause).Text));
        }

        occasion = verdict.Occasion;
    }

    private EventSample Sample(Vehicle vehicle, DateTimeOffset now)
    {
        const double stepS = SweeperProgram.StepS;
        var (drive, before) = (vehicle.Drive, speedMps);
        var (place, pointsRad) = vehicle.Pose;
        var turnedRad = headingRad is { } last ? Math.IEEERemainder(pointsRad - last, 2 * Math.PI) : 0;
        var mostMps2 = drive.SpeedMps * drive.SpeedMps / turningRadiusM;
        (speedMps, headingRad) = (drive.SpeedMps, pointsRad);
        var lights = 0;
        foreach (var said in outside.Now)
        {
            lights |= 1 << (int)said;
        }

        return new(
            now,
            place,
            speedMps,
            vehicle.Self is { Frame.AccelerationMps2: var along } && !double.IsNaN(along) ? along : (speedMps - before) / stepS,
            vehicle.Self is { Frame.LateralMps2: var across } && !double.IsNaN(across) ? across : Math.Clamp(speedMps * turnedRad / stepS, -mostMps2, mostMps2),
            layer.LatencyS,
            recorder.ReceivedBytes(now),
            Standing.Mode,
            Standing.Cause,
            lights,
            monitored)
        {
            Sensors = vehicle.Self is { } self ? sensors = sensors.Next(self.Frame) : null,
            Action = vehicle.Self?.Verdict.Action ?? MotionAction.None,
            ActionCause = vehicle.Self?.Verdict.Cause ?? MotionCause.None,
            Causes = SelfReports.Told(vehicle.Self),
        };
    }
}
