using System.Globalization;
using Kehrwerk.Link.Messages;
using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Scenarios.Report;
using Kehrwerk.Sweeper.Sensing;
using Kehrwerk.Sweeper.World;

namespace Kehrwerk.Sweeper.Scenarios;

/// <summary>Reads a scenario file (docs/reference/scenario-file.md). Used once per file.</summary>
internal sealed class ScenarioFile
{
    private const int MostBytes = 256 * 1024;
    private const int MostAgents = 40;
    private const int MostParameters = 20;

    private readonly JsonNode root;
    private readonly List<Parameter> parameters = [];
    private readonly QuantityReader quantities;

    private ScenarioFile(JsonNode root)
    {
        this.root = root;
        ReadParameters();
        quantities = new(parameters);
    }

    /// <exception cref="InputException">Something in it cannot be used; the message names the line.</exception>
    public static Scenario Parse(ReadOnlySpan<byte> json, string file) =>
        json.Length > MostBytes
            ? throw new InputException(file, $"{json.Length} bytes are too many for a scenario", $"Give a file of up to {MostBytes} bytes")
            : new ScenarioFile(JsonNode.Parse(json, file)).Read();

    private Scenario Read()
    {
        var scenario = new Scenario
        {
            Name = root.Take("name").TakeText(60),
            Title = Both(root.Take("title")),
            Shows = [.. root.Take("shows").Items.Select(item => Requirements.All.ContainsKey(item.TakeText(4)) ? item.Text!
                : throw item.Fault($"'{item.Text}' is no requirement", $"Give one of: {string.Join(", ", Requirements.All.Keys)}"))],
            NotShown = Both(root.Take("notShown")),
            Parameters = parameters,
            Scene = ReadScene(root.Take("scene")),
            Start = ReadStart(root.Find("start")),
            Traffic = ReadTraffic(root.Find("traffic")),
            Weather = ReadWeather(root.Find("weather")),
            Agents = [.. List("agents", MostAgents).Select(ReadAgent)],
            Faults = [.. List("faults", 10).Select(ReadFault)],
            DepotFaults = [.. List("depotFaults", 10).Select(ReadDepotFault)],
            Link = ReadLink(root.Find("link")),
            Supervisor = ReadSupervisor(root.Find("supervisor")),
            Commands = [.. List("commands", 10).Select(ReadCommand)],
            BorderAtM = quantities.Read(root, "borderAtM", -1, 400, -1),
            UntilS = root.Take("untilS").TakeNumber(1, 3600),
            Expects = [.. root.Take("expect").Items.Select(ReadExpectation)],
        };
        root.RefuseUnknown();
        if (scenario.Expects.Count == 0)
        {
            throw root.Take("expect").Fault("Nothing is expected, so that nothing could fail", "Say what has to hold");
        }

        if (scenario.Agents.GroupBy(agent => agent.Id, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw root.Take("agents").Fault($"Two agents are called '{twice.Key}'", "Give each an id of its own");
        }

        if (scenario.Scene.Kind != SceneKind.Crossing && scenario.Agents.Any(agent => agent.Street == "side"))
        {
            throw root.Take("agents").Fault("An agent is on 'side', which only the scene 'crossing' has", "Put it on main, or take another scene");
        }

        if (scenario.Start.Service is not null && (scenario.Scene.Kind == SceneKind.DeadEnd || scenario.Start.Turn is not { Parameter: < 0, Plus: 0 }))
        {
            throw root.Take("start").Fault("No way leads to the depot from there", "Leave 'service' out, or take a scene straight on");
        }

        if (scenario.Start.Service is null && scenario.Expects.Any(expected => expected.Kind is ExpectKind.Docks or ExpectKind.Fails))
        {
            throw root.Take("expect").Fault("The vehicle is not sent to the depot, so that it can neither dock nor fail there", "Give 'service' in 'start'");
        }

        foreach (var expected in scenario.Expects)
        {
            if (expected.Kind == ExpectKind.WithinArea && scenario.BorderAtM is { Parameter: < 0, Plus: <= 0 })
            {
                throw root.Take("expect").Fault("withinArea is expected where no border is", "Give borderAtM");
            }

            if (expected.Kind == ExpectKind.Distance && scenario.Agents.All(agent => agent.Id != expected.Of))
            {
                throw root.Take("expect").Fault($"A distance to '{expected.Of}' is expected, which is no agent of this scenario", "Give the id of one in 'of'");
            }
        }

        for (var i = 0; i < parameters.Count; i++)
        {
            if (!quantities.IsUsed(i))
            {
                throw root.Take("parameters").Take(parameters[i].Name).Fault($"The parameter '{parameters[i].Name}' is not used", "Use it as \"$" + parameters[i].Name + "\", or take it out");
            }
        }

        return scenario;
    }

    private void ReadParameters()
    {
        var node = root.Take("parameters");
        foreach (var name in node.Names)
        {
            var given = node.Take(name);
            var choices = given.Find("choose")?.Items.Select(item => item.TakeNumber(-1e6, 1e6)).ToArray() ?? [];
            var (from, to) = choices.Length > 0 ? (choices.Min(), choices.Max()) : (given.Take("from").TakeNumber(-1e6, 1e6), given.Take("to").TakeNumber(-1e6, 1e6));
            if (from > to)
            {
                throw given.Fault(string.Create(CultureInfo.InvariantCulture, $"The range of '{name}' runs from {from} down to {to}"), "Give the smaller number first");
            }

            parameters.Add(new(name, given.Find("unit")?.TakeText(20) ?? "", from, to, choices));
            given.RefuseUnknown();
        }

        if (parameters.Count > MostParameters)
        {
            throw node.Fault($"{parameters.Count} parameters are too many", $"Give at most {MostParameters}");
        }
    }

    private Scene ReadScene(JsonNode node) => Whole(node, new Scene(
        node.Take("kind").TakeName<SceneKind>(),
        quantities.Read(node, "widthM", 3, 20, 6),
        quantities.Read(node, "speedKmh", 5, 60, 30),
        node.Find("oneWay")?.TakeBool() ?? false,
        node.Find("mainRoad")?.TakeBool() ?? false));

    private StartOf ReadStart(JsonNode? given) => Whole(given, new StartOf(
        given?.Find("sweeps")?.TakeBool() ?? true,
        Number(given, "turn", -1, 1, 0),
        Number(given, "chargeShare", 0, 1, 0.8),
        Number(given, "hopperShare", 0, 1, 0.1),
        Number(given, "waterShare", 0, 1, 0.9),
        given?.Find("service")?.TakeName<DepotService>()));

    private Traffic ReadTraffic(JsonNode? given) => Whole(given, new Traffic(
        Number(given, "cars", 0, 20, 0),
        Number(given, "parkedCars", 0, 20, 0),
        Number(given, "pedestrians", 0, 20, 0),
        Number(given, "cyclists", 0, 20, 0)));

    private WeatherOf ReadWeather(JsonNode? given) => Whole(given, new WeatherOf(
        Number(given, "rainShare", 0, 1, 0),
        Number(given, "fogM", 5, 10_000, 10_000),
        Number(given, "temperatureC", -30, 50, 15),
        Number(given, "lux", 0, 120_000, 20_000),
        Number(given, "lowSunDeg", 0, 90, 45)));

    private AgentOf ReadAgent(JsonNode node)
    {
        var trigger = node.Find("trigger");
        var triggered = trigger is null ? (TriggerKind?)null
            : trigger.Names.FirstOrDefault(name => Enum.GetNames<TriggerKind>().Select(JsonNode.Small).Contains(name)) is { } name
                ? Enum.Parse<TriggerKind>(name, ignoreCase: true)
                : throw trigger.Fault("The trigger says not when", "Give one of timeS, distanceM, ttcS, standsS");
        var at = triggered is { } kind ? quantities.Read(trigger!, JsonNode.Small(kind.ToString()), 0, 3600) : Quantity.Fixed(0);
        trigger?.RefuseUnknown();
        var way = node.Take("way").Items.Select(ReadWayPoint).ToArray();
        if (way.Length is 0 or > 50)
        {
            throw node.Take("way").Fault($"A way of {way.Length} points is no way", "Give 1 to 50 points");
        }

        var signs = ObjectSigns.None;
        foreach (var sign in node.Find("signs")?.Items ?? [])
        {
            signs |= sign.TakeName<ObjectSigns>();
        }

        if (triggered is not null && way.Length == 1)
        {
            throw node.Take("way").Fault("Something that stays where it is needs no trigger", "Give a second point, or take the trigger out");
        }

        foreach (var (i, point) in node.Take("way").Items.Index())
        {
            if (i > 0 && i < way.Length - 1 && way[i].SpeedKmh is { Parameter: < 0, Plus: 0 })
            {
                throw point.Fault("It would stop there for ever", "Give speedKmh");
            }
        }

        return Whole(node, new AgentOf(
            node.Take("id").TakeText(40), node.Take("kind").TakeName<AgentKind>(),
            node.Find("street") is { } street ? (street.TakeText() is "main" or "side" ? street.TakeText() : throw street.Fault($"'{street.Text}' is no street of a scene", "Give main or side")) : "main",
            way, triggered, at, signs, node.Find("onVehicle")?.TakeBool() ?? false));
    }

    private WayPoint ReadWayPoint(JsonNode node) => Whole(node, new WayPoint(
        quantities.Read(node, "atM", -200, 400), quantities.Read(node, "asideM", -200, 200), quantities.Read(node, "speedKmh", 0, 120, 0)));

    private FaultOf ReadFault(JsonNode node) => Whole(node, new FaultOf(
        node.Take("device").TakeName<Device>(), node.Take("kind").TakeName<FaultKind>(), quantities.Read(node, "atS", 0, 3600),
        quantities.Read(node, "forS", 0, 3600, 3600), quantities.Read(node, "amount", 0, 1000, 1), node.Find("told")?.TakeBool() ?? false));

    private DepotFaultOf ReadDepotFault(JsonNode node) => Whole(node, new DepotFaultOf(
        node.Take("service").TakeName<DepotService>(), node.Take("kind").TakeName<DepotFaultKind>(), quantities.Read(node, "atS", 0, 3600), quantities.Read(node, "forS", 0, 3600, 3600)));

    private LinkOf ReadLink(JsonNode? given) => Whole(given, new LinkOf(
        Number(given, "cutAtS", -1, 3600, -1), Number(given, "cutForS", 0, 3600, 0), Number(given, "delayMs", 0, 60_000, 50), Number(given, "delayGrowsMsPerS", 0, 10_000, 0)));

    private SupervisorOf ReadSupervisor(JsonNode? given) => Whole(given, new SupervisorOf(
        Number(given, "answersAfterS", 0, 3600, 8), given?.Find("grants")?.TakeBool() ?? true, Number(given, "leavesAtS", -1, 3600, -1)));

    private CommandOf ReadCommand(JsonNode node) => Whole(node, new CommandOf(node.Take("kind").TakeName<CommandKind>(), quantities.Read(node, "atS", 0, 3600)));

    private Expectation ReadExpectation(JsonNode node)
    {
        var kind = node.Take("kind").TakeName<ExpectKind>();
        var needsValue = kind is ExpectKind.Distance or ExpectKind.Stands or ExpectKind.Mrc or ExpectKind.Asks or ExpectKind.Sweeps or ExpectKind.Speed or ExpectKind.Ttc or ExpectKind.KerbGap or ExpectKind.RecordsNearMiss or ExpectKind.OnRoad;
        var needsOf = kind is ExpectKind.Distance or ExpectKind.Reports or ExpectKind.Fails or ExpectKind.Announces;
        var expected = new Expectation(
            kind, needsValue ? quantities.Read(node, "value", 0, 10_000) : Quantity.Fixed(0), needsOf ? node.Take("of").TakeText(60) : null, node.Line);
        node.RefuseUnknown();
        return kind == ExpectKind.Announces && expected.Announcement is null
            ? throw node.Take("of").Fault($"'{expected.Of}' is no announcement", $"Give one of: {string.Join(", ", Enum.GetNames<Announcement>().Select(JsonNode.Small))}")
            : expected;
    }

    private Quantity Number(JsonNode? given, string field, double minimum, double maximum, double otherwise) =>
        given is null ? Quantity.Fixed(otherwise) : quantities.Read(given, field, minimum, maximum, otherwise);

    private IReadOnlyList<JsonNode> List(string field, int most)
    {
        var items = root.Find(field)?.Items ?? [];
        return items.Count <= most ? items : throw root.Take(field).Fault($"{items.Count} are too many", $"Give at most {most}");
    }

    // The values were read before, so that the node knows what was asked of it.
    private static T Whole<T>(JsonNode? node, T read)
    {
        node?.RefuseUnknown();
        return read;
    }

    private static Words Both(JsonNode node) => Whole(node, new Words(node.Take("de").TakeText(400), node.Take("en").TakeText(400)));
}
