using System.Collections.Immutable;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Simulation;
using Kehrwerk.Link;
using Kehrwerk.Link.Simulation;
using Kehrwerk.Link.Transport;
using Kehrwerk.Planning;
using Kehrwerk.Sweeper;

namespace Kehrwerk.Faults;

/// <summary>
/// One shift of the Centre and its vehicles in the deterministic event loop while things go wrong by seed: on the way of each message,
/// in each process, at the broker. After every event the <see cref="Invariants"/> are checked; the first that does not hold ends the run.
/// </summary>
internal sealed class FaultWorld : IDisposable
{
    // A Monday; the date decides nothing but the timestamps.
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 5, 0, 0, TimeSpan.Zero);

    private static readonly TimeSpan ReconnectEvery = TimeSpan.FromSeconds(1);

    private readonly FaultStage stage;
    private readonly FaultProfile profile;
    private readonly Random chance;
    private readonly InMemoryBroker broker;
    private readonly SimulatedStore store = new();
    private readonly List<FaultVehicle> vehicles = [];
    private readonly Mischief mischief;
    private readonly Person person;
    private readonly CaseOperator clerk;
    private readonly LinkConditions quiet = FaultProfile.None.Conditions();
    private WatchedTransport? centreWire;

    /// <param name="text">Where every message and fault is told; null: nowhere.</param>
    public FaultWorld(FaultStage stage, FaultProfile profile, int seed, TextWriter? text = null)
    {
        (this.stage, this.profile) = (stage, profile);
        Loop = new(Start, seed);
        Journal = new(text);
        chance = new(Loop.Random.Next());
        broker = new(Loop, quiet) { WillAtTakeover = profile == FaultProfile.None ? 0 : 0.5 };
        Invariants = new(this);
        person = new(this, new(Loop.Random.Next()));
        mischief = new(this, person, profile, new(Loop.Random.Next()));
        clerk = new(Loop, () => Centre, "Bea");
        foreach (var vehicle in stage.Fleet)
        {
            vehicles.Add(new(vehicle, SweeperCondition.Fresh(stage.Model, stage.City.Streets, stage.City.Depot.Arc)));
        }
    }

    public EventLoop Loop { get; }
    public Journal Journal { get; }
    public Invariants Invariants { get; }
    public Person Person => person;
    public InMemoryBroker Broker => broker;
    public SimulatedStore Store => store;
    public IReadOnlyList<FaultVehicle> Vehicles => vehicles;
    public FaultStage Stage => stage;
    public bool IsSupervised => profile.Supervised;

    /// <summary>Null while its process is down.</summary>
    public SimulatedCentre? Centre { get; private set; }

    public InMemoryClient? CentreLine => centreWire is { IsDead: false } wire ? wire.Inner : null;

    /// <summary>Things go wrong now.</summary>
    public bool IsTrouble { get; private set; }

    /// <summary>Runs the shift to its end; says what did not hold, or null.</summary>
    public string? Run(CancellationToken cancellation = default)
    {
        Begin();
        Loop.Schedule(TimeSpan.FromSeconds(profile.TroubleForS), Calm);
        var latest = Start + TimeSpan.FromSeconds(profile.TroubleForS + profile.LateUpToS) + stage.Limit;
        while (Invariants.Broken is null && !HasEnded && Loop.Now < latest && Loop.Step())
        {
            Invariants.Check();
            cancellation.ThrowIfCancellationRequested();
        }

        return Invariants.Broken ?? Invariants.CheckEnd(HasEnded);
    }

    /// <summary>Starts everything and gives the shift's missions out, with the faults of the profile from the first message on.</summary>
    public void Begin()
    {
        IsTrouble = profile.TroubleForS > 0;
        vehicles.ForEach(vehicle => vehicle.ClockOffset = mischief.ClockOffset());
        StartCentre();
        vehicles.ForEach(StartVehicle);
        var plan = stage.Plan(chance);
        Loop.Schedule(TimeSpan.FromSeconds(2), () => person.StartShift(plan));
        mischief.Begin();
        clerk.Begin();
    }

    /// <summary>Advances by a time and checks after each event; for tests that make their own trouble.</summary>
    public void RunFor(double seconds)
    {
        var end = Loop.Now.AddSeconds(seconds);
        Loop.Schedule(end, () => { });
        while (Loop.Now < end && Loop.Step())
        {
            Invariants.Check();
        }
    }

    /// <summary>Puts another vehicle into the world and starts it, e.g. a second one of the same name.</summary>
    public FaultVehicle AddVehicle(FleetVehicle spec, string clientId)
    {
        var vehicle = new FaultVehicle(spec, SweeperCondition.Fresh(stage.Model, stage.City.Streets, stage.City.Depot.Arc), clientId);
        vehicles.Add(vehicle);
        StartVehicle(vehicle);
        return vehicle;
    }

    private void StartVehicle(FaultVehicle vehicle)
    {
        if (vehicle.IsOff)
        {
            return;
        }

        var id = vehicle.Spec.Id;
        var will = SweeperProgram.LastWillOf(id, Topics.Default, Loop.Now + vehicle.ClockOffset);
        var client = broker.Connect(vehicle.ClientId, will, ReconnectEvery);
        var program = new SweeperProgram(
            id, stage.Model, stage.City.Streets, stage.City.Fingerprint, new SweeperSettings { DepotArc = stage.City.Depot.Arc, Supervision = profile.Supervised ? new() : null }, vehicle.Saved);
        WatchedTransport wire = null!;
        wire = new(client, OnSend, OnHear, () =>
        {
            Journal.Event(Loop.Now, $"{vehicle.ClientId} ends");
            vehicle.End();
            Loop.Schedule(mischief.DownTime(), () => StartVehicle(vehicle));
        });
        Connect(client);
        Journal.Event(Loop.Now, $"{vehicle.ClientId} starts");
        vehicle.Begin(wire, new(Loop, program, wire, Topics.Default) { ClockOffset = vehicle.ClockOffset });
        Invariants.VehicleStarted(vehicle);
        vehicle.Shell!.Start();

        CrashPoint OnSend(LinkMessage message)
        {
            Journal.Message(Loop.Now, vehicle.ClientId, "says", message);
            var crash = mischief.Crash(profile.VehicleCrash);
            if (crash != CrashPoint.Before)
            {
                Invariants.VehicleSays(vehicle, message);
            }

            return crash;
        }

        CrashPoint OnHear(LinkMessage message)
        {
            Journal.Message(Loop.Now, vehicle.ClientId, "hears", message);
            var crash = mischief.Crash(profile.VehicleCrash);
            if (crash != CrashPoint.Before)
            {
                Invariants.VehicleHears(vehicle, message);
            }

            return crash;
        }
    }

    private void StartCentre()
    {
        var client = broker.Connect("centre", null, ReconnectEvery);
        Connect(client);
        centreWire = new(client, OnSend, OnHear, () =>
        {
            Journal.Event(Loop.Now, "centre ends");
            Centre?.Kill();
            Centre = null;
            Loop.Schedule(mischief.DownTime(), StartCentre);
        });
        Journal.Event(Loop.Now, "centre starts");
        var centre = new SimulatedCentre(Loop, centreWire, stage.Context, stage.Fleet, Topics.Default, store);
        Centre = centre;
        centre.Start();

        CrashPoint OnSend(LinkMessage message)
        {
            Journal.Message(Loop.Now, "centre", "says", message);
            Invariants.CentreSays(message);
            return mischief.Crash(profile.CentreCrash);
        }

        CrashPoint OnHear(LinkMessage message) => mischief.Crash(profile.CentreCrash);
    }

    /// <summary>Ends the Centre's process; it comes back by itself.</summary>
    public void KillCentre() => centreWire?.Die();

    public void Dispose() => Journal.Dispose();

    /// <summary>What was late must have arrived: it may start something where all is over.</summary>
    private bool HasEnded =>
        !IsTrouble && Loop.Now > Start.AddSeconds(5 + profile.TroubleForS + (profile.Late > 0 ? profile.LateUpToS : 0))
        && Centre is { AllMissionsEnded: true } && store.EndedMissions.Count > 0;

    private void Connect(InMemoryClient client)
    {
        client.Uplink = client.Downlink = IsTrouble ? profile.Conditions() : quiet;
    }

    private void Calm()
    {
        Journal.Event(Loop.Now, "calm");
        IsTrouble = false;
        foreach (var client in vehicles.Select(v => v.Wire?.Inner).Append(CentreLine).OfType<InMemoryClient>())
        {
            Connect(client);
            client.Heal();
        }

        person.LookAfterAll();
    }
}

