using System.Collections.Immutable;
using System.Text.Json;
using Kehrwerk.Streets;

namespace Kehrwerk.Sweeper;

/// <summary>
/// What one model of sweeper can do, read from a JSON file (docs/reference/vehicle-model.md gives the meaning and the range of each figure).
/// Immutable; every value lies within the range that <see cref="Parse"/> checks.
/// </summary>
public sealed record SweeperModel
{
    /// <summary>The longest model file that is read, in bytes.</summary>
    public const int MaxFileBytes = 64 * 1024;

    private const string DefaultFile = "compact-v20e.json";

    public required string Name { get; init; }
    public required string Description { get; init; }

    /// <summary>Energy between empty and full that may be used, Wh.</summary>
    public required double BatteryWh { get; init; }

    /// <summary>Share of <see cref="BatteryWh"/> below which the vehicle sweeps no more: it is kept for the way home.</summary>
    public required double ReserveShare { get; init; }

    public required double HopperM3 { get; init; }
    public required double HopperKg { get; init; }
    public required double SweepingsKgPerM3 { get; init; }

    /// <summary>What a kerb of usual dirt yields, m³ per km swept.</summary>
    public required double SweepingsM3PerKm { get; init; }

    public required double WaterL { get; init; }
    public required double WaterLPerMin { get; init; }
    public required double SweepSpeedMps { get; init; }

    /// <summary>The fastest it drives without sweeping, m/s.</summary>
    public required double TransitSpeedMps { get; init; }

    /// <summary>What it is built and approved for, m/s; declared in the factsheet.</summary>
    public required double MaxSpeedMps { get; init; }

    /// <summary>Power while it drives and sweeps, W.</summary>
    public required double SweepPowerW { get; init; }

    /// <summary>Power at <see cref="TransitSpeedMps"/>, W. Between standstill and that it grows in proportion to the speed.</summary>
    public required double TransitPowerW { get; init; }

    /// <summary>Power while it stands ready to drive, W.</summary>
    public required double IdlePowerW { get; init; }

    /// <summary>Power while it stands at the depot without an order, driving system off, W.</summary>
    public required double StandbyPowerW { get; init; }

    public required double AccelerationMps2 { get; init; }

    /// <summary>Comfortable braking, m/s², as a positive number; so is every braking here.</summary>
    public required double BrakingMps2 { get; init; }

    /// <summary>Braking into standstill when the Technische Aufsicht deactivates it, m/s².</summary>
    public required double DeactivationBrakingMps2 { get; init; }

    /// <summary>The hardest braking on a dry surface, m/s²; only to avert a collision.</summary>
    public required double EmergencyBrakingMps2 { get; init; }

    /// <summary>Acceleration across the direction of travel that limits the speed in bends, m/s².</summary>
    public required double LateralMps2 { get; init; }

    public required double TurningRadiusM { get; init; }
    public required double WheelbaseM { get; init; }

    /// <summary>From the rear axle to the end of the body, m.</summary>
    public required double RearOverhangM { get; init; }

    public required ChargeCurve ChargeCurve { get; init; }
    public required double TipS { get; init; }
    public required double WashS { get; init; }
    public required double FillWaterS { get; init; }
    public required double LengthM { get; init; }
    public required double WidthM { get; init; }
    public required double HeightM { get; init; }
    public required double SweepWidthM { get; init; }

    /// <summary>The sweepings that fill the hopper: its volume or its payload, whichever is first, m³.</summary>
    public double HopperLimitM3 => Math.Min(HopperM3, HopperKg / SweepingsKgPerM3);

    /// <summary>The energy kept for the way home, Wh.</summary>
    public double ReserveWh => BatteryWh * ReserveShare;

    /// <summary>The model that is used where none is named: a compact sweeper of 63 kWh gross and 2 m³.</summary>
    public static SweeperModel Default { get; } = ReadDefault();

    /// <summary>Power while driving without sweeping, W.</summary>
    public double DrivePowerW(double speedMps) => IdlePowerW + ((TransitPowerW - IdlePowerW) * speedMps / TransitSpeedMps);

    /// <summary>Seconds to charge from empty to each whole percent: 101 rising values, the first 0.</summary>
    public ImmutableArray<double> ChargeSecondsByPercent() =>
        [.. Enumerable.Range(0, 101).Select(percent => ChargeCurve.Seconds(BatteryWh, 0, percent / 100.0))];

    /// <exception cref="InputException">The file is not there, too long, not JSON, or a field is missing, unknown or out of range.</exception>
    public static SweeperModel Load(string path)
    {
        try
        {
            var file = new FileInfo(path);
            return file.Length > MaxFileBytes
                ? throw new InputException(path, $"{file.Length} bytes are too many for a vehicle model", $"Give a file of up to {MaxFileBytes} bytes")
                : Parse(File.ReadAllBytes(path), path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"The vehicle model cannot be read ({fault.Message})", "Check the path and the permissions", fault);
        }
    }

