using Kehrwerk.Link.Messages;
using Kehrwerk.Sweeper.Driving.Autonomy;

namespace Kehrwerk.Sweeper.Driving;

/// <summary>What the pilot means to do, said so that people can read it: whatever is begun is said for a while. Not thread-safe.</summary>
internal sealed class Spoken
{
    // A text that changes faster than this cannot be read, s.
    private const double ReadS = 1.5;

    private Saying said;
    private double sinceS = double.NegativeInfinity;

    /// <summary>A bit for each <see cref="Announcement"/>. What the pilot announces by itself (setting off, reversing) is not among them.</summary>
    public uint Of(PilotState state, double nowS)
    {
        if (state.Saying != said && nowS - sinceS >= ReadS)
        {
            (said, sinceS) = (state.Saying, nowS);
        }

        return said switch
        {
            Saying.TurningLeft => Bit(Announcement.TurningLeft),
            Saying.TurningRight => Bit(Announcement.TurningRight),
            Saying.SwervingLeft => Bit(Announcement.SwervingLeft),
            Saying.SwervingRight => Bit(Announcement.SwervingRight),
            Saying.WaitingForYou => Bit(Announcement.WaitingForYou),
            Saying.MakingRoom => Bit(Announcement.MakingRoom),
            Saying.AskingForHelp => Bit(Announcement.AskingForHelp),
            _ => 0,
        };
    }

    private static uint Bit(Announcement one) => 1u << (int)one;
}
