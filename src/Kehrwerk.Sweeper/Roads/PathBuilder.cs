using Kehrwerk.Streets;

namespace Kehrwerk.Sweeper.Roads;

/// <summary>Builds the points of a <see cref="RoadPath"/>: straight pieces beside the arcs' lines, curves between them. Used once.</summary>
internal sealed class PathBuilder(StreetNetwork network, double turningRadiusM)
{
    // Corners are driven on this radius where there is room, metres; below this angle they are no corners, radians.
    private const double CornerRadiusM = 6;
    private const double StraightRad = 0.01;

    // From here on it is turning round.
    private const double TurnBackRad = 2.6;

    // A vehicle that turns round keeps its front so far from the end of the street, metres.
    private const double FrontM = 3.5;

    private readonly List<Piece> pieces = [];
    private readonly List<PathPoint> points = [];

    /// <summary>A straight piece beside one piece of an arc's line.</summary>
    /// <param name="FromM">Metres from the start of the arc to its start; so is <paramref name="ToM"/> to its end.</param>
    private record struct Piece(MapPoint From, MapPoint To, int Leg, double FromM, double ToM, Carriageway Road, double AsideM, double ArcLengthM)
    {
        public readonly double LengthM => From.DistanceTo(To);
        public readonly double HeadingRad => Math.Atan2(To.Y - From.Y, To.X - From.X);
        public readonly double ArcM(double share) => FromM + (share * (ToM - FromM));
    }

    public PathPoint[] Build(IReadOnlyList<PathLeg> legs)
    {
        for (var i = 0; i < legs.Count; i++)
        {
            AddPieces(legs[i], i);
        }

        for (var i = 0; i < pieces.Count; i++)
        {
            var next = i + 1 < pieces.Count ? pieces[i + 1] : (Piece?)null;
            var turnRad = next is { } n ? Math.IEEERemainder(n.HeadingRad - pieces[i].HeadingRad, 2 * Math.PI) : 0;
            if (Math.Abs(turnRad) > TurnBackRad)
            {
                TurnRound(i, turnRad);
            }
            else if (next is not null)
            {
                Round(i, turnRad);
            }
            else
            {
                Straight(pieces[i]);
            }
        }

        return WithShape();
    }

    private void AddPieces(PathLeg leg, int index)
    {
        var (line, road) = (network.ArcLine(leg.Arc), Carriageway.Of(network, leg.Arc));
        var alongM = 0.0;
        for (var j = 1; j < line.Length; j++)
        {
            var (a, b) = (line[j - 1], line[j]);
            var lengthM = a.DistanceTo(b);
            var (fromM, toM) = (alongM, alongM + lengthM);
            alongM = toM;
            if (lengthM < 1e-6 || toM <= leg.FromM)
            {
                continue;
            }

            if (leg.FromM > fromM)
            {
                a = a.Towards(b, (leg.FromM - fromM) / lengthM);
                fromM = leg.FromM;
            }

            var (nx, ny) = (-(b.Y - a.Y) / (toM - fromM) * leg.AsideM, (b.X - a.X) / (toM - fromM) * leg.AsideM);
            pieces.Add(new(new(a.X + nx, a.Y + ny), new(b.X + nx, b.Y + ny), index, fromM, toM, road, leg.AsideM, network.ArcLengthM[leg.Arc]));
        }
    }

    /// <summary>Drives piece <paramref name="i"/> up to the corner, and round it into the next, which is shortened by that.</summary>
    private void Round(int i, double turnRad)
    {
        var (one, two) = (pieces[i], pieces[i + 1]);
        var (h1, h2) = (one.HeadingRad, two.HeadingRad);
        var tangentM = CornerRadiusM * Math.Tan(Math.Abs(turnRad) / 2);
        // Where the two straight lines meet: beside the corner of the map, by the offset.
        var (dx, dy) = (two.From.X - one.To.X, two.From.Y - one.To.Y);
        var cross = Math.Sin(turnRad);
        var (overM, underM) = Math.Abs(turnRad) > StraightRad
            ? (((dx * Math.Sin(h2)) - (dy * Math.Cos(h2))) / cross, ((dx * Math.Sin(h1)) - (dy * Math.Cos(h1))) / cross)
            : (0, 0);
        // How far from their ends the curve leaves the one and enters the other.
        var outM = Math.Clamp(tangentM - overM, 0, one.LengthM * (i == 0 || one.Leg != pieces[Math.Max(0, i - 1)].Leg ? 0.6 : 0.5));
        var inM = Math.Clamp(tangentM + underM, 0, two.LengthM * 0.5);
        if (one.Leg != two.Leg && Math.Max(Math.Abs(dx), Math.Abs(dy)) > 0.1)
        {
            // From one offset to another a few metres are needed, also straight on.
            var shiftM = 4 * Math.Sqrt((dx * dx) + (dy * dy));
            outM = Math.Max(outM, Math.Min(shiftM, one.LengthM * 0.5));
            inM = Math.Max(inM, Math.Min(shiftM, two.LengthM * 0.5));
        }

        var (outAt, inAt) = (1 - (outM / one.LengthM), inM / two.LengthM);
        var (from, to) = (one.From.Towards(one.To, outAt), two.From.Towards(two.To, inAt));
        Straight(one with { To = from, ToM = one.ArcM(outAt) });
        Curve(one, two, from, to, one.ArcM(outAt), two.ArcM(inAt), h1, h2, one.Leg != two.Leg);
        pieces[i + 1] = two with { From = to, FromM = two.ArcM(inAt) };
    }

