using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Sweeper.Safety;

namespace Kehrwerk.Sweeper.Tests.Profile;

/// <summary>The link is cut at a random moment, a thousand times.</summary>
public sealed class LeaseCutTests
{
    private const int Runs = 1_000;

    /// <summary>How the link fails.</summary>
    private enum Cut
    {
        Vehicle,
        Centre,

        /// <summary>The line stands, and the Centre does not answer any more.</summary>
        CentreHangs,
    }

    [Fact]
    public void Every_vehicle_is_in_the_minimal_risk_manoeuvre_in_time_stands_after_its_braking_and_none_resumes_by_itself()
    {
        var faults = new List<string>();
        var moving = 0;
        for (var seed = 0; seed < Runs; seed++)
        {
            var (fault, wasMoving) = Run(seed);
            moving += wasMoving ? 1 : 0;
            if (fault is not null)
            {
                faults.Add($"seed {seed}: {fault}");
            }
        }

        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults.Take(20)));
        Assert.InRange(moving, Runs / 2, Runs - 1);
    }

    private static (string? Fault, bool WasMoving) Run(int seed)
    {
        var chance = new Random(seed);
        // Clocks that are hours apart change nothing: each side counts its own time.
        var world = new SupervisedWorld(seed, TimeSpan.FromSeconds(chance.Next(-7200, 7200)));
        world.Drive(sweep: chance.Next(2) == 0 ? _ => true : null);
        var rules = new SupervisionRules();
        var model = SweeperModel.Default;
        world.Run(2);
        if (chance.Next(10) == 0)
        {
            // Paused with an order in hand: that too ends in the minimal risk condition.
            world.Command(SweeperActions.StartPause);
        }

        world.Run(chance.NextDouble() * 15);
        if (world.IsAtRisk)
        {
            return ("at risk before the cut", false);
        }

        var cut = (Cut)chance.Next(3);
        var cutAt = world.VehicleNow;
        Break(world, cut);
        var timeout = rules.LeaseTimeout.TotalSeconds;
        while (!world.IsAtRisk && (world.VehicleNow - cutAt).TotalSeconds < timeout + 5)
        {
            world.Run(0.1);
        }

        var tookS = ((world.Safety.Since ?? DateTimeOffset.MaxValue) - cutAt).TotalSeconds;
        if (!world.IsAtRisk || tookS > timeout + 0.5 || tookS < timeout - 1.5)
        {
            return ($"{cut}: the manoeuvre began {tookS:0.00} s after the cut", false);
        }

        var speedMps = world.SpeedMps;
        world.Run((speedMps / model.BrakingMps2) + 0.3);
        if (world.SpeedMps > 0)
        {
            return ($"{cut}: still drives {world.SpeedMps:0.00} m/s after braking from {speedMps:0.00}", true);
        }

        var standsAt = world.Program.Condition.OdometerM;
        world.Run(chance.NextDouble() * 6);
        Mend(world, cut);
        // The vehicle says how it stands every 5 s.
        world.Run(7);
        return (world.Program.Condition.OdometerM != standsAt ? $"{cut}: moved {world.Program.Condition.OdometerM - standsAt:0.00} m by itself"
            : world.Report.Mode != SafetyMode.Mrc ? $"{cut}: reports {world.Report.Mode} after the link was back"
            : world.Report.LeaseAgeS is not < 3 ? $"{cut}: has no valid lease although the link is back"
            : world.State.OrderId != "o1" || world.State.NodeStates.IsEmpty ? $"{cut}: lost its order"
            : null, speedMps > 0);
    }

    private static void Break(SupervisedWorld world, Cut cut)
    {
        if (cut == Cut.Vehicle)
        {
            world.Vehicle.Disconnect();
        }
        else if (cut == Cut.Centre)
        {
            world.Centre.Disconnect();
        }

        world.GivesLeases = cut != Cut.CentreHangs;
    }

    private static void Mend(SupervisedWorld world, Cut cut)
    {
        world.GivesLeases = true;
        (cut == Cut.Vehicle ? world.Vehicle : world.Centre).Reconnect();
    }
}
