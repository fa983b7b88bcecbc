using System.Globalization;
using Kehrwerk.Centre.Access.Pages;
using Kehrwerk.Centre.Access.People;
using Kehrwerk.Centre.Access.Qualifications;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Localization;

namespace Kehrwerk.Centre.Access;

/// <summary>The form as it was sent.</summary>
public sealed record QualificationForm(string Person, string Kind, string ValidUntil, string Document);

/// <summary>Who is qualified for what, by which document (AFGBV § 14).</summary>
internal static class QualificationEndpoints
{
    /// <summary>Longer than this nothing of the kind is valid; a year with a digit too many is a slip.</summary>
    private const int MaxYears = 15;

    public static void MapQualifications(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/qualifications", (QualificationsView view) => view.Page());
        routes.MapPost("/qualifications", Enter);
        routes.MapPost("/qualifications/withdraw", Withdraw);
    }

    private static async Task<Results<RazorComponentResult<QualificationsPage>, RedirectHttpResult>> Enter(
        HttpContext context, PeopleDesk people, QualificationBook book, QualificationsView view, AccessOptions options, IFormCollection fields)
    {
        var form = new QualificationForm(fields["person"].ToString(), fields["kind"].ToString(), fields["validUntil"].ToString(), fields["document"].ToString().Trim());
        var isDay = DateOnly.TryParseExact(form.ValidUntil, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day);
        var problem = await people.Find(form.Person) is not { ErasedAt: null } ? "Problem.UnknownPerson"
            : !Enum.TryParse<QualificationKind>(form.Kind, out var kind) || !Enum.IsDefined(kind) ? "Problem.Kind"
            : form.Document.Length is 0 or > QualificationEntry.MaxDocumentLength || form.Document.Any(char.IsControl) ? "Problem.Document"
            : !isDay && (kind != QualificationKind.Degree || form.ValidUntil.Length > 0) ? "Problem.ValidUntil"
            : isDay && (day < options.Today || day > options.Today.AddYears(MaxYears)) ? "Problem.Day"
            : null;
        if (problem is not null)
        {
            return await view.Page(problem, form);
        }

        await book.Add(form.Person, Enum.Parse<QualificationKind>(form.Kind), isDay ? day : null, form.Document, Authority.HandleOf(context.User));
        return TypedResults.LocalRedirect("/qualifications?said=QualificationEntered");
    }

    private static async Task<Results<RazorComponentResult<QualificationsPage>, RedirectHttpResult>> Withdraw(
        HttpContext context, QualificationBook book, QualificationsView view, IFormCollection form) =>
        int.TryParse(form["id"], CultureInfo.InvariantCulture, out var id) && await book.Withdraw(id, Authority.HandleOf(context.User))
            ? TypedResults.LocalRedirect("/qualifications?said=QualificationWithdrawn")
            : await view.Page("Problem.UnknownQualification");
}

internal sealed class QualificationsView(PeopleDesk people, QualificationBook book, AccessOptions options, IStringLocalizer<AccessTexts> texts)
{
    public async Task<RazorComponentResult<QualificationsPage>> Page(string? problem = null, QualificationForm? filled = null) => new(new Dictionary<string, object?>
    {
        [nameof(QualificationsPage.People)] = (IReadOnlyList<(Person, IReadOnlyCollection<QualificationEntry>, IReadOnlyCollection<MissingQualification>)>)
            [.. (await people.All()).Select(person => (person, (IReadOnlyCollection<QualificationEntry>)book.Of(person.Id), (IReadOnlyCollection<MissingQualification>)book.Missing(person.Id, AccessCommand.GoOnDuty)))],
        [nameof(QualificationsPage.Today)] = options.Today,
        [nameof(QualificationsPage.Problem)] = problem is null ? null : texts[problem].Value,
        [nameof(QualificationsPage.Filled)] = filled ?? new("", "", "", ""),
    })
    { StatusCode = problem is null ? null : StatusCodes.Status400BadRequest };
}
