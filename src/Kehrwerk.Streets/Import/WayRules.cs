using System.Collections.Frozen;

namespace Kehrwerk.Streets.Import;

/// <summary>What the import knows of a street that the sweeper may drive.</summary>
/// <param name="IsNamed">It has a name of its own; where false, <paramref name="Name"/> is its road number or empty.</param>
internal sealed record StreetFacts(
    StreetClass Class,
    Directions Directions,
    double SpeedMps,
    float WidthM,
    Surface Surface,
    SegmentTraits Traits,
    string Name,
    bool IsNamed)
{
    /// <summary>Lanes of both directions together; 0 where not said.</summary>
    public byte Lanes { get; init; }
}

/// <summary>
/// Which ways a municipal sweeper drives and in which direction: the tables of <c>docs/reference/import-rules.md</c>.
/// Signs that ban traffic do not bind it (StVO § 35 (6)), private ground and closed ways do.
/// </summary>
internal static class WayRules
{
    private static readonly FrozenDictionary<string, StreetClass> Classes = new Dictionary<string, StreetClass>
    {
        ["trunk"] = StreetClass.Trunk,
        ["trunk_link"] = StreetClass.Trunk,
        ["primary"] = StreetClass.Primary,
        ["primary_link"] = StreetClass.Primary,
        ["secondary"] = StreetClass.Secondary,
        ["secondary_link"] = StreetClass.Secondary,
        ["tertiary"] = StreetClass.Tertiary,
        ["tertiary_link"] = StreetClass.Tertiary,
        ["unclassified"] = StreetClass.Unclassified,
        ["road"] = StreetClass.Unclassified,
        ["residential"] = StreetClass.Residential,
        ["living_street"] = StreetClass.LivingStreet,
        ["pedestrian"] = StreetClass.Pedestrian,
        ["service"] = StreetClass.Service,
        ["track"] = StreetClass.Track,
        ["cycleway"] = StreetClass.Cycleway,
        ["footway"] = StreetClass.Footway,
        ["path"] = StreetClass.Footway,
    }.ToFrozenDictionary();

    // Most specific first: the first key that is set decides.
    private static readonly string[] AccessKeys = ["motorcar", "motor_vehicle", "vehicle", "access"];

    private static readonly FrozenSet<string> Private = FrozenSet.ToFrozenSet(
        ["private", "customers", "customer", "residents", "employees", "employee", "staff", "members", "military", "permit", "emergency", "use_sidepath"]);

    private static readonly FrozenSet<string> Banned = FrozenSet.ToFrozenSet(
        ["no", "psv", "bus", "taxi", "bicycle", "foot", "agricultural", "forestry", "hov", "disabled"]);

    private static readonly FrozenSet<string> Allowed = FrozenSet.ToFrozenSet(
        ["yes", "permissive", "designated", "destination", "delivery", "public", "official"]);

    private enum Access { Unsaid, Open, Banned, Closed, Private }

    /// <summary>The facts of a way, or null and the reason why the sweeper does not drive it. Both null: not a street at all.</summary>
    public static (StreetFacts? Facts, string? Reason) Judge(Tags tags, VehicleLimits vehicle)
    {
        if (tags["highway"] is not { } highway)
        {
            return (null, null);
        }

        var reason = NoStreetReason(tags, highway);
        if (reason is not null || !Classes.TryGetValue(highway, out var streetClass))
        {
            return (null, reason ?? "way not for vehicles");
        }

        var access = AccessOf(tags, streetClass);
        reason = ClosedReason(tags, streetClass, access) ?? SizeReason(tags, vehicle);
        if (reason is not null)
        {
            return (null, reason);
        }

        var roundabout = tags["junction"] is "roundabout" or "circular";
        var directions = DirectionsOf(tags, roundabout);
        if (directions == Directions.None)
        {
            return (null, "direction changes by the hour");
        }

        var name = tags["name"];
        var isNarrow = Passing.IsNarrow(tags, streetClass, directions, vehicle.WidthM);
        return (new(
            streetClass,
            directions,
            WayMeasures.SpeedMps(tags, streetClass, highway.EndsWith("_link", StringComparison.Ordinal)),
            WayMeasures.WidthM(tags),
            WayMeasures.SurfaceOf(tags),
            (roundabout ? SegmentTraits.Roundabout : 0)
                | (IsSet(tags["bridge"]) ? SegmentTraits.Bridge : 0)
                | (IsSet(tags["tunnel"]) ? SegmentTraits.Tunnel : 0)
                | (access == Access.Banned ? SegmentTraits.Restricted : 0)
                | (isNarrow ? SegmentTraits.Narrow : 0),
            name ?? tags["ref"]?.Replace(";", " / ", StringComparison.Ordinal) ?? "",
            name is not null)
        { Lanes = (byte)(WayMeasures.Lanes(tags) ?? 0) }, null);
    }

    /// <summary>Reasons that do not hold inside the depot: its yards are private, and the vehicles live there.</summary>
    public static bool IsYardReason(string reason) => reason is "private or closed ground" or "driveway, parking aisle or other yard";

