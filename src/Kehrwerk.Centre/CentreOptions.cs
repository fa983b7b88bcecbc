using System.Collections.Immutable;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Record;
using Kehrwerk.Link;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Routing;

namespace Kehrwerk.Centre;

/// <summary>Whether a mission waits for the daily departure check of its vehicle (AFGBV § 13 (1) 2).</summary>
public enum DepartureChecks
{
    /// <summary>A person signs it; before that nothing departs.</summary>
    Required,

    /// <summary>The Centre enters one each day that says that nobody looked: only for simulated vehicles.</summary>
    Simulated,

    /// <summary>Vehicles depart unchecked: only for trials on a closed site.</summary>
    Off,
}

/// <summary>What a Centre is run with. The wire to the vehicles comes as an <see cref="Link.Transport.ITransport"/> from the services.</summary>
public sealed record CentreOptions
{
    public required City City { get; init; }

    /// <summary>The vehicles; reports of others are refused.</summary>
    public required ImmutableArray<FleetVehicle> Vehicles { get; init; }

    /// <summary>The SQLite file; created where it is missing.</summary>
    public required string DatabaseFile { get; init; }

    /// <summary>Where vehicles were, for replay: a SQLite file of its own beside <see cref="DatabaseFile"/>.</summary>
    public string HistoryFile => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(DatabaseFile))!, "history.db");

    /// <summary>So long that is kept.</summary>
    public TimeSpan HistoryKept { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How the vehicles travel between kerbs; the default where not given.</summary>
    public TravelCosts? TravelCosts { get; init; }

    public CentreRules Rules { get; init; } = new();

    /// <summary>Where the broker's host tells what was refused; it is put on record.</summary>
    public LinkRefusals Refusals { get; init; } = new();

    /// <summary>
    /// True: supervision leases say that a supervisor is on duty whoever watches, for demos with virtual vehicles. False: only for
    /// vehicles that a supervisor on duty watches (<see cref="HasSupervisor"/>).
    /// </summary>
    public bool IsSupervisorAlwaysOnDuty { get; init; }

    public DepartureChecks DepartureChecks { get; init; } = DepartureChecks.Required;

    public Topics Topics { get; init; } = Topics.Default;

    /// <summary>The Centre's time; may run faster than the world's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
