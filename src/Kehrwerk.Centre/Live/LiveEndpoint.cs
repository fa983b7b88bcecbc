using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Kehrwerk.Centre.Access;
using Kehrwerk.Centre.Access.Duty;
using Kehrwerk.Centre.Cases;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.History;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Kehrwerk.Centre.Live;

/// <summary>
/// <c>GET /api/live</c>: server-sent events. First <c>snapshot</c> with the whole picture, then <c>changes</c> at most
/// four times a second, and every two seconds at least, empty if need be, so that a browser can tell quiet from broken.
/// A browser that does not keep up is cut off; it connects again and starts with a snapshot.
/// It ends with the session that opened it.
/// </summary>
public static class LiveEndpoint
{
    private static readonly TimeSpan BatchTime = TimeSpan.FromMilliseconds(250);
    private const int BatchesPerHeartbeat = 8;

    /// <summary>Every five seconds it is looked whether the session goes on.</summary>
    private const int BatchesPerCheck = 20;

    public static IEndpointRouteBuilder MapLive(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/live", Live);
        routes.MapPost("/api/live/screen", ScreenEndpoint.Sign);
        routes.MapGet("/api/vehicles/{manufacturer}/{serial}", VehicleEndpoint.Detail);
        routes.MapGet("/api/vehicles/{manufacturer}/{serial}/messages", VehicleEndpoint.Messages);
        routes.MapPost("/vehicles/commands", CommandEndpoint.Send);
        routes.MapPost("/vehicles/answers", AnswerEndpoint.Send);
        routes.MapPost("/closures", ClosureEndpoint.Close);
        routes.MapPost("/closures/lift", ClosureEndpoint.Lift);
        routes.MapPost("/cases/steps", CaseEndpoint.Send);
        return routes.MapReplay();
    }

    private static ServerSentEventsResult<LiveMessage> Live(
        HttpContext context, LiveFleet fleet, CentreClock clock, IServiceScopeFactory services, IHostApplicationLifetime host)
    {
        // Proxies must hand each event on as it comes.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(Events(fleet, clock.Time, clock.Speed, () => Sessions.GoesOn(services, context.User), host.ApplicationStopping));
    }

    private static async IAsyncEnumerable<SseItem<LiveMessage>> Events(
        LiveFleet fleet, TimeProvider clock, double speed, Func<Task<bool>> goesOn, CancellationToken stopping, [EnumeratorCancellation] CancellationToken left = default)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(left, stopping);
        // Screens refresh in real time, however fast the Centre's clock runs.
        using var timer = new PeriodicTimer(BatchTime, TimeProvider.System);
        await using var changes = fleet.Watch(ends.Token).GetAsyncEnumerator(ends.Token);
        var batch = new LiveBatch();
        var kind = "snapshot";
        var quiet = 0;
        var batches = 0;
        var next = changes.MoveNextAsync().AsTask();
        try
        {
            do
            {
                while (next.IsCompleted)
                {
                    if (!await next)
                    {
                        yield break;
                    }

                    batch.Add(changes.Current);
                    next = changes.MoveNextAsync().AsTask();
                }

                quiet = batch.IsEmpty ? quiet + 1 : 0;
                if (quiet % BatchesPerHeartbeat == 0 || kind == "snapshot")
                {
                    yield return new(batch.Take(clock.GetUtcNow(), speed), kind);
                    kind = "changes";
                }
            }
            while (await Tick(timer, ends.Token) && (++batches % BatchesPerCheck != 0 || await goesOn()));
        }
        finally
        {
            // An enumerator may be disposed only after its pending step has ended.
            await ends.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>False when the watcher has left or the program stops, which is no error.</summary>
    private static async Task<bool> Tick(PeriodicTimer timer, CancellationToken ends)
    {
        try
        {
            return await timer.WaitForNextTickAsync(ends);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
