using Kehrwerk.Centre.Fleet;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kehrwerk.Centre.Tests.Pages;

public sealed class LiveFleetTests
{
    [Fact]
    public async Task A_screen_counts_only_while_it_says_that_it_shows_the_picture()
    {
        var time = new FakeTimeProvider();
        var fleet = new LiveFleet(0, time);
        await using var watching = fleet.Watch(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await watching.MoveNextAsync());
        Assert.False(fleet.IsWatched);
        fleet.NoteScreen();
        Assert.True(fleet.IsWatched);
        time.Advance(LiveFleet.WatchedFor - TimeSpan.FromSeconds(1));
        Assert.True(fleet.IsWatched);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(fleet.IsWatched);
        fleet.NoteScreen();
        Assert.True(fleet.IsWatched);
    }
}
