using System.Globalization;
using OsmSharp;

namespace Kehrwerk.Streets.Demo;

/// <summary>Turns a planned town into OSM objects with the tags that mappers use.</summary>
internal sealed class TownMap(TownPlan town, string townName, Dice dice)
{
    private readonly OsmFile file = new();
    private readonly Dictionary<int, Node> streetNodes = [];
    private readonly Dictionary<Edge, Way> wayOf = [];

    public OsmFile Draw(IReadOnlyList<TownStreet> streets, Traffic traffic, Houses houses, IReadOnlyList<HouseAddress> addresses)
    {
        file.Node(new(0, 0), ("place", "town"), ("name", townName), ("generator", DemoCity.Generator));
        StreetNodes();
        Ways(streets, [.. traffic.TurnRules.SelectMany(Vias)]);
        TurnRestrictions(traffic.TurnRules);
        new Landscape(file, town, dice).Draw();
        DepotArea();
        Buildings(houses, addresses);
        return file;
    }

    private static IEnumerable<int> Vias(TurnRule rule) =>
        rule.ViaNode is { } node ? [node] : [rule.ViaEdge!.From, rule.ViaEdge.To];

    private void StreetNodes()
    {
        var plan = town.Streets;
        var depot = town.Depot.Places.ToDictionary(place => place.Node, place => place.Place);
        for (var node = 0; node < plan.Nodes.Count; node++)
        {
            var edges = plan.EdgesAt[node];
            if (edges.Count == 0)
                continue;
            List<(string, string)> tags = [];
            if (depot.TryGetValue(node, out var place))
                tags.AddRange(DepotTags(place));
            else if (edges.Count == 1 && edges[0].Course.Kind is StreetKind.Residential or StreetKind.LivingStreet or StreetKind.Unclassified && dice.Chance(0.7))
                tags.Add(("highway", "turning_circle"));
            else if (edges.Count(edge => edge.Course.Kind is StreetKind.Primary or StreetKind.Secondary) >= 3 && edges.TrueForAll(edge => !edge.Course.Roundabout))
                tags.Add(("highway", "traffic_signals"));
            else if (edges.Count == 2 && edges.TrueForAll(edge => edge.Course.Private))
                tags.AddRange([("barrier", "gate"), ("access", "private")]);
            streetNodes[node] = file.Node(plan.Nodes[node], [.. tags]);
        }
    }

    private IEnumerable<(string, string)> DepotTags(DepotPlace place) => place switch
    {
        DepotPlace.Charger => [("amenity", "charging_station"), ("operator", $"Stadt {townName}"), ("access", "private"), ("socket:type2_combo", "1"), ("socket:type2_combo:output", "50 kW")],
        DepotPlace.Water => [("amenity", "water_point"), ("man_made", "water_tap"), ("access", "private")],
        DepotPlace.Tip => [("amenity", "waste_transfer_station"), ("access", "private")],
        _ => [("amenity", "vehicle_wash"), ("access", "private")],
    };

    /// <summary>Writes every street as ways, a new one wherever its tags change or a turn restriction needs an end.</summary>
    private void Ways(IReadOnlyList<TownStreet> streets, HashSet<int> ends)
    {
        foreach (var street in streets)
        {
            List<Edge> open = [];
            List<long> nodes = [];
            List<(string, string)> tags = [];
            for (var i = 0; i < street.Pieces.Count; i++)
            {
                var tagsHere = Tags(street, street.Pieces[i].Edge);
                if (i > 0 && (ends.Contains(street.Nodes[i]) || !tagsHere.SequenceEqual(tags)))
                    Close();
                if (nodes.Count == 0)
                    nodes.Add(streetNodes[street.Nodes[i]].Id!.Value);
                tags = tagsHere;
                open.Add(street.Pieces[i].Edge);
                nodes.Add(streetNodes[street.Nodes[i + 1]].Id!.Value);
            }
            Close();

            void Close()
            {
                var way = file.Way(nodes, tags);
                foreach (var edge in open)
                    wayOf[edge] = way;
                open.Clear();
                nodes.Clear();
            }
        }
    }

