using System.Collections.Immutable;
using Kehrwerk.Centre.Access;
using static Kehrwerk.Centre.Access.AccessCommand;

namespace Kehrwerk.Centre.Pages;

/// <summary>Kinds of pages that commands belong to.</summary>
[Flags]
public enum PageKind
{
    /// <summary>The live page on all its levels.</summary>
    Live = 1,

    /// <summary>The page of all cases.</summary>
    Cases = 2,

    /// <summary>The replay of a past time.</summary>
    Replay = 4,

    /// <summary>Pages of forms and tables.</summary>
    Other = 8,

    All = Live | Cases | Replay | Other,
}

/// <summary>How the overview of keys puts commands together.</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(System.Text.Json.Serialization.JsonStringEnumConverter<CommandGroup>))]
internal enum CommandGroup { Vehicle, All, Cases, Decision, Replay, Map, Screen, Pages }

/// <summary>Something that a person can do on a page by name or key.</summary>
/// <param name="Id">The script's name for it; empty for keys that are only explained.</param>
/// <param name="Text">Key of its words in <see cref="CentreTexts"/> or <see cref="Cases.CaseTexts"/>.</param>
/// <param name="Needs">Who may; others do not see it.</param>
/// <param name="Keys">Keys that do it, apart by spaces; <c>Shift+</c> before the letter.</param>
/// <param name="Path">The page that it opens; null where it does something here.</param>
internal sealed record CentreCommand(CommandGroup Group, string Id, string Text, AccessCommand Needs, PageKind On, string Keys = "", string? Path = null);

/// <summary>
/// Everything that can be done by name or key, in one place: the palette (Ctrl+K), the overview of keys (?) and the keys themselves come from here.
/// </summary>
internal static class CommandTable
{
    private const PageKind WithCases = PageKind.Live | PageKind.Cases;
    private const PageKind WithMap = PageKind.Live | PageKind.Replay;

