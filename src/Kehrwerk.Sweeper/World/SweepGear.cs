using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.World;

/// <summary>Brooms, fan, hopper, water and battery of a vehicle, as they truly are. Not thread-safe.</summary>
internal sealed class SweepGear(VirtualWorld world, SweeperModel model)
{
    // The model's sweeping power is that at usual suction; at full suction a compact sweeper takes 12 kW instead of 7.5.
    private const double UsualSuction = 0.6, FullSuction = 1.8;

    // Amperes at 48 V of both broom motors: turning free, on the ground, more by dirt, pressed against a kerb, blocked.
    private const double FreeA = 6, GroundA = 6, DirtA = 8, KerbA = 10, BlockedA = 60;
    private const double SweepsWithinM = 0.4;
    private const double LeavesM3 = 0.25;
    private const double SweptDirt = 0.05;

    private readonly int[] near = new int[16];
    private double raisedS, takenAtM, takenDirt;
    private int takenArc = -1;

    public double BroomCurrentA { get; private set; }
    public double FanCurrentA { get; private set; }
    public double HopperM3 { get; set; }
    public double HopperKg { get; set; }
    public double WaterL { get; set; } = model.WaterL;
    public double BatteryWh { get; set; } = model.BatteryWh;
    public bool IsBlocked { get; private set; }

    /// <summary>The pump was used in frost. It stays broken.</summary>
    public bool IsPumpFrozen { get; private set; }

    public bool IsDown => IsRightDown || IsLeftDown;

    public bool IsRightDown { get; private set; }

    public bool IsLeftDown { get; private set; }

    /// <summary>Volume or payload, whichever is first.</summary>
    public bool IsFull => HopperM3 >= model.HopperM3 || HopperKg >= model.HopperKg;

    /// <summary>Supply of the driving system, V: falls by 2 V over the charge, and where the battery is empty to nothing.</summary>
    public double SupplyV => BatteryWh <= 0 ? 0 : 23.5 + (2 * BatteryWh / model.BatteryWh);

    /// <param name="rolledM">Metres in this tick, negative backwards.</param>
    /// <param name="right">Kerb under the right broom: gap to its line, metres; its arc, side and place; NaN where there is none.</param>
    public void Step(in Actuation done, double rolledM, double speedMps, in KerbAt right, in KerbAt left, double stepS)
    {
        (IsRightDown, IsLeftDown) = (done.BroomRight, done.BroomLeft);
        raisedS = IsDown ? 0 : raisedS + stepS;
        IsBlocked &= raisedS < 3;
        Pump(done, stepS);
        var (current, taken) = (0.0, 0.0);
        Broom(done.BroomRight, right, rolledM, done.SuctionShare, ref current, ref taken);
        Broom(done.BroomLeft, left, rolledM, done.SuctionShare, ref current, ref taken);
        BroomCurrentA = IsDown && IsBlocked ? BlockedA : current;
        FanCurrentA = done.SuctionShare <= 0 ? 0 : 40 + (120 * done.SuctionShare * done.SuctionShare);
        // Wet sweepings weigh what the model says, dry ones about half.
        HopperM3 = Math.Min(model.HopperM3, HopperM3 + taken);
        HopperKg = Math.Min(model.HopperKg, HopperKg + (taken * model.SweepingsKgPerM3 * (done.Water && WaterL > 0 ? 1 : 0.5 + (0.5 * world.Settings.Weather.WetShare))));
        var powerW = IsDown ? model.IdlePowerW + ((model.SweepPowerW - model.IdlePowerW) * (1 + (FullSuction * (done.SuctionShare - UsualSuction)))) : model.DrivePowerW(Math.Abs(speedMps));
        BatteryWh = Math.Max(0, BatteryWh - (powerW * stepS / 3600));
    }

    private void Pump(in Actuation done, double stepS)
    {
        if (done.Water)
        {
            IsPumpFrozen |= world.Settings.Weather.TemperatureC < 0;
            WaterL = IsPumpFrozen ? WaterL : Math.Max(0, WaterL - (model.WaterLPerMin / 60 * stepS));
        }
    }

    private void Broom(bool isDown, in KerbAt kerb, double rolledM, double suction, ref double current, ref double taken)
    {
        if (!isDown)
        {
            return;
        }

        var dirt = kerb.Arc >= 0 ? world.Ground.Dirt(kerb.Arc, kerb.Side, kerb.AlongM) : SweptDirt;
        // The metre that it is just taking is as dirty as it was when it came there.
        dirt = kerb.Arc == takenArc && Math.Abs(kerb.AlongM - takenAtM) < 1 ? takenDirt : dirt;
        current += FreeA + GroundA + (DirtA * dirt / 2) + (kerb.GapM < 0.03 ? KerbA : 0);
        MeetThings(kerb.X, kerb.Y, suction, ref taken);
        if (IsBlocked || rolledM <= 0 || IsFull || !(suction > 0.05) || !(kerb.GapM < SweepsWithinM))
        {
            return;
        }

        var before = world.Ground.Dirt(kerb.Arc, kerb.Side, kerb.AlongM);
        if (world.Ground.Sweep(kerb.Arc, kerb.Side, kerb.AlongM, Math.Max(0, kerb.GapM)))
        {
            (takenArc, takenAtM, takenDirt) = (kerb.Arc, kerb.AlongM, before);
            taken += model.SweepingsM3PerKm / 1000 * before * Math.Min(1, 0.5 + suction);
        }
    }

    /// <summary>Branches and boxes block the broom until it has been up for three seconds; leaves are taken in.</summary>
    private void MeetThings(double x, double y, double suction, ref double taken)
    {
        var count = world.NearMoving(x, y, 4, near);
        for (var k = 0; k < count; k++)
        {
            ref var agent = ref world.At(near[k]);
            if (agent.Kind is not (AgentKind.LeafPile or AgentKind.Branch or AgentKind.Box) || agent.IsAway || agent.Box.DistanceTo(x, y) > 0.35)
            {
                continue;
            }

            if (agent.Kind != AgentKind.LeafPile)
            {
                IsBlocked = true;
            }
            else if (suction > 0.3 && !IsFull)
            {
                agent.IsAway = true;
                taken += LeavesM3;
            }
        }
    }
}

/// <summary>The kerb beside a broom.</summary>
/// <param name="X">Place of the broom's outer edge; so <paramref name="Y"/>.</param>
/// <param name="GapM">From there to the line of the kerb, negative beyond it; NaN where none is.</param>
internal readonly record struct KerbAt(double X, double Y, int Arc, KerbSide Side, double AlongM, double GapM);
