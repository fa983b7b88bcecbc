using System.Reflection;
using Kehrwerk.Web.SignIn;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kehrwerk.Centre.Tests.Pages;

public sealed class OneTimeLinksTests
{
    private readonly FakeTimeProvider time = new();
    private readonly OneTimeLinks links;

    public OneTimeLinksTests() => links = new(time);

    [Fact]
    public void A_link_signs_in_once()
    {
        var token = links.Issue();

        Assert.True(links.Redeem(token));
        Assert.False(links.Redeem(token));
    }

    [Fact]
    public void Looking_at_a_link_does_not_use_it_up()
    {
        var token = links.Issue();

        Assert.True(links.IsOpen(token));
        Assert.True(links.IsOpen(token));
        Assert.True(links.Redeem(token));
        Assert.False(links.IsOpen(token));
    }

    [Fact]
    public void A_link_ends_after_fifteen_minutes()
    {
        var early = links.Issue();
        var late = links.Issue();

        time.Advance(OneTimeLinks.Lifetime - TimeSpan.FromSeconds(1));
        Assert.True(links.Redeem(early));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(links.IsOpen(late));
        Assert.False(links.Redeem(late));
    }

    [Fact]
    public void A_token_carries_256_bits_and_no_two_are_alike()
    {
        var tokens = Enumerable.Range(0, 50).Select(_ => links.Issue()).ToHashSet();

        Assert.Equal(50, tokens.Count);
        Assert.All(tokens, token => Assert.Equal(43, token.Length));
    }

    [Fact]
    public void What_is_kept_in_memory_does_not_contain_the_token()
    {
        var token = links.Issue();

        var kept = typeof(OneTimeLinks).GetFields(BindingFlags.Instance | BindingFlags.NonPublic)
            .Select(field => field.GetValue(links))
            .OfType<Dictionary<string, DateTimeOffset>>()
            .SelectMany(entries => entries.Keys);

        Assert.DoesNotContain(token, Assert.Single(kept), StringComparison.Ordinal);
    }

    [Fact]
    public void Links_that_nobody_uses_do_not_pile_up()
    {
        var first = links.Issue();
        time.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 64; i++)
        {
            links.Issue();
        }

        Assert.False(links.Redeem(first));
    }

    [Theory]
    [InlineData("")]
    [InlineData("guess")]
    public void A_guess_is_refused(string token) => Assert.False(links.Redeem(token));
}
