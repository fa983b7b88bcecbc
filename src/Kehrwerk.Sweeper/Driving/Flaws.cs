using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.Driving;

/// <summary>
/// Makes a driving program worse on purpose: what the safety layer is worth shows only with one. Never part of a vehicle that drives. Not thread-safe.
/// </summary>
/// <param name="RangeShare">The program sees only so far, as a share of what the sensors see.</param>
/// <param name="LateS">What it wants reaches the guard so late.</param>
/// <param name="Predicts">False: it takes everything for standing where it is.</param>
/// <param name="IsGuarded">False: nothing stands between the program and the hardware.</param>
internal sealed record Flaws(double RangeShare = 1, double LateS = 0, bool Predicts = true, bool IsGuarded = true)
{
    private readonly SensorFrame shortened = new();
    private readonly Queue<Actuation> late = new();

    /// <summary>What the program gets to see of a frame.</summary>
    public SensorFrame Seen(SensorFrame frame)
    {
        if (RangeShare >= 1)
        {
            return frame;
        }

        shortened.Take(frame);
        shortened.ObjectCount = 0;
        var rangeM = frame.ViewRangeM * RangeShare;
        foreach (ref readonly var seen in frame.Objects)
        {
            if ((seen.X * seen.X) + (seen.Y * seen.Y) < rangeM * rangeM)
            {
                shortened.Add(seen);
            }
        }

        return shortened;
    }

    /// <summary>What it wanted some time ago.</summary>
    public Actuation Late(in Actuation wanted)
    {
        late.Enqueue(wanted);
        return late.Count * IPlatform.TickS > LateS ? late.Dequeue() : late.Peek();
    }
}
