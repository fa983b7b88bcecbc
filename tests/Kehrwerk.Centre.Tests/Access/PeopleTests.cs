using System.Text;
using Kehrwerk.Centre.Access;
using Kehrwerk.Centre.Access.Duty;
using Kehrwerk.Centre.Access.People;
using Kehrwerk.Centre.Access.Qualifications;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Live;
using Kehrwerk.Centre.Store;
using Kehrwerk.Centre.Tests.Store;
using Kehrwerk.Streets;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kehrwerk.Centre.Tests.Access;

/// <summary>People and duty over their real database and the real record.</summary>
public sealed class PeopleTests : IAsyncLifetime
{
    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider time = new(new(2026, 4, 15, 8, 0, 0, TimeSpan.Zero));
    private CentreStore store = null!;
    private ServiceProvider services = null!;

    private string PeopleFile => folder.File("people.db");
    private AccessOptions Options => services.GetRequiredService<AccessOptions>();
    private DutyDesk Duty => services.GetRequiredService<DutyDesk>();
    private QualificationBook Book => services.GetRequiredService<QualificationBook>();
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        time.SetLocalTimeZone(TimeZoneInfo.Utc);
        store = CentreStore.Open(folder.File("kehrwerk.db"));
        services = await Start();
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await store.DisposeAsync();
        folder.Dispose();
    }

    private async Task<ServiceProvider> Start(bool isDemonstration = false)
    {
        var collection = new ServiceCollection().AddLogging().AddLocalization().AddHttpContextAccessor();
        collection.AddDataProtection().UseEphemeralDataProtectionProvider();
        var started = collection
            .AddSingleton(store).AddSingleton(new LiveFleet(0)).AddSingleton(new CentreClock(time, 1))
            .AddAccess(new() { PeopleFile = PeopleFile, Time = time, IsDemonstration = isDemonstration })
            .BuildServiceProvider();
        foreach (var start in started.GetServices<IHostedService>().OfType<AccessStart>())
        {
            await start.StartAsync(Cancelled);
        }

        return started;
    }

    [Fact]
    public async Task The_tables_are_those_of_the_model()
    {
        await using var scope = services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<PeopleContext>();

        Assert.False(context.Database.HasPendingModelChanges());
        Assert.Empty(await context.Database.GetPendingMigrationsAsync(Cancelled));
        Assert.DoesNotContain(context.Model.GetEntityTypes().SelectMany(type => type.GetProperties()), property => property.Name is "PasswordHash" or "Email" or "PhoneNumber");
    }

    [Fact]
    public async Task A_database_of_a_newer_version_or_of_others_is_refused_by_name()
    {
        await Do(people => people.TakeFirstOrRecovering("Ada"));
        await using (var scope = services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<PeopleContext>().Database.ExecuteSqlRawAsync("INSERT INTO __EFMigrationsHistory VALUES ('29991231000000_Future', '99')", Cancelled);
        }

        var newer = await Assert.ThrowsAsync<InputException>(() => Start());
        await File.WriteAllTextAsync(folder.File("other.db"), new string('x', 5000), Cancelled);
        var other = Assert.Throws<InputException>(() => new ServiceCollection().AddAccess(new() { PeopleFile = folder.File("other.db") }));

        Assert.Contains("newer version", newer.Message, StringComparison.Ordinal);
        Assert.Contains("other.db", other.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Erasing_a_person_leaves_the_handle_and_not_one_byte_of_the_name()
    {
        var admin = await Do(people => people.TakeFirstOrRecovering("Ada Admin"));
        var (_, token) = await Do(people => people.Invite("Zwetschgenröster", [Role.Supervisor], admin.Id));
        var person = (await Do(people => people.Redeem(token!)))!;
        await Book.Add(person.Id, QualificationKind.DrivingLicence, Options.Today.AddYears(1), "Aktenzeichen Mirabelle", admin.Id);
        await using (var scope = services.CreateAsyncScope())
        {
            var users = scope.ServiceProvider.GetRequiredService<UserManager<Person>>();
            await users.AddOrUpdatePasskeyAsync((await users.FindByIdAsync(person.Id))!, new([1, 2, 3], [4], time.GetUtcNow(), 0, [], true, false, false, [], []) { Name = "Quittenschlüssel" });
            var context = scope.ServiceProvider.GetRequiredService<PeopleContext>();
            context.HandOvers.Add(new() { Id = "h", FromId = person.Id, ToId = admin.Id, Vehicles = "v", Text = "Holunderbeere", OfferedAt = time.GetUtcNow() });
            await context.SaveChangesAsync(Cancelled);
        }

        string[] secrets = ["Zwetschgenröster", "Mirabelle", "Quittenschlüssel", "Holunderbeere"];
        Assert.All(secrets, secret => Assert.True(IsInFiles(secret), $"{secret} should be there before"));
        Assert.Equal(PeopleProblem.NotConfirmed, await Do(people => people.Erase(person.Id, confirmed: false, admin.Id)));
        Assert.Null(await Do(people => people.Erase(person.Id, confirmed: true, admin.Id)));

        Assert.All(secrets, secret => Assert.False(IsInFiles(secret), $"{secret} is still in the files"));
        Assert.Equal(("", "", true), await Do(async people => await people.Find(person.Id) is { } kept ? (kept.Name, kept.RoleNames, kept.ErasedAt is not null) : default));
        Assert.Empty(Book.Of(person.Id));
        Assert.Contains(store.Record(), entry => entry.Kind == "personErased" && entry.Text == person.Id && entry.Who == admin.Id);
        Assert.Null(store.VerifyRecord().Problem);
        // The handle is taken for ever, and nobody can be made of it again.
        Assert.Equal(PeopleProblem.UnknownPerson, await Do(people => people.SetRoles(person.Id, [Role.Admin], admin.Id)));
        Assert.Equal(PeopleProblem.UnknownPerson, (await Do(people => people.Link(person.Id, admin.Id))).Problem);
    }

    [Fact]
    public async Task There_is_always_an_administrator()
    {
        var admin = await Do(people => people.TakeFirstOrRecovering("Ada"));

        Assert.Equal(PeopleProblem.LastAdmin, await Do(people => people.SetRoles(admin.Id, [Role.Viewer], admin.Id)));
        Assert.Equal(PeopleProblem.LastAdmin, await Do(people => people.SetBlocked(admin.Id, true, admin.Id)));
        Assert.Equal(PeopleProblem.LastAdmin, await Do(people => people.Erase(admin.Id, true, admin.Id)));
        await Do(people => people.Invite("Bert", [Role.Admin], admin.Id));
        Assert.Null(await Do(people => people.SetBlocked(admin.Id, true, admin.Id)));
        // Who is blocked is not let in by the name alone: the printed link makes another administrator.
        Assert.NotEqual(admin.Id, (await Do(people => people.TakeFirstOrRecovering("Ada"))).Id);
    }

    [Fact]
    public async Task The_printed_link_makes_the_first_person_and_later_lets_that_administrator_back_in()
    {
        var first = await Do(people => people.TakeFirstOrRecovering("Ada"));
        var again = await Do(people => people.TakeFirstOrRecovering("Ada"));
        var other = await Do(people => people.TakeFirstOrRecovering("Bert"));

        Assert.Equal(Roles.All, first.Roles);
        Assert.Equal(first.Id, again.Id);
        Assert.Equal([Role.Admin], other.Roles);
        Assert.Contains(store.Record(), entry => entry.Kind == "recoveryLinkUsed" && entry.Who == first.Id);
        Assert.Empty(Book.Of(first.Id));
        Assert.Matches("^p-[2-9a-z]{6}$", first.Id);
    }

    [Fact]
    public async Task Qualifications_of_the_demo_count_in_the_demo_only()
    {
        await using (var demo = await Start(isDemonstration: true))
        {
            await using var scope = demo.CreateAsyncScope();
            var person = await scope.ServiceProvider.GetRequiredService<PeopleDesk>().TakeFirstOrRecovering("Ada");
            Assert.Empty(demo.GetRequiredService<QualificationBook>().Missing(person.Id, AccessCommand.ReleaseVehicle));
        }

        await using var earnest = await Start();
        var known = await Do(people => people.All());
        Assert.Equal(4, earnest.GetRequiredService<QualificationBook>().Missing(Assert.Single(known).Id, AccessCommand.ReleaseVehicle).Length);
    }

    [Fact]
    public async Task An_invitation_ends_and_a_new_link_ends_the_older_one()
    {
        var admin = await Do(people => people.TakeFirstOrRecovering("Ada"));
        var (_, first) = await Do(people => people.Invite("Bert", [Role.Viewer], admin.Id));
        var bert = (await Do(people => people.Invited(first!)))!;
        var (_, second) = await Do(people => people.Link(bert.Id, admin.Id));

        Assert.Null(await Do(people => people.Redeem(first!)));
        Assert.NotNull(await Do(people => people.Invited(second!)));
        time.Advance(Options.InvitationLifetime);
        Assert.Null(await Do(people => people.Redeem(second!)));
        Assert.False(IsInFiles(second!), "the token itself is kept");
    }

    [Fact]
    public async Task One_link_lets_one_of_many_in()
    {
        var admin = await Do(people => people.TakeFirstOrRecovering("Ada"));
        var (_, token) = await Do(people => people.Invite("Bert", [Role.Viewer], admin.Id));

        var redeemed = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Do(people => people.Redeem(token!)), Cancelled)));

        Assert.Single(redeemed, person => person is not null);
    }

    [Fact]
    public async Task A_qualification_that_expires_on_duty_takes_the_vehicles_supervisor_away_at_midnight()
    {
        var ada = await Do(people => people.TakeFirstOrRecovering("Ada"));
        foreach (var kind in QualificationRules.ForSupervision)
        {
            await Book.Add(ada.Id, kind, kind == QualificationKind.Degree ? null : Options.Today, "AZ 1", ada.Id);
        }

        Assert.Null(await Duty.Handle(new DutyEvent.SignOn(ada.Id, DutyDesk.Set(["v1"]))));
        await Duty.Handle(new DutyEvent.Screen(ada.Id));
        await Duty.Tick([]);
        Assert.True(Duty.IsWatched("v1"));

        time.Advance(TimeSpan.FromHours(16));
        await Duty.Handle(new DutyEvent.Screen(ada.Id));
        Assert.True(Duty.IsWatched("v1"));
        await Duty.Tick([]);

        Assert.False(Duty.IsWatched("v1"));
        Assert.Contains(store.Record(), entry => entry.Kind == "dutySuspended" && entry.Who == ada.Id && entry.Text.Contains("DrivingLicence", StringComparison.Ordinal));
        await Book.Add(ada.Id, QualificationKind.ManufacturerTraining, Options.Today, "AZ 2", ada.Id);
        await Book.Add(ada.Id, QualificationKind.Reliability, Options.Today, "AZ 2", ada.Id);
        await Book.Add(ada.Id, QualificationKind.DrivingLicence, Options.Today, "AZ 2", ada.Id);
        await Duty.Tick([]);
        await Duty.Handle(new DutyEvent.Screen(ada.Id));
        Assert.True(Duty.IsWatched("v1"));
    }

    [Fact]
    public async Task Who_has_which_vehicle_and_what_is_offered_outlives_a_restart_and_the_screen_does_not()
    {
        var ada = await Do(people => people.TakeFirstOrRecovering("Ada"));
        await Duty.Handle(new DutyEvent.SignOn(ada.Id, DutyDesk.Set(["v1", "v2"])));
        await Duty.Handle(new DutyEvent.Screen(ada.Id));
        await Duty.Handle(new DutyEvent.Offer("h1", ada.Id, "p-other", DutyDesk.Set(["v2"]), "look after v2"));

        await using var again = await Start();
        var duty = again.GetRequiredService<DutyDesk>();

        Assert.Equal(["v1", "v2"], duty.Book.Of(ada.Id)!.Vehicles);
        Assert.Equal("look after v2", Assert.Single(duty.Book.Offers).Text);
        Assert.False(duty.IsWatched("v1"));
        Assert.DoesNotContain(store.Record(), entry => entry.Text.Contains("look after", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_who_accept_one_hand_over_at_once_get_it_once()
    {
        var ada = await Do(people => people.TakeFirstOrRecovering("Ada"));
        var (_, token) = await Do(people => people.Invite("Bert", [Role.Supervisor], ada.Id));
        var bert = (await Do(people => people.Redeem(token!)))!;
        await Duty.Handle(new DutyEvent.SignOn(ada.Id, DutyDesk.Set(["v1"])));
        await Duty.Handle(new DutyEvent.SignOn(bert.Id, DutyDesk.Set([])));
        await Duty.Handle(new DutyEvent.Offer("h1", ada.Id, bert.Id, DutyDesk.Set(["v1"]), ""));

        var problems = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => Duty.Handle(new DutyEvent.Accept("h1", bert.Id)), Cancelled)));

        Assert.Equal([DutyProblem.OfferGone], problems.OfType<DutyProblem>());
        Assert.Single(store.Record(), entry => entry.Kind == "handOverAccepted");
        Assert.Single(await Duty.HandOvers(10));
    }

    [Fact]
    public async Task Refusals_do_not_flood_the_record()
    {
        var record = services.GetRequiredService<AccessRecord>();
        for (var i = 0; i < 200; i++)
        {
            await record.Refused("signInRefused", AccessRecord.Unknown, $"try {i / 2}");
        }

        time.Advance(TimeSpan.FromMinutes(1));
        await record.Refused("signInRefused", AccessRecord.Unknown, "later");

        Assert.Equal(AccessRecord.MaxRefusals + 2, store.Record().Count());
        Assert.Contains(store.Record(), entry => entry.Text == $"and {200 - AccessRecord.MaxRefusals} more refusals");
    }

    private async Task<T> Do<T>(Func<PeopleDesk, Task<T>> wish)
    {
        await using var scope = services.CreateAsyncScope();
        return await wish(scope.ServiceProvider.GetRequiredService<PeopleDesk>());
    }

    private bool IsInFiles(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var escaped = Encoding.UTF8.GetBytes(System.Text.Json.JsonEncodedText.Encode(text).Value);
        return Directory.EnumerateFiles(Path.GetDirectoryName(PeopleFile)!, "people.db*").Any(file =>
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            return content.AsSpan().IndexOf(bytes) >= 0 || content.AsSpan().IndexOf(escaped) >= 0;
        });
    }
}
