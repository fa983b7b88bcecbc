using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Safety.Odd;
using Kehrwerk.Sweeper.Sensing;
using NJsonSchema;
using Xunit;

namespace Kehrwerk.Sweeper.Tests.Motion;

/// <summary>The operating conditions: their file, and which of them hold.</summary>
public sealed class OddTests
{
    private static readonly string Json = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "odd", "compact-sweeper.odd.json"));

    private static readonly StreetNow Street = new(StreetClass.Residential, Surface.Asphalt, SegmentTraits.None, 30 / 3.6, 6, false, 1);

    [Fact]
    public async Task The_default_file_fits_the_schema_and_a_wrong_one_does_not()
    {
        var schema = await JsonSchema.FromFileAsync(Path.Combine(AppContext.BaseDirectory, "odd.schema.json"), TestContext.Current.CancellationToken);
        Assert.Empty(schema.Validate(Json));
        Assert.NotEmpty(schema.Validate(Json.Replace("\"tunnels\": false", "\"tunnels\": \"no\"", StringComparison.Ordinal)));
        Assert.NotEmpty(schema.Validate(Json.Replace("\"residential\"", "\"residental\"", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("\"holdS\": 1.5,", "", "field 'holdS'")]
    [InlineData("\"tunnels\": false", "\"tunnels\": \"no\"", "field 'scenery.tunnels'")]
    [InlineData("\"residential\"", "\"residental\"", "field 'scenery.streetClasses'")]
    [InlineData("\"least\": -5", "\"least\": -90", "field 'environment.temperatureC.least'")]
    [InlineData("\"least\": -5", "\"leest\": -5", "field 'environment.temperatureC.leest'")]
    [InlineData("\"least\": -5", "\"least\": 41", "field 'environment.temperatureC'")]
    [InlineData("\"roundabouts\": true", "\"roundabouts\": true, \"moon\": 1", "field 'scenery.moon'")]
    [InlineData("\"dynamicElements\": {", "\"dynamicElements\": [], \"x\": {", "field 'dynamicElements'")]
    [InlineData("\"holdS\": 1.5", "\"holdS\" 1.5", "line 4")]
    public void A_wrong_file_is_refused_with_file_and_field(string find, string replace, string place)
    {
        Assert.Contains(find, Json, StringComparison.Ordinal);
        var fault = Assert.Throws<InputException>(() => OddModel.Parse(Encoding.UTF8.GetBytes(Json.Replace(find, replace, StringComparison.Ordinal)), "my.json"));
        Assert.StartsWith("my.json", fault.Place, StringComparison.Ordinal);
        Assert.Contains(place, fault.Place, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_is_in_the_file_only_an_input_fault_comes_out() =>
        Gen.Select(Gen.Int[0, Json.Length - 1], Gen.Int[1, 20], Gen.Char).Sample(
            (at, length, filled) =>
            {
                var broken = Json[..at] + filled + Json[Math.Min(Json.Length, at + length)..];
                try
                {
                    OddModel.Parse(Encoding.UTF8.GetBytes(broken), "broken");
                }
                catch (InputException)
                {
                }
            },
            iter: 500);

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Contains("no-such.json", Assert.Throws<InputException>(() => OddModel.Load("no-such.json")).Place, StringComparison.Ordinal);

    private static readonly Dictionary<string, (OddCondition Condition, OddLevel Level, Func<SensorFrame, StreetNow, StreetNow> Change)> Changes = new()
    {
        ["hot"] = (OddCondition.Temperature, OddLevel.Outside, (frame, street) => With(street, () => frame.TemperatureC = 50)),
        ["nearly too cold"] = (OddCondition.Temperature, OddLevel.Leaving, (frame, street) => With(street, () => frame.TemperatureC = -4)),
        ["temperature unknown"] = (OddCondition.Temperature, OddLevel.Leaving, (frame, street) => With(street, () => frame.TemperatureC = double.NaN)),
        ["cloudburst"] = (OddCondition.Rain, OddLevel.Outside, (frame, street) => With(street, () => frame.WiperShare = 1)),
        ["black ice"] = (OddCondition.Frost, OddLevel.Outside, (frame, street) => With(street, () => (frame.TemperatureC, frame.WetShare) = (0, 0.8))),
        ["fog"] = (OddCondition.ViewRange, OddLevel.Outside, (frame, street) => With(street, () => frame.ViewRangeM = 8)),
        ["thin fog"] = (OddCondition.ViewRange, OddLevel.Leaving, (frame, street) => With(street, () => frame.ViewRangeM = 15)),
        ["crowd"] = (OddCondition.ObjectsInView, OddLevel.Leaving, (frame, street) => With(street, () => frame.ObjectCount = 125)),
        ["motorway"] = (OddCondition.StreetClass, OddLevel.Outside, (_, street) => street with { Class = StreetClass.Motorway }),
        ["fast street"] = (OddCondition.SpeedLimit, OddLevel.Outside, (_, street) => street with { LimitMps = 70 / 3.6 }),
        ["tunnel"] = (OddCondition.Tunnel, OddLevel.Outside, (_, street) => street with { Traits = SegmentTraits.Tunnel }),
        ["field track"] = (OddCondition.Surface, OddLevel.Outside, (_, street) => street with { Surface = Surface.Unpaved }),
        ["too narrow"] = (OddCondition.CarriagewayWidth, OddLevel.Outside, (_, street) => street with { WidthM = 1.5 }),
        ["far from every street"] = (OddCondition.DistanceFromStreet, OddLevel.Outside, (_, _) => StreetNow.Unknown),
    };

    public static TheoryData<string> Names => [.. Changes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_condition_that_ends_is_named_after_its_time_and_forgotten_when_it_is_met_again(string name)
    {
        var (condition, level, change) = Changes[name];
        var monitor = new OddMonitor(OddModel.Default);
        Assert.Equal(OddLevel.Inside, Look(monitor, Frame(), Street, 3).Level);

        var frame = Frame();
        var street = change(frame, Street);
        Assert.Equal(OddLevel.Inside, Look(monitor, frame, street, 1).Level);
        var standing = Look(monitor, frame, street, 1);
        Assert.Equal((level, condition), (standing.Level, standing.Condition));
        Assert.Matches(new Regex("operating conditions: \\S", RegexOptions.None, TimeSpan.FromSeconds(1)), standing.Text());

        Assert.Equal(OddLevel.Inside, Look(monitor, Frame(), Street, 2).Level);
    }

    [Fact]
    public void A_street_ahead_that_is_excluded_is_announced()
    {
        var monitor = new OddMonitor(OddModel.Default);
        var standing = default(OddStanding);
        for (var i = 0; i < 60; i++)
        {
            standing = monitor.Look(Frame(), Street, Street with { Traits = SegmentTraits.Tunnel }, 0.05);
        }

        Assert.Equal((OddLevel.Leaving, OddCondition.Tunnel), (standing.Level, standing.Condition));
    }

    [Fact]
    public void The_street_under_the_vehicle_is_read_from_the_map()
    {
        var map = Town.Instance.Map;
        var locator = new ArcLocator(map);
        var line = map.ArcLine(0);
        var street = StreetNow.Of(map, locator, line[0].Towards(line[1], 0.5), map.StartHeadingRad(0));
        Assert.Equal(map.SegmentClass[map.ArcSegment[0]], street.Class);
        Assert.Equal(map.ArcSpeedMps[0], street.LimitMps);
        Assert.Equal(StreetNow.Unknown, StreetNow.Of(map, locator, new(1e7, 1e7), 0));
    }

    private static StreetNow With(StreetNow street, Action change)
    {
        change();
        return street;
    }

    private static OddStanding Look(OddMonitor monitor, SensorFrame frame, StreetNow street, double forS)
    {
        var standing = monitor.Standing;
        for (var s = 0.0; s < forS; s += 0.05)
        {
            standing = monitor.Look(frame, street, null, 0.05);
        }

        return standing;
    }

    private static SensorFrame Frame() => new() { TemperatureC = 12, IlluminanceLux = 5_000, ViewRangeM = 60, WheelMps = 3 };
}
