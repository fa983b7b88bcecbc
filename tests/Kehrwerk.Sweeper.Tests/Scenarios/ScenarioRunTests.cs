using System.Globalization;
using System.Text;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Sweeper.Driving;
using Kehrwerk.Sweeper.Scenarios;
using Kehrwerk.Sweeper.Scenarios.Report;
using NJsonSchema;
using Xunit;

namespace Kehrwerk.Sweeper.Tests.Scenarios;

/// <summary>The whole vehicle in the virtual world: program, pilot, motion guard, sensors, a played Centre.</summary>
public sealed class ScenarioRunTests
{
    // Of each kind of answer that the vehicle has to give one.
    [Theory]
    [InlineData("clean-kerb")]
    [InlineData("child-behind-parked-car")]
    [InlineData("pedestrian-crossing")]
    [InlineData("emergency-vehicle")]
    [InlineData("right-before-left")]
    [InlineData("area-border")]
    [InlineData("link-loss-long")]
    [InlineData("deactivated")]
    [InlineData("supervisor-absent")]
    [InlineData("spoofed-command")]
    [InlineData("fault-lidar-dead")]
    [InlineData("fault-odometry-frozen")]
    [InlineData("person-climbs")]
    [InlineData("hopper-full")]
    [InlineData("depot-docking")]
    [InlineData("charger-dead")]
    [InlineData("tip-occupied")]
    [InlineData("tip-faulty")]
    [InlineData("water-off")]
    public void Does_what_is_expected(string name)
    {
        var scenario = Scenario(name);

        var run = ScenarioRun.Of(scenario, 4711);

        Assert.True(run.IsPassed, string.Join("; ", run.Failures.Append(run.Unavoidable ?? default).Select(words => words.En)));
    }

    /// <summary>Runs that once ended in a contact, in standing before the van again, or in a minimal risk condition that came too late.</summary>
    [Theory]
    [InlineData("child-behind-parked-car-transit", 4)]
    [InlineData("dog-behind-parked-car-transit", 37)]
    [InlineData("cyclist-crossing-transit", 25)]
    [InlineData("pedestrian-crossing-transit", 28)]
    [InlineData("near-miss", 11)]
    [InlineData("tram-crossing", 17)]
    [InlineData("double-parked-van", 33)]
    [InlineData("link-loss-release", 14)]
    public void What_once_failed_holds(string name, long seed)
    {
        var run = ScenarioRun.Of(Scenario(name), seed);

        Assert.True(run.IsPassed, string.Join("; ", run.Failures.Append(run.Unavoidable ?? default).Select(words => words.En)));
    }

    [Fact]
    public void The_same_seed_gives_the_same_run_and_another_seed_another()
    {
        var scenario = Scenario("cyclist-swept-side");

        var (one, same, other) = (ScenarioRun.Of(scenario, 1, traces: true), ScenarioRun.Of(scenario, 1, traces: true), ScenarioRun.Of(scenario, 2, traces: true));

        Assert.Equal(Text(one), Text(same));
        Assert.NotEqual(Text(one), Text(other));
    }

    /// <summary>Without a scenario that can fail, one that passes says nothing. Who runs into a vehicle that has just come to stand is not counted here.</summary>
    [Fact]
    public void A_bad_driver_without_the_guard_hits_somebody_and_the_guard_prevents_that()
    {
        string[] names = ["pedestrian-crossing", "child-behind-parked-car", "cut-in", "broom-blocked"];
        int Hits(bool isGuarded) => names.Sum(name => Enumerable.Range(1, 6).Count(seed =>
            ScenarioRun.Of(Scenario(name), seed, new(0.25, 1.5, Predicts: false, isGuarded)) is { IsFailed: true } run
                && run.Failures.Any(words => words.En.StartsWith("collision", StringComparison.Ordinal) && !words.En.Contains("own speed 0.0", StringComparison.Ordinal))));

        Assert.NotEqual(0, Hits(isGuarded: false));
        Assert.Equal(0, Hits(isGuarded: true));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_report_says_what_failed_first_and_what_is_not_shown(bool german)
    {
        var scenario = Scenario("area-border");
        var failed = ScenarioRun.Of(scenario, 3, traces: true) with { Failures = [new("<b>stieß</b> an", "<b>hit</b> something")] };

        var html = new EvidenceReport([scenario], [failed], [failed], new("1.0", "test", new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), 3), german).Write();

        Assert.Contains(german ? "&lt;b&gt;stie&#223;&lt;/b&gt; an" : "&lt;b&gt;hit&lt;/b&gt; something", html, StringComparison.Ordinal);
        Assert.True(html.IndexOf(german ? "Fehlgeschlagene" : "Runs that failed", StringComparison.Ordinal) < html.IndexOf(german ? "<h2>Szenarien" : "<h2>Scenarios", StringComparison.Ordinal));
        Assert.Contains(german ? "nicht gezeigt" : "not shown", html, StringComparison.Ordinal);
        Assert.Contains("--seed 3", html, StringComparison.Ordinal);
        Assert.Contains("<polygon class=\"vehicle\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http", html, StringComparison.Ordinal);
    }

    /// <summary>D1–D13 of what happened, by the sensors of the vehicle and in the format of the profile.</summary>
    [Fact]
    public async Task An_event_holds_what_the_sensors_said_and_what_the_guard_did()
    {
        var run = ScenarioRun.Of(Scenario("fault-lidar-dead"), 4711, traces: true);

        var text = Assert.Single(run.Events);
        var schema = await JsonSchema.FromFileAsync(Path.Combine(AppContext.BaseDirectory, "ProfileSchemas", "event.schema.json"), TestContext.Current.CancellationToken);
        Assert.Empty(schema.Validate(text));
        var recorded = LinkJson.Read<VehicleEvent>(Encoding.UTF8.GetBytes(text));
        Assert.True(recorded.IsOk, recorded.Error);
        var (series, count) = (recorded.Message.Series, recorded.Message.Series.TimeS.Length);
        Assert.All(new[] { series.VoltageV, series.TemperatureC, series.IlluminanceLux, series.Wiper }, column => Assert.Equal(count, column.Length));
        Assert.All(series.VoltageV, volts => Assert.InRange(volts, 20, 30));
        Assert.Equal(["D2 height"], recorded.Message.NotMeasured);
        Assert.Contains(recorded.Message.Changes, change => change is { Kind: EventChangeKind.Monitoring, Name: "objectsDead", State: "on" });
        Assert.Contains(recorded.Message.Changes, change => change is { Kind: EventChangeKind.SafetySystem, Name: "motionGuard", State: "Mrm" });
        Assert.Contains(recorded.Message.Changes, change => change is { Kind: EventChangeKind.Lights, Name: "HazardLights", State: "on" });
    }

    private static Scenario Scenario(string name) => Catalogue.BuiltIn().Single(scenario => scenario.Name == name);

    private static string Text(RunRecord run) => string.Join(
        '\n', run.Trace!.Moments.Select(moment => string.Create(
            CultureInfo.InvariantCulture, $"{moment.TimeS} {moment.Vehicle} {moment.SpeedMps:R} {moment.DistanceM:R} {string.Join(',', moment.Others)}")).Concat(run.Trace.Events.Select(told => told.Text)));
}
