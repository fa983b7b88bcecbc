using System.Globalization;
using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.Driving.Autonomy;

/// <summary>
/// What the vehicle asks a supervisor for when it stands blocked, and what a release allows: up to three manoeuvres that its own planner finds free,
/// the smallest offset of each kind; checked again before it goes (StVG § 1e (2) nos. 3 and 5). Allocates only when it proposes.
/// </summary>
internal sealed class Manoeuvres(SweeperModel model)
{
    /// <summary>A released manoeuvre is driven no faster, m/s.</summary>
    public const double MostMps = 1.4;

    // Kept of the usual distance to the sides when it squeezes past.
    private const double SqueezeShare = 0.4;
    private const double GridM = 0.25;

    // The rest of a manoeuvre that was recalled: how long, and the distance to the sides that is usual, m.
    private const double RestM = 20, BesideM = 0.5;

    // So long before its end it swings back, m.
    private const double BackM = 6;

    /// <summary>The path of a proposal has so many points at most.</summary>
    public const int MostPoints = 24;

    private int count;
    private Proposal? active;
    private double untilM;

    public Proposal? Active => active;

    /// <summary>The manoeuvre that was driven to its end last; 0: none.</summary>
    public int Done { get; private set; }

    public IReadOnlyList<Proposal> Proposals { get; private set; } = [];

    public int Refused { get; private set; }

    public string RefusedBecause { get; private set; } = "";

    /// <summary>When it refused what was released; infinite if it did not since it proposed last.</summary>
    public double RefusedAtS { get; private set; } = double.PositiveInfinity;

    /// <summary>Forgets what was proposed: the way or the situation is another.</summary>
    public void Forget() => (Proposals, active, RefusedAtS) = ([], null, double.PositiveInfinity);

    /// <summary>Looks for ways past what is in the way.</summary>
    /// <param name="blocker">Index of the obstacle; negative where the street is too narrow.</param>
    public void Propose(Way way, int leg, double legM, int blocker, bool isGesture, in PlanRequest ask, ReferenceLine line, Obstacles obstacles, TrajectoryPlanner planner, ReadOnlySpan<Track> tracks)
    {
        var found = new List<Proposal>();
        var seen = blocker >= 0 ? Describe(tracks[obstacles.All[blocker].Track], obstacles.All[blocker], ask) : "Nothing ahead, but it stands over a line, or the street is too narrow there.";
        if (isGesture)
        {
            found.Add(new(++count, ManoeuvreKind.PassGesture, leg, legM, 30, Enumerable.Repeat(0.0, 16).ToArray(), 0.5, "Drive on past the person who holds it up, at walking pace", seen)
            {
                Points = Points(Enumerable.Repeat(0.0, 16).ToArray(), line, ask.AlongM),
            });
        }
        else if (blocker >= 0 || ask.D + (model.WidthM / 2) > line.Near(ask.AlongM).OwnLeftM)
        {
            // Over its line with nothing ahead it was recalled from a manoeuvre: what it needs is the rest of it.
            var (fullM, lengthM) = blocker >= 0
                ? (obstacles.All[blocker].ClearM, obstacles.All[blocker].AlongM + obstacles.All[blocker].HalfAlongM + model.RearOverhangM + 7 - ask.AlongM)
                : (BesideM, RestM);
            foreach (var kind in (ReadOnlySpan<ManoeuvreKind>)[ManoeuvreKind.CrossLine, ManoeuvreKind.Squeeze, ManoeuvreKind.CrossLineAndSqueeze])
            {
                if (Smallest(Allowed(kind, ask), false, lengthM, line, obstacles, planner) is { } offsetM && found.All(other => Math.Abs(other.OffsetsM.MaxBy(Math.Abs) - offsetM) > 0.3))
                {
                    var share = Allowed(kind, ask).ClearShare;
                    var clearM = Math.Round(fullM * share, 2);
                    var offsets = Path(offsetM, lengthM, ask);
                    found.Add(new(++count, kind, leg, legM, lengthM, offsets, clearM, Text(kind, offsetM, lengthM, clearM, way.HasSolidLine(leg)), seen) { Points = Points(offsets, line, ask.AlongM) });
                }
            }
        }

        Proposals = found;
    }

    /// <summary>A supervisor has released a proposal: taken up, or refused with a reason.</summary>
    public void Release(int id, in PlanRequest ask, ReferenceLine line, Obstacles obstacles, TrajectoryPlanner planner, SensorFrame frame)
    {
        if (active is not null || id == Refused)
        {
            return;
        }

        Proposal? proposal = null;
        foreach (var one in Proposals)
        {
            proposal = one.Id == id ? one : proposal;
        }

        if (proposal is null)
        {
            Refuse(id, "It is not among the manoeuvres that are proposed now.", frame);
            return;
        }

        var endM = ask.AlongM + proposal.LengthM;
        if (proposal.Kind != ManoeuvreKind.PassGesture)
        {
            if (Smallest(Allowed(proposal.Kind, ask), true, proposal.LengthM, line, obstacles, planner) is null)
            {
                Refuse(id, "What stands there leaves no room any more.", frame);
                return;
            }

            if (proposal.Kind != ManoeuvreKind.Squeeze && !TrafficRules.IsFree(endM, obstacles, frame, ask.AlongM, 0, MostMps, 0))
            {
                Refuse(id, "Somebody comes the other way, or too little can be seen.", frame);
                return;
            }
        }

        (active, untilM) = (proposal, endM);
    }

