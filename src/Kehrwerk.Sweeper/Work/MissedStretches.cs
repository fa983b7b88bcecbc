using System.Collections.Immutable;
using Kehrwerk.Link;

namespace Kehrwerk.Sweeper.Work;

/// <summary>The stretches of one kerb that the broom did not reach: pieces of the same reason that meet are one, short ones are left out. Not thread-safe.</summary>
internal sealed class MissedStretches
{
    // Not worth a second visit, and nearer than this two are one, m.
    private const double LeastM = 1, JoinM = 1;

    private readonly List<MissedPiece> pieces = [];

    /// <summary>Those that are told; default: none.</summary>
    public ImmutableArray<MissedPiece> Told
    {
        get
        {
            var told = pieces.Where(piece => piece.LengthM >= LeastM).Take(SweepResult.MostMissed).ToImmutableArray();
            return told.IsEmpty ? default : told;
        }
    }

    public void Add(double fromM, double toM, string reason)
    {
        if (pieces is [.., var last] && last.Reason == reason && fromM - last.ToM < JoinM)
        {
            pieces[^1] = last with { ToM = Math.Max(last.ToM, toM) };
        }
        else if (toM > fromM)
        {
            pieces.Add(new(fromM, toM, reason));
        }
    }
}