    /// <summary>A cubic Bézier curve that leaves and enters along the pieces; of a quarter circle it is off by 0.03 % of the radius.</summary>
    private void Curve(Piece one, Piece two, MapPoint from, MapPoint to, double fromM, double toM, double h1, double h2, bool isTurn)
    {
        var chordM = from.DistanceTo(to);
        var angle = Math.Abs(Math.IEEERemainder(h2 - h1, 2 * Math.PI));
        // Length of the handles of a circular arc: 4/3 tan(angle/4) radii; its chord is 2 sin(angle/2) radii.
        var handleM = chordM * (angle < 0.05 ? 1.0 / 3 : 4.0 / 3 * Math.Tan(angle / 4) / (2 * Math.Sin(angle / 2)));
        var (c1, c2) = (new MapPoint(from.X + (handleM * Math.Cos(h1)), from.Y + (handleM * Math.Sin(h1))),
            new MapPoint(to.X - (handleM * Math.Cos(h2)), to.Y - (handleM * Math.Sin(h2))));
        var arcEndM = one.Leg == two.Leg ? toM : one.ArcLengthM;
        var count = Math.Max(1, (int)Math.Ceiling(1.2 * chordM / RoadPath.SpacingM));
        for (var k = 0; k < count; k++)
        {
            var t = (double)k / count;
            var u = 1 - t;
            var at = new MapPoint(
                (u * u * u * from.X) + (3 * u * u * t * c1.X) + (3 * u * t * t * c2.X) + (t * t * t * to.X),
                (u * u * u * from.Y) + (3 * u * u * t * c1.Y) + (3 * u * t * t * c2.Y) + (t * t * t * to.Y));
            var (piece, legM) = one.Leg == two.Leg ? (t < 0.5 ? one : two, fromM + (t * (toM - fromM)))
                : t < 0.5 ? (one, fromM + (2 * t * (arcEndM - fromM)))
                : (two, (2 * t - 1) * toM);
            Add(at, piece, legM, isTurn, isReverse: false);
        }
    }

    /// <summary>
    /// Turns round at the end of piece <paramref name="i"/>: ahead to the left, back to the right, ahead to the left, each on the tightest radius R.
    /// With the same angle a in the first and the last move the vehicle comes out 2R(1 − 2 cos a) to the left; from 2R on half a circle does it.
    /// </summary>
    private void TurnRound(int i, double turnRad)
    {
        var (one, two) = (pieces[i], pieces[i + 1]);
        var h = one.HeadingRad;
        var leftM = ((two.From.X - one.To.X) * -Math.Sin(h)) + ((two.From.Y - one.To.Y) * Math.Cos(h));
        var side = leftM < 0 ? -1 : 1;
        var acrossM = Math.Abs(leftM);
        var radiusM = turningRadiusM * 1.1;
        var isHalfCircle = acrossM >= 2 * radiusM;
        var a = isHalfCircle ? Math.PI / 2 : Math.Acos((1 - (acrossM / (2 * radiusM))) / 2);
        radiusM = isHalfCircle ? acrossM / 2 : radiusM;
        var beforeEndM = Math.Min(one.LengthM * 0.9, FrontM + (radiusM * Math.Sin(a)));
        var outAt = 1 - (beforeEndM / one.LengthM);
        var start = one.From.Towards(one.To, outAt);
        Straight(one with { To = start, ToM = one.ArcM(outAt) });
        var (at, heading) = (start, h);
        var halfM = one.ArcM(outAt);
        (at, heading) = Bow(one, at, heading, side * radiusM, a, false, halfM);
        if (!isHalfCircle)
        {
            (at, heading) = Bow(one, at, heading, side * radiusM, Math.PI - (2 * a), true, halfM);
        }

        // Another street than the one that was come from need not lead straight back.
        (at, heading) = Bow(one, at, heading, side * radiusM, Math.Max(0, Math.Abs(turnRad) - Math.PI + a), false, halfM);
        var h2 = two.HeadingRad;
        var besideM = Math.Abs(((at.X - two.From.X) * -Math.Sin(h2)) + ((at.Y - two.From.Y) * Math.Cos(h2)));
        var aheadM = ((at.X - two.From.X) * Math.Cos(h2)) + ((at.Y - two.From.Y) * Math.Sin(h2));
        var inAt = Math.Clamp((aheadM + (besideM < 0.05 ? 0 : Math.Max(1, 4 * besideM))) / two.LengthM, 0, 0.9);
        var entry = two.From.Towards(two.To, inAt);
        Curve(two, two, at, entry, 0, two.ArcM(inAt), heading, h2, isTurn: true);
        pieces[i + 1] = two with { From = entry, FromM = two.ArcM(inAt) };
    }

