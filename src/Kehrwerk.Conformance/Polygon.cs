using System.Collections.Immutable;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Conformance;

/// <summary>Whether the corners of a zone or of an envelope are as VDA 5050 3.0.0, 7.6 and 7.10 ask. The polygon is closed by itself.</summary>
internal static class Polygon
{
    public static bool IsCounterClockwise(ImmutableArray<Vertex> corners)
    {
        double twice = 0;
        for (var i = 0; i < corners.Length; i++)
        {
            var (here, next) = (corners[i], corners[(i + 1) % corners.Length]);
            twice += (here.X * next.Y) - (next.X * here.Y);
        }

        return twice > 0;
    }

    /// <summary>No two lines that are not neighbours cross.</summary>
    public static bool IsSimple(ImmutableArray<Vertex> corners)
    {
        var count = corners.Length;
        for (var i = 0; i < count; i++)
        {
            for (var j = i + 2; j < count; j++)
            {
                if ((j + 1) % count != i && Cross(corners[i], corners[i + 1], corners[j], corners[(j + 1) % count]))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static bool Cross(Vertex a, Vertex b, Vertex c, Vertex d) => Side(a, b, c) * Side(a, b, d) < 0 && Side(c, d, a) * Side(c, d, b) < 0;

    private static int Side(Vertex a, Vertex b, Vertex p) => Math.Sign(((b.X - a.X) * (p.Y - a.Y)) - ((b.Y - a.Y) * (p.X - a.X)));
}
