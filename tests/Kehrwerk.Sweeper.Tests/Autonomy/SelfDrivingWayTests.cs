using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Driving;
using Kehrwerk.Sweeper.Driving.Autonomy;
using Kehrwerk.Sweeper.World;
using Xunit;

namespace Kehrwerk.Sweeper.Tests.Autonomy;

/// <summary>The order's legs and the pilot's way, in the virtual world: what counts as progress where the order changes, and where the vehicle is to stand.</summary>
public sealed class SelfDrivingWayTests
{
    private static readonly StreetNetwork Street = Course.Straight(7, speedMps: 8.3), Cross = Course.Cross(speedMps: 8.3);
    private static readonly SweeperModel Model = SweeperModel.Default;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_stop_in_the_middle_is_told_whichever_tick_the_vehicle_comes_to_stand_in(int earlier)
    {
        var (legs, platform, self) = On(Street, 170, (1, 2, true), (2, 3, false));
        for (var i = 0; i < earlier; i++)
        {
            platform.Tick(default, self.Frame);
        }

        self.Follow(legs.Select(leg => (leg, (SweepSide?)null)), 170);

        Assert.True(Run(self, 40, () => self.IsAtStop), Where(self));
        Assert.InRange(platform.Body.X, 199, 200.6);
        Assert.True(Run(self, 40, () => self.Place is { AtM: > 20 } place && place.Leg == legs[1]), Where(self));
    }

    [Fact]
    public void A_way_given_in_a_bend_books_no_progress_on_the_wrong_leg()
    {
        var (legs, _, self) = On(Cross, 50, (4, 1, false), (1, 5, false), (5, 1, false));
        self.Follow(legs.Select(leg => (leg, (SweepSide?)null)), 50);
        bool IsInBend() => self.Pilot.Line.Near(self.Pilot.State.AlongM).IsTurn && !self.Pilot.State.IsStanding;
        Assert.True(Run(self, 40, () => IsInBend() && self.Pilot.State.Leg == 1), Where(self));

        // Of the order only the legs ahead are left, and the next one is to be swept.
        Leg[] given = [NewLeg(Cross, 1, 5, 3, false), NewLeg(Cross, 5, 1, 5, false)];
        self.Follow(given.Select(leg => (leg, (SweepSide?)SweepSide.Right)), self.Pilot.State.LegM);
        Assert.True(self.Pilot.IsChangingWay);

        var (onM, changed) = (self.Pilot.State.LegM, false);
        Run(self, 20, null, () =>
        {
            var place = self.Place;
            Assert.NotNull(place);
            Assert.Same(given[0], place.Value.Leg);
            Assert.InRange(place.Value.AtM, onM - 0.3, onM + 1.2);
            (onM, changed) = (place.Value.AtM, changed | !self.Pilot.IsChangingWay);
        });
        Assert.True(changed);
        Assert.True(onM > 12, $"{onM:F1} m");
    }

    [Fact]
    public void Another_limit_or_a_longer_order_goes_on_with_the_same_way()
    {
        var (legs, _, self) = On(Street, 20, (1, 2, false));
        self.Follow(legs.Select(leg => (leg, (SweepSide?)null)), 20);
        Assert.True(Run(self, 30, () => self.Place is { AtM: > 50 }), Where(self));
        var alongM = self.Pilot.State.AlongM;
        Assert.InRange(alongM, 37, 40);
        Leg[] given = [];

        for (var i = 0; i < 10; i++)
        {
            given = [NewLeg(Street, 1, 2, 1, false, i % 2 == 0 ? 3 : 2.5), NewLeg(Street, 2, 3, 3, false)];
            self.Follow(given.Select(leg => (leg, (SweepSide?)null)), self.Place!.Value.AtM);
            Run(self, 1);
            Assert.Same(given[0], self.Place!.Value.Leg);
            Assert.Equal(self.Place!.Value.AtM, self.Pilot.State.AlongM + 12, 0.5);
        }

        Assert.InRange(self.Pilot.State.SpeedMps, 2, 3.1);
        Assert.True(Run(self, 90, () => self.Place is { } place && place.Leg == given[1]), Where(self));

        // The same legs once more are another round.
        Assert.False(self.Pilot.IsNear(0, 20));
    }

    private static (Leg[] Legs, VirtualPlatform Platform, SelfDriving Self) On(StreetNetwork network, double atM, params (int From, int To, bool Stops)[] way)
    {
        Leg[] legs = [.. way.Select((leg, i) => NewLeg(network, leg.From, leg.To, (uint)((2 * i) + 1), leg.Stops))];
        var start = new Way(network, Model, [.. legs.Select(leg => new PilotLeg(leg.Arc, 0, null, leg.LimitMps))]).Path.At(atM);
        var world = new VirtualWorld(network, new() { Seed = 1, CarFactor = 0, CyclistFactor = 0, PedestrianFactor = 0, ParkedFactor = 0, RunOutsPerMin = 0, EmergencyPercent = 0 });
        var platform = new VirtualPlatform(world, Model, start.At.X, start.At.Y, start.HeadingRad);
        return (legs, platform, new(Model, network, platform));
    }

    private static Leg NewLeg(StreetNetwork network, int from, int to, uint sequenceId, bool stops, double mostMps = 7) =>
        new(network, Model, Course.Arc(network, from, to), sequenceId, mostMps, stops);

    private static bool Run(SelfDriving self, double seconds, Func<bool>? until = null, Action? each = null)
    {
        for (var s = 0.0; s < seconds; s += SweeperProgram.StepS)
        {
            self.Step(new() { MaySetOff = true }, SafetyMode.Supervised, false);
            each?.Invoke();
            if (until?.Invoke() == true)
            {
                return true;
            }
        }

        return false;
    }

    private static string Where(SelfDriving self)
    {
        var s = self.Pilot.State;
        return FormattableString.Invariant($"{s.Behaviour} on {s.Leg} at {s.LegM:F1} m, {s.SpeedMps:F2} m/s, blocked {s.Blocked}, {self.Verdict.Action} {self.Verdict.Cause}");
    }
}
