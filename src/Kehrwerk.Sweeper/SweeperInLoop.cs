using Kehrwerk.Link;
using Kehrwerk.Link.Simulation;
using Kehrwerk.Link.Transport;

namespace Kehrwerk.Sweeper;

/// <summary>One vehicle program inside the deterministic event loop: it moves on once a second of simulated time, and on every message.</summary>
public sealed class SweeperInLoop(EventLoop loop, SweeperProgram program, InMemoryClient transport, Topics topics)
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly List<LogFile> logs = [];
    private ScheduledEvent? next;

    public SweeperProgram Program => program;

    /// <summary>The logs that were asked for, oldest first.</summary>
    public IReadOnlyList<LogFile> Logs => logs;

    /// <summary>Subscribes, greets and begins to tick. After a cut of the line it greets again.</summary>
    public void Start()
    {
        transport.ConnectionChanged += OnConnectionChanged;
        Listen(LinkTopic.Order);
        Listen(LinkTopic.InstantActions);
        Listen(LinkTopic.ZoneSet);
        Listen(LinkTopic.Responses);
        Publish(program.Greet(loop.Now));
        next = loop.Schedule(Tick, Advance);
    }

    /// <summary>Ends the program without a farewell, as when its process is killed. Its condition can go into a new one.</summary>
    public void Stop()
    {
        transport.ConnectionChanged -= OnConnectionChanged;
        next?.Cancel();
    }

    private void OnConnectionChanged(bool isConnected)
    {
        if (isConnected)
        {
            Publish(program.Greet(loop.Now));
        }
    }

    // The transport of the loop completes synchronously.
    private void Listen(LinkTopic topic) =>
        transport.SubscribeAsync(topics.Of(program.Id, topic), message =>
        {
            Publish(program.Receive(message, loop.Now));
            LeaveIfShutDown();
            return ValueTask.CompletedTask;
        }).AsTask().GetAwaiter().GetResult();

    private void Advance()
    {
        Publish(program.Advance(loop.Now));
        while (program.TakeLog() is { } log)
        {
            // There is no disk in the loop.
            logs.Add(log);
            program.LogStored(log.Name, isStored: true);
        }

        next = loop.Schedule(Tick, Advance);
        LeaveIfShutDown();
    }

    private void LeaveIfShutDown()
    {
        if (program.IsShutDown)
        {
            Stop();
            transport.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private void Publish(IReadOnlyList<LinkMessage> messages)
    {
        foreach (var message in messages)
        {
            transport.Publish(message);
        }
    }
}
