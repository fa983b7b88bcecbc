using System.Net;
using Kehrwerk.Centre.Access;
using Kehrwerk.Centre.Access.Duty;
using Microsoft.Extensions.DependencyInjection;
using static Kehrwerk.Tests.Access.RunningPages;

namespace Kehrwerk.Tests.Access;

/// <summary>What people and roles do to sessions, over the running pages.</summary>
public sealed class SessionTests(RunningPages pages) : IClassFixture<RunningPages>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_role_that_is_added_holds_at_once_and_one_that_is_taken_away_ends_the_session()
    {
        var session = await pages.SignIn("Berta Zweite", Role.Viewer);
        var handle = await session.Handle();
        Assert.Equal(HttpStatusCode.Forbidden, (await session.Get("/people")).StatusCode);

        await pages.First.Post("/people", "/people/roles", ("id", handle), ("roles", "Viewer"), ("roles", "Admin"));
        Assert.Equal(HttpStatusCode.OK, (await session.Get("/people")).StatusCode);

        await pages.First.Post("/people", "/people/roles", ("id", handle), ("roles", "Viewer"));
        Assert.Equal("/sign-in", (await session.Get("/people")).Headers.Location?.ToString());
    }

    [Fact]
    public async Task Whoever_is_blocked_or_erased_is_out_also_from_the_stream_and_leaves_no_name_behind()
    {
        var session = await pages.SignIn("Cäsar Auszulöschen", Role.Viewer);
        var handle = await session.Handle();
        using var stream = await session.Get("/api/live");
        Assert.Equal(HttpStatusCode.OK, stream.StatusCode);

        await pages.First.Post("/people", "/people/block", ("id", handle), ("blocked", "true"));
        Assert.Equal("/sign-in", (await session.Get("/")).Headers.Location?.ToString());
        // The stream that is open ends too: reading comes to its end.
        await stream.Content.CopyToAsync(Stream.Null, Cancelled).WaitAsync(TimeSpan.FromSeconds(20), Cancelled);

        using var unconfirmed = await pages.First.Post("/people", "/people/erase", ("id", handle));
        Assert.Equal(HttpStatusCode.BadRequest, unconfirmed.StatusCode);
        using var erased = await pages.First.Post("/people", "/people/erase", ("id", handle), ("confirmed", "true"));
        Assert.Equal("/people?said=Erased", erased.Headers.Location?.ToString());
        Assert.DoesNotContain("Auszulöschen", await Body(await pages.First.Get("/people")), StringComparison.Ordinal);
        Assert.Contains(pages.Store.Record(), entry => entry.Kind == "personErased" && entry.Text == handle);
        Assert.DoesNotContain(pages.Store.Record(), entry => (entry.Who + entry.Text).Contains("Auszulöschen", StringComparison.Ordinal));
        Assert.Null(pages.Store.VerifyRecord().Problem);
    }

    [Fact]
    public async Task An_invitation_works_once_and_only_by_the_button()
    {
        var body = await Body(await pages.First.Post("/people", "/people/invite", ("name", "Dora Dritte"), ("roles", "Viewer")));
        var token = System.Text.RegularExpressions.Regex.Match(body, @"/invitation\?token=([A-Za-z0-9_-]+)").Groups[1].Value;
        var (one, other) = (pages.Visit(), pages.Visit());

        Assert.Contains("Dora Dritte", await Body(await one.Get($"/invitation?token={token}")), StringComparison.Ordinal);
        using var first = await one.Post($"/invitation?token={token}", "/invitation", ("token", token));
        using var second = await other.Post("/sign-in", "/invitation", ("token", token));

        Assert.Equal("/account", first.Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Contains("used already", await Body(second), StringComparison.Ordinal);
        Assert.Equal("/sign-in", (await other.Get("/account")).Headers.Location?.ToString());
    }

    [Fact]
    public async Task A_release_takes_qualifications_and_duty_and_the_refusal_says_which()
    {
        var session = await pages.SignIn("Emil Vierter", Role.Supervisor);
        var handle = await session.Handle();
        (string, string)[] release = [("vehicle", "kehrwerk/none"), ("kind", "Release"), ("confirmed", "true")];

        var unqualified = await Body(await session.Post("/", "/vehicles/commands", release));
        Assert.Contains("Driving licence of the class is missing", unqualified, StringComparison.Ordinal);
        using var refusedDuty = await session.Post("/duty", "/duty/sign-on", ("vehicles", "kehrwerk/KW-01"));
        Assert.Equal(HttpStatusCode.Conflict, refusedDuty.StatusCode);

        foreach (var kind in new[] { "Degree", "ManufacturerTraining", "DrivingLicence", "Reliability" })
        {
            using var entered = await pages.First.Post("/qualifications", "/qualifications", ("person", handle), ("kind", kind), ("validUntil", kind == "Degree" ? "" : "2030-01-01"), ("document", "AZ 4711"));
            Assert.Equal("/qualifications?said=QualificationEntered", entered.Headers.Location?.ToString());
        }

        Assert.Contains("Sign on to duty first", await Body(await session.Post("/", "/vehicles/commands", release)), StringComparison.Ordinal);
        var vehicle = pages.App.Services.GetRequiredService<Kehrwerk.Centre.Fleet.LiveFleet>().Snapshot().Vehicles[0].Id;
        using var on = await session.Post("/duty", "/duty/sign-on", ("vehicles", vehicle));
        Assert.Equal("/duty?said=SignedOn", on.Headers.Location?.ToString());
        using var released = await session.Post("/", "/vehicles/commands", release);
        Assert.Equal(HttpStatusCode.NotFound, released.StatusCode);

        // Leases say that somebody is there only while the screen does.
        var duty = pages.App.Services.GetRequiredService<DutyDesk>();
        Assert.False(duty.IsWatched(vehicle));
        using var sign = await session.Post("/", "/api/live/screen?input=true", ("isLive", "true"));
        Assert.Contains("On duty, vehicles: 1", await Body(sign), StringComparison.Ordinal);
        Assert.True(duty.IsWatched(vehicle));
        Assert.Contains(pages.Store.Record(), entry => entry.Kind == "accessRefused" && entry.Who == handle && entry.Text.Contains("DrivingLicence", StringComparison.Ordinal));
        Assert.Contains(pages.Store.Record(), entry => entry.Kind == "dutyBegan" && entry.Who == handle);
        Assert.DoesNotContain(pages.Store.Record(), entry => entry.Text.Contains("4711", StringComparison.Ordinal));

        using var held = await pages.First.Post("/people", "/people/block", ("id", handle), ("blocked", "true"));
        Assert.Equal(HttpStatusCode.BadRequest, held.StatusCode);
    }

    [Fact]
    public async Task A_form_without_its_token_does_nothing()
    {
        using var answer = await pages.First.Send(HttpMethod.Post, "/people/invite", new FormUrlEncodedContent([new("name", "Forged"), new("roles", "Admin")]));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.DoesNotContain("Forged", await Body(await pages.First.Get("/people")), StringComparison.Ordinal);
    }
}

