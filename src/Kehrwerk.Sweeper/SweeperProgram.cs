using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Transport;
using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Orders;
using Kehrwerk.Sweeper.Reports;

namespace Kehrwerk.Sweeper;

/// <summary>
/// The program of one sweeper, without I/O and clock: messages and time go in, messages to publish come out. Time passes in steps of
/// <see cref="StepS"/> on a fixed grid, so that it does not matter how often <see cref="Advance"/> is called. Not thread-safe.
/// </summary>
public sealed class SweeperProgram
{
    /// <summary>Length of a physical step, seconds.</summary>
    public const double StepS = 0.1;

    private const long StepTicks = TimeSpan.TicksPerSecond / 10;
    private const long StepsPerState = 10;

    // A clock that jumps farther than this was set: no time passed for the vehicle.
    private const long MaxStepsAtOnce = 600;

    private readonly Topics topics;
    private readonly Vehicle vehicle;
    private readonly OrderRules rules;
    private readonly ErrorLog errors = new();
    private readonly News news = new();
    private readonly Outbox outbox;
    private long? gridStep;

    /// <param name="id">Who it is.</param>
    /// <param name="model">What it can do.</param>
    /// <param name="map">The streets it knows.</param>
    /// <param name="mapId">Name of that map on the wire.</param>
    /// <param name="settings">Depot and surroundings.</param>
    /// <param name="start">Where it stands and what it holds.</param>
    /// <exception cref="ArgumentException">The condition does not fit the model or the map.</exception>
    public SweeperProgram(VehicleId id, SweeperModel model, StreetNetwork map, string mapId, SweeperSettings settings, SweeperCondition start)
    {
        if (start.Fault(model, map) is { } fault)
        {
            throw new ArgumentException($"The vehicle cannot start: {fault}.", nameof(start));
        }

        Id = id;
        topics = settings.Topics;
        vehicle = new(model, map, mapId, settings, start, errors, news);
        rules = new(map, mapId);
        outbox = new(id, settings.Topics);
    }

    public VehicleId Id { get; }

    /// <summary>What a restart goes on with.</summary>
    public SweeperCondition Condition => vehicle.Condition;

    /// <summary>
    /// Whether <see cref="Condition"/> can be stored. While it cannot, the vehicle stands still and says so: a restart would take it
    /// for where it was, and for released where it was deactivated since.
    /// </summary>
    public bool KeepsCondition
    {
        get => vehicle.KeepsCondition;
        set => vehicle.KeepsCondition = value;
    }

    /// <summary>The vehicle is at the broker (again): says so, and sends its factsheet and state.</summary>
    public IReadOnlyList<LinkMessage> Greet(DateTimeOffset now)
    {
        RunTo(now);
        outbox.Add(LinkTopic.Connection, ConnectionIs(Id, ConnectionState.Online, now));
        outbox.Add(LinkTopic.Factsheet, SweeperFactsheet.Of(Id, vehicle.Model, now));
        Report(now);
        return outbox.Take();
    }

    /// <summary>The vehicle leaves the broker in good order.</summary>
    public IReadOnlyList<LinkMessage> Farewell(DateTimeOffset now)
    {
        outbox.Add(LinkTopic.Connection, ConnectionIs(Id, ConnectionState.Offline, now));
        return outbox.Take();
    }

    /// <summary>What the broker is to publish when the vehicle vanishes.</summary>
    public static LastWill LastWillOf(VehicleId id, Topics topics, DateTimeOffset now) =>
        new(topics.Of(id, LinkTopic.Connection), LinkJson.Serialize(ConnectionIs(id, ConnectionState.ConnectionBroken, now)));

