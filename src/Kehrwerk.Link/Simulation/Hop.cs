using Kehrwerk.Link.Transport;

namespace Kehrwerk.Link.Simulation;

/// <summary>One direction of one client's way to or from the broker, with the faults of its conditions. In order unless a message lost its place.</summary>
internal sealed class Hop(EventLoop loop, Random chance, HopCounters counters)
{
    private DateTimeOffset lastArrival;

    /// <summary>Carries a message; it arrives later, or twice, or not at all.</summary>
    public void Carry(LinkConditions conditions, LinkMessage message, Action arrive)
    {
        var delay = Delay(conditions);
        var inOrder = true;
        while (Happens(conditions.Loss))
        {
            if (message.Qos == Qos.AtMostOnce)
            {
                counters.Lost++;
                return;
            }

            delay += conditions.RetryAfter;
            inOrder = false;
        }

        if (Happens(conditions.Reordering))
        {
            delay += conditions.HoldUpTo * chance.NextDouble();
            inOrder = false;
        }

        if (Happens(conditions.Late))
        {
            delay += conditions.LateUpTo * chance.NextDouble();
            inOrder = false;
        }

        loop.Schedule(ArrivalAfter(delay, inOrder), arrive);
        if (Happens(conditions.Duplication))
        {
            counters.Duplicated++;
            loop.Schedule(ArrivalAfter(delay + Delay(conditions), inOrder: false), arrive);
        }
    }

    /// <summary>Carries what is neither lost nor doubled: what the broker kept for the client.</summary>
    public void CarrySafely(TimeSpan delay, Action arrive) => loop.Schedule(ArrivalAfter(delay, inOrder: true), arrive);

    public TimeSpan Delay(LinkConditions conditions)
    {
        var range = (conditions.MaxDelay - conditions.MinDelay).Ticks;
        return range == 0 ? conditions.MinDelay : conditions.MinDelay + TimeSpan.FromTicks(chance.NextInt64(range + 1));
    }

    /// <summary>When a message with this delay arrives: never before one that was sent earlier, unless it lost its place.</summary>
    private DateTimeOffset ArrivalAfter(TimeSpan delay, bool inOrder)
    {
        var arrival = loop.Now + delay;
        if (!inOrder)
        {
            return arrival;
        }

        lastArrival = arrival > lastArrival ? arrival : lastArrival;
        return lastArrival;
    }

    private bool Happens(double probability) => probability > 0 && chance.NextDouble() < probability;
}

/// <summary>What became of the messages of all hops.</summary>
internal sealed class HopCounters
{
    public long Lost { get; set; }
    public long Duplicated { get; set; }
}
