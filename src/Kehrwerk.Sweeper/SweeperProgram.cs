using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Transport;
using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Orders;
using Kehrwerk.Sweeper.Recording;
using Kehrwerk.Sweeper.Reports;
using Kehrwerk.Sweeper.Safety;
using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper;

/// <summary>
/// The program of one sweeper, without I/O and clock: messages and time go in, messages to publish come out. Time passes in steps of
/// <see cref="StepS"/> on a fixed grid, so that it does not matter how often <see cref="Advance"/> is called. Not thread-safe.
/// </summary>
public sealed partial class SweeperProgram
{
    /// <summary>Length of a physical step, seconds.</summary>
    public const double StepS = 0.1;

    private const long StepTicks = TimeSpan.TicksPerSecond / 10;
    private const long StepsPerState = 10;

    // So often while an answer is overdue: one more loss need not stop the vehicle.
    private const long StepsPerAgingState = 3;

    // A clock that jumps farther than this was set: no time passed for the vehicle.
    private const long MaxStepsAtOnce = 600;

    private readonly Topics topics;
    private readonly Vehicle vehicle;
    private readonly OrderRules rules;
    private readonly ErrorLog errors = new();
    private readonly News news = new();
    private readonly Outbox outbox;
    private readonly Guard? guard;
    private Heard heard;
    private long? gridStep;
    private bool isAsleep;

    /// <param name="id">Who it is.</param>
    /// <param name="model">What it can do.</param>
    /// <param name="map">The streets it knows.</param>
    /// <param name="mapId">Name of that map on the wire.</param>
    /// <param name="settings">Depot and surroundings.</param>
    /// <param name="start">Where it stands and what it holds.</param>
    /// <param name="unsent">Events that were recorded before and that the Centre has not acknowledged, oldest first.</param>
    /// <exception cref="ArgumentException">The condition does not fit the model or the map.</exception>
    public SweeperProgram(
        VehicleId id,
        SweeperModel model,
        StreetNetwork map,
        string mapId,
        SweeperSettings settings,
        SweeperCondition start,
        IEnumerable<RecordedEvent>? unsent = null)
        : this(id, model, map, mapId, settings, start, unsent, null)
    {
    }

    /// <param name="platform">Its hardware; null: it moves along its line by the model's figures alone.</param>
    internal SweeperProgram(
        VehicleId id,
        SweeperModel model,
        StreetNetwork map,
        string mapId,
        SweeperSettings settings,
        SweeperCondition start,
        IEnumerable<RecordedEvent>? unsent,
        IPlatform? platform)
    {
        if (start.Fault(model, map) is { } fault)
        {
            throw new ArgumentException($"The vehicle cannot start: {fault}.", nameof(start));
        }

        Id = id;
        topics = settings.Topics;
        guard = settings.Supervision is null ? null : new(id, model, settings, map, mapId, start.Safety, unsent ?? [], news);
        vehicle = new(model, map, mapId, settings, start, errors, news, guard, platform);
        rules = new(map, mapId, model.HeightM);
        heard = start.Heard;
        outbox = new(id, settings.Topics);
    }

    public VehicleId Id { get; }

    /// <summary>For those who judge a run.</summary>
    internal Vehicle Vehicle => vehicle;

    /// <summary>What a restart goes on with.</summary>
    public SweeperCondition Condition => vehicle.Condition with { Heard = heard };

    /// <summary>What it is doing now.</summary>
    public SweeperActivity Activity => vehicle.Activity;

    /// <summary>The arc on which it is, metres from its start, and metres driven since it was built.</summary>
    public (int Arc, double OffsetM, double OdometerM) Place => (vehicle.Drive.Arc, vehicle.Drive.OffsetM, vehicle.OdometerM);

    /// <summary>
    /// Whether <see cref="Condition"/> can be stored. While it cannot, the vehicle stands still and says so: a restart would take it
    /// for where it was, and for released where it was deactivated since.
    /// </summary>
    public bool KeepsCondition
    {
        get => vehicle.KeepsCondition;
        set => vehicle.KeepsCondition = value;
    }

    /// <summary>Whether recorded events can be stored. While they cannot, the vehicle says so and records that.</summary>
    public bool KeepsEvents
    {
        get => guard?.KeepsEvents ?? true;
        set => _ = guard is null ? value : guard.KeepsEvents = value;
    }

    /// <summary>What is to be done with the files of recorded events since this was last asked, in order.</summary>
    public IReadOnlyList<EventOrder> TakeEventOrders() => guard?.TakeEventOrders() ?? [];

