using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Kehrwerk.Centre.Fleet;

namespace Kehrwerk.Centre.Live;

/// <summary>Why a person should look at a vehicle, the most urgent first.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Attention>))]
internal enum Attention { Fault, Deactivated, Lost, Silent, Back, Error, Paused, NeverSeen, None }

internal static class Attentions
{
    /// <summary>The most urgent reason that holds.</summary>
    public static Attention Of(VehicleView vehicle) => vehicle switch
    {
        { Activity: VehicleActivity.Fault } => Attention.Fault,
        { Activity: VehicleActivity.Deactivated } => Attention.Deactivated,
        { Link: LinkState.Lost } => Attention.Lost,
        { Link: LinkState.Silent } => Attention.Silent,
        { Link: LinkState.Back } => Attention.Back,
        { Errors.Count: > 0 } => Attention.Error,
        { Activity: VehicleActivity.Paused } => Attention.Paused,
        { Link: LinkState.NeverSeen } => Attention.NeverSeen,
        _ => Attention.None,
    };

    /// <summary>Those that need attention first; equals in the order of their ids, so that the list does not jump about.</summary>
    public static ImmutableArray<VehicleView> Sort(IEnumerable<VehicleView> vehicles) =>
        [.. vehicles.OrderBy(Of).ThenBy(v => v.Id, StringComparer.Ordinal)];
}
