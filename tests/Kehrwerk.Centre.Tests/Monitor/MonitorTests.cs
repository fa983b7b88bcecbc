using System.Collections.Immutable;
using System.Globalization;
using CsCheck;
using Kehrwerk.Centre.Access;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Live;
using Kehrwerk.Centre.Monitor;
using Kehrwerk.Centre.Pages;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Xunit;

namespace Kehrwerk.Centre.Tests.Monitor;

public sealed class MonitorTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 22, 0, 0, TimeSpan.Zero);

    private static LinkFigures Figures(Func<int, (double At, uint Header)?> report, int count, double nowS, double speed = 1)
    {
        var meter = new LinkMeter(speed);
        for (var i = 0; i < count; i++)
        {
            if (report(i) is { } one)
            {
                meter.Hear(Start.AddSeconds(one.At), one.Header, Start.AddSeconds(i), 100);
            }
        }

        return meter.Figures(Start.AddSeconds(nowS));
    }

    [Fact]
    public void A_link_is_good_where_every_report_comes_in_time_and_none_is_known_where_none_came()
    {
        Assert.Equal(LinkGrade.Good, Figures(i => (i + 0.05, (uint)i), 30, 30).Grade);
        Assert.Equal(LinkFigures.Nothing, new LinkMeter().Figures(Start));
        Assert.Equal(LinkFigures.Nothing, Figures(i => (i, (uint)i), 30, 200));
    }

    [Fact]
    public void Missing_late_and_silent_reports_each_make_it_worse()
    {
        var lossy = Figures(i => i % 10 == 3 ? null : (i + 0.05, (uint)i), 40, 40);
        Assert.Equal((LinkGrade.Poor, 4), (lossy.Grade, lossy.Lost));
        Assert.Equal(LinkGrade.Fair, Figures(i => (i + (i % 4 == 0 ? 0.6 : 0.05), (uint)i), 40, 40).Grade);
        var silent = Figures(i => (i + 0.05, (uint)i), 20, 29);
        Assert.Equal(LinkGrade.Poor, silent.Grade);
        Assert.InRange(silent.GapS, 9, 10);

        // A program that began anew counts anew: nothing is lost.
        Assert.Equal(0, Figures(i => (i + 0.05, (uint)(i < 20 ? i + 900 : i - 20)), 40, 40).Lost);

        // In fast time the same delay of the network is a longer one of the Centre's clock.
        Assert.Equal(LinkGrade.Good, Figures(i => (i + (i % 4 == 0 ? 2.0 : 0.05), (uint)i), 40, 40, speed: 20).Grade);
    }

    [Fact]
    public void However_much_is_said_only_the_last_of_each_topic_is_kept_and_cut()
    {
        var monitor = new VehicleMonitor();
        var id = new VehicleId("k", "1");
        for (var i = 0; i < 100; i++)
        {
            monitor.Heard(id, LinkTopic.State, new byte[10_000], null, i == 99 ? "a fault" : null, Start.AddSeconds(i));
        }

        monitor.Said(id, LinkTopic.Order, "{}"u8, Start);

        var messages = monitor.MessagesOf("k/1");
        Assert.Equal(VehicleMonitor.MostMessages + 1, messages.Length);
        Assert.Equal((10_000, VehicleMonitor.MostBytes, "a fault"), (messages[0].Bytes, messages[0].Text.Length, messages[0].Fault));
        Assert.Equal((LinkTopic.Order, false, "{}"), (messages[^1].Topic, messages[^1].IsFromVehicle, messages[^1].Text));
        Assert.Empty(monitor.MessagesOf("k/2"));
    }

    [Fact]
    public void A_curve_begins_and_ends_where_it_says_and_a_circle_is_round()
    {
        // A quarter of a circle as a rational spline of degree 2 (Piegl and Tiller, The NURBS Book, 7.3).
        var quarter = new Trajectory([new(1, 0), new(1, 1, Math.Sqrt(0.5)), new(0, 1)], 2) { KnotVector = [0, 0, 0, 1, 1, 1] };
        var points = Curve.Points(quarter);
        Assert.All(points, point => Assert.Equal(1, Math.Sqrt((point.X * point.X) + (point.Y * point.Y)), 1e-9));
        Assert.Equal((1.0, 0.0), (points[0].X, points[0].Y));
        Assert.Equal(1, points[^1].Y, 1e-9);

        Gen.Double[-1e4, 1e4].Array[2, 40].Sample(
            xs =>
            {
                var line = Curve.Points(new Trajectory([.. xs.Select(x => new ControlPoint(x, -x))], 1));
                Assert.Equal(xs, line.Select(point => point.X));
            },
            iter: 50);

        // What is no curve is shown by its points.
        Assert.Equal(3, Curve.Points(quarter with { KnotVector = [0, 1] }).Length);
    }

    [Fact]
    public void Every_command_has_its_words_no_key_does_two_things_on_a_page_and_nobody_sees_what_they_may_not()
    {
        foreach (var page in new[] { PageKind.Live, PageKind.Cases, PageKind.Replay, PageKind.Other })
        {
            var keys = CommandTable.For(page, [.. Roles.All]).Where(command => command.Id.Length > 0).SelectMany(command => command.Keys.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
            Assert.Equal(keys.Distinct(), keys);
        }

        foreach (var role in Roles.All)
        {
            Assert.All(CommandTable.For(PageKind.All, [role]), command => Assert.True(AccessTable.Allows([role], command.Needs)));
        }

        Assert.DoesNotContain(CommandTable.For(PageKind.Live, [Role.Viewer]), command => command.Id is "all.stop" or "vehicle.pause" or "manoeuvre.grant" or "level.diagnosis");
        Assert.Contains(CommandTable.For(PageKind.Other, [Role.SafetyOfficer]), command => command.Id == "all.stop");
    }

    [Theory]
    [InlineData("Yes", "No", "No", "Surroundings,Reports,Contact", null)]
    [InlineData("Maybe", "No", "No", "Surroundings,Reports,Contact", "needed")]
    [InlineData("Yes", "Yes", "No", "Surroundings,Reports,Contact", "removed first")]
    [InlineData("Yes", "No", "Yes", "Surroundings,Reports,Contact", "by hand until it is repaired")]
    [InlineData("Yes", "No", "No", "Surroundings,Reports", "Contact")]
    [InlineData("Yes", null, "No", "Surroundings,Reports,Contact", "traffic")]
    public void A_minimal_risk_condition_is_ended_only_after_every_step_of_the_investigation(string needed, string? traffic, string defect, string check, string? refusal)
    {
        var form = new MrcForm("A ball on the road", needed, traffic, defect, check, "It is gone.");

        Assert.Equal(refusal is null, form.Refusal() is null);
        Assert.Contains(refusal ?? "", form.Refusal() ?? "", StringComparison.Ordinal);
        if (refusal is null)
        {
            var found = form.ToInvestigation(cancelsOrder: true);
            Assert.True(found is { CancelsOrder: true, Finding: "A ball on the road (needed: Yes)" });
            Assert.EndsWith("It is gone.", found.Text, StringComparison.Ordinal);
            Assert.True(new MrcForm(new('x', MrcForm.MaxTrigger), "Unclear", "No", "No", check, new('x', MrcForm.MaxLooked)).ToInvestigation(false) is { } longest
                && longest.Finding.Length <= MrcInvestigation.MaxTextLength && longest.Text.Length <= MrcInvestigation.MaxTextLength);
        }
    }

    [Fact]
    public void What_the_level_detail_shows_stays_small_however_much_a_vehicle_says()
    {
        var monitor = new VehicleMonitor();
        var vehicle = Fleet.GridTown.Vehicle(1);
        monitor.Show(new Twin { Id = vehicle.Id, Spec = vehicle.Spec });
        var error = new RobotError(new('e', 190), ErrorLevel.Urgent, new('d', 5000), "hint") { ErrorHintTranslations = [new("de", "Hinweis"), new("en", "Look at it")] };
        var state = new State
        {
            HeaderId = 1,
            Timestamp = Start,
            Vehicle = vehicle.Id,
            OrderId = "",
            OrderUpdateId = 0,
            LastNodeId = "",
            LastNodeSequenceId = 0,
            NodeStates = [],
            EdgeStates = [],
            Driving = false,
            ActionStates = [],
            InstantActionStates = [],
            PowerSupply = new(90, false),
            OperatingMode = OperatingMode.Automatic,
            SafetyState = new(EmergencyStop.None, false),
            Errors = [.. Enumerable.Repeat(error, 500)],
        };
        monitor.Heard(vehicle.Id, LinkTopic.State, [1], state, null, Start);

        CultureInfo.CurrentUICulture = new("de");
        var detail = VehicleDetail.Of(vehicle.Id.ToString(), monitor, null, Fleet.GridTown.Context, Start);

        Assert.Equal(40, detail.Errors.Length);
        Assert.Equal((500, "Hinweis"), (detail.Errors[0].Text.Length, detail.Errors[0].Hint));
        Assert.Null(detail.Levels);
    }
}
