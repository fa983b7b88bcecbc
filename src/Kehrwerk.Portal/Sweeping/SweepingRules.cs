using System.Text.Json;
using System.Text.Json.Serialization;
using Kehrwerk.Portal.Addresses;
using Kehrwerk.Portal.Atlas;
using Kehrwerk.Streets;

namespace Kehrwerk.Portal.Sweeping;

/// <summary>Which house numbers of a street are meant.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HouseSide>))]
public enum HouseSide { All, Odd, Even }

/// <summary>A stretch of street on which nobody may park on sweeping days.</summary>
/// <param name="Side">Whose side, by house number.</param>
public sealed record ParkingBan(string Street, HouseSide Side, TimeOnly From, TimeOnly To)
{
    public bool Holds(string street, HouseNumber number) =>
        AddressPaths.Canonical(street) == AddressPaths.Canonical(Street)
        && (Side == HouseSide.All || number.IsNone || number.From % 2 == (Side == HouseSide.Odd ? 1 : 0));
}

/// <summary>What the statute asks of the people along a street of a cleaning class, in the words of the city.</summary>
public sealed record Obligation(string De, string En);

/// <summary>What the city lays down beside the plan: a JSON file (docs/reference/sweeping-days.md).</summary>
public sealed record SweepingRules
{
    private const int MaxBytes = 1 << 20;

    public static SweepingRules None { get; } = new();

    /// <summary>By id of the cleaning class; a class without one has the usual text.</summary>
    public IReadOnlyDictionary<string, Obligation> Obligations { get; set; } = new Dictionary<string, Obligation>();

    public ParkingBan[] ParkingBans { get; set; } = [];

    /// <exception cref="InputException">The file is no such list; the message says where and what to do.</exception>
    public static SweepingRules Load(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
            {
                throw new InputException(path, "The file is larger than 1 MiB", "Give the JSON with obligations and parking bans");
            }

            var rules = JsonSerializer.Deserialize(File.ReadAllBytes(path), SweepingJson.Default.SweepingRules)
                ?? throw new InputException(path, "The file holds null", "See docs/reference/sweeping-days.md for its fields");
            return Array.Find(rules.ParkingBans, ban => ban.To <= ban.From) is { } wrong
                ? throw new InputException($"{path}, {wrong.Street}", $"The parking ban ends at {wrong.To:HH\\:mm}, before it begins", "Give a time after the beginning, on the same day")
                : rules;
        }
        catch (JsonException e)
        {
            throw new InputException($"{path}, line {e.LineNumber + 1}", $"These are no rules of sweeping: {e.Message.TrimEnd('.')}", "See docs/reference/sweeping-days.md for its fields", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"The file cannot be read: {e.Message.TrimEnd('.')}", "Check the path and its permissions", e);
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true)]
[JsonSerializable(typeof(SweepingRules))]
internal sealed partial class SweepingJson : JsonSerializerContext;
