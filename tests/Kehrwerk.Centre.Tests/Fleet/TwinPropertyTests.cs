using CsCheck;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Simulation;
using Kehrwerk.Link.Simulation;
using Xunit;

namespace Kehrwerk.Centre.Tests.Fleet;

/// <summary>Whatever happens, by seed: bad network, cuts, killed vehicles, people's commands, more dirt than planned.</summary>
public sealed class TwinPropertyTests
{
    private const double ReserveWh = 0.2 * 1500;

    [Fact]
    public void Whatever_happens_every_kerb_is_swept_once_or_reported_and_the_reserve_is_kept() =>
        Gen.Int[0, 1_000_000].Sample(seed => Run(seed).Check(), iter: 6, threads: 1);

    [Fact]
    public void The_same_events_give_the_same_twins() =>
        Gen.Int[0, 1_000_000].Sample(
            seed => Assert.Equal(Run(seed).Shift.Centre.Notes.Select(n => n.ToString()), Run(seed).Shift.Centre.Notes.Select(n => n.ToString())),
            iter: 2, threads: 1);

    private static ChaoticShift Run(int seed)
    {
        var chance = new Random(seed);
        var shift = new TestShift(vehicles: 2, seed, LinkConditions.Rough, s => s with { BatteryWh = 1500, HopperM3 = 0.05 });
        var kerbs = Enumerable.Range(0, GridTown.City.Kerbs.Length).ToArray();
        chance.Shuffle(kerbs);
        foreach (var vehicle in shift.Vehicles)
        {
            vehicle.DirtM3PerM = (0.5 + chance.NextDouble()) * 0.01 / GridTown.BlockM;
        }

        var chaos = new ChaoticShift(shift, kerbs[..8], kerbs[8..14]);
        shift.Sweep([.. kerbs[..8]], [.. kerbs[8..14]]);
        for (var minute = 0.0; !shift.Centre.AllMissionsEnded && minute < 16 * 60; minute += 0.25)
        {
            shift.RunMinutes(0.25);
            chaos.Watch();
            if (minute < 60 && chance.NextDouble() < 0.05)
            {
                Disturb(shift, chance, shift.Vehicles[chance.Next(2)]);
            }

            if (minute > 65 && minute % 5 == 0)
            {
                LookAfterAll(shift.Centre);
            }
        }

        return chaos;
    }

    /// <summary>A command that did not reach its vehicle in time has expired: a person gives it again.</summary>
    private static void LookAfterAll(SimulatedCentre centre)
    {
        foreach (var twin in centre.Twins.ToList())
        {
            if (twin.IsStopped || twin.Facts is { Deactivated: true })
            {
                centre.Command(twin.Id, VehicleCommandKind.Release, "chance");
            }

            if (twin.IsPaused || twin.Facts is { Paused: true })
            {
                centre.Command(twin.Id, VehicleCommandKind.Resume, "chance");
            }
        }
    }

    private static void Disturb(TestShift shift, Random chance, TestVehicle vehicle)
    {
        var later = TimeSpan.FromSeconds(5 + chance.Next(120));
        switch (chance.Next(4))
        {
            case 0:
                vehicle.Client.Disconnect();
                var cut = vehicle.Client;
                shift.Loop.Schedule(later, cut.Reconnect);
                break;
            case 1:
                vehicle.Kill();
                vehicle.Start();
                break;
            case 2:
                shift.Centre.Command(vehicle.Id, VehicleCommandKind.Stop, "chance");
                shift.Loop.Schedule(later, () => shift.Centre.Command(vehicle.Id, VehicleCommandKind.Release, "chance"));
                break;
            default:
                shift.Centre.Command(vehicle.Id, VehicleCommandKind.Pause, "chance");
                shift.Loop.Schedule(later, () => shift.Centre.Command(vehicle.Id, VehicleCommandKind.Resume, "chance"));
                break;
        }
    }

    private sealed class ChaoticShift(TestShift shift, int[] first, int[] second)
    {
        private readonly Dictionary<string, (DateTimeOffset Since, int Orders)> stopped = [];
        private double leastWh = double.MaxValue;
        private string? orderedWhileStopped;

        public TestShift Shift => shift;

        public void Watch()
        {
            foreach (var (vehicle, twin) in shift.Vehicles.Zip(shift.Centre.Twins))
            {
                leastWh = Math.Min(leastWh, vehicle.Levels.BatteryWh);
                if (!twin.IsStopped)
                {
                    stopped.Remove(vehicle.Id.Serial);
                }
                else if (!stopped.TryGetValue(vehicle.Id.Serial, out var at))
                {
                    stopped[vehicle.Id.Serial] = (shift.Loop.Now, vehicle.Orders.Count);
                }
                else
                {
                    // What was on its way when the stop was given may still arrive; held messages come within 5 s.
                    var late = vehicle.Orders.Skip(at.Orders).Where(o => o.At > at.Since.AddSeconds(5)).ToList();
                    orderedWhileStopped ??= late.Count > 0 ? $"{vehicle.Id} at {late[0].At}" : null;
                }
            }
        }

        public void Check()
        {
            Assert.True(shift.Centre.AllMissionsEnded, string.Join("; ", shift.Centre.Twins.Where(t => t.Mission is { IsRunning: true })));
            Assert.Empty(shift.Centre.Violations);
            Assert.Null(orderedWhileStopped);
            Assert.Equal(first.Concat(second).Order(), shift.SweptKerbs.Concat(shift.Centre.MissedKerbs.Select(m => m.Kerb)).Order());
            Assert.InRange(shift.Centre.SweptKerbs.Count, 12, 14);
            Assert.InRange(leastWh, 0.99 * ReserveWh, 1500);
        }
    }
}
