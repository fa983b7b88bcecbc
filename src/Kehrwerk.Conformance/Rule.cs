using System.Collections.Immutable;

namespace Kehrwerk.Conformance;

/// <summary>Whose duty a rule is.</summary>
public enum Party
{
    Vehicle,
    MasterControl,
}

/// <summary>How a rule is checked.</summary>
public enum Method
{
    /// <summary>By every message that is seen in the whole run.</summary>
    Watch,

    /// <summary>By provoking it.</summary>
    Scene,

    /// <summary>By provoking it, with somebody at the vehicle who helps.</summary>
    Attended,
}

/// <summary>One thing that a vehicle or a master control must do, and that can be seen from outside.</summary>
/// <param name="Id">Stays the same over versions.</param>
/// <param name="Chapter">Of VDA 5050 3.0.0, or the sentence of the safety profile (<c>SP-…</c>).</param>
/// <param name="Sentence">In our words, English.</param>
/// <param name="Satz">The same in German.</param>
public sealed record Rule(Party Party, string Id, string Chapter, Method Method, string Sentence, string Satz)
{
    public bool IsOfProfile => Chapter.StartsWith("SP-", StringComparison.Ordinal);
}

/// <summary>Every rule there is.</summary>
public static class Rules
{
    public static ImmutableArray<Rule> OfVehicle { get; } = [.. Vehicles.VehicleRules.All, .. Vehicles.ProfileRules.All];

    public static ImmutableArray<Rule> OfMaster { get; } = [.. Masters.MasterRules.All];

    public static ImmutableArray<Rule> All { get; } = [.. OfVehicle, .. OfMaster];
}
