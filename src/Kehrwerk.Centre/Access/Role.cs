namespace Kehrwerk.Centre.Access;

/// <summary>What a person is here for. A person may have several; one without any can only sign out.</summary>
public enum Role
{
    /// <summary>Looks on.</summary>
    Viewer,
    /// <summary>Helps the supervisor (AFGBV § 14 (2)): pauses, resumes, stops.</summary>
    Dispatcher,
    /// <summary>Technische Aufsicht (StVG § 1d (3)): is on duty, releases manoeuvres, ends minimal risk conditions.</summary>
    Supervisor,
    Planner,
    /// <summary>Keeps the qualifications, may stop vehicles.</summary>
    SafetyOfficer,
    AtlasEditor,
    /// <summary>Invites people and gives them roles.</summary>
    Admin,
}

public static class Roles
{
    public static readonly Role[] All = Enum.GetValues<Role>();

    /// <summary>The roles named in a text such as <c>Viewer,Admin</c>; names that no role has are left out.</summary>
    public static Role[] Read(string text) =>
        [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(name => Enum.IsDefined(typeof(Role), name)).Select(Enum.Parse<Role>).Distinct().Order()];

    public static string Write(IEnumerable<Role> roles) => string.Join(',', roles.Distinct().Order());
}
