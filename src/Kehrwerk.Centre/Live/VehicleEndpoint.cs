using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.History;
using Kehrwerk.Centre.Monitor;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Kehrwerk.Centre.Live;

/// <summary>
/// <c>GET /api/vehicles/{manufacturer}/{serial}</c>: what the levels vehicle and detail show, with <c>levels=true</c> the levels of the last hour too;
/// <c>…/messages</c>: the last messages over the link, for those who may see the diagnosis.
/// </summary>
internal static class VehicleEndpoint
{
    public static Results<Ok<VehicleDetail>, ProblemHttpResult> Detail(
        string manufacturer, string serial, [FromServices] LiveFleet fleet, [FromServices] VehicleMonitor monitor, [FromServices] HistoryStore history,
        [FromServices] CurrentCity city, [FromServices] CentreClock clock, bool levels = false) =>
        IdOf(fleet, manufacturer, serial) is { } id
            ? TypedResults.Ok(VehicleDetail.Of(id, monitor, levels ? history : null, city.Value, clock.Time.GetUtcNow()))
            : Unknown(manufacturer, serial);

    public static Results<Ok<VehicleMessages>, ProblemHttpResult> Messages(
        string manufacturer, string serial, [FromServices] LiveFleet fleet, [FromServices] VehicleMonitor monitor, [FromServices] CentreClock clock) =>
        IdOf(fleet, manufacturer, serial) is { } id
            ? TypedResults.Ok(new VehicleMessages(
                clock.Time.GetUtcNow().ToUnixTimeMilliseconds(),
                [.. monitor.MessagesOf(id).Select(m => new LiveMonitored(m.At.ToUnixTimeMilliseconds(), m.Topic.ToString(), m.IsFromVehicle, m.Bytes, m.Text, m.Bytes > VehicleMonitor.MostBytes, m.Fault))]))
            : Unknown(manufacturer, serial);

    /// <summary>The id of a vehicle of the fleet; null where it has none such.</summary>
    public static string? IdOf(LiveFleet fleet, string manufacturer, string serial)
    {
        var id = $"{manufacturer}/{serial}";
        return fleet.Snapshot().Vehicles.Any(vehicle => vehicle.Id == id) ? id : null;
    }

    private static ProblemHttpResult Unknown(string manufacturer, string serial) =>
        TypedResults.Problem($"No vehicle of the fleet is called {manufacturer}/{serial}.", statusCode: StatusCodes.Status404NotFound);
}
