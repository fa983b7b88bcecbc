using Kehrwerk.Link;
using Kehrwerk.Link.Simulation;
using Kehrwerk.Link.Transport;

namespace Kehrwerk.Sweeper;

/// <summary>
/// One vehicle program inside the deterministic event loop: it moves on once a second of simulated time, and on every message. What it
/// would keep in its file is <see cref="Saved"/>, as often as in production.
/// </summary>
/// <param name="tick">How often it moves on; null: once a second. Vehicles that share a world have to go on together, in steps of 0.1 s.</param>
public sealed class SweeperInLoop(EventLoop loop, SweeperProgram program, ITransport transport, Topics topics, TimeSpan? tick = null)
{
    private readonly TimeSpan period = tick ?? TimeSpan.FromSeconds(1);

    private readonly List<LogFile> logs = [];
    private ScheduledEvent? next;
    private bool isStopped;

    public SweeperProgram Program => program;

    /// <summary>The logs that were asked for, oldest first.</summary>
    public IReadOnlyList<LogFile> Logs => logs;

    /// <summary>What a program goes on with that starts after this one was killed.</summary>
    public SweeperCondition Saved { get; private set; } = program.Condition;

    /// <summary>How far the vehicle's clock is ahead of the loop's.</summary>
    public TimeSpan ClockOffset { get; set; }

    private DateTimeOffset Now => loop.Now + ClockOffset;

    /// <summary>Subscribes, greets and begins to tick. After a cut of the line it greets again.</summary>
    public void Start()
    {
        transport.ConnectionChanged += OnConnectionChanged;
        Listen(LinkTopic.Order);
        Listen(LinkTopic.InstantActions);
        Listen(LinkTopic.ZoneSet);
        Listen(LinkTopic.Responses);
        Listen(LinkTopic.Supervision);
        Listen(LinkTopic.EventReceipts);
        if (transport.IsConnected)
        {
            Publish(program.Greet(Now));
        }

        next = loop.Schedule(period, Advance);
    }

    /// <summary>Ends the program without a farewell, as when its process is killed; also in the middle of what it was sending.</summary>
    public void Stop()
    {
        isStopped = true;
        transport.ConnectionChanged -= OnConnectionChanged;
        next?.Cancel();
    }

    private void OnConnectionChanged(bool isConnected)
    {
        if (isConnected)
        {
            Publish(program.Greet(Now));
        }
    }

    // The transport of the loop completes synchronously.
    private void Listen(LinkTopic topic) =>
        transport.SubscribeAsync(topics.Of(program.Id, topic), message =>
        {
            if (!isStopped)
            {
                var told = program.Receive(message, Now);
                SaveIfTold();
                Publish(told);
                LeaveIfShutDown();
            }

            return ValueTask.CompletedTask;
        }).AsTask().GetAwaiter().GetResult();

    private void Advance()
    {
        var told = program.Advance(Now);
        Saved = program.Condition;
        Publish(told);
        while (program.TakeLog() is { } log)
        {
            // There is no disk in the loop.
            logs.Add(log);
            program.LogStored(log.Name, isStored: true);
        }

        // Nor for events: they go to the Centre only.
        program.TakeEventOrders();

        if (!isStopped)
        {
            next = loop.Schedule(period, Advance);
        }

        LeaveIfShutDown();
    }

    private void LeaveIfShutDown()
    {
        if (program.IsShutDown && !isStopped)
        {
            Stop();
            transport.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    /// <summary>What the vehicle was told must not be forgotten is kept before anyone hears that it was taken.</summary>
    private void SaveIfTold()
    {
        var condition = program.Condition;
        if (condition.MustBeKeptNow(Saved))
        {
            Saved = condition;
        }
    }

    private void Publish(IReadOnlyList<LinkMessage> messages)
    {
        foreach (var message in messages)
        {
            if (isStopped)
            {
                return;
            }

            transport.PublishAsync(message).AsTask().GetAwaiter().GetResult();
        }
    }
}