    /// <summary>Turns by an angle on a circle, ahead or backwards; the heading turns to the same side either way.</summary>
    private (MapPoint At, double HeadingRad) Bow(Piece piece, MapPoint at, double heading, double radiusM, double angle, bool isReverse, double legM)
    {
        var count = Math.Max(2, (int)Math.Ceiling(Math.Abs(radiusM) * angle / RoadPath.SpacingM));
        var (turn, way) = (Math.Sign(radiusM) * angle, isReverse ? -radiusM : radiusM);
        var centre = new MapPoint(at.X - (way * Math.Sin(heading)), at.Y + (way * Math.Cos(heading)));
        MapPoint On(double h) => new(centre.X + (way * Math.Sin(h)), centre.Y - (way * Math.Cos(h)));
        for (var k = 0; k <= count; k++)
        {
            Add(On(heading + (turn * k / count)), piece, legM, isTurn: true, isReverse);
        }

        return (On(heading + turn), heading + turn);
    }

    private void Straight(Piece piece)
    {
        var count = Math.Max(1, (int)Math.Ceiling(piece.LengthM / RoadPath.SpacingM));
        for (var k = 0; k <= count; k++)
        {
            var share = (double)k / count;
            Add(piece.From.Towards(piece.To, share), piece, piece.ArcM(share), isTurn: false, isReverse: false);
        }
    }

    private void Add(MapPoint at, Piece piece, double legM, bool isTurn, bool isReverse)
    {
        // Two points in one place say nothing about the direction, but where the gear changes.
        if (points.Count > 0 && points[^1].At.DistanceTo(at) < 0.02 && points[^1].IsReverse == isReverse)
        {
            return;
        }

        var (road, asideM) = (piece.Road, piece.AsideM);
        points.Add(new()
        {
            At = at,
            Leg = piece.Leg,
            LegM = legM,
            RightM = road.HalfWidthM + asideM,
            LeftM = road.HalfWidthM - asideM,
            OwnLeftM = Math.Max(road.OncomingFromM - asideM, 0),
            IsTurn = isTurn,
            IsReverse = isReverse,
        });
    }

    /// <summary>Adds headings, curvatures and distances, which need the neighbours.</summary>
    private PathPoint[] WithShape()
    {
        var shaped = points.ToArray();
        var alongM = 0.0;
        for (var i = 0; i < shaped.Length; i++)
        {
            // The direction of the piece that follows; at the end of a gear or of the path that of the piece before.
            var isEnd = i + 1 >= shaped.Length || shaped[i + 1].IsReverse != shaped[i].IsReverse;
            var (a, b) = isEnd && i > 0 ? (shaped[i - 1].At, shaped[i].At) : i > 0 && shaped[i - 1].IsReverse == shaped[i].IsReverse && !isEnd ? (shaped[i - 1].At, shaped[i + 1].At) : (shaped[i].At, shaped[Math.Min(i + 1, shaped.Length - 1)].At);
            var heading = Math.Atan2(b.Y - a.Y, b.X - a.X);
            alongM += i > 0 ? shaped[i - 1].At.DistanceTo(shaped[i].At) : 0;
            shaped[i] = shaped[i] with { HeadingRad = shaped[i].IsReverse ? Math.IEEERemainder(heading + Math.PI, 2 * Math.PI) : heading, AlongM = alongM };
        }

        for (var i = 1; i + 1 < shaped.Length; i++)
        {
            var (a, b) = (shaped[i - 1], shaped[i + 1]);
            if (a.IsReverse == b.IsReverse && b.AlongM > a.AlongM)
            {
                var turned = Math.IEEERemainder(b.HeadingRad - a.HeadingRad, 2 * Math.PI);
                shaped[i] = shaped[i] with { Curvature = (shaped[i].IsReverse ? -turned : turned) / (b.AlongM - a.AlongM) };
            }
        }

        for (var i = 0; i < shaped.Length; i++)
        {
            AtEdge(shaped, i, i + 1);
            AtEdge(shaped, i, i - 1);
        }

        return shaped;
    }

    /// <summary>The first and the last point of a gear bend on as their neighbour does: a chord alone would say half a step too little.</summary>
    private static void AtEdge(PathPoint[] shaped, int i, int inner)
    {
        var (outer, far) = (i - (inner - i), inner + (inner - i));
        var isEdge = outer < 0 || outer >= shaped.Length || shaped[outer].IsReverse != shaped[i].IsReverse;
        if (isEdge && far >= 0 && far < shaped.Length && shaped[inner].IsReverse == shaped[i].IsReverse && shaped[far].IsReverse == shaped[i].IsReverse)
        {
            var beyond = Math.IEEERemainder(shaped[i].HeadingRad - shaped[inner].HeadingRad, 2 * Math.PI);
            shaped[i] = shaped[i] with { HeadingRad = Math.IEEERemainder(shaped[i].HeadingRad + beyond, 2 * Math.PI), Curvature = shaped[inner].Curvature };
        }
    }
}
