using Kehrwerk.Centre.Closing;
using Kehrwerk.Centre.Tests.Fleet;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Routing;
using Xunit;

namespace Kehrwerk.Centre.Tests.Closing;

/// <summary>Streets as a person finds them who wants to close one.</summary>
/// <remarks>
/// <code>
///       4                5
///       | Am Markt       | Gartenweg
/// 0 --- 1 -------------- 2 ------ 3      Große Straße, in three pieces
/// </code>
/// </remarks>
public sealed class StreetListTests
{
    private static readonly City City = GridTown.City with { Streets = Network() };

    private readonly StreetList streets = new(City);

    [Theory]
    [InlineData("Große Straße", "Große Straße")]
    [InlineData("  große straße ", "Große Straße")]
    [InlineData("markt", "Am Markt")]
    [InlineData("straße", "Große Straße, Straße am Wall")]
    [InlineData("Nirgendwo", "")]
    [InlineData("  ", "")]
    public void A_street_is_found_however_it_is_written_and_by_a_part_of_its_name(string typed, string found) =>
        Assert.Equal(found, string.Join(", ", streets.Find(typed)));

    [Fact]
    public void The_parts_of_a_street_are_named_by_the_streets_that_cross()
    {
        var stretches = streets.Stretches("Große Straße", Closures.None);
        Assert.Equal(
            [("7.0", "", "Am Markt", 100, false), ("7.1", "Am Markt", "Gartenweg", 250, false), ("7.2", "Gartenweg", "", 100, false)],
            stretches.Select(stretch => (stretch.Key, stretch.From, stretch.To, (int)Math.Round(stretch.LengthM), stretch.IsClosed)));
        Assert.Empty(streets.Stretches("Nirgendwo", Closures.None));
    }

    [Fact]
    public void A_closed_part_is_closed_in_both_directions_and_what_the_map_does_not_have_closes_nothing()
    {
        var closed = StreetClosure.Arcs([new(1, "Große Straße", ["7.1", "99.9"], "Markt", "Ada", default, null)], City.Streets);
        Assert.Equal(["7.1b", "7.1f"], closed.Arcs.Select(City.Streets.ArcKey).Order(StringComparer.Ordinal));
        Assert.Equal([false, true, false], streets.Stretches("Große Straße", closed).Select(stretch => stretch.IsClosed));
    }

    private static StreetNetwork Network()
    {
        var frame = CityFrame.Around(new(51.4, 6.8));
        var origin = frame.ToMap(new(51.4, 6.8));
        var builder = new StreetNetworkBuilder(frame);
        MapPoint[] places = [At(0, 0), At(100, 0), At(350, 0), At(450, 0), At(100, 80), At(350, 80)];
        for (var node = 0; node < places.Length; node++)
        {
            builder.AddNode(100 + node, places[node]);
        }

        Add(0, 1, 7, 0, "Große Straße");
        Add(1, 2, 7, 1, "Große Straße");
        Add(2, 3, 7, 2, "Große Straße");
        Add(1, 4, 8, 0, "Am Markt");
        Add(2, 5, 9, 0, "Gartenweg");
        Add(4, 5, 10, 0, "Straße am Wall");
        return builder.Build();

        MapPoint At(double x, double y) => new(origin.X + x, origin.Y + y);

        void Add(int from, int to, long way, int piece, string name) =>
            builder.AddSegment(new(from, to, [places[from], places[to]], way, piece, Directions.Both, name));
    }
}
