using System.Buffers;
using System.Globalization;

namespace Kehrwerk.Streets.Import;

/// <summary>Speeds, widths, weights and surfaces as OSM writes them. Absurd values count as unknown.</summary>
internal static class WayMeasures
{
    private const double LaneWidthM = 3.0;
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.,");

    /// <summary>Speed allowed, or usual for the class where none is said, metres per second; 5–130 km/h.</summary>
    public static double SpeedMps(Tags tags, StreetClass streetClass, bool isLink) =>
        Math.Clamp(SpeedKmh(tags["maxspeed"]) ?? DefaultKmh(streetClass, isLink), 5, 130) / 3.6;

    /// <summary>Speed of a <c>maxspeed</c> value, km/h; null where it says none that can be used.</summary>
    public static double? SpeedKmh(string? value)
    {
        switch (value)
        {
            case null or "signals" or "variable":
                return null;
            case "none":
                return 130;
            case "walk":
                return 7;
        }

        if (value.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
        {
            return value[(colon + 1)..] switch
            {
                "urban" => 50,
                "rural" => 100,
                "motorway" => 130,
                "living_street" or "walk" => 7,
                "bicycle_road" => 30,
                var zone when zone.StartsWith("zone", StringComparison.Ordinal) => Number(zone.AsSpan(4).TrimStart(':'), out _),
                _ => null,
            };
        }

        return Number(value, out var unit) is { } number
            ? unit switch { "" or "km/h" or "kmh" or "kph" => number, "mph" => number * 1.609344, _ => null }
            : null;
    }

    /// <summary>Width of the carriageway, metres; from the lanes where it is not said; 0 where not known.</summary>
    public static float WidthM(Tags tags)
    {
        if ((Metres(tags["width"]) ?? Metres(tags["est_width"])) is >= 1 and <= 60 and var widthM)
        {
            return (float)widthM;
        }

        return Lanes(tags) is { } lanes ? lanes * (float)LaneWidthM : 0;
    }

    /// <summary>Lanes of both directions together, those for parking not counted; null where not said.</summary>
    public static int? Lanes(Tags tags) => Number(tags["lanes"], out _) is >= 1 and <= 12 and var lanes ? (int)Math.Floor(lanes) : null;

    /// <summary>A length, metres; feet are converted.</summary>
    public static double? Metres(string? value) =>
        Number(value, out var unit) is { } number
            ? unit switch { "" or "m" => number, "cm" => number / 100, "'" or "ft" => number * 0.3048, _ => null }
            : null;

    /// <summary>A mass, tonnes.</summary>
    public static double? Tonnes(string? value) =>
        Number(value, out var unit) is { } number ? unit switch { "" or "t" => number, "kg" => number / 1000, _ => null } : null;

    public static Surface SurfaceOf(Tags tags)
    {
        var surface = tags["surface"];
        var colon = surface?.IndexOfAny([':', ';']) ?? -1;
        return (colon > 0 ? surface![..colon] : surface) switch
        {
            "asphalt" or "paved" or "chipseal" or "metal" => Surface.Asphalt,
            "concrete" => Surface.Concrete,
            "paving_stones" or "bricks" or "brick" => Surface.Paving,
            "sett" or "cobblestone" or "unhewn_cobblestone" => Surface.Sett,
            null => Surface.Unknown,
            "unpaved" or "compacted" or "gravel" or "fine_gravel" or "ground" or "dirt" or "earth" or "grass" or "grass_paver" or "sand"
                or "mud" or "pebblestone" or "woodchips" or "wood" or "rock" => Surface.Unpaved,
            _ => Surface.Unknown,
        };
    }

    private static double DefaultKmh(StreetClass streetClass, bool isLink) => streetClass switch
    {
        _ when isLink => 40,
        StreetClass.Motorway => 130,
        StreetClass.Trunk => 70,
        StreetClass.Primary or StreetClass.Secondary or StreetClass.Tertiary => 50,
        StreetClass.Unclassified => 50,
        StreetClass.Residential => 30,
        StreetClass.Service => 15,
        StreetClass.Track => 15,
        _ => 7,
    };

    // The number in front (point or comma) and what stands behind it.
    private static double? Number(ReadOnlySpan<char> text, out string unit)
    {
        var length = text.IndexOfAnyExcept(NumberCharacters);
        var number = length < 0 ? text : text[..length];
        unit = length < 0 ? "" : text[length..].Trim().ToString();
        Span<char> digits = stackalloc char[12];
        if (number.Length is 0 || number.Length > digits.Length)
        {
            return null;
        }

        number.Replace(digits, ',', '.');
        return double.TryParse(digits[..number.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) ? value : null;
    }
}
