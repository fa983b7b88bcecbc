using System.Collections.Immutable;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Link;
using Kehrwerk.Streets;

namespace Kehrwerk.Centre.Depots;

/// <summary>
/// Who is at which bay of the depot and who waits. One vehicle a bay, first come first served for each kind; chargers also
/// share the grid's limit. Immutable; every question gives a new book.
/// </summary>
public sealed record DepotBook
{
    private readonly Depot depot;

    private DepotBook(Depot depot) => this.depot = depot;

    /// <summary>Every claim in the order in which it was made.</summary>
    public ImmutableArray<BayEntry> Entries { get; private init; } = [];

    /// <summary>Bays that failed, and until when nobody is sent there.</summary>
    public ImmutableArray<BrokenBay> Broken { get; private init; } = [];

    public static DepotBook Of(Depot depot) => new(depot);

    /// <summary>
    /// Asks for a bay, or asks again: a vehicle has one place at most, and a new kind gives up the old. True if it is granted.
    /// </summary>
    /// <param name="chargeKw">What the vehicle draws while it charges.</param>
    /// <param name="now">Bays that failed serve again when their time is over.</param>
    public (DepotBook Book, bool IsGranted) Ask(VehicleId vehicle, DepotService kind, double chargeKw, DateTimeOffset now = default)
    {
        var book = Broken.Any(bay => bay.Until <= now) ? (this with { Broken = Broken.RemoveAll(bay => bay.Until <= now) }).GrantWhatIsFree() : this;
        if (Find(vehicle) is { } old && old.Kind != kind)
        {
            book = book.Free(vehicle);
        }

        if (book.Find(vehicle) is null)
        {
            book = (book with { Entries = book.Entries.Add(new(vehicle, kind, chargeKw, false)) }).GrantWhatIsFree();
        }

        return (book, book.Find(vehicle)!.IsGranted);
    }

    /// <summary>The bay in which a vehicle stands failed: it gives it up, and nobody is sent there for a while.</summary>
    public DepotBook Break(VehicleId vehicle, DateTimeOffset until) => Find(vehicle) is { IsGranted: true } at
        ? (this with { Entries = Entries.Remove(at), Broken = Broken.Add(new(at.Kind, at.Number, until)) }).GrantWhatIsFree()
        : Free(vehicle);

    /// <summary>Takes over a bay that a vehicle held before a restart, also where others would come first.</summary>
    /// <param name="number">Of the bay; 0: not known, the first that is free.</param>
    public DepotBook Restore(VehicleId vehicle, DepotService kind, double chargeKw, int number = 0) =>
        Find(vehicle) is null ? this with { Entries = Entries.Insert(0, new(vehicle, kind, chargeKw, true, number == 0 ? Math.Max(1, FreeNumber(Entries, kind)) : number)) } : this;

    /// <summary>Gives up a vehicle's place, at a bay or in the queue; the next in turn moves up.</summary>
    public DepotBook Free(VehicleId vehicle) =>
        (this with { Entries = Entries.RemoveAll(e => e.Vehicle == vehicle) }).GrantWhatIsFree();

    public BayEntry? Find(VehicleId vehicle)
    {
        foreach (var entry in Entries)
        {
            if (entry.Vehicle == vehicle)
            {
                return entry;
            }
        }

        return null;
    }

    private int Bays(DepotService kind) => kind switch
    {
        DepotService.Tip => depot.Tips,
        DepotService.Wash => depot.Washes,
        DepotService.FillWater => depot.WaterPoints,
        DepotService.Charge => depot.Chargers,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a service of the depot."),
    };

    /// <summary>The first bay of a kind in which nobody stands and that works; 0: none.</summary>
    private int FreeNumber(ImmutableArray<BayEntry> entries, DepotService kind)
    {
        for (var number = 1; number <= Bays(kind); number++)
        {
            if (!entries.Any(e => e.Kind == kind && e.IsGranted && e.Number == number) && !Broken.Any(b => b.Kind == kind && b.Number == number))
            {
                return number;
            }
        }

        return 0;
    }

    private DepotBook GrantWhatIsFree()
    {
        var entries = Entries;
        foreach (var kind in Enum.GetValues<DepotService>())
        {
            var used = entries.Count(e => e.Kind == kind && e.IsGranted);
            var usedKw = entries.Where(e => e.Kind == DepotService.Charge && e.IsGranted).Sum(e => e.ChargeKw);
            for (var i = 0; i < entries.Length && used < Bays(kind); i++)
            {
                if (entries[i].Kind != kind || entries[i].IsGranted)
                {
                    continue;
                }

                var number = FreeNumber(entries, kind);
                if (number == 0)
                {
                    break;
                }

                // Strictly in turn: who needs less from the grid does not overtake. A vehicle alone is always served.
                if (kind == DepotService.Charge && used > 0 && usedKw + entries[i].ChargeKw > depot.GridLimitKw)
                {
                    break;
                }

                entries = entries.SetItem(i, entries[i] with { IsGranted = true, Number = number });
                used++;
                usedKw += kind == DepotService.Charge ? entries[i].ChargeKw : 0;
            }
        }

        return this with { Entries = entries };
    }
}

/// <summary>A vehicle at a bay, or waiting for one.</summary>
/// <param name="ChargeKw">What it draws from the grid while it charges.</param>
/// <param name="Number">Of the bay, from 1; 0 while it waits.</param>
public sealed record BayEntry(VehicleId Vehicle, DepotService Kind, double ChargeKw, bool IsGranted, int Number = 0);

/// <summary>A bay that failed.</summary>
/// <param name="Until">From then on vehicles are sent there again.</param>
public sealed record BrokenBay(DepotService Kind, int Number, DateTimeOffset Until);
