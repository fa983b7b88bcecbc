using System.Text;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Sweeper.Scenarios;
using Xunit;

namespace Kehrwerk.Sweeper.Tests.Scenarios;

/// <summary>What the self-driving vehicle tells those around it and the Centre, besides doing it.</summary>
public sealed class TellingTests
{
    private const string Parked = """
        "agents": [{ "id": "car", "kind": "car", "way": [{ "atM": 70, "asideM": -2.3 }] }],
        """;

    [Fact]
    public void Swerving_is_said_by_light_bands_and_display_and_stands_in_the_report_of_safety()
    {
        var drive = new FullDrive(Parked);

        drive.Until(() => drive.Centre.Report is { } report && report.Announcements.Contains(Announcement.SwervingLeft), 60, "says that it swerves");

        var shown = drive.Centre.Report!.Shown!;
        Assert.Equal((LightBands.RunningLeft, "Swerving to the left"), (shown.LightBands, shown.Display.En));
    }

    [Fact]
    public void What_is_said_can_be_read_before_it_changes()
    {
        var drive = new FullDrive(Parked);
        var (since, before, shortest) = (0.0, Shown.Of([]), double.PositiveInfinity);
        drive.Until(() => drive.Program.Activity is { OrderId.Length: > 0 } && drive.NowS > 3, 10, "takes its order");
        for (var i = 0; i < 400; i++)
        {
            drive.Step();
            var now = drive.Centre.Report?.Shown ?? before;
            if (now != before && before.LightBands is LightBands.RunningLeft or LightBands.RunningRight && now.LightBands is LightBands.RunningLeft or LightBands.RunningRight)
            {
                shortest = Math.Min(shortest, drive.NowS - since);
            }

            (since, before) = now != before ? (drive.NowS, now) : (since, before);
        }

        Assert.True(shortest > 0.9, $"a text stood for {shortest:F1} s");
    }

    [Fact]
    public void The_stretch_beside_a_parked_car_is_told_as_missed_with_the_result_of_the_sweep()
    {
        var scenario = ScenarioFile.Parse(Encoding.UTF8.GetBytes($$"""
            {
              "name": "missed", "title": { "de": "Probe", "en": "Test" }, "shows": ["V1"], "notShown": { "de": "-", "en": "-" },
              "parameters": {}, "scene": { "kind": "street", "widthM": 8, "speedKmh": 30 }, "start": { "sweeps": true }, {{Parked}}
              "untilS": 400, "expect": [{ "kind": "arrives" }]
            }
            """), "missed.json");
        var drive = new FullDrive(scenario);

        drive.Until(() => drive.Centre.State is { ActionStates: [{ ActionStatus: ActionStatus.Finished }] }, 300, "finishes its kerb");

        var result = SweepResult.Parse(drive.Centre.State!.ActionStates[0].ActionResult);
        var missed = result.Missed.Where(piece => piece.Reason == MissedReasons.ParkedVehicle).ToList();
        Assert.NotEmpty(missed);
        Assert.True(missed[0].FromM is > 45 and < 70 && missed[^1].ToM is > 70 and < 95, string.Join(", ", missed));
        Assert.InRange(result.SweptM + missed.Sum(piece => piece.LengthM), 280, 301);
    }
}
