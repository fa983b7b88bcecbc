using System.Collections.Immutable;
using static Kehrwerk.Centre.Access.AccessCommand;

namespace Kehrwerk.Centre.Access;

/// <summary>What a person can do in the Centre.</summary>
public enum AccessCommand
{
    /// <summary>What the framework maps and the Centre does not use.</summary>
    Nobody,
    /// <summary>Whoever asks, signed in or not.</summary>
    Anyone,
    /// <summary>Whoever is signed in: the own account, signing out.</summary>
    SignedIn,
    SeeFleet,
    /// <summary>The messages between Centre and vehicle as they are.</summary>
    SeeDiagnosis,
    /// <summary>What was shown and done at a past time.</summary>
    SeeReplay,
    PauseVehicle,
    ResumeVehicle,
    StopVehicle,
    ReleaseVehicle,
    RejectRequest,
    GrantRequest,
    /// <summary>Own, hand over, shelve, decide and close cases.</summary>
    HandleCase,
    /// <summary>Close streets, and open them again.</summary>
    CloseStreet,
    SeeDuty,
    /// <summary>Sign on, take vehicles, accept a hand-over.</summary>
    GoOnDuty,
    /// <summary>Hand over, give vehicles up, sign off.</summary>
    LeaveDuty,
    ManagePeople,
    KeepQualifications,
    /// <summary>Search, check and export the record.</summary>
    SeeRecord,
    /// <summary>Export what vehicles recorded (StVG § 1g), for the authority.</summary>
    ExportEvents,
    /// <summary>See checks of vehicles and their reports.</summary>
    SeeUpkeep,
    /// <summary>Sign the daily departure check.</summary>
    CheckDeparture,
    /// <summary>Enter full checks and main inspections.</summary>
    EnterInspection,
}

/// <summary>An endpoint of the Centre and what it takes to use it.</summary>
/// <param name="Method">GET or POST.</param>
/// <param name="Route">As the endpoint is mapped.</param>
/// <param name="Field">Where one endpoint serves several commands: the form field and value that tell which.</param>
public sealed record AccessEndpoint(string Method, string Route, AccessCommand Command, string? Field = null);

/// <summary>
/// Who may do what, and by which endpoint: the one place where that is said. An endpoint that is not in here is closed to everybody.
/// docs/centre/people.md shows the same table; a test holds both together and walks every endpoint of the running program.
/// </summary>
public static class AccessTable
{
    private const bool x = true;
    private const bool o = false;

    /// <summary>Style sheets, scripts and pictures: one line for all that lies there.</summary>
    private const string Files = "/_content/{**file}";

    private static readonly ImmutableArray<(AccessCommand Command, bool[] Roles)> Rows =
    [
        //                    viewer dispat. superv. planner safety atlas admin
        (SeeFleet,           [x,     x,      x,      x,      x,     x,    x]),
        (SeeDiagnosis,       [o,     x,      x,      o,      x,     o,    x]),
        (SeeReplay,          [o,     x,      x,      x,      x,     o,    x]),
        (PauseVehicle,       [o,     x,      x,      o,      o,     o,    o]),
        (ResumeVehicle,      [o,     x,      x,      o,      o,     o,    o]),
        (StopVehicle,        [o,     x,      x,      o,      x,     o,    o]),
        (ReleaseVehicle,     [o,     o,      x,      o,      o,     o,    o]),
        (RejectRequest,      [o,     o,      x,      o,      o,     o,    o]),
        (GrantRequest,       [o,     o,      x,      o,      o,     o,    o]),
        (HandleCase,         [o,     x,      x,      o,      x,     o,    o]),
        (CloseStreet,        [o,     x,      x,      x,      o,     o,    o]),
        (SeeDuty,            [o,     x,      x,      x,      x,     o,    x]),
        (GoOnDuty,           [o,     o,      x,      o,      o,     o,    o]),
        (LeaveDuty,          [o,     o,      x,      o,      o,     o,    o]),
        (ManagePeople,       [o,     o,      o,      o,      o,     o,    x]),
        (KeepQualifications, [o,     o,      o,      o,      x,     o,    x]),
        (SeeRecord,          [o,     o,      o,      o,      x,     o,    x]),
        (ExportEvents,       [o,     o,      o,      o,      x,     o,    o]),
        (SeeUpkeep,          [o,     x,      x,      x,      x,     o,    o]),
        (CheckDeparture,     [o,     x,      x,      o,      x,     o,    o]),
        (EnterInspection,    [o,     o,      o,      o,      x,     o,    o]),
    ];