    private List<(string, string)> Tags(TownStreet street, Edge edge)
    {
        var plan = town.Streets;
        var middle = (plan.Nodes[edge.From] + plan.Nodes[edge.To]) * 0.5;
        var zone = town.Shape.ZoneOf(middle);
        var outside = middle.LengthM > 1.03 * town.Shape.EdgeM(middle.Angle) && !town.Shape.OnWestBank(middle);
        var course = edge.Course;
        var (highway, maxspeed, lanes, widthM) = street.Kind switch
        {
            StreetKind.Primary => ("primary", outside ? "70" : "50", 2, 9.0),
            StreetKind.Secondary => ("secondary", "50", 2, 8),
            StreetKind.Tertiary => ("tertiary", zone == Zone.OldTown ? "30" : "50", 2, 7),
            StreetKind.Unclassified => ("unclassified", "50", 2, 7.5),
            StreetKind.LivingStreet => ("living_street", "7", 0, 5),
            StreetKind.Pedestrian => ("pedestrian", "", 0, 7),
            StreetKind.Service => ("service", course.Depot ? "10" : "", 0, course.Depot ? 6 : 3.5),
            _ => ("residential", "30", 0, zone == Zone.OldTown ? 5 : 6.5),
        };
        List<(string, string)> tags = [("highway", highway)];
        if (street.Name is not null)
            tags.Add(("name", street.Name));
        if (course.Roundabout)
            tags.Add(("junction", "roundabout"));
        else if (street.OneWay)
            tags.Add(("oneway", "yes"));
        if (course.Dual)
            tags.Add(("dual_carriageway", "yes"));
        if (maxspeed.Length > 0)
            tags.Add(("maxspeed", maxspeed));
        if (lanes > 0)
            tags.Add(("lanes", (course.Roundabout ? 1 : lanes).ToString(CultureInfo.InvariantCulture)));
        if (street.OneWay && lanes == 0)
            widthM -= 1.5;
        tags.Add(("width", widthM.ToString("0.#", CultureInfo.InvariantCulture)));
        tags.Add(("surface", street.Kind switch
        {
            StreetKind.Pedestrian => "paving_stones",
            StreetKind.LivingStreet => "paving_stones",
            StreetKind.Service => "asphalt",
            _ => zone == Zone.OldTown && street.Kind == StreetKind.Residential ? "sett" : "asphalt",
        }));
        if (street.Kind != StreetKind.Service)
            tags.Add(("lit", outside ? "no" : "yes"));
        if (street.Kind == StreetKind.Pedestrian)
            tags.Add(("motor_vehicle", "delivery"));
        if (course.Private)
            tags.AddRange([("service", "driveway"), ("access", "private")]);
        if (course.Depot)
            tags.AddRange([("access", "private"), ("motor_vehicle", "private"), ("operator", $"Stadt {townName}")]);
        if (town.Shape.InRiver(middle))
            tags.AddRange([("bridge", "yes"), ("layer", "1")]);
        return tags;
    }

    private void TurnRestrictions(List<TurnRule> rules)
    {
        foreach (var rule in rules)
        {
            var via = rule.ViaNode is { } node
                ? (OsmGeoType.Node, streetNodes[node].Id!.Value, "via")
                : (OsmGeoType.Way, wayOf[rule.ViaEdge!].Id!.Value, "via");
            List<(string, string)> tags = [("type", "restriction"), ("restriction", rule.Kind)];
            if (rule.Except is not null)
                tags.Add(("except", rule.Except));
            file.Relation([(OsmGeoType.Way, wayOf[rule.From].Id!.Value, "from"), via, (OsmGeoType.Way, wayOf[rule.To].Id!.Value, "to")], tags);
        }
    }

    private void DepotArea()
    {
        file.Area(town.Depot.Yard, ("landuse", "depot"), ("name", $"Betriebshof {townName}"), ("operator", $"Stadt {townName}"));
    }

    private void Buildings(Houses houses, IReadOnlyList<HouseAddress> addresses)
    {
        foreach (var (ground, kind, name) in houses.Special)
        {
            List<(string, string)> tags = [("building", kind)];
            if (kind == "church" && name is not null)
                tags.AddRange([("amenity", "place_of_worship"), ("religion", "christian"), ("name", name)]);
            file.Area(ground.Corners, [.. tags]);
        }
        var onBuilding = addresses.Where(address => address.OnBuilding).ToDictionary(address => address.House);
        for (var i = 0; i < houses.Built.Count; i++)
        {
            var house = houses.Built[i];
            List<(string, string)> tags = [("building", house.Zone switch
            {
                Zone.Industrial => "industrial",
                Zone.Suburb => house.FrontM < 7.5 ? "terrace" : "house",
                _ => "apartments",
            })];
            if (onBuilding.TryGetValue(i, out var address))
                tags.AddRange(AddressTags(address));
            file.Area(house.Ground.Corners, [.. tags]);
        }
        foreach (var address in addresses.Where(address => !address.OnBuilding))
            file.Node(address.Door, [.. AddressTags(address)]);
    }

    private IEnumerable<(string, string)> AddressTags(HouseAddress address) =>
    [
        ("addr:street", address.Street), ("addr:housenumber", address.Number),
        ("addr:postcode", PostcodeOf(address.Door)), ("addr:city", townName),
    ];

    private string PostcodeOf(PlanPoint p) => town.Shape.OnWestBank(p) ? "47003" : p.LengthM < town.Shape.RingRadiusM ? "47001" : "47002";
}
