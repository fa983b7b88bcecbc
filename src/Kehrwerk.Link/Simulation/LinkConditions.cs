namespace Kehrwerk.Link.Simulation;

/// <summary>How well the simulated network works. Probabilities are 0 to 1 and drawn for each delivery.</summary>
/// <param name="MinDelay">Shortest time from sender to receiver.</param>
/// <param name="MaxDelay">Longest time from sender to receiver, without retries.</param>
/// <param name="Loss">A QoS 0 message vanishes; a QoS 1 message is late by <see cref="RetryAfter"/> for each loss.</param>
/// <param name="Duplication">A message arrives a second time.</param>
/// <param name="Reordering">A message is held back, so that later ones may overtake it.</param>
public sealed record LinkConditions(
    TimeSpan MinDelay,
    TimeSpan MaxDelay,
    double Loss = 0,
    double Duplication = 0,
    double Reordering = 0)
{
    /// <summary>A good network: 5 to 30 ms, in order, nothing lost.</summary>
    public static LinkConditions Good { get; } = new(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(30));

    /// <summary>A bad radio cell: 20 to 800 ms, 5 % lost, 2 % twice, 5 % out of order.</summary>
    public static LinkConditions Rough { get; } =
        new(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(800), Loss: 0.05, Duplication: 0.02, Reordering: 0.05);

    /// <summary>How long a sender waits for an acknowledgement before it repeats a QoS 1 message.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a held back message is held at most, on top of its delay.</summary>
    public TimeSpan HoldUpTo { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How probable it is that a message is late by far more than that: by up to <see cref="LateUpTo"/>.</summary>
    public double Late { get; init; }

    public TimeSpan LateUpTo { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>How long the broker takes to notice that a client is cut off, and to publish its last will (one and a half keep-alives).</summary>
    public TimeSpan NoticeBrokenAfter { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a client takes to notice that its line is silent: a keep-alive and the time it waits for the answer.</summary>
    public TimeSpan NoticeSilenceAfter { get; init; } = TimeSpan.FromSeconds(20);

    /// <exception cref="ArgumentException">A value is out of its bounds.</exception>
    internal void Check()
    {
        if (MinDelay < TimeSpan.Zero || MaxDelay < MinDelay || RetryAfter < TimeSpan.Zero || HoldUpTo < TimeSpan.Zero || LateUpTo < TimeSpan.Zero
            || NoticeBrokenAfter < TimeSpan.Zero || NoticeSilenceAfter < TimeSpan.Zero)
        {
            throw new ArgumentException("Times of a link must not be negative, and the longest delay not below the shortest.");
        }

        // A QoS 1 message is repeated until it comes through: with every try lost it never would.
        if (Loss is not (>= 0 and <= 0.95) || Duplication is not (>= 0 and <= 1) || Reordering is not (>= 0 and <= 1) || Late is not (>= 0 and <= 1))
        {
            throw new ArgumentException("Loss must be 0 to 0.95; duplication, reordering and lateness 0 to 1.");
        }
    }
}

/// <summary>The two directions of a client's line.</summary>
[Flags]
public enum LinkDirection
{
    None = 0,

    /// <summary>From the client to the broker.</summary>
    Up = 1,

    /// <summary>From the broker to the client.</summary>
    Down = 2,
    Both = Up | Down,
}