/// <summary>Where a world of faults plays: the city, the vehicles, what they are to do.</summary>
/// <param name="Limit">How long after the trouble the shift may take.</param>
internal sealed record FaultStage(
    Streets.City City, Centre.Missions.CityContext Context, SweeperModel Model, ImmutableArray<FleetVehicle> Fleet, Func<Random, Plan> Plan, TimeSpan Limit)
{
    /// <summary>The <see cref="ProvingGround"/>.</summary>
    public static FaultStage Small(int vehicles)
    {
        var ground = ProvingGround.Instance;
        ImmutableArray<FleetVehicle> fleet = [.. Kehrwerk.Fleet.Specs(ground.Model, vehicles, 8).Select((spec, i) => new FleetVehicle(Kehrwerk.Fleet.Id(i + 1), spec))];
        return new(ground.City, ground.Context, ground.Model, fleet, chance => ground.Shift(fleet, chance), TimeSpan.FromMinutes(40));
    }
}

/// <summary>A vehicle of the world: what is true of it whether its program runs or not.</summary>
internal sealed class FaultVehicle(FleetVehicle spec, SweeperCondition fresh, string? clientId = null)
{
    public FleetVehicle Spec => spec;
    public VehicleId Id => spec.Id;
    public string ClientId => clientId ?? spec.Id.ToString();
    public TimeSpan ClockOffset { get; set; }
    public SweeperCondition Saved { get; private set; } = fresh;
    public WatchedTransport? Wire { get; private set; }

    /// <summary>Null while its process is down.</summary>
    public SweeperInLoop? Shell { get; private set; }

    public void Begin(WatchedTransport wire, SweeperInLoop shell) => (Wire, Shell) = (wire, shell);

    /// <summary>Somebody switched it off for good.</summary>
    public bool IsOff { get; private set; }

    public void SwitchOff()
    {
        IsOff = true;
        Wire?.Die();
    }

    public void SetClock(TimeSpan offset)
    {
        ClockOffset = offset;
        if (Shell is not null)
        {
            Shell.ClockOffset = offset;
        }
    }

    public void End()
    {
        if (Shell is not null)
        {
            Saved = Shell.Saved;
            Shell.Stop();
        }

        Shell = null;
    }
}