/// <summary>Apart, since it uses up what the address may try.</summary>
public sealed class SignInLimitTests(RunningPages pages) : IClassFixture<RunningPages>
{
    [Fact]
    public async Task Guessing_links_and_passkeys_is_stopped_and_on_record()
    {
        var stranger = pages.Visit();
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 22; i++)
        {
            using var answer = await stranger.Post("/sign-in", i % 2 == 0 ? "/sign-in" : "/sign-in/passkey", ("token", "guess"), ("name", "Mallory"), ("credential", "{}"));
            statuses.Add(answer.StatusCode);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, statuses[1]);
        Assert.Equal(HttpStatusCode.TooManyRequests, statuses[^1]);
        Assert.Contains(pages.Store.Record(), entry => entry.Kind == "signInRefused");
        Assert.DoesNotContain(pages.Store.Record(), entry => entry.Text.Contains("Mallory", StringComparison.Ordinal));
    }
}

/// <summary>Pages whose people's clock is put forward by the test.</summary>
public sealed class PagesOfAnotherTime : RunningPages
{
    private readonly MovedTime time = new();

    protected override TimeProvider Time => time;

    public void Pass(TimeSpan span) => time.Ahead += span;

    private sealed class MovedTime : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
    }
}

public sealed class SessionEndTests(PagesOfAnotherTime pages) : IClassFixture<PagesOfAnotherTime>
{
    [Fact]
    public async Task A_session_lasts_as_long_as_it_is_used_and_never_longer_than_a_shift()
    {
        var (used, watched) = (await pages.SignIn("Frieda Fünfte", Role.Viewer), await pages.SignIn("Gustav Sechster", Role.Viewer));

        // An open live page gives its sign by itself: that is no use.
        pages.Pass(TimeSpan.FromMinutes(50));
        Assert.Equal(HttpStatusCode.OK, (await used.Get("/account")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await watched.Get("/api/live")).StatusCode);
        pages.Pass(TimeSpan.FromMinutes(50));
        Assert.Equal(HttpStatusCode.OK, (await used.Get("/account")).StatusCode);
        Assert.Equal("/sign-in", (await watched.Get("/account")).Headers.Location?.ToString());

        for (var minutes = 100; minutes + 50 < 12 * 60; minutes += 50)
        {
            pages.Pass(TimeSpan.FromMinutes(50));
            Assert.Equal(HttpStatusCode.OK, (await used.Get("/account")).StatusCode);
        }

        pages.Pass(TimeSpan.FromMinutes(50));
        Assert.Equal("/sign-in", (await used.Get("/account")).Headers.Location?.ToString());
    }
}