    private static readonly ImmutableArray<CentreCommand> Acts =
    [
        new(CommandGroup.Vehicle, "vehicle.next", "Keys.Next", SeeFleet, PageKind.Live, "j ↓"),
        new(CommandGroup.Vehicle, "vehicle.previous", "Keys.Previous", SeeFleet, PageKind.Live, "k ↑"),
        new(CommandGroup.Vehicle, "vehicle.stop", "Keys.Stop", StopVehicle, PageKind.Live, "s"),
        new(CommandGroup.Vehicle, "vehicle.pause", "Keys.Pause", PauseVehicle, PageKind.Live, "p"),
        new(CommandGroup.Vehicle, "vehicle.release", "Keys.Release", ReleaseVehicle, PageKind.Live),
        new(CommandGroup.Vehicle, "vehicle.follow", "Keys.Follow", SeeFleet, PageKind.Live, "f"),
        new(CommandGroup.Vehicle, "level.deeper", "Keys.Deeper", SeeFleet, PageKind.Live, "l"),
        new(CommandGroup.Vehicle, "level.up", "Keys.Up", SeeFleet, PageKind.Live, "Shift+L"),
        new(CommandGroup.Vehicle, "level.detail", "Keys.Detail", SeeFleet, PageKind.Live),
        new(CommandGroup.Vehicle, "level.diagnosis", "Keys.Diagnosis", SeeDiagnosis, PageKind.Live),
        new(CommandGroup.Vehicle, "vehicle.clear", "Keys.Clear", SeeFleet, PageKind.Live, "Esc"),
        new(CommandGroup.Decision, "manoeuvre.open", "Keys.Manoeuvre", SeeFleet, PageKind.Live, "v"),
        new(CommandGroup.Decision, "", "Keys.ManoeuvreChoose", GrantRequest, PageKind.Live, "1–3"),
        new(CommandGroup.Decision, "manoeuvre.grant", "Keys.ManoeuvreGrant", GrantRequest, PageKind.Live, "g"),
        new(CommandGroup.Decision, "manoeuvre.reject", "Keys.ManoeuvreReject", RejectRequest, PageKind.Live, "x"),
        new(CommandGroup.All, "all.stop", "Keys.StopAll", StopVehicle, PageKind.All, "Shift+S"),
        new(CommandGroup.All, "all.pause", "Keys.PauseAll", PauseVehicle, PageKind.Live),
        new(CommandGroup.All, "all.resume", "Keys.ResumeAll", ResumeVehicle, PageKind.Live),
        new(CommandGroup.Cases, "case.next", "Keys.NextCase", SeeFleet, WithCases, "n"),
        new(CommandGroup.Cases, "case.previous", "Keys.PreviousCase", SeeFleet, WithCases, "Shift+N"),
        new(CommandGroup.Cases, "case.seen", "Keys.SeenCase", HandleCase, WithCases, "a"),
        new(CommandGroup.Cases, "case.take", "Keys.TakeCase", HandleCase, WithCases, "t"),
        new(CommandGroup.Cases, "", "Keys.DecideCase", HandleCase, WithCases, "1–5"),
        new(CommandGroup.Cases, "case.handOver", "Keys.HandCase", HandleCase, WithCases, "h"),
        new(CommandGroup.Cases, "case.shelve", "Keys.ShelveCase", HandleCase, WithCases, "z"),
        new(CommandGroup.Cases, "case.close", "Keys.CloseCase", HandleCase, WithCases, "e"),
        new(CommandGroup.Cases, "case.report", "Keys.ReportCase", HandleCase, WithCases, "r"),
        new(CommandGroup.Cases, "case.mute", "Keys.Mute", SeeFleet, WithCases, "m"),
        new(CommandGroup.Replay, "replay.play", "Keys.ReplayPlay", SeeReplay, PageKind.Replay, "Space"),
        new(CommandGroup.Replay, "replay.back", "Keys.ReplayBack", SeeReplay, PageKind.Replay, "j"),
        new(CommandGroup.Replay, "replay.on", "Keys.ReplayOn", SeeReplay, PageKind.Replay, "l"),
        new(CommandGroup.Replay, "replay.backMinute", "Keys.ReplayBackMinute", SeeReplay, PageKind.Replay, "Shift+J"),
        new(CommandGroup.Replay, "replay.onMinute", "Keys.ReplayOnMinute", SeeReplay, PageKind.Replay, "Shift+L"),
        new(CommandGroup.Replay, "replay.slower", "Keys.ReplaySlower", SeeReplay, PageKind.Replay, "d"),
        new(CommandGroup.Replay, "replay.faster", "Keys.ReplayFaster", SeeReplay, PageKind.Replay, "f"),
        new(CommandGroup.Replay, "replay.next", "Keys.ReplayNextEvent", SeeReplay, PageKind.Replay, "n"),
        new(CommandGroup.Replay, "replay.previous", "Keys.ReplayPreviousEvent", SeeReplay, PageKind.Replay, "Shift+N"),
        new(CommandGroup.Map, "", "Keys.Map", SeeFleet, WithMap, "← ↑ → ↓"),
        new(CommandGroup.Map, "", "Keys.MapZoom", SeeFleet, WithMap, "+ −"),
        new(CommandGroup.Screen, "screen.palette", "Keys.Palette", SeeFleet, PageKind.All, "Ctrl+K"),
        new(CommandGroup.Screen, "screen.keys", "Keys.Help", SeeFleet, PageKind.All, "?"),
        new(CommandGroup.Screen, "screen.theme", "Keys.Theme", SeeFleet, PageKind.All),
    ];

    /// <summary>Every command, those that open a page last.</summary>
    public static ImmutableArray<CentreCommand> All { get; } =
        [.. Acts, .. CentreNav.Pages.Select(page => new CentreCommand(CommandGroup.Pages, "page:" + page.Path, page.Text, page.Command, PageKind.All, Path: page.Path))];

    /// <summary>What a person of these roles can do on such a page.</summary>
    public static IEnumerable<CentreCommand> For(PageKind page, Role[] roles) =>
        All.Where(command => (command.On & page) != 0 && AccessTable.Allows(roles, command.Needs));
}

/// <summary>A command as the script gets it.</summary>
internal sealed record ShownCommand(string Id, string Text, string Keys, string? Path, CommandGroup Group);