    /// <summary>The same way without what makes it private ground.</summary>
    public static StreetFacts? JudgeYard(Tags tags, VehicleLimits vehicle)
    {
        var (streetClass, name) = (tags["highway"] is { } h && Classes.TryGetValue(h, out var c) ? c : StreetClass.Service, tags["name"]);
        var directions = DirectionsOf(tags, tags["junction"] is "roundabout" or "circular");
        return directions == Directions.None || streetClass > StreetClass.Service
            ? null
            : new(streetClass, directions, WayMeasures.SpeedMps(tags, streetClass, false), WayMeasures.WidthM(tags), WayMeasures.SurfaceOf(tags),
                SegmentTraits.Restricted | (Passing.IsNarrow(tags, streetClass, directions, vehicle.WidthM) ? SegmentTraits.Narrow : 0), name ?? "", name is not null);
    }

    /// <summary>
    /// Whether a node stops a sweeper: bollards and the like do; gates do where they are private, closed or locked;
    /// what an access key opens does not, and what one closes does.
    /// </summary>
    public static bool IsClosedBarrier(Tags node)
    {
        if (node["barrier"] is not { } barrier || barrier is "no" or "entrance")
        {
            return false;
        }

        switch (AccessOf(node, StreetClass.Residential))
        {
            case Access.Open:
                return false;
            case Access.Private or Access.Closed:
                return true;
        }

        return barrier is "bollard" or "block" or "cycle_barrier" or "chain" or "turnstile" or "full-height_turnstile" or "stile" or "kissing_gate"
                or "fence" or "wall" or "hedge" or "debris" or "log" or "rock" or "stone" or "jersey_barrier" or "step" or "planter" or "motorcycle_barrier"
                or "horse_stile" or "ditch" or "spikes" or "chicane" or "rope" or "guard_rail"
            || node["locked"] == "yes";
    }

    private static string? NoStreetReason(Tags tags, string highway) => highway switch
    {
        "construction" or "proposed" or "planned" or "abandoned" or "razed" or "disused" => "under construction or only proposed",
        "motorway" or "motorway_link" => "motorway (a sweeper is too slow for it, StVO § 18)",
        _ when tags["motorroad"] == "yes" => "motorway (a sweeper is too slow for it, StVO § 18)",
        _ when tags["area"] == "yes" => "area, not a line to drive",
        _ when tags["indoor"] is not (null or "no") => "way not for vehicles",
        _ => null,
    };

    private static string? ClosedReason(Tags tags, StreetClass streetClass, Access access) => streetClass switch
    {
        _ when access is Access.Private or Access.Closed => streetClass is StreetClass.Cycleway or StreetClass.Footway ? "way not for vehicles" : "private or closed ground",
        StreetClass.Cycleway or StreetClass.Footway when access != Access.Open || !HasVehicleKey(tags) => "way not for vehicles",
        StreetClass.Track when access == Access.Banned || (tags["tracktype"] != "grade1" && WayMeasures.SurfaceOf(tags) is Surface.Unknown or Surface.Unpaved) => "field or forest track",
        StreetClass.Service when tags["service"] is { } service && service is not ("alley" or "bus" or "busbay") => "driveway, parking aisle or other yard",
        _ => null,
    };

    private static string? SizeReason(Tags tags, VehicleLimits vehicle)
    {
        var widthM = WayMeasures.Metres(tags["maxwidth:physical"]) ?? WayMeasures.Metres(tags["maxwidth"]);
        return widthM < vehicle.WidthM || WayMeasures.Metres(tags["maxheight"]) < vehicle.HeightM || WayMeasures.Tonnes(tags["maxweight"]) < vehicle.MassT
            ? "too narrow, low or weak for the vehicle"
            : null;
    }

    private static Access AccessOf(Tags tags, StreetClass streetClass)
    {
        foreach (var key in AccessKeys)
        {
            if (tags[key] is { } value)
            {
                var access = Strongest(value);
                // "access=no" shuts a way to everyone, feet included, so something real closes it; only pedestrian zones use it as a sign.
                return access == Access.Banned && key == "access" && value == "no" && streetClass != StreetClass.Pedestrian ? Access.Closed : access;
            }
        }

        return Access.Unsaid;
    }

    // Of several values ("agricultural;destination") the most open one counts.
    private static Access Strongest(string value)
    {
        var strongest = Access.Private;
        foreach (var part in value.Split(';', StringSplitOptions.TrimEntries))
        {
            var access = Private.Contains(part) ? Access.Private : Banned.Contains(part) ? Access.Banned : Allowed.Contains(part) ? Access.Open : Access.Unsaid;
            strongest = (Access)Math.Min((int)strongest, access == Access.Unsaid ? (int)Access.Open : (int)access);
        }

        return strongest;
    }

    private static bool HasVehicleKey(Tags tags) => tags.Has("motorcar") || tags.Has("motor_vehicle") || tags.Has("vehicle");

    private static Directions DirectionsOf(Tags tags, bool roundabout) => tags["oneway"] switch
    {
        "yes" or "true" or "1" => Directions.Forward,
        "-1" or "reverse" => Directions.Backward,
        "no" or "false" or "0" or "alternating" => Directions.Both,
        "reversible" => Directions.None,
        _ => roundabout ? Directions.Forward : Directions.Both,
    };

    private static bool IsSet(string? value) => value is not (null or "no");
}
