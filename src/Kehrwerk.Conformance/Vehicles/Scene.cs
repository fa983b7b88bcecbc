using System.Collections.Immutable;

namespace Kehrwerk.Conformance.Vehicles;

/// <summary>A part of the check that provokes something. It begins with an idle vehicle at a node and leaves it so.</summary>
/// <param name="Rules">What it may check.</param>
/// <param name="Unsupported">Why the vehicle cannot be asked for it; null where it can.</param>
internal sealed record Scene(string Name, ImmutableArray<Rule> Rules, Func<VehicleSession, Task> Play, Func<VehicleSession, string?>? Unsupported = null);

/// <summary>All scenes in the order in which they are played: what needs less first.</summary>
internal static class Scenes
{
    public static ImmutableArray<Scene> All =>
    [
        GreetingScenes.Greeting, GreetingScenes.Instant, GreetingScenes.Maps,
        OrderScenes.Plain, OrderScenes.Horizon, OrderScenes.SamePlace, OrderScenes.Slow,
        RejectScenes.Form, RejectScenes.Content,
        CancelScenes.Nothing, CancelScenes.UnderWay, CancelScenes.Again, CancelScenes.Pause,
        ActionScenes.AtNode, ActionScenes.AlongEdge, ActionScenes.InHorizon, ActionScenes.InPause,
        ZoneScenes.Sets, ZoneScenes.Blocked, ZoneScenes.Directed, ZoneScenes.Bidirected, ZoneScenes.Speed,
        ReleaseScenes.Release, ReleaseScenes.Rejected, ReleaseScenes.Revoked, ReleaseScenes.Expired, ReleaseScenes.Both, ReleaseScenes.Replanning,
        ReleaseScenes.ReplanningLost,
        LeaseScenes.Refused, LeaseScenes.Epochs, CommandScenes.Gate, CommandScenes.Recorder, MrcScenes.LeaseLost, MrcScenes.Deactivation,
        SleepScenes.Hibernation, SleepScenes.UnderWay, AttendedScenes.Mode, AttendedScenes.Intervened, AttendedScenes.Cut, SleepScenes.Shutdown,
    ];
}
