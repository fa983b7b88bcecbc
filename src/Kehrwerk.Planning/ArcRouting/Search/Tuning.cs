#pragma warning disable
namespace Kehrwerk.Planning.ArcRouting.Search;
internal static class Tuning { public static double Hot = 0.3, Cold = 0.003, Removed = 10, Longest = 10, NearFrom = 250, NearTried = 40, Cycles=1, Reheat=0.1, Sp=0, CollectFrom=0.5, CollectGap=0.01, SpColumns=10000, SpSeconds=2, SpCut=0, SpNodes=0, FromBest=1, X = 0, Y = 0, Z = 0; }