    private void Refuse(int id, string because, SensorFrame frame) => (Refused, RefusedBecause, RefusedAtS) = (id, because, frame.TimeS);

    /// <summary>What the active manoeuvre allows the planner; ends it where it is done.</summary>
    public void Apply(ref PlanRequest ask)
    {
        if (active is null)
        {
            return;
        }

        if (ask.AlongM > untilM)
        {
            Done = active.Id;
            Forget();
            return;
        }

        ask = Allowed(active.Kind, ask);
        if (active.Kind != ManoeuvreKind.PassGesture && ask.AlongM < untilM - BackM)
        {
            // What was released is its offset: it swings out at once, and does not look for a lesser one.
            ask.TargetM = active.OffsetsM[^1];
        }

        ask.MostMps = Math.Min(ask.MostMps, MostMps);
        ask.StandoffM = 1;
    }

    private static PlanRequest Allowed(ManoeuvreKind kind, PlanRequest ask)
    {
        ask.MayCross |= kind is ManoeuvreKind.CrossLine or ManoeuvreKind.CrossLineAndSqueeze;
        ask.ClearShare = kind is ManoeuvreKind.Squeeze or ManoeuvreKind.CrossLineAndSqueeze ? SqueezeShare : 1;
        return ask;
    }

    /// <param name="isKnown">What was found free once is so still, if the noise of the readings is all that speaks against it.</param>
    private static double? Smallest(in PlanRequest ask, bool isKnown, double lengthM, ReferenceLine line, Obstacles obstacles, TrajectoryPlanner planner)
    {
        for (var k = 1; k <= 16; k++)
        {
            for (var side = 1; side >= -1; side -= 2)
            {
                for (var overM = 6.5; overM < 12; overM += 1.5)
                {
                    if (planner.FreeAt(side * k * GridM, overM, isKnown, lengthM - 6, ask, line, obstacles, out _) >= lengthM - 7)
                    {
                        return side * k * GridM;
                    }
                }
            }
        }

        return null;
    }

    private static double[] Path(double offsetM, double lengthM, in PlanRequest ask)
    {
        var profile = new LateralProfile(0, ask.D, ask.Slope, ask.Bend, 7, offsetM);
        var offsets = new double[(int)(lengthM / 2) + 1];
        for (var i = 0; i < offsets.Length; i++)
        {
            offsets[i] = Math.Round(profile.At(2 * i).D, 2);
        }

        return offsets;
    }

    /// <summary>The offsets, 2 m apart, as places.</summary>
    private static Kehrwerk.Streets.MapPoint[] Points(double[] offsets, ReferenceLine line, double alongM)
    {
        var every = Math.Max(1, (offsets.Length + MostPoints - 2) / (MostPoints - 1));
        return
        [
            .. Enumerable.Range(0, offsets.Length).Where(i => i % every == 0 || i == offsets.Length - 1).Select(i =>
            {
                var (x, y, _, _) = line.Pose(alongM + (2 * i), offsets[i], 0, 0);
                return new Kehrwerk.Streets.MapPoint(Math.Round(x, 2), Math.Round(y, 2));
            }),
        ];
    }

    private static string Text(ManoeuvreKind kind, double offsetM, double lengthM, double clearM, bool isSolid)
    {
        var side = offsetM > 0 ? "left" : "right";
        var line = isSolid ? "the solid line" : "the middle of the street";
        return kind == ManoeuvreKind.Squeeze
            ? string.Create(CultureInfo.InvariantCulture, $"Pass {Math.Abs(offsetM):F1} m to the {side} at walking pace with {clearM:F1} m to the side, for {lengthM:F0} m")
            : string.Create(CultureInfo.InvariantCulture, $"Cross {line} on the {side} for {lengthM:F0} m, with {clearM:F1} m to the side");
    }

    private static string Describe(in Track t, in Obstacle o, in PlanRequest ask) => string.Create(
        CultureInfo.InvariantCulture,
        $"{t.Class} of {t.LengthM:F1} × {t.WidthM:F1} m, {o.AlongM - ask.AlongM:F1} m ahead, {o.AsideM:F1} m to the left of the way, standing{(t.Has(ObjectSigns.Hazard) ? " with hazard lights" : "")}; seen {t.Hits} times.");
}
