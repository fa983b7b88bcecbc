using System.Collections.Immutable;
using Kehrwerk.Streets;

namespace Kehrwerk.Planning.Benchmarks.Sweeping;

/// <summary>
/// When a kerb may be swept, or should, on a shift that starts at six in the morning, by the class of its street. The rules are those of usual
/// statutes and by-laws; which residential street has a parking ban, and when, is drawn by street and seed.
/// </summary>
/// <param name="OutsideMsPer1000">Null where the windows hold without exception.</param>
internal sealed record StreetWindows(ImmutableArray<WindowPart> Windows, int? OutsideMsPer1000)
{
    private const int HourMs = 3_600_000;
    private const int EndMs = 24 * HourMs;

    // Traffic in the rush hour, seven to nine, makes sweeping slow and dangerous.
    private static StreetWindows NotInRushHour { get; } = new([new(0, HourMs), new(3 * HourMs, EndMs)], 1_000);

    // No machines in residential streets before seven (in Germany the 32nd BImSchV).
    private static StreetWindows NotAtNight { get; } = new([new(HourMs, EndMs)], 3_000);

    // Market and shops, eight to two.
    private static StreetWindows NotOnMarket { get; } = new([new(0, 2 * HourMs), new(8 * HourMs, EndMs)], null);

    private static StreetWindows AnyTime { get; } = new([], null);

    /// <param name="drawn">A number of 0–99 that all kerbs of the street share.</param>
    public static StreetWindows Of(StreetClass street, int drawn) => street switch
    {
        StreetClass.Trunk or StreetClass.Primary or StreetClass.Secondary => NotInRushHour,
        StreetClass.Pedestrian => NotOnMarket,
        StreetClass.Residential or StreetClass.LivingStreet => drawn switch
        {
            < 8 => ParkingBan(2),
            < 16 => ParkingBan(4),
            < 24 => ParkingBan(6),
            _ => NotAtNight,
        },
        _ => AnyTime,
    };

    // Two hours in which nobody may park.
    private static StreetWindows ParkingBan(int fromHour) => new([new(fromHour * HourMs, (fromHour + 2) * HourMs)], null);
}
