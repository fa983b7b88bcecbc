using Kehrwerk.Link;

namespace Kehrwerk.Sweeper;

/// <summary>What one vehicle is told beside its model and its map. Immutable.</summary>
public sealed record SweeperSettings
{
    /// <summary>The arc at whose end the depot lies: only there the vehicle tips, washes, fills and charges.</summary>
    public required int DepotArc { get; init; }

    /// <summary>How much dirtier or cleaner kerbs are than the model's mean, as a share (0–1); which kerb, is decided by <see cref="DirtSeed"/>.</summary>
    public double DirtSpread { get; init; } = 0.3;

    /// <summary>Vehicles with the same seed meet the same dirt.</summary>
    public int DirtSeed { get; init; }

    public Topics Topics { get; init; } = Topics.Default;
}