    public static readonly ImmutableArray<AccessEndpoint> Endpoints =
    [
        new("GET", Files, Anyone),
        new("GET", "/{**path:file}", SignedIn),
        new("POST", "/", Nobody),
        new("POST", "/vehicles/{Manufacturer}/{Serial}/{Level?}", Nobody),
        new("POST", "/replay", Nobody),
        new("POST", "/requests", Nobody),
        new("POST", "/cases", Nobody),
        new("POST", "/cases/{Id:long}", Nobody),
        new("POST", "/cases/figures", Nobody),
        new("GET", "/_framework/opaque-redirect", Nobody),

        new("POST", "/preferences", Anyone),
        new("GET", "/sign-in", Anyone),
        new("POST", "/sign-in", Anyone),
        new("POST", "/sign-in/passkey/options", Anyone),
        new("POST", "/sign-in/passkey", Anyone),
        new("GET", "/invitation", Anyone),
        new("POST", "/invitation", Anyone),

        new("POST", "/sign-out", SignedIn),
        new("GET", "/account", SignedIn),
        new("POST", "/account/passkeys/options", SignedIn),
        new("POST", "/account/passkeys", SignedIn),
        new("POST", "/account/passkeys/remove", SignedIn),
        new("POST", "/account/sessions/end", SignedIn),

        new("GET", "/", SeeFleet),
        new("GET", "/vehicles/{Manufacturer}/{Serial}/{Level?}", SeeFleet),
        new("GET", "/api/vehicles/{manufacturer}/{serial}", SeeFleet),
        new("GET", "/api/vehicles/{manufacturer}/{serial}/messages", SeeDiagnosis),
        new("GET", "/api/live", SeeFleet),
        new("POST", "/api/live/screen", SeeFleet),
        new("GET", "/tiles/{z:int}/{x:int}/{y:int}", SeeFleet),
        new("POST", "/vehicles/commands", PauseVehicle, "kind=Pause"),
        new("POST", "/vehicles/commands", ResumeVehicle, "kind=Resume"),
        new("POST", "/vehicles/commands", StopVehicle, "kind=Stop"),
        new("POST", "/vehicles/commands", ReleaseVehicle, "kind=Release"),
        new("POST", "/vehicles/answers", GrantRequest, "grant=Granted"),
        new("POST", "/vehicles/answers", RejectRequest, "grant=Queued"),
        new("POST", "/vehicles/answers", RejectRequest, "grant=Revoked"),
        new("POST", "/vehicles/answers", RejectRequest, "grant=Rejected"),

        new("GET", "/replay", SeeReplay),
        new("GET", "/api/replay", SeeReplay),
        new("GET", "/api/replay/events", SeeReplay),
        new("GET", "/requests", SeeFleet),
        new("GET", "/closures", SeeFleet),
        new("POST", "/closures", CloseStreet),
        new("POST", "/closures/lift", CloseStreet),

        new("GET", "/cases", SeeFleet),
        new("GET", "/cases/{Id:long}", SeeFleet),
        new("GET", "/cases/figures", SeeFleet),
        new("POST", "/cases/steps", HandleCase),

        new("GET", "/duty", SeeDuty),
        new("POST", "/duty/sign-on", GoOnDuty),
        new("POST", "/duty/take", GoOnDuty),
        new("POST", "/duty/leave", LeaveDuty),
        new("POST", "/duty/sign-off", LeaveDuty),
        new("POST", "/duty/hand-overs", LeaveDuty),
        new("POST", "/duty/hand-overs/accept", GoOnDuty),
        new("POST", "/duty/hand-overs/decline", LeaveDuty),

        new("GET", "/people", ManagePeople),
        new("POST", "/people/invite", ManagePeople),
        new("POST", "/people/link", ManagePeople),
        new("POST", "/people/roles", ManagePeople),
        new("POST", "/people/block", ManagePeople),
        new("POST", "/people/erase", ManagePeople),

        new("GET", "/qualifications", KeepQualifications),
        new("POST", "/qualifications", KeepQualifications),
        new("POST", "/qualifications/withdraw", KeepQualifications),

        new("GET", "/record", SeeRecord),
        new("GET", "/record/head", SeeRecord),
        new("GET", "/record/export", SeeRecord),
        new("POST", "/record/verify", SeeRecord),
        new("GET", "/record/events", ExportEvents),
        new("POST", "/record/events/export", ExportEvents),

        new("GET", "/upkeep", SeeUpkeep),
        new("GET", "/upkeep/report", SeeUpkeep),
        new("GET", "/upkeep/departure", CheckDeparture),
        new("POST", "/upkeep/departure", CheckDeparture),
        new("POST", "/upkeep/inspections", EnterInspection),
    ];

    /// <summary>Whether one of the roles is enough for a command. <see cref="Anyone"/> and <see cref="SignedIn"/> need none.</summary>
    public static bool Allows(IEnumerable<Role> roles, AccessCommand command) =>
        command is Anyone or SignedIn || (command != Nobody && roles.Any(role => Rows.First(row => row.Command == command).Roles[(int)role]));

    /// <summary>The commands that the endpoint serves; none where it is not in the table.</summary>
    /// <param name="route">As it is mapped, with or without the first slash.</param>
    public static IEnumerable<AccessEndpoint> Find(string method, string route)
    {
        // Whoever may read may ask for the headers alone.
        var asked = method == "HEAD" ? "GET" : method;
        var path = '/' + route.TrimStart('/');
        return Endpoints.Where(endpoint => endpoint.Method == asked && (endpoint.Route == path || (endpoint.Route == Files && path.StartsWith("/_content/", StringComparison.Ordinal))));
    }

    /// <summary>The commands in the order of the table, with who may do them.</summary>
    public static IEnumerable<(AccessCommand Command, ImmutableArray<Role> Roles)> ByCommand() =>
        Rows.Select(row => (row.Command, Roles.All.Where(role => row.Roles[(int)role]).ToImmutableArray()));
}
