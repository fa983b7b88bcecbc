using Kehrwerk.Portal.Sweeping;
using Kehrwerk.Streets.Demo;
using Kehrwerk.Streets.Import;
using Kehrwerk.Sweeper;

namespace Kehrwerk.Tests;

/// <summary>The planner's calendar as the Portal tells it.</summary>
public sealed class PublishedSweepingTests
{
    [Fact]
    public void Every_kerb_has_the_days_of_its_class_and_they_do_not_jump_from_week_to_week()
    {
        var osm = new MemoryStream();
        DemoCity.Write(osm, new(Addresses: 0), OsmFileFormat.Pbf);
        osm.Position = 0;
        var city = CityImporter.Import(osm, "Musterstadt", new());
        var problem = ShiftSimulation.Problem(city, SweeperModel.Default, 1, 8);
        var monday = new DateOnly(2026, 12, 21);

        var first = PublishedSweeping.Calendar(city, problem, monday);
        var next = PublishedSweeping.Calendar(city, problem, monday.AddDays(7));

        // Over ten weeks each class comes as often as it says, also over the turn of the year.
        Assert.All(city.Kerbs, kerb => Assert.Equal(kerb.Class.TimesPerWeek * SweepingDays.Weeks, first.DaysOfKerb[kerb.Id].Length));
        Assert.All(city.Kerbs, kerb => Assert.Equal(
            first.DaysOfKerb[kerb.Id].Where(day => day >= 7).Select(day => monday.AddDays(day)),
            next.DaysOfKerb[kerb.Id].Where(day => day < 7 * (SweepingDays.Weeks - 1)).Select(day => monday.AddDays(7 + day))));
        Assert.Contains(city.Kerbs, kerb => kerb.Class.TimesPerWeek == 0.5);
        // Nothing is swept on a Sunday but what is due daily.
        Assert.DoesNotContain(city.Kerbs, kerb => kerb.Class.TimesPerWeek <= 5 && first.DaysOfKerb[kerb.Id].Any(day => day % 7 > 4));
    }
}
