#pragma warning disable
namespace Kehrwerk.Planning.ArcRouting.Search;
internal static class Tuning { public static double Hot = 0.3, Cold = 0.003, Removed = 10, Longest = 10, NearFrom = 250, NearTried = 40, X = 0, Y = 0, Z = 0; }
