using System.Collections.Immutable;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Sweeper.Safety;

/// <summary>What decides what the vehicle says to those around it.</summary>
/// <param name="IsWorking">An order is under way.</param>
/// <param name="IsHalting">Something makes it brake to a stop.</param>
/// <param name="IsSettingOff">It is about to move, or has just begun to.</param>
/// <param name="Signs">What the hardware was told to say, a bit for each <see cref="Announcement"/>; null: a vehicle without such hardware, what follows from the rest counts.</param>
internal readonly record struct Outside(SafetyMode Mode, bool IsStanding, bool IsWorking, bool IsHalting, bool IsSettingOff, uint? Signs = null);

/// <summary>What is said to the surroundings by light, sound and text (safety profile, SP-OUT). Not thread-safe.</summary>
internal sealed class Announcing
{
    public ImmutableArray<Announcement> Now { get; private set; } = [];

    /// <summary>Looks anew; true if something else is said now.</summary>
    public bool Look(Outside outside)
    {
        var next = Of(outside);
        if (next.AsSpan().SequenceEqual(Now.AsSpan()))
        {
            return false;
        }

        Now = next;
        return true;
    }

    /// <summary>Pure. Reversing is part of the profile; only a vehicle that drives in full drives backwards.</summary>
    public static ImmutableArray<Announcement> Of(Outside outside)
    {
        if (outside.Signs is { } signs)
        {
            return [.. Enum.GetValues<Announcement>().Where(one => (signs & (1u << (int)one)) != 0)];
        }

        var (working, risk) = (outside.IsWorking, outside.Mode is SafetyMode.Mrm or SafetyMode.Mrc);
        if (!working && !risk && outside.IsStanding)
        {
            return [];
        }

        var said = ImmutableArray.CreateBuilder<Announcement>();
        if (working)
        {
            said.Add(Announcement.WorkLights);
        }

        if (outside.IsSettingOff && !outside.IsHalting)
        {
            said.Add(Announcement.SettingOff);
        }

        if (outside is { IsHalting: true, IsStanding: false })
        {
            said.Add(Announcement.Stopping);
        }

        if (risk)
        {
            said.Add(Announcement.HazardLights);
            said.Add(outside.Mode == SafetyMode.Mrm ? Announcement.MinimalRiskManoeuvre : Announcement.MinimalRiskCondition);
        }

        return said.ToImmutable();
    }
}
