using CsCheck;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Link.Messages;
using Xunit;

namespace Kehrwerk.Centre.Tests.Fleet;

/// <summary>Which report is the newest, and when two vehicles must be behind one name.</summary>
public sealed class SenderTrackTests
{
    private static readonly DateTimeOffset Begin = TestShift.Begin;
    private static readonly State Any = new TestShift().LastState!;

    [Fact]
    public void However_the_network_mixes_reports_the_newest_is_never_replaced_by_an_older_one() =>
        Gen.Select(Gen.Double[0, 90], Gen.Int[1, 3]).Array[60].Sample(
            delays =>
            {
                // One a second; each copy arrives after its own delay.
                var arrivals = delays.SelectMany((d, i) => Enumerable.Range(1, d.Item2).Select(copy => (At: i + (d.Item1 * copy / d.Item2), Header: i)))
                    .OrderBy(a => a.At).ToList();
                SenderTrack? track = null;
                var newest = -1;
                foreach (var (at, header) in arrivals)
                {
                    (track, var order) = SenderTrack.Take(track, Report((uint)header, header), Begin.AddSeconds(at));
                    Assert.NotEqual(ReportOrder.NewestBySetClock, order);
                    Assert.Equal(header > newest, order == ReportOrder.Newest);
                    newest = Math.Max(newest, header);
                    Assert.False(track.IsTwoVehicles);
                }
            },
            iter: 500, threads: 1);

    [Fact]
    public void What_a_program_sent_before_it_was_restarted_comes_too_late_after_its_first_new_report()
    {
        var track = Steady(100, 1000);
        (track, var first) = SenderTrack.Take(track, Report(0, 110), Begin.AddSeconds(110));
        (track, var late) = SenderTrack.Take(track, Report(1105, 105), Begin.AddSeconds(110.5));
        (_, var next) = SenderTrack.Take(track, Report(1, 111), Begin.AddSeconds(111));

        Assert.Equal([ReportOrder.Newest, ReportOrder.Overtaken, ReportOrder.Newest], [first, late, next]);
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(-120)]
    [InlineData(-86_400)]
    [InlineData(3600)]
    public void A_clock_that_is_set_is_followed_within_seconds_and_is_no_second_vehicle(double setByS)
    {
        var track = Steady(100, 0);
        var taken = 0;
        for (var i = 101; i < 300; i++)
        {
            (track, var order) = SenderTrack.Take(track, Report((uint)i, i + setByS), Begin.AddSeconds(i));
            taken += order == ReportOrder.Overtaken ? 0 : 1;
        }

        Assert.InRange(taken, 194, 199);
        Assert.False(track.IsTwoVehicles);
        Assert.Equal(setByS, track.ClockOffset.TotalSeconds, 1.0);
    }

    [Fact]
    public void A_program_that_crashes_every_few_seconds_is_one_vehicle()
    {
        var track = Steady(100, 500);
        for (var i = 101; i < 400; i++)
        {
            (track, _) = SenderTrack.Take(track, Report((uint)(i % 4), i), Begin.AddSeconds(i));
            Assert.False(track.IsTwoVehicles);
        }
    }

    [Theory]
    [InlineData(1000u, 0)]
    [InlineData(1000u, -0.4)]
    [InlineData(1000u, 30)]
    [InlineData(1000u, -30)]
    [InlineData(3u, 0)]
    [InlineData(3u, -30)]
    [InlineData(1000u, -86_400)]
    public void Two_vehicles_of_one_name_are_found_out_within_a_minute(uint headerApart, double clockApartS)
    {
        SenderTrack? track = null;
        var found = 0;
        for (var i = 1; found == 0 && i < 300; i++)
        {
            (track, _) = SenderTrack.Take(track, Report((uint)i + 2000, i), Begin.AddSeconds(i));
            (track, _) = SenderTrack.Take(track, Report((uint)i + 2000 - headerApart, i + 0.5 + clockApartS, x: 400), Begin.AddSeconds(i + 0.5));
            found = track.IsTwoVehicles ? i : 0;
        }

        Assert.InRange(found, 1, 60);
    }

    [Fact]
    public void Two_vehicles_that_stand_side_by_side_are_found_out_by_their_numbers()
    {
        SenderTrack? track = null;
        var found = 0;
        for (var i = 1; found == 0 && i < 300; i++)
        {
            (track, _) = SenderTrack.Take(track, Report((uint)i + 500, i), Begin.AddSeconds(i));
            (track, _) = SenderTrack.Take(track, Report((uint)i, i + 0.5), Begin.AddSeconds(i + 0.5));
            found = track.IsTwoVehicles ? i : 0;
        }

        Assert.InRange(found, 1, 60);
    }

    private static SenderTrack Steady(int seconds, uint firstHeader)
    {
        SenderTrack? track = null;
        for (var i = 1; i <= seconds; i++)
        {
            (track, _) = SenderTrack.Take(track, Report(firstHeader + (uint)i, i), Begin.AddSeconds(i));
        }

        return track!;
    }

    private static State Report(uint header, double atS, double x = 0) => Any with
    {
        HeaderId = header,
        Timestamp = Begin.AddSeconds(atS),
        MobileRobotPosition = Any.MobileRobotPosition! with { X = x, Y = 0 },
    };
}