    /// <summary>Takes a message. Whatever is wrong with it is told in the state, never thrown.</summary>
    /// <returns>Messages to publish, in order.</returns>
    public IReadOnlyList<LinkMessage> Receive(LinkMessage message, DateTimeOffset now)
    {
        RunTo(now);
        if (!topics.TryParse(message.Topic, out var addressed, out var topic) || addressed != Id)
        {
            Refuse($"A message for another vehicle came in, on topic {message.Topic}");
        }
        else if (message.Retain)
        {
            // It may be of any age. What it asks for would start where nobody expects it.
            Refuse($"A message on topic {message.Topic} was kept by the broker from earlier");
        }
        else if (topic == LinkTopic.Order)
        {
            Take<Order>(message, TakeOrder);
        }
        else if (topic == LinkTopic.InstantActions)
        {
            Take<InstantActions>(message, TakeInstantActions);
        }

        ReportNews(now);
        return outbox.Take();
    }

    /// <summary>Lets time pass up to <paramref name="now"/>.</summary>
    /// <returns>Messages to publish, in order: a state each second and at each event.</returns>
    public IReadOnlyList<LinkMessage> Advance(DateTimeOffset now)
    {
        RunTo(now);
        return outbox.Take();
    }

    private static Connection ConnectionIs(VehicleId id, ConnectionState state, DateTimeOffset now) =>
        new() { HeaderId = 0, Timestamp = now, Vehicle = id, ConnectionState = state };

    private void RunTo(DateTimeOffset now)
    {
        var target = now.UtcTicks / StepTicks;
        if (gridStep is not { } from || target - from > MaxStepsAtOnce || from - target > StepsPerState)
        {
            gridStep = target;
            return;
        }

        for (var step = from + 1; step <= target; step++)
        {
            gridStep = step;
            vehicle.Step();
            var stepTime = new DateTimeOffset(step * StepTicks, TimeSpan.Zero);
            if (step % StepsPerState == 0)
            {
                Report(stepTime);
            }
            else
            {
                ReportNews(stepTime);
            }
        }
    }

    private void Take<T>(LinkMessage message, Action<T> take)
        where T : VdaMessage
    {
        var read = LinkJson.Read<T>(message.Payload.Span);
        if (!read.IsOk)
        {
            Refuse($"A message on topic {message.Topic} cannot be read. {read.Error}");
        }
        else if (read.Message.Vehicle != Id)
        {
            Refuse($"A message on topic {message.Topic} is for vehicle {read.Message.Vehicle}");
        }
        else
        {
            take(read.Message);
        }
    }

    private void TakeOrder(Order order)
    {
        switch (rules.Judge(vehicle.Book, order, vehicle.Standing))
        {
            case OrderVerdict.Refused refused:
                errors.Add(refused.Error);
                news.Note();
                break;
            case OrderVerdict.Started started:
                vehicle.Take(order, started);
                Taken();
                break;
            case OrderVerdict.Extended extended:
                vehicle.Take(order, extended);
                Taken();
                break;
        }
    }

    private void Taken()
    {
        errors.Clear();
        news.Note();
    }

    private void TakeInstantActions(InstantActions message)
    {
        var desk = vehicle.Desk;
        foreach (var action in message.Actions)
        {
            desk.Take(action, vehicle.IsIdle ? null : vehicle.Book.OrderId, vehicle.IsAtDepot);
        }

        news.Note();
        if (desk.WantsFactsheet)
        {
            desk.WantsFactsheet = false;
            outbox.Add(LinkTopic.Factsheet, SweeperFactsheet.Of(Id, vehicle.Model, new(gridStep!.Value * StepTicks, TimeSpan.Zero)));
        }
    }

    private void Refuse(string text)
    {
        errors.Add(new(ErrorTypes.ValidationFailure, ErrorLevel.Warning, text));
        news.Note();
    }

    private void ReportNews(DateTimeOffset now)
    {
        if (news.IsDue)
        {
            Report(now);
        }
    }

    private void Report(DateTimeOffset now)
    {
        news.Told();
        outbox.Add(LinkTopic.State, StateReport.Of(Id, vehicle, errors, now));
    }
}
