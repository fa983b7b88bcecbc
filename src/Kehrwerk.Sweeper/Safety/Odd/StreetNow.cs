using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Roads;

namespace Kehrwerk.Sweeper.Safety.Odd;

/// <summary>What the map says of the street at a place.</summary>
/// <param name="LimitMps">Speed allowed or usual, m/s.</param>
/// <param name="WidthM">Of the carriageway.</param>
/// <param name="IsShared">Two-way, but two cars do not fit: one must be able to stop within half of what one sees (StVO § 3 (1)).</param>
/// <param name="DistanceM">From the place to the line of the street.</param>
internal readonly record struct StreetNow(
    StreetClass Class, Surface Surface, SegmentTraits Traits, double LimitMps, double WidthM, bool IsShared, double DistanceM)
{
    // Farther from every street than this there is none, m.
    private const double ReachM = 100;

    // On ground that the map does not know, walking pace.
    private const double UnknownMps = 6 / 3.6;

    /// <summary>A place that the map does not know.</summary>
    public static StreetNow Unknown { get; } = new(StreetClass.Service, Surface.Unknown, SegmentTraits.None, UnknownMps, 0, false, double.PositiveInfinity);

    public static StreetNow Of(StreetNetwork network, ArcLocator locator, MapPoint at, double headingRad)
    {
        if (locator.Nearest(at, ReachM, headingRad) is not { } place)
        {
            return Unknown;
        }

        return Of(network, place.Arc) with { DistanceM = place.DistanceM };
    }

    /// <summary>On the line of a street.</summary>
    public static StreetNow Of(StreetNetwork network, int arc)
    {
        var (segment, road) = (network.ArcSegment[arc], Carriageway.Of(network, arc));
        return new(
            network.SegmentClass[segment],
            network.SegmentSurface[segment],
            network.SegmentTraits[segment],
            network.ArcSpeedMps[arc],
            2 * road.HalfWidthM,
            road.IsShared,
            0);
    }
}
