namespace Kehrwerk.Sweeper.Driving.Autonomy;

/// <summary>What the vehicle does.</summary>
internal enum Behaviour : byte
{
    /// <summary>It stands: no way, no leave to set off, or halted.</summary>
    Stopped,

    /// <summary>It stands and says that it is about to set off.</summary>
    Announce,

    Transit,
    Sweep,

    /// <summary>It lets others go first, or makes room for them.</summary>
    Yield,

    /// <summary>It drives round something in its lane.</summary>
    Pass,

    /// <summary>It stands before something that it can neither pass nor let go first.</summary>
    Wait,

    /// <summary>It turns round in three moves.</summary>
    Turn,

    Dock,

    /// <summary>It stands in a bay and is served.</summary>
    Service,

    /// <summary>On the way to the minimal risk condition, or in it.</summary>
    Mrm,
}

/// <summary>What decides about the behaviour.</summary>
[Flags]
internal enum Facts
{
    None = 0,
    HasWay = 1,
    MaySetOff = 2,
    IsHalted = 4,
    IsMrm = 8,
    IsStanding = 16,
    IsServed = 32,
    HasAnnounced = 64,
    MustYield = 128,
    IsBlocked = 256,
    IsPassing = 512,
    IsTurning = 1024,
    IsDocking = 2048,
    IsSweeping = 4096,
    IsAtStop = 8192,
}

/// <summary>The state machine of the behaviour: a table of transitions, read from the top; the first that fits is taken. Pure.</summary>
internal static class Behaviours
{
    /// <param name="From">The state that is left; null for any.</param>
    /// <param name="With">Facts that must hold.</param>
    /// <param name="Without">Facts that must not.</param>
    internal readonly record struct Transition(Behaviour? From, Facts With, Facts Without, Behaviour To);

    internal static readonly Transition[] Table =
    [
        new(null, Facts.IsMrm, Facts.None, Behaviour.Mrm),
        new(null, Facts.IsServed | Facts.IsStanding, Facts.None, Behaviour.Service),

        // Standing: nothing moves without a way, leave, and having said so.
        new(null, Facts.IsStanding, Facts.HasWay, Behaviour.Stopped),
        new(null, Facts.IsStanding, Facts.MaySetOff, Behaviour.Stopped),
        new(null, Facts.IsStanding | Facts.IsHalted, Facts.None, Behaviour.Stopped),
        new(null, Facts.IsStanding | Facts.IsAtStop, Facts.None, Behaviour.Stopped),
        new(Behaviour.Mrm, Facts.None, Facts.None, Behaviour.Stopped),
        new(Behaviour.Service, Facts.None, Facts.None, Behaviour.Stopped),
        new(Behaviour.Stopped, Facts.IsStanding | Facts.IsBlocked, Facts.None, Behaviour.Wait),
        new(Behaviour.Stopped, Facts.IsStanding | Facts.MustYield, Facts.None, Behaviour.Yield),
        new(Behaviour.Stopped, Facts.IsStanding, Facts.None, Behaviour.Announce),
        new(Behaviour.Announce, Facts.None, Facts.HasAnnounced, Behaviour.Announce),
        new(Behaviour.Wait, Facts.IsStanding, Facts.IsBlocked, Behaviour.Announce),

        // Driving, the most urgent first.
        new(null, Facts.IsDocking, Facts.MustYield, Behaviour.Dock),
        new(null, Facts.IsBlocked | Facts.IsStanding, Facts.None, Behaviour.Wait),
        new(null, Facts.MustYield, Facts.None, Behaviour.Yield),
        new(null, Facts.IsTurning, Facts.None, Behaviour.Turn),
        new(null, Facts.IsPassing, Facts.None, Behaviour.Pass),
        new(null, Facts.IsSweeping, Facts.None, Behaviour.Sweep),
        new(null, Facts.None, Facts.None, Behaviour.Transit),
    ];

    public static Behaviour Next(Behaviour state, Facts facts)
    {
        foreach (ref readonly var row in Table.AsSpan())
        {
            if ((row.From is null || row.From == state) && (facts & row.With) == row.With && (facts & row.Without) == 0)
            {
                return row.To;
            }
        }

        throw new InvalidOperationException("The last transition fits always.");
    }

    /// <summary>The wheels may turn in this state.</summary>
    public static bool Drives(Behaviour state) =>
        state is Behaviour.Transit or Behaviour.Sweep or Behaviour.Yield or Behaviour.Pass or Behaviour.Turn or Behaviour.Dock or Behaviour.Mrm;
}
