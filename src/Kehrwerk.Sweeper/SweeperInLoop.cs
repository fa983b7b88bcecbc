using Kehrwerk.Link;
using Kehrwerk.Link.Simulation;
using Kehrwerk.Link.Transport;

namespace Kehrwerk.Sweeper;

/// <summary>One vehicle program inside the deterministic event loop: it moves on once a second of simulated time, and on every message.</summary>
public sealed class SweeperInLoop(EventLoop loop, SweeperProgram program, InMemoryClient transport, Topics topics)
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    public SweeperProgram Program => program;

    /// <summary>Subscribes, greets and begins to tick.</summary>
    public void Start()
    {
        Listen(LinkTopic.Order);
        Listen(LinkTopic.InstantActions);
        Publish(program.Greet(loop.Now));
        loop.Schedule(Tick, Advance);
    }

    // The transport of the loop completes synchronously.
    private void Listen(LinkTopic topic) =>
        transport.SubscribeAsync(topics.Of(program.Id, topic), message =>
        {
            Publish(program.Receive(message, loop.Now));
            return ValueTask.CompletedTask;
        }).AsTask().GetAwaiter().GetResult();

    private void Advance()
    {
        Publish(program.Advance(loop.Now));
        loop.Schedule(Tick, Advance);
    }

    private void Publish(IReadOnlyList<LinkMessage> messages)
    {
        foreach (var message in messages)
        {
            transport.Publish(message);
        }
    }
}
