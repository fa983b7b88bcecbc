using Kehrwerk.Link;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Demo;
using Kehrwerk.Sweeper.Driving.Autonomy;
using Kehrwerk.Sweeper.Roads;
using Kehrwerk.Sweeper.Sensing;
using Kehrwerk.Sweeper.World;
using Behaviour = Kehrwerk.Sweeper.Driving.Autonomy.Behaviour;

namespace Kehrwerk.Sweeper.Tests.Autonomy;

/// <summary>The pilot in the virtual world: Musterstadt with its traffic, its sensors and their errors; no safety layer.</summary>
public sealed class PilotWorldTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(4, true)]
    public void Through_the_town_it_drives_and_touches_nobody(int seed, bool sweeps)
    {
        var trip = new Trip(seed, sweeps);

        trip.Drive(60);

        Assert.True(trip.Hits() == 0, trip.Report());
        Assert.True(trip.Vehicle.Truth.DrivenM > 25, trip.Report());
        Assert.True(trip.Vehicle.Truth.OffRoadM < 0.3, trip.Report());
    }

    internal sealed class Trip
    {
        private readonly SensorFrame frame = new();
        private readonly StreetNetwork network = Town.Musterstadt.Streets;
        private readonly Dictionary<Behaviour, double> seconds = [];
        private Actuation wish;
        private double worstOffM;

        public Trip(int seed, bool sweeps, double factor = 1)
        {
            var dice = new Dice(seed * 7919L);
            var legs = new List<PilotLeg>();
            var arc = dice.Below(network.ArcCount);
            for (var i = 0; i < 12; i++)
            {
                legs.Add(new(arc, 0, sweeps && i % 3 != 2 ? SweepSide.Right : null, Math.Min(7, network.ArcSpeedMps[arc])));
                var node = network.ArcHead[arc];
                var (first, count) = (network.FirstOut[node], network.FirstOut[node + 1] - network.FirstOut[node]);
                if (count == 0)
                {
                    break;
                }

                var next = first + dice.Below(count);
                next = next == network.ArcReverse[arc] && count > 1 ? first + ((next - first + 1) % count) : next;
                arc = next;
            }

            var start = new Way(network, SweeperModel.Default, legs).Path.At(1);
            World = new(network, new() { Seed = seed, Around = [start.At], CarFactor = factor, CyclistFactor = factor, PedestrianFactor = factor, Buildings = WorldSettings.BuildingsOf(Town.Musterstadt) });
            Vehicle = new(World, SweeperModel.Default, start.At.X, start.At.Y, start.HeadingRad, seed);
            Pilot = new(SweeperModel.Default, network);
            Pilot.Follow(legs);
        }

        public VirtualWorld World { get; }
        public VirtualPlatform Vehicle { get; }
        public Pilot Pilot { get; }

        public void Drive(double forS, Action<Trip>? each = null)
        {
            var task = new PilotTask { MaySetOff = true };
            for (var tick = 0; tick < forS / IPlatform.TickS && !Pilot.State.IsAtEnd; tick++)
            {
                Vehicle.Tick(wish, frame);
                wish = Pilot.Step(frame, task);
                seconds[Pilot.State.Behaviour] = seconds.GetValueOrDefault(Pilot.State.Behaviour) + IPlatform.TickS;
                worstOffM = !Pilot.Where.IsKnown ? 0 : Math.Max(worstOffM, Math.Sqrt(Math.Pow(Pilot.State.X - Vehicle.Body.X, 2) + Math.Pow(Pilot.State.Y - Vehicle.Body.Y, 2)));
                each?.Invoke(this);
            }
        }

        /// <summary>Contacts while it moved itself.</summary>
        public int Hits() => Vehicle.Truth.Collisions.ToArray().Count(hit => hit.OwnMps > 0.05);

        public string Report()
        {
            var (t, s) = (Vehicle.Truth, Pilot.State);
            return FormattableString.Invariant($"{t.DrivenM:F0} m driven, {t.SweptM:F0} swept (gap {t.MeanGapM:F2}), off road {t.OffRoadS:F1} s {t.OffRoadM:F2} m, position off {worstOffM:F2} m, ")
                + string.Join(' ', seconds.Select(one => FormattableString.Invariant($"{one.Key} {one.Value:F0}")))
                + FormattableString.Invariant($"; now {s.Behaviour} leg {s.Leg} at {s.LegM:F1}/{s.AlongM:F1} aside {s.AsideM:F2}, blocked {s.Blocked} by {s.BlockedBy} yields {s.Yields} to {s.YieldsToTrack}, free {Pilot.Trajectory.FreeM:F1} by {Pilot.Trajectory.Blocker} to {Pilot.Trajectory.Across.ToM:F2}, fallback {s.IsFallback}, std {s.PositionStdM:F2}; ")
                + string.Join(' ', t.Collisions.ToArray().Select(hit => FormattableString.Invariant($"[{hit.Kind} at {hit.TimeS:F1} s own {hit.OwnMps:F1} rel {hit.RelativeMps:F1}]")))
                + (s.BlockedBy > 0 ? " blocker: " + Pilot.Tracks.ToArray().Where(one => one.Id == s.BlockedBy).Select(one => FormattableString.Invariant($"{one.Class} {one.LengthM:F1}x{one.WidthM:F1} v {one.SpeedMps:F1}")).FirstOrDefault() : "");
        }
    }
}
