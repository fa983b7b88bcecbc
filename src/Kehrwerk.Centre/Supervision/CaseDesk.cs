using System.Collections.Immutable;
using System.Threading.Channels;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Transport;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kehrwerk.Centre.Cases;

/// <summary>
/// Where persons reach the cases, and what drives them: once a second the book hears that time has passed and whether the Centre's
/// wire to the broker stands. Thread-safe.
/// </summary>
public sealed partial class CaseDesk(
    IGrainFactory grains, ITransport transport, LiveFleet live, SendVehicleCommand send, AnswerVehicleRequest answer, CentreOptions options, ILogger<CaseDesk> log)
    : BackgroundService
{
    /// <summary>How long a grant holds that is given with a case.</summary>
    public static readonly TimeSpan GrantLease = TimeSpan.FromSeconds(60);

    // Where the clock is fast, seconds that came meanwhile are one.
    private readonly Channel<bool> seconds = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>
    /// Takes a person's step; it is stored when the task completes without a refusal. A decision that the Centre can carry out is
    /// carried out after it is stored, and taken back where that fails.
    /// </summary>
    /// <param name="order">The step.</param>
    /// <param name="finding">For a release: what triggered the minimal risk condition; what was looked at is the order's text.</param>
    /// <param name="cancellation">Only before it begins.</param>
    /// <returns>The case afterwards, why the step was not taken, and why a decision was not carried out.</returns>
    public async Task<(CaseAnswer Answer, string? NotDone)> Order(CaseOrder order, string? finding, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (order is { Kind: CaseOrderKind.Decide, Action: CaseAction.Release } && string.IsNullOrEmpty(finding) && IsAtRisk(order.Id))
        {
            return (new(null, new(CaseRefusalCode.NeedsFinding, order.Id)), null);
        }

        var grain = grains.GetGrain<ICaseGrain>(0);
        var taken = await grain.Order(order);
        if (taken is not { Refusal: null, Case: { } one } || order is not { Kind: CaseOrderKind.Decide, Action: { } action })
        {
            return (taken, null);
        }

        try
        {
            if (await CarryOut(one, action, order, finding) is not { } problem)
            {
                return (taken, null);
            }

            await grain.NotDone(one.Id, problem);
            return (taken, problem);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            NotCarriedOut(log, action, one.Id, e);
            await grain.NotDone(one.Id, e.Message);
            return (taken, e.Message);
        }
    }

    /// <summary>
    /// Somebody who knows the weather says how it leaves the vehicles' operating conditions, e.g. <c>rain</c>; null: it does not.
    /// The Centre has no source of its own yet.
    /// </summary>
    public Task TellWeather(string? limit) => grains.GetGrain<ICaseGrain>(0).See(
        new CaseSighting(CasePlace.Weather, true, limit is null ? [] : [new(CaseKind.WeatherLimit, limit)]));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var second = TimeSpan.FromSeconds(1);
        await using var ticks = options.Time.CreateTimer(_ => seconds.Writer.TryWrite(true), null, second, second);
        var grain = grains.GetGrain<ICaseGrain>(0);
        bool? wasConnected = null;
        try
        {
            await foreach (var _ in seconds.Reader.ReadAllAsync(stoppingToken))
            {
                try
                {
                    var isConnected = transport.IsConnected;
                    if (isConnected != wasConnected)
                    {
                        await grain.See(new CaseSighting(CasePlace.Centre, true, isConnected ? [] : [new(CaseKind.WireDown)]));
                        wasConnected = isConnected;
                    }

                    await grain.Tick();
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    // The next second tries again.
                    TickFailed(log, e);
                    await Task.Delay(second, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }

    /// <summary>Null where it is on its way, or is for people to do; else why it was not sent.</summary>
    private async Task<string?> CarryOut(Case one, CaseAction action, CaseOrder order, string? finding)
    {
        switch (action)
        {
            case CaseAction.Grant or CaseAction.Reject:
                var request = live.Snapshot().Vehicles.FirstOrDefault(v => v.Id == one.Place)?.Requests.FirstOrDefault(r => one.Detail.StartsWith(r.RequestId + ":", StringComparison.Ordinal));
                return request is null ? "the vehicle does not ask for it any more"
                    : await answer(new(one.Place, request.RequestId, action == CaseAction.Grant ? GrantType.Granted : GrantType.Rejected, GrantLease, order.By, order.Text[..Math.Min(order.Text.Length, VehicleAnswer.MaxReason)]), CancellationToken.None);
            case CaseAction.Release or CaseAction.Resume or CaseAction.Pause or CaseAction.Stop when CasePlace.IsVehicle(one.Place):
                var kind = Enum.Parse<VehicleCommandKind>(action.ToString());
                var found = kind == VehicleCommandKind.Release && !string.IsNullOrEmpty(finding) ? new Investigation(finding, order.Text) : null;
                await send(new(one.Place, kind, order.By, found), CancellationToken.None);
                return null;
            case CaseAction.Pause when one.Kind == CaseKind.WeatherLimit:
                await Task.WhenAll(options.Vehicles.Select(v => send(new(v.Id.ToString(), VehicleCommandKind.Pause, order.By), CancellationToken.None)));
                return null;
            case CaseAction.Release or CaseAction.Resume or CaseAction.Pause or CaseAction.Stop:
                return "the case is about no vehicle of the fleet";
            default:
                return null;
        }
    }

    private bool IsAtRisk(long id)
    {
        var place = live.OpenCases().FirstOrDefault(one => one.Id == id)?.Place;
        return live.Snapshot().Vehicles.Any(v => v.Id == place && v.MrcId is not null);
    }

    [LoggerMessage(LogLevel.Error, "{Action} of case {Id} could not be carried out")]
    private static partial void NotCarriedOut(ILogger logger, CaseAction action, long id, Exception e);

    [LoggerMessage(LogLevel.Error, "The cases could not be looked after")]
    private static partial void TickFailed(ILogger logger, Exception e);
}
