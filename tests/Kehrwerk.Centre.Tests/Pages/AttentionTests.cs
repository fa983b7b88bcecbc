using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Live;
using Xunit;

namespace Kehrwerk.Centre.Tests.Pages;

public sealed class AttentionTests
{
    private static VehicleView Vehicle(string id, VehicleActivity activity = VehicleActivity.Sweeping, LinkState link = LinkState.Connected, params string[] errors) =>
        new() { Id = id, Link = link, Activity = activity, Errors = errors };

    [Fact]
    public void What_is_wrong_comes_first_and_equals_stand_in_the_order_of_their_names()
    {
        VehicleView[] vehicles =
        [
            Vehicle("k/1"),
            Vehicle("k/2", VehicleActivity.Paused),
            Vehicle("k/3", link: LinkState.Silent),
            Vehicle("k/4", link: LinkState.Lost),
            Vehicle("k/5", VehicleActivity.Deactivated),
            Vehicle("k/6", VehicleActivity.Fault),
            Vehicle("k/7", link: LinkState.NeverSeen),
            Vehicle("k/8", errors: "brush worn"),
            Vehicle("k/0", VehicleActivity.Charging),
        ];

        var order = Attentions.Sort(vehicles).Select(v => v.Id);

        Assert.Equal(["k/6", "k/5", "k/4", "k/3", "k/8", "k/2", "k/7", "k/0", "k/1"], order);
    }

    [Fact]
    public void A_fault_outranks_a_lost_link() =>
        Assert.Equal(Attention.Fault, Attentions.Of(Vehicle("k/1", VehicleActivity.Fault, LinkState.Lost)));

    [Theory]
    [InlineData(VehicleActivity.Fault, LinkState.Connected, "fault")]
    [InlineData(VehicleActivity.Deactivated, LinkState.Lost, "stopped")]
    [InlineData(VehicleActivity.Sweeping, LinkState.Lost, "lost")]
    [InlineData(VehicleActivity.Sweeping, LinkState.Silent, "lost")]
    [InlineData(VehicleActivity.Sweeping, LinkState.Connected, "sweeping")]
    public void A_vehicle_of_which_nothing_is_known_never_looks_as_if_it_worked(VehicleActivity activity, LinkState link, string sign) =>
        Assert.Equal(sign, VehicleSign.Of(Vehicle("k/1", activity, link)));
}
