using System.Text.Json;
using System.Text.Json.Serialization;
using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Orders;
using Kehrwerk.Sweeper.Safety;

namespace Kehrwerk.Sweeper;

/// <summary>
/// The physical condition of a vehicle: what stays true of it when its program restarts. Immutable.
/// </summary>
/// <param name="Arc">Key of the arc on which it stands (<see cref="StreetNetwork.ArcKey"/>).</param>
/// <param name="OffsetM">How far along the arc, metres.</param>
/// <param name="LastNodeId">The node it reached last.</param>
/// <param name="EnergyWh">Energy left that may be used, Wh.</param>
/// <param name="WaterL">Water left, litres.</param>
/// <param name="HopperM3">Sweepings in the hopper, m³.</param>
/// <param name="OdometerM">Metres driven since it was built.</param>
/// <param name="SweptM">Part of them with brooms down.</param>
/// <param name="Deactivated">The Technische Aufsicht deactivated it; a restart does not end that.</param>
/// <param name="Safety">Its supervision; null where it was never supervised.</param>
public sealed record SweeperCondition(
    string Arc,
    double OffsetM,
    string LastNodeId,
    double EnergyWh,
    double WaterL,
    double HopperM3,
    double OdometerM = 0,
    double SweptM = 0,
    bool Deactivated = false,
    SafetyMemory? Safety = null)
{
    private const double MaxAsideM = 20;

    /// <summary>How far beside its line it stands, metres to the left.</summary>
    public double AsideM { get; init; }

    /// <summary>What it has heard of the Centre and must not forget.</summary>
    public Heard Heard { get; init; } = new();

    /// <summary>A vehicle at the end of an arc, usually the depot's: full battery and tank, empty hopper.</summary>
    public static SweeperCondition Fresh(SweeperModel model, StreetNetwork map, int arc) =>
        new(map.ArcKey(arc), map.ArcLengthM[arc], map.NodeKey(map.ArcHead[arc]), model.BatteryWh, model.WaterL, 0);

    /// <summary>What the vehicle was told, or how it stands to its supervision, has changed since: that cannot wait for the next second.</summary>
    internal bool MustBeKeptNow(SweeperCondition kept) =>
        Deactivated != kept.Deactivated || Heard != kept.Heard || Safety?.Epoch != kept.Safety?.Epoch || Safety?.MrcId != kept.Safety?.MrcId;

    /// <summary>Says why a vehicle of this model cannot be in this condition on this map; null if it can.</summary>
    internal string? Fault(SweeperModel model, StreetNetwork map) =>
        map.FindArc(Arc) is not { } arc ? $"the map has no street '{Arc}'"
        : !(OffsetM >= 0 && OffsetM <= map.ArcLengthM[arc] + 0.01) ? $"offsetM {OffsetM} is not on street '{Arc}'"
        : !(Math.Abs(AsideM) <= MaxAsideM) ? $"asideM {AsideM} is not beside its street"
        : !(EnergyWh >= 0 && EnergyWh <= model.BatteryWh) ? $"energyWh {EnergyWh} is not within the battery"
        : !(WaterL >= 0 && WaterL <= model.WaterL) ? $"waterL {WaterL} is not within the tank"
        : !(HopperM3 >= 0 && HopperM3 <= model.HopperLimitM3) ? $"hopperM3 {HopperM3} is not within the hopper"
        : !(OdometerM >= 0 && double.IsFinite(OdometerM) && SweptM >= 0 && SweptM <= OdometerM + 1) ? "odometerM and sweptM do not fit each other"
        : LastNodeId is null ? "lastNodeId is missing"
        : null;
}

/// <summary>The file in which a vehicle keeps its <see cref="SweeperCondition"/>. Not thread-safe.</summary>
public sealed class ConditionFile(string path)
{
    private const int MaxBytes = 64 * 1024;

    public string Path => path;

    /// <summary>Null if there is no file yet.</summary>
    /// <exception cref="InputException">The file is there but cannot be read, or does not fit the model or the map.</exception>
    public SweeperCondition? Load(SweeperModel model, StreetNetwork map)
    {
        try
        {
            if (!File.Exists(path))
            {
                return null;
            }

            if (new FileInfo(path).Length > MaxBytes)
            {
                throw Unusable("the file is too long", null);
            }

            var condition = JsonSerializer.Deserialize(File.ReadAllBytes(path), ConditionJson.Default.SweeperCondition);
            return condition is null ? throw Unusable("it is empty", null)
                : condition.Fault(model, map) is { } fault ? throw Unusable(fault, null)
                : condition;
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException)
        {
            throw Unusable(fault.Message, fault);
        }
    }

    /// <summary>Writes beside the file and then renames: at any moment the file is whole, the old one or the new one.</summary>
    /// <exception cref="IOException">The folder is missing or the disk is full; the file is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there; the file is as it was.</exception>
    public void Save(SweeperCondition condition)
    {
        var fresh = path + ".new";
        using (var stream = new FileStream(fresh, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            JsonSerializer.Serialize(stream, condition, ConditionJson.Default.SweeperCondition);
            stream.Flush(flushToDisk: true);
        }

        File.Move(fresh, path, overwrite: true);
    }

    private InputException Unusable(string problem, Exception? inner) =>
        new(path, $"The saved condition of the vehicle cannot be used: {problem}", "It may keep that the vehicle was stopped. Correct the file; only where a person has looked at the vehicle, which stands at its depot and may go, move it away", inner);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SweeperCondition))]
internal sealed partial class ConditionJson : JsonSerializerContext;