    /// <summary>The vehicle is at the broker (again): says so, and sends its factsheet and state.</summary>
    public IReadOnlyList<LinkMessage> Greet(DateTimeOffset now)
    {
        RunTo(now);
        if (vehicle.Control.IsHibernating)
        {
            outbox.Add(LinkTopic.Connection, ConnectionIs(Id, ConnectionState.Hibernating, now));
            return outbox.Take();
        }

        outbox.Add(LinkTopic.Connection, ConnectionIs(Id, ConnectionState.Online, now));
        outbox.Add(LinkTopic.Factsheet, SweeperFactsheet.Of(Id, vehicle.Model, guard is not null, now));
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
        if (IsShutDown)
        {
            return outbox.Take();
        }

        guard?.Receive(message, now);
        if (!topics.TryParse(message.Topic, out var addressed, out var topic) || addressed != Id)
        {
            Refuse($"A message for another vehicle came in, on topic {message.Topic}");
        }
        else if (message.Retain)
        {
            // It may be of any age. What it asks for would start where nobody expects it.
            Refuse($"A message on topic {message.Topic} was kept by the broker from earlier", topic, message);
        }
        else if (vehicle.Control.IsHibernating)
        {
            WakeBy(message, topic);
        }
        else
        {
            TakeIn(message, topic);
        }

        guard?.LookOutside(vehicle);
        TellControl(now);
        ReportNews(now);
        return outbox.Take();
    }

    /// <summary>Tells the broker's clients when the vehicle falls asleep, wakes or leaves; the last state goes out before.</summary>
    private void TellControl(DateTimeOffset now)
    {
        var control = vehicle.Control;
        if (control.IsHibernating == isAsleep && !control.IsShutDown)
        {
            return;
        }

        if (!isAsleep)
        {
            Report(now);
        }

        isAsleep = control.IsHibernating;
        outbox.Add(LinkTopic.Connection, ConnectionIs(Id, control.IsShutDown ? ConnectionState.Offline : isAsleep ? ConnectionState.Hibernating : ConnectionState.Online, now));
    }

    /// <summary>Lets time pass up to <paramref name="now"/>.</summary>
    /// <returns>Messages to publish, in order: a state each second and at each event.</returns>
    public IReadOnlyList<LinkMessage> Advance(DateTimeOffset now)
    {
        RunTo(now);
        ReportNews(now);
        return outbox.Take();
    }

    private static Connection ConnectionIs(VehicleId id, ConnectionState state, DateTimeOffset now) =>
        new() { HeaderId = 0, Timestamp = now, Vehicle = id, ConnectionState = state };

    private void RunTo(DateTimeOffset now)
    {
        var target = now.UtcTicks / StepTicks;
        if (gridStep is not { } from || target - from > MaxStepsAtOnce || from - target > StepsPerState)
        {
            guard?.Begin(new(target * StepTicks, TimeSpan.Zero), target - (gridStep ?? target));
            gridStep = target;
            errors.Tick(now);
            vehicle.Requests.Tick(now);
            return;
        }

        for (var step = from + 1; step <= target; step++)
        {
            gridStep = step;
            var stepTime = new DateTimeOffset(step * StepTicks, TimeSpan.Zero);
            if (errors.Tick(stepTime))
            {
                news.Note();
            }

            guard?.Before(vehicle, stepTime);
            vehicle.Step(stepTime);
            guard?.After(vehicle, stepTime);
            TellControl(stepTime);
            if (!isAsleep && !IsShutDown && guard?.DueEvent(stepTime) is { } recorded)
            {
                outbox.Add(LinkTopic.Events, recorded);
            }

            if ((step % StepsPerState == 0 || (step % StepsPerAgingState == 0 && guard is { IsLeaseAging: true })) && !isAsleep)
            {
                Report(stepTime);
            }
            else
            {
                ReportNews(stepTime);
            }
        }
    }

    private void ReportNews(DateTimeOffset now)
    {
        if (news.IsDue && !isAsleep && !IsShutDown)
        {
            Report(now);
        }
    }

    private void Report(DateTimeOffset now)
    {
        news.Told();
        if (guard?.DueReport(now) is { } safety)
        {
            outbox.Add(LinkTopic.Safety, safety);
        }

        var headerId = outbox.Add(LinkTopic.State, StateReport.Of(Id, vehicle, errors, now));
        guard?.NoteSent(headerId, now);
    }
}
