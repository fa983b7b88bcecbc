using Kehrwerk.Link;
using Kehrwerk.Sweeper.Safety;

namespace Kehrwerk.Sweeper;

/// <summary>What one vehicle is told beside its model and its map. Immutable.</summary>
public sealed record SweeperSettings
{
    /// <summary>The arc at whose end the depot lies: only there the vehicle tips, washes, fills and charges.</summary>
    public required int DepotArc { get; init; }

    /// <summary>The depot's bays carry markers: a vehicle that drives in full docks on them.</summary>
    public bool DepotHasMarkers { get; init; }

    /// <summary>How much dirtier or cleaner kerbs are than the model's mean, as a share (0–1); which kerb, is decided by <see cref="DirtSeed"/>.</summary>
    public double DirtSpread { get; init; } = 0.3;

    /// <summary>Vehicles with the same seed meet the same dirt.</summary>
    public int DirtSeed { get; init; }

    /// <summary>
    /// How it keeps to its supervision; null: not at all, it drives as plain VDA 5050 lets it, without lease and recorder. Only for tests
    /// and for controllers that do not know the safety profile.
    /// </summary>
    public SupervisionRules? Supervision { get; init; } = new();

    /// <summary>Vehicle identification number, 17 characters; null: one that shows that the vehicle is virtual.</summary>
    public string? Vin { get; init; }

    public Topics Topics { get; init; } = Topics.Default;
}
