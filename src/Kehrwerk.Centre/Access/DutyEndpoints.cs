using System.Collections.Immutable;
using Kehrwerk.Centre.Access.Duty;
using Kehrwerk.Centre.Access.Pages;
using Kehrwerk.Centre.Access.People;
using Kehrwerk.Centre.Access.Qualifications;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Live;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Localization;

namespace Kehrwerk.Centre.Access;

/// <summary>Signing on and off, taking vehicles, handing over.</summary>
internal static class DutyEndpoints
{
    public const int MaxTextLength = 2000;

    public static void MapDuty(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/duty", (HttpContext context, DutyPages pages) => pages.Page(context));
        routes.MapPost("/duty/sign-on", (HttpContext context, DutyPages pages, IFormCollection form) =>
            pages.Qualified(context, new DutyEvent.SignOn(Me(context), pages.Vehicles(form)), "SignedOn"));
        routes.MapPost("/duty/take", (HttpContext context, DutyPages pages, IFormCollection form) =>
            pages.Qualified(context, new DutyEvent.Take(Me(context), pages.Vehicles(form)), "Taken"));
        routes.MapPost("/duty/leave", (HttpContext context, DutyPages pages, IFormCollection form) =>
            pages.Do(context, new DutyEvent.Leave(Me(context), pages.Vehicles(form), form["confirmed"] == "true"), "Left"));
        routes.MapPost("/duty/sign-off", (HttpContext context, DutyPages pages, IFormCollection form) =>
            pages.Do(context, new DutyEvent.SignOff(Me(context), form["confirmed"] == "true"), "SignedOff"));
        routes.MapPost("/duty/hand-overs", Offer);
        routes.MapPost("/duty/hand-overs/accept", (HttpContext context, DutyPages pages, IFormCollection form) =>
            pages.Qualified(context, new DutyEvent.Accept(form["id"].ToString(), Me(context)), "Accepted"));
        routes.MapPost("/duty/hand-overs/decline", (HttpContext context, DutyPages pages, IFormCollection form) =>
            pages.Do(context, new DutyEvent.Decline(form["id"].ToString(), Me(context)), "Declined"));
    }

    private static async Task<Results<RazorComponentResult<DutyPage>, RedirectHttpResult>> Offer(
        HttpContext context, DutyPages pages, PeopleDesk people, DutyDesk duty, IFormCollection form)
    {
        var text = form["text"].ToString().ReplaceLineEndings("\n").Trim();
        var to = form["to"].ToString();
        return text.Length > MaxTextLength ? await pages.Page(context, "Problem.TextTooLong")
            : await people.Find(to) is not { MaySignIn: true } successor || !successor.Roles.Contains(Role.Supervisor) ? await pages.Page(context, "Problem.NoSuccessor")
            : await pages.Do(context, new DutyEvent.Offer(Guid.CreateVersion7(duty.Now).ToString("N"), Me(context), to, pages.Vehicles(form), text), "Offered");
    }

    private static string Me(HttpContext context) => Authority.HandleOf(context.User);
}

/// <summary>What the page about duty shows.</summary>
public sealed record DutyView
{
    public required string Me { get; init; }
    public required bool IsDemonstration { get; init; }
    public required bool MayGoOnDuty { get; init; }

    /// <summary>What keeps the person from going on duty, as a sentence; null where nothing does.</summary>
    public required string? Lacks { get; init; }
    public required IReadOnlyList<Qualification> EndingSoon { get; init; }
    public required DutyRules Rules { get; init; }
    public required DutyBook Book { get; init; }
    public required DateTimeOffset Now { get; init; }
    public required IReadOnlyList<VehicleView> Vehicles { get; init; }

    /// <summary>Other supervisors, by handle.</summary>
    public required IReadOnlyList<string> Successors { get; init; }
    public required IReadOnlyDictionary<string, string> Names { get; init; }
    public required IReadOnlyList<HandOverRow> HandOvers { get; init; }

