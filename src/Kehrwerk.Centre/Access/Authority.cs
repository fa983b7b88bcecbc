using System.Globalization;
using System.Security.Claims;
using Kehrwerk.Centre.Access.Duty;
using Kehrwerk.Centre.Access.Qualifications;
using Microsoft.Extensions.Localization;

namespace Kehrwerk.Centre.Access;

/// <summary>Why a person may not do something now, in the language of the page; null if they may. See <see cref="Authority.Refusal"/>.</summary>
public delegate Task<string?> RefusalOf(ClaimsPrincipal user, AccessCommand command);

/// <summary>
/// Whether a person may do something now: by role, by qualifications (AFGBV § 14), and, for what moves a vehicle on the word of the
/// Technische Aufsicht, by being on duty. Asked anew for every decision, so that what has expired meanwhile counts. Thread-safe.
/// </summary>
public sealed class Authority
{
    private readonly QualificationBook qualifications;
    private readonly DutyDesk duty;
    private readonly AccessRecord record;
    private readonly AccessOptions options;
    private readonly IStringLocalizer<Pages.AccessTexts> texts;

    internal Authority(QualificationBook qualifications, DutyDesk duty, AccessRecord record, AccessOptions options, IStringLocalizer<Pages.AccessTexts> texts) =>
        (this.qualifications, this.duty, this.record, this.options, this.texts) = (qualifications, duty, record, options, texts);

    /// <summary>Why the person may not, in the language of the page; null if they may. A refusal goes on record.</summary>
    public async Task<string?> Refusal(ClaimsPrincipal user, AccessCommand command)
    {
        var why = WhyNot(user, command);
        if (why is null)
        {
            return null;
        }

        await record.Refused("accessRefused", HandleOf(user), $"{command}: {why.Value.Reason}");
        return why.Value.Text;
    }

    /// <summary>Whether a page should offer it.</summary>
    public static bool Allows(ClaimsPrincipal user, AccessCommand command) => AccessTable.Allows(RolesOf(user), command);

    public static Role[] RolesOf(ClaimsPrincipal user) => Roles.Read(string.Join(',', user.FindAll(ClaimTypes.Role).Select(claim => claim.Value)));

    public static string HandleOf(ClaimsPrincipal user) => user.Identity is { IsAuthenticated: true, Name: { } handle } ? handle : AccessRecord.Unknown;

    private (string Reason, string Text)? WhyNot(ClaimsPrincipal user, AccessCommand command)
    {
        if (!Allows(user, command))
        {
            return ("no role for it", texts["Refused.Role"]);
        }

        var handle = HandleOf(user);
        if (qualifications.Missing(handle, command) is { IsEmpty: false } missing)
        {
            return ($"not qualified, {string.Join(", ", missing.Select(m => m.Kind))}", texts["Refused.Qualification", string.Join(", ", missing.Select(Text))]);
        }

        return command is AccessCommand.ReleaseVehicle or AccessCommand.GrantRequest && !options.IsDemonstration && !duty.IsOnDuty(handle)
            ? ("not on duty", texts["Refused.Duty"])
            : null;
    }

    private string Text(MissingQualification missing) =>
        missing.ExpiredOn is { } day ? texts["Missing.Expired", texts[$"Kind.{missing.Kind}"].Value, day.AddDays(-1).ToString("d", CultureInfo.CurrentCulture)] : texts["Missing.Never", texts[$"Kind.{missing.Kind}"].Value];
}
