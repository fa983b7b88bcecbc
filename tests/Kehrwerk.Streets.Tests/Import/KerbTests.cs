using Xunit;

namespace Kehrwerk.Streets.Tests.Import;

public sealed class KerbTests
{
    //   4 --- 1 --10-- 2 --- 5
    //          \      /           way 20 (a service road, never swept) keeps way 10 connected whatever its direction
    //           -- 3 -
    private static City With(string tags) => new OsmText()
        .Node(1, 0, 0).Node(2, 100, 0).Node(3, 50, -50).Node(4, -20, 0).Node(5, 120, 0)
        .Way(10, "1 2", tags).Way(20, "5 2 3 1 4", "highway=service")
        .Import();

    [Theory]
    [InlineData("highway=residential", "10.0b 10.0f")]
    [InlineData("highway=residential; oneway=yes", "10.0f 10.0fl")]
    [InlineData("highway=residential; oneway=-1", "10.0b 10.0bl")]
    [InlineData("highway=residential; junction=roundabout", "10.0f")]
    [InlineData("highway=primary; junction=roundabout", "10.0f")]
    [InlineData("highway=living_street", "10.0b 10.0f")]
    [InlineData("highway=pedestrian", "10.0b 10.0f")]
    [InlineData("highway=primary; name=Ring; bridge=yes", "10.0b 10.0f")]
    [InlineData("highway=primary; ref=B 8", "")]
    [InlineData("highway=trunk; ref=B 8", "")]
    [InlineData("highway=trunk; name=Ring", "10.0b 10.0f")]
    [InlineData("highway=unclassified", "")]
    [InlineData("highway=unclassified; name=Feldweg", "10.0b 10.0f")]
    [InlineData("highway=residential; surface=gravel", "")]
    [InlineData("highway=service; name=Hof", "")]
    [InlineData("highway=track; tracktype=grade1; name=Weg", "")]
    public void The_kerbs_of_a_street_follow_its_kind(string tags, string kerbs) => Assert.Equal(kerbs, With(tags).KerbKeys());

    //   1 ------------> 2         way 10 eastwards, south of way 20 westwards: their left sides face each other
    //   |  20 m apart   |
    //   4 <------------ 3
    [Theory]
    [InlineData(20, "name=Allee", "10.0f 20.0f")]
    [InlineData(60, "name=Allee", "10.0f 10.0fl 20.0f 20.0fl")]
    [InlineData(20, "name=Andere", "10.0f 10.0fl 20.0f 20.0fl")]
    public void Only_the_outer_kerbs_of_a_dual_carriageway_are_swept(double gapM, string otherName, string kerbs)
    {
        var city = new OsmText()
            .Node(1, 0, 0).Node(2, 200, 0).Node(3, 200, gapM).Node(4, 0, gapM)
            .Way(10, "1 2", "highway=secondary; oneway=yes; name=Allee").Way(20, "3 4", "highway=secondary; oneway=yes; " + otherName)
            .Way(30, "2 3", "highway=service").Way(40, "4 1", "highway=service")
            .Import();
        Assert.Equal(kerbs, city.KerbKeys());
    }

    [Fact]
    public void One_way_streets_that_keep_to_the_left_of_each_other_are_no_dual_carriageway()
    {
        var city = new OsmText()
            .Node(1, 0, 0).Node(2, 200, 0).Node(3, 200, -20).Node(4, 0, -20)
            .Way(10, "1 2", "highway=secondary; oneway=yes; name=Allee").Way(20, "3 4", "highway=secondary; oneway=yes; name=Allee")
            .Way(30, "2 3", "highway=service").Way(40, "4 1", "highway=service")
            .Import();
        Assert.Equal("10.0f 10.0fl 20.0f 20.0fl", city.KerbKeys());
    }

    //   1 ------ 2 - 3 ------ 4      2-3 is 2 m long, between the side streets 5 and 6
    [Fact]
    public void Pieces_inside_a_junction_have_no_kerb()
    {
        var city = new OsmText()
            .Node(1, 0, 0).Node(2, 100, 0).Node(3, 102, 0).Node(4, 200, 0).Node(5, 100, 50).Node(6, 102, -50)
            .Way(10, "1 2 3 4", "highway=residential").Way(20, "2 5", "highway=service").Way(30, "3 6", "highway=service")
            .Import();
        Assert.Equal("10.0b 10.0f 10.2b 10.2f", city.KerbKeys());
        Assert.Equal(2, city.LeftOut("kerb shorter"));
    }

    [Fact]
    public void A_kerb_has_its_arcs_length_and_the_class_of_its_kind_of_street()
    {
        var kerb = With("highway=primary; name=Ring").Kerbs[0];
        Assert.Equal(100, kerb.LengthM, 0.2);
        Assert.Equal("S5", kerb.Class.Id);
        Assert.Equal("Ring", kerb.Street);
        Assert.Equal(KerbSide.Right, kerb.Side);
    }
}
