using Kehrwerk.Link.Messages;

namespace Kehrwerk.Sweeper.Safety;

/// <summary>How strictly a vehicle keeps to its supervision (docs/link/safety-profile.md). Times are the vehicle's own. Immutable.</summary>
public sealed record SupervisionRules
{
    /// <summary>So long it drives on a lease at most; then the minimal risk manoeuvre begins.</summary>
    public TimeSpan LeaseTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How often it says how it stands, also without a change.</summary>
    public TimeSpan ReportEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>So long it announces that it sets off before it does.</summary>
    public TimeSpan SettingOff { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>What of a vehicle's safety outlives its program. Immutable.</summary>
/// <param name="Epoch">The highest epoch of a Centre that it has heard.</param>
/// <param name="MrcCount">Minimal risk conditions since it was built.</param>
/// <param name="MrcId">The one in which it is, or into which it is braking.</param>
/// <param name="Cause">Why, by its name in the link's messages.</param>
/// <param name="Since">When the manoeuvre began.</param>
public sealed record SafetyMemory(uint Epoch = 0, uint MrcCount = 0, string? MrcId = null, string? Cause = null, DateTimeOffset? Since = null)
{
    /// <inheritdoc cref="VehicleEvent.Drives"/>
    public UseCount Drives { get; init; } = new(0);

    /// <inheritdoc cref="VehicleEvent.Activations"/>
    public UseCount Activations { get; init; } = new(0);

    /// <inheritdoc cref="VehicleEvent.Deactivations"/>
    public UseCount Deactivations { get; init; } = new(0);

    /// <inheritdoc cref="VehicleEvent.Releases"/>
    public UseCount Releases { get; init; } = new(0);
}
