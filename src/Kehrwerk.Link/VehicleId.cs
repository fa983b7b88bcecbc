using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Kehrwerk.Link;

/// <summary>
/// Names one vehicle: manufacturer and serial number, the third and fourth level of every topic.
/// Each part has 1 to <see cref="MaxPartLength"/> characters of <c>A-Z a-z 0-9 _ . : -</c> (VDA 5050 3.0.0, 4.2 and 7.1.2);
/// so neither part can hold a topic separator or a wildcard.
/// </summary>
/// <exception cref="ArgumentException">A part is empty, too long, or holds another character.</exception>
public readonly record struct VehicleId : IComparable<VehicleId>
{
    public const int MaxPartLength = 64;

    private static readonly SearchValues<char> Permitted =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:-");

    public VehicleId(string manufacturer, string serial)
    {
        if (Fault(manufacturer) is { } wrongMaker)
        {
            throw new ArgumentException($"Manufacturer '{manufacturer}' {wrongMaker}.", nameof(manufacturer));
        }

        if (Fault(serial) is { } wrongSerial)
        {
            throw new ArgumentException($"Serial number '{serial}' {wrongSerial}.", nameof(serial));
        }

        Manufacturer = manufacturer;
        Serial = serial;
    }

    public string Manufacturer { get; }

    public string Serial { get; }

    /// <summary>Reads <c>manufacturer/serial</c>.</summary>
    /// <exception cref="FormatException">The text has not exactly two valid parts.</exception>
    public static VehicleId Parse(string text) =>
        TryParse(text, out var vehicle)
            ? vehicle
            : throw new FormatException(
                $"'{text}' is not a vehicle: expected manufacturer/serial, each 1 to {MaxPartLength} characters of A-Z a-z 0-9 _ . : -");

    public static bool TryParse([NotNullWhen(true)] string? text, out VehicleId vehicle)
    {
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (slash > 0 && Fault(text.AsSpan(0, slash)) is null && Fault(text.AsSpan(slash + 1)) is null)
        {
            vehicle = new VehicleId(text![..slash], text[(slash + 1)..]);
            return true;
        }

        vehicle = default;
        return false;
    }

    /// <summary>Says what is wrong with one part, or null if it is valid.</summary>
    internal static string? Fault(ReadOnlySpan<char> part) => part switch
    {
        { IsEmpty: true } => "is empty",
        { Length: > MaxPartLength } => $"has more than {MaxPartLength} characters",
        _ when part.ContainsAnyExcept(Permitted) => "holds a character other than A-Z a-z 0-9 _ . : -",
        _ => null,
    };

    /// <summary>Ordinal order by manufacturer, then serial: the order in which vehicles are listed and iterated.</summary>
    public int CompareTo(VehicleId other)
    {
        var byMaker = string.CompareOrdinal(Manufacturer, other.Manufacturer);
        return byMaker != 0 ? byMaker : string.CompareOrdinal(Serial, other.Serial);
    }

    public static bool operator <(VehicleId left, VehicleId right) => left.CompareTo(right) < 0;

    public static bool operator <=(VehicleId left, VehicleId right) => left.CompareTo(right) <= 0;

    public static bool operator >(VehicleId left, VehicleId right) => left.CompareTo(right) > 0;

    public static bool operator >=(VehicleId left, VehicleId right) => left.CompareTo(right) >= 0;

    public override string ToString() => $"{Manufacturer}/{Serial}";
}
