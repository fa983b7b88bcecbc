using System.Text.Json;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Store;
using Kehrwerk.Link;

namespace Kehrwerk.Centre.Traffic;

/// <summary>The one writer of the <see cref="TrafficBook"/>. Key 0: a city has one.</summary>
internal interface ITrafficGrain : IGrainWithIntegerKey
{
    /// <param name="claim">A <see cref="RoadClaim"/> as it is stored.</param>
    Task<(bool IsAccepted, int Granted, string? WaitsFor, int AtArc)> Ask(string vehicle, string claim, int want);

    /// <param name="claim">Null: the vehicle holds nothing.</param>
    Task Tell(string vehicle, string? claim);
}

internal static class TrafficGrains
{
    public static async Task<RoadAnswer> Ask(this ITrafficGrain grain, VehicleId vehicle, RoadClaim claim, int want)
    {
        var (isAccepted, granted, waitsFor, atArc) = await grain.Ask(vehicle.ToString(), JsonSerializer.Serialize(claim, StoreJson.Default.RoadClaim), want);
        return new(isAccepted, granted, waitsFor is null ? null : new(VehicleId.Parse(waitsFor), atArc));
    }

    public static Task Tell(this ITrafficGrain grain, VehicleId vehicle, RoadClaim? claim) =>
        grain.Tell(vehicle.ToString(), claim is null ? null : JsonSerializer.Serialize(claim, StoreJson.Default.RoadClaim));
}

/// <summary>Hosts the book. It begins with what the twins have stored, before anything is granted: what a twin was granted it stores before it uses it.</summary>
[KeepAlive]
internal sealed class TrafficGrain(CentreStore store, CurrentCity city, CentreOptions options) : Grain, ITrafficGrain
{
    private TrafficBook book = TrafficBook.Of(city.Value.Narrow);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        book = book.Restore(options.Vehicles.Select(store.LoadTwin), options.City.Fingerprint);
        return Task.CompletedTask;
    }

    public Task<(bool IsAccepted, int Granted, string? WaitsFor, int AtArc)> Ask(string vehicle, string claim, int want)
    {
        (book, var answer) = book.Ask(VehicleId.Parse(vehicle), Read(claim), want);
        return Task.FromResult((answer.IsAccepted, answer.Granted, answer.WaitsFor?.Vehicle.ToString(), answer.WaitsFor?.Arc ?? -1));
    }

    public Task Tell(string vehicle, string? claim)
    {
        book = book.Tell(VehicleId.Parse(vehicle), claim is null ? null : Read(claim));
        return Task.CompletedTask;
    }

    private static RoadClaim Read(string claim) => JsonSerializer.Deserialize(claim, StoreJson.Default.RoadClaim)!;
}
