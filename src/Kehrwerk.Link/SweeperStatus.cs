using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Link;

/// <summary>
/// What a sweeper tells beyond VDA 5050, which has no field for hopper and water. It travels in the state as the entry of
/// <c>information</c> with type <see cref="InfoType"/>. All values are finite and not negative.
/// </summary>
/// <param name="HopperM3">Sweepings in the hopper, m³.</param>
/// <param name="HopperKg">The same in kg.</param>
/// <param name="WaterL">Water left, litres.</param>
/// <param name="OdometerM">Distance driven since the vehicle was built, m.</param>
/// <param name="SweptM">Part of it with brooms down, m.</param>
/// <param name="EnergyWh">Energy left in the battery that may be used, Wh.</param>
/// <param name="Deactivated">Deactivated by the Technische Aufsicht (StVG § 1d (3)).</param>
public sealed record SweeperStatus(
    double HopperM3,
    double HopperKg,
    double WaterL,
    double OdometerM,
    double SweptM,
    double EnergyWh = 0,
    bool Deactivated = false)
{
    public const string InfoType = "sweeper";

    /// <summary>Keys of <see cref="PlaceOf"/>.</summary>
    public const string EdgeKey = "edgeId";
    public const string OffsetKey = "offsetM";

    public RobotInfo ToInfo() => new(InfoType, InfoLevel.Info)
    {
        InfoReferences =
        [
            Entry("hopperM3", HopperM3),
            Entry("hopperKg", HopperKg),
            Entry("waterL", WaterL),
            Entry("odometerM", OdometerM),
            Entry("sweptM", SweptM),
            Entry("energyWh", EnergyWh),
            new("deactivated", Deactivated ? "true" : "false"),
        ],
    };

    /// <summary>On which edge a vehicle says to be, and how far from its start, m: after a restart no order tells that. Null where it does not say.</summary>
    public static (string EdgeId, double OffsetM)? PlaceOf(State state)
    {
        foreach (var info in state.Information)
        {
            if (info.InfoType == InfoType && Find(info.InfoReferences, EdgeKey) is { } edge && Number(info.InfoReferences, OffsetKey) is { } offsetM)
            {
                return (edge, offsetM);
            }
        }

        return null;
    }

    /// <summary>The status in a state, or null if the vehicle sends none or one that cannot be read.</summary>
    public static SweeperStatus? Of(State state)
    {
        foreach (var info in state.Information)
        {
            if (info.InfoType == InfoType)
            {
                return TryRead(info, out var status) ? status : null;
            }
        }

        return null;
    }

    /// <summary>False if one of the five first values is missing or any is not a finite number from 0; unknown keys are ignored.</summary>
    public static bool TryRead(RobotInfo info, [NotNullWhen(true)] out SweeperStatus? status)
    {
        status = null;
        var references = info.InfoReferences;
        if (info.InfoType != InfoType
            || Number(references, "hopperM3") is not { } hopperM3
            || Number(references, "hopperKg") is not { } hopperKg
            || Number(references, "waterL") is not { } waterL
            || Number(references, "odometerM") is not { } odometerM
            || Number(references, "sweptM") is not { } sweptM
            || Number(references, "energyWh", ifMissing: "0") is not { } energyWh)
        {
            return false;
        }

        status = new(hopperM3, hopperKg, waterL, odometerM, sweptM, energyWh, Find(references, "deactivated") == "true");
        return true;
    }

    /// <summary>"R" is the shortest text that reads back to the same number.</summary>
    private static Reference Entry(string key, double value) => new(key, value.ToString("R", CultureInfo.InvariantCulture));

    private static double? Number(ImmutableArray<Reference> references, string key, string? ifMissing = null) =>
        double.TryParse(Find(references, key) ?? ifMissing, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && double.IsFinite(value) && value >= 0
            ? value
            : null;

    private static string? Find(ImmutableArray<Reference> references, string key)
    {
        foreach (var reference in references)
        {
            if (reference.ReferenceKey == key)
            {
                return reference.ReferenceValue;
            }
        }

        return null;
    }
}
