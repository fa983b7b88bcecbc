using Xunit;

namespace Kehrwerk.Streets.Tests.Import;

public sealed class RestrictionTests
{
    //            3
    //            | 20
    //   1 --10-- 2 --30-- 4 --50-- 6         all two-way
    //            | 40     | 60
    //            5 --70-- 7
    private static OsmText Town() => new OsmText()
        .Node(1, 0, 0).Node(2, 100, 0).Node(3, 100, 100).Node(4, 200, 0).Node(5, 100, -100).Node(6, 300, 0).Node(7, 200, -100)
        .Way(10, "1 2", "highway=residential").Way(20, "2 3", "highway=residential").Way(30, "2 4", "highway=residential")
        .Way(40, "2 5", "highway=residential").Way(50, "4 6", "highway=residential").Way(60, "4 7", "highway=residential")
        .Way(70, "5 7", "highway=residential");

    private static City With(string tags, params string[] members) => Town().Relation(1, "type=restriction; " + tags, members).Import();

    [Theory]
    [InlineData("no_left_turn")]
    [InlineData("no_entry")]
    [InlineData("no_exit")]
    public void A_banned_turn_over_a_node_is_banned(string kind) =>
        Assert.Equal(["10.0f > 20.0f"], With($"restriction={kind}", "way 10 from", "node 2 via", "way 20 to").Bans());

    [Fact]
    public void Only_one_turn_allowed_bans_the_others_and_turning_back() =>
        Assert.Equal(["10.0f > 10.0b", "10.0f > 20.0f", "10.0f > 40.0f"], With("restriction=only_straight_on", "way 10 from", "node 2 via", "way 30 to").Bans());

    [Fact]
    public void A_banned_U_turn_is_banned() =>
        Assert.Equal(["20.0b > 20.0f"], With("restriction=no_u_turn", "way 20 from", "node 2 via", "way 20 to").Bans());

    [Fact]
    public void A_chain_over_a_way_is_banned_as_a_whole()
    {
        var city = With("restriction=no_right_turn", "way 10 from", "way 30 via", "way 60 to");
        Assert.Equal(["10.0f > 30.0f > 60.0f"], city.Bans());
        Assert.Equal(1, city.Taken("turn restrictions"));
    }

    [Fact]
    public void A_chain_over_two_ways_is_banned_as_a_whole() =>
        Assert.Equal(["10.0f > 40.0f > 70.0f > 60.0b"], With("restriction=no_u_turn", "way 10 from", "way 40 via", "way 70 via", "way 60 to").Bans());

    //   1 --10-- 2 --30-- 8 --30-- 4 …      way 30 is cut at 8 by way 80
    [Fact]
    public void A_chain_runs_over_every_piece_of_its_way()
    {
        var city = new OsmText()
            .Node(1, 0, 0).Node(2, 100, 0).Node(8, 150, 0).Node(4, 200, 0).Node(6, 200, 100).Node(9, 150, -50)
            .Way(10, "1 2", "highway=residential").Way(30, "2 8 4", "highway=residential").Way(80, "8 9", "highway=residential").Way(60, "4 6", "highway=residential")
            .Way(90, "6 2", "highway=residential")
            .Relation(1, "type=restriction; restriction=no_left_turn", "way 10 from", "way 30 via", "way 60 to")
            .Import();
        Assert.Equal(["10.0f > 30.0f > 30.1f > 60.0f"], city.Bans());
    }

    [Fact]
    public void An_only_chain_bans_leaving_it_at_each_step() =>
        Assert.Equal(
            ["10.0f > 10.0b", "10.0f > 20.0f", "10.0f > 30.0f > 30.0b", "10.0f > 30.0f > 60.0f", "10.0f > 40.0f"],
            With("restriction=only_straight_on", "way 10 from", "way 30 via", "way 50 to").Bans());

    [Theory]
    [InlineData("restriction=no_left_turn; except=bus;motorcar", "that excepts our vehicle")]
    [InlineData("restriction:hgv=no_left_turn", "for other vehicles only")]
    [InlineData("restriction:conditional=no_left_turn @ (Mo-Fr)", "only at certain hours")]
    [InlineData("restriction=dont", "of unknown kind")]
    public void A_restriction_that_does_not_bind_us_is_counted(string tags, string reason)
    {
        var city = With(tags, "way 10 from", "node 2 via", "way 20 to");
        Assert.Empty(city.Bans());
        Assert.Equal(1, city.LeftOut("turn restriction " + reason));
    }

    [Fact]
    public void A_restriction_that_excepts_buses_binds_us() =>
        Assert.Equal(["10.0f > 20.0f"], With("restriction=no_left_turn; except=psv;bicycle", "way 10 from", "node 2 via", "way 20 to").Bans());

    [Theory]
    [InlineData("with missing or wrong members", "way 10 from", "way 20 to")]
    [InlineData("with missing or wrong members", "way 10 from", "node 2 via")]
    [InlineData("on ways that are not driven", "way 10 from", "node 2 via", "way 999 to")]
    [InlineData("that fits no drive", "way 10 from", "node 4 via", "way 20 to")]
    [InlineData("that fits no drive", "way 10 from", "way 60 via", "way 20 to")]
    public void A_broken_restriction_is_counted(string reason, params string[] members)
    {
        var city = With("restriction=no_left_turn", members);
        Assert.Empty(city.Bans());
        Assert.Equal(1, city.LeftOut("turn restriction " + reason));
    }

    [Fact]
    public void Several_from_members_are_banned_one_by_one() =>
        Assert.Equal(["10.0f > 20.0f", "30.0b > 20.0f"], With("restriction=no_entry", "way 10 from", "way 30 from", "node 2 via", "way 20 to").Bans());
}