    /// <param name="json">The file's content.</param>
    /// <param name="place">How messages name it.</param>
    /// <exception cref="InputException">It is not JSON, or a field is missing, unknown or out of range.</exception>
    public static SweeperModel Parse(ReadOnlySpan<byte> json, string place)
    {
        var fields = ModelFields.Read(json, place);
        var model = new SweeperModel
        {
            Name = fields.Text("name"),
            Description = fields.Text("description"),
            BatteryWh = fields.Number("batteryWh", 1_000, 1_000_000),
            ReserveShare = fields.Number("reserveShare", 0, 0.9),
            HopperM3 = fields.Number("hopperM3", 0.1, 50),
            HopperKg = fields.Number("hopperKg", 10, 30_000),
            SweepingsKgPerM3 = fields.Number("sweepingsKgPerM3", 10, 3_000),
            SweepingsM3PerKm = fields.Number("sweepingsM3PerKm", 0, 10),
            WaterL = fields.Number("waterL", 1, 20_000),
            WaterLPerMin = fields.Number("waterLPerMin", 0, 200),
            SweepSpeedMps = fields.Number("sweepSpeedKmh", 0.5, 30) / 3.6,
            TransitSpeedMps = fields.Number("transitSpeedKmh", 1, 100) / 3.6,
            MaxSpeedMps = fields.Number("maxSpeedKmh", 1, 100) / 3.6,
            SweepPowerW = fields.Number("sweepPowerW", 100, 200_000),
            TransitPowerW = fields.Number("transitPowerW", 100, 200_000),
            IdlePowerW = fields.Number("idlePowerW", 0, 50_000),
            StandbyPowerW = fields.Number("standbyPowerW", 0, 5_000),
            AccelerationMps2 = fields.Number("accelerationMps2", 0.1, 5),
            BrakingMps2 = fields.Number("brakingMps2", 0.1, 5),
            DeactivationBrakingMps2 = fields.Number("deactivationBrakingMps2", 0.1, 10),
            EmergencyBrakingMps2 = fields.Number("emergencyBrakingMps2", 0.1, 10),
            LateralMps2 = fields.Number("lateralMps2", 0.1, 5),
            TurningRadiusM = fields.Number("turningRadiusM", 0.5, 30),
            WheelbaseM = fields.Number("wheelbaseM", 0.3, 10),
            RearOverhangM = fields.Number("rearOverhangM", 0, 10),
            ChargeCurve = ChargeCurve.Read(fields, "chargeCurve"),
            TipS = fields.Number("tipS", 0, 7_200),
            WashS = fields.Number("washS", 0, 7_200),
            FillWaterS = fields.Number("fillWaterS", 0, 7_200),
            LengthM = fields.Number("lengthM", 0.5, 20),
            WidthM = fields.Number("widthM", 0.3, 5),
            HeightM = fields.Number("heightM", 0.3, 5),
            SweepWidthM = fields.Number("sweepWidthM", 0.3, 10),
        };
        fields.RefuseUnknown();
        if (model.SweepSpeedMps > model.TransitSpeedMps || model.TransitSpeedMps > model.MaxSpeedMps)
        {
            throw fields.Fault("transitSpeedKmh", "The speeds do not rise from sweeping over transit to the maximum", "Order them so");
        }

        if (model.DeactivationBrakingMps2 > model.EmergencyBrakingMps2)
        {
            throw fields.Fault("emergencyBrakingMps2", "The hardest braking is weaker than that of a deactivation", "Give at least deactivationBrakingMps2");
        }

        if (model.WheelbaseM + model.RearOverhangM > model.LengthM)
        {
            throw fields.Fault("wheelbaseM", "Wheelbase and rear overhang together are longer than the body", "Check lengthM, wheelbaseM and rearOverhangM");
        }

        return model.IdlePowerW > model.TransitPowerW || model.StandbyPowerW > model.IdlePowerW
            ? throw fields.Fault("idlePowerW", "The powers do not rise from standby over idle to transit", "Order them so")
            : model;
    }

    private static SweeperModel ReadDefault()
    {
        using var stream = typeof(SweeperModel).Assembly.GetManifestResourceStream(DefaultFile)
            ?? throw new InvalidOperationException($"{DefaultFile} is not embedded in this assembly.");
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return Parse(memory.ToArray(), DefaultFile);
    }
}

/// <summary>The fields of a model file, taken one by one; whatever is wrong is named with file and field.</summary>
internal sealed class ModelFields
{
    private readonly string place;
    private readonly JsonElement root;
    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    private ModelFields(JsonElement root, string place) => (this.root, this.place) = (root, place);

    public static ModelFields Read(ReadOnlySpan<byte> json, string place)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 8 });
            var root = JsonElement.ParseValue(ref reader);
            return root.ValueKind == JsonValueKind.Object
                ? new(root, place)
                : throw new InputException(place, "The vehicle model is not a JSON object", "Begin it with { and end it with }");
        }
        catch (JsonException broken)
        {
            throw new InputException(
                $"{place}, line {broken.LineNumber + 1}", "This is not valid JSON", "Correct the text there, or start from a copy of compact-v20e.json", broken);
        }
    }

    public InputException Fault(string field, string problem, string remedy) => new($"{place}, field '{field}'", problem, remedy);

    public string Text(string field) => Take(field) is { ValueKind: JsonValueKind.String } value && value.GetString() is { Length: > 0 and <= 200 } text
        ? text
        : throw Fault(field, "This must be a text of 1 to 200 characters", "Put it in quotation marks");

    public double Number(string field, double minimum, double maximum) => InRange(Take(field), field, minimum, maximum);

    public double InRange(JsonElement value, string field, double minimum, double maximum) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= minimum && number <= maximum
            ? number
            : throw Fault(field, $"{Excerpt(value)} is not a number from {minimum} to {maximum}", "Give one in that range, in the unit that the field's name ends in");

    public JsonElement Take(string field)
    {
        known.Add(field);
        return root.TryGetProperty(field, out var value)
            ? value
            : throw Fault(field, "The field is missing", "Add it; docs/reference/vehicle-model.md says what it means");
    }

    public void RefuseUnknown()
    {
        foreach (var property in root.EnumerateObject())
        {
            if (!known.Contains(property.Name))
            {
                throw Fault(property.Name, "No vehicle model has such a field", "Check its spelling or take it out");
            }
        }
    }

    private static string Excerpt(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length <= 40 ? text : text[..40] + "…";
    }
}
