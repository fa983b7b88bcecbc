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

    public static DepotBook Of(Depot depot) => new(depot);

    /// <summary>
    /// Asks for a bay, or asks again: a vehicle has one place at most, and a new kind gives up the old. True if it is granted.
    /// </summary>
    /// <param name="chargeKw">What the vehicle draws while it charges.</param>
    public (DepotBook Book, bool IsGranted) Ask(VehicleId vehicle, DepotService kind, double chargeKw)
    {
        var book = this;
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

    /// <summary>Takes over a bay that a vehicle held before a restart, also where others would come first.</summary>
    public DepotBook Restore(VehicleId vehicle, DepotService kind, double chargeKw) =>
        Find(vehicle) is null ? this with { Entries = Entries.Insert(0, new(vehicle, kind, chargeKw, true)) } : this;

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

                // Strictly in turn: who needs less from the grid does not overtake. A vehicle alone is always served.
                if (kind == DepotService.Charge && used > 0 && usedKw + entries[i].ChargeKw > depot.GridLimitKw)
                {
                    break;
                }

                entries = entries.SetItem(i, entries[i] with { IsGranted = true });
                used++;
                usedKw += kind == DepotService.Charge ? entries[i].ChargeKw : 0;
            }
        }

        return this with { Entries = entries };
    }
}

/// <summary>A vehicle at a bay, or waiting for one.</summary>
/// <param name="ChargeKw">What it draws from the grid while it charges.</param>
public sealed record BayEntry(VehicleId Vehicle, DepotService Kind, double ChargeKw, bool IsGranted);