    /// <summary>Vehicles that nobody has, or whose supervisor counts as absent.</summary>
    public IReadOnlyList<VehicleView> Free => [.. Vehicles.Where(v => Book.HolderOf(v.Id) is null || (Book.HolderOf(v.Id) is { Presence: DutyPresence.Absent } holder && holder.Person != Me))];
    public IReadOnlyList<VehicleView> Own => [.. Vehicles.Where(v => Book.HolderOf(v.Id)?.Person == Me)];

    public IReadOnlyList<VehicleView> Of(ImmutableSortedSet<string> ids) => [.. Vehicles.Where(v => ids.Contains(v.Id))];

    public string Name(string person) => Names.TryGetValue(person, out var name) ? name : person;

    public bool IsThere(OnDuty duty) => duty.Watches(Now, Rules);
}

internal sealed class DutyPages(
    DutyDesk duty, PeopleDesk people, QualificationBook qualifications, Authority authority, LiveFleet fleet, AccessOptions options, IStringLocalizer<AccessTexts> texts)
{
    private const int ShownHandOvers = 10;

    /// <summary>Only vehicles of the fleet; what else a form names is left out.</summary>
    public ImmutableSortedSet<string> Vehicles(IFormCollection form) =>
        DutyDesk.Set(fleet.Snapshot().Vehicles.Select(v => v.Id).Intersect(form["vehicles"].OfType<string>(), StringComparer.Ordinal));

    public async Task<Results<RazorComponentResult<DutyPage>, RedirectHttpResult>> Qualified(HttpContext context, DutyEvent wish, string said) =>
        await authority.Refusal(context.User, AccessCommand.GoOnDuty) is { } refusal ? await Refused(context, refusal) : await Do(context, wish, said);

    public async Task<Results<RazorComponentResult<DutyPage>, RedirectHttpResult>> Do(HttpContext context, DutyEvent wish, string said)
    {
        // Whoever sends a form is there.
        await duty.Handle(new DutyEvent.Input(Authority.HandleOf(context.User)));
        return await duty.Handle(wish) is { } problem ? await Page(context, $"Problem.{problem}") : TypedResults.LocalRedirect($"/duty?said={said}");
    }

    public async Task<RazorComponentResult<DutyPage>> Page(HttpContext context, string? problem = null) => await Refused(context, problem is null ? null : texts[problem, options.Duty.MaxVehiclesPerSupervisor].Value);

    private async Task<RazorComponentResult<DutyPage>> Refused(HttpContext context, string? problem)
    {
        var me = Authority.HandleOf(context.User);
        var everybody = await people.All();
        var lacking = qualifications.Missing(me, AccessCommand.GoOnDuty);
        var view = new DutyView
        {
            Me = me,
            IsDemonstration = options.IsDemonstration,
            MayGoOnDuty = Authority.Allows(context.User, AccessCommand.GoOnDuty),
            Lacks = lacking.IsEmpty ? null : string.Join(", ", lacking.Select(missing => texts[$"Kind.{missing.Kind}"].Value)),
            EndingSoon = qualifications.EndingSoon(me),
            Rules = options.Duty,
            Book = duty.Book,
            Now = duty.Now,
            Vehicles = fleet.Snapshot().Vehicles,
            Successors = [.. everybody.Where(p => p.Id != me && p.MaySignIn && p.Roles.Contains(Role.Supervisor)).Select(p => p.Id)],
            Names = everybody.ToDictionary(p => p.Id, p => p.Name, StringComparer.Ordinal),
            HandOvers = await duty.HandOvers(ShownHandOvers),
        };
        return new(new Dictionary<string, object?> { [nameof(DutyPage.View)] = view, [nameof(DutyPage.Problem)] = problem })
        {
            StatusCode = problem is null ? null : StatusCodes.Status409Conflict,
        };
    }
}
